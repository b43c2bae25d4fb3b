"""Going somewhere in the window: to a field, a project, a place on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from diwi_desktop.model.finding import Finding

if TYPE_CHECKING:
    from diwi_desktop.gui.workspace import MainWindow


class Going(QObject):
    """One per window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state = window, window.state

    def jump(self, finding: Finding) -> None:
        """Go to the field that a finding is about."""
        window = self._window
        if finding.kind == "option":
            window.show_panel("admin")
            window.admin.jump(finding)
            return
        if finding.project:
            self._state.select([finding.project])
            self.to_project(finding.project)
        window.show_panel("page")
        window.page.jump(finding)

    def step(self, by: int) -> None:
        """Select the next or previous project of the table."""
        model = self._window.table.model
        if not model.shown:
            return
        place = model.place_of(self._state.project) if self._state.project else None
        to = 0 if place is None else max(0, min(len(model.shown) - 1, place + by))
        self._state.select([model.shown[to].id])

    def choose_date(self) -> None:
        """Open the calendar of the reference date."""
        self._window.top_bar.date_button.choose()

    def to_selection(self) -> None:
        """Show the selected plans on the map."""
        self._window.show_panel("map")
        self._window.map.canvas.zoom_to_selection()

    def to_all(self) -> None:
        """Show the whole map."""
        self._window.show_panel("map")
        self._window.map.canvas.zoom_to_all()

    def to_project(self, project: str) -> None:
        """Show a plan on the map, if that is in sight."""
        self._window.map.zoom_to_project(project)

    def open_project(self, project: str) -> None:
        """Select a project, show it on the map and on its page, and give one of them the keyboard. While the map alone
        is worked on, the page does not come over it.
        """
        docks = self._window.docks
        self._state.select([project])
        self.to_project(project)
        name = "map" if docks.panels["map"].in_sight and docks.panels["page"].isHidden() else "page"
        docks.go(name)

    def to_parcel(self, designation: str) -> None:
        """Show a parcel on the map."""
        self._window.show_panel("map")
        self._window.map.zoom_to_parcel(designation)

    def to_bounds(self, bounds: tuple[float, float, float, float], address: str = "") -> None:
        """Show a box on the map, in RD metres, and in its middle an address."""
        self._window.show_panel("map")
        if address:
            self._window.map.zoom_to_address(bounds, address)
        else:
            self._window.map.canvas.zoom_to(bounds)

    def map_tool(self, name: str) -> None:
        """Take up a tool of the map."""
        self._window.show_panel("map")
        self._window.map.canvas.start_tool(name)

    def colour_map(self, by: str) -> None:
        """Colour the plans by "phase" or "status"."""
        self._window.map.colour_by(by)

    # -- the table

    def add_filter(self) -> None:
        """Offer the columns to filter on."""
        self._window.show_panel("projects")
        self._window.table.add_filter()

    def clear_filters(self) -> None:
        """Show all projects again."""
        self._window.table.model.clear_filters()

    def choose_columns(self) -> None:
        """Choose the columns of the table."""
        self._window.show_panel("projects")
        self._window.table.choose_columns()
