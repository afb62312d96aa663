"""Shipped helpers for tests: files, a frozen clock, a real server."""

from verriere.testing.clock import FrozenClock
from verriere.testing.server import LiveServer

__all__ = ["FrozenClock", "LiveServer"]
