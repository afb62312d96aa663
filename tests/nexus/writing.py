"""Files of NeXus written by hand, and what is read of them, for the tests of this room."""

from typing import Any

import h5py

from verriere.model import Basis, Capture


def entry_of(file: h5py.File) -> h5py.Group:
    """The entry of a file, made here."""
    return group(file, "entry", "NXentry")


def group(parent: h5py.Group, path: str, nx_class: str, /, **attrs: Any) -> h5py.Group:
    made = parent.create_group(path)
    made.attrs["NX_class"] = nx_class
    made.attrs.update(attrs)
    return made


def put(parent: h5py.Group, name: str, value: Any, units: str | bytes | None = None, **attrs: Any) -> h5py.Dataset:
    made = parent.create_dataset(name, data=value)
    if units is not None:
        made.attrs["units"] = units
    made.attrs.update(attrs)
    return made


def said(found: Capture) -> dict[str, Any]:
    """The fields of a capture as plain values."""
    names = ("title", "start_time", "end_time", "instrument", "facility", "sample", "experiment_identifier")
    read = {name: getattr(found, name) for name in names}
    fields = {name: value.value for name, value in read.items() if value is not None}
    for name in ("energy", "wavelength"):
        value = getattr(found, name)
        if value is not None and value.basis is Basis.STATED:
            fields[name] = (value.value, value.unit)
    return fields
