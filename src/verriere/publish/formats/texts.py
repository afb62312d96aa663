"""Texts that any format may hold: what files and people write can have characters that XML and addresses cannot."""

import json
import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IRI = re.compile(r"https?://[^\s/?#\"<>\\^`{|}\x00-\x20\x7f-\xa0]+[^\s\"<>\\^`{|}\x00-\x20\x7f-\xa0]*", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def plain(text: str) -> str:
    """Text with what no XML document can hold replaced, white space at its ends cut off."""
    return _NOT_IN_XML.sub("\ufffd", text).strip()


def iri(text: str) -> str:
    """The address as it is, where it is one of the web; empty where it is not."""
    text = text.strip()
    if not _IRI.fullmatch(text) or _NOT_IN_XML.search(text) or _ESCAPE.search(text) or text.count("#") > 1:
        return ""
    rest = text.split("://", 1)[1]
    return "" if "[" in rest or "]" in rest else text


def language(text: str) -> str:
    """The code of a language, where it is one; empty where it is not."""
    return text if _LANGUAGE.fullmatch(text) else ""


def element(tag: str, text: str = "", /, **attributes: str) -> ET.Element:
    """An element of XML with a text; attributes that are empty are left out, ``xml_lang`` is ``xml:lang``."""
    named = {name.replace("xml_lang", "xml:lang"): plain(value) for name, value in attributes.items()}
    made = ET.Element(tag, {name: value for name, value in named.items() if value})
    made.text = plain(text) or None
    return made


def xml(root: ET.Element) -> bytes:
    """A document of XML, in UTF-8."""
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def as_json(value: object) -> bytes:
    """A document of JSON, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False).encode("utf-8", "replace") + b"\n"


def without_empty(values: Mapping[str, object]) -> dict[str, object]:
    """The same without what says nothing."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {}, ())}
