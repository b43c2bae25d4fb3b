"""The submission wizard: choose, map, check, look, write.

It stays open beside the window; every fault that is mended there or here disappears from its list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.exchange.provinces import ExportRefused, ExportResult
from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.wizards.export_back import BackBar
from diwi_desktop.gui.wizards.export_choose import ChoosePage
from diwi_desktop.gui.wizards.export_findings import FindingsPage
from diwi_desktop.gui.wizards.export_mapping import MappingPage
from diwi_desktop.gui.wizards.export_preview import PreviewPage
from diwi_desktop.gui.wizards.export_session import Session
from diwi_desktop.gui.wizards.export_write import WritePage
from diwi_desktop.gui.wizards.forms import child, counted, load, set_role
from diwi_desktop.model.finding import Finding, UserError

if TYPE_CHECKING:
    from diwi_desktop.gui.state import AppState

_FRAME = 48  # pixels to leave for the frame and the title bar of the window manager, and some air
CHOOSE, MAP, CHECK, LOOK, WRITE = range(5)
_ICONS = ("checkbox-multiple-marked-outline", "swap-horizontal", "clipboard-check-outline", "table-eye", "send-outline")


class ExportWizard(QDialog):
    """Delivering to a province in five steps. Not modal; `finished` comes when it is closed.

    Alt+Left and Alt+Right go a step back and on; every step can be chosen in the list on the left.
    """

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setObjectName("ExportWizard")
        self.setWindowTitle(self.tr("Aanleveren aan de provincie"))
        self.setWindowIcon(theme.icon("send-outline"))
        self._state = state
        self.session = Session(state, self)
        self._writing: jobs.Job | None = None
        self._bar: BackBar | None = None  # over the window while this is out of the way
        form = load("export", self)
        self.steps = child(form, QListWidget, "steps")
        self.heading = child(form, QLabel, "heading")
        self.hint = child(form, QLabel, "hint")
        self.pages = child(form, QStackedWidget, "pages")
        self.progress = child(form, QProgressBar, "progress")
        self.stop = child(form, QPushButton, "stop")
        self.message = child(form, QLabel, "message")
        self.back = child(form, QPushButton, "back")
        self.forward = child(form, QPushButton, "forward")
        self.leave = child(form, QPushButton, "leave")
        # A page is made when its step is first shown, or soon after the wizard is: together they keep it waiting.
        self._made: dict[int, QWidget] = {}
        self._build()
        self._connect()
        self.go(CHOOSE)
        QTimer.singleShot(0, self, self._make_next)

    @property
    def choosing(self) -> ChoosePage:
        return cast("ChoosePage", self._page(CHOOSE))

    @property
    def mapping(self) -> MappingPage:
        return cast("MappingPage", self._page(MAP))

    @property
    def findings(self) -> FindingsPage:
        return cast("FindingsPage", self._page(CHECK))

    @property
    def preview(self) -> PreviewPage:
        return cast("PreviewPage", self._page(LOOK))

    @property
    def writing(self) -> WritePage:
        return cast("WritePage", self._page(WRITE))

    def _page(self, step: int) -> QWidget:
        if step not in self._made:
            self._made[step] = self._make(step)
            self._places[step].addWidget(self._made[step])
        return self._made[step]

    def _make(self, step: int) -> QWidget:
        place = self._places[step].parentWidget()
        if step == CHOOSE:
            choosing = ChoosePage(self.session, place)
            choosing.changed.connect(self._update)
            return choosing
        if step == MAP:
            return MappingPage(self.session, place)
        if step == CHECK:
            findings = FindingsPage(self.session, place)
            findings.changed.connect(self._update)
            findings.mapping_asked.connect(self._to_mapping)
            findings.jump_asked.connect(self._jump)
            made: FindingsPage | PreviewPage | WritePage = findings
        elif step == LOOK:
            made = PreviewPage(self.session, place)
        else:
            made = WritePage(self.session, place)
            made.changed.connect(self._update)
        if self.session.prepared is not None:
            made.refresh()
        return made

    def _make_next(self) -> None:
        waiting = [step for step in range(WRITE + 1) if step not in self._made]
        if waiting:
            self._page(waiting[0])
            QTimer.singleShot(0, self, self._make_next)

    def _build(self) -> None:
        self._places: list[QVBoxLayout] = []
        for _ in range(WRITE + 1):
            place = QWidget(self.pages)
            inside = QVBoxLayout(place)
            inside.setContentsMargins(0, 0, 0, 0)
            self.pages.addWidget(place)
            self._places.append(inside)
        self._texts = (
            (self.tr("Kiezen"), self.tr("Welke projecten gaan mee, en van welke dag zijn de cijfers?")),
            (self.tr("Koppelen"), self.tr("Welk eigen veld en welke eigen keuze hoort bij die van de provincie?")),
            (self.tr("Controleren"), self.tr("Wat de provincie zou weigeren, staat bovenaan. Herstel het hier.")),
            (self.tr("Bekijken"), self.tr("Dit krijgt de provincie te zien.")),
            (self.tr("Aanleveren"), self.tr("Schrijf het bestand; het verslag ervan komt in het register.")),
        )  # fmt: skip
        for number, ((name, tip), icon) in enumerate(zip(self._texts, _ICONS, strict=True), start=1):
            item = QListWidgetItem(theme.icon(icon), f"{number}  {name}")
            item.setToolTip(tip)
            item.setSizeHint(QSize(0, theme.space(9)))
            self.steps.addItem(item)
        self.steps.setFixedWidth(theme.space(40))
        self.progress.setFixedWidth(theme.space(40))
        self.progress.hide()
        self.stop.hide()
        self.back.setIcon(theme.icon("arrow-left"))
        self.forward.setDefault(True)
        room = self.screen().availableGeometry().size() - QSize(_FRAME, 2 * _FRAME)
        self.resize(QSize(1080, 640).boundedTo(room))

    def _connect(self) -> None:
        self.back.clicked.connect(lambda: self.go(self.step - 1))
        self.forward.clicked.connect(self._forward)
        self.leave.clicked.connect(self.reject)
        self.stop.clicked.connect(self._stop)
        self.steps.currentRowChanged.connect(self.go)
        for key, step in ((Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1)):
            shortcut = QShortcut(QKeySequence(Qt.Modifier.ALT | key), self)
            shortcut.activated.connect(lambda step=step: self._step_by(step))
        self.session.mapping_changed.connect(self._update)
        self.session.check_started.connect(self._update)
        self.session.progressed.connect(self._progressed)
        self.session.checked.connect(self._update)
        self.session.failed.connect(self._failed)

    # -- steps ----------------------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """The step in sight."""
        return self.pages.currentIndex()

    def go(self, step: int) -> None:
        """Go to a step; steps after the check wait until there is something to write."""
        step = max(CHOOSE, min(WRITE, step))
        if self._writing is not None:
            step = WRITE
        if self.step == MAP and step != MAP and not self._keep_mapping():
            step = MAP
        if step > CHECK and not self._may_pass(step):
            step = CHECK
        self._page(step)
        self.pages.setCurrentIndex(step)
        self.heading.setText(self._texts[step][0])
        self.hint.setText(self._texts[step][1])
        self.steps.blockSignals(True)
        self.steps.setCurrentRow(step)
        self.steps.blockSignals(False)
        self.session.want_check(step >= CHECK)
        if step == WRITE:
            self.writing.enter()
        self._update()
        if step == CHECK:
            # Not the buttons: with faults the only one that can be pressed is the one that closes.
            self.findings.tree.setFocus(Qt.FocusReason.OtherFocusReason)
        elif step == WRITE:
            self.writing.path.setFocus(Qt.FocusReason.OtherFocusReason)

    def _may_pass(self, step: int) -> bool:
        return self.session.ready or (step == WRITE and WRITE in self._made and self.writing.result is not None)

    def _step_by(self, step: int) -> None:
        if step < 0 or (self.forward.isEnabled() and self.step != WRITE):
            self.go(self.step + step)

    def _keep_mapping(self) -> bool:
        """Store the mapping; False when the store refuses it, which is said."""
        try:
            self.session.save_mapping()
        except UserError as error:
            jobs.show_error(self, error)
            return False
        return True

    def _forward(self) -> None:
        if self.step < WRITE:
            self.go(self.step + 1)
        else:
            self._write()

    def _to_mapping(self, target: str) -> None:
        self.go(MAP)
        self.mapping.select(target)
        self.mapping.source.setFocus(Qt.FocusReason.OtherFocusReason)

    def _jump(self, finding: Finding) -> None:
        """Show the field in the window. This gets out of its way, and a bar over it leads back."""
        window = self.parentWidget()
        if isinstance(window, QMainWindow):
            self._bar = BackBar(window)
            self._bar.back_wanted.connect(self.come_back)
            self._update()
            self.hide()
            window.raise_()
            window.activateWindow()
        if finding.project:
            self._state.select([finding.project])
        self._state.request("jump", finding)

    def come_back(self) -> None:
        """Come forward again, with what the check says by now."""
        if self._bar is not None:
            self._bar.leave()
            self._bar = None
        self.show()
        self.raise_()
        self.activateWindow()
        self.findings.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- the foot -------------------------------------------------------------------------------------------------

    def _update(self) -> None:
        session, step = self.session, self.step
        busy = session.checking or self._writing is not None
        self.progress.setVisible(busy and step >= CHECK)
        self.stop.setVisible(self._writing is not None)
        self.back.setEnabled(step > CHOOSE and self._writing is None)
        if self._bar is not None:
            self._bar.show_words(self.tr("Wordt gecontroleerd…") if session.checking else self.findings.summary.text())
        words, able, ink = self._judge()
        self.message.setText(words)
        set_role(self.message, ink)
        self.forward.setEnabled(able and self._writing is None)
        self.forward.setText(self.tr("Bestand &schrijven") if step == WRITE else self.tr("&Volgende"))
        self.forward.setIcon(theme.icon("send-outline" if step == WRITE else "arrow-right", "on_accent"))
        if not self.forward.isEnabled():
            self.forward.setIcon(theme.icon("send-outline" if step == WRITE else "arrow-right"))
        for place in (LOOK, WRITE):
            item = self.steps.item(place)
            reachable = self._may_pass(place) or step >= place
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            item.setFlags(flags if reachable else Qt.ItemFlag.NoItemFlags)

    def _judge(self) -> tuple[str, bool, str]:
        """What the foot says, whether one can go on, and the role of the words."""
        session, step = self.session, self.step
        if step == CHOOSE:
            if session.reading:
                # Mapping needs no projects, and the check waits for them.
                return self.tr("De projecten worden gelezen…"), True, "muted"
            if session.chosen:
                return "", True, ""
            return self.tr("Vink ten minste één project aan."), False, "warn"
        if step == MAP:
            if session.proposed:
                number = len(session.proposed)
                found = counted(number, self.tr("%1 voorstel op naam"), self.tr("%1 voorstellen op naam"))
                return self.tr("%1; wordt bewaard als u verdergaat.").replace("%1", found), True, "muted"
            return "", True, ""
        if self._writing is not None:
            return self.tr("Het bestand wordt geschreven…"), False, "muted"
        if session.checking:
            return self.tr("Wordt gecontroleerd…"), False, "muted"
        if step == WRITE and self._is_written():
            return "", False, ""
        return self._judge_check(step)

    def _is_written(self) -> bool:
        result = self.writing.result
        return result is not None and result.path == self.writing.out

    def _judge_check(self, step: int) -> tuple[str, bool, str]:
        session = self.session
        prepared = session.prepared
        if prepared is None:
            return "", False, ""
        if prepared.mapping_faulty:
            return self.tr("De koppeling heeft nog een fout."), False, "bad"
        if not session.ready and prepared.faulty:
            words = self.tr("Herstel de fouten of laat de projecten met fouten weg.")
            return words, False, "bad"
        if not prepared.faultless:
            return self.tr("Er blijft geen project over om aan te leveren."), False, "bad"
        return "", step != WRITE or self.writing.out is not None, ""

    def _progressed(self, share: float) -> None:
        if share < 0:
            self.progress.setRange(0, 0)
        else:
            self.progress.setRange(0, 1000)
            self.progress.setValue(round(share * 1000))

    def _failed(self, error: Exception) -> None:
        self._update()
        jobs.show_error(self, error)

    # -- writing --------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        out = self.writing.out
        if out is None:
            return
        self.session.want_check(False)
        # The button that was pressed is grey in a moment, and then the keyboard would go to the one that closes.
        self.writing.path.setFocus(Qt.FocusReason.OtherFocusReason)
        self._progressed(-1)
        self._writing = jobs.run_quietly(self.session.work_of_writing(out), self._written, self._not_written, self)
        self._writing.progressed.connect(lambda share, _: self._progressed(share))
        self._writing.finished.connect(self._update)
        self._update()

    def _stop(self) -> None:
        if self._writing is not None:
            self._writing.cancel()

    def _written(self, result: ExportResult) -> None:
        self._writing = None
        self.writing.show_result(result)
        self._update()
        self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_written(self, error: Exception) -> None:
        self._writing = None
        if isinstance(error, ExportRefused):
            self.go(CHECK)
        else:
            self._update()
        jobs.show_error(self, error)

    def reject(self) -> None:
        """Close: by the button, Esc or the cross. What was mapped is kept; a file being written is given up."""
        if self._writing is not None:
            self._writing.cancel()
        if self.step == MAP and not self._keep_mapping():
            return
        self.session.close()
        super().reject()
