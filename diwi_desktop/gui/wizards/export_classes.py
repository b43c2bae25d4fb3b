"""The price classes of a province as choices, beside a price that lies in more than one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.language import language
from diwi_desktop.gui.projecttable.chips import FlowLayout
from diwi_desktop.model.finding import Finding

if TYPE_CHECKING:
    from diwi_desktop.store.act import Act


class ClassChoices(QWidget):
    """One button per class; pressing it gives the ownership row the range of that class, as one act."""

    stored = Signal()
    refused = Signal(object)  # list[Finding]

    def __init__(self, editing: Editing, parent: QWidget) -> None:
        super().__init__(parent)
        self._editing = editing
        self.buttons: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(QLabel(self.tr("Of neem de grenzen van een prijsklasse van de provincie:"), self))
        self._row = FlowLayout()
        column.addLayout(self._row)
        self.hide()

    def show_finding(self, finding: Finding | None) -> None:
        """Offer the classes that a finding names, if it names any."""
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []
        ranges: Sequence[dict[str, Any]] = finding.fix.get("ranges", ()) if finding is not None else ()
        for each in ranges:
            button = QPushButton(each[language()], self)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, f=finding, bounds=each["bounds"]: self._take(f, bounds))
            self._row.addWidget(button)
            self.buttons.append(button)
        self.setVisible(bool(ranges))

    def _take(self, finding: Finding, bounds: list[int | None]) -> None:
        amount = finding.fix["amount"]

        def edit(act: Act) -> None:
            act.set(finding.kind, finding.entity, f"{amount}_option", None)
            act.set(finding.kind, finding.entity, amount, bounds)

        found = self._editing.apply("Eigendom en waarde wijzigen", edit)
        if found:
            self.refused.emit(found)
        else:
            self.stored.emit()
