"""One conflict whole: three values beside each other, with what differs from the start marked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.form import Card
from diwi_desktop.gui.map.compare import BASE, MINE, THEIRS, Contours, Swatch, difference
from diwi_desktop.gui.map.tools.area import square_metres
from diwi_desktop.gui.sync.inbox_items import Entry
from diwi_desktop.model.catalogue import FieldType

_LOWEST = 152  # pixels that the versions of a contour need beside each other
_BESIDE = 480  # pixels from which on the values stand beside each other
_TEXTS = (FieldType.TEXT, FieldType.LONGTEXT)


class Version(Card):
    """A value with whose it is; of a contour its line and size too."""

    def __init__(self, title: str, which: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._which = which
        self.who = QLabel(self)
        self.who.setProperty("role", "small")
        self.who.setWordWrap(True)
        self.swatch = Swatch(which)
        self.value = QLabel(self)
        self.value.setWordWrap(True)
        self.value.setTextFormat(Qt.TextFormat.RichText)
        self.value.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.value.setMinimumWidth(40)
        for widget in (self.swatch, self.value, self.who):
            self.box.addWidget(widget)
        self.box.addStretch(1)
        self.setMinimumWidth(100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_value(self, text: str, base: str | None, who: str) -> None:
        """Show a value; `base` is what to mark the differences from."""
        self.swatch.hide()
        self.value.setText(html.escape(text).replace("\n", "<br>") if base is None else marked(base, text))
        self.value.setAccessibleName(f"{self.heading.text()}: {text}")
        self._show_who(who)

    def show_contour(self, contours: Contours, who: str) -> None:
        """Show the line and the size of one of the three shapes."""
        self.swatch.show()
        shape = contours.shapes[self._which]
        lines = [square_metres(shape.area) if shape is not None else self.tr("geen contour")]
        if self._which != BASE and shape is not None and contours.shapes[BASE] is not None:
            lines.append(difference(contours, self._which))
        self.value.setText("<br>".join(html.escape(line) for line in lines))
        self.value.setAccessibleName(f"{self.heading.text()}: {', '.join(lines)}")
        self._show_who(who)

    def _show_who(self, who: str) -> None:
        self.who.setText(who)
        self.who.setVisible(bool(who))


class Detail(QScrollArea):
    """The values of the conflict under the cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget(self.viewport())
        self.title = QLabel(content)
        self.title.setWordWrap(True)
        self.title.setFont(theme.font(bold=True))
        self.mine = Version(self.tr("Mijn versie"), MINE, content)
        self.theirs = Version(self.tr("Hun versie"), THEIRS, content)
        self.base = Version(self.tr("Zoals het was"), BASE, content)
        self.note = QLabel(content)
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        box = QVBoxLayout(content)
        box.setContentsMargins(theme.space(2), theme.space(2), theme.space(2), theme.space(2))
        box.setSpacing(theme.space(2))
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(theme.space(2))
        for card in (self.mine, self.theirs, self.base):
            self._row.addWidget(card, 1)
        box.addWidget(self.title)
        box.addLayout(self._row)
        box.addWidget(self.note)
        box.addStretch(1)
        self.setWidget(content)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _LOWEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = QBoxLayout.Direction.LeftToRight
        wanted = beside if self.width() >= _BESIDE else QBoxLayout.Direction.TopToBottom
        if self._row.direction() is not wanted:
            self._row.setDirection(wanted)

    def show_entry(self, entry: Entry | None, contours: Contours | None) -> None:
        """Show a conflict; None empties the pane."""
        if (content := self.widget()) is not None:
            content.setVisible(entry is not None)
        if entry is None:
            return
        self.title.setText(f"{entry.project}: {entry.what}")
        theirs = " · ".join(part for part in (entry.who, entry.when) if part)
        mine = self.tr("u, %1").replace("%1", entry.made) if entry.made else self.tr("u")
        self.note.setText(entry.reason)
        self.note.setVisible(bool(entry.reason))
        if contours is not None:
            self.mine.show_contour(contours, mine)
            self.theirs.show_contour(contours, theirs)
            self.base.show_contour(contours, "")
            return
        start = entry.base if entry.field is not None and entry.field.type in _TEXTS else None
        self.mine.show_value(entry.mine, start, mine)
        self.theirs.show_value(entry.theirs, start, theirs)
        self.base.show_value(entry.base, None, "")


def marked(base: str, text: str) -> str:
    """A text as HTML with the words that the first text does not have underlined and bold."""
    return "".join(
        f"<b><u>{html.escape(part)}</u></b>" if new else html.escape(part) for part, new in _parts(base, text)
    ).replace("\n", "<br>")


def _parts(base: str, text: str) -> Iterator[tuple[str, bool]]:
    old, new = re.findall(r"\s+|\S+", base), re.findall(r"\s+|\S+", text)
    if not any(word in old for word in new if word.strip()):  # nothing in common: no word is worth marking
        yield text, False
        return
    for what, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if start < end:
            part = "".join(new[start:end])
            words = part.strip()
            before, _, after = part.partition(words) if words else (part, "", "")
            yield from ((text, marks) for text, marks in ((before, False), (words, what != "equal"), (after, False)))
