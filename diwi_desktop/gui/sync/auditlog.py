"""Who did what with rights and data of the register: the audit log of the server, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHeaderView, QTreeWidgetItem, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.language import QT_TRANSLATE_NOOP, translate
from diwi_desktop.gui.sync.serverlist import ServerList

if TYPE_CHECKING:
    from diwi_desktop.sync.account import Account

_CONTEXT = "AuditDialog"
_ACTIONS = {
    "sign-in": QT_TRANSLATE_NOOP("AuditDialog", "aanmelden"),
    "sign-out": QT_TRANSLATE_NOOP("AuditDialog", "afmelden"),
    "refresh-reuse": QT_TRANSLATE_NOOP("AuditDialog", "oude aanmelding opnieuw gebruikt"),
    "activate": QT_TRANSLATE_NOOP("AuditDialog", "uitnodiging gebruiken"),
    "credentials-change": QT_TRANSLATE_NOOP("AuditDialog", "wachtwoord of code wijzigen"),
    "device-ended": QT_TRANSLATE_NOOP("AuditDialog", "computer afmelden"),
    "invite": QT_TRANSLATE_NOOP("AuditDialog", "uitnodigen"),
    "sign-in-reset": QT_TRANSLATE_NOOP("AuditDialog", "toegang herstellen"),
    "lock": QT_TRANSLATE_NOOP("AuditDialog", "blokkeren"),
    "unlock": QT_TRANSLATE_NOOP("AuditDialog", "blokkade opheffen"),
    "handover": QT_TRANSLATE_NOOP("AuditDialog", "eigendom overdragen"),
    "rights-change": QT_TRANSLATE_NOOP("AuditDialog", "rechten wijzigen"),
    "push": QT_TRANSLATE_NOOP("AuditDialog", "wijzigingen sturen"),
    "pull": QT_TRANSLATE_NOOP("AuditDialog", "wijzigingen ophalen"),
    "snapshot": QT_TRANSLATE_NOOP("AuditDialog", "register ophalen"),
    "export": QT_TRANSLATE_NOOP("AuditDialog", "gegevens ophalen"),
    "document-download": QT_TRANSLATE_NOOP("AuditDialog", "document ophalen"),
    "audit-read": QT_TRANSLATE_NOOP("AuditDialog", "auditlog lezen"),
    "denied": QT_TRANSLATE_NOOP("AuditDialog", "geweigerd verzoek"),
    "maintenance": QT_TRANSLATE_NOOP("AuditDialog", "onderhoud van de server"),
}
_RESULTS = {
    "done": QT_TRANSLATE_NOOP("AuditDialog", "gedaan"),
    "failed": QT_TRANSLATE_NOOP("AuditDialog", "mislukt"),
    "denied": QT_TRANSLATE_NOOP("AuditDialog", "geweigerd"),
}


class AuditDialog(ServerList):
    """A page at a time, as the server keeps it; reading it is a line in it too."""

    def __init__(self, account: Account, register: str, parent: QWidget | None = None) -> None:
        heads = (
            (self.tr("Wanneer"), 34), (self.tr("Wie"), 46), (self.tr("Wat"), 44), (self.tr("Waarop"), 52),
            (self.tr("Uitkomst"), 22), (self.tr("Vanaf"), 28),
        )  # fmt: skip
        super().__init__(
            self.tr("Auditlog"),
            self.tr(
                "Wat er met rechten en gegevens gebeurde, de nieuwste regel eerst; lezen is ook een regel."
                " Aanmeldingen leest de beheerder van de server."
            ),
            [head for head, _ in heads],
            self.tr("Oudere regels"),
            parent,
        )
        self._account, self._register = account, register
        self._next: int | None = None
        self.resize(theme.space(230), theme.space(130))
        for column, (_, width) in enumerate(heads):
            self.list.header().resizeSection(column, theme.space(width))
        self.list.header().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        self.list.header().setStretchLastSection(False)
        self.list.setUniformRowHeights(True)
        self.older = self.button
        self.older.clicked.connect(self._read)
        self._read()

    def _read(self) -> None:
        account, register, before = self._account, self._register, self._next
        self.older.setEnabled(False)
        self.ask(lambda: account.audit_entries(register, before), self._add)

    def _add(self, page: dict[str, Any]) -> None:
        from diwi_desktop.sync.status import moment

        for one in page["entries"]:
            line = QTreeWidgetItem(
                [
                    moment(one["at"]),
                    one["actor"],
                    translate(_CONTEXT, _ACTIONS.get(one["action"], one["action"])),
                    one["object"] if one["count"] is None else f"{one['object']} ({one['count']})".strip(),
                    translate(_CONTEXT, _RESULTS.get(one["result"], one["result"])),
                    one["origin"],
                ]
            )
            for column in range(self.list.columnCount()):
                line.setToolTip(column, line.text(column))
            self.list.addTopLevelItem(line)
        self._next = page["next"]
        self.older.setEnabled(self._next is not None)

    def failed(self, error: Exception) -> None:
        super().failed(error)
        self.older.setEnabled(self._next is not None)
