"""Colours, sizes, style sheet and icons: the one place that knows what the window looks like.

Colours and sizes are named tokens in `ui/tokens.toml`; `ui/style.qss` is a template that names them as
`${text}`. Icons are glyphs of one set (Material Design Icons 6, as QtAwesome ships it), drawn in a token's
colour at the moment of painting, so that a change of theme needs no new icons.
"""

from __future__ import annotations

import importlib.util
import json
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from diwi_desktop import assets

NAMES = ("light", "dark", "high_contrast")
SCALES = (1.0, 1.15, 1.3, 1.5)
PHASES = 7
GAP = 4  # pixels beside an icon with words, on top of the two that Qt leaves itself
_SIGNS = (18, 22)  # sides of the icons on buttons and in the rail, at the normal text size


class _Current(QObject):
    """The theme in use. `changed` tells widgets that paint themselves to do so again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = "light"
        self.scale = 1.0
        self.styled = False


@cache
def current() -> _Current:
    """The theme in use; connect to its `changed` signal to repaint what style sheets do not reach."""
    return _Current()


@cache
def _file() -> dict[str, dict[str, Any]]:
    return assets.toml(assets.ui_file("tokens.toml"))


def tokens(name: str | None = None) -> dict[str, str]:
    """The colours of a theme (None: the one in use), "#rrggbb" by name. KeyError for an unknown theme."""
    return dict(_file()[name or current().name])


def colour(token: str) -> QColor:
    """A colour of the theme in use. KeyError for an unknown token."""
    return QColor(_file()[current().name][token])


def phase_colour(phase: str | None) -> QColor:
    """The colour of a phase key such as "_4_DESIGN"; None is "no phase"."""
    return colour(f"phase{phase[1]}" if phase else "phase0")


def text_on(ground: QColor) -> QColor:
    """Black or white, whichever reads best on a ground."""
    black, white = QColor("#14181b"), QColor("#ffffff")
    return black if contrast(black, ground) >= contrast(white, ground) else white


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(c: QColor) -> float:
    def linear(v: float) -> float:
        return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def size(name: str) -> int:
    """A size in pixels, scaled with the chosen text size: small 12, normal 13, large 16, huge 20."""
    return round(_file()["size"][name] * current().scale)


def space(steps: int = 1) -> int:
    """A distance of so many steps of 4 px."""
    return int(_file()["size"]["step"]) * steps


def scaled(pixels: int) -> int:
    """A width made for words of the normal text size, at the text size in use."""
    return round(pixels * current().scale)


def font(name: str = "normal", *, bold: bool = False) -> QFont:
    """The system font in one of the four sizes."""
    made = QFont(QApplication.font())
    made.setPixelSize(size(name))
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def apply(app: QApplication, name: str, scale: float = 1.0) -> None:
    """Dress the application: style, palette, fonts and style sheet. KeyError for an unknown theme."""
    for _ in applying(app, name, scale):
        pass


def applying(app: QApplication, name: str, scale: float = 1.0) -> Iterator[None]:
    """The same with a pause between Qt's part and that of the widgets that paint themselves."""
    found = tokens(name)
    state = current()
    state.name, state.scale = name, scale
    if not state.styled:
        app.setStyle("Fusion")
        state.styled = True
    base = QFont(app.font())
    base.setPixelSize(size("normal"))
    # Without a sheet first: where one takes the place of another, Qt dresses a widget as many times as it has parents
    # (measured: 1.2 s for a window of 1,600 widgets, against 0.2 s).
    app.setStyleSheet("")
    app.setFont(base)
    app.setPalette(_palette(found))
    app.setStyleSheet(_sheet(found))
    yield
    for widget in app.allWidgets():
        if isinstance(widget, QToolButton) and widget.property("signed"):
            words_beside(widget, on=widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    state.changed.emit()


def words_beside(button: QToolButton, *, on: bool = True) -> None:
    """Show the words of a button beside its icon, six pixels apart; or, with `on` false, the icon alone."""
    styles = Qt.ToolButtonStyle
    side = round(_SIGNS[0] * current().scale)
    button.setIconSize(QSize(side + GAP if on else side, side))
    button.setToolButtonStyle(styles.ToolButtonTextBesideIcon if on else styles.ToolButtonIconOnly)
    button.setProperty("signed", True)


def main_button(button: QPushButton) -> None:
    """The button by which a dialog goes on: Enter presses it from any field, and it alone is blue."""
    button.setDefault(True)
    button.setProperty("role", "primary")
    # A row of buttons dresses them as they come in.
    button.style().unpolish(button)
    button.style().polish(button)


def system_name() -> str:
    """The theme that the desktop asks for: dark or light."""
    scheme = QApplication.styleHints().colorScheme()
    return "dark" if scheme is Qt.ColorScheme.Dark else "light"


def _sheet(found: dict[str, str]) -> str:
    values = dict(found)
    values.update({f"size_{name}": str(size(name)) for name in ("small", "normal", "large", "huge")})
    values["sign"], values["sign_large"] = (str(round(side * current().scale)) for side in _SIGNS)
    values["corner"] = str(_file()["size"]["corner"])
    # Paths in a style sheet are written with forward slashes, on Windows too.
    values["ui"] = assets.ui_file("").as_posix()
    values["shade"] = "dark" if QColor(found["surface"]).lightnessF() < 0.5 else "light"
    return string.Template(assets.ui_file("style.qss").read_text(encoding="utf-8")).substitute(values)


def _palette(found: dict[str, str]) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for target, token in (
        (role.Window, "raised"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "raised"),
        (role.Text, "text"),
        (role.Button, "raised"),
        (role.ButtonText, "text"),
        (role.BrightText, "bad"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "muted"),
        (role.Link, "accent"),
        (role.LinkVisited, "accent"),
        (role.Accent, "accent"),
        (role.Mid, "line"),
        (role.Midlight, "line"),
        (role.Dark, "strong_line"),
        (role.Shadow, "sunken"),
        (role.Light, "surface"),
    ):
        palette.setColor(target, QColor(found[token]))
    for target in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(found["strong_line"]))
    return palette


@cache
def _glyphs() -> dict[str, str]:
    """The names of the icon set and their code points in hexadecimal."""
    path = next(_icon_folder().glob("materialdesignicons6-webfont-charmap-*.json"))
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _icon_folder() -> Path:
    # Importing qtawesome costs 0.2 s (it loads nine fonts); its files are all that is needed.
    spec = importlib.util.find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("qtawesome")
    return Path(spec.submodule_search_locations[0]) / "fonts"


@cache
def _icon_family() -> str:
    path = next(p for p in _icon_folder().glob("materialdesignicons6-webfont-*.ttf"))
    number = QFontDatabase.addApplicationFont(str(path))
    return QFontDatabase.applicationFontFamilies(number)[0]


class _GlyphEngine(QIconEngine):
    """Draws one glyph in a token's colour."""

    def __init__(self, glyph: str, ink: str) -> None:
        super().__init__()
        self._glyph = glyph
        self._ink = ink

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.save()
        face = QFont(_icon_family())
        face.setPixelSize(max(1, rect.height()))
        painter.setFont(face)
        painter.setPen(self._colour(mode, state))
        # What is wider than high has room for the gap between the icon and its words.
        across = Qt.AlignmentFlag.AlignLeft if rect.width() > rect.height() else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(rect, across | Qt.AlignmentFlag.AlignVCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return drawn

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._glyph, self._ink)

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        if mode is QIcon.Mode.Disabled:
            return colour("strong_line")
        return colour("accent" if state is QIcon.State.On and self._ink == "text" else self._ink)


@cache
def icon(name: str, ink: str = "text") -> QIcon:
    """An icon of the set ("map", "undo"), in the colour of the token `ink`; follows a change of theme by
    itself.

    KeyError for a name that the set does not have.
    """
    engine = _GlyphEngine(chr(int(_glyphs()[name], 16)), ink)
    made = QIcon(engine)
    _kept.append(engine)  # the icon does not keep the Python side of its engine alive
    return made


_kept: list[_GlyphEngine] = []
