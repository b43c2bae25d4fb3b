"""Settings of this machine: name, language, theme, text size."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QLineEdit, QWidget

from diwi_desktop.gui import settings, theme
from diwi_desktop.gui.dialogs.forms import FormDialog

_LANGUAGES = {"nl": "Nederlands", "en": "English"}


class SettingsDialog(FormDialog):
    """Choices hold at once (the language after a restart); `look_changed` says that the theme or size did."""

    look_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("forms/settings.ui", parent)
        self.author = self.part(QLineEdit, "author")
        self.language = self.part(QComboBox, "language")
        self.theme = self.part(QComboBox, "theme")
        self.text_size = self.part(QComboBox, "textSize")
        self.restart = self.part(QLabel, "restart")
        self.restart.setProperty("role", "muted")
        self.restart.hide()
        self.author.setText(settings.author())
        for key, words in _LANGUAGES.items():
            self.language.addItem(words, key)
        for key, words in (
            ("system", self.tr("Zoals de computer")),
            ("light", self.tr("Licht")),
            ("dark", self.tr("Donker")),
            ("high_contrast", self.tr("Hoog contrast")),
        ):
            self.theme.addItem(words, key)
        for scale in theme.SCALES:
            self.text_size.addItem(f"{round(scale * 100)}%", scale)
        self.language.setCurrentIndex(self.language.findData(settings.language()))
        self.theme.setCurrentIndex(self.theme.findData(settings.theme_name()))
        self.text_size.setCurrentIndex(max(0, self.text_size.findData(settings.text_scale())))
        self.language.currentIndexChanged.connect(self._language_chosen)
        self.theme.currentIndexChanged.connect(self._look_chosen)
        self.text_size.currentIndexChanged.connect(self._look_chosen)
        buttons = self.part(QDialogButtonBox, "buttons")
        buttons.addButton(self.tr("Sluiten"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)

    def done(self, result: int) -> None:
        """However the dialog is left, the name counts."""
        settings.set_author(self.author.text())
        super().done(result)

    def _language_chosen(self) -> None:
        settings.set_language(self.language.currentData())
        self.restart.show()
        self.grow()

    def _look_chosen(self) -> None:
        settings.set_theme_name(self.theme.currentData())
        settings.set_text_scale(self.text_size.currentData())
        self.look_changed.emit()
