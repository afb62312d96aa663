"""Small steps of writing NeXus, in the two hands that beamlines write it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import h5py
import numpy as np

Value = str | float | int | list[str] | np.ndarray[Any, Any]

HC = 12.398419843320026
"""Planck constant times speed of light [keV Å] (exact in the SI of 2019)."""

COMPRESSED: Mapping[str, object] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
"""How beamlines of these examples compress images; every HDF5 library can read it."""


def group(parent: h5py.Group, path: str, nx_class: str, **attributes: Value) -> h5py.Group:
    """Make a group of a NeXus class below ``parent``."""
    made = parent.create_group(path)
    made.attrs["NX_class"] = nx_class
    for name, value in attributes.items():
        made.attrs[name] = value
    return made


def field(parent: h5py.Group, name: str, value: Value, units: str | None = None, **attributes: Value) -> h5py.Dataset:
    """Write a field as NeXus libraries of today do: UTF-8 strings and plain scalars."""
    made = parent.create_dataset(name, data=value)
    if units is not None:
        made.attrs["units"] = units
    for key, written in attributes.items():
        made.attrs[key] = written
    return made


def old_field(
    parent: h5py.Group, name: str, value: Value, units: str | None = None, **attributes: Value
) -> h5py.Dataset:
    """Write a field as SOLEIL's recorder does: arrays of one element, strings of fixed length."""
    data = np.array([value.encode()]) if isinstance(value, str) else np.atleast_1d(np.asarray(value))
    made = parent.create_dataset(name, data=data)
    if units is not None:
        attributes["units"] = units
    for key, written in attributes.items():
        made.attrs[key] = np.bytes_(written.encode()) if isinstance(written, str) else written
    return made


def iso(moment: datetime) -> str:
    """A time as files have it: ISO 8601 to the millisecond with its offset."""
    return moment.isoformat(timespec="milliseconds")


def after(moment: datetime, seconds: float) -> datetime:
    """The time so many seconds later."""
    return moment + timedelta(seconds=seconds)
