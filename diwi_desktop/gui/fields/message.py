"""One sentence at a field: what is wrong, why, and how to mend it."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.words import rule_words, sentence, source_of
from diwi_desktop.gui.links import LinkLabel
from diwi_desktop.model.finding import Finding, Severity

_LOOKS = {
    Severity.REFUSAL: ("close-circle-outline", "bad"),
    Severity.ERROR: ("alert-circle-outline", "bad"),
    Severity.WARNING: ("alert-outline", "warn"),
}
FixLabel = Callable[[Finding], str]


class MessageLine(QWidget):
    """A finding in one sentence, with "waarom?" (rule and source, opened in place) and a fix where there is one."""

    fix_wanted = Signal(object)  # Finding

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding: Finding | None = None
        self._icon = QLabel(self)
        self._icon.setFixedSize(16, 16)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text = LinkLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.linkActivated.connect(self._link)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.why = QLabel(self)
        self.why.setWordWrap(True)
        self.why.setProperty("role", "small")
        self.why.hide()
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addWidget(self.text)
        words.addWidget(self.why)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(4)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.hide()

    def show_findings(self, findings: Sequence[Finding], fix_label: FixLabel | None = None) -> None:
        """Show the worst finding; the others are counted. None hides the line."""
        order = list(Severity)
        ranked = sorted(findings, key=lambda f: order.index(f.severity))
        finding = ranked[0] if ranked else None
        self.setVisible(finding is not None)
        if finding is None:
            self._finding = None
            return
        if finding is not self._finding:
            self.why.hide()
        self._finding = finding
        icon, token = _LOOKS[finding.severity]
        self._icon.setPixmap(theme.icon(icon, token).pixmap(14, 14))
        colour, link = theme.tokens()[token], theme.tokens()["accent"]
        parts = [f'<span style="color:{colour}">{html.escape(sentence(finding))}</span>']
        if len(ranked) > 1:
            more = self.tr("en nog %1").replace("%1", str(len(ranked) - 1))
            parts.append(f'<span style="color:{colour}">({more})</span>')
        if finding.code and (finding.source or finding.severity is not Severity.REFUSAL):
            why = self.tr("waarom?")
            parts.append(f'<a href="why" style="color:{link}">{why}</a>')
        if fix_label is not None and (label := fix_label(finding)):
            parts.append(f'<a href="fix" style="color:{link}">{html.escape(label)}</a>')
        self.text.setText(" ".join(parts))
        self.text.setAccessibleName(sentence(finding))

    @property
    def finding(self) -> Finding | None:
        """What is shown now."""
        return self._finding

    def _link(self, target: str) -> None:
        if self._finding is None:
            return
        if target == "fix":
            self.fix_wanted.emit(self._finding)
        else:
            self._toggle_why(self._finding)

    def _toggle_why(self, finding: Finding) -> None:
        """The rule in words, where it comes from, and its code, by which a colleague can look it up."""
        text = rule_words(finding)
        if finding.source:
            text += " " + self.tr("Bron: %1.").replace("%1", source_of(finding).rstrip("."))
        text = f"{text} " + self.tr("(Regel %1)").replace("%1", finding.code)
        self.why.setText(text.strip())
        self.why.setVisible(self.why.isHidden())
