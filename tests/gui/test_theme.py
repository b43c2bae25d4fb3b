"""Colours that can be read by everyone, icons that exist, sizes that scale."""

import itertools

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QToolButton

from diwi_desktop.gui import theme

TEXTS = ("text", "muted", "accent", "good", "warn", "bad", "past")
GROUNDS = ("surface", "raised")

Matrix = tuple[tuple[float, ...], ...]

# Viénot, Brettel and Mollon (1999): what is left of a colour (linear RGB) without the long or middle cones.
PROTAN = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
DEUTAN = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))


@pytest.fixture(autouse=True)
def _restore(qapp: QApplication):
    yield
    theme.apply(qapp, "light")


def _linear(colour: QColor) -> tuple[float, ...]:
    return tuple(
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (colour.redF(), colour.greenF(), colour.blueF())
    )


def _lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    r, g, b = (min(1.0, max(0.0, v)) for v in rgb)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089

    def f(t: float) -> float:
        return t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116

    return 116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))


def _distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum((a - b) ** 2 for a, b in zip(_lab(one), _lab(other), strict=True)) ** 0.5


def _seen(colour: QColor, matrix: tuple[tuple[float, ...], ...] | None) -> tuple[float, ...]:
    linear = _linear(colour)
    if matrix is None:
        return linear
    return tuple(sum(a * b for a, b in zip(row, linear, strict=True)) for row in matrix)


@pytest.mark.parametrize("name", theme.NAMES)
def test_every_theme_names_the_same_tokens(name: str) -> None:
    assert theme.tokens(name).keys() == theme.tokens("light").keys()


@pytest.mark.parametrize("name", theme.NAMES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable(name: str, text: str) -> None:
    tokens = theme.tokens(name)
    for ground in GROUNDS:
        assert theme.contrast(QColor(tokens[text]), QColor(tokens[ground])) >= 4.5


@pytest.mark.parametrize("name", theme.NAMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("text", "chosen"),
        ("text", "hover"),
        ("text", "sunken"),
        ("muted", "sunken"),
        ("accent", "chosen"),
        ("good", "good_soft"),
        ("warn", "warn_soft"),
        ("bad", "bad_soft"),
        ("past", "past_soft"),
    ],
)
def test_words_on_coloured_grounds_are_readable(name: str, text: str, ground: str) -> None:
    tokens = theme.tokens(name)
    assert theme.contrast(QColor(tokens[text]), QColor(tokens[ground])) >= 4.5


@pytest.mark.parametrize("name", theme.NAMES)
def test_edges_of_fields_can_be_seen(name: str) -> None:
    tokens = theme.tokens(name)
    assert theme.contrast(QColor(tokens["strong_line"]), QColor(tokens["surface"])) >= 3


@pytest.mark.parametrize("name", theme.NAMES)
@pytest.mark.parametrize("matrix", [None, PROTAN, DEUTAN], ids=["full", "protan", "deutan"])
def test_phases_stay_apart_for_the_colour_blind(name: str, matrix: Matrix | None) -> None:
    tokens = theme.tokens(name)
    seen = [_seen(QColor(tokens[f"phase{n}"]), matrix) for n in range(1, 8)]
    for i, one in enumerate(seen):
        for other in seen[i + 1 :]:
            assert _distance(one, other) >= 9


@pytest.mark.parametrize("name", theme.NAMES)
def test_phases_stay_apart_in_grey(name: str) -> None:
    tokens = theme.tokens(name)
    lightness = [_lab(_linear(QColor(tokens[f"phase{n}"])))[0] for n in range(1, 8)]
    steps = [a - b for a, b in itertools.pairwise(lightness)]
    assert min(steps) >= 6


@pytest.mark.parametrize("name", theme.NAMES)
def test_words_on_phase_colours_are_readable(name: str) -> None:
    for n in range(8):
        ground = QColor(theme.tokens(name)[f"phase{n}"])
        assert theme.contrast(theme.text_on(ground), ground) >= 4.5


@pytest.mark.parametrize("name", theme.NAMES)
@pytest.mark.parametrize("scale", theme.SCALES)
def test_the_style_sheet_is_complete(qapp: QApplication, name: str, scale: float) -> None:
    theme.apply(qapp, name, scale)
    assert "${" not in qapp.styleSheet()
    assert theme.size("normal") == round(13 * scale)
    assert qapp.font().pixelSize() == theme.size("normal")


def test_an_icon_follows_the_theme(qapp: QApplication) -> None:
    button = QToolButton()
    button.setIcon(theme.icon("map"))
    seen = []
    for name in ("light", "dark"):
        theme.apply(qapp, name)
        picture = button.icon().pixmap(QSize(24, 24)).toImage()
        colours = {picture.pixelColor(x, y).name() for x in range(24) for y in range(24)
                   if picture.pixelColor(x, y).alpha() == 255}  # fmt: skip
        seen.append(colours)
        assert theme.tokens(name)["text"] in colours
    assert seen[0] != seen[1]


def test_an_unknown_icon_is_a_mistake_at_once() -> None:
    with pytest.raises(KeyError):
        theme.icon("no-such-icon")
