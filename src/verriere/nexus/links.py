"""Where links lead: soft and external links, virtual datasets and external raw storage.

HDF5 follows them to any file that the process can read. Here they are resolved by name among the nodes that hard links
lead to, and to another file only where that file is part of the same dataset (``allowed``). Whether a file outside
exists is not looked at: that would tell something about it.
"""

import os
from pathlib import Path
from typing import Any

from h5py import h5d, h5l

from verriere.nexus.text import decode, show_name
from verriere.nexus.walk import Link, Node, NotReadable, Tree, alias, scan_file

_HOPS = 16


def resolve(tree: Tree) -> None:
    """Give every soft and external link of a tree its node, look at virtual datasets, and report what is broken."""
    pending = {
        f"{'' if group.path == '/' else group.path}/{show_name(raw)}": (group, raw, kind)
        for group, raw, kind in tree.pending
    }
    if len(pending) > tree.limits.links:
        tree.note("too-many-objects", visited=tree.limits.links)
    for path in list(pending)[: tree.limits.links]:
        _link(tree, path, pending, _HOPS)
    for node in tree.nodes:
        if node.is_dataset:
            sources_of(node)
    _report(tree)


def sources_of(node: Node) -> str:
    """Why the values of a dataset must not be read through HDF5: "" (they may), ``broken`` or ``refused``.

    A dataset that is contiguous inside its file has an offset and needs no further look. Otherwise the creation
    properties say whether values come from elsewhere.
    """
    node = node.target or node
    if node.elsewhere is None:
        node.elsewhere = _elsewhere(node)
    return node.elsewhere


def _elsewhere(node: Node, hops: int = _HOPS) -> str:
    if node.elsewhere is not None:
        return node.elsewhere
    if node.id is None or node.id.get_offset() is not None:
        return ""
    properties = node.id.get_create_plist()
    layout = properties.get_layout()
    if layout == h5d.VIRTUAL:
        return _virtual(node, properties, hops)
    if layout == h5d.CONTIGUOUS and properties.get_external_count():
        return _storage(node, properties)
    return ""


def _virtual(node: Node, properties: Any, hops: int) -> str:
    tree = node.tree
    node.elsewhere = "refused"  # a virtual dataset that leads to itself, or to too many places
    if properties.get_virtual_count() > tree.limits.links:
        return "refused"
    sources = {
        (decode(_bytes(properties.get_virtual_filename(index))), decode(_bytes(properties.get_virtual_dsetname(index))))
        for index in range(properties.get_virtual_count())
    }
    worst = ""
    for file, target in sorted(sources):
        state: str = "refused"
        if hops and "%b" not in file and "%b" not in target:
            state = _source_state(tree, file, target, hops)
        tree.links.append(Link(node.path, "virtual", file, target, state or "whole"))  # type: ignore[arg-type]
        worst = max(worst, state, key=("", "broken", "refused").index)
    node.elsewhere = None
    return worst


def _source_state(tree: Tree, file: str, target: str, hops: int) -> str:
    other, state = (tree, "") if file == "." else open_other(tree, file)
    if other is None:
        return state
    source = other.get(target if target.startswith("/") else f"/{target}")
    source = source and (source.target or source)
    if source is None or not source.is_dataset:
        return "broken"
    return _elsewhere(source, hops - 1)


def _storage(node: Node, properties: Any) -> str:
    """External raw storage reads any file as numbers: only absolute names of the dataset's own files will do."""
    tree = node.tree
    worst = ""
    for index in range(properties.get_external_count()):
        name = decode(_bytes(properties.get_external(index)[0]))
        inside = Path(name).is_absolute() and _real(Path(name)) in tree.allowed
        state = "" if inside else "refused"
        tree.links.append(Link(node.path, "storage", name, "", "whole" if inside else "refused"))
        worst = worst or state
    return worst


def open_other(tree: Tree, file: str) -> tuple[Tree | None, str]:
    """The file that a link names, if it is part of the dataset; else None and why: ``broken`` or ``refused``.

    Where there is no file at an absolute place, one of the same name beside this file will do: HDF5 looks there too,
    and data are moved with their folder. Never so for a relative place: HDF5, which reads virtual datasets by itself,
    would go on to look for it from the folder that this program happens to run in.
    """
    here = tree.path.parent
    named = here / file
    real = _real(named)
    if real not in tree.allowed and (file.startswith("/") or "/" not in file) and not os.path.lexists(named):
        real = _real(here / Path(file.replace("\\", "/")).name)
    if real in tree.allowed:
        other = _other(tree, real)
        return other, "" if other is not None else "broken"
    inside = _real(named).is_relative_to(_real(here))
    return None, "refused" if not inside or os.path.lexists(named) else "broken"


def _other(tree: Tree, real: Path) -> Tree | None:
    if real == _real(tree.path):
        return tree
    if real not in tree.others:
        tree.others[real] = None
        try:
            other = scan_file(real, allowed=tree.allowed, limits=tree.limits, shared=True)
        except NotReadable:
            return None
        other.others = tree.others  # a file is opened once, however many lead to it
        other.deadline = tree.deadline
        tree.others[real] = other
        for group, raw, kind in other.pending:
            if kind == h5l.TYPE_SOFT:
                path = f"{'' if group.path == '/' else group.path}/{show_name(raw)}"
                _link(other, path, {path: (group, raw, kind)}, _HOPS)
    return tree.others[real]


def _link(tree: Tree, path: str, pending: dict[str, tuple[Node, bytes, int]], hops: int) -> Node | None:
    """Resolve one link, and first those that its own target goes through."""
    group, raw, kind = pending[path]
    name = show_name(raw)
    if name in group.children:
        return group.children[name]
    group.children[name] = node = Node(tree, path, name, "broken", group, raw=raw)
    if kind == h5l.TYPE_SOFT:
        target = decode(_bytes(group.id.links.get_val(raw)))
        found = _follow(tree, target, group, pending, hops)
        tree.links.append(Link(path, "soft", "", target, "whole" if found else "broken"))
    elif kind == h5l.TYPE_EXTERNAL:
        file, target = (decode(_bytes(part)) for part in group.id.links.get_val(raw))
        other, state = open_other(tree, file)
        found = other.get(f"/{target}") if other is not None else None
        if found is not None and found.kind == "broken":
            found = None
        tree.links.append(Link(path, "external", file, target, "whole" if found else state or "broken"))  # type: ignore[arg-type]
    else:
        return node
    if found is not None:
        group.children[name] = node = alias(found, path, name, group)
    return node


def _follow(tree: Tree, target: str, base: Node, pending: dict[str, tuple[Node, bytes, int]], hops: int) -> Node | None:
    node: Node | None = tree.root if target.startswith("/") else base
    for part in (part for part in target.split("/") if part not in {"", "."}):
        if node is None:
            return None
        name = show_name(part.encode("utf-8", "replace"))
        key = f"{'' if node.path == '/' else node.path}/{name}"
        if name not in node.children and key in pending and hops:
            _link(tree, key, pending, hops - 1)
        node = node.children.get(name)
    return None if node is None or node.kind == "broken" else node


def _report(tree: Tree) -> None:
    """One finding for each file that links lead to in vain, and one for each soft link."""
    for link in tree.links:
        if link.kind == "soft" and link.state == "broken":
            tree.note("soft-link-broken", link.path, target=link.target[:300])
    gathered: dict[tuple[str, str], list[Link]] = {}
    for link in tree.links:
        if link.kind != "soft" and link.state != "whole" and link.file != ".":  # ".": its own link is reported
            gathered.setdefault((link.state, link.file), []).append(link)
    for (state, file), links in gathered.items():
        code = "link-refused" if state == "refused" else "link-broken"
        places = ", ".join(sorted({link.path for link in links})[:3])
        tree.note(
            code,
            links[0].path,
            target=show_name(file[:300].encode("utf-8", "replace")),
            count=len(links),
            places=places,
        )


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of symbolic links, a NUL in a name
        return Path("/nonexistent")


def _bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
