"""Shipped helpers for tests: facilities with data in them, a frozen clock, the real portal and the real command."""

from verriere.testing.clock import FrozenClock
from verriere.testing.server import LiveServer

__all__ = ["FrozenClock", "LiveServer"]
