"""A lazy, bounded and safe look at an HDF5 file: what is in it, without reading its data and without leaving it.

`Tree.scan` visits every group and dataset once, breadth first, with its attributes, through h5py's low level, which
does it in about half the time of the high level. It opens objects by hard links only: soft links are resolved by
`verriere.nexus.links` among the nodes found, and external links, virtual datasets and external raw storage lead to
other files only where those are part of the same dataset.
"""

import os
import time
from collections import deque
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from h5py import h5a, h5d, h5f, h5g, h5l, h5o, h5p, h5s, h5t, string_dtype

from verriere.model import Finding
from verriere.nexus.limits import Limits
from verriere.nexus.node import Kind, Link, Node, NotReadable, Value, alias, reason
from verriere.nexus.text import decode, show_name
from verriere.wording import finding

__all__ = ["Kind", "Link", "Node", "NotReadable", "Tree", "Value", "alias", "reason", "scan_file"]

_VARIABLE_TEXTS = {
    h5t.CSET_ASCII: h5t.py_create(string_dtype("ascii")),
    h5t.CSET_UTF8: h5t.py_create(string_dtype("utf-8")),
}
_READABLE = {h5t.INTEGER, h5t.FLOAT, h5t.STRING, h5t.ENUM}


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
