"""What somebody who is signed in and means harm sends: it hurts nobody but himself."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from typing import Any

import pytest
import shapely

from diwi_desktop.changes.messages import SCHEMA
from diwi_desktop.geo.shape import to_ewkb_hex
from tests.server.harness import Laptop, Register
from tests.server.making import changed, made, project

ID = "01a1fdfa-4601-747f-a467-eb441e8b92dc"


@pytest.fixture
def jan(register: Register) -> Laptop:
    return register.laptop()


@pytest.fixture
def plan(jan: Laptop) -> tuple[str, int]:
    one = project(jan)
    return one.id, jan.push(*one.changes).first


@pytest.mark.parametrize("where", ["id", "device", "undoes", "entity", "project"])
def test_an_id_with_a_line_end_is_no_id(jan: Laptop, where: str) -> None:
    wrong = ID + "\n"
    change: list[Any] = [0, "houseblock", ID, ID, "", None, {"project_id": ID}, 0, None]
    act = {"id": ID, "name": "x", "kind": "user", "device": ID, "made_at": "", "undoes": ID, "changes": [change]}
    if where in act:
        act[where] = wrong
    else:
        change[{"entity": 2, "project": 3}[where]] = wrong
    answer = jan.ask("POST", "/pushes", content=json.dumps({"schema": SCHEMA, "acts": [act]}).encode())
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("moment", ["2026-99-99T99:99:99Z", "٢٠٢٦-11-21T11:00:00Z", "gisteren", "2026-02-30T10:00:00Z"])
def test_a_time_that_is_none_does_not_reach_others(jan: Laptop, moment: str) -> None:
    one = project(jan)
    act = jan.act(*one.changes)
    answer = jan.ask(
        "POST", "/pushes",
        content=json.dumps({"schema": SCHEMA, "acts": [{
            "id": act.id, "name": "x", "kind": "user", "device": act.device, "made_at": moment,
            "changes": [[c.n, c.kind, c.entity, c.project, c.field, c.old, c.new] for c in act.changes],
        }]}).encode(),
    )  # fmt: skip
    assert answer.status_code == 200
    times = {one.made_at for one in jan.register.laptop(name="An").pull().acts if one.id == act.id}
    assert times == {"2026-11-21T12:00:00.000000Z"}, "the server's own time"


def test_nor_does_the_time_of_a_deletion(jan: Laptop, plan: tuple[str, int]) -> None:
    id, seq = plan
    reply = jan.push(changed("project", id, id, "deleted_at", None, "2026-99-99T99:99:99Z", base=seq + 1))
    assert [answer.code for answer in reply.acts[0].others] == ["not_moment"]


@pytest.mark.parametrize("old", [5, True, {"a": 1}, [{}], [[1]], ["00", "00"]])
def test_an_old_value_of_another_type_is_a_conflict(jan: Laptop, plan: tuple[str, int], old: Any) -> None:
    id, seq = plan
    block, area = jan.new_id(), jan.new_id()
    shape = to_ewkb_hex(shapely.MultiPolygon([shapely.box(100000, 400000, 100010, 400010)]))
    other = to_ewkb_hex(shapely.MultiPolygon([shapely.box(100000, 400000, 100020, 400010)]))
    first = jan.push(
        made("plan_area", area, id, {"project_id": id, "geometry": shape}),
        changed("project", id, id, "description", None, "een", base=seq, n=1),
        changed("project", id, id, "plan_types", None, ["PAND_TRANSFORMATIE"], base=seq, n=2),
        made("houseblock", block, id, {"project_id": id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}, n=3),
    )
    assert not first.acts[0].others
    reply = jan.push(
        changed("project", id, id, "description", old, "twee"),
        changed("project", id, id, "plan_types", old, ["HERSTRUCTURERING"], n=1),
        changed("plan_area", area, id, "geometry", old, other, n=2),
    )
    assert [answer.result for answer in reply.acts[0].others] == ["conflict"] * 3


def test_texts_of_very_many_lines_are_not_compared(jan: Laptop, plan: tuple[str, int]) -> None:
    """Comparing by line takes the product of the lines, under the lock of the register."""
    id, seq = plan
    jan.push(changed("project", id, id, "description", None, "a\nb\n" * 8_000, base=seq))
    begun = time.process_time()
    reply = jan.push(changed("project", id, id, "description", "b\na\n" * 8_000, "b\na\n" * 7_999 + "c", base=seq))
    assert time.process_time() - begun < 2
    assert reply.acts[0].others[0].result == "conflict"


def _comb(teeth: int, *, upright: bool) -> str:
    """A comb whose teeth cross those of one the other way at every pair of them."""
    step = 1000 / teeth
    points = [(0.0, 0.0)]
    for tooth in range(teeth):
        at = tooth * step
        points += [(at, 1000.0), (at + step / 2, 1000.0), (at + step / 2, 1.0), (at + step, 1.0)]
    points += [(1000.0, 0.0)]
    shape = shapely.Polygon([(100000 + x, 400000 + y) if upright else (100000 + y, 400000 + x) for x, y in points])
    return to_ewkb_hex(shapely.MultiPolygon([shape]))


def test_contours_of_very_many_points_are_not_computed_with(jan: Laptop, plan: tuple[str, int]) -> None:
    """Two combs cross each other a number of times that is the product of their teeth."""
    id = plan[0]
    area = jan.new_id()
    first = jan.push(made("plan_area", area, id, {"project_id": id, "geometry": _comb(3000, upright=True)}))
    assert not first.acts[0].others
    base = first.first
    an = jan.register.laptop(name="An")

    def drawn(laptop: Laptop, shape: str) -> Any:
        link = {"project_id": id, "designation": "DWK00A 1"}
        return laptop.push(
            changed("plan_area", area, id, "geometry", _comb(3000, upright=True), shape, base=base),
            made("parcel_link", laptop.new_id(), id, link, n=1),
        )

    drawn(jan, _comb(3001, upright=False))
    begun = time.process_time()
    reply = drawn(an, _comb(3002, upright=False))
    assert time.process_time() - begun < 5
    assert reply.acts[0].others[0].result == "conflict"


def test_json_of_very_many_levels_is_refused(jan: Laptop) -> None:
    """What one side can read another may not, depending on how deep it is itself at that moment."""
    deep: Any = "grond"
    for _ in range(60):
        deep = [deep]
    values = {"profile": "zuid-holland", "target": "status", "source": "x", "options": deep}
    answers = jan.push(made("mapping", jan.new_id(), None, values)).acts[0].others
    assert [answer.code for answer in answers] == ["too_deep"]


# -- under the names of others -----------------------------------------------------------------------------------------


def test_nothing_is_kept_under_the_name_of_anothers_act(register: Register, jan: Laptop) -> None:
    one = project(jan)
    act = jan.act(*one.changes)
    jan.push(act)
    an = register.laptop(name="An")
    block = jan.new_id()
    values = {"project_id": one.id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}
    late = made("houseblock", block, one.id, values, n=7)
    stolen = an.push(an.act(late, id=act.id))
    assert [answer.code for answer in stolen.acts[0].others] == ["unknown_act"]
    assert an.push(an.act(late, id=act.id)).acts == stolen.acts
    rest = jan.push(jan.act(late, id=act.id))
    assert rest.acts[0].seqs == [rest.first], "the rest of his act, in a later push"
    assert not rest.acts[0].others


def test_anothers_act_does_not_tell_how_much_it_changed_elsewhere(register: Register, jan: Laptop) -> None:
    seen, hidden = project(jan), project(jan, start=2, confidentiality="PRIVATE")
    act = jan.act(*seen.changes, *hidden.changes)
    first = jan.push(act)
    an = register.laptop(name="An")
    asked = [changed("project", seen.id, seen.id, "name", None, "x", n=n) for n in range(6)]
    (answer,) = an.push(an.act(*asked, id=act.id)).acts
    assert answer.seqs == [first.first, first.first + 1, 0, 0, 0, 0]
    assert [(one.n, one.code) for one in answer.others] == [(n, "unknown_act") for n in (2, 3, 4, 5)]


def test_who_has_a_size_wrong_keeps_nobody_from_sending_the_file(register: Register, jan: Laptop) -> None:
    content = b"%PDF-1.7 een tekening"
    hash_ = sha256(content).hexdigest()
    an = register.laptop(name="An")
    for laptop, size in ((an, 3), (jan, len(content)), (an, 5)):
        one = project(laptop)
        file = {"project_id": one.id, "name": "a.pdf", "kind": "OVERIG", "sha256": hash_, "size": size}
        reply = laptop.push(*one.changes, made("document", laptop.new_id(), one.id, file, n=2))
        assert not reply.acts[0].others
    assert jan.ask("PUT", f"/documents/{hash_}/content", content=content).status_code == 201
    assert jan.ask("GET", f"/documents/{hash_}/content").content == content
