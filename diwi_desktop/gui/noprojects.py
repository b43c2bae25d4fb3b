"""What stands where there are no projects: words and offers that fit what the user may see and do."""

from __future__ import annotations

from diwi_desktop.gui.fields.words import sentence
from diwi_desktop.gui.language import translate
from diwi_desktop.gui.state import AppState
from diwi_desktop.model import rights
from diwi_desktop.model.rights import Right


def by_role(state: AppState) -> bool:
    """Whether the user sees no project on any day, because of his role or because he has no access."""
    viewer = state.store.viewer
    return not any(rights.may(viewer, right) for right in (Right.VIEW_OTHERS, Right.VIEW_OWN))


def sign(state: AppState) -> str:
    """The name of the icon beside the words."""
    return "account-lock-outline" if state.lacks(Right.CREATE_PROJECT) else "home-plus-outline"


def words(state: AppState) -> tuple[str, str]:
    """A heading, and a sentence on why there is nothing and what can be done about it."""
    refusal = rights.no_access(state.store.viewer)
    if refusal is not None:
        return translate("NoProjects", "U ziet geen projecten"), sentence(refusal)
    if by_role(state):
        return (
            translate("NoProjects", "Als beheerder ziet u geen projecten"),
            translate(
                "NoProjects",
                "Dat is zo bedoeld. Personen, groepen en de gegevens van de gemeente staan onder Beheer.",
            ),
        )
    if state.lacks(Right.CREATE_PROJECT):
        return (
            translate("NoProjects", "Nog geen projecten voor u"),
            translate(
                "NoProjects",
                "Er is nog geen project dat u met uw rol mag zien. Vraag een hoofdgebruiker welke projecten u krijgt.",
            ),
        )
    heading = translate("NoProjects", "Nog geen projecten")
    if state.lacks(Right.IMPORT):
        return heading, translate(
            "NoProjects", "Maak een eerste project. Wat u van anderen mag zien, komt hier ook te staan."
        )
    return heading, translate(
        "NoProjects", "Begin met de lijst die u al heeft, maak een eerste project of kijk rond in het voorbeeld."
    )


def offers(state: AppState) -> list[tuple[str, str, str]]:
    """What the user can do about it, the obvious one first: words, icon, command of the window."""
    if by_role(state):
        if state.lacks(Right.EDIT_USERS):
            return []
        return [(translate("NoProjects", "Naar Beheer"), "cog-outline", "admin")]
    found = []
    if not state.lacks(Right.IMPORT):
        found.append((translate("NoProjects", "Importeer het DIWI-Excelbestand"), "file-import-outline", "import"))
    if not state.lacks(Right.CREATE_PROJECT):
        found.append((translate("NoProjects", "Nieuw project"), "plus", "new_project"))
    if found and state.store.viewer.sole:
        found.append((translate("NoProjects", "Open het voorbeeld"), "map-search-outline", "open_demo"))
    return found
