"""RO-Crate 1.2: the thing and its files in one flat graph of JSON-LD.

https://www.researchobject.org/ro-crate/specification/1.2/. *Attached*, it lies beside the files and names them by their
paths; *detached*, as it is given over the web, by their addresses.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from verriere.publish.formats import schema_org, words
from verriere.publish.formats.texts import as_json, iri, plain
from verriere.publish.landing import Landing, PublicFile

FILE_NAME = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/crate/1.2"
_CONTEXT = f"{PROFILE}/context"
Node = dict[str, Any]


def write(landing: Landing) -> bytes:
    """The crate of a thing, detached: files by their addresses."""
    return as_json(document(landing, landing.url))


def write_attached(landing: Landing) -> bytes:
    """The file ``ro-crate-metadata.json`` of a folder that holds the landing's files."""
    return as_json(document(landing, "./"))


def document(landing: Landing, root: str) -> Node:
    """The crate whose root is ``./`` in a folder, or an address on the web."""
    graph: dict[str, Node] = {}
    made = schema_org.node(landing)
    made["@id"] = root
    made["@type"] = "Dataset"
    made["identifier"] = words.DOI + plain(landing.doi) if plain(landing.doi) else landing.url
    made.setdefault("description", made["name"])
    made["datePublished"] = made.get("datePublished") or landing.created_at.date().isoformat()
    made["license"] = _licence(landing)
    made["author"] = made.pop("creator")
    made["keywords"] = [one if isinstance(one, str) else one.get("name", "") for one in made.pop("keywords", [])]
    made["conditionsOfAccess"] = words.RIGHTS[landing.rights.openness].label
    made.pop("encodingFormat", None)
    for name in ("isPartOf", "isBasedOn", "citation"):
        # Only parts of the crate may be data entities of it.
        made |= {name: [{**one, "@type": "CreativeWork"} for one in made[name]]} if name in made else {}
    # Of the crate itself, conformsTo would mean a profile of crates; the formats are those of its files.
    standards = [_standard(one) for one in landing.conforms_to if iri(one)]
    files = [_file(one, standards, is_attached=root == "./") for one in landing.files]
    if files:
        made["hasPart"] = [*files, *made.pop("hasPart", [])]
        made.pop("distribution", None)
    _flatten(made, graph)
    descriptor: Node = {
        "@id": FILE_NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": root},
    }
    return {"@context": _CONTEXT, "@graph": [descriptor, *_ordered(graph, root)]}


def _licence(landing: Landing) -> Node:
    rights = landing.rights
    name = plain(rights.licence_name) or plain(rights.licence) or "?"
    address = iri(rights.licence_url) or "#licence"
    return {
        "@id": address,
        "@type": "CreativeWork",
        "name": name,
        "description": name,
        "identifier": plain(rights.licence),
    }


def _standard(address: str) -> Node:
    return {"@id": iri(address), "@type": "CreativeWork", "name": address.rstrip("/").rpartition("/")[2]}


def _file(one: PublicFile, standards: list[Node], *, is_attached: bool) -> Node:
    made: Node = {
        "@id": quote(one.path) if is_attached else one.url,
        "@type": "File",
        "name": plain(one.path) or "?",
        "contentSize": str(one.size),
        "encodingFormat": [plain(one.media_type) or "application/octet-stream", *standards],
        "sha256": plain(one.sha256),
        "contentUrl": one.url,
        "dateModified": one.modified_at.isoformat(timespec="seconds"),
    }
    return made


def _flatten(node: Node, graph: dict[str, Node]) -> Node:
    """Enter a node, and all nodes in it, into the graph; a reference to it."""
    identifier = node.get("@id") or f"#{node.get('@type', 'thing')}-{len(graph) + 1}"
    flat: Node = {"@id": identifier}
    # What is said first of a thing stays: later mentions only refer to it.
    there = graph.setdefault(identifier, flat)
    for name, value in node.items():
        if name == "@id" or (there is not flat and name in there):
            continue
        there[name] = _value(value, graph)
    return {"@id": identifier}


def _value(value: object, graph: dict[str, Node]) -> object:
    if isinstance(value, dict):
        return _flatten(value, graph)
    if isinstance(value, list):
        return [_value(one, graph) for one in value]
    return value


def _ordered(graph: dict[str, Node], root: str) -> Iterator[Node]:
    yield graph[root]
    yield from (node for identifier, node in graph.items() if identifier != root)
