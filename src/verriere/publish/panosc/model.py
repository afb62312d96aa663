"""The specification's model: what each thing has, and what it is related to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """Of a property's values."""

    TEXT = auto()
    WORDS = auto()
    """A text that is compared by its words, as the catalogue's index has it."""
    NAME = auto()
    """Of a parameter: ``Photon Energy`` and ``photon_energy`` are the same."""
    UNIT = auto()
    NUMBER = auto()
    DATE = auto()
    FLAG = auto()
    MEASURED = auto()
    """A number, or a text that is compared by its words."""


@dataclass(frozen=True, slots=True)
class Relation:
    """To another model; ``many`` of it or one."""

    model: str
    many: bool = True


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of thing.

    Parameters
    ----------
    texts
        The properties that the operator ``text`` looks into.
    """

    properties: Mapping[str, Kind]
    relations: Mapping[str, Relation]
    texts: tuple[str, ...] = ()


_TEXT = Kind.TEXT

MODELS: Mapping[str, Model] = {
    "Dataset": Model(
        {
            "pid": _TEXT,
            "title": _TEXT,
            "isPublic": Kind.FLAG,
            "creationDate": Kind.DATE,
            "size": Kind.NUMBER,
            "documentId": _TEXT,
            "instrumentId": _TEXT,
        },
        {
            "documents": Relation("Document"),
            "document": Relation("Document", many=False),
            "instrument": Relation("Instrument", many=False),
            "techniques": Relation("Technique"),
            "parameters": Relation("Parameter"),
            "samples": Relation("Sample"),
            "files": Relation("File"),
        },
        ("title",),
    ),
    "Document": Model(
        {
            "pid": _TEXT,
            "isPublic": Kind.FLAG,
            "type": _TEXT,
            "title": _TEXT,
            "summary": _TEXT,
            "doi": _TEXT,
            "startDate": Kind.DATE,
            "endDate": Kind.DATE,
            "releaseDate": Kind.DATE,
            "license": _TEXT,
            "keywords": _TEXT,
        },
        {"datasets": Relation("Dataset"), "members": Relation("Member"), "parameters": Relation("Parameter")},
        ("title", "summary"),
    ),
    "Instrument": Model(
        {"pid": _TEXT, "name": _TEXT, "facility": _TEXT}, {"datasets": Relation("Dataset")}, ("name", "facility")
    ),
    "Member": Model(
        {"id": _TEXT, "role": _TEXT, "documentId": _TEXT, "personId": _TEXT, "affiliationId": _TEXT},
        {"person": Relation("Person", many=False), "affiliation": Relation("Affiliation", many=False)},
    ),
    "Person": Model(
        {
            "id": _TEXT,
            "fullName": _TEXT,
            "orcid": _TEXT,
            "researcherId": _TEXT,
            "firstName": _TEXT,
            "lastName": _TEXT,
        },
        {},
    ),
    "Affiliation": Model({"id": _TEXT, "name": _TEXT, "address": _TEXT, "city": _TEXT, "country": _TEXT}, {}),
    "Parameter": Model({"name": Kind.NAME, "value": Kind.MEASURED, "unit": Kind.UNIT}, {}),
    "Sample": Model({"pid": _TEXT, "name": Kind.WORDS, "description": _TEXT}, {}, ("name", "description")),
    "Technique": Model({"pid": _TEXT, "name": _TEXT, "panetId": _TEXT}, {}, ("name",)),
    "File": Model({"id": _TEXT, "name": _TEXT, "path": _TEXT, "size": Kind.NUMBER, "datasetId": _TEXT}, {}, ("name",)),
}
