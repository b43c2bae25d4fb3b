"""All keys of the window in one list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from diwi_desktop.gui import theme


class KeysDialog(QDialog):
    """`rows` are (what it does, key)."""

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sneltoetsen"))
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels([self.tr("Opdracht"), self.tr("Toets")])
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setStretchLastSection(False)
        self.list.header().resizeSection(1, theme.space(52))
        extra = (
            (self.tr("Kaart: inzoomen en uitzoomen"), "+  \N{MINUS SIGN}"),
            (self.tr("Kaart: verschuiven"), self.tr("spatie en slepen, of pijltjes")),
            (self.tr("Gereedschap verlaten"), "Esc"),
            (self.tr("Tabel: gekozen rijen kopiëren"), "Ctrl+C"),
            (self.tr("Tabel: op nog een kolom sorteren"), self.tr("Shift en klik op de kop")),
        )
        for row in (*rows, *extra):
            self.list.addTopLevelItem(QTreeWidgetItem(list(row)))
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Sluiten"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(4)] * 4)
        layout.setSpacing(theme.space(3))
        layout.addWidget(self.list)
        layout.addWidget(buttons)
        self.resize(theme.space(130), theme.space(150))
