"""What anyone may know of a visit, an instrument and a sample."""

from collections.abc import Iterator
from datetime import date

from verriere.errors import NotFound
from verriere.model import (
    ANONYMOUS,
    PidKind,
    PidState,
    Proposal,
    Publication,
    Sample,
    State,
    Visit,
)
from verriere.policy import Access, ends_at, sees_beamtime
from verriere.policy.samples import outsiders
from verriere.publish.describe import measured, people
from verriere.publish.describe.saying import Sayer, both
from verriere.publish.describe.scene import Scene
from verriere.publish.landing import Landing, Openness, Rights, Text, Tie


def visit(scene: Scene, identifier: str, publication: Publication | None) -> Landing:
    """A visit: who, where, when, and the datasets of it that anyone may know of."""
    catalogue = scene.holdings.catalogue
    found = catalogue.visit(identifier)
    proposal = _public_proposal(scene, found.proposal_id, f"no visit {identifier}")
    instrument = catalogue.instrument(found.instrument_id)
    _, datasets = catalogue.public_datasets(visit_id=identifier)
    members = (*proposal.members, *found.members)
    rights = _rights_of_visit(scene, found)
    is_open = any(each.state is State.OPEN for each in datasets)

    def made(sayer: Sayer) -> Iterator[str]:
        yield sayer.say(
            "visit",
            visit=found.id,
            proposal=proposal.title,
            instrument=instrument.name,
            facility=scene.name,
            begin=scene.day(found.start).isoformat(),
            end=scene.day(found.end).isoformat(),
        )
        if rights.openness is Openness.EMBARGOED:
            yield sayer.say("embargoed", day=rights.opens_on.isoformat() if rights.opens_on else "")

    abstract = (Text(proposal.abstract, proposal.language),) if is_open and proposal.abstract else ()
    return Landing(
        kind=PidKind.VISIT,
        identifier=identifier,
        doi="",
        is_registered=False,
        url=scene.addresses.thing(PidKind.VISIT, identifier),
        titles=titles(proposal),
        creators=people.creators(members, scene.publisher),
        publisher=scene.publisher,
        year=(rights.opens_on or scene.day(found.end)).year,
        rights=rights,
        created_at=found.start,
        updated_at=found.end,
        language=proposal.language,
        descriptions=(*both(made), *abstract),
        contributors=people.contributors(members, scene.publisher),
        collected=(found.start, found.end),
        techniques=tuple(measured.technique(iri) for iri in instrument.techniques),
        keywords=(Text(instrument.name), *((Text(proposal.kind),) if proposal.kind else ())),
        file_count=None,
        funding=proposal.funding,
        related=proposal.related,
        ties=(
            scene.proposal_tie(proposal.id, proposal.title),
            scene.tie("IsCollectedBy", PidKind.INSTRUMENT, instrument.id, instrument.name),
            *scene.ties("HasPart", PidKind.DATASET, [(each.id, each.title) for each in datasets]),
        ),
    )


def instrument(scene: Scene, identifier: str, publication: Publication | None) -> Landing:
    """An instrument, as PIDINST describes one in DataCite's terms: its manufacturers made it, its owners host it."""
    found = scene.holdings.catalogue.instrument(identifier)
    terms = tuple(measured.technique(iri) for iri in found.techniques)
    labels = {
        language: ", ".join(
            next((text.text for text in (*term.other_labels, term.label) if text.language == language), term.label.text)
            for term in terms
        )
        for language in ("en", "fr")
    }
    owners = tuple(people.agent(owner, "HostingInstitution") for owner in found.owners)
    epoch = scene.day(scene.holdings.now())
    return Landing(
        kind=PidKind.INSTRUMENT,
        identifier=identifier,
        doi="",
        is_registered=False,
        url=scene.addresses.thing(PidKind.INSTRUMENT, identifier),
        titles=(Text(found.name),),
        creators=tuple(people.agent(one) for one in found.manufacturers) or (scene.publisher,),
        publisher=scene.publisher,
        year=_year(found.commissioned) or epoch.year,
        rights=scene.rights(Openness.METADATA_ONLY),
        created_at=scene.holdings.now(),
        updated_at=scene.holdings.now(),
        resource=found.model,
        descriptions=(
            *((Text(found.description),) if found.description else ()),
            *both(lambda sayer: [sayer.say("instrument", instrument=found.name, facility=scene.name)]),
        ),
        technical=both(
            lambda sayer: [
                sayer.say("model", model=found.model),
                sayer.say("measures", techniques=labels[sayer.language]),
            ]
        ),
        contributors=owners or people.contributors((), scene.publisher),
        techniques=terms,
        keywords=tuple(Text(alias) for alias in found.aliases),
        related=found.related,
        commissioned=found.commissioned,
    )


def sample(scene: Scene, identifier: str, publication: Publication | None) -> Landing:
    """A sample, where anyone may know of it: where it was published, or where data of it are described to everyone."""
    catalogue = scene.holdings.catalogue
    found = outsiders(catalogue.sample(identifier))
    proposal = _public_proposal(scene, found.proposal_id, f"no sample {identifier}")
    is_published = publication is not None and publication.wanted is not PidState.DRAFT
    if not is_published and not is_shown(scene, identifier):
        raise NotFound(f"no sample {identifier}")
    _, datasets = catalogue.public_datasets(sample_id=identifier, at_least=Access.METADATA)
    others = [other for other in catalogue.samples(proposal_id=found.proposal_id) if is_shown(scene, other.id)]

    def made(sayer: Sayer) -> Iterator[str]:
        yield sayer.say("sample_of", proposal=proposal.title, facility=scene.name, sample=found.name)
        yield sayer.say("formula", formula=found.formula)

    now = scene.holdings.now()
    return Landing(
        kind=PidKind.SAMPLE,
        identifier=identifier,
        doi="",
        is_registered=False,
        url=scene.addresses.thing(PidKind.SAMPLE, identifier),
        titles=(Text(found.name),),
        creators=people.creators(proposal.members, scene.publisher),
        publisher=scene.publisher,
        year=scene.day(now).year,
        rights=scene.rights(Openness.METADATA_ONLY),
        created_at=now,
        updated_at=now,
        resource=found.kind,
        descriptions=(*both(made), *((Text(found.description),) if found.description else ())),
        contributors=people.contributors((), scene.publisher),
        keywords=tuple(Text(word) for word in (found.kind, found.formula) if word),
        funding=proposal.funding,
        related=found.related,
        ties=(
            scene.proposal_tie(proposal.id, proposal.title),
            *_family(scene, found, others),
            *scene.ties("IsSourceOf", PidKind.DATASET, [(each.id, each.title) for each in datasets]),
        ),
        formula=found.formula,
    )


def titles(proposal: Proposal) -> tuple[Text, ...]:
    """The title of a proposal in its own language, and its translations."""
    return (
        Text(proposal.title, proposal.language),
        *(Text(text, language) for language, text in proposal.translations if text),
    )


def is_shown(scene: Scene, sample_id: str) -> bool:
    """Whether data of a sample are described to everyone, and the sample with them."""
    total, _ = scene.holdings.catalogue.public_datasets(sample_id=sample_id, at_least=Access.METADATA, most=0)
    return total > 0


def _family(scene: Scene, found: Sample, others: list[Sample]) -> Iterator[Tie]:
    """What it was cut from, and what was cut from it."""
    for other in others:
        if other.id == found.parent_id:
            yield scene.tie("IsDerivedFrom", PidKind.SAMPLE, other.id, other.name)
        elif other.parent_id == found.id:
            yield scene.tie("IsSourceOf", PidKind.SAMPLE, other.id, other.name)


def _public_proposal(scene: Scene, identifier: str, otherwise: str) -> Proposal:
    proposal = scene.holdings.catalogue.proposal(identifier)
    if not sees_beamtime(proposal.research, (), ANONYMOUS):
        raise NotFound(otherwise)
    return proposal


def _rights_of_visit(scene: Scene, found: Visit) -> Rights:
    """Open when its last dataset is; one without datasets by its own day."""
    catalogue = scene.holdings.catalogue
    opens = ends_at(found, catalogue.embargo)
    closed, _ = catalogue.public_datasets(visit_id=found.id, state=State.EMBARGOED.value, most=0)
    opened, _ = catalogue.public_datasets(visit_id=found.id, state=State.OPEN.value, most=0)
    if closed or (not opened and opens > scene.holdings.now()):
        openness = Openness.EMBARGOED
    elif catalogue.access_rules.open_to == "registered":
        openness = Openness.RESTRICTED
    else:
        openness = Openness.OPEN
    return scene.rights(openness, opens=opens, begin=found.start)


def _year(written: str) -> int | None:
    try:
        return date.fromisoformat(written).year
    except ValueError:
        return int(written[:4]) if written[:4].isdecimal() and len(written[:4]) == 4 else None
