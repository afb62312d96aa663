"""Making staged bytes a version of an object, so that only moving it in is left to do."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from verriere.archive import disk, inventory, layout, manifest, staging
from verriere.archive.deposit import Deposit, Receipt, Sidecar
from verriere.archive.inventory import CONTENT, Inventory
from verriere.archive.manifest import Stored
from verriere.archive.reader import RECORD, Reader, no_object

BYTES = f"version/{CONTENT}/{manifest.DATA}".rstrip("/")
"""Where, in the staging folder of a deposit, the bytes of its files are brought."""


def prepare(reader: Reader, deposit: Deposit, gathered: tuple[Stored, ...] | None, folder: Path) -> Receipt:
    """Complete the staged version of an object, which is locked.

    Parameters
    ----------
    gathered
        Files that the deposit brings; None where they stay as they are.
    folder
        Staging folder of the deposit.

    Returns
    -------
    Receipt
        What the archive will hold; with ``changed`` False there is nothing to move in.

    Raises
    ------
    NotFound
        Files that are to stay as they are, of an object that does not exist.
    """
    held = reader.held(deposit.object_id)
    if gathered is None and not held.head:
        raise no_object(deposit.object_id)
    before = {file.name: file for file in reader.files_in(held)}
    files = tuple(before.values()) if gathered is None else tuple(_settled(file, before) for file in gathered)
    same = bool(held.head) and {file.name: file for file in files} == before
    if same:
        receipt = Receipt(deposit.object_id, held.head, files, changed=False, data_changed=False)
        if _text(deposit.sidecar, receipt) == reader.read(held, RECORD):
            return receipt
    receipt = Receipt(deposit.object_id, held.head + 1, files, changed=True, data_changed=not same)
    texts = {RECORD: _text(deposit.sidecar, receipt)}
    if files:
        texts[manifest.LOGICAL_PATH] = manifest.encode(files)
    state = {logical: sha256(text).hexdigest() for logical, text in texts.items()}
    state |= {file.logical_path: file.sha256 for file in files if file.location is None}
    grown, fresh = held.grown(state, created=deposit.created or datetime.now(UTC), message=deposit.message)
    _write_content(folder / "version" / CONTENT, texts, fresh)
    _write_inventories(folder, grown)
    return receipt


def _settled(file: Stored, before: Mapping[str, Stored]) -> Stored:
    """The row of a file that is kept already: only its time differs, or it is now left in place as well."""
    kept = before.get(file.name)
    if kept is not None and kept.sha256 == file.sha256 and kept.location in (None, file.location):
        return kept
    return file


def _write_content(content: Path, texts: Mapping[str, bytes], fresh: set[str]) -> None:
    """Leave exactly the logical paths ``fresh`` in the content folder; the bytes of the files are there already."""
    brought = sorted(content.rglob("*")) if content.exists() else []
    spare = [path for path in brought if path.is_file() and str(path.relative_to(content)) not in fresh]
    for path in spare:
        path.unlink()  # an earlier version, or another file of this one, holds the same bytes
    if spare or not any(logical.startswith(manifest.DATA) for logical in fresh):
        disk.drop_empty([path for path in brought if path.is_dir()])
    for logical, text in texts.items():
        if logical in fresh:
            content.mkdir(parents=True, exist_ok=True)
            disk.write_new(content / logical, text)
    if not fresh:
        disk.drop_empty([content])


def _write_inventories(folder: Path, grown: Inventory) -> None:
    version = folder / "version"
    version.mkdir(parents=True, exist_ok=True)
    root, named = folder, folder / f"v{grown.head}"
    if grown.head == 1:
        root = folder / staging.OBJECT
        root.mkdir()
        disk.write_new(root / layout.OBJECT_DECLARATION, layout.OBJECT_DECLARATION_TEXT)
        named = root / "v1"
    text, line = grown.encode()
    for place in (version, root):
        disk.write_new(place / inventory.FILE_NAME, text)
        disk.write_new(place / inventory.DIGEST_NAME, line)
    version.rename(named)


def _text(sidecar: Sidecar, receipt: Receipt) -> bytes:
    return sidecar if isinstance(sidecar, bytes) else sidecar(receipt)
