"""Searching as the PaNOSC search API asks: conditions on properties, and on what a dataset is related to.

`tree` is the question, `compile` makes SQL of it for what everybody may know, `find` runs it.
"""

from verriere.catalogue.federated.find import Found, Question
from verriere.catalogue.federated.tree import And, Leaf, Node, Or, Related

__all__ = ["And", "Found", "Leaf", "Node", "Or", "Question", "Related"]
