"""What a walk finds: groups, datasets and links, as light objects that know where they are."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from verriere.nexus.walk import Tree

Value = str | int | float | bool | list[Any]
"""What an attribute holds, as Python has it; arrays of one are that one."""


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


def alias(node: Node, path: str, name: str, parent: Node) -> Node:
    """The same object under another name: it shares what is in it."""
    node = node.target or node
    return Node(
        node.tree, path, name, node.kind, parent, node.attrs, node.nx_class, node.shape, node.type, node.children, node
    )


def reason(error: BaseException) -> str:
    """What HDF5 says, without its call and the paths of this machine."""
    text = str(error.args[0]) if error.args else str(error)
    inner = text[text.find("(") + 1 : text.rfind(")")] if "(" in text and text.endswith(")") else text
    return " ".join(inner.split())[:200]
