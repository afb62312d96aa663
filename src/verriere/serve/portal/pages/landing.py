"""The page of what is only public as it was published: a tombstone, an earlier version, a collection."""

from collections.abc import Iterator

from verriere.model import PidKind
from verriere.publish.landing import Landing, Openness
from verriere.serve.caller import Caller
from verriere.serve.language import Words
from verriere.serve.portal.pages.collections import CollectionPage, Group
from verriere.serve.portal.pages.rows import Fact, Value, technique_label
from verriere.serve.portal.published import kind_name, published
from verriere.serve.portal.sentences import Link


def landing_page(caller: Caller, landing: Landing) -> CollectionPage:
    """All that is public about a thing, from its description alone."""
    words = caller.words
    _ = words.gettext
    files = tuple(Link(file.path, file.url, words.size(file.size)) for file in landing.files)
    parts = tuple(Link(tie.title or tie.identifier, tie.url) for tie in landing.ties if tie.relation == "HasPart")
    groups = [Group(_("Files"), files), Group(_("Datasets"), parts)]
    return CollectionPage(
        kicker=kind_name(words, landing.kind),
        title=landing.title,
        text=" ".join(one.text for one in landing.descriptions if one.language in ("", words.language)),
        crumbs=(Link(_("Data"), caller.urls.search()),),
        facts=tuple(_facts(caller, landing)),
        groups=tuple(group for group in groups if group.links),
        trouble=_trouble(words, landing),
        published=published(caller, landing),
    )


def _trouble(words: Words, landing: Landing) -> str:
    _ = words.gettext
    if landing.withdrawn_at is not None:
        return _("Withdrawn on %(day)s. Reason: %(reason)s", day=words.day(landing.withdrawn_at), reason=landing.reason)
    if any(tie.relation == "IsPreviousVersionOf" for tie in landing.ties):
        return _("There is a newer version of this dataset.")
    return ""


def _facts(caller: Caller, landing: Landing) -> Iterator[Fact]:
    words, _ = caller.words, caller.words.gettext
    if landing.version:
        yield Fact(_("Version"), (Value(landing.version),))
    if landing.techniques:
        labels = [technique_label(one.iri, one.label.text, words) for one in landing.techniques]
        values = [Value(label, one.iri) for label, one in zip(labels, landing.techniques, strict=True)]
        yield Fact(_("Techniques"), tuple(values))
    begin, end = landing.collected
    if begin:
        yield Fact(_("Begin"), (Value(words.moment(begin)),))
    if end:
        yield Fact(_("End"), (Value(words.moment(end)),))
    rights = landing.rights
    if landing.kind in (PidKind.DATASET, PidKind.VISIT, PidKind.COLLECTION) and not landing.is_withdrawn:
        yield Fact(_("Licence"), (Value(rights.licence, rights.licence_url),))
        if rights.openness is Openness.EMBARGOED and rights.opens_on:
            yield Fact(_("Opening day"), (Value(words.day(rights.opens_on)),))
    if landing.size is not None:
        yield Fact(_("Size"), (Value(words.size(landing.size)),))
    yield Fact(_("Publisher"), (Value(landing.publisher.name, landing.publisher.ror),))
    yield Fact(_("Identifier"), (Value(landing.identifier),))
