"""Accounts of a register: people with their role and state, groups, and handing over on leaving."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from typing import Any

from diwi_desktop.cli import syncing
from diwi_desktop.cli.output import WrongUse, complain, count, print_json, say, table
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.rights import Right
from diwi_desktop.store import Store, outbox, people, queries
from diwi_desktop.store.people import Group
from diwi_desktop.store.queries import Person

_NOT_HERE = "–"  # in place of a number that this laptop cannot know


def show(store: Store, arguments: Namespace) -> None:
    """The people with what is theirs, and the groups."""
    store.require(Right.VIEW_USERS)
    everybody, groups, owned = queries.people(store), people.groups(store), people.owners(store)
    called = people.names(store)
    here = people.owners_are_here(store)
    if arguments.json:
        print_json(
            {
                "people": [_person(person, len(owned.get(person.id, ())) if here else None) for person in everybody],
                "groups": [
                    {"id": group.id, "name": group.name, "note": group.note,
                     "members": [called[member] for member in group.members],
                     "projects": len(owned.get(group.id, ())) if here else None}
                    for group in groups
                ],
            }
        )  # fmt: skip
        return
    rows = [
        [p.name, p.email, code_list("user_role").label(p.role), code_list("person_state").label(p.state),
         str(len(owned.get(p.id, ()))) if here else _NOT_HERE]
        for p in everybody
    ]  # fmt: skip
    for line in table(["naam", "e-mailadres", "rol", "stand", "projecten"], rows, right=(4,)):
        say(line)
    if groups:
        say("")
        members = [
            [g.name, ", ".join(called[member] for member in g.members),
             str(len(owned.get(g.id, ()))) if here else _NOT_HERE]
            for g in groups
        ]  # fmt: skip
        for line in table(["groep", "leden", "projecten"], members, right=(2,)):
            say(line)
    say(f"{count(len(everybody), 'persoon', 'personen')}, {count(len(groups), 'groep', 'groepen')}")
    if not here:
        say(f"projecten: {_NOT_HERE}, want een beheerder krijgt geen projecten, en dus ook niet van wie die zijn")


def _person(person: Person, projects: int | None) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "email": person.email, "role": person.role.value,
            "state": person.state.value, "projects": projects}  # fmt: skip


def add(store: Store, arguments: Namespace) -> None:
    """Invite somebody."""
    role = _role(arguments.role)
    with store.act(f"{arguments.email} uitnodigen") as act:
        act.create("person", {"email": arguments.email, "name": arguments.name, "role": role,
                              "state": PersonState.INVITED})  # fmt: skip
    say(f"{arguments.email}: uitgenodigd als {code_list('user_role').label(role)}")


def role(store: Store, arguments: Namespace) -> None:
    """Another role, at once."""
    person, new = people.find_person(store, arguments.email), _role(arguments.role)
    with store.act(f"Rol van {person.name or person.email} wijzigen") as act:
        act.set("person", person.id, "role", new)
    say(f"{person.email}: {code_list('user_role').label(person.role)} → {code_list('user_role').label(new)}")


def lock(store: Store, arguments: Namespace) -> None:
    """No access from now on."""
    _state(store, arguments.email, PersonState.LOCKED, "blokkeren")


def unlock(store: Store, arguments: Namespace) -> None:
    """Access, for who was invited or locked."""
    _state(store, arguments.email, PersonState.ACTIVE, "toegang geven")


def _state(store: Store, email: str, state: PersonState, word: str) -> None:
    person = people.find_person(store, email)
    with store.act(f"{person.name or person.email} {word}") as act:
        act.set("person", person.id, "state", state)
    labels = code_list("person_state")
    say(f"{person.email}: {labels.label(person.state)} → {labels.label(state)}")


def remove(store: Store, arguments: Namespace) -> None:
    """Take somebody out of the register; projects have to be handed over first."""
    person = people.find_person(store, arguments.email)
    with store.act(f"{person.name or person.email} verwijderen") as act:
        for group in people.groups(store):
            if person.id in group.members:
                act.delete("group_member", group.members[person.id])
        act.delete("person", person.id)
    say(f"{person.email}: verwijderd")


def group(store: Store, arguments: Namespace) -> None:
    """Make a group, or change who is in it."""
    known = people.find_group(store, arguments.name)
    coming = [people.find_person(store, text) for text in arguments.add]
    going = [people.find_person(store, text) for text in arguments.remove]
    if arguments.delete:
        if known is None:
            raise _no_group(arguments.name)
        with store.act(f"Groep {known.name} verwijderen") as act:
            act.delete("user_group", known.id)
        say(f"{known.name}: verwijderd")
        return
    with store.act(f"Groep {arguments.name} {'maken' if known is None else 'wijzigen'}") as act:
        id = act.create("user_group", {"name": arguments.name}) if known is None else known.id
        members = {} if known is None else known.members
        for person in coming:
            if person.id not in members:
                act.create("group_member", {"user_group_id": id, "person": person.id})
        for person in going:
            if person.id not in members:
                raise WrongUse(f"{person.email} zit niet in deze groep.", f"{person.email} is not in this group.")
            act.delete("group_member", members[person.id])
    now = people.find_group(store, id)
    say(f"{arguments.name}: {count(len(now.members) if now else 0, 'lid', 'leden')}")


def handover(store: Store, arguments: Namespace) -> None:
    """Everything of one for another, in one act; by the server for who has no projects here."""
    leaving, to = (_owner(store, text) for text in (arguments.leaving, arguments.to))
    do = _by_server if people.asks_server(store) else _here
    do(store, arguments, leaving.id, to.id)


def _here(store: Store, arguments: Namespace, leaving: str, to: str) -> None:
    _handed_over(arguments, people.hand_over(store, leaving, to, lock=arguments.lock))


def _by_server(store: Store, arguments: Namespace, leaving: str, to: str) -> None:
    from diwi_desktop.sync.session import Session

    with closing(Session(store, arguments.email)) as session:
        syncing.make_sure(session.account, arguments, store)
        runner = session.runner()
        if outbox.count(store):
            runner.run()  # who was only just entered; why that does not go, is said by the question itself
        _handed_over(arguments, session.hand_over(leaving, to, lock=arguments.lock))
        problem = runner.run().problem
    if problem is not None:
        complain(problem.nl)


def _handed_over(arguments: Namespace, number: int) -> None:
    say(f"{arguments.leaving} → {arguments.to}: {count(number, 'project', 'projecten')} overgedragen")


def _owner(store: Store, text: str) -> Person | Group:
    return people.find_group(store, text) or people.find_person(store, text)


def _role(text: str) -> UserRole:
    found = code_list("user_role").find(text)
    if found is None:
        known = ", ".join(code.key for code in code_list("user_role").codes)
        raise WrongUse(f"De rol '{text}' bestaat niet; kies uit: {known}.",
                       f"There is no role '{text}'; choose from: {known}.")  # fmt: skip
    return UserRole(found.key)


def _no_group(name: str) -> WrongUse:
    return WrongUse(f"Er is geen groep '{name}'.", f"There is no group '{name}'.")


ACTIONS = {
    None: show, "add": add, "role": role, "lock": lock, "unlock": unlock, "remove": remove, "group": group,
    "handover": handover,
}  # fmt: skip
