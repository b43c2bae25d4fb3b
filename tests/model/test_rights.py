"""The matrices of the functional reference (6.1, 6.2), typed by hand, and what follows from them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.model import rights
from diwi_desktop.model.codes import Confidentiality, PersonState, UserRole
from diwi_desktop.model.rights import Access, Right, Viewer

ROLES = ("Admin", "UserPlus", "User", "Management", "Council", "External")
# One column per role in the order of ROLES; x: has the right. Unlike the original the administrator sees the lists:
# they travel with the register itself.
ACTIONS = """
view_api          x x - - - -
view_users        x x - - - -
edit_users        x x - - - -
view_groups       x x x x x -
edit_groups       x x - - - -
view_config       x x x x x x
edit_config       x x - - - -
view_lists        x x x x x x
edit_lists        - x - - - -
can_own           - x x - - x
change_owner      x - - - - -
view_others       - x x x x -
view_own          - x x - - x
edit_own          - x x - - x
edit_all          - x - - - -
create_project    - x x - - -
import            - x - - - -
export            - x - - - -
view_dashboards   - x x x x -
view_goals        - x x x x x
edit_goals        - x - - - -
view_exchange     - x - - - -
edit_exchange     - x - - - -
view_audit        x - - - - -
"""
LEVELS = """
PRIVATE                - - - - - -
INTERNAL_CIVIL         - x x - - -
INTERNAL_MANAGEMENT    - x x x - -
INTERNAL_COUNCIL       - x x x x -
EXTERNAL_REGIONAL      - x x x x -
EXTERNAL_GOVERNMENTAL  - x x x x -
PUBLIC                 - x x x x -
"""


def _cells(table: str) -> list[tuple[str, str, bool]]:
    rows = [line.split() for line in table.strip().splitlines()]
    return [(row[0], role, mark == "x") for row in rows for role, mark in zip(ROLES, row[1:], strict=True)]


def _viewer(role: str, *groups: str, state: PersonState = PersonState.ACTIVE, person: str = "me") -> Viewer:
    return Viewer(person, UserRole(role), frozenset(groups), state)


def test_the_tables_above_name_everything() -> None:
    assert {action for action, _, _ in _cells(ACTIONS)} == {right.value for right in Right}
    assert {level for level, _, _ in _cells(LEVELS)} == {level.value for level in Confidentiality}
    assert set(ROLES) == {role.value for role in UserRole}


@pytest.mark.parametrize(("action", "role", "given_"), _cells(ACTIONS))
def test_a_role_has_its_rights_and_no_others(action: str, role: str, given_: bool) -> None:
    assert rights.may(_viewer(role), Right(action)) is given_
    assert not rights.may(_viewer(role, state=PersonState.INVITED), Right(action))
    assert not rights.may(_viewer(role, state=PersonState.LOCKED), Right(action))
    assert rights.may(rights.SOLE, Right(action))


@pytest.mark.parametrize(("level", "role", "seen"), _cells(LEVELS))
def test_a_role_sees_others_plans_by_level(level: str, role: str, seen: bool) -> None:
    access = Access(Confidentiality(level), frozenset({"somebody", "a group"}))
    viewer = _viewer(role, "another group")
    assert rights.sees(viewer, access) is seen
    assert (access.level in rights.visible_levels(viewer)) is seen
    assert rights.sees(rights.SOLE, access)
    assert rights.edits(rights.SOLE, access)
    assert rights.deletes(rights.SOLE, access)


OWNING = {"UserPlus", "User", "External"}


@pytest.mark.parametrize("level", list(Confidentiality))
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("through", ["me", "my group"])
def test_an_owner_sees_and_edits_at_every_level(level: Confidentiality, role: str, through: str) -> None:
    """Himself or through a group; an administrator, alderman or councillor cannot own whatever the rows say."""
    viewer = _viewer(role, "my group")
    mine, others = Access(level, frozenset({through, "other"})), Access(level, frozenset({"other"}))
    assert rights.owns(viewer, mine) is (role in OWNING)
    assert not rights.owns(viewer, others)
    if role in OWNING:
        assert rights.sees(viewer, mine)
        assert rights.edits(viewer, mine)
        assert rights.deletes(viewer, mine) is (role != "External")
        assert rights.owning_ids(viewer) == {"me", "my group"}
    else:
        assert rights.sees(viewer, mine) is rights.sees(viewer, others)
        assert not rights.edits(viewer, mine)
        assert not rights.owning_ids(viewer)


@pytest.mark.parametrize("role", ROLES)
def test_who_edits_the_plans_of_others(role: str) -> None:
    for level in Confidentiality:
        access = Access(level, frozenset({"other"}))
        expected = role == "UserPlus" and level is not Confidentiality.PRIVATE
        assert rights.edits(_viewer(role), access) is expected
        assert rights.deletes(_viewer(role), access) is expected


def test_external_partners_see_their_own_projects_only() -> None:
    partner = _viewer("External", "developer")
    assert not rights.sees(partner, Access(Confidentiality.PUBLIC))
    assert rights.sees(partner, Access(Confidentiality.INTERNAL_CIVIL, frozenset({"developer"})))
    assert not rights.visible_levels(partner)


@pytest.mark.parametrize("state", [PersonState.INVITED, PersonState.LOCKED])
@pytest.mark.parametrize("role", ROLES)
def test_who_is_not_active_sees_nothing(state: PersonState, role: str) -> None:
    viewer = _viewer(role, "my group", state=state)
    access = Access(Confidentiality.PUBLIC, frozenset({"me", "my group"}))
    assert not rights.sees(viewer, access)
    assert not rights.edits(viewer, access)
    assert not rights.deletes(viewer, access)
    assert not rights.visible_levels(viewer)
    assert not rights.owning_ids(viewer)
    for scope in (rights.REGISTER, rights.PEOPLE, rights.EXCHANGE):
        assert not rights.sees_scope(viewer, scope)


def test_a_viewer_without_a_person_owns_nothing_by_accident() -> None:
    nobody = Viewer()
    assert nobody.ids == frozenset()
    assert not rights.owns(nobody, Access(Confidentiality.PUBLIC, frozenset({""})))


# -- documents and scopes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("project", "document", "expected"),
    [
        ("PUBLIC", None, "PUBLIC"),
        ("PUBLIC", "PRIVATE", "PRIVATE"),
        ("PUBLIC", "INTERNAL_COUNCIL", "INTERNAL_COUNCIL"),
        ("INTERNAL_CIVIL", "PUBLIC", "INTERNAL_CIVIL"),
        ("PRIVATE", "PUBLIC", "PRIVATE"),
    ],
)
def test_a_document_is_never_less_confidential_than_its_project(
    project: str, document: str | None, expected: str
) -> None:
    access = Access(Confidentiality(project), frozenset({"owner"}))
    found = rights.document_access(access, None if document is None else Confidentiality(document))
    assert found == Access(Confidentiality(expected), frozenset({"owner"}))


def test_what_travels_together() -> None:
    assert rights.scope_of("houseblock", "b", "p") == "p"
    assert rights.scope_of("project", "p", "p") == "p"
    assert rights.scope_of("document", "d", "p") == "d"
    assert rights.scope_of("person", "x", None) == "x"
    assert rights.scope_of("group_member", "m", None) == rights.PEOPLE
    assert rights.scope_of("option", "o", None) == rights.REGISTER
    assert rights.scope_of("submission", "s", None) == rights.EXCHANGE


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_the_fixed_scopes(role: str) -> None:
    viewer = _viewer(role)
    assert rights.sees_scope(viewer, rights.REGISTER)
    assert rights.sees_scope(viewer, rights.PEOPLE) is (role != "External")
    assert rights.sees_scope(viewer, rights.EXCHANGE) is (role == "UserPlus")
    assert rights.sees_person(viewer, "me")
    assert rights.sees_person(viewer, "colleague") is (role != "External")


# -- changes --------------------------------------------------------------------------------------------------------

OPEN = Access(Confidentiality.INTERNAL_CIVIL, frozenset({"other"}))
MINE = Access(Confidentiality.INTERNAL_CIVIL, frozenset({"me"}))


def _code(viewer: Viewer, kind: str, field: str, new: Any = None, **more: Any) -> str | None:
    found = rights.refusal(viewer, kind, more.pop("entity", "it"), field, new, **more)
    assert found is None or (found.nl and found.en)
    return None if found is None else found.code


@pytest.mark.parametrize("role", ROLES)
def test_who_makes_projects(role: str) -> None:
    expected = None if role in ("UserPlus", "User") else "no_right"
    assert _code(_viewer(role), "project", "", {"name": "New"}) == expected


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", ["project", "houseblock", "delivery", "milestone", "plan_area", "document"])
def test_who_changes_what_hangs_under_a_project(role: str, kind: str) -> None:
    assert _code(_viewer(role), kind, "note", "x", access=OPEN) == (None if role == "UserPlus" else "no_right")
    assert _code(_viewer(role), kind, "note", "x", access=MINE) == (None if role in OWNING else "no_right")
    assert _code(_viewer(role), kind, "", {}, access=MINE) == (None if role in OWNING else "no_right")


def test_an_external_partner_removes_no_project_but_its_parts() -> None:
    partner = _viewer("External")
    assert _code(partner, "project", "deleted_at", "2026", access=MINE) == "no_right"
    assert _code(partner, "houseblock", "deleted_at", "2026", access=MINE) is None
    assert _code(_viewer("User"), "project", "deleted_at", "2026", access=MINE) is None


@pytest.mark.parametrize("role", ROLES)
def test_who_changes_owners(role: str) -> None:
    """The administrator hands over what he does not see; a partner does not choose who shares his project."""
    assert _code(_viewer(role), "writer", "", {"person": "x"}, access=MINE) == (
        None if role in ("Admin", "UserPlus", "User") else "no_right"
    )
    private = Access(Confidentiality.PRIVATE, frozenset({"other"}))
    assert _code(_viewer(role), "writer", "", {}, access=private) == (None if role == "Admin" else "no_right")


def test_only_an_owner_makes_a_project_private() -> None:
    main_user = _viewer("UserPlus")
    assert _code(main_user, "project", "confidentiality", "PRIVATE", access=OPEN) == "private_of_another"
    assert _code(main_user, "project", "confidentiality", "PRIVATE", access=MINE) is None
    assert _code(main_user, "project", "confidentiality", "PUBLIC", access=OPEN) is None
    assert _code(_viewer("User", "g"), "project", "confidentiality", "PRIVATE",
                 access=Access(Confidentiality.PUBLIC, frozenset({"g"}))) is None  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("municipality", "edit_config"),
        ("option", "edit_lists"),
        ("own_field", "edit_lists"),
        ("user_group", "edit_groups"),
        ("group_member", "edit_groups"),
        ("mapping", "edit_exchange"),
        ("submission", "export"),
    ],
)
def test_who_changes_the_register_itself(role: str, kind: str, action: str) -> None:
    allowed = {(a, r): yes for a, r, yes in _cells(ACTIONS)}[action, role]
    assert _code(_viewer(role), kind, "name", "x") == (None if allowed else "no_right")
    assert _code(rights.SOLE, kind, "name", "x") is None


def test_base_layers_are_the_laptops_own() -> None:
    assert _code(_viewer("Council"), "base_layer", "", {}) is None


@pytest.mark.parametrize("role", ROLES)
def test_who_changes_people(role: str) -> None:
    allowed = role in ("Admin", "UserPlus")
    assert _code(_viewer(role), "person", "name", "x", role=UserRole.USER) == (None if allowed else "no_right")
    assert _code(_viewer(role), "person", "", {"email": "a@b.nl", "role": "User"}) == (None if allowed else "no_right")


@pytest.mark.parametrize("field", ["role", "state", "deleted_at"])
def test_nobody_changes_his_own_access(field: str) -> None:
    for role in ("Admin", "UserPlus"):
        assert _code(_viewer(role), "person", field, "x", entity="me", role=UserRole(role)) == "own_role"
    assert _code(_viewer("UserPlus"), "person", "name", "x", entity="me", role=UserRole.USER_PLUS) is None


def test_only_an_administrator_makes_or_changes_one() -> None:
    main_user, admin = _viewer("UserPlus"), _viewer("Admin")
    assert _code(main_user, "person", "role", "Admin", role=UserRole.USER) == "admin_only"
    assert _code(main_user, "person", "", {"role": "Admin"}) == "admin_only"
    assert _code(main_user, "person", "role", "User", role=UserRole.ADMIN) == "admin_only"
    assert _code(main_user, "person", "state", "GEBLOKKEERD", role=UserRole.ADMIN) == "admin_only"
    assert _code(main_user, "person", "email", "mine@x.nl", role=UserRole.ADMIN) == "admin_only"
    assert _code(admin, "person", "role", "Admin", role=UserRole.USER) is None
    assert _code(admin, "person", "role", "User", role=UserRole.ADMIN) is None


@pytest.mark.parametrize("state", ["ACTIEF", "GEBLOKKEERD"])
def test_only_an_administrator_changes_who_somebody_with_access_is(state: str) -> None:
    """Who decides on an address decides who comes in as that person."""
    known = {"role": UserRole.USER, "state": PersonState(state)}
    main_user, admin = _viewer("UserPlus"), _viewer("Admin")
    assert _code(main_user, "person", "email", "mine@x.nl", **known) == "address_of_another"
    assert _code(main_user, "person", "email", "mine@x.nl", entity="me", **known) == "address_of_another"
    assert _code(main_user, "person", "state", "UITGENODIGD", **known) == "invited_again"
    assert _code(main_user, "person", "name", "Andere naam", **known) is None
    assert _code(main_user, "person", "state", "GEBLOKKEERD", **known) is None
    for field, new in (("email", "new@x.nl"), ("state", "UITGENODIGD")):
        assert _code(admin, "person", field, new, **known) is None
        assert _code(rights.SOLE, "person", field, new, **known) is None


def test_a_main_user_mends_the_address_of_who_never_came_in() -> None:
    for state in (None, PersonState.INVITED):
        assert _code(_viewer("UserPlus"), "person", "email", "x@x.nl", role=UserRole.USER, state=state) is None
    assert _code(_viewer("User"), "person", "email", "x@x.nl", state=PersonState.INVITED) == "no_right"


def test_nobody_joins_a_group_to_see_what_is_private() -> None:
    main_user, admin = _viewer("UserPlus"), _viewer("Admin")
    row = {"user_group_id": "g", "person": "me"}
    assert _code(main_user, "group_member", "", row, closed=True) == "closed_group"
    assert _code(main_user, "group_member", "deleted_at", None, closed=True) == "closed_group"
    assert _code(main_user, "group_member", "deleted_at", "2026-11-21T12:00:00Z", closed=True) is None  # less, not more
    assert _code(main_user, "group_member", "", row) is None
    assert _code(admin, "group_member", "", row, closed=True) is None
    assert _code(rights.SOLE, "group_member", "", row, closed=True) is None
    assert _code(_viewer("User"), "group_member", "", row, closed=True) == "no_right"


@pytest.mark.parametrize("level", ["PUBLIC", "PRIVATE", "INTERNAL_CIVIL"])
def test_an_external_partner_does_not_decide_who_sees_his_plan(level: str) -> None:
    mine = Access(Confidentiality.INTERNAL_CIVIL, frozenset({"me"}))
    assert _code(_viewer("External"), "project", "confidentiality", level, access=mine) == "no_right"
    assert _code(_viewer("External"), "project", "name", "Nieuw", access=mine) is None
    assert _code(_viewer("User"), "project", "confidentiality", level, access=mine) is None


def test_addresses_are_the_same_whatever_the_case_and_the_width() -> None:
    same = {rights.address_key(one) for one in ("anna@x.nl", " ANNA@X.nl ", "\uff41nna@x.nl", "anna@\uff38.nl")}
    assert same == {"anna@x.nl"}
    assert rights.address_key("anne@x.nl") != rights.address_key("anna@x.nl")


@pytest.mark.parametrize(("plans", "shown"), [(0, 0), (1, None), (2, None), (3, 48), (250, 48)])
def test_totals_over_few_plans_are_not_shown_to_others(plans: int, shown: int | None) -> None:
    assert rights.shown_total(48 if plans else 0, plans) == shown


# -- what holds for all ---------------------------------------------------------------------------------------------

VIEWERS = st.builds(
    Viewer,
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(UserRole),
    st.frozensets(st.sampled_from(["g", "h"])),
    st.sampled_from(PersonState),
)
ACCESSES = st.builds(Access, st.sampled_from(Confidentiality), st.frozensets(st.sampled_from(["a", "b", "g", "h"])))


@given(VIEWERS, ACCESSES)
def test_editing_needs_seeing_and_deleting_needs_editing(viewer: Viewer, access: Access) -> None:
    if rights.edits(viewer, access):
        assert rights.sees(viewer, access)
    if rights.deletes(viewer, access):
        assert rights.edits(viewer, access)
    if viewer.state is not PersonState.ACTIVE:
        assert not rights.sees(viewer, access)


@given(VIEWERS, ACCESSES)
def test_the_terms_for_a_query_say_the_same(viewer: Viewer, access: Access) -> None:
    by_query = access.level in rights.visible_levels(viewer) or bool(rights.owning_ids(viewer) & access.owners)
    assert by_query is rights.sees(viewer, access)


@given(VIEWERS, ACCESSES, st.none() | st.sampled_from(Confidentiality))
def test_who_sees_a_document_sees_its_project(viewer: Viewer, access: Access, level: Confidentiality | None) -> None:
    if rights.sees(viewer, rights.document_access(access, level)):
        assert rights.sees(viewer, access)


@given(VIEWERS, ACCESSES)
def test_a_more_open_level_never_hides(viewer: Viewer, access: Access) -> None:
    for level in Confidentiality:
        if level.rank >= access.level.rank and rights.sees(viewer, access):
            assert rights.sees(viewer, Access(level, access.owners))
