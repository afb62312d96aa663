"""Shipped helpers for tests: files, a frozen clock, a real server."""
