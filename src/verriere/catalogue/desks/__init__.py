"""What can be asked of a catalogue, by subject; `verriere.catalogue.Catalogue` is all of them together."""
