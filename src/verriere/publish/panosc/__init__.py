"""The PaNOSC search API, as its specification says it (github.com/panosc-eu/search-api, `doc/`).

`model` is the specification's model, `filters` reads LoopBack's filters into questions, `things` makes its objects of
what the catalogue discloses to everybody, `search` puts them together, `errors` answers as LoopBack does.
"""

from verriere.publish.panosc.errors import ApiError
from verriere.publish.panosc.search import Search

__all__ = ["ApiError", "Search"]
