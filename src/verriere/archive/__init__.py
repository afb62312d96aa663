"""Keeping bytes: OCFL objects, digests in one read, repair."""

from verriere.archive.deposit import Deposit, Receipt, Refused, Source
from verriere.archive.digest import Progress
from verriere.archive.manifest import Stored
from verriere.archive.store import Archive

__all__ = ["Archive", "Deposit", "Progress", "Receipt", "Refused", "Source", "Stored"]
