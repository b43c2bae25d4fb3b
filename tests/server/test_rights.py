"""Who may change what, by the rules that the laptops have too."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from diwi_desktop.changes.messages import WireChange
from tests.server.harness import Laptop, Register
from tests.server.making import changed, made, project

GONE = "2026-11-21T11:00:00.000000Z"


def outcome(laptop: Laptop, *changes: WireChange) -> list[str]:
    """What became of each change: applied or the code of its refusal."""
    act = laptop.act(*changes)
    reply = laptop.push(act).acts[0]
    others = {one.n: one.code or one.result for one in reply.others}
    return [others.get(change.n, "applied") for change in changes]


@pytest.fixture
def boss(register: Register) -> Laptop:
    return register.laptop(name="Chef")


@pytest.mark.parametrize(
    ("role", "create", "edit_own", "edit_other", "delete_own"),
    [
        ("UserPlus", "applied", "applied", "applied", "applied"),
        ("User", "applied", "applied", "no_right", "applied"),
        ("External", "no_right", "applied", "no_right", "no_right"),
        ("Management", "no_right", "no_right", "no_right", "no_right"),
        ("Council", "no_right", "no_right", "no_right", "no_right"),
        ("Admin", "no_right", "no_right", "no_right", "no_right"),
    ],
)
def test_projects_by_role(
    register: Register, boss: Laptop, role: str, create: str, edit_own: str, edit_other: str, delete_own: str
) -> None:
    laptop = register.laptop(role=role, name=role)
    mine, other = project(boss, owner=laptop.session.person, confidentiality="PUBLIC"), project(boss)
    first, second = boss.push(*mine.changes).first, boss.push(*other.changes).first
    fresh = project(laptop)
    assert outcome(laptop, fresh.changes[0])[0] == create
    assert outcome(laptop, changed("project", mine.id, mine.id, "name", "De Hoek", "A", base=first)) == [edit_own]
    assert outcome(laptop, changed("project", other.id, other.id, "name", "De Hoek", "A", base=second)) == [edit_other]
    block = {"project_id": mine.id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}
    assert outcome(laptop, made("houseblock", laptop.new_id(), mine.id, block)) == [edit_own]
    gone = changed("project", mine.id, mine.id, "deleted_at", None, GONE, base=register_seq(register))
    assert outcome(laptop, gone) == [delete_own]


def register_seq(register: Register) -> int:
    return int(register.server.sql("SELECT seq FROM diwi.register WHERE id = %s", register.id)[0][0])


def test_who_makes_a_project_owns_it_through_his_own_row(register: Register) -> None:
    user = register.laptop(role="User", name="Jan")
    one = project(user)
    block = {"project_id": one.id, "name": "A", "mutation": "CONSTRUCTION", "number": 1}
    assert outcome(user, *one.changes, made("houseblock", user.new_id(), one.id, block, n=2)) == ["applied"] * 3
    edit = changed("project", one.id, one.id, "name", "De Hoek", "B", base=register_seq(register))
    assert outcome(user, edit)[0] in ("applied", "conflict")
    # Without a row of his own it is nobody's once the act has ended.
    bare = project(user, owner=None)
    first = user.push(*bare.changes).first
    assert outcome(user, changed("project", bare.id, bare.id, "name", "De Hoek", "B", base=first)) == ["no_right"]


def test_an_act_in_two_pushes_goes_on_as_the_maker(register: Register) -> None:
    user, thief = register.laptop(role="User", name="Jan"), register.laptop(role="User", name="Piet")
    one = project(user)
    act = user.act(one.changes[0])
    user.push(act)
    assert outcome(thief, one.changes[1]) == ["no_right"]
    rest = user.push(user.act(one.changes[1], id=act.id))
    assert rest.acts[0].others == []


def test_a_denied_change_tells_nothing_of_what_is_hidden(register: Register, boss: Laptop) -> None:
    secret, open_ = project(boss, confidentiality="PRIVATE"), project(boss, confidentiality="PUBLIC")
    boss.push(*secret.changes)
    boss.push(*open_.changes)
    user = register.laptop(role="User", name="Jan")
    reply = user.push(
        changed("project", secret.id, secret.id, "name", "x", "y"),
        made("project", secret.id, secret.id, secret.changes[0].new, n=1),
        made("houseblock", user.new_id(), secret.id, {"project_id": secret.id, "name": "A", "number": 1}, n=2),
        changed("project", open_.id, open_.id, "name", "x", "y", n=3),
    )
    answers = [(one.result, one.seq > 0, one.value, one.author) for one in reply.acts[0].others]
    assert answers == [("denied", False, None, "")] * 3 + [("denied", True, "De Hoek", "Chef")]


def test_an_answer_given_again_tells_nothing_that_is_hidden_by_now(register: Register, boss: Laptop) -> None:
    user = register.laptop(role="User", name="Jan")
    one = project(boss, confidentiality="PUBLIC")
    first = boss.push(*one.changes).first
    act = user.act(changed("project", one.id, one.id, "name", "x", "y"))
    assert user.push(act).acts[0].others[0].value == "De Hoek"
    boss.push(changed("project", one.id, one.id, "confidentiality", "PUBLIC", "PRIVATE", base=first))
    again = user.push(act).acts[0].others[0]
    assert (again.result, again.value, again.author) == ("denied", None, "")


def test_only_owners_make_a_project_private(register: Register, boss: Laptop) -> None:
    other = register.laptop(name="An")
    one = project(other, confidentiality="PUBLIC")
    first = other.push(*one.changes).first
    private = changed("project", one.id, one.id, "confidentiality", "PUBLIC", "PRIVATE", base=first)
    assert outcome(boss, private) == ["private_of_another"]
    assert outcome(other, private) == ["applied"]


def test_owners_change_within_the_push(register: Register, boss: Laptop) -> None:
    """Who gives his project away may not change it any more, from the next change on."""
    user = register.laptop(role="User", name="Jan")
    one = project(user)
    reply = user.push(*one.changes)
    row = one.changes[1].entity
    first, given = reply.first, reply.last
    results = outcome(
        user,
        changed("writer", row, one.id, "person", user.session.person, boss.session.person, base=given),
        changed("project", one.id, one.id, "name", "De Hoek", "X", base=first, n=1),
    )
    assert results == ["applied", "no_right"]
    owners = register.server.sql("SELECT owners::text[] FROM diwi.scope WHERE scope = %s", one.id)
    assert owners == [([boss.session.person],)]


def test_who_owned_a_project_when_it_was_deleted_can_bring_it_back(register: Register, boss: Laptop) -> None:
    """His row goes with the project, which would be out of everybody's sight for ever."""
    user, other = register.laptop(role="User", name="Jan"), register.laptop(role="User", name="An")
    one = project(user, confidentiality="PRIVATE")
    reply = user.push(*one.changes)
    row, others = one.changes[1].entity, user.new_id()
    given = user.push(made("writer", others, one.id, {"project_id": one.id, "person": other.session.person})).last
    before = "2026-11-20T11:00:00.000000Z"
    assert outcome(user, changed("writer", others, one.id, "deleted_at", None, before, base=given)) == ["applied"]
    for laptop in (user, other):
        laptop.pull()
    gone = [
        changed("writer", row, one.id, "deleted_at", None, GONE, base=reply.last),
        changed("project", one.id, one.id, "deleted_at", None, GONE, base=given, n=1),
    ]
    deleted = user.push(user.act(*gone))
    assert not deleted.acts[0].others
    assert owners_of(register, one.id) == [user.session.person]
    assert one.id not in user.pull().purge
    back = [
        changed("project", one.id, one.id, "deleted_at", GONE, None, base=deleted.last),
        changed("writer", row, one.id, "deleted_at", GONE, None, base=deleted.first, n=1),
    ]
    for stranger in (other, boss):
        assert outcome(stranger, *back) == ["no_right", "no_right"]
    assert outcome(user, *back) == ["applied", "applied"]
    assert owners_of(register, one.id) == [user.session.person]


def test_a_project_whose_owners_were_deleted_in_an_earlier_push(register: Register) -> None:
    """One act may come in several pushes, and the project's own row may be the last of it."""
    user = register.laptop(role="User", name="Jan")
    one = project(user, confidentiality="PRIVATE")
    reply = user.push(*one.changes)
    row = changed("writer", one.changes[1].entity, one.id, "deleted_at", None, GONE, base=reply.last, n=1)
    itself = changed("project", one.id, one.id, "deleted_at", None, GONE, base=reply.first)
    act = user.act(itself, row)
    assert not user.push(msgspec.structs.replace(act, changes=[itself])).acts[0].others
    assert owners_of(register, one.id) == [user.session.person]
    assert not user.push(msgspec.structs.replace(act, changes=[row])).acts[0].others
    assert owners_of(register, one.id) == [user.session.person]


def owners_of(register: Register, project: str) -> list[str]:
    return list(register.server.sql("SELECT owners::text[] FROM diwi.scope WHERE scope = %s", project)[0][0])


def test_two_rows_for_one_owner(register: Register, boss: Laptop) -> None:
    """Taking one away does not take what the other gives."""
    user = register.laptop(role="User", name="Jan")
    one = project(user)
    user.push(*one.changes)
    twin = made("writer", user.new_id(), one.id, {"project_id": one.id, "person": user.session.person})
    last = user.push(twin).last
    assert outcome(user, changed("writer", twin.entity, one.id, "deleted_at", None, GONE, base=last)) == ["applied"]
    assert outcome(user, changed("project", one.id, one.id, "name", "De Hoek", "X", base=last - 2)) == ["applied"]


@pytest.mark.parametrize(
    ("role", "people", "groups", "lists", "mapping"),
    [
        ("Admin", "applied", "applied", "no_right", "no_right"),
        ("UserPlus", "applied", "applied", "applied", "applied"),
        ("User", "no_right", "no_right", "no_right", "no_right"),
        ("Council", "no_right", "no_right", "no_right", "no_right"),
    ],
)
def test_what_is_outside_projects(
    register: Register, role: str, people: str, groups: str, lists: str, mapping: str
) -> None:
    laptop = register.laptop(role=role, name=role)
    assert outcome(
        laptop,
        made("person", laptop.new_id(), None, {"name": "X", "email": "x@y.nl", "role": "User"}),
        made("user_group", laptop.new_id(), None, {"name": "G"}, n=1),
        made("option", laptop.new_id(), None, {"list": "district", "name": "Noord"}, n=2),
        made("mapping", laptop.new_id(), None, {"profile": "zh", "target": "naam"}, n=3),
    ) == [people, groups, lists, mapping]


@pytest.mark.parametrize(
    ("role", "field", "new", "code"),
    [
        ("UserPlus", "role", "Admin", "own_role"),
        ("UserPlus", "state", "GEBLOKKEERD", "own_role"),
        ("UserPlus", "name", "Nieuwe naam", "applied"),
        ("Admin", "role", "UserPlus", "own_role"),
    ],
)
def test_nobody_gives_himself_a_role(register: Register, role: str, field: str, new: Any, code: str) -> None:
    laptop = register.laptop(role=role, name=role)
    me = laptop.session.person
    first = register.server.sql("SELECT created FROM diwi.entity WHERE id = %s", me)[0][0]
    assert outcome(laptop, changed("person", me, None, field, None, new, base=first)) == [code]


def test_only_an_administrator_makes_one(register: Register, boss: Laptop) -> None:
    new = {"name": "X", "email": "x@y.nl", "role": "Admin"}
    assert outcome(boss, made("person", boss.new_id(), None, new)) == ["admin_only"]
    admin = register.laptop(register.admin)
    assert outcome(admin, made("person", admin.new_id(), None, new)) == ["applied"]


def made_at(register: Register, person: str) -> int:
    return int(register.server.sql("SELECT last FROM diwi.entity WHERE id = %s", person)[0][0])


@pytest.mark.parametrize("state", ["ACTIEF", "GEBLOKKEERD"])
def test_a_main_user_does_not_become_another(register: Register, boss: Laptop, state: str) -> None:
    victim = register.person("Vera", "User", state=state)
    base = made_at(register, victim)

    def change(field: str, new: Any) -> WireChange:
        return changed("person", victim, None, field, None, new, base=base)

    assert outcome(boss, change("email", "mine@x.nl")) == ["address_of_another"]
    assert outcome(boss, change("state", "UITGENODIGD")) == ["invited_again"]
    roundabout = [change("state", "UITGENODIGD"), msgspec.structs.replace(change("email", "mine@x.nl"), n=1)]
    assert outcome(boss, *roundabout) == ["invited_again", "address_of_another"]
    admin = register.laptop(register.admin)
    assert outcome(admin, change("email", "vera@new.nl")) == ["applied"]


def test_a_main_user_mends_the_address_of_who_never_came_in(register: Register, boss: Laptop) -> None:
    fresh = register.person("Vera", "User", state="UITGENODIGD")
    mend = changed("person", fresh, None, "email", None, "vera@new.nl", base=made_at(register, fresh))
    assert outcome(boss, mend) == ["applied"]


def test_everybody_has_an_address_of_his_own(register: Register, boss: Laptop) -> None:
    """Within one push too, whatever the case; an address of who is gone is free, and of who comes back it is not."""

    def somebody(email: str, n: int = 0) -> WireChange:
        return made("person", boss.new_id(), None, {"name": "X", "email": email, "role": "User"}, n=n)

    first = somebody("een@x.nl")
    assert outcome(boss, first, somebody("EEN@x.nl", 1)) == ["applied", "address_taken"]
    assert outcome(boss, somebody("\uff45en@x.nl")) == ["address_taken"]
    second = somebody("twee@x.nl")
    assert outcome(boss, second) == ["applied"]
    base = made_at(register, second.entity)
    mail = changed("person", second.entity, None, "email", "twee@x.nl", "een@x.nl", base=base)
    assert outcome(boss, mail) == ["address_taken"]
    gone = changed("person", first.entity, None, "deleted_at", None, GONE, base=made_at(register, first.entity))
    assert outcome(boss, gone, msgspec.structs.replace(mail, n=1)) == ["applied", "applied"]
    back = changed("person", first.entity, None, "deleted_at", GONE, None, base=made_at(register, first.entity))
    assert outcome(boss, back) == ["address_taken"]
    again = changed(
        "person", second.entity, None, "email", "een@x.nl", "Een@X.nl", base=made_at(register, second.entity)
    )
    assert outcome(boss, again) == ["applied"]  # one's own address, written otherwise


def test_the_same_address_in_two_registers(register: Register, boss: Laptop, make_register: Any) -> None:
    values = {"name": "X", "email": "een@x.nl", "role": "User"}
    there = make_register("0998", "Elders").laptop(name="Jan")
    assert outcome(boss, made("person", boss.new_id(), None, values)) == ["applied"]
    assert outcome(there, made("person", there.new_id(), None, values)) == ["applied"]


def test_groups_own_projects(register: Register, boss: Laptop) -> None:
    user = register.laptop(role="User", name="Jan")
    group, member = boss.new_id(), boss.new_id()
    one = project(boss)
    reply = boss.push(
        *one.changes,
        made("user_group", group, None, {"name": "G"}, n=2),
        made("group_member", member, None, {"user_group_id": group, "person": user.session.person}, n=3),
        made("writer", boss.new_id(), one.id, {"project_id": one.id, "user_group": group}, n=4),
    )
    assert outcome(user, changed("project", one.id, one.id, "name", "De Hoek", "A", base=reply.first)) == ["applied"]
    boss.push(changed("group_member", member, None, "deleted_at", None, GONE, base=reply.last))
    edit = changed("project", one.id, one.id, "color", "#FF5733", "#000000", base=reply.first)
    assert outcome(user, edit) == ["no_right"]


def test_nobody_joins_a_group_to_see_what_is_private(register: Register, boss: Laptop) -> None:
    """By himself, by a colleague of his, or by bringing an old membership back."""
    jan = register.laptop(role="UserPlus", name="Jan")
    group, other, gone = jan.new_id(), register.person("Ander"), jan.new_id()
    secret = project(jan, confidentiality="PRIVATE")
    jan.push(
        *secret.changes,
        made("user_group", group, None, {"name": "G"}, n=2),
        made("group_member", gone, None, {"user_group_id": group, "person": boss.session.person}, n=3),
        made("writer", jan.new_id(), secret.id, {"project_id": secret.id, "user_group": group}, n=4),
    )
    leaves = changed("group_member", gone, None, "deleted_at", None, GONE, base=made_at(register, gone))
    assert outcome(jan, leaves) == ["applied"]

    def joins(laptop: Laptop, person: str) -> list[str]:
        return outcome(laptop, made("group_member", laptop.new_id(), None, {"user_group_id": group, "person": person}))

    assert joins(boss, boss.session.person) == ["closed_group"]
    assert joins(boss, other) == ["closed_group"]
    back = changed("group_member", gone, None, "deleted_at", GONE, None, base=made_at(register, gone))
    assert outcome(boss, back) == ["closed_group"]
    assert joins(jan, other) == ["applied"]  # it is his plan
    assert joins(register.laptop(register.admin), boss.session.person) == ["applied"]


def test_an_external_partner_does_not_publish_a_plan(register: Register, boss: Laptop) -> None:
    partner = register.laptop(role="External", name="Partner")
    one = project(boss, owner=partner.session.person)
    first = boss.push(*one.changes).first
    for level in ("PUBLIC", "PRIVATE"):
        edit = changed("project", one.id, one.id, "confidentiality", "INTERNAL_CIVIL", level, base=first)
        assert outcome(partner, edit) == ["no_right"]


def test_documents_follow_their_own_level(register: Register, boss: Laptop) -> None:
    """An owner is bound by his project, others also by the level of the document."""
    an = register.laptop(name="An")
    one = project(boss, confidentiality="PUBLIC")
    paper = boss.new_id()
    row = {"project_id": one.id, "name": "B", "kind": "OVERIG", "sha256": "ab" * 32, "size": 1,
           "confidentiality": "PRIVATE"}  # fmt: skip
    boss.push(*one.changes)
    first = boss.push(made("document", paper, one.id, row)).first
    edit = changed("document", paper, one.id, "name", "B", "C", base=first)
    assert outcome(an, edit) == ["no_right"]
    assert outcome(boss, edit) == ["applied"]


# -- what a value may point at --


def _answers_to(laptop: Laptop, plan: str, base: int, mother: str) -> tuple[str, str, Any]:
    """What a laptop is told when it puts a plan under another."""
    (answer,) = laptop.push(changed("project", plan, plan, "parent", None, mother, base=base)).acts[0].others
    return answer.result, answer.code, answer.value


def test_a_plan_is_not_put_under_one_that_is_hidden(register: Register, boss: Laptop) -> None:
    """The answer told whether there is a plan with that id."""
    hidden = project(boss, confidentiality="PRIVATE")
    boss.push(*hidden.changes)
    jan = register.laptop(name="Jan")
    own = project(jan)
    seq = jan.push(*own.changes).first
    assert _answers_to(jan, own.id, seq, hidden.id) == _answers_to(jan, own.id, seq, jan.new_id())
    assert _answers_to(jan, own.id, seq, hidden.id)[:2] == ("invalid", "unknown_reference")
    made_under = project(jan, parent=hidden.id)
    assert [one.code for one in jan.push(*made_under.changes[:1]).acts[0].others] == ["unknown_reference"]
    seen = project(boss)
    boss.push(*seen.changes)
    assert jan.push(changed("project", own.id, own.id, "parent", None, seen.id, base=seq)).acts[0].others == []


def test_an_option_is_one_of_its_list(register: Register, boss: Laptop) -> None:
    own = project(boss)
    seq = boss.push(*own.changes).first
    place, other = boss.new_id(), boss.new_id()
    boss.push(
        made("option", place, None, {"list": "district", "name": "Oost"}),
        made("option", other, None, {"list": "municipality", "name": "Duinwijk"}, n=1),
    )
    for option, codes in ((other, ["unknown_option"]), (place, [])):
        reply = boss.push(changed("project", own.id, own.id, "districts", None, [option], base=seq))
        assert [one.code for one in reply.acts[0].others] == codes
    third = boss.new_id()  # in one push with what points at it
    reply = boss.push(
        made("option", third, None, {"list": "district", "name": "West"}),
        changed("project", own.id, own.id, "districts", [place], [third], base=boss.pull().seq, n=1),
    )
    assert [one.result for one in reply.acts[0].others] == []
