"""What a version has that the start had not is marked, and nothing else; many items are shown in part."""

import pytest
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.sync.detail import marked
from diwi_desktop.gui.sync.inbox_items import Entry
from diwi_desktop.gui.sync.itemtree import ItemTree
from diwi_desktop.store.inbox import Item


@pytest.mark.parametrize(
    ("base", "text", "html"),
    [
        ("De Hoek", "De Hoek Zuid", "De Hoek <b><u>Zuid</u></b>"),
        ("De Hoek", "De Bocht", "De <b><u>Bocht</u></b>"),
        ("De Hoek", "De Hoek", "De Hoek"),
        ("", "Nieuw", "Nieuw"),
        ("een < twee", "een < drie", "een &lt; <b><u>drie</u></b>"),
        ("regel 1", "regel 1\nregel 2", "regel 1<br><b><u>regel 2</u></b>"),
    ],
)
def test_new_words_are_marked(base: str, text: str, html: str) -> None:
    assert marked(base, text) == html


def test_thousands_have_a_thousand_lines_and_are_chosen_with_their_project(qtbot: QtBot) -> None:
    tree = ItemTree([("Veld", 100), ("Mijn versie", 0)], lambda entry: (entry.what, entry.mine))
    qtbot.addWidget(tree)
    tree.show_entries([entry(n) for n in range(1200)])
    group = tree.topLevelItem(0)
    assert group is not None
    assert group.text(0) == "De Hoek  (1.200)"
    assert group.childCount() == 1001
    assert group.child(1000).text(0) == "… en nog 200"
    tree.setCurrentItem(group)
    assert len(tree.chosen()) == 1200
    tree.clearSelection()  # a key held down by another test would add to the choice
    tree.setCurrentItem(group.child(1000))
    assert tree.chosen() == []


def test_a_folded_project_stays_folded(qtbot: QtBot) -> None:
    tree = ItemTree([("Veld", 100), ("Mijn versie", 0)], lambda entry: (entry.what, entry.mine))
    qtbot.addWidget(tree)
    tree.show_entries([entry(n) for n in range(3)])
    group = tree.topLevelItem(0)
    assert group is not None
    assert group.isExpanded()
    group.setExpanded(False)
    tree.show_entries([entry(n) for n in range(2)])
    group = tree.topLevelItem(0)
    assert group is not None
    assert not group.isExpanded()


def entry(number: int) -> Entry:
    item = Item(f"act/{number}", "conflict", "project", f"e{number}", "p", "name", "a", "b", "c", "Noor", "", 1, "", "",
                "", "", "", "")  # fmt: skip
    return Entry(item, None, "De Hoek", "Projectnaam", "b", "c", "a", "Noor", "", "", "")
