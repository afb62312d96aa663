"""Which technique a file is about, in the terms of PaNET."""
