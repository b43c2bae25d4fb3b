"""What becomes of pushed changes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import shapely

from diwi_desktop.changes.messages import MOST_CHANGES, SCHEMA, Answer, Push, PushReply, WireChange
from diwi_desktop.geo.shape import from_ewkb, to_ewkb_hex
from diwi_desktop.server.ops import maintenance
from diwi_desktop.server.settings import Settings
from tests.server.harness import Laptop, Register
from tests.server.making import changed, made, project


def only(reply: PushReply) -> Answer:
    """The one answer about the one act of a push."""
    (act,) = reply.acts
    (answer,) = act.others
    return answer


def value(register: Register, entity: str, field: str) -> Any:
    row = register.server.sql("SELECT values->%s FROM diwi.entity WHERE id = %s", field, entity)
    return row[0][0]


@pytest.fixture
def jan(register: Register) -> Laptop:
    return register.laptop()


@pytest.fixture
def plan(jan: Laptop) -> tuple[str, int]:
    """A project of Jan's: its id and the sequence of its making."""
    one = project(jan)
    return one.id, jan.push(*one.changes).first


def test_a_change_that_fits_is_applied_and_sequences_have_no_gaps(jan: Laptop) -> None:
    one, two = project(jan), project(jan)
    first = jan.push(*one.changes)
    second = jan.push(*two.changes)
    assert [act.others for act in first.acts + second.acts] == [[], []]
    assert first.acts[0].seqs == [first.first, first.last] == [first.first, first.first + 1]
    assert second.first == first.last + 1 == second.seq - 1


def test_pushing_again_does_nothing_and_is_answered_the_same(jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    act = jan.act(
        changed("project", id, id, "name", "De Hoek", "De Kade", base=seq),
        changed("project", id, id, "color", "#FF5733", "paars", base=seq, n=1),
        changed("project", id, id, "end_date", "2030-12-31", "2031-12-31", base=seq - 1, n=2),
    )
    before = jan.push(act)
    again = jan.push(act)
    assert again.acts == before.acts
    assert (again.first, again.last, again.seq) == (0, 0, before.seq)
    assert jan.register.server.sql("SELECT count(*) FROM diwi.change_log WHERE act = %s", act.id) == [(1,)]


def test_a_change_sent_twice_in_one_push_counts_once(jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    act = jan.act(changed("project", id, id, "name", "De Hoek", "De Kade", base=seq))
    reply = jan.push(act, act)
    assert reply.acts[0] == reply.acts[1]
    assert reply.first == reply.last


def test_the_same_value_is_the_same_and_says_whose(jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    answer = only(jan.push(changed("project", id, id, "name", "Het Hoekje", "De Hoek", base=seq - 1)))
    assert (answer.result, answer.seq, answer.value, answer.author) == ("same", seq, "De Hoek", "Jan")


def test_a_fact_that_another_changed_is_a_conflict(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    an = register.laptop(name="An")
    theirs = jan.push(changed("project", id, id, "name", "De Hoek", "De Kade", base=seq))
    answer = only(an.push(changed("project", id, id, "name", "De Hoek", "De Punt", base=seq)))
    assert (answer.result, answer.value, answer.seq, answer.author) == ("conflict", "De Kade", theirs.first, "Jan")
    assert answer.made_at == "2026-11-21T11:00:00.000000Z"
    assert value(register, id, "name") == "De Kade"


def test_a_poison_change_blocks_nothing(jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    reply = jan.push(
        changed("project", id, id, "name", "De Hoek", None, base=seq),
        changed("project", id, id, "eigenaardig", None, 1, base=seq, n=1),
        changed("planeet", id, id, "name", None, 1, base=seq, n=2),
        changed("project", jan.new_id(), None, "name", None, "x", n=3),
        made("houseblock", jan.new_id(), id, {"project_id": jan.new_id(), "name": "x", "number": 1}, n=4),
        made("project", jan.new_id(), None, ["geen waarden"], n=5),
        changed("project", id, id, "start_date", "2024-01-15", "2025-01-15", base=seq, n=6),
    )
    assert [(one.n, one.result, one.code) for one in reply.acts[0].others] == [
        (0, "invalid", "mandatory"),
        (1, "invalid", "unknown_field"),
        (2, "invalid", "unknown_kind"),
        (3, "denied", "no_right"),
        (4, "denied", "no_right"),
        (5, "invalid", "not_values"),
    ]
    assert reply.acts[0].seqs == [0, 0, 0, 0, 0, 0, reply.first]


@pytest.mark.parametrize(
    ("field", "new", "code"),
    [
        ("name", "a\x00b", "control_character"),
        ("end_date", "morgen", "not_date"),
        ("color", "paars", "color"),
        ("confidentiality", "GEHEIM", "unknown_code"),
        ("parent", "01900000-0000-7000-8000-000000000000", "unknown_reference"),
        ("districts", ["01900000-0000-7000-8000-000000000000"], "unknown_option"),
        ("deleted_at", "gisteren", "not_moment"),
    ],
)
def test_values_are_checked(jan: Laptop, plan: tuple[str, int], field: str, new: Any, code: str) -> None:
    id, seq = plan
    answer = only(jan.push(changed("project", id, id, field, None, new, base=seq)))
    assert (answer.result, answer.code) == ("invalid", code)
    assert answer.nl
    assert answer.en


def test_a_value_that_the_server_writes_otherwise_is_told(jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    answer = only(jan.push(changed("project", id, id, "name", "De Hoek", "  De Kade ", base=seq)))
    assert (answer.result, answer.value) == ("merged", "De Kade")


def test_own_pending_changes_follow_each_other(jan: Laptop, plan: tuple[str, int]) -> None:
    """Chained by `after`, within a push, over pushes, and over one that met an equal value."""
    id, seq = plan
    first = jan.act(changed("project", id, id, "name", "De Hoek", "A", base=seq))
    second = jan.act(changed("project", id, id, "name", "A", "B", base=seq, after=f"{first.id}/0"))
    third = jan.act(changed("project", id, id, "name", "B", "C", base=seq, after=f"{second.id}/0"))
    reply = jan.push(first, second)
    assert [act.others for act in reply.acts] == [[], []]
    assert jan.push(third).acts[0].others == []
    same = jan.act(changed("project", id, id, "name", "x", "C", base=seq))
    assert only(jan.push(same)).result == "same"
    assert jan.push(changed("project", id, id, "name", "C", "D", base=seq, after=f"{same.id}/0")).acts[0].others == []
    assert value(jan.register, id, "name") == "D"


def test_after_a_conflict_does_not_overwrite(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    jan.push(changed("project", id, id, "name", "De Hoek", "Van Jan", base=seq))
    an = register.laptop(name="An")
    first = an.act(changed("project", id, id, "name", "De Hoek", "Van An", base=seq))
    second = an.act(changed("project", id, id, "name", "Van An", "Van An 2", base=seq, after=f"{first.id}/0"))
    assert [act.others[0].result for act in an.push(first, second).acts] == ["conflict", "conflict"]
    third = changed("project", id, id, "name", "Van An 2", "Van An 3", base=seq, after=f"{second.id}/0")
    assert only(an.push(third)).result == "conflict"
    assert value(register, id, "name") == "Van Jan"


def test_notes_merge_and_are_told(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    jan.push(changed("project", id, id, "description", None, "een\ntwee", base=seq))
    an = register.laptop(name="An")
    answer = only(an.push(changed("project", id, id, "description", None, "drie", base=seq)))
    assert (answer.result, answer.value) == ("merged", "een\ntwee\ndrie")
    assert value(register, id, "description") == "een\ntwee\ndrie"


def test_one_line_notes_that_do_not_merge_are_a_conflict(
    register: Register, jan: Laptop, plan: tuple[str, int]
) -> None:
    id, _ = plan
    stone = jan.new_id()
    row = {"project_id": id, "type": "PHASE_4_DESIGN", "date": "2027-01-01", "state": "GEPLAND", "note": "a"}
    seq = jan.push(made("milestone", stone, id, row)).first
    jan.push(changed("milestone", stone, id, "note", "a", "b", base=seq))
    an = register.laptop(name="An")
    assert only(an.push(changed("milestone", stone, id, "note", "a", "c", base=seq))).result == "conflict"


def test_rows_added_by_two_people_never_conflict(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, _ = plan
    an = register.laptop(name="An")
    for laptop in (jan, an):
        row = {"project_id": id, "name": "Blok", "mutation": "CONSTRUCTION", "number": 10}
        paper = {"project_id": id, "name": "Brief", "kind": "OVERIG", "sha256": "ab" * 32, "size": 3}
        reply = laptop.push(
            made("houseblock", laptop.new_id(), id, row), made("document", laptop.new_id(), id, paper, n=1)
        )
        assert reply.acts[0].others == []


def test_deleting_what_changed_meanwhile_is_a_conflict(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    gone = "2026-11-21T11:00:00.000000Z"
    edit = jan.push(changed("project", id, id, "name", "De Hoek", "De Kade", base=seq))
    an = register.laptop(name="An")
    assert only(an.push(changed("project", id, id, "deleted_at", None, gone, base=seq))).result == "conflict"
    assert an.push(changed("project", id, id, "deleted_at", None, gone, base=edit.last)).acts[0].others == []
    later = only(
        jan.push(changed("project", id, id, "deleted_at", None, "2026-11-21T12:00:00.000000Z", base=edit.last))
    )
    assert (later.result, later.value) == ("same", gone)
    answer = only(jan.push(changed("project", id, id, "name", "De Kade", "X", base=edit.last)))
    # The name stands where it stood; it is An who deleted the project.
    assert (answer.result, answer.value, answer.seq, answer.author) == ("conflict", "De Kade", edit.last, "An")


# -- contours ---------------------------------------


def box(x: float, y: float, side: float = 100.0) -> shapely.Geometry:
    return shapely.box(x, y, x + side, y + side)


def contour(*boxes: shapely.Geometry) -> str:
    whole = shapely.union_all(list(boxes))
    return to_ewkb_hex(whole if isinstance(whole, shapely.MultiPolygon) else shapely.MultiPolygon([whole]))


def area(laptop: Laptop, project: str, shape: str) -> tuple[str, int]:
    id = laptop.new_id()
    return id, laptop.push(made("plan_area", id, project, {"project_id": project, "geometry": shape})).first


def parcel(laptop: Laptop, project: str, n: int) -> WireChange:
    row = {"project_id": project, "designation": f"DNW00 A {n}"}
    return made("parcel_link", laptop.new_id(), project, row, n=n)


BASE, LEFT, RIGHT = box(100_000, 500_000), box(99_900, 500_000), box(100_100, 500_000)


def test_contours_merge_when_both_sides_added_parcels(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, _ = plan
    one, seq = area(jan, id, contour(BASE))
    an = register.laptop(name="An")
    old = contour(BASE)
    jan.push(changed("plan_area", one, id, "geometry", old, contour(BASE, LEFT), base=seq), parcel(jan, id, 1))
    reply = an.push(changed("plan_area", one, id, "geometry", old, contour(BASE, RIGHT), base=seq), parcel(an, id, 1))
    assert only(reply).result == "merged"
    assert from_ewkb(only(reply).value).equals(from_ewkb(contour(BASE, LEFT, RIGHT)))
    kept = register.server.sql("SELECT ST_Area(geom), ST_SRID(geom) FROM diwi.plan_area_shape WHERE id = %s", one)
    assert kept == [(30_000.0, 28992)]


def test_contours_do_not_merge_without_parcels_or_in_one_place(
    register: Register, jan: Laptop, plan: tuple[str, int]
) -> None:
    id, _ = plan
    an = register.laptop(name="An")
    old = contour(BASE)
    by_hand, seq = area(jan, id, old)
    jan.push(changed("plan_area", by_hand, id, "geometry", old, contour(BASE, LEFT), base=seq))
    mine = changed("plan_area", by_hand, id, "geometry", old, contour(BASE, RIGHT), base=seq)
    assert an.push(mine, parcel(an, id, 1)).acts[0].others[0].result == "conflict"
    shared, seq = area(jan, id, old)
    jan.push(changed("plan_area", shared, id, "geometry", old, contour(BASE, LEFT), base=seq), parcel(jan, id, 1))
    half = contour(BASE, box(99_950, 500_000, 50))
    mine = changed("plan_area", shared, id, "geometry", old, half, base=seq)
    assert an.push(mine, parcel(an, id, 1)).acts[0].others[0].result == "conflict"


def test_a_contour_equal_after_normalising_is_the_same(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, _ = plan
    one, seq = area(jan, id, contour(BASE))
    jan.push(changed("plan_area", one, id, "geometry", contour(BASE), contour(BASE, LEFT), base=seq))
    an = register.laptop(name="An")
    jans = from_ewkb(value(register, one, "geometry"))
    turned = to_ewkb_hex(shapely.MultiPolygon([shapely.Polygon(list(jans.geoms[0].exterior.coords)[1:])]))
    answer = only(an.push(changed("plan_area", one, id, "geometry", contour(BASE), turned, base=seq)))
    assert answer.result == "same"


@pytest.mark.parametrize("bad", ["010600002040710000", "010600002040710000zz", contour(BASE)[:-4], 5, "0" * 40])
def test_a_broken_contour_is_refused(jan: Laptop, plan: tuple[str, int], bad: Any) -> None:
    id, _ = plan
    answer = only(jan.push(made("plan_area", jan.new_id(), id, {"project_id": id, "geometry": bad})))
    assert answer.result == "invalid"


# -- own fields ---------------------------------------


def test_an_own_field_is_known_in_the_push_that_makes_it_and_after(jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    own = jan.new_id()
    definition = {"object": "project", "name": "Aantal bomen", "type": "NUMERIC", "minimum": 0.0}
    reply = jan.push(
        made("own_field", own, None, definition),
        changed("project", id, id, f"own:{own}", None, [-1.0, -1.0], base=seq, n=1),
        changed("project", id, id, f"own:{own}", None, [3.0, 3.0], base=seq, n=2),
    )
    assert [(one.n, one.code) for one in reply.acts[0].others] == [(1, "below_minimum")]
    again = only(jan.push(changed("project", id, id, f"own:{own}", [3.0, 3.0], [-2.0, -2.0], base=reply.last)))
    assert again.code == "below_minimum"


def test_a_pattern_that_would_take_for_ever_is_left_to_the_laptops(jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    slow, quick = jan.new_id(), jan.new_id()
    jan.push(
        made("own_field", slow, None, {"object": "project", "name": "Traag", "type": "TEXT", "pattern": "(a+)+b"}),
        made("own_field", quick, None, {"object": "project", "name": "Snel", "type": "TEXT", "pattern": "[a-z]+"}, n=1),
    )
    reply = jan.push(
        changed("project", id, id, f"own:{slow}", None, "a" * 60, base=seq),
        changed("project", id, id, f"own:{quick}", None, "123", base=seq, n=1),
    )
    assert [(one.n, one.code) for one in reply.acts[0].others] == [(1, "pattern")]


# -- the message itself ---------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{}", 400, "invalid"),
        (b"[1", 400, "invalid"),
        (b'{"schema":2,"acts":[{"id":"x"}]}', 400, "invalid"),
        (b'{"schema":99,"acts":"anders"}', 409, "schema-too-new"),
        (b'{"schema":-1,"acts":[]}', 426, "schema-too-old"),
    ],
)
def test_a_message_that_is_none_is_refused(jan: Laptop, body: bytes, status: int, code: str) -> None:
    response = jan.ask("POST", "/pushes", content=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"urn:diwi:problem:{code}"


def test_too_many_changes_and_too_large_bodies_are_refused(jan: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    change = changed("project", jan.new_id(), None, "name", None, "x")
    act = jan.act(*[msgspec.structs.replace(change, n=n) for n in range(MOST_CHANGES + 1)])
    assert jan.send("/pushes", Push(SCHEMA, [act])).status_code == 413
    monkeypatch.setattr("diwi_desktop.server.wire.MOST_BYTES", 1000)
    assert jan.send("/pushes", Push(SCHEMA, [act])).status_code == 413


def test_gzip_both_ways(jan: Laptop) -> None:
    import gzip

    one = project(jan)
    body = gzip.compress(msgspec.json.encode(Push(SCHEMA, [jan.act(*one.changes)])))
    response = jan.ask("POST", "/pushes", content=body, headers={"Content-Encoding": "gzip"})
    assert response.status_code == 200
    bad = jan.ask("POST", "/pushes", content=b"geen gzip", headers={"Content-Encoding": "gzip"})
    assert bad.status_code == 400


def test_nobody_gets_in_without_a_session_or_into_another_register(jan: Laptop, make_register: Any) -> None:
    assert jan.register.server.client.post(f"/v1/registers/{jan.register.id}/pushes").status_code == 401
    other = make_register("0001", "Elders")
    response = jan.register.server.client.post(
        f"/v1/registers/{other.id}/pushes", headers={"Authorization": f"Bearer {jan.token}"}
    )
    assert response.status_code == 403


def test_an_act_of_another_is_not_added_to_nor_read(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    act = jan.act(changed("project", id, id, "name", "De Hoek", "De Kade", base=seq - 1))
    jan.push(act)
    an = register.laptop(role="User", name="An")
    stolen = an.act(
        msgspec.structs.replace(act.changes[0]), changed("project", id, id, "color", None, "#000000", n=5), id=act.id
    )
    answers = an.push(stolen).acts[0].others
    assert [(one.n, one.result, one.code, one.value) for one in answers] == [(5, "invalid", "unknown_act", None)]


def test_odd_numbers_and_names_break_nothing(jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    reply = jan.push(
        changed("project", id, id, "name", "De Hoek", "A", base=seq, n=2**40),
        changed("project", id, id, "name", "De Hoek", "B", base=seq, n=1, after=f"{jan.new_id()}/٣"),
        changed("project", id, id, "color", "#FF5733", "#000000", base=seq, n=2, after="\t\x00/\n"),
    )
    assert [(one.n, one.result) for one in reply.acts[0].others] == [(2**40, "invalid")]
    odd = jan.act(
        changed("project", id, id, "name", "B", "C", base=reply.first), name="\x00\\N\ttab\\.", id=jan.new_id()
    )
    assert jan.push(odd).acts[0].others == []
    assert jan.register.server.sql("SELECT name FROM diwi.act WHERE id = %s", odd.id) == [(" \\N tab\\.",)]


def test_many_deletions_at_once_of_what_others_changed(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, _ = plan
    row = {"project_id": id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}
    blocks = [jan.new_id() for _ in range(30)]
    first = jan.push(*(made("houseblock", block, id, row, n=n) for n, block in enumerate(blocks))).first
    an = register.laptop(name="An")
    gone = "2026-11-21T11:00:00.000000Z"
    an.push(*(changed("houseblock", one, id, "number", 1, 2, base=first + n, n=n) for n, one in enumerate(blocks[:10])))
    reply = jan.push(
        *(changed("houseblock", one, id, "deleted_at", None, gone, base=first + n, n=n) for n, one in enumerate(blocks))
    )
    assert [one.result for one in reply.acts[0].others] == ["conflict"] * 10
    kept = register.server.sql("SELECT count(*) FROM diwi.entity WHERE kind = 'houseblock' AND deleted")
    assert kept == [(20,)]


def test_a_project_with_a_block_that_another_changed_stays_whole(
    register: Register, jan: Laptop, plan: tuple[str, int]
) -> None:
    id, seq = plan
    row = {"project_id": id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}
    one, two = jan.new_id(), jan.new_id()
    first = jan.push(made("houseblock", one, id, row), made("houseblock", two, id, row, n=1)).first
    an = register.laptop(name="An")
    edit = an.push(changed("houseblock", one, id, "number", 1, 2, base=first))
    gone = "2026-11-21T11:00:00.000000Z"

    def deletions(base: int) -> Any:
        return (
            changed("project", id, id, "deleted_at", None, gone, base=seq),
            changed("houseblock", one, id, "deleted_at", None, gone, base=base, n=1),
            changed("houseblock", two, id, "deleted_at", None, gone, base=first + 1, n=2),
        )

    reply = jan.push(*deletions(first))
    assert [answer.result for answer in reply.acts[0].others] == ["conflict"] * 3
    assert [value(register, entity, "deleted_at") for entity in (id, one, two)] == [None] * 3
    assert jan.push(*deletions(edit.last)).acts[0].others == []
    assert [value(register, entity, "deleted_at") for entity in (id, one, two)] == [gone] * 3


GONE = "2026-11-21T11:00:00.000000Z"


def delete(laptop: Laptop, *changes: WireChange, seen: int | None) -> list[str]:
    """Delete in one act, knowing what others did up to `seen`; the results of what was not simply applied."""
    act = laptop.act(*changes)
    told = {} if seen is None else {f"{act.id}/{change.n}": seen for change in changes}
    response = laptop.send("/pushes", Push(SCHEMA, [act], told))
    (answer,) = msgspec.json.decode(response.content, type=PushReply).acts
    return [other.result for other in answer.others]


def test_a_project_in_which_another_put_something_stays_whole(
    register: Register, jan: Laptop, plan: tuple[str, int]
) -> None:
    id, seq = plan
    row = {"project_id": id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}
    mine = jan.new_id()
    first = jan.push(made("houseblock", mine, id, row)).first
    an = register.laptop(name="An")
    theirs = an.push(made("houseblock", an.new_id(), id, row)).last
    tree = (
        changed("project", id, id, "deleted_at", None, GONE, base=seq),
        changed("houseblock", mine, id, "deleted_at", None, GONE, base=first, n=1),
    )
    assert delete(jan, *tree, seen=0) == ["conflict"] * 2
    assert [value(register, one, "deleted_at") for one in (id, mine)] == [None] * 2
    assert delete(jan, *tree[:1], seen=theirs - 1) == ["conflict"]  # without the rest of the tree too
    assert delete(jan, *tree, seen=theirs) == []


def test_who_does_not_say_what_he_saw_deletes_as_ever(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    an = register.laptop(name="An")
    an.push(made("milestone", an.new_id(), id, {"project_id": id, "type": "PHASE_3_DEFINITION",
                                                "date": "2027-01-01", "state": "GEPLAND"}))  # fmt: skip
    assert delete(jan, changed("project", id, id, "deleted_at", None, GONE, base=seq), seen=None) == []


def test_deleting_knows_what_it_did_itself_and_what_is_gone(
    register: Register, jan: Laptop, plan: tuple[str, int]
) -> None:
    id, seq = plan
    row = {"project_id": id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}
    an = register.laptop(name="An")
    mine, theirs = jan.new_id(), an.new_id()
    jan.push(made("houseblock", mine, id, row))
    first = an.push(made("houseblock", theirs, id, row)).first
    an.push(changed("houseblock", theirs, id, "deleted_at", None, GONE, base=first))
    assert delete(jan, changed("project", id, id, "deleted_at", None, GONE, base=seq), seen=0) == []


def test_a_block_in_which_another_put_a_part_stays(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, _ = plan
    row = {"project_id": id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}
    one, two = jan.new_id(), jan.new_id()
    first = jan.push(made("houseblock", one, id, row), made("houseblock", two, id, row, n=1)).first
    an = register.laptop(name="An")
    an.push(
        made(
            "delivery", an.new_id(), id,
            {"houseblock_id": one, "date": "2027-01-01", "number": 1, "state": "GEPLAND"},
        )
    )  # fmt: skip
    blocks = (
        changed("houseblock", one, id, "deleted_at", None, GONE, base=first),
        changed("houseblock", two, id, "deleted_at", None, GONE, base=first + 1, n=1),
    )
    assert delete(jan, *blocks, seen=0) == ["conflict"]
    assert [value(register, block, "deleted_at") for block in (one, two)] == [None, GONE]


def test_a_document_that_is_not_visible_keeps_no_project(
    register: Register, jan: Laptop, plan: tuple[str, int]
) -> None:
    id, seq = plan
    paper = {"project_id": id, "name": "Nota", "kind": "OVERIG", "sha256": "a" * 64, "size": 1}
    boss = register.laptop(name="An")
    boss.push(made("writer", boss.new_id(), id, {"project_id": id, "person": boss.session.person}))
    boss.push(made("document", boss.new_id(), id, {**paper, "confidentiality": "PRIVATE"}))
    other = register.laptop(name="Eva")  # sees the project, owns nothing of it
    writer = boss.pull().seq
    assert delete(other, changed("project", id, id, "deleted_at", None, GONE, base=seq), seen=0) == ["conflict"]
    assert delete(other, changed("project", id, id, "deleted_at", None, GONE, base=seq), seen=writer - 1) == []


def test_a_group_to_which_another_added_somebody_stays(register: Register) -> None:
    one, two = register.laptop(role="Admin", name="Ada"), register.laptop(role="Admin", name="Bob")
    group = one.new_id()
    first = one.push(made("user_group", group, None, {"name": "Team Noord"})).first
    two.push(made("group_member", two.new_id(), None, {"user_group_id": group, "person": two.session.person}))
    gone = changed("user_group", group, None, "deleted_at", None, GONE, base=first)
    assert delete(one, gone, seen=first) == ["conflict"]
    assert delete(one, gone, seen=one.pull().seq) == []


def test_nothing_comes_under_what_was_deleted_meanwhile(register: Register, jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    row = {"project_id": id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}
    block = jan.new_id()
    first = jan.push(made("houseblock", block, id, row)).first
    bye = jan.push(changed("houseblock", block, id, "deleted_at", None, GONE, base=first)).last
    gone = jan.push(changed("project", id, id, "deleted_at", None, GONE, base=seq)).last
    an = register.laptop(name="An")
    late = only(an.push(made("houseblock", an.new_id(), id, row)))
    assert (late.result, late.code, late.seq) == ("invalid", "parent_deleted", 0)
    again = changed("houseblock", block, id, "deleted_at", GONE, None, base=bye)
    assert only(an.push(again)).result == "conflict"
    together = (
        changed("houseblock", block, id, "deleted_at", GONE, None, base=bye),
        changed("project", id, id, "deleted_at", GONE, None, base=gone, n=1),
    )
    assert jan.push(*together).acts[0].others == []


def test_old_answers_go_and_a_late_push_still_counts_once(
    register: Register, jan: Laptop, plan: tuple[str, int], tmp_path: Path
) -> None:
    id, seq = plan
    an = register.laptop(name="An")
    an.push(
        changed("project", id, id, "name", "De Hoek", "De Kade", base=seq),
        changed("project", id, id, "description", None, "van An", base=seq, n=1),
    )
    late = jan.act(
        changed("project", id, id, "name", "De Hoek", "De Punt", base=seq),
        changed("project", id, id, "description", None, "van Jan", base=seq, n=1),
        changed("project", id, id, "color", "#FF5733", "#000000", base=seq, n=2),
    )
    first = jan.push(late)
    settings = Settings(database_url=register.server.database_url, data_dir=tmp_path)
    sent = register.server.clock.now()
    assert maintenance.clean(settings, sent + timedelta(days=180 + 364))["verdict"] == 0
    assert maintenance.clean(settings, sent + timedelta(days=180 + 366))["verdict"] == 1
    again = jan.push(late)
    assert again.acts == first.acts
    assert (again.first, again.last, again.seq) == (0, 0, first.seq)
    # Whatever follows the merge was made without having seen what came of it.
    on_top = changed("project", id, id, "description", "van Jan", "van Jan!", base=seq, after=f"{late.id}/1")
    jan.push(on_top)
    assert value(register, id, "description") == "van An\nvan Jan\nvan Jan!"
