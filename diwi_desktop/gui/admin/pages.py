"""The pages of the register's own lists."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QListWidget, QListWidgetItem, QTabBar, QVBoxLayout, QWidget

from diwi_desktop.gui.admin.unique import class_findings, taken
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.form import Card, FieldForm
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.gui.fields.tablemodel import NEW, Column, EntityModel, Row
from diwi_desktop.gui.fields.words import code_label
from diwi_desktop.gui.language import translate
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codes import OptionList, OwnFieldType
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.rights import Right
from diwi_desktop.store import queries

# The lists a municipality fills itself; price classes have a page of their own.
LISTS = (
    OptionList.DISTRICT,
    OptionList.NEIGHBOURHOOD,
    OptionList.MUNICIPALITY,
    OptionList.MUNICIPALITY_ROLE,
    OptionList.TARGET_GROUP,
    OptionList.APPEARANCE,
    OptionList.PRIORITY,
)
RANKED = frozenset({OptionList.PRIORITY.value})
_BESIDE = 840  # pixels of width from which on two tables of price classes have room for names and bounds


class Page(QWidget):
    """A page of the panel: a title, a sentence about what it is for, and its contents."""

    right = Right.EDIT_LISTS  # what changing it takes

    def __init__(self, text: str, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editing = editing
        heading, self.explanation = QLabel(self.title()), QLabel(text)
        heading.setProperty("role", "title")
        self.explanation.setProperty("role", "muted")
        self.explanation.setWordWrap(True)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(16, 12, 16, 8)
        self.box.setSpacing(8)
        self.box.addWidget(heading)
        self.box.addWidget(self.explanation)
        refusal = editing.state.lacks(self.right)
        if refusal:
            self.refusal = QLabel(refusal)
            self.refusal.setWordWrap(True)
            self.refusal.setProperty("role", "warn")
            self.box.addWidget(self.refusal)
        self._allowed = not refusal

    @staticmethod
    def title() -> str:
        """What the page is called, also before it is made."""
        raise NotImplementedError

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed on this page: another day, or a role that may not."""
        return self.editing.read_only or not self._allowed

    def refresh(self) -> None:
        """Read the store again."""
        raise NotImplementedError

    @property
    def store(self) -> Any:
        return self.editing.state.store

    @property
    def moment(self) -> Any:
        return self.editing.state.moment


class OptionTable(EntityTable):
    """The options of one list. They are switched off rather than deleted: plans may still have them."""

    def __init__(
        self, editing: Editing, parent: QWidget | None = None, *, ranked: bool = False, fit: bool = False
    ) -> None:
        columns = [Column("name"), Column("disabled", width=108, check=True)]
        if ranked:
            columns.insert(0, Column("level", width=64))
        super().__init__("option", columns, editing, parent, fit=fit)
        self.setObjectName("OptionTable")
        self.add_button.setText(self.tr("Keuze toevoegen"))
        self.delete_button.setToolTip(
            self.tr("Zet de gekozen keuze uit of weer aan (Delete); oude waarden blijven staan")
        )
        self.delete_button.setText(self.tr("Uitzetten"))
        self.list = ""
        self.model.defaults = lambda: {"list": self.list, "level": self._next_level() if ranked else None}
        self.model.refuse = self._refuse

    def show_list(self, name: str, read_only: bool) -> None:
        """Show the options of a list, those in use first."""
        self.list = name
        editing = self.model.editing
        rows = [
            {"id": o.id, "list": o.list, "name": o.name, "level": o.level, "disabled": o.disabled,
             "bounds": list(o.bounds) if o.bounds else None}
            for o in editing.options().values()
            if o.list == name
        ]  # fmt: skip
        rows.sort(key=lambda r: (bool(r["disabled"]), r["level"] or 0, str(r["name"]).casefold()))
        self.load(name, rows, {}, read_only)

    def delete(self) -> None:
        """Switch the chosen option off, or on again."""
        index = self.grid.currentIndex()
        if not index.isValid() or self.model.read_only:
            return
        row = self.model.rows[index.row()]
        if row["id"] == NEW:
            self.model.remove([index.row()])
            return
        off = not row.get("disabled")
        name = f"Keuze '{row['name']}' {'uitzetten' if off else 'aanzetten'}"
        self.model.editing.apply(name, lambda act: act.set("option", row["id"], "disabled", off))

    def _buttons(self) -> None:
        super()._buttons()
        index = self.grid.currentIndex()
        off = index.isValid() and bool(self.model.rows[index.row()].get("disabled"))
        self.delete_button.setText(self.tr("Aanzetten") if off else self.tr("Uitzetten"))

    def _next_level(self) -> int:
        return max((row.get("level") or 0 for row in self.model.rows), default=0) + 1

    def _refuse(self, row: Row, key: str, value: Any) -> Finding | None:
        if key != "name":
            return None
        return taken("option", "name", row, value, self.model.rows, ("keuze", "choice"))


class ListsPage(Page):
    """The lists of choices: districts, roles, target groups ..."""

    @staticmethod
    def title() -> str:
        return translate("Admin", "Lijsten")

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(
            translate(
                "Admin", "Keuzes in de formulieren en in Excel. Een uitgezette keuze blijft bij oude plannen staan."
            ),
            editing,
            parent,
        )
        self.chooser = QListWidget()
        self.chooser.setFixedWidth(174)
        self.chooser.setAccessibleName(translate("Admin", "Lijst"))
        for name in LISTS:
            item = QListWidgetItem(code_label("option_list", name.value))
            item.setData(Qt.ItemDataRole.UserRole, name.value)
            self.chooser.addItem(item)
        self.plain, self.ranked = OptionTable(editing, self), OptionTable(editing, self, ranked=True)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.addWidget(self.chooser, 0, 0)
        grid.addWidget(self.plain, 0, 1)
        grid.addWidget(self.ranked, 0, 1)
        grid.setColumnStretch(1, 1)
        self.box.addLayout(grid, 1)
        self.ranked.hide()
        self.chooser.setCurrentRow(0)
        self.chooser.currentRowChanged.connect(lambda _row: self.refresh())

    @property
    def table(self) -> OptionTable:
        """The table that is shown."""
        return self.ranked if self.current() in RANKED else self.plain

    def current(self) -> str:
        """The list that is shown."""
        return str(self.chooser.currentItem().data(Qt.ItemDataRole.UserRole))

    def refresh(self) -> None:
        ranked = self.current() in RANKED
        self.ranked.setVisible(ranked)
        self.plain.setVisible(not ranked)
        self.table.show_list(self.current(), self.read_only)
        for place in range(self.chooser.count()):
            item = self.chooser.item(place)
            name = item.data(Qt.ItemDataRole.UserRole)
            number = sum(o.list == name and not o.disabled for o in self.editing.options().values())
            item.setText(f"{code_label('option_list', name)} ({number})")


class PriceModel(EntityModel):
    """Price classes with their bounds as two columns; `min` and `max` are amounts of their own on the screen."""

    def described(self, key: str) -> Field:
        if key == "min":
            return Field("option", key, FieldType.RANGE_MONEY, "Vanaf", "From", mandatory=True)
        if key == "max":
            return Field("option", key, FieldType.RANGE_MONEY, "Tot en met", "Up to")
        return super().described(key)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and index.isValid():
            row = self.rows[index.row()]
            key = self.columns[index.column()].key(row)
            if key == "max" and row.get("max") is None and row["id"] != NEW and (row["id"], key) not in self.drafts:
                return translate("Admin", "en meer")
        return super().data(index, role)

    @staticmethod
    def bounds(row: Row, key: str, value: Any) -> list[int | None]:
        """The bounds in cents once `min` or `max` has a new value."""
        low = value if key == "min" else row.get("min")
        high = value if key == "max" else row.get("max")
        return [low[0] if low else 0, high[0] if high else None]

    def store_value(self, row: Row, field: Field, value: Any) -> list[Finding]:
        if field.key not in ("min", "max"):
            return super().store_value(row, field, value)
        bounds = self.bounds(row, field.key, value)
        name = f"Grenzen van '{row['name']}' wijzigen"
        found = self.editing.apply(name, lambda act: act.set("option", row["id"], "bounds", bounds))
        if not found:
            row.update({field.key: value, "bounds": bounds})
        return found


class PricePage(Page):
    """Price classes of purchase and rent."""

    @staticmethod
    def title() -> str:
        return translate("Admin", "Prijscategorieën")

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(
            translate(
                "Admin",
                "Klassen met grenzen in euro's. Zonder bovengrens is het 'en meer'. Elke prijs hoort bij één klasse.",
            ),
            editing,
            parent,
        )
        self.buy = self._table(OptionList.PRICE_BUY)
        self.rent = self._table(OptionList.PRICE_RENT)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(translate("Admin", "Koop of huur"))
        self._headings: list[QLabel] = []
        self.box.addWidget(self.tabs)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        for column, (table, title) in enumerate(
            ((self.buy, translate("Admin", "Koop")), (self.rent, translate("Admin", "Huur per maand")))
        ):
            heading = QLabel(title)
            heading.setProperty("role", "heading")
            grid.addWidget(heading, 0, column)
            grid.addWidget(table, 1, column)
            self._headings.append(heading)
            self.tabs.addTab(title)
        grid.setRowStretch(1, 1)
        self.box.addLayout(grid, 1)
        self.tabs.currentChanged.connect(lambda _place: self._arrange())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Both tables beside each other, or in a narrow panel one at a time: half of it holds no name and bounds."""
        narrow = self.width() < _BESIDE
        self.tabs.setVisible(narrow)
        for place, (heading, table) in enumerate(zip(self._headings, (self.buy, self.rent), strict=True)):
            heading.setVisible(not narrow)
            table.setVisible(not narrow or place == self.tabs.currentIndex())

    def _table(self, name: OptionList) -> EntityTable:
        columns = (
            Column("name"),
            Column("min", translate("Admin", "Vanaf (€)"), 96),
            Column("max", translate("Admin", "Tot en met (€)"), 104),
            Column("disabled", width=108, check=True),
        )
        model = PriceModel("option", columns, self.editing)
        table = EntityTable("option", columns, self.editing, self, fit=False, model=model, can_delete=False)
        model.setParent(table)
        table.setObjectName(name.value)
        table.add_button.setText(translate("Admin", "Klasse toevoegen"))
        table.delete_button.hide()
        model.along = lambda row, key, value: {"bounds": model.bounds(row, key, value)} if key in ("min", "max") else {}
        model.needs = ("bounds",)
        model.defaults = lambda: self._new_class(model, name.value)
        model.refuse = lambda row, key, value: self._refuse(model, row, key, value)
        return table

    @staticmethod
    def _new_class(model: PriceModel, name: str) -> Row:
        """A new class starts a cent above the highest bound there is."""
        tops = [row["max"][0] for row in model.rows if row.get("max")]
        if not tops:
            return {"list": name}
        low = max(tops) + 1
        return {"list": name, "min": [low, low], "bounds": [low, None]}

    @staticmethod
    def _refuse(model: PriceModel, row: Row, key: str, value: Any) -> Finding | None:
        if key == "name":
            return taken("option", "name", row, value, model.rows, ("prijscategorie", "price class"))
        low = value if key == "min" else row.get("min")
        high = value if key == "max" else row.get("max")
        if low and high and high[0] < low[0]:
            nl, en = "De bovengrens ligt onder de ondergrens.", "The upper bound lies below the lower."
            return Finding("range_order", Severity.REFUSAL, nl, en, "option", row["id"], key, value)
        return None

    def focus_class(self, option: str) -> bool:
        """Go to the lower bound of a price class; False when there is no such class."""
        for place, table in enumerate((self.buy, self.rent)):
            if any(row["id"] == option for row in table.model.rows):
                self.tabs.setCurrentIndex(place)
                return table.focus(option, "min")
        return False

    def refresh(self) -> None:
        options = self.editing.options().values()
        for table, name in ((self.buy, OptionList.PRICE_BUY), (self.rent, OptionList.PRICE_RENT)):
            classes = [o for o in options if o.list == name]
            classes.sort(key=lambda o: (o.disabled, o.bounds.low if o.bounds else 0, o.name.casefold()))
            rows = [
                {"id": o.id, "list": o.list, "name": o.name, "disabled": o.disabled,
                 "bounds": list(o.bounds) if o.bounds else None,
                 "min": [o.bounds.low] * 2 if o.bounds else None,
                 "max": [o.bounds.high] * 2 if o.bounds and o.bounds.high is not None else None}
                for o in classes
            ]  # fmt: skip
            findings: dict[tuple[str, str], list[Finding]] = {}
            for finding in class_findings(classes):
                findings.setdefault((finding.entity, finding.field), []).append(finding)
            table.load(name.value, rows, findings, self.read_only)


class MunicipalityPage(Page):
    """The facts of the municipality whose register this is."""

    right = Right.EDIT_CONFIG

    @staticmethod
    def title() -> str:
        return translate("Admin", "Gemeente")

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Admin", "De gegevens die in aanleveringen en projectcodes staan."),
            editing,
            parent,
        )
        self.form = FieldForm(
            "municipality", editing, self, margins=QMargins(0, 0, 0, 0), label_width=170, framed=False
        )
        self.form.setMaximumWidth(560)
        self.box.addWidget(self.form)
        self.box.addStretch(1)

    def refresh(self) -> None:
        row = queries.entities(self.store, "municipality", moment=self.moment)[0]
        self.form.load(row["id"], row, {}, self.read_only)


class OwnFieldsPage(Page):
    """The municipality's own fields and, under it, what belongs to the chosen one."""

    @staticmethod
    def title() -> str:
        return translate("Admin", "Eigen velden")

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(
            translate(
                "Admin",
                "Velden die de gemeente zelf toevoegt aan projecten en woningblokken. De soort ligt daarna vast.",
            ),
            editing,
            parent,
        )
        columns = (
            Column("name", width=220),
            Column("object", width=104),
            Column("type", width=180),
            Column("mandatory", width=92, check=True),
            Column("disabled", width=108, check=True),
            Column("help"),
        )
        self.table = EntityTable("own_field", columns, editing, self, fit=False, can_delete=False)
        self.table.model.refuse = self._refuse
        self.table.row_chosen.connect(lambda _id: self._show_detail())
        self.box.addWidget(self.table, 3)
        self.detail = Card("", self)
        self.options = OptionTable(editing, self.detail)
        self.ranked = OptionTable(editing, self.detail, ranked=True)
        self.limits = {
            OwnFieldType.NUMERIC: self._limits("minimum", "maximum"),
            OwnFieldType.TEXT: self._limits("pattern"),
            OwnFieldType.CATEGORY: self._limits("single"),
        }
        for widget in (*self.limits.values(), self.options, self.ranked):
            self.detail.box.addWidget(widget)
        self.detail.box.addStretch(1)
        self.box.addWidget(self.detail, 2)

    def _limits(self, *keys: str) -> FieldForm:
        every = self.editing.catalogue.kind("own_field").fields
        skip = {field.key for field in every} - set(keys)
        none = QMargins(0, 0, 0, 0)
        return FieldForm("own_field", self.editing, self.detail, margins=none, skip=skip, label_width=120, framed=False)

    def refresh(self) -> None:
        rows = queries.entities(self.store, "own_field", moment=self.moment)
        rows.sort(key=lambda r: (bool(r["disabled"]), r["object"], str(r["name"]).casefold()))
        self.table.load("own_fields", rows, {}, self.read_only)
        if rows and not self.table.grid.currentIndex().isValid():
            self.table.choose(rows[0]["id"])
        self._show_detail()

    def _show_detail(self) -> None:
        index = self.table.grid.currentIndex()
        row = self.table.model.rows[index.row()] if index.isValid() else None
        kind = OwnFieldType(row["type"]) if row is not None and row["id"] != NEW else None
        self.detail.setVisible(kind not in (None, OwnFieldType.BOOLEAN))
        for which, form in self.limits.items():
            form.setVisible(which is kind)
        self.options.setVisible(kind is OwnFieldType.CATEGORY)
        self.ranked.setVisible(kind is OwnFieldType.ORDINAL)
        if row is None or kind is None:
            return
        choices = kind in (OwnFieldType.CATEGORY, OwnFieldType.ORDINAL)
        title = translate("Admin", "Keuzes van '%1'") if choices else translate("Admin", "Grenzen van '%1'")
        self.detail.heading.setText(title.replace("%1", str(row["name"])))
        if kind in self.limits:
            self.limits[kind].load(row["id"], row, {}, self.read_only)
        if choices:
            table = self.options if kind is OwnFieldType.CATEGORY else self.ranked
            table.show_list(row["id"], self.read_only)

    def _refuse(self, row: Row, key: str, value: Any) -> Finding | None:
        if key != "name":
            return None
        found = taken("own_field", "name", row, value, self.table.model.rows, ("eigen veld", "field"))
        if found is not None:
            return found
        shipped = [
            {"id": f.key, "name": name}
            for kind in ("project", "houseblock")
            for f in self.editing.catalogue.kind(kind).fields
            if not f.own
            for name in (f.nl, f.en)
        ]
        return taken("own_field", "name", row, value, shipped, ("vast veld", "fixed field"))
