"""From files to the catalogue, as a durable workflow."""
