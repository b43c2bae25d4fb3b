"""The protocol itself, with a client in memory against the real server: the rules hold, and each mistake is caught."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis.stateful import run_state_machine_as_test

from diwi_desktop.changes import merge
from diwi_desktop.changes.merge import APPLIED, Verdict
from diwi_desktop.server import pull
from diwi_desktop.server.push import judge, state, take, tree
from tests.proof.machine import PaperMachine, profile
from tests.proof.paper import PaperLaptop
from tests.proof.world import Stage

EXAMPLES = int(os.environ.get("DIWI_PROOF_EXAMPLES", "25"))
STEPS = int(os.environ.get("DIWI_PROOF_STEPS", "40"))


@pytest.fixture
def machine(proof_stage: Stage) -> type[PaperMachine]:
    class OnStage(PaperMachine):
        stage = proof_stage

    return OnStage


@pytest.mark.timeout(36_000)
def test_the_rules_hold(machine: type[PaperMachine]) -> None:
    run_state_machine_as_test(machine, settings=profile(EXAMPLES, STEPS))


# -- seeded mistakes: those of the executable model, in the real server and in the client that is held against it ----


def _blind(patch: pytest.MonkeyPatch) -> None:
    """The last to come wins."""
    real = merge.decide

    def decide(field, key, old, new, base, head, contours=None):
        verdict = real(field, key, old, new, base, head, contours)
        return Verdict(APPLIED, new) if verdict.result == "conflict" else verdict

    patch.setattr(merge, "decide", decide)


def _forgetful(patch: pytest.MonkeyPatch) -> None:
    """A change that comes once more is judged once more, under another number: no idempotence."""
    real = state.fetch

    def fetch(*given, **more):
        known = real(*given, **more)
        known.answers.clear()
        for name in known.done:
            known.met[name] = known.done[name]
        known.done.clear()
        return known

    patch.setattr(take, "fetch", fetch)


def _successor_of_merged(patch: pytest.MonkeyPatch) -> None:
    """What was merged counts as seen by its author."""
    real = judge.Judge._apply

    def apply(self, act, change, verdict, *rest):
        real(self, act, change, verdict, *rest)
        object.__setattr__(verdict, "result", APPLIED)

    patch.setattr(judge.Judge, "_apply", apply)


def _unseen_deletion(patch: pytest.MonkeyPatch) -> None:
    """A deletion goes by the last change to the entity, whosever it was."""
    patch.setattr(tree.Tree, "unseen", lambda *_: False)


def _unseen_below(patch: pytest.MonkeyPatch) -> None:
    """A deletion takes with it what others put there meanwhile."""
    patch.setattr(tree.Tree, "_hidden_below", lambda *_: False)


def _below_the_deleted(patch: pytest.MonkeyPatch) -> None:
    """What comes under something that was deleted is taken in, where nobody sees it."""
    patch.setattr(tree.Tree, "has_lost_its_place", lambda *_: False)


def _cursor_only(patch: pytest.MonkeyPatch) -> None:
    """A pull gives what is later than the cursor, and nothing else."""
    real = pull._begin

    def begin(connection, asked, register, seen):
        started = real(connection, asked, register, seen)
        if started is None or not asked.request.cursor:
            return started
        view, _ = started
        return view.__class__(view.number, view.seq, view.hash, view.old_seq, [], view.digest), []

    patch.setattr(pull, "_begin", begin)


def _no_purge(patch: pytest.MonkeyPatch) -> None:
    """The laptop keeps what it is told to forget."""
    real = PaperLaptop._forget

    def forget(self, scope, waiting=False):
        if not waiting:
            real(self, scope, waiting)

    patch.setattr(PaperLaptop, "_forget", forget)


def _only_what_was_given(patch: pytest.MonkeyPatch) -> None:
    """The server forgets that a laptop has what it made itself."""
    patch.setattr(pull, "_pushed", lambda *_: [])


def _deaf(patch: pytest.MonkeyPatch) -> None:
    """The laptop does not take the heads from the answers: it goes on from the base it had."""
    real = PaperLaptop._answered

    def answered(self, act, answer):
        before = {id: (dict(row.values), dict(row.seqs)) for id, row in self.shadow.items()}
        real(self, act, answer)
        for id, row in list(self.shadow.items()):
            if id in before:
                row.values, row.seqs = before[id]
        self.have.clear()

    patch.setattr(PaperLaptop, "_answered", answered)


def _no_after(patch: pytest.MonkeyPatch) -> None:
    """The laptop does not say that a change was made on its own earlier one."""
    real = PaperLaptop._made_on
    patch.setattr(PaperLaptop, "_made_on", lambda self, entity, key: (real(self, entity, key)[0], None))


Mistake = Callable[[pytest.MonkeyPatch], None]
QUICK: list[Mistake] = [_blind, _no_purge, _no_after, _cursor_only]
LONG: list[Mistake] = [
    _forgetful, _successor_of_merged, _unseen_deletion, _unseen_below, _below_the_deleted, _only_what_was_given, _deaf,
]  # fmt: skip


def _caught(machine: type[PaperMachine], mistake: Mistake, examples: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        mistake(patch)
        with pytest.raises(Exception, match=r".") as error:
            run_state_machine_as_test(machine, settings=profile(examples, 40, shrink=False))
    assert not isinstance(error.value, TypeError | AttributeError | NameError), error.value


@pytest.mark.allow_error_log
@pytest.mark.parametrize("mistake", QUICK, ids=lambda one: one.__name__)
def test_a_seeded_mistake_is_caught(machine: type[PaperMachine], mistake: Mistake) -> None:
    _caught(machine, mistake, 100)


@pytest.mark.slow
@pytest.mark.allow_error_log
@pytest.mark.timeout(3600)
@pytest.mark.skipif("DIWI_PROOF_MUTANTS" not in os.environ, reason="./dev proof mutants")
@pytest.mark.parametrize("mistake", LONG, ids=lambda one: one.__name__)
def test_a_rare_mistake_is_caught(machine: type[PaperMachine], mistake: Mistake) -> None:
    _caught(machine, mistake, 3000)
