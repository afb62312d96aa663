"""Reading: what an HDF5 file says of itself, lazily, safely and within limits."""

from verriere.nexus.capture import capture, capture_tree
from verriere.nexus.limits import Limits
from verriere.nexus.opening import open_safely
from verriere.nexus.walk import Link, Node, NotReadable, Tree

__all__ = ["Limits", "Link", "Node", "NotReadable", "Tree", "capture", "capture_tree", "open_safely"]
