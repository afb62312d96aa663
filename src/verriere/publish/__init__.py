"""Publishing: DOIs, what a landing page says, and that same record in every format and protocol machines ask for.

`landing` is the one description that everything is written from; `describe` makes it from the catalogue at the level
that anonymous readers have; each module of `formats` writes it in one standard; `registrar` keeps DOIs.
"""
