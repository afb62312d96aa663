"""Keeping bytes: OCFL objects, digests in one read, repair."""
