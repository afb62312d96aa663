"""What a record can be had as."""

from collections.abc import Callable
from dataclasses import dataclass

from verriere.publish.formats import datacite_xml, dcat, dublin_core
from verriere.publish.landing import Landing
from verriere.publish.oai.writing import element, without_declaration

_WRAPPER = "http://schema.datacite.org/oai/oai-1.1/"
_KERNEL = "4.7"


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write records.

    Parameters
    ----------
    prefix
        What harvesters call it.
    schema, namespace
        Of the element that ``write`` makes.
    write
        The XML of a landing's record; the second argument is the symbol of the DataCite account.
    """

    prefix: str
    schema: str
    namespace: str
    write: Callable[[Landing, str], str]


def _dublin_core(landing: Landing, _symbol: str) -> str:
    return without_declaration(dublin_core.write(landing))


def _datacite(landing: Landing, symbol: str) -> str:
    payload = without_declaration(datacite_xml.write(landing))
    wrapped = element("datacentreSymbol", symbol) + element("schemaVersion", _KERNEL)
    return (
        f'<oai_datacite xmlns="{_WRAPPER}" xsi:schemaLocation="{_WRAPPER} {_WRAPPER}oai.xsd">{wrapped}'
        f"<payload>{payload}</payload></oai_datacite>"
    )


def _dcat(landing: Landing, _symbol: str) -> str:
    return without_declaration(dcat.write_xml(landing))


FORMATS = {
    each.prefix: each
    for each in (
        Format(
            "oai_dc",
            "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
            "http://www.openarchives.org/OAI/2.0/oai_dc/",
            _dublin_core,
        ),
        Format("oai_datacite", f"{_WRAPPER}oai.xsd", _WRAPPER, _datacite),
        Format(
            "oai_dcat",
            "http://www.openarchives.org/OAI/2.0/rdf.xsd",
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
            _dcat,
        ),
    )
}
"""By prefix; every record can be had as each of them."""
