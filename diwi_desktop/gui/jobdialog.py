"""The dialog that shows how far a piece of long work is, and can stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from diwi_desktop.gui import theme

if TYPE_CHECKING:
    from diwi_desktop.gui.jobs import Job


class ProgressDialog(QDialog):
    """What is being done, how far it is, and a button to stop it."""

    def __init__(self, parent: QWidget | None, title: str, job: Job) -> None:
        super().__init__(parent)
        self._job = job
        self._ended = False
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(theme.space(90))
        self.label = QLabel(title)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.button = QPushButton(self.tr("Annuleren"))
        self.button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.space(4)] * 4)
        column.setSpacing(theme.space(3))
        column.addWidget(self.label)
        column.addWidget(self.bar)
        column.addLayout(row)
        job.progressed.connect(self._progressed)
        job.finished.connect(self._finished)

    def reject(self) -> None:
        """Escape, the button and the cross all cancel; the dialog goes when the work has really ended."""
        if self._ended:
            super().reject()
            return
        self._job.cancel()
        self.button.setEnabled(False)
        self.label.setText(self.tr("Wordt geannuleerd…"))

    def _progressed(self, share: float, text: str) -> None:
        if share < 0:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(share * 1000))
        if text and not self._job.cancelled:
            self.label.setText(text)

    def _finished(self) -> None:
        self._ended = True
        self.done(QDialog.DialogCode.Accepted)
        self.deleteLater()
