"""The facts of the page about the archive's health."""

from dataclasses import dataclass

from verriere.facility import Facility
from verriere.serve.caller import Caller
from verriere.stewardship import audit
from verriere.wording import describe

MOST = 200


@dataclass(frozen=True, slots=True)
class Damaged:
    """An object that is not whole: what is wrong, and what to do; without an address it has no page."""

    title: str
    url: str
    since: str
    findings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeepingPage:
    """What ``keeping.html`` shows.

    Parameters
    ----------
    read
        How far the reading is, in a sentence; ``late`` says what it owes, ``copy`` what becomes of damage.
    more
        How many are damaged beside those that are shown.
    """

    read: str
    late: str
    copy: str
    damaged: tuple[Damaged, ...]
    more: str


def keeping_page(caller: Caller, facility: Facility) -> KeepingPage:
    """How the archive is."""
    words, seen, found = caller.words, audit.coverage(facility), facility.catalogue.damaged()
    days = facility.settings.archive.audit_days
    _ = words.gettext
    read = words.ngettext(
        "%(read)s of %(num)s object was read again and compared with its digests.",
        "%(read)s of %(num)s objects were read again and compared with their digests.",
        seen.objects,
        read=seen.read,
    )
    late = ""
    if seen.late:
        late = words.ngettext(
            "%(num)s object was not read for more than %(days)s days.",
            "%(num)s objects were not read for more than %(days)s days.",
            seen.late,
            days=days,
        )
    if audit.second_copy(facility) is not None:
        copy = _("What is damaged is mended from the second copy by itself.")
    else:
        copy = _("The settings name no second copy: what is damaged has to be mended by a person.")
    rows = tuple(
        Damaged(
            each.object_id,
            "" if ":" in each.object_id else caller.urls.dataset(each.object_id),
            words.moment(each.verified_at) if each.verified_at else "",
            tuple((said.text, said.fix) for said in (describe(f, words.language) for f in each.findings)),
        )
        for each in found[:MOST]
    )
    rest = len(found) - len(rows)
    more = words.ngettext("%(num)s more is damaged.", "%(num)s more are damaged.", rest) if rest else ""
    return KeepingPage(read, late, copy, rows, more)
