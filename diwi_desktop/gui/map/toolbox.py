"""The tools as actions for a toolbar; an action is visible only while its tool is of use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence

from diwi_desktop.gui import theme
from diwi_desktop.gui.map.tools.base import Tool
from diwi_desktop.gui.map.tools.contour import ContourTool
from diwi_desktop.gui.map.tools.cut import CutTool
from diwi_desktop.gui.map.tools.draw import DrawTool
from diwi_desktop.gui.map.tools.parcels import ParcelTool
from diwi_desktop.gui.map.tools.select import SelectTool

if TYPE_CHECKING:
    from diwi_desktop.gui.map.canvas import MapCanvas


class Toolbox(QObject):
    """Makes the tools and their actions. `tools`, `steps` and `views` are for the window's toolbar, in this
    order: what to draw with, confirm and cancel while drawing, and zooming.
    """

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._tools: dict[str, Tool] = {
            tool.name: tool
            for tool in (
                SelectTool(canvas),
                ParcelTool(canvas),
                ContourTool(canvas),
                DrawTool(canvas),
                CutTool(canvas),
            )
        }
        self._group = QActionGroup(self)
        self.tools = [self._tool_action(tool) for tool in self._tools.values()]
        self._confirm = self._action(
            self.tr("Vastleggen"), "check", "Ctrl+Return", self.tr("Het getekende vastleggen"), canvas.confirm
        )
        self._cancel = self._action(
            self.tr("Stoppen"), "close", "", self.tr("Het getekende loslaten (Esc)"), canvas.cancel
        )
        self.steps = [self._confirm, self._cancel]
        self.views = [
            self._action(self.tr("Inzoomen"), "plus", "", self.tr("Inzoomen (+)"), lambda: canvas.zoom(2)),
            self._action(self.tr("Uitzoomen"), "minus", "", self.tr("Uitzoomen (\u2212)"), lambda: canvas.zoom(-2)),
            self._action(self.tr("Alles"), "arrow-expand-all", "", self.tr("Alles tonen (Home)"), canvas.zoom_to_all),
        ]

    def __getitem__(self, name: str) -> Tool:
        return self._tools[name]

    def why_not(self, event: QKeyEvent) -> str:
        """Why the key of a tool does nothing now, in one sentence; empty when that is not so."""
        pressed = QKeySequence(event.keyCombination())
        keys = (action for action in self.tools if action.isVisible() and not action.isEnabled())
        return next((action.toolTip() for action in keys if action.shortcut() == pressed), "")

    def refresh(self) -> None:
        """Show the actions of the moment."""
        canvas = self._canvas
        hand = canvas.plan_in_hand
        has_area = hand is not None and hand.geometry is not None
        for action in self.tools:
            tool = self._tools[action.data()]
            action.setVisible((has_area or not tool.needs_area) and (canvas.has_parcels or not tool.needs_parcels))
            action.setChecked(tool is canvas.tool)
            forbidden = canvas.locked if tool.edits else ""
            action.setEnabled(not forbidden)
            action.setToolTip(forbidden or action.statusTip())
        drawing = canvas.tool.edits
        self._confirm.setVisible(drawing)
        self._confirm.setEnabled(canvas.tool.can_confirm())
        self._cancel.setVisible(drawing)

    def _tool_action(self, tool: Tool) -> QAction:
        name = tool.name
        tip = self.tr("{0} ({1} op de kaart; Ctrl+1 gaat erheen)").format(tool.tip, tool.key)
        action = self._action(tool.title, tool.icon, tool.key, tip, lambda: self._take_up(name))
        action.setCheckable(True)
        action.setData(name)
        self._group.addAction(action)
        return action

    def _take_up(self, name: str) -> None:
        """Start a tool, with the keyboard where it is used."""
        if self._canvas.start_tool(name):
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _action(self, text: str, icon: str, key: str, tip: str, run: Callable[[], object]) -> QAction:
        action = QAction(theme.icon(icon), text, self)
        if key:
            action.setShortcut(QKeySequence(key))
            # Letters are tools only while the map has the focus; elsewhere they are text.
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(tip)
        action.setStatusTip(tip)
        action.triggered.connect(lambda _checked: run())
        self._canvas.addAction(action)
        return action
