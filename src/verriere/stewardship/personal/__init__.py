"""Personal data: what is kept of a person and why, a copy of it, and its erasure."""
