"""BagIt (RFC 8493): the tag files of a bag whose payload is an RO-Crate of the files.

The digests are those that were made when the files were kept, so that a bag of terabytes is written without reading
anything twice.
"""

from collections.abc import Mapping
from hashlib import sha256

from verriere import __version__
from verriere.publish.formats import datacite_xml, rocrate, words
from verriere.publish.formats.texts import plain
from verriere.publish.landing import Landing

PAYLOAD = "data/"
_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def write(landing: Landing) -> bytes:
    """What a bag says of itself, ``bag-info.txt``."""
    return _info(landing, len(rocrate.write_attached(landing)))


def tags(landing: Landing) -> Mapping[str, bytes]:
    """Every file of the bag that is not one of the landing's: names in the bag, and their bytes.

    The payload's description is among them, in ``data/``.
    """
    crate = rocrate.write_attached(landing)
    digests = {file.path: file.sha256 for file in landing.files} | {rocrate.FILE_NAME: sha256(crate).hexdigest()}
    manifest = "".join(f"{digest}  {PAYLOAD}{_encoded(path)}\n" for path, digest in sorted(digests.items()))
    made = {
        "bagit.txt": _DECLARATION.encode(),
        "bag-info.txt": _info(landing, len(crate)),
        "manifest-sha256.txt": manifest.encode(),
        "metadata/datacite.xml": datacite_xml.write(landing),
    }
    listed = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(made.items()))
    return {**made, "tagmanifest-sha256.txt": listed.encode(), PAYLOAD + rocrate.FILE_NAME: crate}


def _encoded(path: str) -> str:
    """RFC 8493, 2.1.3: only line ends, and the percent sign that says so, are encoded."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _info(landing: Landing, crate: int) -> bytes:
    size = sum(file.size for file in landing.files) + crate
    lines = {
        "Source-Organization": landing.publisher.name,
        "Bagging-Date": landing.updated_at.date().isoformat(),
        "Bag-Software-Agent": f"verriere {__version__}",
        "External-Identifier": words.DOI + landing.doi if plain(landing.doi) else landing.url,
        "External-Description": landing.title,
        "Payload-Oxum": f"{size}.{len(landing.files) + 1}",
    }
    said = {name: " ".join(plain(text).split()) for name, text in lines.items()}
    return "".join(f"{name}: {text}\n" for name, text in said.items() if text).encode("utf-8", "replace")
