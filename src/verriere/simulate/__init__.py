"""Files as beamlines write them, for demonstrations and tests."""
