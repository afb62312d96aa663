"""What every desk of the catalogue stands on."""

from verriere.catalogue.database import Database
from verriere.catalogue.fulltext import full_text
from verriere.policy import AccessRules, EmbargoRules


class Desk:
    """A database and the facility's rules; the subjects are in the classes derived from it.

    Parameters
    ----------
    database
        With the present schema; `Catalogue.open` makes sure of it.
    embargo, access_rules
        What the facility chose in its settings.
    """

    def __init__(self, database: Database, *, embargo: EmbargoRules, access_rules: AccessRules) -> None:
        self.url = database.url
        self.embargo = embargo
        self.access_rules = access_rules
        self._database = database
        self._text = full_text(database.dialect)
