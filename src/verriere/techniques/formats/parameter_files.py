"""Parameter files of NMR spectrometers: Bruker's (in the manner of JCAMP-DX) and Varian's ``procpar``."""

import re
from collections.abc import Iterator

from verriere.techniques.formats.record import Value, value_of

_LABEL = re.compile(r"^##(\$?)([^=]*)=(.*)$")
_ARRAY = re.compile(r"\s*\((\d+)\.\.(\d+)\)\s*")
_MOST_VALUES = 1_000_000


def bruker(text: str) -> list[tuple[str, Value]]:
    """Keys and values of ``acqus``, ``procs`` and their like, in their order; comments (``$$``) under ``$$``."""
    fields: list[tuple[str, Value]] = []
    comments: list[str] = []
    key, lines = "", list[str]()
    for line in [*text.splitlines(), "##END="]:
        match = _LABEL.match(line)
        if match is None:
            if line.startswith("$$"):
                comments.append(line[2:].strip())
            elif key:
                lines.append(line)
            continue
        if key:
            fields.append((key, _bruker_value(lines)))
        key, lines = match[2].strip(), [match[3]]
    return [*fields, *([("$$", tuple(comments))] if comments else [])]


def _bruker_value(lines: list[str]) -> Value:
    array = _ARRAY.match(lines[0])
    if array is None:
        text = "\n".join(lines).strip()
        if text.startswith("<") and text.endswith(">") and text.count("<") == 1:
            return text[1:-1]
        return value_of(text.partition("$$")[0].strip()) if "\n" not in text else text
    rest = " ".join([lines[0][array.end() :], *lines[1:]]).strip()
    if rest.startswith("<"):
        return tuple(re.findall(r"<([^>]*)>", rest))
    values = [value_of(word) for word in rest.split()[:_MOST_VALUES]]
    if all(isinstance(value, int) for value in values):
        return tuple(value for value in values if isinstance(value, int))
    if all(isinstance(value, int | float) for value in values):
        return tuple(float(value) for value in values)
    return tuple(str(value) for value in values)


def varian(text: str) -> list[tuple[str, Value]]:
    """Keys and values of a ``procpar``; of each parameter also what may be chosen (``name:choices``).

    A parameter is a line that describes it, its values (numbers on one line, each text on a line of its own, in
    quotes), and a line with the values that it may have. What is cut short ends the list.
    """
    fields: list[tuple[str, Value]] = []
    lines = iter(text.splitlines())
    for line in lines:
        words = line.split()
        if len(words) < 10:
            continue
        is_text = words[2] == "2"
        try:
            values = _varian_values(next(lines), lines, is_text=is_text)
            choices = _varian_values(next(lines), lines, is_text=is_text, one_line=True)
        except (StopIteration, ValueError):
            break
        fields.append((words[0], values[0] if len(values) == 1 else values))
        fields.append((f"{words[0]}:attributes", tuple(words[1:])))
        if choices:
            fields.append((f"{words[0]}:choices", choices))
    return fields


def _varian_values(
    first: str, lines: Iterator[str], *, is_text: bool, one_line: bool = False
) -> tuple[str, ...] | tuple[float, ...]:
    count, _, rest = first.strip().partition(" ")
    number = int(count)
    if not is_text:
        return tuple(float(word) for word in rest.split()[:number])
    if one_line:
        return tuple(re.findall(r'"([^"]*)"', rest))
    texts = [_quoted(rest, lines)]
    while len(texts) < number:
        texts.append(_quoted(next(lines), lines))
    return tuple(texts)


def _quoted(text: str, lines: Iterator[str]) -> str:
    """A text in quotes, which may go on over several lines."""
    found = text.strip()
    while found.count('"') % 2:
        found += "\n" + next(lines)
    return found.strip().removeprefix('"').removesuffix('"')
