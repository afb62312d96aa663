"""Remembering: tables, search, facets, history."""
