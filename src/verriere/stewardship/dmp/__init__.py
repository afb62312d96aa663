"""Data management plans: read, checked, made from what is known, compared with what was recorded, exchanged."""
