"""What a version has that the start had not is marked, and nothing else; many items are shown in part."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QStyleOptionViewItem
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


def test_what_is_in_sight_stays_where_it_is(qtbot: QtBot) -> None:
    tree = ItemTree([("Veld", 0), ("Mijn versie", 0.2)], lambda entry: (entry.what, entry.mine))
    qtbot.addWidget(tree)
    tree.resize(400, 240)
    tree.show()
    entries = [entry(n) for n in range(60)]
    tree.show_entries(entries)
    tree.setFocus()
    group = tree.topLevelItem(0)
    assert group is not None
    tree.scrollToItem(group.child(30), ItemTree.ScrollHint.PositionAtTop)
    chosen = group.child(34)
    place = tree.visualItemRect(chosen).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settled = tree.current()
    assert settled is entries[34]
    tree.show_entries([one for one in entries if one is not settled])
    assert tree.current() is entries[35], "the next takes its place"
    line = tree.currentItem()
    assert line is not None
    assert tree.visualItemRect(line).contains(place), "and stands where it stood"


def test_the_field_has_the_room_and_is_known_by_how_it_begins(qtbot: QtBot) -> None:
    columns = [("Veld", 0), ("Mijn versie", 0.18), ("Hun versie", 0.18), ("Zoals het was", 0.16)]
    tree = ItemTree(columns, lambda entry: (entry.what, entry.mine, entry.theirs, entry.base))
    tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(tree)
    tree.resize(700, 240)
    tree.show()
    tree.show_entries([replace(entry(1), what="Perceel 'DMO00 D 2178' verwijderen")])
    widths = [tree.columnWidth(n) for n in range(4)]
    assert widths[0] > 2 * max(widths[1:])
    line = tree.topLevelItem(0).child(0)
    assert line.toolTip(0) == "Perceel 'DMO00 D 2178' verwijderen"
    option = QStyleOptionViewItem()
    option.textElideMode = Qt.TextElideMode.ElideMiddle
    tree.itemDelegateForColumn(0).initStyleOption(option, tree.indexFromItem(line, 0))
    assert option.textElideMode is Qt.TextElideMode.ElideRight


def test_no_title_is_cut_off_in_a_narrow_panel(qtbot: QtBot) -> None:
    columns = [("Veld", 0), ("Mijn versie", 0.16), ("Hun versie", 0.16), ("Zoals het was", 0.14)]
    tree = ItemTree(columns, lambda entry: (entry.what, entry.mine, entry.theirs, entry.base))
    qtbot.addWidget(tree)
    tree.resize(600, 240)
    tree.show()
    header = tree.header()
    assert all(header.sectionSize(n) >= header.sectionSizeHint(n) for n in range(4))
    assert header.sectionSize(3) > 0.14 * 600


def test_a_project_is_known_by_more_than_its_name(qtbot: QtBot) -> None:
    """Two plans may have one name, and a conflict that is settled may be the one about the name."""
    tree = ItemTree([("Veld", 0)], lambda entry: (entry.what,))
    qtbot.addWidget(tree)
    one, other = entry(1), entry(2)
    other = replace(other, item=replace(other.item, project="q"))
    tree.show_entries([one, other, entry(3)])
    assert [tree.topLevelItem(n).text(0) for n in range(tree.topLevelItemCount())] == ["De Hoek  (2)", "De Hoek  (1)"]
    tree.topLevelItem(0).setExpanded(False)
    tree.clearSelection()
    tree.topLevelItem(1).setSelected(True)
    assert tree.chosen() == [other]
    tree.show_entries([replace(one, project="De Bocht"), other])
    assert tree.topLevelItem(0).text(0) == "De Bocht  (1)"
    assert not tree.topLevelItem(0).isExpanded()
    assert tree.topLevelItem(1).isExpanded()


def test_a_new_reading_chooses_nothing_that_the_user_did_not_choose(qtbot: QtBot) -> None:
    """A key settles all that is chosen: with the cursor on a project the first line of another came along."""
    tree = ItemTree([("Veld", 0)], lambda entry: (entry.what,))
    qtbot.addWidget(tree)
    one, other, newer = entry(1), of_q(2), of_q(3)
    tree.show_entries([one, other])
    tree.setCurrentItem(tree.topLevelItem(1))
    assert tree.chosen() == [other]
    tree.show_entries([newer, one, other])
    assert tree.chosen() == [other], "nor what came in the project since"
    assert tree.currentItem() is tree.topLevelItem(0), "the cursor stays on its project"
    line = tree.topLevelItem(1).child(0)
    tree.setCurrentItem(line, 0, QItemSelectionModel.SelectionFlag.NoUpdate)  # as Ctrl and an arrow key move it
    tree.show_entries([one, other])
    assert tree.current() is one
    assert tree.chosen() == [other]


def test_a_project_stays_chosen_with_more_than_has_a_line(qtbot: QtBot) -> None:
    tree = ItemTree([("Veld", 0)], lambda entry: (entry.what,))
    qtbot.addWidget(tree)
    many = [entry(n) for n in range(1200)]
    tree.show_entries(many)
    tree.setCurrentItem(tree.topLevelItem(0))
    tree.show_entries(many[1:])
    assert {one.item.id for one in tree.chosen()} == {one.item.id for one in many[1:]}


def of_q(number: int) -> Entry:
    made = entry(number)
    return replace(made, project="De Bocht", item=replace(made.item, project="q"))


def entry(number: int) -> Entry:
    item = Item(f"act/{number}", "conflict", "project", f"e{number}", "p", "name", "a", "b", "c", "Noor", "", 1, "", "",
                "", "", "", "")  # fmt: skip
    return Entry(item, None, "De Hoek", "Projectnaam", "b", "c", "a", "Noor", "", "", "")
