"""The map itself: a widget that shows plans on parcels and lets tools work on them.

It knows no store: the window gives it what to show and stores what it proposes (`area_proposed`). numpy and
shapely are imported when the first layer arrives (`drawing`), so that the window can open without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from diwi_desktop import assets
from diwi_desktop.gui import theme
from diwi_desktop.gui.map import compare, foreground
from diwi_desktop.gui.map.drawing import Drawing
from diwi_desktop.gui.map.overlay import Overlay
from diwi_desktop.gui.map.panel import LayerPanel
from diwi_desktop.gui.map.pointing import Pointing
from diwi_desktop.gui.map.scene import AreaProposal, BaseLayer, PlanShape
from diwi_desktop.gui.map.style import map_style
from diwi_desktop.gui.map.toolbox import Toolbox
from diwi_desktop.gui.map.tools.base import Tool
from diwi_desktop.gui.map.view import Bounds, View

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from diwi_desktop.gui.map.engine import Found
    from diwi_desktop.gui.map.fabric import Fabric
    from diwi_desktop.gui.map.pictures import PictureLayer

# Around the middle of the country, until there is something to show.
_START = (155_000.0, 463_000.0)
_START_LEVEL = 20

_ZOOM_REST_MS = 40  # while zooming goes on, tiles of levels passed through are not drawn

# Who comes here by keyboard sees a frame; who clicks knows where he is.
_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class MapCanvas(QWidget):
    """The map. Coordinates in its signals and arguments are RD New in metres."""

    plan_clicked = Signal(str)
    """A plan was clicked; empty when it was beside all plans."""
    plan_toggled = Signal(str)
    """A plan was clicked with Ctrl: add it to the selection or take it out."""
    area_proposed = Signal(object)
    """An `AreaProposal` to be stored as one act."""
    cursor_moved = Signal(float, float)
    """The pointer is over this RD point."""
    tool_changed = Signal(str)
    """Another tool is in use."""
    hint_changed = Signal(str)
    """What the next click or key does, or why something was refused, in one sentence."""
    view_changed = Signal()
    """The map moved or zoomed."""
    settled = Signal()
    """The view is complete after it had not been."""
    base_map_changed = Signal(str)
    """Another base map lies beneath; empty for none."""
    base_ready = Signal()
    """Parcels and buildings given to `set_base` are in place."""

    def __init__(self, parent: QWidget | None = None, *, workers: int | None = None) -> None:
        """`workers` is the number of drawing processes; None lets the machine decide, 0 draws in the
        window.
        """
        super().__init__(parent)
        self._style = map_style()
        self._view = View(_START_LEVEL, 0, 0, 800, 600).centred(*_START)
        self._seen = False
        self._goal: Bounds | None = None
        self._selection: tuple[str, ...] = ()
        self._read_only = False
        self._reason = ""
        self._by = "phase"
        self._sources: list[str] = []
        self._base_map = ""
        self._notice = ""
        self._by_keyboard = False
        self._being_read = False
        self.can_be_filled = True  # whether the user may bring in parcels and plans; an empty map then says how
        self.contours: compare.Contours | None = None  # of the plan in hand, to be compared

        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(self.tr("Kaart"))
        self._overlay = Overlay(self._view, self._style, theme.font("normal"))
        self.drawing = Drawing(self, workers)
        self.drawing.base_ready.connect(self._on_base)
        self.drawing.plans_ready.connect(self._on_plans)
        self.drawing.settled.connect(self.settled)
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(200)
        self._telling.timeout.connect(self._describe)
        self.pointing = Pointing(self)
        self.toolbox = Toolbox(self)
        self.tool: Tool = self.toolbox["select"]
        self.panel = LayerPanel(self)
        self.panel.base_map_chosen.connect(self.set_base_map)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.shutdown)

    # ------------------------------------------------------------------------------------------ what is shown

    def set_base(self, parcels: BaseLayer, buildings: BaseLayer) -> None:
        """Replace the parcels and buildings. Unpacking happens in the background; `base_ready` follows."""
        self.drawing.engine.set_base(parcels, buildings)
        self._sources = [source for source in (parcels.attribution, buildings.attribution) if source]
        self.update()

    def set_being_read(self, being_read: bool) -> None:
        """Whether what belongs on the map is still being read; until then it is not said to be empty."""
        self._being_read = being_read
        self.update()

    def set_plans(self, plans: Sequence[PlanShape]) -> None:
        """Replace the plans; only the places that changed are drawn again. Many plans follow a little later."""
        self.drawing.engine.set_plans(plans)

    def _on_plans(self) -> None:
        self._hide_from_snapping()
        if not self._seen:
            self.zoom_to_all()
        self.tool.refreshed()
        self.tool_updated()

    def select(self, ids: Sequence[str]) -> None:
        """The selected plans; the first is the one in hand."""
        if tuple(ids) == self._selection:
            return
        self._selection = tuple(ids)
        self._hide_from_snapping()
        self.tool.refreshed()
        if self._refusal(self.tool):
            self.start_tool("select")
        self.tool_updated()

    def set_style_by(self, by: str) -> None:
        """Colour the plans by "phase" or by "status"."""
        if by not in ("phase", "status"):
            raise ValueError(by)
        self._by = by
        if self.drawing.made is not None:
            self.drawing.made.set_style_by(by)
        self.panel.show_style_by(by)
        self.update()

    def set_theme(self, tokens: Mapping[str, str]) -> None:
        """The theme's colours by token name (see gui/theme.py)."""
        self._style = map_style(tokens)
        self._overlay = Overlay(self._view, self._style, theme.font("normal"))
        if self.drawing.made is not None:
            self.drawing.dress(self._view.dpr)
            self.drawing.wish_soon(0)
        self.panel.refit()
        self.update()

    def show_layer(self, name: str, visible: bool) -> None:
        """Show or hide "parcels", "buildings", "plans" or "labels"."""
        self.drawing.engine.show_layer(name, visible)
        self.drawing.wish_soon(0)

    def set_base_map(self, key: str, folder: Path | None = None) -> None:
        """Lay a base map of `maps/basemaps.toml` under the parcels; an empty key takes it away. KeyError for
        an unknown key. Tiles are kept in `folder`, by default among the user's data.
        """
        picture = self._picture_layer(key, folder) if key else None
        self._base_map = key
        self.drawing.engine.set_picture(picture)
        self.panel.set_trouble("")
        self.panel.show_base_map(key)
        self.base_map_changed.emit(key)
        self.drawing.wish_soon(0)

    def set_read_only(self, read_only: bool, reason: str = "") -> None:
        """Plans can be chosen, nothing can be drawn: a map of a past day, or for another `reason` in one sentence."""
        self._read_only, self._reason = read_only, reason
        if read_only and self.tool.edits:
            self.start_tool("select")
        self.toolbox.refresh()

    def shutdown(self) -> None:
        """End the drawing processes. Called when the widget closes; safe to call twice."""
        self._telling.stop()
        self.drawing.shutdown()

    # ------------------------------------------------------------------------------------ what others may ask

    @property
    def view(self) -> View:
        """What is in view."""
        return self._view

    @property
    def overlay(self) -> Overlay:
        """For drawing above the tiles."""
        return self._overlay

    @property
    def read_only(self) -> bool:
        """Whether drawing is refused."""
        return self._read_only

    @property
    def locked(self) -> str:
        """Why the user may not draw here, in one sentence; empty when that is not the reason."""
        return self._reason

    @property
    def style_by(self) -> str:
        """What the plans are coloured by: "phase" or "status"."""
        return self._by

    @property
    def map_style(self) -> Any:
        """The colours in use."""
        return self._style

    @property
    def attribution(self) -> str:
        """The sources of what is shown."""
        sources = list(self._sources)
        if self._base_map:
            from diwi_desktop.gui.map.basemaps import base_map

            sources.append(base_map(self._base_map).attribution)
        return " \u00b7 ".join(dict.fromkeys(sources))

    @property
    def notice(self) -> str:
        """Why the last thing the user tried did not go; empty when it did."""
        return self._notice

    @property
    def framed(self) -> bool:
        """Whether a frame shows that the keys go here."""
        return self._by_keyboard and self.hasFocus()

    @property
    def parcels(self) -> Fabric:
        """The parcels, for tools."""
        return self.drawing.engine.parcels

    @property
    def has_parcels(self) -> bool:
        """Whether there are parcels to choose from."""
        return self.drawing.made is not None and len(self.drawing.made.parcels.shapes) > 0

    @property
    def selection(self) -> tuple[str, ...]:
        """The ids of the selected plans; the first is the one in hand."""
        return self._selection

    @property
    def plan_in_hand(self) -> PlanShape | None:
        """The first selected plan."""
        if self.drawing.made is None or not self._selection:
            return None
        return self.drawing.made.plans.by_id.get(self._selection[0])

    def other_plans(self, bounds: Bounds) -> list[PlanShape]:
        """The plans near `bounds`, without the one in hand."""
        hand = self.plan_in_hand
        near = self.drawing.engine.plans.touching(bounds)
        return [plan for plan in near if hand is None or plan.id != hand.id]

    def plan_at(self, px: float, py: float) -> PlanShape | None:
        """The plan under a point of the window."""
        if self.drawing.made is None:
            return None
        x, y = self._view.to_world(px, py)
        return self.drawing.made.plans.at(x, y, 8 * self._view.metres_per_pixel)

    def snap_near(self, x: float, y: float, reach: float) -> Found | None:
        """The corner or boundary nearest to an RD point, within `reach` metres."""
        return self.drawing.made.snap(x, y, reach) if self.drawing.made is not None else None

    def found_text(self, found: Found) -> str:
        """A place to snap to in words: "hoek perceel OTL02-B-2298"."""
        label = found.snap.label
        corner = found.snap.kind == "corner"
        if found.owner == "plan":
            plan = self.drawing.engine.plans.by_id.get(label)
            name = plan.label if plan is not None else label
            return (self.tr("hoek plan {name}") if corner else self.tr("grens plan {name}")).format(name=name)
        words = self.tr("hoek perceel {name}") if corner else self.tr("grens perceel {name}")
        return words.format(name=label)

    def is_settled(self) -> bool:
        """Whether everything that should be seen is drawn."""
        return self.drawing.is_settled()

    def sizeHint(self) -> QSize:
        return QSize(900, 640)

    # ----------------------------------------------------------------------------------------------- the view

    def zoom_to(self, target: BaseGeometry | Bounds) -> None:
        """Show a geometry or a box (xmin, ymin, xmax, ymax) whole."""
        bounds = cast("Bounds", target if isinstance(target, tuple) else target.bounds)
        self._seen = True
        self._goal = bounds  # kept in sight when the panel gets another size, until someone pans or zooms
        self._show(self._view.fitting(bounds))

    def zoom_to_selection(self) -> None:
        """Show the selected plans."""
        if self.drawing.made is not None:
            bounds = self.drawing.made.plans.extent(self._selection)
            if bounds is not None:
                self.zoom_to(bounds)

    def zoom_to_all(self) -> None:
        """Show everything."""
        bounds = self.drawing.made.extent() if self.drawing.made is not None else None
        if bounds is not None:
            self.zoom_to(bounds)

    def reveal(self, x: float, y: float) -> None:
        """Bring an RD point into view, without zooming."""
        px, py = self._view.to_screen(x, y)
        if not QRectF(self.rect()).adjusted(40, 40, -40, -60).contains(px, py):
            self._goal = None
            self._show(self._view.centred(x, y))

    def zoom(self, steps: int, at: QPointF | None = None) -> None:
        """Zoom in by steps of a fourth of a doubling (negative: out), about a point of the window or its
        middle.
        """
        if at is None:
            at = self.pointing.crosshair or QPointF(self.width() / 2, self.height() / 2)
        self._goal = None
        self._show(self._view.zoomed(steps, at.x(), at.y()), rest=_ZOOM_REST_MS)

    def pan(self, dx: float, dy: float) -> None:
        """Move what is on the map by (dx, dy) points of the window."""
        self._goal = None
        self._show(self._view.panned(dx, dy))

    def _show(self, view: View, rest: int = 0) -> None:
        if view == self._view:
            return
        self._view = view
        self._overlay.view = view
        self.drawing.wish_soon(rest)
        self.pointing.again()
        self._telling.start()
        self.view_changed.emit()
        self.update()

    # ------------------------------------------------------------------------------------------------ tools

    def start_tool(self, name: str) -> bool:
        """Take up a tool: select, parcels, contour, draw or cut. False, with the reason as hint, when it
        cannot be used now; KeyError for an unknown name.
        """
        tool = self.toolbox[name]
        refusal = self._refusal(tool)
        if refusal:
            self.toolbox.refresh()
            self.say(refusal)
            return False
        if tool is not self.tool:
            self.tool.stop()
            self.tool = tool
            self._notice = ""
            self.pointing.let_go(keep_crosshair=tool.crosshair)
            tool.start()
            self.tool_changed.emit(name)
            self.pointing.again()
        self.tool_updated()
        return True

    def propose(self, proposal: AreaProposal) -> None:
        """Hand a new area to the window (for tools)."""
        self.area_proposed.emit(proposal)

    def click_plan(self, plan: PlanShape | None, *, add: bool) -> None:
        """A plan was clicked (for tools)."""
        if add and plan is not None:
            self.plan_toggled.emit(plan.id)
        elif not add:
            self.plan_clicked.emit(plan.id if plan is not None else "")

    def tool_updated(self) -> None:
        """Something about the tool changed (for tools): its sketch, its hint or its pointer."""
        self.toolbox.refresh()
        self.pointing.dress()
        self.hint_changed.emit(self._notice or self.tool.hint())
        self._telling.start()
        self.update()

    def say(self, sentence: str) -> None:
        """Tell the user why something does not go (for tools); it stays until he does something else."""
        self._notice = sentence
        self.hint_changed.emit(sentence)
        self.update()

    def confirm(self) -> None:
        """Confirm what was drawn, as Enter does."""
        if self.tool.can_confirm():
            self.tool.confirm()
            self.tool_updated()

    def cancel(self) -> None:
        """Drop what was drawn, or leave the tool, as Escape does."""
        if not self.tool.cancel() and self.tool.name != "select":
            self.start_tool("select")
        self.tool_updated()

    def _refusal(self, tool: Tool) -> str:
        if tool.edits and self._read_only:
            if self._reason:
                return self._reason
            return self.tr("De kaart staat op een eerdere dag en is alleen om te lezen; ga naar vandaag om te tekenen.")
        hand = self.plan_in_hand
        if tool.needs_area and (hand is None or hand.geometry is None):
            return self.tr("Kies eerst een plan met een plangebied.")
        return tool.missing()

    # ---------------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        engine = self.drawing.made
        if engine is None:
            painter.fillRect(self.rect(), self._style.colour("map_ground"))
        else:
            engine.draw_tiles(painter, self._view)
            foreground.paint_work(painter, self, engine)
            if not self.drawing.complete:
                QTimer.singleShot(0, self.drawing, self.drawing.look)
        if words := self._nothing_to_see():
            foreground.paint_words(painter, self, words)
        foreground.paint_furniture(painter, self)
        painter.end()

    def _nothing_to_see(self) -> str:
        """In words, why there is nothing to see; empty when there is."""
        engine = self.drawing.made
        if engine is None or engine.empty:
            if self._being_read:
                return self.tr("Wordt geladen \u2026")
            if self.can_be_filled:
                return self.tr("Nog niets op de kaart.\nImporteer de kadastrale kaart en teken of importeer plannen.")
            return self.tr("Nog niets op de kaart.")
        if engine.loading and not self.has_parcels:
            return self.tr("De percelen worden geladen \u2026")
        return ""

    # ------------------------------------------------------------------------------------------------ input

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._notice = ""
        self.pointing.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointing.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointing.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointing.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.pointing.wheel(event)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointing.leave()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            # Otherwise Qt takes Tab for going to the next part of the window.
            if tab and self.tool.wants_tab() and self.tool.key_pressed(event):
                self.update()
                return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fit_to_widget()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._notice = ""
        if self.tool.key_pressed(event) or self.pointing.key(event):
            self.update()
            event.accept()
        elif why := self.toolbox.why_not(event):
            self.say(why)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.pointing.key_up(event)
        super().keyReleaseEvent(event)

    # -------------------------------------------------------------------------------------------- the widget

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_to_widget()
        self.panel.refit()

    def showEvent(self, event: Any) -> None:
        self._fit_to_widget()
        super().showEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() in _KEYBOARD
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.pointing.space = False
        self.update()
        super().focusOutEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.shutdown()
        super().closeEvent(event)

    def _fit_to_widget(self) -> None:
        dpr = self.devicePixelRatioF()
        size = QPoint(round(self.width() * dpr), round(self.height() * dpr))
        if (size.x(), size.y(), dpr) == (self._view.width, self._view.height, self._view.dpr):
            return
        finer = dpr != self._view.dpr
        view = self._view.resized(size.x(), size.y(), dpr)
        if self._goal is not None:
            view = view.fitting(self._goal)
        if finer:
            self.drawing.dress(dpr)
        self._show(view)

    def _picture_layer(self, key: str, folder: Path | None) -> PictureLayer:
        from diwi_desktop.gui.map.basemaps import base_map
        from diwi_desktop.gui.map.pictures import PictureLayer

        made = PictureLayer(base_map(key), folder or assets.user_data_dir() / "map_tiles", self._style)
        made.trouble_changed.connect(lambda: self.panel.set_trouble(made.trouble))
        return made

    def _on_base(self) -> None:
        if not self._seen:
            self.zoom_to_all()
        self.drawing.wish_soon(0)
        self.tool.refreshed()
        self.toolbox.refresh()
        self.base_ready.emit()

    def _hide_from_snapping(self) -> None:
        """The plan in hand does not snap to itself."""
        if self.drawing.made is not None:
            self.drawing.made.leave_out_of_snapping(self._selection[0] if self._selection else None)

    def _describe(self) -> None:
        """What a screen reader says about the map."""
        x, y = self._view.centre
        words = [
            self.tr("Midden op RD {x}, {y}.").format(x=round(x), y=round(y)),
            self.tr("Gereedschap: {tool}.").format(tool=self.tool.title),
            self.tool.description(),
            self.tool.hint(),
        ]
        self.setAccessibleDescription(" ".join(word for word in words if word))
