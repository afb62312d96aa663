"""From text to tree: a small recursive descent, which knows at every step where in the text it is."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches

from verriere.catalogue.fold import slug, words
from verriere.catalogue.query.fields import ALIASES, EXACT, HAS, PHYSICAL, STATUSES, TEXTS
from verriere.catalogue.query.tree import (
    And,
    Comparison,
    Exact,
    Leaf,
    Moment,
    Node,
    Not,
    Number,
    Or,
    Range,
    Text,
    Years,
)
from verriere.catalogue.query.units import is_unit, measures, nearest
from verriere.errors import QueryInvalid
from verriere.wording import query_trouble

_LONGEST = 2_000
_DEEPEST = 30

_SPACE = re.compile(r"\s*")
_FIELD = re.compile(r"([^\W\d_][\w.\-/]*):")
_COMPARISON = re.compile(r"<=|>=|<|>|=|≤|≥")
_BARE = re.compile(r"[^\s()\"]+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(\*?)')
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"({_NUMBER})\s*(.*)", re.DOTALL)
_SPAN = re.compile(rf"({_NUMBER})\s*(.*?)\s*(?:\.\.|…)\s*({_NUMBER})\s*(.*)", re.DOTALL)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_YEARS = re.compile(r"(\d{4})(?:(?:\.\.|…)(\d{4}))?")
_OR = re.compile(r"(?:or|OR)(?![^\s()])")
_AND = re.compile(r"AND(?![^\s()])")
_NOT = re.compile(r"NOT(?![^\s()])")


def parse(text: str) -> Node:
    """The tree of a query; an empty one matches everything.

    Raises
    ------
    QueryInvalid
        With the position at which the trouble starts, and what to write instead.
    """
    if len(text) > _LONGEST:
        raise _trouble("too-long", _LONGEST, most=_LONGEST)
    parser = _Parser(text)
    tree = parser.alternatives()
    if parser.at < len(text):
        raise _trouble("closes-nothing", parser.at)
    return tree


class _Parser:
    """Reads ``text`` from ``at`` on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def alternatives(self) -> Node:
        """One or more groups of terms with ``or`` between them."""
        groups = [self.terms()]
        while (start := self._skip(_OR)) is not None:
            if groups[-1] == And(()):
                raise _trouble("nothing-before-or", start)
            groups.append(self.terms())
            if groups[-1] == And(()):
                raise _trouble("nothing-after-or", start)
        return groups[0] if len(groups) == 1 else Or(tuple(groups))

    def terms(self) -> Node:
        """Terms that must all match."""
        found: list[Node] = []
        while True:
            if self._skip(_AND) is not None:
                continue
            self._space()
            if self.at >= len(self.text) or self.text[self.at] == ")" or _OR.match(self.text, self.at):
                return found[0] if len(found) == 1 else And(tuple(found))
            found.append(self.term())

    def term(self) -> Node:
        """One term: negated, in parentheses, in quotes, a field, or a word."""
        start = self.at
        if self._skip(_NOT) is not None or self.text[start] == "-":
            self.at += self.at == start
            if (
                self.at >= len(self.text)
                or self.text[self.at] == ")"
                or (self.text[start] == "-" and self.text[self.at].isspace())
            ):
                raise _trouble("nothing-to-leave-out", start)
            self._space()
            return Not(self._deeper(start, self.term))
        if self.text[start] == "(":
            return self._deeper(start, self._parenthesis)
        field = _FIELD.match(self.text, start)
        if field and not self.text.startswith("//", field.end()):
            self.at = field.end()
            return self._field(field[1], start)
        value, prefix = self._value(start, "")
        return _text("", value, prefix, start)

    def _parenthesis(self) -> Node:
        start = self.at
        self.at += 1
        inner = self.alternatives()
        if self.at >= len(self.text):
            raise _trouble("not-closed", start)
        self.at += 1
        if inner == And(()):
            raise _trouble("empty-parenthesis", start)
        return inner

    def _deeper(self, start: int, step: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _trouble("too-deep", start)
        node = step()
        self.depth -= 1
        return node

    def _field(self, name: str, start: int) -> Leaf:
        field = ALIASES.get(name.lower(), name.lower())
        comparison = self._comparison()
        at = self.at
        value, prefix = self._value(start, name)
        if comparison is None or comparison is Comparison.EQUAL:
            plain = _plain_field(field, value, prefix, start, at)
            if plain is not None:
                return plain
        elif field in TEXTS | EXACT | {"status", "has", "after", "before", "year"}:
            raise _trouble("no-comparison", start, field=name, comparison=comparison)
        return self._parameter(field, comparison, value, prefix, start=start, at=at)

    def _parameter(
        self, name: str, comparison: Comparison | None, value: str, prefix: bool, *, start: int, at: int
    ) -> Leaf:
        field = slug(name)
        span = _SPAN.fullmatch(value)
        if span and comparison is None:
            low, low_unit, high, unit = span.groups()
            if low_unit and unit and low_unit != unit:
                raise _trouble("two-units", at, low=low, high=high, unit=unit)
            return Range(field, float(low), float(high), self._unit(field, unit or low_unit, at), start)
        quantity = None if prefix else _QUANTITY.fullmatch(value)
        if quantity and (not quantity[2] or is_unit(quantity[2]) or comparison or field in PHYSICAL):
            unit = self._unit(field, quantity[2], at)
            return Number(field, comparison or Comparison.EQUAL, float(quantity[1]), unit, start)
        if comparison or field in PHYSICAL:
            raise _trouble("no-number", at, value=value, field=name)
        return _text(field, value, prefix, at, start)

    def _unit(self, field: str, written: str, at: int) -> str:
        """The unit of a number: as written after it, or, after a space, the next word if that is one."""
        if written:
            return _checked(field, written, max(self.text.find(written, at), at))
        gap = _SPACE.match(self.text, self.at)
        assert gap is not None
        following = _BARE.match(self.text, gap.end())
        if gap.end() > self.at and following and ":" not in following[0] and is_unit(following[0]):
            self.at = following.end()
            return _checked(field, following[0], following.start())
        return ""

    def _comparison(self) -> Comparison | None:
        found = _COMPARISON.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        if found[0] != "=":
            self._space()
        return Comparison({"≤": "<=", "≥": ">="}.get(found[0], found[0]))

    def _value(self, start: int, field: str) -> tuple[str, bool]:
        """What stands here, in quotes or up to the next space, and whether a star follows."""
        if self.text.startswith('"', self.at):
            quoted = _QUOTED.match(self.text, self.at)
            if quoted is None:
                raise _trouble("quote-not-closed", self.at)
            self.at = quoted.end()
            return re.sub(r"\\(.)", r"\1", quoted[1]), bool(quoted[2])
        bare = _BARE.match(self.text, self.at)
        if bare is None:
            raise _trouble("no-value", start, field=field)
        self.at = bare.end()
        return bare[0].rstrip("*"), bare[0].endswith("*")

    def _skip(self, pattern: re.Pattern[str]) -> int | None:
        """Step over a keyword; where it stood, or None."""
        self._space()
        found = pattern.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found.start()

    def _space(self) -> None:
        gap = _SPACE.match(self.text, self.at)
        assert gap is not None
        self.at = gap.end()


def _plain_field(  # noqa: PLR0911 - one way for each kind of field
    field: str, value: str, prefix: bool, start: int, at: int
) -> Leaf | None:
    """A field that is not a parameter; None if it is one."""
    if field in TEXTS:
        return _text(field, value, prefix, at, start)
    if field in EXACT:
        return Exact(field, value, start)
    if field == "status":
        return Exact(field, STATUSES[_choice(field, value, STATUSES, at)], start)
    if field == "has":
        return Exact(field, _choice(field, value, HAS, at), start)
    if field in {"after", "before"}:
        return Moment(field, _day(value, at), start)
    if field == "year":
        years = _YEARS.fullmatch(value)
        if years is None:
            raise _trouble("no-year", at, value=value)
        return Years(int(years[1]), int(years[2] or years[1]), start)
    return None


def _text(field: str, value: str, prefix: bool, at: int, start: int | None = None) -> Text:
    found = words(value)
    if not found:
        raise _trouble("no-word", at, value=value)
    return Text(tuple(found), prefix, field, at if start is None else start)


def _checked(field: str, unit: str, at: int) -> str:
    """A unit that the field can be written in."""
    if is_unit(unit) and measures(unit, field):
        return unit
    near = nearest(unit, field)
    if is_unit(unit):
        raise _trouble("other-unit", at, field=field, value=unit, near=near or PHYSICAL[field])
    if near:
        raise _trouble("misspelt-unit", at, value=unit, near=near)
    raise _trouble("no-unit", at, value=unit)


def _choice(field: str, value: str, choices: Mapping[str, str], at: int) -> str:
    known = list(choices)
    folded = value.lower()
    if folded in known:
        return folded
    near = get_close_matches(folded, known, n=1)
    if near:
        raise _trouble("misspelt-choice", at, field=field, value=value, near=near[0])
    raise _trouble("no-choice", at, field=field, value=value, known=", ".join(known))


def _day(value: str, at: int) -> date:
    written = _DATE.fullmatch(value)
    year, month, day = written.groups() if written else ("0", "", "")
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise _trouble("no-date", at, value=value) from error


def _trouble(reason: str, at: int, **facts: object) -> QueryInvalid:
    told = {name: str(value) for name, value in facts.items()}
    sentence = query_trouble(reason, told)
    return QueryInvalid(sentence.text, position=at, hint=sentence.fix, reason=reason, facts=told)
