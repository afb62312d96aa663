"""The composition root: opens a facility's database and archive from its settings, and hands them out."""
