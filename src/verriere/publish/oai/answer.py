"""Arguments in, a document out."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from verriere.catalogue.harvest import Head, Span
from verriere.publish.oai import dates, identifiers, requests, sets, token, writing
from verriere.publish.oai.formats import FORMATS
from verriere.publish.oai.repository import Repository
from verriere.publish.oai.requests import Error, Pairs, Request
from verriere.publish.oai.token import Token
from verriere.publish.oai.writing import element


def answer(repository: Repository, pairs: Pairs, now: datetime) -> bytes:
    """The document that answers a request.

    Parameters
    ----------
    pairs
        Of the query, and of the form where one was posted, in their order.
    """
    asked: dict[str, str] = {}
    try:
        request = requests.read(pairs)
        asked = {"verb": request.verb, **request.arguments}
        parts = list(_VERBS[request.verb](repository, request, now))
    except Error as error:
        if error.hides_arguments:
            asked = {}
        parts = [writing.error(error.code, error.message)]
    return writing.document(repository.base_url, asked, now, parts)


def _identify(repository: Repository, _request: Request, now: datetime) -> Iterator[str]:
    sample = identifiers.write(repository.domain, f"{repository.prefix}/sample")
    yield "<Identify>"
    yield element("repositoryName", repository.name)
    yield element("baseURL", repository.base_url)
    yield element("protocolVersion", "2.0")
    yield element("adminEmail", repository.admin_email)
    yield element("earliestDatestamp", dates.write(repository.earliest() or now))
    yield element("deletedRecord", "persistent")
    yield element("granularity", dates.GRANULARITY)
    yield (
        '<description><oai-identifier xmlns="http://www.openarchives.org/OAI/2.0/oai-identifier"'
        ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai-identifier'
        ' http://www.openarchives.org/OAI/2.0/oai-identifier.xsd">'
    )
    yield element("scheme", "oai") + element("repositoryIdentifier", repository.domain)
    yield element("delimiter", ":") + element("sampleIdentifier", sample)
    yield "</oai-identifier></description></Identify>"


def _formats(repository: Repository, request: Request, _now: datetime) -> Iterator[str]:
    identifier = request.get("identifier")
    if identifier is not None:
        _head(repository, identifier)
    yield "<ListMetadataFormats>"
    for each in FORMATS.values():
        facts = element("metadataPrefix", each.prefix) + element("schema", each.schema)
        yield f"<metadataFormat>{facts}{element('metadataNamespace', each.namespace)}</metadataFormat>"
    yield "</ListMetadataFormats>"


def _sets(repository: Repository, request: Request, _now: datetime) -> Iterator[str]:
    if request.get("resumptionToken") is not None:
        raise Error("badResumptionToken", "the list of sets comes whole: no token of it was ever sent")
    yield "<ListSets>"
    for spec, name in repository.sets():
        yield f"<set>{element('setSpec', spec)}{element('setName', name)}</set>"
    yield "</ListSets>"


def _record(repository: Repository, request: Request, _now: datetime) -> Iterator[str]:
    prefix = _prefix(request)
    head = _head(repository, request.arguments["identifier"])
    records = list(_records(repository, [head], prefix))
    if not records:
        raise Error("idDoesNotExist", "no item of this repository has this identifier")
    yield "<GetRecord>"
    yield from records
    yield "</GetRecord>"


def _list(repository: Repository, request: Request, now: datetime) -> Iterator[str]:
    begun = _begun(repository, request, now)
    asked = sets.read(begun.set_spec) if begun.set_spec else None
    if begun.set_spec and asked is None:
        raise Error("noRecordsMatch", "there is no such set")
    span = Span(begun.start, begun.end, asked)
    heads = repository.page(span, after=begun.place if begun.sent else None)
    if not heads and begun.sent:
        # All that was left has changed since, and comes with the next visit. A list cannot be empty: it ends with the
        # item that it ended with before.
        last = repository.head(begun.place[1])
        heads = [last] if last is not None else []
    if not heads:
        raise Error("noRecordsMatch", "no record has all that was asked for")
    sent = begun.sent + len(heads)
    more = len(heads) == repository.page_size and repository.page(span, after=heads[-1].place, size=1)
    yield f"<{request.verb}>"
    if request.verb == "ListIdentifiers":
        yield from (_header(repository, head) for head in heads)
    else:
        yield from _records(repository, heads, begun.prefix)
    if more:
        total = begun.total if begun.sent else repository.count(span)
        at = Token(
            *(begun.verb, begun.prefix, begun.set_spec),
            start=begun.start,
            end=begun.end,
            place=heads[-1].place,
            sent=sent,
            total=max(total, sent + 1),
            begun=begun.begun,
        )
        yield writing.resumption(at.write(repository.domain), sent=begun.sent, total=at.total, expires=at.expires)
    elif begun.sent:
        yield writing.resumption("", sent=begun.sent, total=max(begun.total, sent), expires=None)
    yield f"</{request.verb}>"


_VERBS = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}


def _begun(repository: Repository, request: Request, now: datetime) -> Token:
    """The list as it was begun: now, or by the request that the token goes on with."""
    text = request.get("resumptionToken")
    if text is not None:
        try:
            begun = token.read(text, repository.domain, now)
        except ValueError as error:
            raise Error("badResumptionToken", f"{error}; begin again without a token") from error
        if begun.verb != request.verb or begun.prefix not in FORMATS:
            raise Error("badResumptionToken", f"the token is of {begun.verb}, not of {request.verb}")
        return begun
    start, until = request.get("from"), request.get("until")
    # What is entered in the second of the answer is left for the next visit, which begins with that very second.
    end = now.replace(microsecond=0) + timedelta(seconds=1)
    return Token(
        *(request.verb, _prefix(request), request.get("set") or ""),
        start=dates.first(start) if start is not None else None,
        end=min(end, dates.after(until)) if until is not None else end,
        place=(now, ""),
        sent=0,
        total=0,
        begun=now,
    )


def _prefix(request: Request) -> str:
    prefix = request.arguments["metadataPrefix"]
    if prefix not in FORMATS:
        raise Error("cannotDisseminateFormat", f"records can be had as {', '.join(FORMATS)}")
    return prefix


def _head(repository: Repository, identifier: str) -> Head:
    doi = identifiers.read(repository.domain, identifier)
    head = repository.head(doi) if doi is not None else None
    if head is None:
        raise Error("idDoesNotExist", "no item of this repository has this identifier")
    return head


def _header(repository: Repository, head: Head) -> str:
    identifier = identifiers.write(repository.domain, head.doi)
    return writing.header(identifier, head.changed_at, repository.sets_of(head), deleted=head.is_withdrawn)


def _records(repository: Repository, heads: Sequence[Head], prefix: str) -> Iterator[str]:
    payloads = repository.payloads(heads, prefix)
    for head in heads:
        payload = payloads.get(head.doi)
        if payload is not None or head.is_withdrawn:
            yield writing.record(_header(repository, head), payload)
