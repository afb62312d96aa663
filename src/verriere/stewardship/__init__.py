"""The facility's year: embargoes that end by themselves."""
