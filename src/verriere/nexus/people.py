"""People in a file: those it names as users, and every place that holds something personal."""

import re
from collections.abc import Iterator

from verriere.model import RecordedUser
from verriere.nexus import reading
from verriere.nexus.places import Places
from verriere.nexus.text import is_missing, tidy
from verriere.nexus.walk import Node, Tree
from verriere.policy.personal import PersonalTexts

_GROUPS = (
    "NXentry/NXuser",
    "NXentry/NXsubentry/NXuser",
    "NXuser",
    "NXentry/NXcollection/NXuser",
    "NXentry/NXinstrument/NXuser",
)
_PLACES = (
    "NXentry/user_name",
    "NXentry/user",
    "NXentry/experiment_team",
    "NXentry@user",
    "NXentry/operator",
    "/@user_name",
    "/@user",
)
_LOGINS = ("username", "login", "user_name", "facility_user_id", "userid", "user_id", "account")
_NOBODY = frozenset(
    {"user", "users", "operator", "admin", "root", "guest", "visitor", "anonymous", "staff", "local user"}
)
_FIELDS = re.compile(
    r"(.*[_ .-])?(user_?name|users?|login(_id)?|e?_?mails?|(tele)?phone(_number)?|fax(_number)?|operator|experimenters?"
    r"|proposers?|authors?|contacts?|owner|(local_)?contact|scientist|principal_investigator|pi|investigators?|orcid"
    r"|user_(file|id|comment|path)|address|beamline_leader|leader)",
    re.IGNORECASE,
)


def find_users(places: Places) -> tuple[RecordedUser, ...]:
    """People whom a file names as users, each once."""
    found: dict[str, RecordedUser] = {}
    for path in _GROUPS:
        for group in places.groups(path):
            for user in _of_group(group):
                found.setdefault(user.name.casefold(), user)
    for place in (*places.of_field("user"), *(place for path in _PLACES for place in places.at(path))):
        if place.node.is_group and not place.attribute:
            continue
        text = place.text()
        if _is_somebody(text):
            found.setdefault(
                text.casefold(),
                RecordedUser(text, place.source, is_login=place.key == "login_id" or _looks_like_login(text)),
            )
    return tuple(found.values())[:100]


def find_personal(tree: Tree, users: tuple[RecordedUser, ...]) -> tuple[str, ...]:
    """Every place whose value is personal: fields about people, addresses, homes, and texts that name a user."""
    personal = PersonalTexts.of(users)
    found: list[str] = [user.source for user in users]
    seen: dict[str, bool] = {}
    for node in tree.nodes:
        if tree.is_late:
            tree.note("too-slow", node.path, seconds=tree.limits.seconds)
            found += _not_looked_at(tree, node)
            break
        inside_user = node.role == "NXuser" or (node.parent is not None and node.parent.role == "NXuser")
        for key, value in node.attrs.items():
            if isinstance(value, list):
                text = "\n".join(part for part in value if isinstance(part, str))
            else:
                text = value if isinstance(value, str) else ""
            if not text:
                continue
            known = seen.get(text)
            if known is None:
                known = seen[text] = personal.are_in(text)
            if known or (inside_user and key == "name") or (_is_field(key) and not is_missing(text)):
                found.append(f"{node.path}@{key}")
        if node.is_text and node.size <= 100:
            about_people = inside_user or _is_field(node.name)
            text = "\n".join(reading.texts(node, most=100))
            if text and ((about_people and not is_missing(text)) or personal.are_in(text)):
                found.append(node.path)
        elif node.is_number and node.size == 1 and inside_user:
            found.append(node.path)
    found += [link.path for link in tree.links if personal.are_in(link.file) or personal.are_in(link.target)]
    private = frozenset(found)
    found += [path for path, target in _other_names(tree) if target in private]
    return tuple(dict.fromkeys(found))


def _not_looked_at(tree: Tree, first: Node) -> list[str]:
    """Every text from a node on: what nobody had the time to look at may be about anybody."""
    rest = tree.nodes[tree.nodes.index(first) :]
    return [path for node in rest for path in (*(f"{node.path}@{key}" for key in node.attrs), node.path)]


def _other_names(tree: Tree) -> Iterator[tuple[str, str]]:
    """Objects that a second link leads to: its path, and that of the object."""
    for group in tree.nodes:
        for child in group.children.values():
            if child.target is not None:
                yield child.path, child.target.path


def _is_field(name: str) -> bool:
    return bool(_FIELDS.fullmatch(name))


def _of_group(group: Node) -> list[RecordedUser]:
    role = tidy(reading.text(group.child("role"))) or None
    email = tidy(reading.text(group.child("email"))) or None
    orcid = tidy(reading.text(group.child("ORCID") or group.child("orcid"))) or None
    if is_missing(role or ""):
        role = None
    if email is not None and "@" not in email:
        email = None
    logins = tuple(text for key in _LOGINS if _is_somebody(text := tidy(reading.text(group.child(key)))))
    node = group.child("name")
    names = [tidy(text) for text in reading.texts(node, most=100)] if node is not None else []
    if not names and isinstance(group.attrs.get("name"), str):
        names, node = [tidy(group.text_of("name"))], group
    people = [name for name in names if _is_somebody(name)]
    if people and node is not None:
        source = f"{group.path}@name" if node is group else node.path
        return [
            RecordedUser(name, source, role, email, orcid if orcid and not is_missing(orcid) else None, logins=logins)
            for name in people
        ]
    for key in _LOGINS:
        child = group.child(key)
        login = tidy(reading.text(child))
        if child is not None and _is_somebody(login):
            return [RecordedUser(login, child.path, role, email, is_login=True)]
    return []


def _is_somebody(text: str) -> bool:
    return bool(text) and not is_missing(text) and text.casefold() not in _NOBODY and len(text) <= 200


def _looks_like_login(text: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{1,8}\d{2,}", text))
