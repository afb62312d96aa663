"""Plans as others read them."""

import json
from collections.abc import Callable, Mapping

from verriere.stewardship.dmp import opidor, wizard
from verriere.stewardship.dmp.standard import Json

FORMS: Mapping[str, Callable[[Mapping[str, Json]], Mapping[str, Json]]] = {
    "madmp": lambda document: document,
    "opidor": opidor.from_madmp,
    "dsw": wizard.from_madmp,
}
"""What a plan can be exported as."""


def export(document: Mapping[str, Json], form: str) -> bytes:
    """A maDMP as JSON in one of `FORMS`."""
    return json.dumps(FORMS[form](document), indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def left_out(document: Mapping[str, Json], form: str) -> tuple[str, ...]:
    """JSON pointers of what a form has no place for."""
    return opidor.left_out(document) if form == "opidor" else ()
