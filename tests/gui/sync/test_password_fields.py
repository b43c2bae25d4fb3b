"""Where a password is typed it is hidden, and a password manager may paste it (ASVS 6.2.6 and 6.2.7)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from diwi_desktop.model.clock import FixedClock
from tests.gui.conftest import OpenWindow
from tests.gui.sync.test_connect import dialog_of
from tests.stores import new_store

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

FORMS = Path(__file__).resolve().parents[3] / "ui" / "forms"
SECRET = frozenset({"password", "again", "current"})
LONG = "een lang zinnetje uit een wachtwoordkluis " * 5


def test_every_field_for_a_password_hides_it_and_takes_a_long_one() -> None:
    found = []
    for form in sorted(FORMS.glob("*.ui")):
        for field in ET.parse(form).getroot().iter("widget"):
            if field.get("class") != "QLineEdit" or field.get("name") not in SECRET:
                continue
            set_ = {one.get("name"): "".join(one.itertext()).strip() for one in field.findall("property")}
            found.append(form.stem)
            assert set_.get("echoMode", "").endswith("Password"), form.name
            assert int(set_.get("maxLength", "32767")) >= 256, form.name
            assert "readOnly" not in set_, form.name
    assert {"connect", "activate"} <= set(found)


def test_a_password_is_pasted_and_not_shown_or_given_away(
    qtbot: QtBot, open_window: OpenWindow, clock: FixedClock, tmp_path: Path
) -> None:
    window = open_window(new_store(tmp_path / "mijn.diwi", clock))
    window.commands["connect"].trigger()
    dialog = dialog_of(qtbot, window)
    QGuiApplication.clipboard().setText(LONG[:200])
    dialog.password.paste()
    assert dialog.password.text() == LONG[:200]
    assert dialog.password.echoMode() is QLineEdit.EchoMode.Password
    assert LONG[0] not in dialog.password.displayText()
    dialog.password.selectAll()
    dialog.password.copy()  # a password field copies nothing
    QGuiApplication.clipboard().setText("iets anders")
    dialog.password.copy()
    assert QGuiApplication.clipboard().text() == "iets anders"
    dialog.reject()
