"""The course of a synchronisation as a pure state machine: (state, event) -> (state, effects).

It knows no network, no file and no clock; a runner performs the effects and says what happened, a simulator can do the
same from a seed. One effect is under way at a time; after a failure the effect of the present phase is simply performed
again, because every one of them may be repeated.

The order: sign in; without a cursor first pull (so that what is pushed then does not come back); push in pieces; pull;
a snapshot when there is too much; compare digests and repair when they differ; files; done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from diwi_desktop.changes.messages import MOST_CHANGES
from diwi_desktop.sync.problem import Obstacle

MOST_TRIES = 6  # in a row without anything moving; then the synchronisation ends and comes back later
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds
PATIENCE = 120.0  # seconds without movement while something waits: a visible problem
MOST_REPAIRS = 2


class Phase(StrEnum):
    """What is being done."""

    IDLE = "idle"
    SIGN_IN = "sign_in"
    PUSH = "push"
    PULL = "pull"
    ORDER = "order"
    FETCH = "fetch"
    LAND = "land"
    COMPARE = "compare"
    REPAIR = "repair"
    FILES = "files"
    SET_BACK = "set_back"
    NEW_CURSOR = "new_cursor"
    NEW_PULL = "new_pull"


# -- effects: what the runner is asked to do --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Do:
    """Perform the work of a phase. `most`: changes in a piece; `seq`: where a server that was set back ends."""

    phase: Phase
    most: int = MOST_CHANGES
    seq: int = 0
    renew: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back with `Woken` after so many seconds, or earlier when the user wants."""

    seconds: float


@dataclass(frozen=True, slots=True)
class End:
    """The synchronisation is over; `obstacle` says what stopped it."""

    obstacle: Obstacle | None = None


Effect = Do | Wait | End


# -- events: what the runner says -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """Begin. `cursor`: whether the store knows where pulling goes on; `waiting`: own changes."""

    at: float
    cursor: bool
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class SignedIn:
    at: float


@dataclass(frozen=True, slots=True)
class Sent:
    """A piece was answered: so many changes left the queue and so many are in it still."""

    at: float
    moved: int
    left: int


@dataclass(frozen=True, slots=True)
class Paged:
    """A page came and is staged; there are more."""

    at: float
    changes: int = 0


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The server would rather give a snapshot. Or one was being fetched already."""

    at: float


@dataclass(frozen=True, slots=True)
class Fetched:
    """So many bytes of a snapshot are here."""

    at: float
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut was applied. `complete`: nothing is missing and the digests agree."""

    at: float
    complete: bool
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """The digests were compared; `differ`: scopes must be fetched."""

    at: float
    differ: bool


@dataclass(frozen=True, slots=True)
class Repaired:
    at: float
    more: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A piece of a file went up or came down; `left` files are to be moved still."""

    at: float
    left: int
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Reset:
    """What the phases SET_BACK, NEW_CURSOR and NEW_PULL do was done."""

    at: float
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    at: float
    obstacle: Obstacle
    retry_after: float | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Woken:
    at: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes while an effect is under way."""

    at: float


@dataclass(frozen=True, slots=True)
class Cancelled:
    at: float


Event = (
    Started | SignedIn | Sent | Paged | TooMuch | Fetched | Cut | Compared | Repaired | Moved | Reset | Failed | Woken
    | Tick | Cancelled
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """`seed` makes the jitter repeatable. `done` of `total` is the progress of the present phase."""

    seed: int = 0
    phase: Phase = Phase.IDLE
    resume: Phase = Phase.PUSH  # where to go on after signing in
    cursor: bool = False
    pushed: bool = False  # the queue was emptied since the start or the last reset
    sent: int = 0  # changes since the last complete pull
    most: int = MOST_CHANGES
    waiting: int = 0
    done: int = 0
    total: int = 0
    tries: int = 0
    signed: bool = False  # a fresh sign-in was tried since anything moved
    repairs: int = 0
    seq: int = 0
    moved_at: float = 0.0
    stuck: bool = False
    different: bool = False

    @property
    def running(self) -> bool:
        return self.phase is not Phase.IDLE


Step = tuple[State, list[Effect]]


def step(state: State, event: Event) -> Step:
    """What follows from an event. An event that does not belong to the present phase changes nothing."""
    match event:
        case Started():
            return _start(state, event)
        case Cancelled():
            return _end(state, None)
        case Tick(at=at):
            stuck = state.running and state.waiting > 0 and at - state.moved_at > PATIENCE
            return replace(state, stuck=stuck), []
        case _ if not state.running:
            return state, []
        case Failed():
            return _failed(state, event)
        case Woken():
            return state, [_do(state)]
        case _:
            return _advance(state, event)


def _start(state: State, event: Started) -> Step:
    if state.running:
        return state, []
    begun = State(
        seed=state.seed,
        phase=Phase.SIGN_IN,
        resume=Phase.PUSH if event.cursor else Phase.PULL,
        cursor=event.cursor,
        waiting=event.waiting,
        total=event.waiting,
        moved_at=state.moved_at if state.stuck else event.at,
        stuck=state.stuck,
    )
    return begun, [_do(begun)]


def _advance(state: State, event: Event) -> Step:
    match state.phase, event:
        case Phase.SIGN_IN, SignedIn():
            return _go(state, state.resume)
        case Phase.PUSH, Sent(moved=moved, left=left):
            state = replace(
                state, waiting=left, sent=state.sent + moved, done=state.done + moved, total=state.done + moved + left
            )
            if moved:
                state = _moving(state, event.at)
            if left and moved:
                return state, [_do(state)]
            state = replace(state, pushed=True, waiting=left)
            return _after_push(state)
        case Phase.PULL, Paged(changes=changes):
            state = _moving(replace(state, done=state.done + changes), event.at)
            return state, [_do(state)]
        case Phase.PULL, TooMuch():
            return _go(_moving(state, event.at), Phase.ORDER)
        case Phase.PULL | Phase.LAND, Cut(complete=complete):
            state = _moving(replace(state, cursor=True, sent=0), event.at)
            if not complete and state.repairs < MOST_REPAIRS:
                return _go(replace(state, repairs=state.repairs + 1), Phase.COMPARE)
            state = replace(state, different=not complete)
            # What came after a snapshot was made is pulled behind it.
            return _go(state, Phase.PULL) if state.phase is Phase.LAND else _after_pull(state)
        case Phase.COMPARE, Compared(differ=differ):
            return _go(state, Phase.REPAIR) if differ else _after_pull(state)
        case Phase.REPAIR, Repaired(more=more):
            state = _moving(state, event.at)
            return (state, [_do(state)]) if more else _go(replace(state, pushed=False), Phase.PUSH)
    return _transfer(state, event)


def _transfer(state: State, event: Event) -> Step:
    """Snapshots and files, and beginning anew."""
    match state.phase, event:
        case Phase.ORDER | Phase.FETCH, Fetched(done=done, total=total):
            state = _moving(replace(state, done=done, total=total), event.at)
            return _go(state, Phase.FETCH if done < total else Phase.LAND, keep=True)
        case Phase.FILES, Moved(left=left, bytes=size):
            state = _moving(state, event.at) if size else state
            state = replace(state, done=state.done + 1, total=state.done + 1 + left)
            return (state, [_do(state)]) if left else _end(state, None)
        case Phase.SET_BACK | Phase.NEW_CURSOR, Reset(waiting=waiting):
            return _go(replace(state, cursor=False, pushed=False, waiting=waiting, sent=0), Phase.PULL)
        case Phase.NEW_PULL, Reset():
            return _go(state, Phase.PULL)
    return state, []


def _after_push(state: State) -> Step:
    """What was pulled before an empty queue need not be pulled again."""
    if state.resume is Phase.PULL and not state.sent:
        return _go(state, Phase.FILES)
    return _go(state, Phase.PULL)


def _after_pull(state: State) -> Step:
    if not state.pushed:
        return _go(replace(state, resume=Phase.PULL), Phase.PUSH)
    return _go(state, Phase.FILES)


_TRANSIENT = frozenset({Obstacle.OFFLINE, Obstacle.BUSY})
_RESETS = {
    Obstacle.CURSOR_UNKNOWN: Phase.NEW_CURSOR,
    Obstacle.RESTORED: Phase.SET_BACK,
    Obstacle.PAGE_UNKNOWN: Phase.NEW_PULL,
}


def _failed(state: State, event: Failed) -> Step:
    obstacle = event.obstacle
    if obstacle in _TRANSIENT or obstacle in _RESETS or obstacle is Obstacle.RANGE:
        state = replace(state, tries=state.tries + 1)
        if state.tries >= MOST_TRIES:
            return _end(state, obstacle if obstacle in _TRANSIENT else Obstacle.DIFFERENT)
    if obstacle in _TRANSIENT:
        return state, [Wait(_pause(state, event.retry_after))]
    if obstacle in _RESETS:
        return _go(replace(state, seq=event.seq), _RESETS[obstacle])
    if obstacle is Obstacle.RANGE:
        return _go(state, Phase.NEW_PULL if state.phase is Phase.FETCH else state.phase)
    if obstacle is Obstacle.SIGNED_OUT and state.phase is not Phase.SIGN_IN and not state.signed:
        state = replace(state, signed=True, resume=state.phase, phase=Phase.SIGN_IN)
        return state, [Do(Phase.SIGN_IN, renew=True)]
    if obstacle is Obstacle.TOO_LARGE and state.phase is Phase.PUSH and state.most > 1:
        state = replace(state, most=max(1, min(state.most, state.waiting or state.most) // 2))
        return state, [_do(state)]
    return _end(state, obstacle)


def _pause(state: State, asked: float | None) -> float:
    """Seconds: twice as long every time, between half and all of it by chance; never shorter than was asked."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (state.tries - 1))
    chance = Random(f"{state.seed}/{state.tries}").random()
    return max(asked or 0.0, longest * (0.5 + chance / 2))


def _moving(state: State, at: float) -> State:
    return replace(state, moved_at=at, tries=0, signed=False, stuck=False)


def _go(state: State, phase: Phase, *, keep: bool = False) -> Step:
    state = replace(state, phase=phase)
    if not keep:
        state = replace(state, done=0, total=state.waiting if phase is Phase.PUSH else 0)
    return state, [_do(state)]


def _do(state: State) -> Effect:
    return Do(state.phase, state.most, state.seq)


def _end(state: State, obstacle: Obstacle | None) -> Step:
    if obstacle is None and state.different:
        obstacle = Obstacle.DIFFERENT
    return replace(state, phase=Phase.IDLE), [End(obstacle)]
