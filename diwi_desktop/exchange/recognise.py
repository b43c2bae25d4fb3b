"""Which project of the register is it? So that a second import does not make everything twice."""

from __future__ import annotations

from dataclasses import dataclass, field

from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.messages import Report
from diwi_desktop.exchange.register import key_of
from diwi_desktop.store import Store

EXCEL_ACT = "Excel ingelezen"


@dataclass(slots=True)
class Known:
    """The projects of a store, to be found by id and by the number they had in the file they came from.

    The number of an Excel row identifies a project on its own (`by_number`), also after it was renamed, but only among
    projects that came from Excel: every file starts counting at 1. A GeoJSON number needs the same name with it.
    """

    store: Store
    by_number: bool
    names: dict[str, str] = field(default_factory=dict)  # project id -> name
    numbers: dict[str, list[str]] = field(default_factory=dict)  # number in its file -> project ids
    given: set[str] = field(default_factory=set)  # ids that new projects and blocks of this import have by now

    @classmethod
    def of(cls, store: Store, *, by_number: bool) -> Known:
        """The projects of the store as it is now."""
        known = cls(store, by_number)
        rows = store.read().execute("SELECT id, name, source_id FROM project WHERE deleted_at IS NULL ORDER BY id")
        for project, name, source_id in rows:
            known.names[project] = name
            if source_id:
                known.numbers.setdefault(source_id, []).append(project)
        return known

    def find(self, draft: Draft, report: Report) -> str | None:
        """The id of the project that a draft is about; None for a new one. Warns when the names differ."""
        if draft.diwi_id and draft.diwi_id in self.names:
            return draft.diwi_id
        found = None
        for number in (draft.source_id, draft.diwi_id):
            if number and number in self.numbers:
                found = self._same(number, draft, report)
                if found is not None:
                    break
        if found is None and self.by_number and draft.source_id in self.names:
            return draft.source_id  # an Excel export of DIWI has the project's id for a number
        return found

    def _same(self, number: str, draft: Draft, report: Report) -> str | None:
        candidates = self.numbers[number]
        for project in candidates:
            if number == draft.diwi_id or key_of(self.names[project]) == key_of(draft.name):
                return project
        if self.by_number:
            for project in candidates:
                if self._from_excel(project):
                    report.add(
                        "recognised_by_number",
                        row=draft.row,
                        column=draft.where("name"),
                        value=number,
                        project=draft.name,
                        name=self.names[project],
                    )
                    return project
        return None

    def _from_excel(self, project: str) -> bool:
        """Whether the project was made by an import of Excel."""
        row = (
            self.store.read()
            .execute(
                "SELECT act.name FROM change JOIN act ON act.seq = change.act_seq"
                " WHERE change.kind = 'project' AND change.entity = ? ORDER BY change.act_seq LIMIT 1",
                (project,),
            )
            .fetchone()
        )
        return row is not None and str(row[0]).startswith(EXCEL_ACT)

    def keep_ids(self, draft: Draft) -> str:
        """The id a file gives to a new project, so that it is recognised next time; empty when there is none.

        Its blocks get theirs too. Where a deleted project or block, or one before it in the file, has the id already, a
        new one is made, and that of the project is kept as its number in the source file.
        """
        for block in draft.blocks:
            if block.diwi_id and not self._taken("houseblock", block.diwi_id):
                block.block.id = block.diwi_id
                self.given.add(block.diwi_id)
        if not draft.diwi_id:
            return ""
        if not self._taken("project", draft.diwi_id):
            self.given.add(draft.diwi_id)
            return draft.diwi_id
        draft.source_id = draft.source_id or draft.diwi_id
        return ""

    def _taken(self, kind: str, id: str) -> bool:
        """Whether a project or block has this id, deleted ones and those of this import too."""
        if id in self.given:
            return True
        sql = {
            "project": "SELECT 1 FROM project WHERE id = ?",
            "houseblock": "SELECT 1 FROM houseblock WHERE id = ?",
        }[kind]
        return self.store.read_whole().execute(sql, (id,)).fetchone() is not None
