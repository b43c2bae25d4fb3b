"""People and groups: who they are, what is theirs, and handing it over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diwi_desktop.model import rights
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.rights import Right
from diwi_desktop.store import queries, syncstate
from diwi_desktop.store.queries import Person

if TYPE_CHECKING:
    from diwi_desktop.store.act import Act
    from diwi_desktop.store.store import Store


@dataclass(frozen=True, slots=True)
class Group:
    """`members` maps the id of a person to that of his membership."""

    id: str
    name: str
    note: str
    members: dict[str, str]


def groups(store: Store, moment: Moment | None = None) -> list[Group]:
    """All groups with their members, by name."""
    with store.snapshot():
        members: dict[str, dict[str, str]] = {}
        for row in queries.entities(store, "group_member", moment=moment):
            members.setdefault(row["user_group_id"], {})[row["person"]] = row["id"]
        rows = queries.entities(store, "user_group", moment=moment)
    found = [Group(row["id"], row["name"], row["note"] or "", members.get(row["id"], {})) for row in rows]
    return sorted(found, key=lambda g: (g.name.casefold(), g.id))


def names(store: Store, moment: Moment | None = None) -> dict[str, str]:
    """What everybody who can own is called, by id: people and groups, as far as the viewer sees them."""
    with store.snapshot():
        found = {person.id: person.name or person.email for person in queries.people(store, moment)}
        return found | {row["id"]: row["name"] for row in queries.entities(store, "user_group", moment=moment)}


def everybody(store: Store) -> list[Person]:
    """Everybody in the register by name, whoever looks: to choose in whose name to work."""
    rows = store.read_whole().execute(
        "SELECT id, coalesce(name, ''), email, role, state FROM person WHERE deleted_at IS NULL"
    )
    found = [Person(r[0], r[1], r[2], UserRole(r[3]), PersonState(r[4])) for r in rows]
    return sorted(found, key=lambda p: ((p.name or p.email).casefold(), p.id))


def find_person(store: Store, text: str) -> Person:
    """The person with this e-mail address, name or id. Raises UserError: unknown_person, ambiguous_person."""
    wanted = text.strip().casefold()
    people = queries.people(store)
    for key in ("email", "id", "name"):
        found = [person for person in people if getattr(person, key).casefold() == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            raise UserError(
                f"Er zijn {len(found)} personen met de naam '{text}'; gebruik het e-mailadres.",
                f"There are {len(found)} people called '{text}'; use the e-mail address.",
                code="ambiguous_person",
            )
    raise UserError(
        f"Er is geen persoon met de naam of het e-mailadres '{text}'.",
        f"There is no person with the name or e-mail address '{text}'.",
        code="unknown_person",
    )


def find_group(store: Store, name: str) -> Group | None:
    """The group with this name or id, in any case."""
    wanted = " ".join(name.split()).casefold()
    return next((g for g in groups(store) if wanted in (" ".join(g.name.split()).casefold(), g.id)), None)


def owners(store: Store) -> dict[str, list[str]]:
    """Per person and group the projects that are theirs directly, by id, as far as the viewer sees the projects.

    Who hands projects over without seeing them, the administrator, gets them all.
    """
    found: dict[str, list[str]] = {}
    for _, project, owner in _writers(store):
        found.setdefault(owner, []).append(project)
    return found


def owners_are_here(store: Store) -> bool:
    """Whether this store can tell who owns what. A connected laptop has the projects that its user sees; who sees none,
    an administrator, has none of their owners either.
    """
    if any(rights.may(store.viewer, right) for right in (Right.VIEW_OTHERS, Right.VIEW_OWN)):
        return True
    return syncstate.standing(store.read_whole()) is None


def asks_server(store: Store) -> bool:
    """Whether the server has to hand projects over: the viewer may, and this store does not know who owns what."""
    return rights.may(store.viewer, Right.CHANGE_OWNER) and not owners_are_here(store)


def hand_over(store: Store, leaving: str, to: str, *, lock: bool = False) -> int:
    """Let `to` own what `leaving` owns, both the id of a person or group, in one act; returns how many projects.

    `lock`: also end the person's membership of groups and his access. Raises Refused as every act does, and UserError
    (owners_not_here) where this store does not know who owns what, see `asks_server`.
    """
    if not owners_are_here(store):
        raise UserError(
            "Op deze computer staat niet wie welke projecten heeft: een beheerder krijgt geen projecten. Laat een"
            " hoofdgebruiker ze overdragen.",
            "This computer does not have who owns which projects: an administrator gets no projects. Have a main user"
            " hand them over.",
            code="owners_not_here",
        )
    everybody = {person.id: person for person in queries.people(store)}
    called = names(store)
    rows = _writers(store)
    theirs = {project for _, project, owner in rows if owner == to}
    new: dict[str, Any] = {"person": to, "user_group": None} if to in everybody else {"person": None, "user_group": to}
    count = 0
    with store.act(f"Projecten van {called.get(leaving, '?')} overdragen: {called.get(to, '?')}") as act:
        for writer, project, owner in rows:
            if owner != leaving:
                continue
            count += 1
            if project in theirs:
                act.delete("writer", writer)
                continue
            for field, value in new.items():
                act.set("writer", writer, field, value)
        if lock and leaving in everybody:
            _end_access(store, act, leaving)
    return count


def end_access(store: Store, leaving: str) -> None:
    """End a person's membership of groups and his access, in one act. Raises Refused as every act does."""
    with store.act(f"{names(store).get(leaving, '?')} blokkeren") as act:
        _end_access(store, act, leaving)


def _end_access(store: Store, act: Act, leaving: str) -> None:
    for group in groups(store):
        if leaving in group.members:
            act.delete("group_member", group.members[leaving])
    act.set("person", leaving, "state", PersonState.LOCKED)


def _writers(store: Store) -> list[tuple[str, str, str]]:
    """(id, project, owner) of who owns what, projects that were deleted left out."""
    whole = rights.may(store.viewer, Right.CHANGE_OWNER)
    with store.snapshot(whole=whole) as connection:
        rows: Iterable[tuple[str, str, str]] = connection.execute(
            "SELECT w.id, w.project_id, coalesce(w.person, w.user_group) FROM writer w JOIN project p"
            " ON p.id = w.project_id WHERE w.deleted_at IS NULL AND p.deleted_at IS NULL ORDER BY w.id"
        )
        return [(id, project, owner) for id, project, owner in rows if owner]
