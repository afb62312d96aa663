"""The search language: parsed with positions, written in one normal form, compiled for each level of access.

``silver silv* "silver behenate" -calibration (saxs or waxs)`` are words, beginnings, phrases, negation, alternatives;
``beamline:SWING technique:SAXS energy:>12keV wavelength:0.9..1.1Å after:2024-01`` are fields. Case and accents do not
matter, units are converted.
"""

from verriere.catalogue.query.parse import parse
from verriere.catalogue.query.tree import Node, normal, write

__all__ = ["Node", "normal", "parse", "write"]
