"""Gathering the files of a folder into groups, one rule after the other; what one rule takes is gone for the next."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from verriere.ingest.look import Look, has_signature
from verriere.ingest.rules import FolderRule, Rules
from verriere.ingest.tree import Folder, Found, shown
from verriere.model import Finding
from verriere.wording import finding

NUMBERED = re.compile(r"(.*?)(\d+)$", re.DOTALL)
LOOK_AT_ALL_UP_TO = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a group.

    Parameters
    ----------
    name
        Inside the dataset, with ``/``.
    size, modified
        Bytes, and seconds since 1970, when it was found.
    speaks
        Whether it is read for what it says of the dataset.
    """

    path: Path
    name: str
    role: str
    media_type: str
    size: int
    modified: float
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are one dataset.

    Parameters
    ----------
    kind
        The rule that brought them together.
    source
        What names the dataset, the same whenever it is found: the path of its first file or of its folder; for
        numbered frames their path with ``#`` for the number.
    title
        What to call it where no file says it.
    members
        The one that speaks for the whole first.
    writing
        Members that a program has open for writing.
    """

    kind: str
    source: str
    title: str
    members: tuple[Member, ...]
    writing: tuple[Path, ...] = ()

    @property
    def size(self) -> int:
        """Bytes in all files."""
        return sum(member.size for member in self.members)


@dataclass(slots=True)
class _Draft:
    kind: str
    source: str
    title: str
    base: Path
    leader: Found
    roles: dict[Found, str]


class Gathering:
    """The groups of a tree of folders.

    Parameters
    ----------
    looker
        Looks at many HDF5 files, in the order given.
    wanted
        Where not None, only the groups that one of these files is of.
    """

    def __init__(
        self, tables: Rules, looker: Callable[[Sequence[Path]], Iterable[Look]], wanted: frozenset[Path] | None
    ) -> None:
        self.groups: list[Group] = []
        self.left_out: list[Finding] = []
        self.deferred: list[Finding] = []
        self._tables = tables
        self._looker = looker
        self._wanted = wanted
        self._looks: dict[Path, Look] = {}
        self._taken: set[Path] = set()

    def gather(self, top: Folder) -> None:
        """Group the files of a folder and of all below it."""
        waiting = [top]
        while waiting:
            folder = waiting.pop(0)
            rule = next((r for r in self._tables.folders if r.fits(folder.path.name, folder.names)), None)
            if rule is not None:
                self._add(self._whole_folder(folder, rule))
            else:
                waiting = [*self._parts(folder), *waiting]

    def _whole_folder(self, folder: Folder, rule: FolderRule) -> _Draft:
        files = [found for found in folder.all_files() if found.path not in self._taken]
        leader = min(files, key=lambda f: (f.name not in rule.any, f.name not in rule.all, len(f.path.parts)))
        named = folder.path.name
        title = named if not named.isdecimal() else f"{folder.path.parent.name}/{named}"
        roles = {found: self._role(found) for found in files}
        return _Draft(rule.kind, str(folder.path), title, folder.path, leader, roles)

    def _role(self, found: Found) -> str:
        return "other" if self._tables.is_document(found.name, found.path.parent.name) else "data"

    def _parts(self, folder: Folder) -> list[Folder]:
        """Group the files that lie directly in a folder; return the folders that remain to be looked at."""
        documents, free = [], []
        for found in folder.files:
            if found.path in self._taken:
                continue
            if self._tables.unfinished.match(found.name):
                self.deferred.append(finding("deferred-unfinished", shown(found.path)))
            elif self._tables.is_document(found.name, folder.path.name):
                documents.append(found)
            else:
                free.append(found)
        drafts = self._of_one_stem(folder, free)
        hdf5 = self._hdf5(folder, self._rest(free, drafts))
        drafts += hdf5
        drafts += self._frames(folder, self._rest(free, drafts))
        drafts += [
            self._single("single", folder, found)
            for found in self._rest(free, drafts)
            if self._tables.stem_and_suffix(found.name)[1] in self._tables.single
        ]
        self._auxiliary(folder, drafts, hdf5)
        self._beside(self._rest(free, drafts), drafts)
        rest = self._rest(free, drafts)
        if rest:
            roles = dict.fromkeys(rest, "data") | dict.fromkeys(documents, "other")
            drafts.append(_Draft("files", str(folder.path), folder.path.name, folder.path, rest[0], roles))
        else:
            self.left_out += [finding("left-out-document", shown(found.path)) for found in documents]
        remaining = self._folders_beside(folder, drafts)
        for draft in sorted(drafts, key=lambda draft: draft.source):
            self._add(draft)
        return remaining

    @staticmethod
    def _rest(free: list[Found], drafts: list[_Draft]) -> list[Found]:
        taken = {found for draft in drafts for found in draft.roles}
        return [found for found in free if found not in taken]

    @staticmethod
    def _single(kind: str, folder: Folder, found: Found) -> _Draft:
        return _Draft(kind, str(found.path), found.name, folder.path, found, {found: "data"})

    def _of_one_stem(self, folder: Folder, free: list[Found]) -> list[_Draft]:
        stems = defaultdict[str, dict[str, Found]](dict)
        for found in free:
            path = PurePath(found.name)
            stems[path.stem][path.suffix.lower()] = found
        drafts = []
        for parts in stems.values():
            for rule in self._tables.stems:
                if rule.leader in parts and rule.others & parts.keys():
                    leader = parts.pop(rule.leader)
                    others = [parts.pop(suffix) for suffix in sorted(rule.others & parts.keys())]
                    roles = dict.fromkeys([leader, *others], "data")
                    drafts.append(_Draft(rule.kind, str(leader.path), leader.path.stem, folder.path, leader, roles))
        return drafts

    def _hdf5(self, folder: Folder, free: list[Found]) -> list[_Draft]:
        """One draft for each HDF5 file that no other file's links claim, with the files that its own links name."""
        files = {found.path: found for found in free if self._is_hdf5(found)}
        below = {found.path: found for found in folder.all_files() if found.path not in self._taken}
        looked = self._to_look_at(files)
        self._looks |= dict(zip(looked, self._looker(looked), strict=True))
        named = {path: self._named(path, below) for path in files}
        masters = {path for path, targets in named.items() if targets}
        claims = {
            path: {t for t in targets if t not in masters or t.name.startswith(path.stem)}
            for path, targets in named.items()
        }
        leaders = list[Path]()
        for path in sorted(files, key=lambda path: (path.stem, path.suffix != ".nxs", path.name)):
            claimed_by = [other for other in masters if other != path and path in claims[other]]
            if not any(
                path not in claims[path] and (other in leaders or other not in claims[path]) for other in claimed_by
            ):
                leaders.append(path)
        drafts = []
        for path in leaders:
            draft = self._single("nexus" if self._look(path).entries else "hdf5", folder, files[path])
            reached = self._reached(path, claims) - set(leaders)
            draft.roles |= {below[target]: "companion" for target in sorted(reached)}
            drafts.append(draft)
        return drafts

    def _is_hdf5(self, found: Found) -> bool:
        suffix = PurePath(found.name).suffix.lower()
        if suffix in self._tables.hdf5:
            return True
        known = self._tables.frames | self._tables.single | self._tables.beside | self._tables.packed
        if suffix in known:
            return False
        try:
            return has_signature(found.path)
        except OSError:
            return False

    def _to_look_at(self, files: dict[Path, Found]) -> list[Path]:
        if self._wanted is None or len(files) <= LOOK_AT_ALL_UP_TO:
            return sorted(files)
        return sorted(path for path in files if any(wanted.name.startswith(path.stem) for wanted in self._wanted))

    def _look(self, path: Path) -> Look:
        return self._looks.get(path, Look(hdf5=True))

    def _named(self, path: Path, below: dict[Path, Found]) -> set[Path]:
        """Files in or below the folder of ``path`` that its links name.

        HDF5 looks for the last part of a name beside the file, too, where the name as written leads nowhere.
        """
        targets = set()
        for link in self._look(path).links:
            if "\0" in link or link.startswith("file:"):
                continue
            for target in (_plain(path.parent / link), path.parent / PurePath(link).name):
                if target in below and target != path:
                    targets.add(target)
                    break
        return targets

    def _reached(self, path: Path, claims: dict[Path, set[Path]]) -> set[Path]:
        reached, waiting = set[Path](), [path]
        while waiting:
            for target in claims.get(waiting.pop(), set()) - reached - {path}:
                reached.add(target)
                waiting.append(target)
        return reached

    def _frames(self, folder: Folder, free: list[Found]) -> list[_Draft]:
        series = defaultdict[str, list[Found]](list)
        for found in free:
            stem, suffix = self._tables.stem_and_suffix(found.name)
            if suffix in self._tables.frames:
                number = NUMBERED.match(stem)
                name = f"{number[1]}#{found.name[len(stem) :]}" if number else found.name
                series[name].append(found)
        drafts = []
        for name, frames in series.items():
            stem = self._tables.stem_and_suffix(frames[0].name)[0] if len(frames) == 1 else PurePath(name).name
            title = stem if len(frames) == 1 else f"{name.partition('#')[0].rstrip('-_. ') or folder.path.name}"
            drafts.append(
                _Draft("frames", str(folder.path / name), title, folder.path, frames[0], dict.fromkeys(frames, "data"))
            )
        return drafts

    def _auxiliary(self, folder: Folder, drafts: list[_Draft], hdf5: list[_Draft]) -> None:
        """Bring files that serve a measurement together, or to the one measurement that they can serve."""
        for rule in self._tables.auxiliary:
            serving = [
                draft
                for draft in hdf5
                if len(draft.roles) == 1
                and not self._look(draft.leader.path).entries
                and (not rule.name or rule.name.search(draft.leader.path.stem))
                and (not rule.members or any(map(rule.members.match, self._look(draft.leader.path).members)))
            ]
            masters = [draft for draft in hdf5 if draft.kind == "nexus"]
            if not serving:
                continue
            for draft in serving:
                drafts.remove(draft)
                hdf5.remove(draft)
            files = dict.fromkeys([draft.leader for draft in serving], "auxiliary")
            if not rule.of_its_own and len(masters) == 1:
                masters[0].roles |= files
            else:
                first = serving[0].leader
                source = str(folder.path / f"[{rule.kind}]")
                drafts.append(_Draft(rule.kind, source, folder.path.name, folder.path, first, files))

    def _beside(self, rest: list[Found], drafts: list[_Draft]) -> None:
        speakers = dict[str, _Draft]()
        for draft in drafts:
            for found in draft.roles:
                speakers.setdefault(found.name, draft)
                speakers.setdefault(self._tables.stem_and_suffix(found.name)[0], draft)
        for found in rest:
            path = PurePath(found.name)
            if path.suffix.lower() in self._tables.beside and path.stem in speakers:
                speakers[path.stem].roles[found] = "other"

    def _folders_beside(self, folder: Folder, drafts: list[_Draft]) -> list[Folder]:
        """Give each folder that has the stem of a measurement to it; return the others."""
        taken = {found.path for draft in drafts for found in draft.roles}
        self._taken |= taken
        leaders = {self._tables.stem_and_suffix(draft.leader.name)[0]: draft for draft in reversed(drafts)}
        remaining = []
        for inner in folder.folders:
            draft = leaders.get(inner.path.name)
            whole = any(rule.fits(inner.path.name, inner.names) for rule in self._tables.folders)
            if draft is None or draft.kind == "files" or whole:
                remaining.append(inner)
                continue
            for found in inner.all_files():
                if found.path not in taken:
                    draft.roles[found] = "other" if self._role(found) == "other" else "companion"
                    self._taken.add(found.path)
        return remaining

    def _add(self, draft: _Draft) -> None:
        paths = {found.path for found in draft.roles}
        self._taken |= paths
        if self._wanted is not None and not paths & self._wanted:
            return
        rest = sorted((found for found in draft.roles if found != draft.leader), key=lambda found: str(found.path))
        members = tuple(self._member(draft, found) for found in (draft.leader, *rest))
        writing = tuple(found.path for found in draft.roles if self._look(found.path).writing)
        self.groups.append(Group(draft.kind, shown(draft.source), shown(draft.title), members, writing))

    def _member(self, draft: _Draft, found: Found) -> Member:
        role = draft.roles[found]
        speaks = found == draft.leader or (role in {"data", "auxiliary"} and found.path in self._looks)
        name = shown(found.path.relative_to(draft.base).as_posix())
        return Member(found.path, name, role, self._tables.media_type(found.name), found.size, found.modified, speaks)


def _plain(path: Path) -> Path:
    """The path without ``..`` and ``.``, links left as they are."""
    parts = list[str]()
    for part in path.parts:
        if part == "..":
            parts = parts[:-1] if len(parts) > 1 else parts
        else:
            parts.append(part)
    return Path(*parts)
