"""Remembering: tables, search, facets, history."""

from verriere.catalogue.facade import Catalogue, drop, upgrade
from verriere.catalogue.facets import Facet, Term
from verriere.catalogue.history import Entry
from verriere.catalogue.search import SORTS, Hit, Page, Sort
from verriere.catalogue.suggest import Advice, Unknown

__all__ = [
    "SORTS",
    "Advice",
    "Catalogue",
    "Entry",
    "Facet",
    "Hit",
    "Page",
    "Sort",
    "Term",
    "Unknown",
    "drop",
    "upgrade",
]
