"""Formats that are not HDF5: read as captures, drawn, and converted to NeXus without losing a field of their headers."""
