"""The facts of each page: frozen dataclasses, made by small functions, so that templates need not think."""
