"""The commands of the window and the menus they stand in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from diwi_desktop.gui import settings, theme

if TYPE_CHECKING:
    from diwi_desktop.gui.workspace import MainWindow


def _tr(text: str) -> str:
    return QCoreApplication.translate("Menus", text)


def build(window: MainWindow) -> None:
    """Make all commands and fill the menu bar."""
    _commands(window)
    _file_menu(window)
    _edit_menu(window)
    _view_menu(window)
    _fill(window, _tr("&Project"), ("new_project", "new_sub_plan", "delete_project", "", "next", "previous", "",
                                    "add_filter", "clear_filters", "columns"))  # fmt: skip
    _fill(window, _tr("&Kaart"), ("zoom_selection", "zoom_all", "", "tool_select", "tool_parcels", "tool_contour",
                                  "tool_draw", "tool_cut", "", "colour_phase", "colour_status"))  # fmt: skip
    _fill(window, _tr("&Help"), ("keys", "about"))


def _commands(w: MainWindow) -> None:
    add = w.commands.add
    add("new_project", _tr("Nieuw project…"), w.new_project, icon="plus", key="Ctrl+N")
    add("new_sub_plan", _tr("Nieuw deelplan van dit project…"), w.new_sub_plan, icon="file-tree-outline")
    add("delete_project", _tr("Verwijder project"), w.delete_project, icon="delete-outline", key="Ctrl+Del")
    add("next", _tr("Volgend project"), lambda: w.step(1), icon="chevron-down", key="Alt+Down")
    add("previous", _tr("Vorig project"), lambda: w.step(-1), icon="chevron-up", key="Alt+Up")
    add("add_filter", _tr("Filter toevoegen…"), w.table_add_filter, icon="filter-plus-outline", key="Ctrl+Shift+F")
    add("clear_filters", _tr("Wis alle filters"), w.table_clear_filters, icon="filter-remove-outline")
    add("columns", _tr("Kolommen kiezen…"), w.table_columns, icon="view-column-outline")
    add("new_register", _tr("Nieuw register…"), w.new_register, icon="file-plus-outline", key="Ctrl+Shift+N")
    add("open", _tr("Register openen…"), w.open_register, icon="folder-open-outline", key="Ctrl+O")
    add("open_demo", _tr("Open het voorbeeld"), w.open_demo, icon="map-search-outline")
    add("import", _tr("Importeren…"), w.import_file, icon="file-import-outline", key="Ctrl+I")
    add("submit", _tr("Aanleveren aan de provincie…"), w.submit, icon="send-outline", key="Ctrl+E")
    add("settings", _tr("Instellingen…"), w.edit_settings, icon="cog-outline", key="Ctrl+,")
    add("quit", _tr("Afsluiten"), w.close, icon="exit-to-app", key="Ctrl+Q")
    add("undo", _tr("Ongedaan maken"), w.undo, icon="undo", key="Ctrl+Z")
    add("redo", _tr("Opnieuw"), w.redo, icon="redo", key="Ctrl+Shift+Z")
    add("search", _tr("Zoeken"), w.search.activate, icon="magnify", key="Ctrl+K")
    add("copy_rows", _tr("Kopieer de tabel voor Excel"), w.table_copy, icon="content-copy", key="Ctrl+Shift+C")
    add("date", _tr("Peildatum kiezen…"), w.choose_date, icon="calendar-clock-outline", key="Ctrl+D")
    add("today", _tr("Terug naar vandaag"), lambda: w.state.set_moment(None), icon="calendar-today",
        key="Ctrl+Shift+D")  # fmt: skip
    add("overview", _tr("Indeling Overzicht"), lambda: w.apply_preset("overview"), icon="view-dashboard-outline",
        key="Ctrl+Shift+1")  # fmt: skip
    add("drawing", _tr("Indeling Tekenen"), lambda: w.apply_preset("drawing"), icon="vector-polygon",
        key="Ctrl+Shift+2")  # fmt: skip
    add("meeting", _tr("Indeling Overleg"), lambda: w.apply_preset("meeting"), icon="presentation", key="Ctrl+Shift+3")
    add("submitting", _tr("Indeling Aanleveren"), lambda: w.apply_preset("submitting"), icon="send-outline",
        key="Ctrl+Shift+4")  # fmt: skip
    add("bigger", _tr("Tekst groter"), lambda: w.scale_text(1), icon="format-font-size-increase", key="Ctrl++")
    add("smaller", _tr("Tekst kleiner"), lambda: w.scale_text(-1), icon="format-font-size-decrease", key="Ctrl+-")
    for name, words in (
        ("light", _tr("Lichte kleuren")),
        ("dark", _tr("Donkere kleuren")),
        ("high_contrast", _tr("Hoog contrast")),
        ("system", _tr("Kleuren van de computer")),
    ):
        add(f"theme_{name}", words, partial(w.choose_theme, name), icon="palette-outline")
    add("zoom_selection", _tr("Naar het gekozen project"), w.zoom_to_selection, icon="crosshairs-gps", key="Ctrl+J")
    add("zoom_all", _tr("Hele kaart"), w.zoom_to_all, icon="arrow-expand-all", key="Ctrl+Home")
    for name, words, sign in (
        ("select", _tr("Plannen kiezen op de kaart"), "cursor-default-outline"),
        ("parcels", _tr("Plangebied uit percelen"), "vector-union"),
        ("contour", _tr("Contour slepen"), "vector-polyline-edit"),
        ("draw", _tr("Vlak tekenen"), "vector-polygon"),
        ("cut", _tr("Stuk afsnijden"), "content-cut"),
    ):
        add(f"tool_{name}", words, partial(w.map_tool, name), icon=sign)
    add("colour_phase", _tr("Kleur plannen naar projectfase"), lambda: w.colour_map("phase"), icon="format-color-fill")
    add("colour_status", _tr("Kleur plannen naar planstatus"), lambda: w.colour_map("status"), icon="format-color-fill")
    add("keys", _tr("Sneltoetsen"), w.show_keys, icon="keyboard-outline", key="F1")
    add("about", _tr("Over DIWI Desktop"), w.show_about, icon="information-outline")


def _fill(w: MainWindow, title: str, names: tuple[str, ...]) -> QMenu:
    menu = w.menuBar().addMenu(title)
    for name in names:
        if name:
            menu.addAction(w.commands[name])
        else:
            menu.addSeparator()
    return menu


def _file_menu(w: MainWindow) -> None:
    menu = _fill(w, _tr("&Bestand"), ("new_register", "open"))
    recent = menu.addMenu(theme.icon("history"), _tr("Recent"))
    recent.aboutToShow.connect(lambda: _fill_recent(w, recent))
    for name in ("open_demo", "", "import", "submit", "", "settings", "", "quit"):
        if name:
            menu.addAction(w.commands[name])
        else:
            menu.addSeparator()


def _fill_recent(w: MainWindow, menu: QMenu) -> None:
    menu.clear()
    for path in settings.recent_stores():
        menu.addAction(str(path)).triggered.connect(lambda _=False, to=path: w.open_path(to))
    menu.setEnabled(bool(menu.actions()))


def _edit_menu(w: MainWindow) -> None:
    _fill(w, _tr("B&ewerken"), ("undo", "redo", "", "copy_rows", "", "search"))


def _view_menu(w: MainWindow) -> None:
    menu = _fill(w, _tr("Bee&ld"),
                 ("overview", "drawing", "meeting", "submitting", ""))  # fmt: skip
    for number, panel in enumerate(w.panels.values(), start=1):
        action = w.commands.add(
            f"panel_{panel.name}", panel.heading, partial(w.toggle_panel, panel.name),
            icon=panel.icon_name, key=f"Ctrl+{number}",
        )  # fmt: skip
        menu.addAction(action)
    menu.addSeparator()
    for name in ("date", "today", "", "bigger", "smaller", "", "theme_light", "theme_dark", "theme_high_contrast",
                 "theme_system"):  # fmt: skip
        if name:
            menu.addAction(w.commands[name])
        else:
            menu.addSeparator()
