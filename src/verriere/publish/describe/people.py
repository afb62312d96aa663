"""Who made what: the team as creators, who helped as contributors, organisations as themselves."""

from collections.abc import Iterable

from verriere import identifiers
from verriere.model import Member, Person, Role
from verriere.publish.landing import Agent

_CONTRIBUTIONS = {Role.LOCAL_CONTACT: "DataCollector"}
"""Roles that do not create, and what DataCite calls their part; all others are creators."""


def agent(person: Person, role: str = "") -> Agent:
    """Someone, or an organisation, with those of its identifiers that are right."""
    ror = identifiers.ror(person.ror) or "" if person.ror else ""
    if person.organisation:
        return Agent(person.name, is_organisation=True, ror=ror, role=role)
    family, comma, given = (part.strip() for part in person.name.partition(","))
    return Agent(
        person.name,
        given=given if comma else "",
        family=family if comma else "",
        orcid=identifiers.orcid(person.orcid) or "" if person.orcid else "",
        affiliation=person.affiliation or "",
        affiliation_ror=ror if person.affiliation else "",
        role=role,
    )


def creators(members: Iterable[Member], otherwise: Agent) -> tuple[Agent, ...]:
    """The team, principal investigators first, each once; the facility where nobody is named."""
    made = [member for member in members if member.role not in _CONTRIBUTIONS]
    made.sort(key=lambda member: member.role is not Role.PRINCIPAL_INVESTIGATOR)
    return tuple(dict.fromkeys(agent(member.person) for member in made)) or (otherwise,)


def contributors(members: Iterable[Member], host: Agent) -> tuple[Agent, ...]:
    """Who helped, and where it was made."""
    helped = [agent(member.person, _CONTRIBUTIONS[member.role]) for member in members if member.role in _CONTRIBUTIONS]
    return (*dict.fromkeys(helped), Agent(host.name, is_organisation=True, ror=host.ror, role="HostingInstitution"))
