"""People and the parts they play."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member is to a proposal or a visit (PaNOSC, ICAT)."""

    PRINCIPAL_INVESTIGATOR = "principal-investigator"
    CO_PROPOSER = "co-proposer"
    EXPERIMENTER = "experimenter"
    LOCAL_CONTACT = "local-contact"


class Duty(StrEnum):
    """What an account may do for the facility as a whole.

    ``DIRECTOR``: all that the data office may, and decide what goes beyond the policy.
    """

    USER = "user"
    DATA_OFFICE = "data-office"
    DIRECTOR = "director"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of a team, under the name they publish with.

    Parameters
    ----------
    name
        ``Family, Given`` or, for people of one name, that name.
    email
        Personal: shown to the team only. Lower-cased, it is what ties a member to an account.
    ror
        Identifier of the affiliation, or of the organisation itself, as an IRI (``https://ror.org/01ydb3330``).
    organisation
        Whether this is no human being: a consortium, a company, a facility.
    """

    name: str
    email: str
    orcid: str | None = None
    affiliation: str | None = None
    ror: str | None = None
    organisation: bool = False

    @property
    def key(self) -> str:
        """What ties a person to an account: the lower-cased address."""
        return self.email.strip().lower()


@dataclass(frozen=True, slots=True)
class Member:
    """A person and their role in a proposal or a visit."""

    person: Person
    role: Role


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who can log in."""

    username: str
    email: str
    name: str
    duty: Duty = Duty.USER
    language: str = "en"

    @property
    def key(self) -> str:
        """What ties an account to a member: the lower-cased address."""
        return self.email.strip().lower()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking.

    Parameters
    ----------
    person
        Key of the person (`Person.key`); None for someone who has not logged in.
    duty
        What the account may do for the facility; None for someone who has not logged in.
    """

    person: str | None = None
    duty: Duty | None = None

    @property
    def is_registered(self) -> bool:
        """Whether this viewer has logged in."""
        return self.person is not None

    @property
    def is_data_office(self) -> bool:
        """Whether this viewer looks after everybody's data."""
        return self.duty in {Duty.DATA_OFFICE, Duty.DIRECTOR}


ANONYMOUS = Viewer()
