"""The commands of the window and the menus they stand in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from diwi_desktop.gui import settings, theme

if TYPE_CHECKING:
    from diwi_desktop.gui.workspace import MainWindow


class Menus(QObject):
    """Makes all commands of a window and fills its menu bar."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._commands()
        self._file_menu()
        self._edit_menu()
        self._view_menu()
        self._fill(self.tr("&Project"), ("new_project", "new_sub_plan", "delete_project", "", "next", "previous", "",
                                         "add_filter", "clear_filters", "columns"))  # fmt: skip
        self._fill(self.tr("&Kaart"), ("zoom_selection", "zoom_all", "", "tool_select", "tool_parcels", "tool_contour",
                                       "tool_draw", "tool_cut", "", "colour_phase", "colour_status"))  # fmt: skip
        self._fill(self.tr("&Help"), ("keys", "about"))

    def _commands(self) -> None:
        w = self._window
        add = w.commands.add
        add("new_project", self.tr("Nieuw project…"), w.projects.new, icon="plus", key="Ctrl+N")
        add(
            "new_sub_plan",
            self.tr("Nieuw deelplan van dit project…"),
            w.projects.new_sub_plan,
            icon="file-tree-outline",
        )
        add("delete_project", self.tr("Verwijder project"), w.projects.delete, icon="delete-outline", key="Ctrl+Del")
        add("next", self.tr("Volgend project"), lambda: w.going.step(1), icon="chevron-down", key="Alt+Down")
        add("previous", self.tr("Vorig project"), lambda: w.going.step(-1), icon="chevron-up", key="Alt+Up")
        add(
            "add_filter",
            self.tr("Filter toevoegen…"),
            w.going.add_filter,
            icon="filter-plus-outline",
            key="Ctrl+Shift+F",
        )
        add("clear_filters", self.tr("Wis alle filters"), w.going.clear_filters, icon="filter-remove-outline")
        add("columns", self.tr("Kolommen kiezen…"), w.going.choose_columns, icon="view-column-outline")
        add("new_register", self.tr("Nieuw register…"), w.files.new, icon="file-plus-outline", key="Ctrl+Shift+N")
        add("open", self.tr("Register openen…"), w.files.ask_open, icon="folder-open-outline", key="Ctrl+O")
        add("open_demo", self.tr("Open het voorbeeld"), w.files.open_demo, icon="map-search-outline")
        add("encrypt", self.tr("Versleutelen…"), w.files.ask_encrypt, icon="lock-outline")
        add("import", self.tr("Importeren…"), w.files.ask_import, icon="file-import-outline", key="Ctrl+I")
        add("template", self.tr("Leeg Excel-sjabloon opslaan…"), w.files.ask_template, icon="microsoft-excel")
        add("submit", self.tr("Aanleveren aan de provincie…"), w.files.submit, icon="send-outline", key="Ctrl+E")
        add("sync", self.tr("Synchroniseren"), w.together.synchronise, icon="sync", key="F9")
        add("connect", self.tr("Verbinden met server…"), w.together.connect_server, icon="server-network")
        add("invitation", self.tr("Uitnodiging gebruiken…"), w.together.use_invitation, icon="email-open-outline")
        add("choose_user", self.tr("Werken als…"), w.choose_user, icon="account-switch-outline")
        add("settings", self.tr("Instellingen…"), w.looks.edit_settings, icon="cog-outline", key="Ctrl+,")
        add("quit", self.tr("Afsluiten"), w.close, icon="exit-to-app", key="Ctrl+Q")
        add("undo", self.tr("Ongedaan maken"), w.undoing.undo, icon="undo", key="Ctrl+Z")
        add("redo", self.tr("Opnieuw"), w.undoing.redo, icon="redo", key="Ctrl+Shift+Z", also="Ctrl+Y")
        add("search", self.tr("Zoeken"), w.search.activate, icon="magnify", key="Ctrl+K")
        add("copy_rows", self.tr("Kopieer de tabel voor Excel"), w.table.copy, icon="content-copy", key="Ctrl+Shift+C")
        add("date", self.tr("Peildatum kiezen…"), w.going.choose_date, icon="calendar-clock-outline", key="Ctrl+D")
        add("today", self.tr("Terug naar vandaag"), lambda: w.state.set_moment(None), icon="calendar-today",
            key="Ctrl+Shift+D")  # fmt: skip
        add("overview", self.tr("Indeling Overzicht"), lambda: w.apply_preset("overview"),
            icon="view-dashboard-outline", key="Ctrl+Shift+1")  # fmt: skip
        add("drawing", self.tr("Indeling Tekenen"), lambda: w.apply_preset("drawing"), icon="vector-polygon",
            key="Ctrl+Shift+2")  # fmt: skip
        add(
            "meeting",
            self.tr("Indeling Overleg"),
            lambda: w.apply_preset("meeting"),
            icon="presentation",
            key="Ctrl+Shift+3",
        )
        add("submitting", self.tr("Indeling Aanleveren"), lambda: w.apply_preset("submitting"), icon="send-outline",
            key="Ctrl+Shift+4")  # fmt: skip
        add(
            "bigger",
            self.tr("Tekst groter"),
            lambda: w.looks.scale_text(1),
            icon="format-font-size-increase",
            key="Ctrl++",
        )
        add(
            "smaller",
            self.tr("Tekst kleiner"),
            lambda: w.looks.scale_text(-1),
            icon="format-font-size-decrease",
            key="Ctrl+-",
        )
        for name, words in (
            ("light", self.tr("Lichte kleuren")),
            ("dark", self.tr("Donkere kleuren")),
            ("high_contrast", self.tr("Hoog contrast")),
            ("system", self.tr("Kleuren van de computer")),
        ):
            add(f"theme_{name}", words, partial(w.looks.choose_theme, name), checkable=True)
        add(
            "zoom_selection",
            self.tr("Naar het gekozen project"),
            w.going.to_selection,
            icon="crosshairs-gps",
            key="Ctrl+J",
        )
        add("zoom_all", self.tr("Hele kaart"), w.going.to_all, icon="arrow-expand-all", key="Ctrl+Home")
        for name, words, sign in (
            # The words and signs of the tools above the map, longer where one would not do by itself.
            ("select", self.tr("Kiezen op de kaart"), "cursor-default-outline"),
            ("parcels", self.tr("Percelen kiezen"), "vector-square-plus"),
            ("contour", self.tr("Contour slepen"), "vector-polygon"),
            ("draw", self.tr("Vlak tekenen"), "shape-polygon-plus"),
            ("cut", self.tr("Knippen uit het plangebied"), "content-cut"),
        ):
            add(f"tool_{name}", words, partial(w.going.map_tool, name), icon=sign)
        add(
            "colour_phase",
            self.tr("Kleur plannen naar projectfase"),
            lambda: w.going.colour_map("phase"),
            icon="format-color-fill",
        )
        add(
            "colour_status",
            self.tr("Kleur plannen naar planstatus"),
            lambda: w.going.colour_map("status"),
            icon="format-color-fill",
        )
        add("keys", self.tr("Sneltoetsen"), w.looks.show_keys, icon="keyboard-outline", key="F1")
        add("about", self.tr("Over DIWI Desktop"), w.looks.show_about, icon="information-outline")

    def _fill(self, title: str, names: tuple[str, ...]) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        menu.setToolTipsVisible(True)
        for name in names:
            if name:
                menu.addAction(self._window.commands[name])
            else:
                menu.addSeparator()
        return menu

    def _file_menu(self) -> None:
        w = self._window
        menu = self._fill(self.tr("&Bestand"), ("new_register", "open"))
        recent = menu.addMenu(theme.icon("history"), self.tr("Recent"))
        recent.aboutToShow.connect(lambda: self._fill_recent(recent))
        for name in (
            "open_demo", "encrypt", "", "import", "template", "submit", "", "sync", "connect", "invitation", "",
            "choose_user", "settings", "", "quit",
        ):  # fmt: skip
            if name:
                menu.addAction(w.commands[name])
            else:
                menu.addSeparator()

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        for path in settings.recent_stores():
            menu.addAction(str(path)).triggered.connect(lambda _=False, to=path: self._window.files.open_path(to))
        menu.setEnabled(bool(menu.actions()))

    def _edit_menu(self) -> None:
        self._fill(self.tr("B&ewerken"), ("undo", "redo", "", "copy_rows", "", "search"))

    def _view_menu(self) -> None:
        w = self._window
        menu = self._fill(self.tr("Bee&ld"), ("overview", "drawing", "meeting", "submitting", ""))
        for number, panel in enumerate(w.panels.values(), start=1):
            action = w.commands.add(
                f"panel_{panel.name}", panel.heading, partial(w.docks.toggle, panel.name),
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
        colours = QActionGroup(menu)
        for action in menu.actions():
            if action.isCheckable():
                colours.addAction(action)
        # The dialog with the settings is another way to choose them.
        menu.aboutToShow.connect(lambda: w.commands[f"theme_{settings.theme_name()}"].setChecked(True))
