"""Formats that are not HDF5: captured, drawn, and converted to NeXus without losing a field of their headers."""
