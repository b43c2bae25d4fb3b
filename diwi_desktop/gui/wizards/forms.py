"""Designer forms from ui/forms/, and their widgets by name."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QFile, QIODevice
from PySide6.QtWidgets import QVBoxLayout, QWidget

from diwi_desktop import assets
from diwi_desktop.gui.fields.controls import Combo
from diwi_desktop.model.notation import format_number

W = TypeVar("W", bound=QWidget)


def load(name: str, into: QWidget) -> QWidget:
    """Load ui/forms/<name>.ui as the whole content of a widget. Raises FileNotFoundError, ValueError (a bad form)."""
    from PySide6.QtUiTools import QUiLoader

    path = assets.ui_file(f"forms/{name}.ui")
    file = QFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise FileNotFoundError(path)
    loader = QUiLoader()
    loader.registerCustomWidget(Combo)
    form = loader.load(file, into)
    file.close()
    if form is None:
        raise ValueError(loader.errorString())
    layout = QVBoxLayout(into)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(form)
    return form


def child(form: QWidget, kind: type[W], name: str) -> W:
    """A widget of a form by name. Raises LookupError when the form has none of that kind."""
    found = form.findChild(kind, name)
    if found is None:
        raise LookupError(f"the form has no {kind.__name__} named {name}")
    return found


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role in the style sheet."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun; the words hold %1, as in "%1 fout" and "%1 fouten"."""
    return (one if number == 1 else many).replace("%1", format_number(number))
