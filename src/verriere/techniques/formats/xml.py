"""XML as a stream of elements, with nothing brought in from outside: a document type is refused before it is read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO
from xml.parsers import expat

from verriere.techniques.formats.bundle import Unreadable

PIECE = 1 << 20
LONGEST = 512 << 20
"""Characters of one element: the numbers of one spectrum."""
DEEPEST = 64


class Reader:
    """Calls ``begin(path, attributes)`` and ``end(path, text)``; paths are names of elements from the root.

    Text is kept for elements without children only.
    """

    def __init__(
        self, begin: Callable[[tuple[str, ...], dict[str, str]], None], end: Callable[[tuple[str, ...], str], None]
    ) -> None:
        self._begin, self._end = begin, end
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.buffer_size = 1 << 16
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = self._said
        self._parser.StartDoctypeDeclHandler = self._refused

    def read(self, stream: IO[bytes], name: str) -> None:
        """Read all of it.

        Raises
        ------
        Unreadable
            It is no whole XML, or has a document type (which can name other files).
        """
        try:
            while piece := stream.read(PIECE):
                self._parser.Parse(piece, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unreadable("format-xml", name=name, line=error.lineno, reason=str(error)) from None

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(":")[2])
        if len(self._path) > DEEPEST:
            raise Unreadable("format-xml", name=name, line=self._parser.CurrentLineNumber, reason="too deep")
        self._text, self._length = [], 0
        self._begin(tuple(self._path), attributes)

    def _ended(self, _: str) -> None:
        self._end(tuple(self._path), "".join(self._text))
        self._path.pop()
        self._text, self._length = [], 0

    def _said(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST:
            raise Unreadable("format-too-large", name=self._path[-1], limit=f"{LONGEST >> 20} MiB")
        self._text.append(text)

    def _refused(self, name: str, *_: object) -> None:
        raise Unreadable("format-external", name=name)


@contextmanager
def told(errors: Callable[[Unreadable], None]) -> Iterator[None]:
    """Hand what cannot be read to ``errors`` and go on with what was read before."""
    try:
        yield
    except Unreadable as error:
        errors(error)
