"""What an import misses of own fields and choices, to be made from within the import dialog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from diwi_desktop.gui.language import language
from diwi_desktop.gui.wizards import forms
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import OwnFieldType
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.notation import format_number


class CreateRow(QObject):
    """Buttons that make one missing own field or choice, or all of them. Of a field only the types are offered that
    the values in the file allow; why the others are not there stands beside it.
    """

    asked = Signal(list)  # the findings of which to make what they miss

    def __init__(self, form: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self.one = forms.child(form, QPushButton, "createOne")
        self.all = forms.child(form, QPushButton, "createAll")
        self.type = forms.child(form, QComboBox, "fieldType")
        self.note = forms.child(form, QLabel, "typeNote")
        forms.set_role(self.note, "muted")
        self._findings: Sequence[Finding] = ()
        self._chosen: Finding | None = None
        for button in (self.one, self.all):
            button.setAutoDefault(False)
        self.type.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.type.setToolTip(self.tr("Wat er in het nieuwe eigen veld komt te staan"))
        self.one.clicked.connect(self._ask_one)
        self.all.clicked.connect(lambda: self.asked.emit(list(self._findings)))

    def offer(self, findings: Sequence[Finding], chosen: Finding | None, *, can: bool) -> None:
        """Say on the buttons what can be made: of the chosen finding, and of all of them."""
        from diwi_desktop.exchange.missing import key_of_fix, wanted

        self._findings, self._chosen = findings, chosen
        missing = wanted(findings)
        key = key_of_fix(chosen.fix) if chosen is not None else None
        fix = missing[key] if key is not None else {}
        field = fix.get("create") == "own_field"
        self.one.setVisible(can and bool(fix))
        if fix:
            words = self.tr("Eigen veld '%1' maken") if field else self.tr("Keuze '%1' toevoegen")
            self.one.setText(words.replace("%1", _short(str(fix["name"]))))
        self.type.setVisible(can and field)
        note = self._offer_types(fix) if field else ""
        self.note.setText(note)
        self.note.setVisible(can and bool(note))
        self.all.setVisible(can and len(missing) > 1)
        self.all.setText(self.tr("Alle %1 ontbrekende maken").replace("%1", format_number(len(missing))))

    def _offer_types(self, fix: dict[str, object]) -> str:
        """Fill the list of types; returns why some are not in it."""
        from diwi_desktop.exchange.missing import guess_of, types_of

        labels = code_list("own_field_type")
        types = types_of(fix)
        self.type.clear()
        for kind in types:
            self.type.addItem(labels.label(kind, language()), kind.value)
        self.type.setCurrentIndex(max(0, self.type.findData(guess_of(fix).value)))
        unfit = fix.get("unfit")
        if not isinstance(unfit, dict) or not unfit:
            return ""
        left_out = [OwnFieldType(code.key) for code in labels.codes if code.key in unfit]
        names = ", ".join(labels.label(kind, language()) for kind in left_out)
        example = next((unfit[kind.value] for kind in left_out if unfit[kind.value]), "")
        if not example:
            return self.tr("Op deze plaats in het bestand kan alleen dit soort veld staan.")
        words = self.tr("Niet mogelijk: %1. In het bestand staat bijvoorbeeld '%2'.")
        return words.replace("%1", names).replace("%2", _short(str(example)))

    def _ask_one(self) -> None:
        """The chosen one, in all the places where it is missed."""
        from diwi_desktop.exchange.missing import key_of_fix

        key = key_of_fix(self._chosen.fix) if self._chosen is not None else None
        if key is None:
            return
        same = [finding for finding in self._findings if key_of_fix(finding.fix) == key]
        if key[0] == "own_field":
            kind = self.type.currentData()
            same = [replace(finding, fix={**finding.fix, "type": kind}) for finding in same]
        self.asked.emit(same)


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
