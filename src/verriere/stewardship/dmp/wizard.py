"""A maDMP as the Data Stewardship Wizard takes it.

The Wizard's importer (plugin ``madmp-importer``) follows version 1.1 of the standard and a little beyond: one
identifier a person and a standard, each contributor with an identifier and with roles of the Wizard's own list, the
funder's name and the licence's name beside their identifiers. What it does not know, it passes over.
"""

import re
from collections.abc import Mapping
from copy import deepcopy

from verriere.stewardship.dmp.standard import Json

ROLES = {
    "principal-investigator": "project leader",
    "co-proposer": "project member",
    "experimenter": "data collector",
    "local-contact": "data steward",
}
"""Ours, in the Wizard's words."""

_ONE = ("contact_id", "contributor_id", "creator_id", "metadata_standard_id")
_LICENCES = re.compile(r"creativecommons\.org/licenses/(?P<kind>[a-z-]+)/(?P<version>[0-9.]+)")
_UNKNOWN = {"identifier": "", "type": "other"}


def from_madmp(document: Mapping[str, Json]) -> dict[str, Json]:
    """The same plan, in the forms that the Wizard reads; nothing is taken out of it."""
    made = with_one_identifier({key: value for key, value in document.items() if key != "$schema"})
    plan = made.get("dmp")
    if not isinstance(plan, dict):
        return made
    for person in _objects(plan.get("contributor")):
        person.setdefault("contributor_id", dict(_UNKNOWN))
        if isinstance(roles := person.get("role"), list):
            person["role"] = [ROLES.get(role, role) if isinstance(role, str) else role for role in roles]
    for dataset in _objects(plan.get("dataset")):
        dataset.setdefault("dataset_id", dict(_UNKNOWN))
        for distribution in _objects(dataset.get("distribution")):
            for licence in _objects(distribution.get("license")):
                _name_licence(licence)
    if isinstance(contact := plan.get("contact"), dict) and contact:
        contact.setdefault("contact_id", dict(_UNKNOWN))
    return made


def with_one_identifier(document: Mapping[str, Json]) -> dict[str, Json]:
    """The same document, with the first where the standard allows several identifiers of a person or a standard."""
    made = deepcopy(dict(document))
    _first_identifiers(made)
    return made


def _first_identifiers(value: Json) -> None:
    if isinstance(value, dict):
        for key in _ONE:
            if isinstance(several := value.get(key), list):
                value[key] = several[0] if several else dict(_UNKNOWN)
        for part in value.values():
            _first_identifiers(part)
    elif isinstance(value, list):
        for part in value:
            _first_identifiers(part)


def _name_licence(licence: dict[str, Json]) -> None:
    """The Wizard looks for ``cc-by`` or ``publicdomain`` in name and address."""
    address = licence.get("license_ref")
    if isinstance(address, str) and (found := _LICENCES.search(address)):
        licence.setdefault("license_name", f"cc-{found['kind']}-{found['version']}")


def _objects(value: Json) -> list[dict[str, Json]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
