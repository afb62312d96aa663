"""Bytes: downloads of files."""
