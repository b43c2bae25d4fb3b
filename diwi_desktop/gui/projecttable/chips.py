"""The filters in force, as chips above the table; a click edits one, its cross takes it away."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.flowing import Flowing
from diwi_desktop.gui.projecttable.model import ProjectTableModel
from diwi_desktop.gui.tabbing import put_behind


class FlowLayout(Flowing):
    """Puts its items side by side and goes on at the next line when there is no room."""

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, apply: bool) -> int:
        margins = self.contentsMargins()
        area = rect.marginsRemoved(margins)
        x, y, line = area.x(), area.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > area.x() and x + size.width() > area.right() + 1:
                x, y, line = area.x(), y + line + self.spacing(), 0
            if apply:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        return y + line - rect.y() + margins.bottom()


class _Chip(QWidget):
    """A filter in words, and its cross."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.buttons: list[QToolButton] = []


class FilterChips(QWidget):
    """Chips for the filters of the model, and the button that adds one."""

    edit_asked = Signal(str, QPoint)  # column key, global point under the chip
    add_asked = Signal(QPoint)

    def __init__(self, model: ProjectTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._shown: dict[str, str] = {}
        self.chips: dict[str, _Chip] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._layout = FlowLayout(self)
        self._layout.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        self._layout.setSpacing(theme.space(1))
        self.add_button = QToolButton()
        self.add_button.setText(self.tr("Filter"))
        self.add_button.setIcon(theme.icon("filter-plus-outline"))
        theme.words_beside(self.add_button)
        self.add_button.setToolTip(self.tr("Filter op een kolom (Ctrl+Shift+F)"))
        self.add_button.clicked.connect(lambda: self.add_asked.emit(_under(self.add_button)))
        self.clear_button = QToolButton()
        self.clear_button.setText(self.tr("Wis alle filters"))
        self.clear_button.clicked.connect(model.clear_filters)
        self._layout.addWidget(self.add_button)
        self._layout.addWidget(self.clear_button)
        model.arranged.connect(self._refresh)
        self._refresh()

    def chip_point(self, key: str) -> QPoint:
        """The global point under a chip, or under the button that adds one."""
        return _under(self.chips.get(key, self.add_button))

    def _refresh(self) -> None:
        wanted = {key: f.describe(self._model.column(key)) for key, f in self._model.filters.items()}
        self.clear_button.setVisible(len(wanted) > 1)
        if wanted == self._shown:
            return
        self._shown = wanted
        for widget in self.chips.values():
            self._layout.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._layout.removeWidget(self.add_button)
        self._layout.removeWidget(self.clear_button)
        self.chips = {key: self._chip(key, text) for key, text in wanted.items()}
        for item in (*self.chips.values(), self.add_button, self.clear_button):
            self._layout.addWidget(item)
        put_behind(self, [button for chip in self.chips.values() for button in chip.buttons])
        self._layout.invalidate()
        self.updateGeometry()

    def _chip(self, key: str, text: str) -> _Chip:
        box = _Chip(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        words, cross = QToolButton(), QToolButton()
        words.setText(text)
        words.setToolTip(self.tr("Wijzig dit filter"))
        words.clicked.connect(lambda: self.edit_asked.emit(key, _under(box)))
        cross.setIcon(theme.icon("close"))
        cross.setIconSize(QSize(12, 12))
        cross.setToolTip(self.tr("Haal dit filter weg"))
        cross.setAccessibleName(self.tr("Haal filter weg: {0}").format(text))
        cross.clicked.connect(lambda: self._model.set_filter(key, None))
        for button in (words, cross):
            button.setProperty("role", "chip")
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
            row.addWidget(button)
            box.buttons.append(button)
        box.setFixedHeight(self.add_button.sizeHint().height())
        box.setVisible(True)
        return box


def _under(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint(0, widget.height() + theme.space(1)))
