"""DataCite's metadata as JSON: the attributes of a DOI, as the REST API takes and gives them."""

from verriere.publish.formats.datacite import attributes
from verriere.publish.formats.texts import as_json
from verriere.publish.landing import Landing


def write(landing: Landing) -> bytes:
    """The attributes, as a document."""
    return as_json(attributes(landing))
