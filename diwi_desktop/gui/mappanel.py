"""The map in the window.

The canvas with its tools, its layers, and the same selection and moment as everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from diwi_desktop.changes.change import ActInfo
from diwi_desktop.gui import jobs, mapsource, settings, theme
from diwi_desktop.gui.foundplace import FoundPlace
from diwi_desktop.gui.map.basemaps import base_maps
from diwi_desktop.gui.map.canvas import MapCanvas
from diwi_desktop.gui.map.compare import CompareBar, Contours
from diwi_desktop.gui.map.scene import AreaProposal, PlanShape
from diwi_desktop.gui.scope import Scope
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.gui.toolrow import ToolRow
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.rights import Right
from diwi_desktop.store import queries

if TYPE_CHECKING:
    from diwi_desktop.gui.map.scene import BaseLayer

PLAN_KINDS = frozenset({"project", "plan_area", "parcel_link", "milestone"})
LAYERS = ("parcels", "buildings", "plans", "labels")
_POINT_M = 60.0


class MapPanel(Entered, QWidget):
    """Everything around the canvas. Reads the store beside the window; stores what the tools propose."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._plans: dict[str, PlanShape] = {}
        self._job: jobs.Job | None = None
        self._unread = {"base", "plans"}  # what was not read yet, of what the map is made of
        self._waiting = Scope()  # the projects to read once the job at hand is done
        self._wished: str | None = None
        self._taker: Callable[[AreaProposal], bool] | None = None  # who has an area drawn for something else
        self.canvas = MapCanvas()
        self.canvas.set_being_read(True)
        self.canvas.can_be_filled = not state.lacks(Right.IMPORT)
        self.hint = QLabel()
        self.hint.setProperty("role", "muted")
        self.found = FoundPlace(self.canvas)
        self.found.lower()
        self.compared = CompareBar(self.canvas)
        self._build()
        self._as_remembered()
        self._connect()
        self.canvas.set_theme(theme.tokens())
        self._follow_rights()
        self.load_base()
        self.load_plans()

    def entrance(self) -> QWidget:
        return self.canvas

    # -- building
    # -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        tools = ToolRow()
        tools.setObjectName("MapTools")
        for action in (*self.canvas.toolbox.tools, *self.canvas.toolbox.steps):
            tools.add(_button(tools, action))
        tools.add_stretch()
        for action in self.canvas.toolbox.views:
            tools.add(_button(tools, action), words=False)
        self.layers = self.canvas.panel.fold
        tools.add(self.layers)
        self.layers.show()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(tools)
        column.addWidget(self.canvas, 1)
        self.hint.setContentsMargins(theme.space(2), 2, theme.space(2), 2)
        self.hint.setMinimumWidth(1)
        column.addWidget(self.hint)

    def _as_remembered(self) -> None:
        """Layers, colours and base map as they were left."""
        panel = self.canvas.panel
        for name in LAYERS:
            panel.show_layer(name, settings.value(f"map/{name}", "true") not in ("false", False))
        if settings.value("map/colour", "phase") == "status":
            self.canvas.set_style_by("status")
        base = str(settings.value("map/base", ""))
        if base in {entry.key for entry in base_maps()}:
            self.canvas.set_base_map(base)

    def _connect(self) -> None:
        canvas, state = self.canvas, self._state
        canvas.panel.layer_toggled.connect(
            lambda name, shown: settings.set_value(f"map/{name}", "true" if shown else "false")
        )
        canvas.panel.style_chosen.connect(lambda by: settings.set_value("map/colour", by))
        canvas.panel.base_map_chosen.connect(lambda key: settings.set_value("map/base", key))
        canvas.plan_clicked.connect(lambda plan: state.select([plan] if plan else []))
        canvas.plan_toggled.connect(self._toggle)
        canvas.area_proposed.connect(self.store_area)
        self.compared.chosen.connect(lambda choice: state.request("settle_contours", choice))
        canvas.hint_changed.connect(self._say)
        state.selection_changed.connect(self._selected)
        state.moment_changed.connect(self._moment)
        state.store_changed.connect(self._stored)
        theme.current().changed.connect(self._dress)

    def _dress(self) -> None:
        self.canvas.set_theme(theme.tokens())

    # -- content
    # ------------------------------------------------------------------------------------------------

    @property
    def plans(self) -> dict[str, PlanShape]:
        """The plans on the map by project id."""
        return self._plans

    def load_base(self) -> None:
        """Read parcels and buildings beside the window."""
        store = self._state.store
        jobs.run_quietly(
            lambda p, c: mapsource.read_base(store),
            self._base_loaded,
            lambda error: self._failed("base", error),
            self,
        )

    def load_plans(self, *_: object) -> None:
        """Read all plans beside the window; what changes meanwhile is read once afterwards."""
        self._waiting.add_all()
        self._read_waiting()

    def _read_waiting(self) -> None:
        if self._job is not None or not self._waiting:
            return
        store, moment, ids = self._state.store, self._state.moment, self._waiting.take()
        self._job = jobs.run_quietly(
            lambda p, c: mapsource.read_plans(store, moment, ids),
            lambda plans: self._plans_loaded(plans, ids),
            lambda error: self._failed("plans", error),
            self,
        )

    def _base_loaded(self, layers: tuple[BaseLayer, BaseLayer]) -> None:
        self.canvas.set_base(*layers)
        self._been_read("base")

    def _plans_loaded(self, plans: Sequence[PlanShape], ids: frozenset[str] | None) -> None:
        """All plans, or those of the projects `ids` that are there (still)."""
        self._job = None
        kept = {} if ids is None else {id: plan for id, plan in self._plans.items() if id not in ids}
        self._plans = kept | {plan.id: plan for plan in plans}
        self.canvas.set_plans(list(self._plans.values()))
        self._been_read("plans")
        self.canvas.select(self._state.selection)
        if self._wished is not None:
            wished, self._wished = self._wished, None
            self.zoom_to_project(wished)
        self._read_waiting()

    def _been_read(self, part: str) -> None:
        self._unread.discard(part)
        self.canvas.set_being_read(bool(self._unread))

    def _failed(self, part: str, error: Exception) -> None:
        if part == "plans":
            self._job = None
        self._been_read(part)
        jobs.show_error(self, error)

    def _stored(self, info: ActInfo) -> None:
        kinds = {kind for kind, _ in info.entities}
        if "base_layer" in kinds:
            self.load_base()
        if kinds & {"project", "writer"}:
            self._follow_rights()
        if kinds & PLAN_KINDS and not self._state.past:
            self._waiting.add(info)
            self._read_waiting()

    def _moment(self, *_: object) -> None:
        self._follow_rights()
        self.load_plans()

    def _follow_rights(self) -> None:
        """What is drawn is the plan in hand's; without one it is for a new project."""
        project = self._state.project
        locked = self._state.locked([project]) if project else self._state.lacks(Right.CREATE_PROJECT)
        if self._state.past:
            locked = self.tr("Op deze peildatum kunt u alleen lezen: ga terug naar vandaag")
        elif self._state.read_only:
            locked = self.tr("In dit bestand mag u niet schrijven")
        self.canvas.set_read_only(bool(locked), locked)

    def _selected(self, projects: Sequence[str]) -> None:
        self.found.forget()
        self.canvas.select(projects)
        self._follow_rights()
        bounds = mapsource.bounds_of(self._plans, projects[0]) if projects else None
        if bounds is not None:
            self.canvas.reveal((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)

    def _toggle(self, project: str) -> None:
        now = self._state.selection
        self._state.select([p for p in now if p != project] if project in now else [*now, project])

    # -- storing
    # ------------------------------------------------------------------------------------------------

    def store_area(self, proposal: AreaProposal) -> None:
        """Store a plan area that was drawn as one act; without a plan in hand a new project is asked for."""
        if self._taker is not None and self._taker(proposal):
            return
        if proposal.plan is None:
            self._state.request("new_project", proposal)
            return
        try:
            store_area(self._state, proposal.plan, proposal)
        except UserError as error:
            jobs.show_error(self, error)
            self.load_plans()

    # -- comparing
    # ----------------------------------------------------------------------------------------------

    def compare(self, contours: Contours | None) -> None:
        """Show versions of a contour over each other, whole; None takes them away."""
        if contours is None and self.canvas.contours is None:
            return
        self.canvas.contours = contours
        self._taker = None
        if contours is None:
            self.compared.hide()
            if self.canvas.tool.edits:
                self.canvas.start_tool("select")
        else:
            self.compared.show_contours(contours, can_edit=not self._state.read_only)
            x0, y0, x1, y1 = contours.bounds
            hidden = min(0.6, self.compared.geometry().bottom() / max(1, self.canvas.height()))
            # What is under the bar is not seen, so the shapes get the room beneath it.
            self.canvas.zoom_to((x0, y0, x1, y1 + (y1 - y0) * hidden / (1 - hidden)))
        self.canvas.update()

    def draw_for(self, taker: Callable[[AreaProposal], bool]) -> None:
        """Have the contour of the plan in hand drawn; `taker` gets what is drawn, while contours are compared."""
        self._taker = taker
        self.compared.show_hint(self.tr("Sleep de contour zoals hij moet zijn; loslaten legt hem vast."))
        self.canvas.start_tool("contour")
        self.canvas.setFocus()

    # -- going
    # --------------------------------------------------------------------------------------------------

    def zoom_to_project(self, project: str) -> None:
        """Show a project's area whole; nothing happens when it has none."""
        if project not in self._plans and self._job is not None:
            self._wished = project
            return
        bounds = mapsource.bounds_of(self._plans, project)
        if bounds is not None:
            self.canvas.zoom_to(bounds)

    def zoom_to_parcel(self, designation: str) -> None:
        """Show a parcel with its surroundings."""
        area = mapsource.read_parcel(self._state.store, designation)
        if area is not None:
            x0, y0, x1, y1 = area.bounds
            self.canvas.zoom_to((x0 - _POINT_M, y0 - _POINT_M, x1 + _POINT_M, y1 + _POINT_M))
            self.found.mark(area, designation)
            self._say(self.tr("Perceel {0}").format(designation))

    def zoom_to_address(self, surroundings: mapsource.Bounds, address: str) -> None:
        """Show a box in RD metres, with an address in its middle."""
        from shapely import Point

        x0, y0, x1, y1 = surroundings
        self.canvas.zoom_to(surroundings)
        self.found.mark(Point((x0 + x1) / 2, (y0 + y1) / 2), address)
        self._say(self.tr("Adres {0}").format(address))

    def colour_by(self, by: str) -> None:
        """Colour the plans by "phase" or "status"."""
        settings.set_value("map/colour", by)
        self.canvas.set_style_by(by)

    def _say(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setToolTip(text)


def store_area(state: AppState, project: str, proposal: AreaProposal) -> None:
    """Write a proposed area (and its parcels, when the tool knows them) as one act. Raises UserError."""
    from diwi_desktop.basedata.layers import parcel_by_designation
    from diwi_desktop.geo.shape import to_ewkb

    store = state.store
    areas = queries.entities(store, "plan_area", parent=project)
    links = queries.entities(store, "parcel_link", parent=project)
    with store.act(proposal.act) as act:
        geometry = to_ewkb(proposal.geometry)
        if areas:
            act.set("plan_area", areas[0]["id"], "geometry", geometry)
            for other in areas[1:]:
                act.delete("plan_area", other["id"])
        else:
            act.create("plan_area", {"project_id": project, "geometry": geometry})
        if proposal.parcels is not None:
            known = {link["designation"]: link["id"] for link in links}
            for designation in sorted(proposal.parcels - known.keys()):
                parcel = parcel_by_designation(store, designation)
                values = {"project_id": project, "designation": designation, "local_id": parcel[1] if parcel else None}
                act.create("parcel_link", values)
            for designation in sorted(known.keys() - proposal.parcels):
                act.delete("parcel_link", known[designation])


def _button(parent: QWidget, action: QAction) -> QToolButton:
    """A button that is in sight only while its action is. Shown without a parent it would be a window of its own."""
    button = QToolButton(parent)
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setVisible(action.isVisible())
    action.changed.connect(lambda: button.setVisible(action.isVisible()))
    return button
