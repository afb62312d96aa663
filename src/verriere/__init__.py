"""Verriere: from the detector's file to open, citable data, for photon and neutron facilities."""

__version__ = "0.1.0"
