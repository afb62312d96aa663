"""A plan as a maDMP: what was planned and answered, and, as it is recorded, what there really is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from verriere.ingest.holdings import access_rules
from verriere.model import ANONYMOUS, Dataset, Expected, Instrument, Person, Research, Role, State, Visit
from verriere.policy import PlanAccess, disclose
from verriere.policy.access import public_access
from verriere.stewardship.dmp import answers, compare
from verriere.stewardship.dmp.facts import Facts, iris
from verriere.stewardship.dmp.standard import Json
from verriere.stewardship.dmp.template import Defaults, Module, Question, questions
from verriere.techniques import panet
from verriere.wording import Language

SCHEMA = (
    "https://raw.githubusercontent.com/RDA-DMP-Common/RDA-DMP-Common-Standard/master/examples/JSON/JSON-schema/1.2/"
    "maDMP-schema-1.2.json"
)
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
KEPT_YEARS = 10
"""Years that the facility aims at keeping data."""
EXTENSION = "verriere"
"""Field of the plan that holds what the standard has no place for: phase, template, answers, planned versus actual."""


def document(facts: Facts, access: PlanAccess = PlanAccess.TEAM) -> dict[str, Json]:
    """The maDMP of a plan, for someone who may see so much of it.

    One that came from elsewhere is as it came; where it is of a proposal here, what was recorded is added to its
    datasets, and nothing is taken out.
    """
    writer = _Writer(facts, access)
    if not facts.plan.document:
        return writer.whole()
    came = answers.document_of(facts.plan)
    if facts.proposal is None:
        return came
    return writer.added_to(came)


@dataclass(frozen=True)
class _Writer:
    facts: Facts
    access: PlanAccess

    @property
    def language(self) -> Language:
        """Of sentences in the plan: the proposal's."""
        return "fr" if self.facts.proposal and self.facts.proposal.language.startswith("fr") else "en"

    @property
    def code(self) -> str:
        """The language in ISO 639-3."""
        return "fra" if self.language == "fr" else "eng"

    def whole(self) -> dict[str, Json]:
        facts, plan, proposal = self.facts, self.facts.plan, self.facts.proposal
        assert proposal is not None
        filled = {question.fills: value for question, value in self.answered()}
        abstract = proposal.abstract if self.access is PlanAccess.TEAM else ""
        written: dict[str, Json] = {
            "title": proposal.title,
            "description": filled.get("dmp.description") or abstract,
            "created": _moment(plan.created_at),
            "modified": _moment(max([plan.modified_at, *(each.last for each in facts.recorded)])),
            "language": self.code,
            "dmp_id": {"identifier": plan.id, "type": "other"},
            "ethical_issues_exist": filled.get("dmp.ethical_issues_exist", "unknown"),
            "ethical_issues_description": filled.get("dmp.ethical_issues_description", ""),
            "contact": self.contact(),
            "contributor": [self.contributor(person, roles) for person, roles in self.people().items()],
            "project": [self.project()],
            "dataset": [*self.planned(), *self.recorded()],
            EXTENSION: self.extension(),
        }
        return {"$schema": SCHEMA, "dmp": {key: value for key, value in written.items() if value not in ("", [])}}

    def added_to(self, came: dict[str, Json]) -> dict[str, Json]:
        plan = came.get("dmp")
        if not isinstance(plan, dict):
            return came
        listed = plan.get("dataset")
        there = listed if isinstance(listed, list) else []
        known = {_identifier_of(each) for each in there}
        new = [each for each in self.recorded() if _identifier_of(each) not in known]
        return {**came, "dmp": {**plan, "dataset": [*there, *new], EXTENSION: self.extension()}}

    def answered(self) -> Iterator[tuple[Question, str]]:
        for name, question in questions(self.facts.modules).items():
            if value := self.facts.plan.answer(name):
                yield question, value

    # People

    def people(self) -> dict[Person, list[Role]]:
        found: dict[Person, list[Role]] = {}
        for member in self.facts.members:
            found.setdefault(member.person, []).append(member.role)
        return found

    def contact(self) -> dict[str, Json]:
        facility = self.facts.settings.facility
        leaders = [member.person for member in self.facts.members if member.role is Role.PRINCIPAL_INVESTIGATOR]
        if leaders and self.access is PlanAccess.TEAM:
            return {**self.person(leaders[0], "contact_id"), "mbox": leaders[0].email}
        address = facility.contact if "@" in facility.contact else "nobody@facility.invalid"
        name = facility.publisher or facility.name
        return {"name": name, "mbox": address, "contact_id": {"identifier": name, "type": "other"}}

    def contributor(self, person: Person, roles: Sequence[Role]) -> dict[str, Json]:
        address = {"mbox": person.email} if person.email and self.access is PlanAccess.TEAM else {}
        return {**self.person(person, "contributor_id"), **address, "role": [role.value for role in roles]}

    def person(self, person: Person, key: str) -> dict[str, Json]:
        identifier = {"identifier": person.orcid or person.name, "type": "orcid" if person.orcid else "other"}
        made: dict[str, Json] = {"name": person.name, key: identifier}
        if person.affiliation:
            kind = "ror" if person.ror else "other"
            organisation = {"identifier": person.ror or person.affiliation, "type": kind}
            made["affiliation"] = [{"name": person.affiliation, "affiliation_id": organisation}]
        return made

    # The project

    def project(self) -> dict[str, Json]:
        proposal, visits = self.facts.proposal, self.facts.visits
        assert proposal is not None
        zone = self.facts.settings.facility.zone
        made: dict[str, Json] = {
            "title": proposal.title,
            "project_id": [{"identifier": proposal.id, "type": "other"}],
        }
        if visits:
            made["start"] = f"{min(visit.start for visit in visits).astimezone(zone):%Y-%m-%d}"
            made["end"] = f"{max(visit.end for visit in visits).astimezone(zone):%Y-%m-%d}"
        funding = [
            {
                "funder_id": {
                    "identifier": each.funder_id or each.funder,
                    "type": "url" if each.funder_id else "other",
                },
                "funder_name": each.funder,
                "funding_status": "granted",
                **({"grant_id": {"identifier": each.award_number, "type": "other"}} if each.award_number else {}),
            }
            for each in proposal.funding
        ]
        return {**made, "funding": funding} if funding else made

    # Data

    def planned(self) -> Iterator[dict[str, Json]]:
        for number, each in enumerate(answers.expected(self.facts.plan)):
            module = self.module_of(each.technique)
            instrument = self.facts.instruments.get(each.instrument_id or "")
            name = panet.label(each.technique, self.language) if each.technique else self.says("data", "données")
            title = self.says(f"Planned: {name}", f"Prévu : {name}")
            where = f" ({instrument.name})" if instrument else ""
            opens = [self.facts.opens.get(visit.id) for visit in self._visits_on(each)]
            yield self.dataset(
                identifier={"identifier": f"{self.facts.plan.id}/planned/{number + 1}", "type": "other"},
                title=title + where,
                techniques=[each.technique] if each.technique else [],
                module=module,
                instruments=[instrument] if instrument else [],
                size=each.size,
                formats=each.formats or module.dataset.formats,
                opens=max((moment for moment in opens if moment), default=None),
                issued=each.until,
            )

    def recorded(self) -> Iterator[dict[str, Json]]:
        if self.facts.datasets:
            yield from (self.of_dataset(each) for each in self.datasets())
            return
        if self.access is not PlanAccess.TEAM:
            return
        for volume in self.facts.recorded:
            found = iris(volume)
            instrument = self.facts.instruments.get(volume.instrument_id)
            names = ", ".join(panet.label(iri, self.language) for iri in found)
            count = self.says(f"{volume.datasets} datasets", f"{volume.datasets} jeux de données")
            yield self.dataset(
                identifier={"identifier": f"{volume.visit_id}/{' '.join(volume.techniques)}", "type": "other"},
                title=f"{volume.visit_id}: {count}" + (f" ({names})" if names else ""),
                techniques=found,
                module=self.module_of(found[0] if found else ""),
                instruments=[instrument] if instrument else [],
                size=volume.size,
                formats=(),
                opens=self.facts.opens.get(volume.visit_id or ""),
                issued=volume.last.date().isoformat(),
            )

    def datasets(self) -> Iterator[Dataset]:
        """Those that the reader may know of in full: all of the team's, and what of open ones everyone may know."""
        rules = access_rules(self.facts.settings)
        for each in self.facts.datasets:
            if self.access is PlanAccess.TEAM:
                yield each
            elif each.state is State.OPEN:
                yield disclose(each, public_access(each.state, ANONYMOUS, rules))

    def of_dataset(self, each: Dataset) -> dict[str, Json]:
        found = panet.without_broader([term.iri for _, capture in each.captures for term in capture.techniques])
        instrument = self.facts.instruments.get(each.instrument_id or "")
        start = each.capture.start_time.value if each.capture and each.capture.start_time else ""
        made = self.dataset(
            identifier=self.pid(each.id),
            title=each.title,
            techniques=found,
            module=self.module_of(found[0] if found else ""),
            instruments=[instrument] if instrument else [],
            size=each.size,
            formats=tuple(dict.fromkeys(file.media_type for file in each.files)),
            opens=each.opened_at or self.facts.opens.get(each.visit_id or ""),
            issued=start[: len("2025-03-01")] or each.ingested_at.date().isoformat(),
            is_open=each.state is State.OPEN,
        )
        sample = self.facts.samples.get(each.sample_id or "")
        if sample and self.access is PlanAccess.TEAM:
            made["related_identifier"] = [
                {**self.pid(sample.id), "relation_type": "IsDerivedFrom", "resource_type": "PhysicalObject"}
            ]
        return made

    def dataset(
        self,
        *,
        identifier: dict[str, Json],
        title: str,
        techniques: Sequence[str],
        module: Module,
        instruments: Sequence[Instrument],
        size: int | None,
        formats: Sequence[str],
        opens: datetime | None,
        issued: str | None,
        is_open: bool = False,
    ) -> dict[str, Json]:
        """One entry of the plan's datasets."""
        filled = {question.fills: value for question, value in self.answered()}
        words = [text.strip() for text in filled.get("dataset.keyword", "").split(",") if text.strip()]
        names = [name for iri in techniques for name in _names(iri, self.language)]
        defaults = self.defaults(module)
        made: dict[str, Json] = {
            "title": title,
            "dataset_id": identifier,
            "type": "dataset",
            "is_reused": False,
            "issued": issued,
            "keyword": list(dict.fromkeys([*names, *words])),
            "personal_data": filled.get("dataset.personal_data", "unknown"),
            "sensitive_data": filled.get("dataset.sensitive_data", "unknown"),
            "preservation_statement": defaults["preservation"],
            "security_and_privacy": [{"title": self.says("Access", "Accès"), "description": defaults["security"]}],
            "metadata": list(self.metadata(module)),
            "data_quality_assurance": [
                f"{self.filled(question.text(self.language))} {value}"
                for question, value in self.answered()
                if question.fills == "quality"
            ],
            "technical_resource": [self.resource(each) for each in instruments],
            "distribution": [self.distribution(size, formats, opens, is_open=is_open)],
        }
        return {key: value for key, value in made.items() if value not in ("", [], None)}

    def distribution(
        self, size: int | None, formats: Sequence[str], opens: datetime | None, *, is_open: bool
    ) -> dict[str, Json]:
        """The raw data of a dataset: how large, of which formats, from when on for whom."""
        chosen, zone = self.facts.settings, self.facts.settings.facility.zone
        proprietary = self.facts.proposal is not None and self.facts.proposal.research is Research.PROPRIETARY
        access = "closed" if proprietary else "shared" if chosen.embargo.open_to == "registered" else "open"
        made: dict[str, Json] = {
            "title": self.says("Raw data", "Données brutes"),
            "data_access": access,
            "host": {
                "title": chosen.facility.name,
                "url": chosen.serve.public_url or "http://localhost/",
                "pid_system": ["doi"],
                "support_versioning": "yes",
            },
        }
        if size is not None:
            made["byte_size"] = size
        if formats:
            made["format"] = list(formats)
        if opens is not None and not proprietary:
            licence = LICENCES.get(chosen.embargo.licence, f"https://spdx.org/licenses/{chosen.embargo.licence}")
            day = opens.astimezone(zone)
            made["license"] = [
                {"license_ref": licence, "license_name": chosen.embargo.licence, "start_date": f"{day:%Y-%m-%d}"}
            ]
            if is_open:
                made["issued"] = f"{day:%Y-%m-%d}"
        ends = [visit.end for visit in self.facts.visits]
        if ends:
            made["available_until"] = f"{max(ends).year + KEPT_YEARS}-12-31"
        return made

    def resource(self, instrument: Instrument) -> dict[str, Json]:
        """An instrument."""
        made: dict[str, Json] = {"name": instrument.name, "technical_resource_id": [self.pid(instrument.id)]}
        return {**made, "description": instrument.description} if instrument.description else made

    def pid(self, subject_id: str) -> dict[str, Json]:
        """The DOI of a dataset, an instrument or a sample where it is published, else its identifier here."""
        doi = self.facts.dois.get(subject_id)
        return {"identifier": doi, "type": "doi"} if doi else {"identifier": subject_id, "type": "other"}

    def metadata(self, module: Module) -> Iterator[dict[str, Json]]:
        """The standards that the metadata of a dataset follow: the core's, and the technique's."""
        for each in dict.fromkeys((self.facts.template.core, module)):
            defaults = each.dataset
            if defaults.metadata_standard:
                standard = {"identifier": defaults.metadata_standard, "type": "url"}
                said = self.says(defaults.metadata_en, defaults.metadata_fr)
                yield {"language": self.code, "description": said, "metadata_standard_id": standard}

    def defaults(self, module: Module) -> Mapping[str, str]:
        """Sentences of the module, or of the core, about this facility."""
        core: Defaults = self.facts.template.core.dataset
        own = module.dataset
        return {
            "preservation": self.filled(
                self.says(own.preservation_en or core.preservation_en, own.preservation_fr or core.preservation_fr)
            ),
            "security": self.filled(
                self.says(own.security_en or core.security_en, own.security_fr or core.security_fr)
            ),
        }

    def filled(self, text: str) -> str:
        """A sentence of the template, with what it says of this facility."""
        return fill(text, self.facts)

    def module_of(self, technique: str) -> Module:
        """The module for a technique; the core where there is none."""
        return next((each for each in self.facts.modules if technique in each.terms), self.facts.template.core)

    def says(self, english: str, french: str) -> str:
        """A sentence in the plan's language."""
        return french if self.language == "fr" else english

    def extension(self) -> dict[str, Json]:
        """What the standard has no place for; answers and comparison are the team's."""
        facts = self.facts
        made: dict[str, Json] = {
            "phase": facts.phase.value,
            "template": [module.name for module in facts.modules],
        }
        if self.access is PlanAccess.TEAM:
            names = {*questions(facts.modules), *(each.question for each in facts.plan.answers)}
            made["answers"] = {name: value for name in sorted(names) if (value := facts.plan.answer(name))}
            made["planned_versus_actual"] = [as_json(line) for line in compare.compare(facts)]
        return made

    def _visits_on(self, each: Expected) -> list[Visit]:
        return [visit for visit in self.facts.visits if visit.instrument_id == each.instrument_id]


def fill(text: str, facts: Facts) -> str:
    """A sentence of the template, with what it says of this facility."""
    chosen = facts.settings
    known = {
        "facility": chosen.facility.name,
        "publisher": chosen.facility.publisher or chosen.facility.name,
        "years": str(chosen.embargo.years),
        "licence": chosen.embargo.licence,
    }
    for name, value in known.items():
        text = text.replace("{" + name + "}", value)
    return text


def as_json(line: compare.Line) -> dict[str, Json]:
    """A line of planned versus actual."""
    return {
        "technique": {"iri": line.technique, "label": panet.label(line.technique)} if line.technique else None,
        "instruments": list(line.instruments),
        "planned": {"byte_size": line.planned, "until": line.until, "format": list(line.planned_formats)},
        "recorded": {
            "byte_size": line.recorded,
            "datasets": line.datasets,
            "first": line.first,
            "last": line.last,
            "format": list(line.formats),
        },
        "marks": [mark.value for mark in line.marks],
    }


def _names(iri: str, language: Language) -> list[str]:
    term = panet.term(iri)
    return [panet.label(iri, language), *([term.short] if term and term.short else [])]


def _identifier_of(dataset: Json) -> Json:
    identifier = dataset.get("dataset_id") if isinstance(dataset, dict) else None
    return identifier.get("identifier") if isinstance(identifier, dict) else None


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
