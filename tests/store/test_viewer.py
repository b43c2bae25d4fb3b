"""Who looks sees what the rights give: through every way out of the store, now and in the past."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwi_desktop import quality
from diwi_desktop.cli import main
from diwi_desktop.exchange import provinces
from diwi_desktop.model import rights
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality, PersonState, UserRole
from diwi_desktop.model.finding import Refused, UserError
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Plan, Writer
from diwi_desktop.model.rights import Access, Viewer
from diwi_desktop.store import Store, options, people, permission, plans, queries
from diwi_desktop.store import search as seeking
from diwi_desktop.store.verify import verify
from tests.stores import TODAY, Later, add, de_hoek, new_store, square

LEVELS = list(Confidentiality)


@dataclass
class Town:
    """A register with people in every role and state, groups, and projects of every level and several owners."""

    store: Store
    people: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    past: list[Moment] = field(default_factory=list)

    def access(self) -> dict[str, Access]:
        """Level and owners now, by the tables themselves."""
        return permission.access_of(self.store.read_whole(), None, None)

    def visible(self, viewer: Viewer) -> set[str]:
        return {id for id, access in self.access().items() if rights.sees(viewer, access)}

    @property
    def viewers(self) -> Iterator[str]:
        yield from self.people.values()


def _plan(name: str, level: Confidentiality, owners: Collection[Writer], at: int) -> Plan:
    return replace(
        de_hoek(), name=name, confidentiality=level, areas=[replace(de_hoek().areas[0], geometry=square(at * 90.0))],
        writers=[replace(owner) for owner in owners], description=f"Geheim van {name}",
    )  # fmt: skip


def _town(path: Path) -> Town:
    clock = FixedClock.on(date(2026, 3, 1))
    later = Later(clock)
    store = new_store(path, clock=clock)
    town = Town(store)
    with store.act("Mensen") as act:
        for role in UserRole:
            for state in PersonState:
                name = f"{role.value} {state.value.lower()}"
                town.people[name] = act.create(
                    "person",
                    {"name": name, "email": f"{role.value}.{state.value}@x.nl", "role": role, "state": state},
                )
        town.people["second"] = act.create("person", {"email": "second@x.nl", "role": "User", "state": "ACTIEF"})
        for name in ("builders", "team", "gone"):
            town.groups[name] = act.create("user_group", {"name": name})
        for group, person in (("builders", "External actief"), ("team", "User actief"), ("gone", "User actief")):
            act.create("group_member", {"user_group_id": town.groups[group], "person": town.people[person]})
    owners = {
        "nobody": [],
        "second": [Writer(town.people["second"])],
        "user": [Writer(town.people["User actief"])],
        "partner": [Writer(None, town.groups["builders"]), Writer(town.people["UserPlus actief"])],
        "team": [Writer(None, town.groups["team"])],
        "gone": [Writer(None, town.groups["gone"])],
    }
    for at, level in enumerate(LEVELS):
        for step, (name, writers) in enumerate(owners.items()):
            called = f"{level.value} {name}"
            town.projects[called] = add(store, _plan(called, level, writers, 10 * at + step))
    later.to(date(2026, 5, 1))
    with store.act("Groep weg") as act:
        for row in queries.entities(store, "writer"):
            if row["user_group"] == town.groups["gone"]:
                act.set("writer", row["id"], "user_group", None)
                act.set("writer", row["id"], "person", town.people["second"])
        act.delete("user_group", town.groups["gone"])
    later.to(date(2026, 7, 1))
    changes = store.act("Niveaus wijzigen")
    with changes as act:  # what was open is closed, and the other way about
        act.set("project", town.projects["PUBLIC nobody"], "confidentiality", Confidentiality.PRIVATE)
        act.set("project", town.projects["PRIVATE second"], "confidentiality", Confidentiality.PUBLIC)
        for level in (None, Confidentiality.INTERNAL_COUNCIL, Confidentiality.PRIVATE):
            for name in ("PUBLIC second", "INTERNAL_CIVIL user", "PRIVATE team"):
                act.create(
                    "document",
                    {"project_id": town.projects[name], "name": f"{level} {name}", "confidentiality": level,
                     "sha256": "0" * 64, "size": 1, "media_type": "text/plain"},
                )  # fmt: skip
        act.create("submission", {"profile": "zuid-holland", "reference_date": TODAY, "projects": [], "left_out": []})
        act.create("mapping", {"profile": "zuid-holland", "target": "plannaam", "source": "project.name"})
    later.to(date(2026, 9, 1))
    with store.act("Verwijderen") as act:
        act.delete("project", town.projects["EXTERNAL_REGIONAL team"])
        act.delete("project", town.projects["PRIVATE user"])
    later.to(TODAY)
    town.past = [store.moment(), *(store.moment(day) for day in (date(2026, 4, 1), date(2026, 6, 1), date(2026, 8, 1)))]
    return town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = _town(tmp_path_factory.mktemp("town") / "town.diwi")
    yield made
    made.store.close()


# -- what every way out gives, as (whose it is, what it says) --------------------------------------------------------

Said = list[tuple[str | None, Any]]
WAYS: dict[str, Callable[[Store, Moment], Said]] = {}


def way(function: Callable[[Store, Moment], Said]) -> Callable[[Store, Moment], Said]:
    WAYS[function.__name__] = function
    return function


@way
def project_rows(store: Store, moment: Moment) -> Said:
    return [(row.id, row) for row in queries.project_rows(store, moment)]


@way
def project_rows_by_id(store: Store, moment: Moment) -> Said:
    ids = [id for (id,) in store.read_whole().execute("SELECT id FROM project")]
    return [(row.id, row) for row in queries.project_rows(store, moment, ids)]


@way
def plan_areas(store: Store, moment: Moment) -> Said:
    return [(project, (area, shape)) for area, project, shape in queries.plan_areas(store, moment)]


@way
def whole_plans(store: Store, moment: Moment) -> Said:
    return [(plan.id, plan) for plan in plans.plans(store, moment)]


@way
def plans_by_id(store: Store, moment: Moment) -> Said:
    ids = [id for (id,) in store.read_whole().execute("SELECT id FROM project")]
    return [(plan.id, plan) for plan in plans.plans(store, moment, ids)]


@way
def blocks(store: Store, moment: Moment) -> Said:
    owner = dict(store.read_whole().execute("SELECT id, project_id FROM houseblock").fetchall())
    return [(owner[b.id], b) for b in plans.read_blocks(store.read(), moment.seq, list(owner))]


@way
def parts(store: Store, moment: Moment) -> Said:
    """Entities of all kinds that hang under projects."""
    found: Said = [(row["id"], row) for row in queries.entities(store, "project", moment=moment)]
    for kind in ("houseblock", "milestone", "plan_area", "parcel_link", "writer"):
        found += [(row["project_id"], row) for row in queries.entities(store, kind, moment=moment)]
    owner = dict(store.read_whole().execute("SELECT id, project_id FROM houseblock").fetchall())
    for kind in ("delivery", "ownership", "share"):
        found += [(owner[row["houseblock_id"]], row) for row in queries.entities(store, kind, moment=moment)]
    return found


@way
def history(store: Store, moment: Moment) -> Said:
    """What belongs to no project is looked at apart; documents too."""
    return [(e.project, e) for e in queries.history(store, limit=10_000) if e.project and e.kind != "document"]


@way
def search(store: Store, moment: Moment) -> Said:
    return [(hit.id, hit) for hit in seeking.search(store, "geheim", moment, limit=10_000)]


@way
def findings(store: Store, moment: Moment) -> Said:
    """Of single plans; those of plans together name others and are looked at apart."""
    context = quality.context_of(store, moment)
    return [(p.id, f.code) for p in plans.plans(store, moment) for f in quality.findings(p, context)]


@way
def changes(store: Store, moment: Moment) -> Said:
    return [
        (c.project, c)
        for seq in range(1, store.seq + 1)
        for c in store.changes_of(seq)
        if c.project and c.kind != "document"
    ]


@pytest.mark.parametrize("name", list(WAYS))
def test_every_way_out_is_the_whole_restricted_to_what_is_seen(town: Town, name: str) -> None:
    """Neither more nor less, for everybody, now and in the past; who sees follows the present level and owners."""
    store, look = town.store, WAYS[name]
    for moment in town.past:
        store.act_as(None)
        everything = look(store, moment)
        assert {project for project, _ in everything}
        for person in town.viewers:
            store.act_as(person)
            visible = town.visible(store.viewer)
            assert look(store, moment) == [(p, said) for p, said in everything if p in visible]
    store.act_as(None)


def test_the_ways_out_above_are_all_there_are() -> None:
    """A new public function of the way out has to be entered here, with its test."""
    known = {
        queries: {
            "project_rows", "plan_areas", "entities", "entity", "history", "count_projects", "find_project",
            "acts", "people", "submissions", "mappings",
            "options", "option_list", "own_fields", "municipality",  # the register's own, for all who are active
        },
        seeking: {"search"},
        plans: {
            "plans", "plan", "read_plans", "read_blocks",
            "block_of", "add_part", "write_plan", "write_plans",  # no reading of projects
        },
        options: {"read_options", "range_of"},  # the register's own too
        people: {
            "groups", "names", "find_person", "find_group", "owners", "hand_over",
            "owners_are_here", "asks_server", "end_access",  # nothing of a project
            "everybody",  # to choose in whose name to work
        },
    }  # fmt: skip
    for module, names in known.items():
        public = {
            name
            for name, function in inspect.getmembers(module, inspect.isfunction)
            if not name.startswith("_") and function.__module__ == module.__name__
        }
        assert public == names


def test_counts_and_single_questions(town: Town) -> None:
    store = town.store
    for person in town.viewers:
        store.act_as(person)
        visible = town.visible(store.viewer)
        live = {row.id for row in queries.project_rows(store)}
        assert queries.count_projects(store) == len(live)
        for name, id in town.projects.items():
            if id in live:
                assert queries.find_project(store, name) == id
                assert plans.plan(store, id).name == name
                assert queries.entity(store, "project", id)
                continue
            with pytest.raises(UserError) as error:
                queries.find_project(store, name)
            assert error.value.code == "unknown_project"
            with pytest.raises(UserError):
                plans.plan(store, id)
            assert queries.entity(store, "project", id) is None
            if id not in visible:
                assert queries.history(store, project=id) == []
                assert queries.history(store, entity=id) == []
        seen = {e.seq for e in queries.history(store, limit=10_000)}
        assert {act.seq for act in queries.acts(store)} == seen
        assert store.seq == len(queries.acts(store)) or seen != set(range(1, store.seq + 1))
    store.act_as(None)


def test_findings_of_plans_together_name_only_what_is_seen(town: Town) -> None:
    store = town.store
    store.act_as(None)
    names = {id: name for name, id in town.projects.items()}
    assert any(f.code == "plans_overlap" for f in quality.check(store))
    for person in town.viewers:
        store.act_as(person)
        visible = town.visible(store.viewer)
        for finding in quality.check(store):
            assert finding.project in visible
            assert not [n for id, n in names.items() if id not in visible and f"'{n}'" in finding.nl + finding.en]
    store.act_as(None)


def test_documents_have_a_level_of_their_own(town: Town) -> None:
    store = town.store
    store.act_as(None)
    everything = queries.entities(store, "document")
    logged = [e for e in queries.history(store, limit=10_000) if e.kind == "document"]
    assert len(everything) == len(logged) == 9
    for person in town.viewers:
        store.act_as(person)
        access = town.access()
        seen = {
            row["id"]
            for row in everything
            if rights.sees(
                store.viewer,
                rights.document_access(
                    access[row["project_id"]],
                    Confidentiality(row["confidentiality"]) if row["confidentiality"] else None,
                ),
            )
        }
        assert {row["id"] for row in queries.entities(store, "document")} == seen
        assert {e.entity for e in queries.history(store, limit=10_000) if e.kind == "document"} == seen
    store.act_as(None)


def test_what_is_outside_projects_follows_its_scope(town: Town) -> None:
    store = town.store
    for person in town.viewers:
        store.act_as(person)
        viewer = store.viewer
        persons = {p.id for p in queries.people(store)}
        assert persons == {p for p in town.people.values() if rights.sees_person(viewer, p)}
        logged = {e.kind for e in queries.history(store, limit=10_000)}
        for kind, count in (("user_group", 2), ("group_member", 2), ("submission", 1), ("mapping", 1)):
            seen = rights.sees_scope(viewer, rights.scope_of(kind, "", None))
            assert len(queries.entities(store, kind)) == (count if seen else 0)
            assert (kind in logged) is seen
        seen_groups = set(town.groups.values()) if rights.sees_scope(viewer, rights.PEOPLE) else set()
        assert {g.id for g in people.groups(store)} == seen_groups - {town.groups["gone"]}
        assert set(people.names(store)) <= persons | seen_groups
        assert len(queries.submissions(store)) == rights.sees_scope(viewer, rights.EXCHANGE)
        assert len(queries.mappings(store, "zuid-holland")) == rights.sees_scope(viewer, rights.EXCHANGE)
        assert bool(queries.options(store)) is viewer.active
        assert queries.municipality(store).name == "Duinwijk"
    store.act_as(None)


def test_a_submission_holds_only_what_its_maker_sees(town: Town, tmp_path: Path) -> None:
    store, profile = town.store, provinces.profile("zuid-holland")
    wanted = provinces.Choice(project_ids=list(town.projects.values()))
    for person in town.viewers:
        store.act_as(person)
        if rights.may(store.viewer, rights.Right.VIEW_EXCHANGE):
            prepared = provinces.prepare(store, profile, wanted)
            assert {r.project for r in prepared.records} <= town.visible(store.viewer)
            continue
        with pytest.raises(Refused):
            provinces.prepare(store, profile, wanted)
        with pytest.raises(Refused):
            provinces.export(store, profile, tmp_path / "out.geojson")
    store.act_as(None)


def test_the_command_line_shows_what_the_person_sees(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    store, path = town.store, str(town.store.path)
    emails = {p.id: p.email for p in queries.people(store)}
    with store.snapshot(whole=True) as connection:
        secret = dict(connection.execute("SELECT id, name FROM main.project"))
    for person in [p for name, p in town.people.items() if name.endswith("actief")]:
        store.act_as(person)
        visible = town.visible(store.viewer)
        store.act_as(None)
        for command in (["projects", path], ["projects", path, "--as-of", "01-06-2026"], ["check", path],
                        ["history", path]):  # fmt: skip
            main([*command, "--json", "--as", emails[person]])
            said = json.dumps(json.loads(capsys.readouterr().out), ensure_ascii=False)
            assert not [n for id, n in secret.items() if id not in visible and (id in said or f'"{n}"' in said)]
        for id, name in secret.items():
            status = main(["show", path, name, "--json", "--as", emails[person]])
            out = capsys.readouterr().out
            assert (status == 0) or id not in out
            if id not in visible:
                assert status == 2


# -- as things change -------------------------------------------------------------------------------------------------


def _small(path: Path) -> tuple[Store, str, str]:
    """A store with a user and a project that he sees but does not own."""
    store = new_store(path)
    with store.act("Mensen") as act:
        person = act.create("person", {"name": "Sanne", "email": "s@x.nl", "role": "User", "state": "ACTIEF"})
    project = add(store, replace(de_hoek(), confidentiality=Confidentiality.INTERNAL_CIVIL))
    return store, person, project


def test_nobody_is_chosen_at_first(tmp_path: Path) -> None:
    with _small(tmp_path / "a.diwi")[0] as store:
        assert store.viewer is rights.SOLE
        assert store.person is None
        with pytest.raises(UserError) as error:
            store.act_as("nobody")
        assert error.value.code == "unknown_person"


def test_with_a_server_the_user_is_who_signed_in(tmp_path: Path) -> None:
    store, person, _ = _small(tmp_path / "a.diwi")
    with store:
        with store.transaction() as connection:
            connection.execute(
                "INSERT INTO sync (key, value) VALUES ('register', 'r'), ('viewer', json_object('person', ?))",
                (person,),
            )
        store.act_as(person)
        for other in (None, "somebody"):
            with pytest.raises(UserError) as error:
                store.act_as(other)
            assert error.value.code == "signed_in"
        assert store.person == person


def test_a_role_a_lock_and_a_level_hold_at_once(tmp_path: Path) -> None:
    store, person, project = _small(tmp_path / "a.diwi")
    with store:
        store.act_as(person)
        assert [r.id for r in queries.project_rows(store)] == [project]
        assert store.author == "Sanne"
        store.act_as(None)
        for field_, value, seen in (
            ("role", "Council", []), ("role", "UserPlus", [project]), ("state", "GEBLOKKEERD", []),
            ("state", "ACTIEF", [project]),
        ):  # fmt: skip
            with store.act("Wijzigen") as act:
                act.set("person", person, field_, value)
            store.act_as(person)
            assert [r.id for r in queries.project_rows(store)] == seen
            store.act_as(None)
        with store.act("Sluiten") as act:
            act.set("project", project, "confidentiality", Confidentiality.PRIVATE)
        store.act_as(person)
        assert queries.project_rows(store) == []


def test_another_may_change_the_viewer_while_he_looks(tmp_path: Path) -> None:
    """As when a pull brings the lock: the next question has the answer."""
    store, _person, project = _small(tmp_path / "a.diwi")
    with store:
        with store.act("Eigenaar") as act:
            boss = act.create("person", {"email": "boss@x.nl", "role": "UserPlus", "state": "ACTIEF"})
        store.act_as(boss)
        with store.act("Groep maken") as act:
            group = act.create("user_group", {"name": "Team"})
            act.create("group_member", {"user_group_id": group, "person": boss})
        assert store.viewer.groups == {group}
        assert [r.id for r in queries.project_rows(store)] == [project]


def test_verify_looks_at_everything_whoever_looks(tmp_path: Path) -> None:
    store, person, _ = _small(tmp_path / "a.diwi")
    with store:
        store.act_as(person)
        assert verify(store) == []


def test_a_snapshot_keeps_its_viewer_to_its_end(tmp_path: Path) -> None:
    store, person, project = _small(tmp_path / "a.diwi")
    with store:
        with store.act("Blokkeren") as act:
            act.set("person", person, "state", "GEBLOKKEERD")
        with store.snapshot():
            store.act_as(person)
            assert [r.id for r in queries.project_rows(store)] == [project]
        assert queries.project_rows(store) == []


def test_undo_after_choosing_somebody_takes_back_only_his_own(tmp_path: Path) -> None:
    store, person, _ = _small(tmp_path / "a.diwi")
    with store:
        assert store.undo_name == "Nieuw project"
        store.act_as(person)
        assert store.undo_name is None
        with store.act("Van Sanne") as act:
            plans.write_plan(act, replace(de_hoek(), name="Van Sanne"))
        assert store.undo_name == "Van Sanne"
        store.act_as(None)
        assert store.undo_name == "Van Sanne"


ROWS = st.lists(
    st.tuples(st.sampled_from(LEVELS), st.frozensets(st.sampled_from(["me", "other", "mine", "theirs"]), max_size=3)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25)
@given(ROWS, st.sampled_from(UserRole), st.sampled_from(PersonState), st.booleans())
def test_the_query_says_what_the_rights_say(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[Confidentiality, frozenset[str]]],
    role: UserRole,
    state: PersonState,
    member: bool,
) -> None:
    with new_store(tmp_path_factory.mktemp("random") / "a.diwi") as store:
        with store.act("Mensen") as act:
            ids = {
                "me": act.create("person", {"email": "me@x.nl", "role": "User", "state": state}),
                "other": act.create("person", {"email": "other@x.nl", "role": "User", "state": "ACTIEF"}),
                "mine": act.create("user_group", {"name": "mine"}),
                "theirs": act.create("user_group", {"name": "theirs"}),
            }
            if member:
                act.create("group_member", {"user_group_id": ids["mine"], "person": ids["me"]})
        expected = set()
        viewer = Viewer(ids["me"], role, frozenset({ids["mine"]} if member else ()), state)
        for number, (level, owners) in enumerate(rows):
            writers = [Writer(ids[o]) if o in ("me", "other") else Writer(None, ids[o]) for o in sorted(owners)]
            id = add(store, replace(de_hoek(), name=f"P{number}", confidentiality=level, writers=writers))
            if rights.sees(viewer, Access(level, frozenset(ids[o] for o in owners))):
                expected.add(id)
        with store.act("Rol") as act:
            act.set("person", ids["me"], "role", role)
        store.act_as(ids["me"])
        assert store.viewer == viewer
        assert {r.id for r in queries.project_rows(store)} == expected
        assert {p.id for p in plans.plans(store)} == expected
