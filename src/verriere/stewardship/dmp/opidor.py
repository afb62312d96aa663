"""DMP OPIDoR's own JSON ("standard" format), from and to a maDMP.

OPIDoR takes a plan whose ``meta``, ``project`` and ``researchOutput`` are there, and every contact with an address
(its ``Import::Validators::Standard``). Its research outputs hold one object for each question of its form. What a maDMP
has and OPIDoR has no place for is left out of an export, and `left_out` names it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from verriere.stewardship.dmp.standard import Json, pointer

_VOLUMES = {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "p": 10**15}
# Words of OPIDoR's registries, in English and French, and the standard's.
_TO_WORD = {
    **dict.fromkeys(("yes", "oui"), "yes"),
    **dict.fromkeys(("no", "non"), "no"),
}
_TO_ACCESS = {
    **dict.fromkeys(("open", "ouvert"), "open"),
    **dict.fromkeys(("restricted", "restreint", "shared"), "shared"),
}
_FROM_ACCESS = {"open": "Open", "shared": "Restricted", "closed": "Closed"}
_TO_STATUS = {
    **dict.fromkeys(("planned", "planifié"), "planned"),
    **dict.fromkeys(("applied", "soumis"), "applied"),
    **dict.fromkeys(("granted", "approuvé"), "granted"),
    **dict.fromkeys(("rejected", "rejeté"), "rejected"),
}
_IDS = {"orcid id": "orcid", "crossref funder id": "fundref"}


def is_own(content: Json) -> bool:
    """Whether a JSON value is a plan in OPIDoR's own format."""
    return isinstance(content, dict) and "dmp" not in content and {"meta", "researchOutput"} <= content.keys()


def to_madmp(own: Mapping[str, Json]) -> dict[str, Json]:
    """The maDMP that says the same; all of the original stays beside it under ``opidor``."""
    meta = _object(own.get("meta"))
    outputs = [_object(each) for each in _list(own.get("researchOutput"))]
    plan = {
        "title": meta.get("title"),
        "description": meta.get("description"),
        "created": _moment(meta.get("creationDate")),
        "modified": _moment(meta.get("lastModifiedDate")),
        "language": meta.get("dmpLanguage"),
        "dmp_id": _identifier(meta.get("dmpId"), meta.get("idType")),
        "contact": next((_person(_object(each).get("person")) for each in _list(meta.get("contact"))), None),
        "project": [_project(_object(own.get("project")))] if own.get("project") else None,
        "cost": [_cost(_object(each)) for each in _list(_object(own.get("budget")).get("cost"))] or None,
        "ethical_issues_exist": _ethical(outputs),
        "ethical_issues_description": _joined(_at(each, "ethicalIssues", "description") for each in outputs),
        "dataset": [_dataset(each) for each in outputs],
    }
    return {"dmp": _known(plan), "opidor": dict(own)}


def from_madmp(document: Mapping[str, Json]) -> dict[str, Json]:
    """A plan as OPIDoR imports it."""
    plan = _object(document.get("dmp"))
    contact = _object(plan.get("contact"))
    project = next(map(_object, _list(plan.get("project"))), {})
    own = {
        "meta": {
            "title": plan.get("title"),
            "description": plan.get("description"),
            "creationDate": _day(plan.get("created")),
            "lastModifiedDate": _day(plan.get("modified")),
            "dmpLanguage": plan.get("language"),
            "dmpId": _at(plan, "dmp_id", "identifier"),
            "idType": _upper(_at(plan, "dmp_id", "type")),
            "contact": [{"person": _own_person(contact, "contact_id")}],
        },
        "project": {
            "title": project.get("title") or plan.get("title"),
            "description": project.get("description"),
            "startDate": project.get("start"),
            "endDate": project.get("end"),
            "funding": [_own_funding(_object(each)) for each in _list(project.get("funding"))],
        },
        "budget": {"cost": [_own_cost(_object(each)) for each in _list(plan.get("cost"))]},
        "researchOutput": [_own_output(_object(each), plan) for each in _list(plan.get("dataset"))],
    }
    made: dict[str, Json] = _pruned(own)
    return made


def left_out(document: Mapping[str, Json]) -> tuple[str, ...]:
    """JSON pointers of what OPIDoR's format has no place for."""
    plan = _object(document.get("dmp"))
    missing = [
        *(pointer("/dmp", key) for key in plan if key not in _CARRIED),
        *(pointer("/dmp/project", number) for number in range(1, len(_list(plan.get("project"))))),
    ]
    for number, each in enumerate(_list(plan.get("dataset"))):
        missing += [pointer(f"/dmp/dataset/{number}", key) for key in _object(each) if key not in _CARRIED_OF_DATASET]
    return (*(pointer("", key) for key in document if key not in {"dmp", "$schema", "opidor"}), *missing)


_CARRIED = frozenset(
    (
        *("title", "description", "created", "modified", "language", "dmp_id", "contact", "project", "cost", "dataset"),
        *("ethical_issues_exist", "ethical_issues_description", "ethical_issues_report"),
    )
)
_CARRIED_OF_DATASET = frozenset(
    (
        *("title", "description", "dataset_id", "issued", "keyword", "language", "type", "distribution", "metadata"),
        *("personal_data", "sensitive_data", "preservation_statement", "data_quality_assurance"),
        *("security_and_privacy", "technical_resource"),
    )
)


# From OPIDoR


def _dataset(output: Mapping[str, Json]) -> dict[str, Json]:
    said = _object(output.get("researchOutputDescription") or output.get("softwareDescription"))
    quality, sharing = _object(output.get("documentationQuality")), _object(output.get("sharing"))
    hosts = [_host(_object(each)) for each in _as_list(sharing.get("host"))]
    distributions = [_distribution(_object(each)) for each in _list(sharing.get("distribution"))]
    if len(hosts) == 1:
        distributions = [{**each, "host": hosts[0]} for each in distributions]
    security = _at(output, "dataStorage", "securityMeasures")
    return _known(
        {
            "title": said.get("title"),
            "description": said.get("description"),
            "dataset_id": _identifier(
                said.get("datasetId") or _whole(output.get("research_output_id")), said.get("idType") or "other"
            ),
            "issued": said.get("issuedDate"),
            "keyword": [text for each in _list(said.get("uncontrolledKeywords")) for text in _texts(each)] or None,
            "language": said.get("language"),
            "type": said.get("type"),
            "personal_data": _word(said.get("containsPersonalData")),
            "sensitive_data": _word(said.get("containsSensitiveData")),
            "preservation_statement": _at(output, "preservationIssues", "description"),
            "data_quality_assurance": _texts(quality.get("description")) or None,
            "metadata": [_metadata(_object(each), quality) for each in _list(quality.get("metadataStandard"))] or None,
            "security_and_privacy": [{"title": "Security measures", "description": security}] if security else None,
            "technical_resource": [
                _known({"name": _object(each).get("title"), "description": _object(each).get("description")})
                for each in _list(_at(output, "dataCollection", "facility"))
            ]
            or None,
            "distribution": distributions or None,
        }
    )


def _distribution(own: Mapping[str, Json]) -> dict[str, Json]:
    licence = _known({"license_ref": _at(own, "license", "licenseUrl"), "start_date": own.get("licenseStartDate")})
    access = own.get("dataAccess")
    return _known(
        {
            "title": own.get("fileName"),
            "description": own.get("description"),
            "access_url": own.get("accessUrl"),
            "download_url": own.get("downloadUrl"),
            "available_until": own.get("availableUntil"),
            "issued": own.get("releaseDate"),
            "byte_size": _bytes(own.get("fileVolume"), own.get("volumeUnit")),
            "format": _texts(own.get("fileFormat")) or None,
            "data_access": _TO_ACCESS.get(access.lower(), "closed") if isinstance(access, str) else access,
            "license": [licence] if licence else None,
        }
    )


def _host(own: Mapping[str, Json]) -> dict[str, Json]:
    certificate = next(iter(_texts(own.get("certification"))), None)
    return _known(
        {
            "title": own.get("title"),
            "url": own.get("hostId"),
            "description": own.get("description"),
            "availability": own.get("availability"),
            "geo_location": own.get("geoLocation"),
            "certified_with": certificate and certificate.lower(),
            "pid_system": [text.lower() for text in _texts(own.get("pidSystem"))] or None,
            "support_versioning": _word(own.get("hasVersioningPolicy")) if own.get("hasVersioningPolicy") else None,
        }
    )


def _metadata(own: Mapping[str, Json], quality: Mapping[str, Json]) -> dict[str, Json]:
    kind = "url" if str(own.get("idType")).lower() == "url" else "other"
    said = " - ".join(text for key in ("name", "description") for text in _texts(own.get(key)))
    return _known(
        {
            "description": said or None,
            "language": quality.get("metadataLanguage"),
            "metadata_standard_id": _identifier(own.get("metadataStandardId"), kind),
        }
    )


def _project(own: Mapping[str, Json]) -> dict[str, Json]:
    funding = [
        _known(
            {
                "funder_id": _identifier(_at(each, "funder", "funderId"), _at(each, "funder", "idType")),
                "funding_status": _TO_STATUS.get(str(_at(each, "fundingStatus")).lower()),
                "grant_id": _identifier(_at(each, "grantId"), "other"),
            }
        )
        for each in map(_object, _list(own.get("funding")))
    ]
    facts = {"start": own.get("startDate"), "end": own.get("endDate"), "funding": funding or None}
    return _known({"title": own.get("title"), "description": own.get("description"), **facts})


def _cost(own: Mapping[str, Json]) -> dict[str, Json]:
    return _known(
        {
            "title": own.get("title"),
            "description": own.get("description") or own.get("costType"),
            "currency_code": own.get("currency"),
            "value": own.get("amount"),
        }
    )


def _person(own: Json) -> dict[str, Json]:
    person = _object(own)
    name = " ".join(text for key in ("firstName", "lastName") for text in _texts(person.get(key)))
    identifier = _identifier(person.get("personId"), person.get("idType"))
    return _known({"name": name or None, "mbox": person.get("mbox"), "contact_id": identifier})


def _ethical(outputs: list[Mapping[str, Json]]) -> str:
    said = {_word(_at(each, "researchOutputDescription", "hasEthicalIssues")) for each in outputs}
    return next((word for word in ("yes", "unknown", "no") if word in said), "unknown")


def _identifier(value: Json, kind: Json) -> dict[str, Json] | None:
    if value in (None, ""):
        return None
    lowered = kind.lower() if isinstance(kind, str) else "other"
    return {"identifier": value, "type": _IDS.get(lowered, lowered)}


def _bytes(value: Json, unit: Json) -> Json:
    factor = _VOLUMES.get(unit[:1].lower(), 1) if isinstance(unit, str) and len(unit) == 2 else 1
    return round(value * factor) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _word(value: Json) -> str:
    return _TO_WORD.get(value.lower(), "unknown") if isinstance(value, str) else "unknown"


def _moment(value: Json) -> Json:
    return f"{value}T00:00:00Z" if isinstance(value, str) and len(value) == len("2025-03-01") else value


# To OPIDoR


def _own_output(dataset: Mapping[str, Json], plan: Mapping[str, Json]) -> dict[str, Json]:
    distributions = [_object(each) for each in _list(dataset.get("distribution"))]
    metadata = [_object(each) for each in _list(dataset.get("metadata"))]
    security = [_object(each) for each in _list(dataset.get("security_and_privacy"))]
    return {
        "configuration": {"dataType": "dataset"},
        "researchOutputDescription": {
            "title": dataset.get("title"),
            "description": dataset.get("description"),
            "datasetId": _at(dataset, "dataset_id", "identifier"),
            "idType": _upper(_at(dataset, "dataset_id", "type")),
            "issuedDate": dataset.get("issued"),
            "uncontrolledKeywords": dataset.get("keyword"),
            "language": dataset.get("language"),
            "type": dataset.get("type"),
            "containsPersonalData": _capital(dataset.get("personal_data")),
            "containsSensitiveData": _capital(dataset.get("sensitive_data")),
            "hasEthicalIssues": _capital(plan.get("ethical_issues_exist")),
        },
        "documentationQuality": {
            "description": "\n".join(_texts(dataset.get("data_quality_assurance"))),
            "metadataLanguage": metadata[0].get("language") if metadata else None,
            "metadataStandard": [_own_metadata(each) for each in metadata],
        },
        "sharing": {
            "distribution": [_own_distribution(each) for each in distributions],
            "host": [_own_host(_object(each["host"])) for each in distributions if each.get("host")],
        },
        "preservationIssues": {"description": dataset.get("preservation_statement")},
        "dataStorage": {
            "securityMeasures": "\n".join(
                " : ".join(_texts(each.get("title")) + _texts(each.get("description"))) for each in security
            )
        },
        "ethicalIssues": {
            "description": plan.get("ethical_issues_description"),
            "resourceReference": [{"docIdentifier": plan.get("ethical_issues_report")}],
        },
        "dataCollection": {
            "facility": [
                {"title": _object(each).get("name"), "description": _object(each).get("description")}
                for each in _list(dataset.get("technical_resource"))
            ]
        },
    }


def _own_distribution(each: Mapping[str, Json]) -> dict[str, Json]:
    licence = next(map(_object, _list(each.get("license"))), {})
    access = each.get("data_access")
    return {
        "fileName": each.get("title"),
        "description": each.get("description"),
        "accessUrl": each.get("access_url"),
        "downloadUrl": each.get("download_url"),
        "availableUntil": each.get("available_until"),
        "releaseDate": each.get("issued"),
        "fileVolume": each.get("byte_size"),
        "volumeUnit": "B" if each.get("byte_size") is not None else None,
        "fileFormat": next(iter(_texts(each.get("format"))), None),
        "dataAccess": _FROM_ACCESS.get(access, access) if isinstance(access, str) else access,
        "license": {"licenseUrl": licence.get("license_ref")},
        "licenseStartDate": licence.get("start_date"),
    }


def _own_host(host: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "title": host.get("title"),
        "hostId": host.get("url"),
        "description": host.get("description"),
        "availability": host.get("availability"),
        "geoLocation": host.get("geo_location"),
        "certification": _texts(host.get("certified_with")),
        "pidSystem": host.get("pid_system"),
        "hasVersioningPolicy": _capital(host.get("support_versioning")),
    }


def _own_metadata(each: Mapping[str, Json]) -> dict[str, Json]:
    identifier = each.get("metadata_standard_id")
    first = next(map(_object, _as_list(identifier)), {})
    return {
        "description": each.get("description"),
        "metadataStandardId": first.get("identifier"),
        "idType": _upper(first.get("type")),
    }


def _own_person(person: Mapping[str, Json], key: str) -> dict[str, Json]:
    first = next(map(_object, _as_list(person.get(key))), {})
    kind = first.get("type")
    known = "ORCID iD" if kind == "orcid" else _upper(kind)
    facts = {"personId": first.get("identifier"), "idType": known, "mbox": person.get("mbox")}
    return {"lastName": person.get("name"), **facts}


def _own_funding(each: Mapping[str, Json]) -> dict[str, Json]:
    kind = _at(each, "funder_id", "type")
    known = "Crossref Funder ID" if kind == "fundref" else _upper(kind)
    return {
        "funder": {"funderId": _at(each, "funder_id", "identifier"), "idType": known},
        "fundingStatus": _capital(each.get("funding_status")),
        "grantId": _at(each, "grant_id", "identifier"),
    }


def _own_cost(each: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "title": each.get("title"),
        "costType": each.get("description"),
        "currency": each.get("currency_code"),
        "amount": each.get("value"),
    }


def _day(value: Json) -> Json:
    return value[: len("2025-03-01")] if isinstance(value, str) else value


def _capital(value: Json) -> Json:
    return value.capitalize() if isinstance(value, str) else value


def _upper(value: Json) -> Json:
    return value.upper() if isinstance(value, str) else value


# What a file may hold in place of what it should


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value] if value else []


def _texts(value: Json) -> list[str]:
    return [each for each in _as_list(value) if isinstance(each, str)]


def _whole(value: Json) -> Json:
    return str(value) if isinstance(value, int) else value


def _joined(texts: Iterator[Json]) -> str | None:
    return " / ".join(text for text in texts if isinstance(text, str) and text) or None


def _at(value: Json, *path: str) -> Json:
    for key in path:
        value = _object(value).get(key)
    return value


def _known(facts: Mapping[str, Any]) -> dict[str, Json]:
    """Without what nobody said."""
    return {key: value for key, value in facts.items() if value is not None and value != ""}


def _pruned(value: Json) -> Json:
    """Without what nobody said, at every depth; what has to be there stays, though empty."""
    if isinstance(value, dict):
        parts = {key: _pruned(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part not in (None, "", [], {}) or key in _REQUIRED}
    return [_pruned(part) for part in value] if isinstance(value, list) else value


_REQUIRED = frozenset({"meta", "project", "researchOutput"})
