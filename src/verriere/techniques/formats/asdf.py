"""The compressed numbers of JCAMP-DX: squeezed, as differences, and with duplicates counted.

Source: McDonald and Wilks, "JCAMP-DX: A Standard Form for Exchange of Infrared Spectra in Computer Readable Form",
Applied Spectroscopy 42 (1988) 151, section 5.
"""

import re

_SQUEEZED = {letter: str(number) for number, letter in enumerate("@ABCDEFGHI")} | {
    letter: f"-{number}" for number, letter in enumerate("abcdefghi", 1)
}
_DIFFERENCE = {letter: str(number) for number, letter in enumerate("%JKLMNOPQR")} | {
    letter: f"-{number}" for number, letter in enumerate("jklmnopqr", 1)
}
_DUPLICATE = {letter: str(number) for number, letter in enumerate("STUVWXYZs", 1)}
_TOKEN = re.compile(r"([@A-Ia-i%J-Rj-rS-Zs])(\d*)|([-+]?(?:\d+\.?\d*|\.\d+))|(\?)")
_FREE = re.compile(r"()()([-+]?(?:\d+\.?\d*|\.\d+)(?:[Ee][-+]?\d+)?)|(\?)")
_COMPRESSED = re.compile(r"[@A-DF-Ia-df-i%J-Zj-s]")
_MOST_REPEATS = 1 << 24


def ordinates(lines: list[str], most: int) -> tuple[list[float], int]:
    """The values of a table ``(X++(Y..Y))`` as they are written, and how many lines contradict the one before.

    Parameters
    ----------
    most
        Values to be read: duplicates can promise more than a machine has memory for.
    """
    found: list[float] = []
    contradictions = 0
    differing = False
    # An E is an exponent in numbers of free form, and a five where they are squeezed.
    pattern = _TOKEN if any(_COMPRESSED.search(line.split("$$")[0]) for line in lines) else _FREE
    for line in lines:
        tokens = pattern.findall(line.split("$$")[0])
        if len(tokens) < 2:
            continue
        values, differing_next = _line(tokens[1:], most - len(found) + 1)
        if differing and found and values:  # the first value of the line says the last of the one before again
            contradictions += values[0] != found[-1]
            found[-1:] = values
        else:
            found += values
        differing = differing_next
        if len(found) >= most:
            break
    return found[:most], contradictions


def _line(tokens: list[tuple[str, str, str, str]], most: int) -> tuple[list[float], bool]:
    values: list[float] = []
    step: float | None = None
    for letter, digits, plain, unknown in tokens:
        if plain or letter in _SQUEEZED:
            values.append(float(plain or _SQUEEZED[letter] + digits))
            step = None
        elif letter in _DIFFERENCE and values:
            step = float(_DIFFERENCE[letter] + digits)
            values.append(values[-1] + step)
        elif letter in _DUPLICATE and values:
            times = int((_DUPLICATE[letter] + digits)[:9]) - 1
            for _ in range(min(times, most, _MOST_REPEATS)):
                values.append(values[-1] + (step or 0))
        elif unknown:
            values.append(float("nan"))
            step = None
        if len(values) >= most:
            break
    return values, step is not None
