"""Who may see and do what. One module for window, command line, exports and server.

The matrices are those of the original (reference diwi.md, section 6) with its gaps closed: what hangs under a project
follows the project, lists and prices are changed only by who manages them, nobody gives himself a role, and totals are
made of what the viewer sees. Pure: callers bring the facts (`Viewer`, `Access`), this module decides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from diwi_desktop.model.codes import Confidentiality, PersonState, UserRole
from diwi_desktop.model.denials import denied
from diwi_desktop.model.finding import Finding, Severity


class Right(StrEnum):
    """What a role may do, whatever the project."""

    VIEW_API = "view_api"
    VIEW_USERS = "view_users"
    EDIT_USERS = "edit_users"
    VIEW_GROUPS = "view_groups"
    EDIT_GROUPS = "edit_groups"
    VIEW_CONFIG = "view_config"
    EDIT_CONFIG = "edit_config"
    VIEW_LISTS = "view_lists"
    EDIT_LISTS = "edit_lists"
    CAN_OWN = "can_own"
    CHANGE_OWNER = "change_owner"
    VIEW_OTHERS = "view_others"
    VIEW_OWN = "view_own"
    EDIT_OWN = "edit_own"
    EDIT_ALL = "edit_all"
    CREATE_PROJECT = "create_project"
    IMPORT = "import"
    EXPORT = "export"
    VIEW_DASHBOARDS = "view_dashboards"
    VIEW_GOALS = "view_goals"
    EDIT_GOALS = "edit_goals"
    VIEW_EXCHANGE = "view_exchange"
    EDIT_EXCHANGE = "edit_exchange"
    VIEW_AUDIT = "view_audit"


R = Right
_READING = {R.VIEW_GROUPS, R.VIEW_CONFIG, R.VIEW_LISTS, R.VIEW_OTHERS, R.VIEW_DASHBOARDS, R.VIEW_GOALS}

RIGHTS: Mapping[UserRole, frozenset[Right]] = {
    # The administrator runs the register and sees no plans.
    UserRole.ADMIN: frozenset(
        {R.VIEW_API, R.VIEW_USERS, R.EDIT_USERS, R.VIEW_GROUPS, R.EDIT_GROUPS, R.VIEW_CONFIG, R.EDIT_CONFIG}
        | {R.VIEW_LISTS, R.CHANGE_OWNER, R.VIEW_AUDIT}
    ),
    UserRole.USER_PLUS: frozenset(Right) - {R.CHANGE_OWNER, R.VIEW_AUDIT},
    UserRole.USER: frozenset(_READING | {R.CAN_OWN, R.VIEW_OWN, R.EDIT_OWN, R.CREATE_PROJECT}),
    UserRole.MANAGEMENT: frozenset(_READING),
    UserRole.COUNCIL: frozenset(_READING),
    UserRole.EXTERNAL: frozenset({R.VIEW_CONFIG, R.VIEW_LISTS, R.CAN_OWN, R.VIEW_OWN, R.EDIT_OWN, R.VIEW_GOALS}),
}
del R

_CIVIL = frozenset(Confidentiality) - {Confidentiality.PRIVATE}
_MANAGEMENT = _CIVIL - {Confidentiality.INTERNAL_CIVIL}
_COUNCIL = _MANAGEMENT - {Confidentiality.INTERNAL_MANAGEMENT}

# The levels of which a role sees plans that it does not own. Nobody sees another's private plan.
LEVELS: Mapping[UserRole, frozenset[Confidentiality]] = {
    UserRole.ADMIN: frozenset(),
    UserRole.USER_PLUS: _CIVIL,
    UserRole.USER: _CIVIL,
    UserRole.MANAGEMENT: _MANAGEMENT,
    UserRole.COUNCIL: _COUNCIL,
    UserRole.EXTERNAL: frozenset(),
}

# A total over fewer plans than this says too much of each; see `shown_total`.
SMALL_NUMBER = 3


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a person (id of the `person` entity), his role and the ids of the groups he is in.

    `sole` is the user of a register that has no server and no chosen user: everything is his.
    """

    person: str = ""
    role: UserRole = UserRole.USER
    groups: frozenset[str] = frozenset()
    state: PersonState = PersonState.ACTIVE
    sole: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """Under which he can own: himself and his groups."""
        return self.groups | {self.person} if self.person else self.groups

    @property
    def active(self) -> bool:
        return self.sole or self.state is PersonState.ACTIVE


SOLE = Viewer(sole=True, role=UserRole.USER_PLUS)


@dataclass(frozen=True, slots=True)
class Access:
    """What decides on a project: its level and the ids of the persons and groups that own it."""

    level: Confidentiality
    owners: frozenset[str] = frozenset()


def may(viewer: Viewer, right: Right) -> bool:
    """Whether the role gives a right. A locked or merely invited person has none."""
    return viewer.sole or (viewer.active and right in RIGHTS[viewer.role])


def owns(viewer: Viewer, access: Access) -> bool:
    """Whether the viewer is an owner, himself or through a group, in a role that can own."""
    return may(viewer, Right.CAN_OWN) and bool(viewer.ids & access.owners)


def can_own(role: UserRole) -> bool:
    """Whether who has this role can own projects."""
    return Right.CAN_OWN in RIGHTS[role]


def sees(viewer: Viewer, access: Access) -> bool:
    """Whether a project, and all that hangs under it, may be shown and sent to the viewer."""
    if viewer.sole or owns(viewer, access):
        return True
    return may(viewer, Right.VIEW_OTHERS) and access.level in LEVELS[viewer.role]


def edits(viewer: Viewer, access: Access) -> bool:
    """Whether the viewer may change a project and what hangs under it."""
    if viewer.sole:
        return True
    if not sees(viewer, access):
        return False
    return may(viewer, Right.EDIT_ALL) or (may(viewer, Right.EDIT_OWN) and owns(viewer, access))


def deletes(viewer: Viewer, access: Access) -> bool:
    """Whether the viewer may remove a project: an external partner may not."""
    return edits(viewer, access) and may(viewer, Right.CREATE_PROJECT)


def visible_levels(viewer: Viewer) -> frozenset[Confidentiality]:
    """The levels of which the viewer sees every project, for a query in SQL."""
    if viewer.sole:
        return frozenset(Confidentiality)
    return LEVELS[viewer.role] if may(viewer, Right.VIEW_OTHERS) else frozenset()


def owning_ids(viewer: Viewer) -> frozenset[str]:
    """The owners whose projects the viewer sees whatever their level, for a query in SQL."""
    return viewer.ids if may(viewer, Right.CAN_OWN) else frozenset()


# -- scopes: what travels to a laptop, or not, as one ---------------------------------------------------------------

REGISTER, PEOPLE, EXCHANGE = "register", "people", "exchange"

# Kinds outside projects, by the scope in which they travel and the right that changes them.
_OUTSIDE: Mapping[str, tuple[str, Right]] = {
    "municipality": (REGISTER, Right.EDIT_CONFIG),
    "option": (REGISTER, Right.EDIT_LISTS),
    "own_field": (REGISTER, Right.EDIT_LISTS),
    "person": (PEOPLE, Right.EDIT_USERS),
    "user_group": (PEOPLE, Right.EDIT_GROUPS),
    "group_member": (PEOPLE, Right.EDIT_GROUPS),
    "mapping": (EXCHANGE, Right.EDIT_EXCHANGE),
    "submission": (EXCHANGE, Right.EXPORT),
}
# Kinds that stay on the laptop: what base data a store holds is its own affair.
LOCAL_KINDS = frozenset({"base_layer"})


def scope_of(kind: str, entity: str, project: str | None) -> str:
    """The scope of an entity: `register`, `people`, `exchange`, or an id.

    The id is that of its project; a document, which has a level of its own, and a person are scopes by themselves.
    """
    if kind in ("document", "person"):
        return entity
    if project:
        return project
    return _OUTSIDE[kind][0]


def sees_scope(viewer: Viewer, scope: str) -> bool:
    """Whether the viewer sees one of the three fixed scopes."""
    if scope == REGISTER:
        return viewer.active
    return may(viewer, Right.VIEW_GROUPS if scope == PEOPLE else Right.VIEW_EXCHANGE)


def sees_person(viewer: Viewer, person: str) -> bool:
    """Everybody sees himself; colleagues are seen by who may see the groups."""
    return (bool(viewer.person) and viewer.person == person) or may(viewer, Right.VIEW_GROUPS)


def document_access(project: Access, level: Confidentiality | None) -> Access:
    """A document is never less confidential than its project."""
    stricter = project.level if level is None or level.rank > project.level.rank else level
    return Access(stricter, project.owners)


# -- changes --------------------------------------------------------------------------------------------------------


def refusal(
    viewer: Viewer,
    kind: str,
    entity: str,
    field: str,
    new: Any,
    *,
    access: Access | None = None,
    role: UserRole | None = None,
    state: PersonState | None = None,
    closed: bool = False,
) -> Finding | None:
    """Why the viewer may not make this change, None when he may.

    `field` is empty for a new entity, whose first values are `new`. `access` is the project's as it is without the
    change; None for what is outside projects and for a new project. `role` and `state` are the present ones of a person
    that is changed. `closed`: the group of a membership owns something private, and not the viewer.
    """
    if viewer.sole or kind in LOCAL_KINDS:
        return None
    if kind == "project" and access is None:
        return None if may(viewer, Right.CREATE_PROJECT) else _no_right(kind, entity, field)
    if access is not None:
        return _project_refusal(viewer, kind, entity, field, new, access)
    if kind == "person":
        return _person_refusal(viewer, entity, field, new, role, state)
    if not may(viewer, _OUTSIDE[kind][1]):
        return _no_right(kind, entity, field)
    joins = kind == "group_member" and not (field == "deleted_at" and new)
    if joins and closed and viewer.role is not UserRole.ADMIN:
        return denied("closed_group", kind, entity, field)
    return None


def _project_refusal(viewer: Viewer, kind: str, entity: str, field: str, new: Any, access: Access) -> Finding | None:
    if kind == "writer" and may(viewer, Right.CHANGE_OWNER):
        return None
    if not edits(viewer, access):
        return _no_right(kind, entity, field)
    if kind == "project" and field == "deleted_at" and not deletes(viewer, access):
        return _no_right(kind, entity, field)
    decides = kind == "writer" or (kind == "project" and field == "confidentiality")
    if decides and viewer.role is UserRole.EXTERNAL:
        return _no_right(kind, entity, field)
    hides = kind in ("project", "document") and field == "confidentiality" and new == Confidentiality.PRIVATE
    if hides and not owns(viewer, access):
        return denied("private_of_another", kind, entity, field)
    return None


def _person_refusal(
    viewer: Viewer, entity: str, field: str, new: Any, role: UserRole | None, state: PersonState | None
) -> Finding | None:
    if not may(viewer, Right.EDIT_USERS):
        return _no_right("person", entity, field)
    given = new if isinstance(new, dict) else {field: new}
    if viewer.person == entity and given.keys() & {"role", "state", "deleted_at"}:
        return denied("own_role", "person", entity, field)
    touches_admin = role is UserRole.ADMIN or given.get("role") == UserRole.ADMIN
    if touches_admin and viewer.role is not UserRole.ADMIN:
        return denied("admin_only", "person", entity, field)
    if was_active(state) and viewer.role is not UserRole.ADMIN:
        if "email" in given:
            return denied("address_of_another", "person", entity, field)
        if given.get("state") == PersonState.INVITED:
            return denied("invited_again", "person", entity, field)
    return None


def was_active(state: PersonState | None) -> bool:
    """Whether a person is or was let in: from then on his address and his invitations are for administrators only."""
    return state is not None and state is not PersonState.INVITED


def invites(viewer: Viewer, person: str, role: UserRole, state: PersonState, *, known: bool) -> Finding | None:
    """Why the viewer may not give a person a link to sign in with, None when he may. `known`: he came in before."""
    found = refusal(viewer, "person", person, "state", PersonState.ACTIVE.value, role=role, state=state)
    if found is None and (known or was_active(state)) and viewer.role is not UserRole.ADMIN:
        found = denied("invited_again", "person", person, "state")
    return found


def resets(viewer: Viewer, person: str) -> bool:
    """Whether the viewer may reset how a person signs in."""
    return reset_refusal(viewer, person) is None


def reset_refusal(viewer: Viewer, person: str) -> Finding | None:
    """Why the viewer may not reset how a person signs in, None when he may."""
    if viewer.person == person:
        return denied("own_role", "person", person, "state")
    if viewer.role is not UserRole.ADMIN:
        return denied("invited_again", "person", person, "state")
    return lacking(viewer, Right.EDIT_USERS)


def address_key(email: str) -> str:
    """An e-mail address as it is compared: two persons of a register never have the same."""
    return unicodedata.normalize("NFKC", email.strip()).casefold()


# -- what is refused, and in which words ----------------------------------------------------------------------------


def _no_right(kind: str, entity: str, field: str) -> Finding:
    return denied("no_right", kind, entity, field)


def own_private(project: str) -> Finding:
    """The viewer took his own name off a private project."""
    return denied("own_private", "project", project, "")


def not_yours(deleting: bool = False) -> Finding:
    """Why a project that is seen cannot be changed."""
    if deleting:
        nl = "Alleen een eigenaar met die rol of een hoofdgebruiker kan dit project verwijderen."
        en = "Only an owner in such a role or a main user can delete this project."
    else:
        nl = "U kunt dit project bekijken; alleen een eigenaar of een hoofdgebruiker kan het wijzigen."
        en = "You can look at this project; only an owner or a main user can change it."
    return Finding("no_right", Severity.REFUSAL, nl, en, "project")


def loses(viewer: Viewer, before: Access, after: Access) -> Finding | None:
    """What the viewer would take from himself by a change of level or owners: a warning to confirm."""
    if sees(viewer, before) and not sees(viewer, after):
        return Finding(
            "own_sight", Severity.WARNING,
            "Hierna ziet u dit project zelf niet meer.",
            "After this you will not see this project any more.",
            "project",
        )  # fmt: skip
    if edits(viewer, before) and not edits(viewer, after):
        return Finding(
            "own_edit", Severity.WARNING,
            "Hierna kunt u dit project zelf niet meer wijzigen.",
            "After this you cannot change this project any more.",
            "project",
        )  # fmt: skip
    return None


def owner_missing(project: str) -> Finding:
    """A project lost its last owner."""
    return denied("owner_missing", "project", project, "")


def owner_cannot_own(writer: str, name: str, group: str | None) -> Finding:
    """A new owner has a role that owns no projects; `group` is the group through which."""
    if group is None:
        nl = f"{name} heeft een rol die geen projecten kan hebben; kies iemand anders of wijzig eerst de rol."
        en = f"{name} has a role that cannot own projects; choose somebody else or change the role first."
    else:
        nl = f"In de groep '{group}' zit {name}, met een rol die geen projecten kan hebben; kies een andere eigenaar."
        en = f"{name} in the group '{group}' has a role that cannot own projects; choose another owner."
    return Finding("owner_cannot_own", Severity.REFUSAL, nl, en, "writer", writer, "person")


def address_taken(entity: str) -> Finding:
    """A person was to have the e-mail address of another."""
    return denied("address_taken", "person", entity, "email")


def still_owner(kind: str, entity: str) -> Finding:
    """A person or group was removed while projects are theirs."""
    return denied("still_owner", kind, entity, "")


def already_let_in(person: str) -> Finding:
    """Undo would take a person away who was invited or got access since he was entered."""
    return denied("already_let_in", "person", person, "state")


_LACKING: Mapping[Right, tuple[str, str]] = {
    Right.IMPORT: ("geen bestanden inlezen", "import files"),
    Right.EXPORT: ("geen bestanden aanleveren of exporteren", "deliver or export files"),
    Right.VIEW_EXCHANGE: ("geen aanleveringen bekijken", "look at deliveries"),
    Right.CREATE_PROJECT: ("geen projecten maken of verwijderen", "make or delete projects"),
    Right.VIEW_USERS: ("geen personen beheren", "manage people"),
    Right.EDIT_USERS: ("geen personen beheren", "manage people"),
    Right.EDIT_GROUPS: ("geen groepen beheren", "manage groups"),
    Right.EDIT_LISTS: ("geen eigen velden en lijsten wijzigen", "change own fields and lists"),
    Right.EDIT_CONFIG: ("de gegevens van de gemeente niet wijzigen", "change the data of the municipality"),
    Right.CHANGE_OWNER: ("geen projecten overdragen", "hand projects over"),
}


def no_access(viewer: Viewer) -> Finding | None:
    """That somebody is locked, or invited and not active yet; None when he has access."""
    if viewer.active:
        return None
    return Finding(
        "no_access", Severity.REFUSAL,
        "U heeft geen toegang; vraag een beheerder om u actief te maken.",
        "You have no access; ask an administrator to make you active.",
    )  # fmt: skip


def lacking(viewer: Viewer, right: Right) -> Finding | None:
    """Why the viewer may not do what a right gives; None when he may."""
    if may(viewer, right):
        return None
    nl, en = _LACKING[right]
    return no_access(viewer) or Finding(
        "no_right", Severity.REFUSAL,
        f"Met uw rol kunt u {nl}; vraag het een hoofdgebruiker.",
        f"With your role you cannot {en}; ask a main user.",
    )  # fmt: skip


def shown_total(value: int, plans: int) -> int | None:
    """A total for viewers who may not see the plans themselves: None when it is made of too few of them."""
    return value if plans == 0 or plans >= SMALL_NUMBER else None
