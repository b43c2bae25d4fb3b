"""Every act is checked with the rights of who does it, and the owners of projects follow the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.exchange.excel.template import write_template
from diwi_desktop.exchange.imports import import_file
from diwi_desktop.model.codes import Confidentiality, UserRole
from diwi_desktop.model.finding import Refused
from diwi_desktop.model.plan import Writer
from diwi_desktop.store import Store, people, plans, queries, syncstate
from diwi_desktop.store.verify import verify
from tests.stores import add, de_hoek, new_store

OPEN, PRIVATE = Confidentiality.INTERNAL_CIVIL, Confidentiality.PRIVATE


class Office:
    """A register with one active person of every role, and what each tries."""

    def __init__(self, path: Path) -> None:
        self.store = new_store(path)
        self.ids: dict[str, str] = {}
        with self.store.act("Mensen") as act:
            for role in [r.value for r in UserRole] + ["Other"]:
                self.ids[role] = act.create(
                    "person",
                    {"name": role, "email": f"{role}@x.nl", "role": "User" if role == "Other" else role,
                     "state": "ACTIEF"},
                )  # fmt: skip
            self.group = act.create("user_group", {"name": "Team"})

    def project(self, *owners: str, level: Confidentiality = OPEN, name: str = "De Hoek") -> str:
        """Made by the sole user, whom no rule gives an owner."""
        writers = [Writer(None, self.group) if o == "Team" else Writer(self.ids[o]) for o in owners]
        self.act_as(None)
        return add(self.store, replace(de_hoek(), name=name, confidentiality=level, writers=writers))

    def act_as(self, role: str | None) -> None:
        self.store.act_as(None if role is None else self.ids[role])

    def join(self, *roles: str) -> None:
        self.act_as(None)
        with self.store.act("Leden") as act:
            for role in roles:
                act.create("group_member", {"user_group_id": self.group, "person": self.ids[role]})

    def tries(self, role: str | None, kind: str, entity: str, field: str, value: Any) -> str | None:
        """The code of the refusal of one edit, None when it was stored."""
        self.act_as(role)
        return self._code(lambda act: act.set(kind, entity, field, value))

    def makes(self, role: str | None, kind: str, values: dict[str, Any]) -> str | None:
        self.act_as(role)
        return self._code(lambda act: act.create(kind, values))

    def deletes(self, role: str | None, kind: str, entity: str) -> str | None:
        self.act_as(role)
        return self._code(lambda act: act.delete(kind, entity))

    def _code(self, do: Any) -> str | None:
        before = self.store.seq
        try:
            with self.store.act("Poging") as act:
                do(act)
        except Refused as refused:
            assert self.store.seq == before
            first, *more = refused.findings
            if first.code in {finding.code for finding in more}:
                return "said twice"
            return first.code
        return None

    def owners(self, project: str) -> set[str]:
        self.act_as(None)
        found = plans.plan(self.store, project).writers
        named = {id: name for name, id in self.ids.items()} | {self.group: "Team"}
        return {named[w.owner] for w in found}

    def writer(self, project: str, owner: str) -> str:
        self.act_as(None)
        id = self.group if owner == "Team" else self.ids[owner]
        return next(w.id for w in plans.plan(self.store, project).writers if w.owner == id)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office.diwi")
    with made.store:
        yield made
        made.act_as(None)
        assert verify(made.store) == []


# -- projects and their parts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "expected"),
    [("UserPlus", None), ("Other", None), ("User", "no_right"), ("Admin", "no_right"), ("Management", "no_right"),
     ("Council", "no_right"), ("External", "no_right")],
)  # fmt: skip
def test_who_edits_a_project_and_its_parts(office: Office, role: str, expected: str | None) -> None:
    project = office.project("Other")
    plan = plans.plan(office.store, project)
    block = plan.blocks[0]
    assert office.tries(role, "project", project, "description", role) == expected
    assert office.tries(role, "houseblock", block.id, "note", role) == expected
    assert office.tries(role, "delivery", block.deliveries[0].id, "number", 1) == expected
    assert office.tries(role, "milestone", plan.milestones[0].id, "note", role) == expected
    assert office.makes(role, "parcel_link", {"project_id": project, "designation": "DNW-A-1"}) == expected
    assert office.deletes(role, "delivery", block.deliveries[1].id) == expected
    assert office.deletes(role, "project", project) == expected


def test_a_partner_edits_his_own_project_but_does_not_delete_it_nor_choose_owners(office: Office) -> None:
    office.join("External")
    project = office.project("Team", "User")
    assert office.tries("External", "project", project, "description", "Van ons") is None
    assert office.deletes("External", "project", project) == "no_right"
    assert office.makes("External", "writer", {"project_id": project, "person": office.ids["Other"]}) == "no_right"
    assert office.deletes("External", "writer", office.writer(project, "User")) == "no_right"
    assert office.makes("External", "project", _values()) == "no_right"


def _values(**more: Any) -> dict[str, Any]:
    return {"name": "Nieuw", "start_date": date(2026, 1, 1), "end_date": date(2030, 1, 1), **more}


def _together(store: Store, *changes: tuple[str, str, str, Any]) -> None:
    with store.act("Tegelijk") as act:
        for change in changes:
            act.set(*change)


def test_an_act_that_may_not_wholly_is_not_done_at_all(office: Office) -> None:
    mine, other = office.project("User"), office.project("Other", name="Van een ander")
    office.act_as("User")
    changes = [(mine, "description", "a"), (other, "description", "b"), (other, "color", "#112233")]
    with pytest.raises(Refused) as refused:
        _together(office.store, *(("project", *change) for change in changes))
    assert [f.code for f in refused.value.findings] == ["no_right"]
    assert refused.value.nl == "U heeft geen recht om dit te wijzigen; vraag het de eigenaar of een hoofdgebruiker."
    assert plans.plan(office.store, mine).description is None


def test_the_access_before_the_act_counts(office: Office) -> None:
    """Nobody makes himself an owner and edits in one act."""
    project = office.project("Other", level=PRIVATE)
    for role in ("UserPlus", "User"):
        office.act_as(role)
        writer = ("writer", office.writer(project, "Other"), "person", office.ids[role])
        office.act_as(role)
        with pytest.raises(Refused) as refused:
            _together(office.store, writer, ("project", project, "confidentiality", Confidentiality.PUBLIC))
        assert refused.value.findings[0].code == "no_right"
    assert office.owners(project) == {"Other"}


def test_undo_is_checked_too(office: Office) -> None:
    project = office.project("User")
    office.act_as("User")
    with office.store.act("Omschrijving") as act:
        act.set("project", project, "description", "a")
    office.act_as(None)
    with office.store.act("Overdragen") as act:
        act.set("writer", office.writer(project, "User"), "person", office.ids["Other"])
    office.act_as("User")
    assert office.store.undo_name == "Omschrijving"
    with pytest.raises(Refused):
        office.store.undo()
    assert plans.plan(office.store, project).description == "a"


@pytest.mark.parametrize("since", ["ACTIEF", "GEBLOKKEERD", "invited"])
def test_undo_takes_nobody_away_who_was_let_in_since(office: Office, since: str) -> None:
    """Whoever let him in: he activated himself, on his own laptop."""
    with office.store.act("Persoon toevoegen") as act:
        tess = act.create("person", {"name": "Tess", "email": "t@x.nl", "role": "User", "state": "UITGENODIGD"})
    office.store.undo()
    office.store.redo()  # only entered: nobody knows her yet
    if since == "invited":
        with office.store.transaction() as connection:
            syncstate.put_invited(connection, tess)
    else:
        with office.store.act("Uitnodiging gebruikt", kind="system") as act:
            act.set("person", tess, "state", since)
    assert office.store.undo_name == "Persoon toevoegen"
    for force in (False, True):
        with pytest.raises(Refused) as refused:
            office.store.undo(force=force)
        assert [finding.code for finding in refused.value.findings] == ["already_let_in"]
    assert "Tess" in {person.name for person in queries.people(office.store)}
    assert office.deletes(None, "person", tess) is None
    office.store.undo()
    assert office.store.redo() is not None  # to remove her again is what was meant


def test_an_owner_takes_back_his_deletion_of_a_private_project(office: Office) -> None:
    project = office.project("User", level=PRIVATE)
    assert office.deletes("User", "project", project) is None
    office.act_as("User")
    assert queries.project_rows(office.store) == []
    assert queries.history(office.store, project=project)
    office.store.undo()
    assert [r.id for r in queries.project_rows(office.store)] == [project]
    office.store.redo()
    office.act_as("Other")
    assert queries.history(office.store, project=project) == []


def test_a_refusal_names_no_sub_plan_that_is_not_seen(office: Office) -> None:
    mother = office.project("User")
    office.act_as(None)
    add(office.store, replace(de_hoek(), name="Geheim deelplan", parent=mother, confidentiality=PRIVATE,
                              writers=[Writer(office.ids["Other"])]))  # fmt: skip
    office.act_as("User")
    with pytest.raises(Refused) as refused, office.store.act("Weg") as act:
        act.delete("project", mother)
    assert "Geheim" not in refused.value.nl + refused.value.en
    assert refused.value.findings[0].code == "project_has_sub_plans"


# -- documents --------------------------------------------------------------------------------------------------------


def _document(project: str, level: Confidentiality | None) -> dict[str, Any]:
    return {"project_id": project, "name": "Stuk", "confidentiality": level, "sha256": "0" * 64, "size": 1,
            "media_type": "text/plain"}  # fmt: skip


def test_a_stricter_document_is_changed_by_who_sees_it(office: Office) -> None:
    project = office.project("Other")
    office.act_as(None)
    with office.store.act("Stukken") as act:
        private = act.create("document", _document(project, PRIVATE))
        plain = act.create("document", _document(project, None))
    assert office.tries("UserPlus", "document", private, "name", "x") == "no_right"
    assert office.tries("UserPlus", "document", plain, "name", "x") is None
    assert office.tries("UserPlus", "document", plain, "confidentiality", PRIVATE) == "private_of_another"
    assert office.makes("UserPlus", "document", _document(project, PRIVATE)) == "no_right"
    assert office.makes("UserPlus", "document", _document(project, None)) is None
    assert office.tries("Other", "document", private, "name", "y") is None
    assert office.tries("Other", "document", plain, "confidentiality", PRIVATE) is None


# -- the register itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Admin", "UserPlus", "User", "Management", "Council", "External"])
def test_who_changes_the_register(office: Office, role: str) -> None:
    lists = None if role == "UserPlus" else "no_right"
    both = None if role in ("Admin", "UserPlus") else "no_right"
    municipality = queries.municipality(office.store).id
    assert office.makes(role, "option", {"list": "district", "name": "Noord"}) == lists
    assert office.makes(role, "own_field", {"object": "project", "name": "Eigen", "type": "TEXT"}) == lists
    assert office.makes(role, "mapping", {"profile": "zuid-holland", "target": "plannaam"}) == lists
    assert office.makes(role, "submission", {"profile": "zuid-holland", "reference_date": date(2026, 1, 1)}) == lists
    assert office.makes(role, "user_group", {"name": "Groep"}) == both
    assert office.makes(role, "person", {"email": "new@x.nl"}) == both
    assert office.tries(role, "municipality", municipality, "region", f"Regio {role}") == both
    assert office.makes(role, "base_layer", {"layer": "parcels", "count": 1}) is None


@pytest.mark.parametrize("role", ["UserPlus", "User", "External", "Council", "Management", "Admin"])
def test_nobody_makes_himself_more(office: Office, role: str) -> None:
    me = office.ids[role]
    for field, value in (("role", "Admin"), ("role", "UserPlus"), ("state", "UITGENODIGD")):
        if field == "role" and value == role:
            continue
        assert office.tries(role, "person", me, field, value) in ("own_role", "no_right")
    if role != "Admin":
        assert office.tries(role, "person", office.ids["Other"], "role", "Admin") in ("admin_only", "no_right")
        assert office.tries(role, "person", office.ids["Admin"], "email", "mine@x.nl") in ("admin_only", "no_right")


def test_a_main_user_does_not_become_another(office: Office) -> None:
    """Nor by undoing what an administrator did, nor by way of 'invited'."""
    other = office.ids["Other"]
    assert office.tries("UserPlus", "person", other, "email", "mine@x.nl") == "address_of_another"
    assert office.tries("UserPlus", "person", other, "state", "UITGENODIGD") == "invited_again"
    assert office.tries("UserPlus", "person", other, "name", "Een andere naam") is None
    assert office.tries("Admin", "person", other, "email", "new@x.nl") is None
    office.act_as("UserPlus")
    with office.store.act("Nieuw") as act:
        fresh = act.create("person", {"email": "fresh@x.nl"})
    assert office.tries("UserPlus", "person", fresh, "email", "better@x.nl") is None
    assert office.tries("UserPlus", "person", fresh, "state", "ACTIEF") is None
    with pytest.raises(Refused) as refused:
        office.store.undo()
    assert refused.value.findings[0].code == "invited_again"


def test_nobody_joins_a_group_to_see_what_is_private(office: Office) -> None:
    def joins(role: str, who: str = "UserPlus") -> str | None:
        return office.makes(role, "group_member", {"user_group_id": office.group, "person": office.ids[who]})

    office.project("Team", level=OPEN)
    assert joins("UserPlus", "Other") is None
    office.project("Team", "User", level=PRIVATE, name="Geheim")
    assert joins("UserPlus") == "closed_group"
    assert joins("UserPlus", "External") == "closed_group"
    assert joins("Admin", "External") is None
    office.project("Team", "UserPlus", level=PRIVATE, name="Ook van hem")
    assert joins("UserPlus", "User") == "closed_group"  # one he sees, the other he does not


def test_nor_for_a_document_that_is_private(office: Office) -> None:
    project = office.project("Team", "User", level=OPEN)
    row = {"user_group_id": office.group, "person": office.ids["UserPlus"]}
    assert office.makes(None, "document", _document(project, PRIVATE)) is None
    assert office.makes("UserPlus", "group_member", row) == "closed_group"


def test_everybody_has_an_address_of_his_own(office: Office) -> None:
    office.act_as("Admin")
    taken = queries.people(office.store)[0].email
    assert office.makes("Admin", "person", {"email": f" {taken.upper()}"}) == "address_taken"
    assert office.tries("Admin", "person", office.ids["Other"], "email", taken) == "address_taken"
    fresh = "fresh@x.nl"
    assert office.makes("Admin", "person", {"email": fresh}) is None
    gone = next(one.id for one in queries.people(office.store) if one.email == fresh)
    with office.store.act("Weg") as act:
        act.delete("person", gone)
    assert office.makes("Admin", "person", {"email": fresh}) is None
    assert office.tries("Admin", "person", gone, "deleted_at", None) == "address_taken"


def test_a_locked_person_changes_nothing_from_then_on(office: Office) -> None:
    project = office.project("User")
    assert office.tries("User", "project", project, "description", "a") is None
    assert office.tries("Admin", "person", office.ids["User"], "state", "GEBLOKKEERD") is None
    assert office.tries("User", "project", project, "description", "b") == "no_right"
    office.act_as("User")
    with pytest.raises(Refused) as refused:
        import_file(office.store, "nothing.xlsx", "excel")
    assert refused.value.findings[0].code == "no_access"


# -- owners -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [OPEN, PRIVATE])
@pytest.mark.parametrize("role", ["User", "UserPlus"])
def test_who_makes_a_project_owns_it(office: Office, role: str, level: Confidentiality) -> None:
    """P5 to P7 and P11; in the window it is one act, with the milestones."""
    office.act_as(role)
    project = _made(office.store, level)
    assert office.owners(project) == {role}
    office.act_as(role)
    office.store.undo()
    assert queries.project_rows(office.store) == []


def _made(store: Store, level: Confidentiality, *writers: Writer) -> str:
    return add(store, replace(de_hoek(), confidentiality=level, writers=list(writers)))


def test_the_sole_user_gives_no_owner(office: Office) -> None:
    assert office.owners(office.project()) == set()


def test_owners_given_with_a_new_project(office: Office) -> None:
    office.join("User", "UserPlus")
    others = Writer(office.ids["Other"])
    for role, level, writers, expected in (
        ("User", OPEN, [others], {"Other", "User"}),  # P6
        ("User", OPEN, [Writer(None, office.group)], {"Team"}),
        ("UserPlus", OPEN, [others], {"Other"}),
        ("UserPlus", PRIVATE, [others], {"Other", "UserPlus"}),  # P7, P11
        ("UserPlus", PRIVATE, [Writer(None, office.group)], {"Team"}),
    ):
        office.act_as(role)
        project = _made(office.store, level, *[replace(w) for w in writers])
        assert office.owners(project) == expected


@pytest.mark.parametrize("role", ["Management", "Council", "Admin"])
def test_who_only_looks_or_administers_owns_nothing(office: Office, role: str) -> None:
    """P8, for a person and for a group that he is in, whoever tries."""
    project = office.project("User")
    assert office.makes("User", "writer", {"project_id": project, "person": office.ids[role]}) == "owner_cannot_own"
    assert office.makes(None, "writer", {"project_id": project, "person": office.ids[role]}) == "owner_cannot_own"
    office.join(role)
    assert office.makes("User", "writer", {"project_id": project, "user_group": office.group}) == "owner_cannot_own"
    assert office.makes("User", "writer", {"project_id": project, "person": office.ids["External"]}) is None


def test_a_project_keeps_an_owner(office: Office) -> None:
    project = office.project("User", "Other")
    assert office.deletes("User", "writer", office.writer(project, "Other")) is None
    assert office.deletes("User", "writer", office.writer(project, "User")) == "owner_missing"
    assert office.deletes("UserPlus", "writer", office.writer(project, "User")) == "owner_missing"
    assert office.tries("User", "writer", office.writer(project, "User"), "person", office.ids["Other"]) is None
    assert office.deletes(None, "writer", office.writer(project, "Other")) is None


def test_nobody_takes_himself_off_a_private_project(office: Office) -> None:
    project = office.project("User", "Other", level=PRIVATE)
    assert office.deletes("User", "writer", office.writer(project, "User")) == "own_private"
    assert office.tries("User", "writer", office.writer(project, "User"), "person", office.ids["External"]) == (
        "own_private"
    )
    assert office.deletes("User", "writer", office.writer(project, "Other")) is None
    assert office.tries("User", "project", project, "confidentiality", OPEN) is None
    assert office.makes("User", "writer", {"project_id": project, "person": office.ids["Other"]}) is None
    assert office.deletes("User", "writer", office.writer(project, "User")) is None


def test_only_an_owner_makes_it_private(office: Office) -> None:
    project = office.project("User")
    assert office.tries("UserPlus", "project", project, "confidentiality", PRIVATE) == "private_of_another"
    assert office.tries("User", "project", project, "confidentiality", PRIVATE) is None


def test_who_owns_projects_is_handed_over_before_he_is_removed(office: Office) -> None:
    office.project("User")
    office.join("External")
    office.project("Team", name="Tweede")
    assert office.deletes("UserPlus", "person", office.ids["User"]) == "still_owner"
    assert office.deletes("UserPlus", "user_group", office.group) == "still_owner"
    office.act_as("UserPlus")
    assert people.hand_over(office.store, office.ids["User"], office.ids["Other"]) == 1
    assert people.hand_over(office.store, office.group, office.ids["Other"]) == 1
    assert office.deletes("UserPlus", "person", office.ids["User"]) is None
    assert office.deletes("UserPlus", "user_group", office.group) is None


def test_handing_over_on_leaving_is_one_act(office: Office) -> None:
    office.join("User", "External")
    mine, shared = office.project("User"), office.project("User", "Other", name="Samen")
    private = office.project("User", level=PRIVATE, name="Privé")
    office.act_as("Admin")
    assert queries.project_rows(office.store) == []
    assert people.owners(office.store)[office.ids["User"]] == [mine, shared, private]
    before = office.store.seq
    assert people.hand_over(office.store, office.ids["User"], office.ids["Other"], lock=True) == 3
    assert office.store.seq == before + 1
    assert [office.owners(p) for p in (mine, shared, private)] == [{"Other"}] * 3
    assert [len(g.members) for g in people.groups(office.store)] == [1]
    person = people.find_person(office.store, "user@x.nl")
    assert person.state.value == "GEBLOKKEERD"
    office.store.undo()
    assert office.owners(shared) == {"User", "Other"}


def test_a_main_user_hands_over_what_he_sees(office: Office) -> None:
    """Private projects of who leaves are the administrator's to hand over."""
    mine, private = office.project("User"), office.project("User", level=PRIVATE, name="Privé")
    office.act_as("UserPlus")
    assert people.hand_over(office.store, office.ids["User"], office.group) == 1
    assert office.owners(mine) == {"Team"}
    assert office.owners(private) == {"User"}
    office.act_as("User")
    with pytest.raises(Refused) as refused:
        people.hand_over(office.store, office.ids["User"], office.ids["Other"])
    assert [f.code for f in refused.value.findings] == ["own_private"]


# -- import -----------------------------------------------------------------------------------------------------------


def test_import_asks_the_right(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "sjabloon.xlsx"
    write_template(office.store, path)
    for role in ("User", "External", "Admin", "Council", "Management"):
        office.act_as(role)
        with pytest.raises(Refused) as refused:
            import_file(office.store, path)
        assert refused.value.findings[0].code == "no_right"
    office.act_as("UserPlus")
    assert import_file(office.store, path).created == []  # an empty template: the right is there
