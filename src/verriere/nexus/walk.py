"""A lazy, bounded and safe look at an HDF5 file: what is in it, without reading its data and without leaving it.

`Tree.scan` visits every group and dataset once, breadth first, with its attributes, through h5py's low level, which
does it in about half the time of the high level. It opens objects by hard links only: soft links are resolved by
`verriere.nexus.links` among the nodes found, and external links, virtual datasets and external raw storage lead to
other files only where those are part of the same dataset.
"""

import math
import os
import time
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from h5py import h5a, h5d, h5f, h5g, h5l, h5o, h5p, h5s, h5t, string_dtype

from verriere.model import Finding
from verriere.nexus.limits import Limits
from verriere.nexus.text import decode, show_name
from verriere.wording import finding

Value = str | int | float | bool | list[Any]
"""What an attribute holds, as Python has it; arrays of one are that one."""

_VARIABLE_TEXTS = {
    h5t.CSET_ASCII: h5t.py_create(string_dtype("ascii")),
    h5t.CSET_UTF8: h5t.py_create(string_dtype("utf-8")),
}
_READABLE = {h5t.INTEGER, h5t.FLOAT, h5t.STRING, h5t.ENUM}


class NotReadable(Exception):
    """A value cannot be read: its file is absent or refused, its bytes are damaged, or there are too many."""


@dataclass(frozen=True, slots=True)
class Kind:
    """An HDF5 type as far as it matters here.

    ``dtype`` is None where numpy has none that we read (compounds, references, variable-length arrays).
    """

    dtype: "np.dtype[Any] | None"
    memory: Any
    size: int
    is_text: bool
    is_number: bool
    is_variable: bool


@dataclass(slots=True, eq=False)
class Node:
    """A group, a dataset or a link that leads nowhere.

    Attributes
    ----------
    path
        Absolute, with control characters shown as escapes; the shortest of those that lead here.
    attrs
        Decoded; arrays of one element are that element.
    nx_class
        As written; "" where there is none.
    shape
        None where there is no data: groups, broken links, datasets of an empty data space.
    target
        The node itself where this one is another name of it (soft, external or second hard link).
    """

    tree: "Tree"
    path: str
    name: str
    kind: Literal["group", "dataset", "broken"]
    parent: "Node | None" = None
    attrs: dict[str, Value] = field(default_factory=dict)
    nx_class: str = ""
    shape: tuple[int, ...] | None = None
    type: Kind | None = None
    children: dict[str, "Node"] = field(default_factory=dict)
    target: "Node | None" = None
    raw: bytes = b""
    id: Any = None
    elsewhere: str | None = None
    role: str = ""

    @property
    def is_group(self) -> bool:
        """Whether other nodes can be in it."""
        return self.kind == "group"

    @property
    def is_dataset(self) -> bool:
        """Whether it holds values."""
        return self.kind == "dataset"

    @property
    def is_text(self) -> bool:
        """Whether it is a dataset of texts."""
        return self.type is not None and self.type.is_text

    @property
    def is_number(self) -> bool:
        """Whether it is a dataset of numbers."""
        return self.type is not None and self.type.is_number

    @property
    def size(self) -> int:
        """Number of values, as declared."""
        return math.prod(self.shape) if self.shape is not None else 0

    @property
    def ndim(self) -> int:
        """Number of dimensions that hold more than one value."""
        return sum(1 for length in self.shape or () if length != 1)

    @property
    def dtype(self) -> str:
        """Type of the values as numpy names it; ``str`` for texts, ``object`` for what is not read."""
        if self.type is None or self.type.dtype is None:
            return "object"
        return "str" if self.type.is_text else self.type.dtype.name

    def text_of(self, name: str) -> str:
        """An attribute as one text, "" where it is absent; several texts are joined with ``:``."""
        value = self.attrs.get(name, "")
        if isinstance(value, list):
            return ":".join(str(part) for part in value)
        return str(value)

    def child(self, name: str) -> "Node | None":
        """What a link of this group leads to."""
        return self.children.get(name)

    def of_class(self, *classes: str) -> Iterator["Node"]:
        """Groups directly in this one of one of these NeXus classes, in any mix of cases."""
        wanted = {name.casefold() for name in classes}
        return (node for node in self.children.values() if node.nx_class.casefold() in wanted)


@dataclass(frozen=True, slots=True)
class Link:
    """A way out of an object: a soft or external link, a virtual source or external raw storage.

    ``state``: ``whole``, ``broken`` (the target is absent), ``refused`` (outside the dataset), ``unresolved``.
    """

    path: str
    kind: Literal["soft", "external", "virtual", "storage"]
    file: str
    target: str
    state: Literal["whole", "broken", "refused"]


class Tree:
    """One HDF5 file that is open, and all that was found in it.

    Attributes
    ----------
    root
        The root group.
    nodes
        Every group and dataset once, shallow before deep, each level by name.
    links
        Every link that is not a hard one, with what became of it.
    pending
        Links that are not hard, until `verriere.nexus.links` resolves them: the group, the name and the kind.
    findings
        What the walk itself found: limits reached, broken and refused links, objects that cannot be opened.
    """

    def __init__(self, path: Path, file: Any, *, limits: Limits, allowed: Collection[Path], name: str = "") -> None:
        self.path = path
        self.name = name or path.name
        self.file = file
        self.limits = limits
        self.allowed = frozenset(allowed)
        self.size = path.stat().st_size
        self.deadline = time.monotonic() + limits.seconds
        self.root = Node(self, "/", "", "group")
        self.nodes: list[Node] = []
        self.links: list[Link] = []
        self.findings: list[Finding] = []
        self.pending: list[tuple[Node, bytes, int]] = []
        self.others: dict[Path, Tree | None] = {}
        self._kinds: dict[bytes, Kind] = {}
        self._reported: set[str] = set()

    def get(self, path: str, base: Node | None = None) -> Node | None:
        """The node at a path, absolute or from ``base``; None where there is none."""
        node: Node | None = self.root if path.startswith("/") or base is None else base
        for part in path.split("/"):
            if node is None:
                return None
            if part not in {"", "."}:
                node = node.children.get(part) or node.children.get(show_name(part.encode("utf-8", "replace")))
        return node

    def note(self, code: str, where: str = "", **details: object) -> None:
        """Add a finding, once for each code and place."""
        key = f"{code} {where}"
        if key not in self._reported:
            self._reported.add(key)
            self.findings.append(finding(code, where, file=self.name, **details))

    @property
    def is_late(self) -> bool:
        """Whether the time for this file is used up."""
        return time.monotonic() > self.deadline

    def close(self) -> None:
        """Close the file and those that its links led to."""
        for other in self.others.values():
            if other is not None:
                for node in other.nodes:
                    node.id = None  # the file stays open as long as anything in it is
                other.file.close()
        self.file.close()

    def scan(self) -> None:
        """Visit everything that hard links lead to."""
        try:
            self.root.id = h5g.open(self.file, b"/")
            seen = {h5o.get_info(self.root.id).addr: self.root}
            self._describe(self.root)
        except (RuntimeError, OSError, KeyError, ValueError) as error:
            raise NotReadable(reason(error)) from None
        self.nodes.append(self.root)
        waiting: deque[tuple[Node, int]] = deque([(self.root, 0)])
        while waiting:
            group, depth = waiting.popleft()
            if depth >= self.limits.depth:
                self.note("too-deep", group.path, limit=self.limits.depth)
                continue
            prefix = "" if group.path == "/" else group.path
            for raw, kind, address in self._links_of(group):
                if kind != h5l.TYPE_HARD:
                    self.pending.append((group, raw, kind))
                    continue
                name = show_name(raw)
                first = seen.get(address)
                if first is not None:
                    group.children[name] = alias(first, f"{prefix}/{name}", name, group)
                    continue
                if len(self.nodes) >= self.limits.nodes or self.is_late:
                    self.note("too-many-objects", visited=len(self.nodes))
                    return
                node = self._open(group, raw, name, f"{prefix}/{name}")
                group.children[name] = seen[address] = node
                self.nodes.append(node)
                if node.kind == "group":
                    waiting.append((node, depth + 1))

    def _links_of(self, group: Node) -> list[tuple[bytes, int, int]]:
        found: list[tuple[bytes, int, int]] = []
        most = self.limits.links

        def take(raw: bytes, info: Any) -> bool | None:
            found.append((raw, info.type, info.u))
            return True if len(found) >= most else None

        try:
            group.id.links.iterate(take, info=True)
        except (RuntimeError, OSError, KeyError, ValueError) as error:
            self.note("unreadable-group", group.path, reason=reason(error))
        if len(found) >= most:
            self.note("too-many-objects", group.path, visited=most)
        return found

    def _open(self, group: Node, raw: bytes, name: str, path: str) -> Node:
        node = Node(self, path, name, "broken", group, raw=raw)
        if b"/" in raw:  # only a crafted file has it; opening would follow it as a path, through any link
            self.note("unreadable-object", path, reason="the name holds a slash")
            return node
        try:
            node.id = h5o.open(group.id, raw)
            if isinstance(node.id, h5g.GroupID):
                node.kind = "group"
            elif isinstance(node.id, h5d.DatasetID):
                node.type = self.kind_of(node.id.get_type())
                node.shape = _shape(node.id)
                node.kind = "dataset"
            else:
                return node
            self._describe(node)
        except (RuntimeError, OSError, KeyError, ValueError, TypeError) as error:
            self.note("unreadable-object", path, reason=reason(error))
        return node

    def _describe(self, node: Node) -> None:
        count = h5a.get_num_attrs(node.id)
        if count > self.limits.attributes:
            self.note("too-many-attributes", node.path, count=count, limit=self.limits.attributes)
            count = self.limits.attributes
        for index in range(count):
            try:
                attribute = h5a.open(node.id, index=index)
                value = self._attribute(attribute, node)
            except (RuntimeError, OSError, KeyError, ValueError, TypeError) as error:
                self.note("unreadable-attribute", node.path, reason=reason(error))
                continue
            if value is not None:
                node.attrs[show_name(attribute.get_name())] = value
        found = node.attrs.get("NX_class")
        if isinstance(found, str):
            node.nx_class = found

    def _attribute(self, attribute: Any, node: Node) -> Value | None:
        kind = self.kind_of(attribute.get_type())
        try:
            stored = attribute.get_storage_size()
        except RuntimeError:  # an empty array has no storage, which h5py takes for a failure
            return None
        if kind.dtype is None or stored == 0:
            return None
        if stored > self.limits.text:
            self.note("long-text", f"{node.path}@{decode(attribute.get_name())}", size=stored, limit=self.limits.text)
            return None
        shape = () if stored == kind.size else attribute.shape
        values = np.empty(shape, kind.dtype)
        attribute.read(values, kind.memory)
        if not kind.is_text:
            return values.item() if values.size == 1 else values.tolist()  # type: ignore[no-any-return]
        texts = [self._cut(text) for text in values.ravel().tolist()]
        return texts[0] if len(texts) == 1 else texts

    def _cut(self, raw: bytes | str) -> str:
        text = decode(raw[: self.limits.text]) if isinstance(raw, bytes) else raw[: self.limits.text]
        return text.rstrip("\x00 ")

    def kind_of(self, type_id: Any) -> Kind:
        """What we make of an HDF5 type; remembered by its encoding, since a file has few types and many objects."""
        key = type_id.encode()
        kind = self._kinds.get(key)
        if kind is None:
            kind = self._kinds[key] = _kind(type_id)
        return kind


def alias(node: Node, path: str, name: str, parent: Node) -> Node:
    """The same object under another name: it shares what is in it."""
    node = node.target or node
    return Node(
        node.tree, path, name, node.kind, parent, node.attrs, node.nx_class, node.shape, node.type, node.children, node
    )


def scan_file(path: Path, *, allowed: Collection[Path], limits: Limits, name: str = "", shared: bool = False) -> Tree:
    """Open a file and visit everything that hard links lead to; `verriere.nexus.open_safely` is for everyone else.

    ``shared``: HDF5 opens the file too, for a virtual dataset, which it can only if ours does not close it for all.
    """
    access = h5p.create(h5p.FILE_ACCESS)
    access.set_fclose_degree(h5f.CLOSE_WEAK if shared else h5f.CLOSE_STRONG)
    access.set_file_locking(False, True)
    try:
        file = h5f.open(os.fsencode(path), h5f.ACC_RDONLY, access)
    except OSError as error:
        raise NotReadable(reason(error)) from None
    tree = Tree(path, file, limits=limits, allowed={item.resolve() for item in allowed} | {path.resolve()}, name=name)
    try:
        tree.scan()
    except BaseException:
        tree.close()
        raise
    return tree


def reason(error: BaseException) -> str:
    """What HDF5 says, without its call and the paths of this machine."""
    text = str(error.args[0]) if error.args else str(error)
    inner = text[text.find("(") + 1 : text.rfind(")")] if "(" in text and text.endswith(")") else text
    return " ".join(inner.split())[:200]


def _shape(dataset: Any) -> tuple[int, ...] | None:
    space = dataset.get_space()
    if space.get_simple_extent_type() == h5s.NULL:
        return None
    return tuple(space.shape)


def _kind(type_id: Any) -> Kind:
    group = type_id.get_class()
    size = type_id.get_size()
    if group not in _READABLE:
        return Kind(None, None, size, is_text=False, is_number=False, is_variable=group == h5t.VLEN)
    if group == h5t.STRING:
        # HDF5 does not convert between character sets: the type in memory has the set of the file.
        if type_id.is_variable_str():
            memory = _VARIABLE_TEXTS[type_id.get_cset()]
            return Kind(np.dtype(object), memory, size, is_text=True, is_number=False, is_variable=True)
        return Kind(np.dtype(f"S{size}"), type_id.copy(), size, is_text=True, is_number=False, is_variable=False)
    try:
        dtype: np.dtype[Any] = np.dtype(type_id.dtype)
    except (TypeError, ValueError):  # a type that numpy does not have
        return Kind(None, None, size, is_text=False, is_number=False, is_variable=False)
    return Kind(dtype, h5t.py_create(dtype), size, is_text=False, is_number=dtype.kind in "iufb", is_variable=False)
