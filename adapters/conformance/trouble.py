"""Trouble: when calls fail, every receipt and every error says what is true, and no more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from adapters.conformance.changes import (
    KINDS_OF_ERRORS,
    apply,
    attempt,
    budget_steps,
    check_stands,
    check_true,
    stands,
    steps,
)
from adapters.conformance.check import Breach, Group, check, must
from adapters.conformance.same import same
from adapters.conformance.stage import Ability, Scene, Trouble
from agent.domain.errors import AccessDenied, PlatformError, RateLimited, Unreachable
from agent.domain.outcome import Accepted, Ambiguous, Receipt
from agent.domain.plan import Change

SECONDS = 120.0
OF_ALL_CALLS = (Ability.LIMIT_READS, Ability.BREAK_OFF, Ability.VANISH, Ability.DENY)
OF_WRITES = (Ability.LOSE_REPLY, Ability.LOSE_REQUEST, Ability.REFUSE_ONE, Ability.LIMIT_WRITES)


@dataclass(frozen=True, slots=True)
class Ask:
    """A method of the port with what it is asked; `always` where it must ask the platform each time."""

    method: str
    run: Callable[[], Any]
    always: bool


def asks(scene: Scene) -> list[Ask]:
    """Every method that reads; made while there is no trouble."""
    reader, today = scene.reader, scene.now().date()
    change = steps(reader.entities())[0]
    since, until = today - timedelta(days=4), today - timedelta(days=3)
    return [
        Ask("account", reader.account, always=False),
        Ask("entities", reader.entities, always=True),
        Ask("metrics", lambda: reader.metrics(since, until), always=True),
        Ask("hours", lambda: reader.hours(since, since), always=False),
        Ask("advice", reader.advice, always=False),
        Ask("read", lambda: reader.read([(change.ref, change.lever)]), always=True),
        Ask("rehearse", lambda: reader.rehearse([change]), always=False),
        Ask("history", lambda: reader.history(scene.now() - timedelta(days=2)), always=False),
    ]


def made(scene: Scene, what: Ability) -> Iterator[Trouble]:
    """The trouble, once it is there; nothing where the stage cannot make it."""
    if what in scene.abilities:
        trouble = Trouble(what, seconds=SECONDS)
        scene.make(trouble)
        yield trouble


@check(Group.TROUBLE, Ability.WRITE, Ability.LOSE_REPLY)
def a_lost_reply_is_in_doubt_and_never_refused(scene: Scene) -> None:
    """It was carried out and nobody can tell from here: only reading settles it."""
    change = budget_steps(scene, 1)[0]
    scene.make(Trouble(Ability.LOSE_REPLY))

    receipts = _receipts(scene, [change])

    scene.mend()
    must(isinstance(receipts[0], Ambiguous), f"the receipt was {receipts[0]}, ambiguous is right")
    check_stands(scene, change, change.after)


@check(Group.TROUBLE, Ability.WRITE, Ability.LOSE_REQUEST)
def a_lost_request_is_in_doubt_as_well(scene: Scene) -> None:
    """From here both look the same; and what did not happen is not told as done."""
    change = budget_steps(scene, 1)[0]
    scene.make(Trouble(Ability.LOSE_REQUEST))

    receipts = _receipts(scene, [change])

    scene.mend()
    must(isinstance(receipts[0], Ambiguous), f"the receipt was {receipts[0]}, ambiguous is right")
    check_stands(scene, change, change.before)


@check(Group.TROUBLE, Ability.WRITE, Ability.LOSE_REPLY)
def a_write_is_sent_once(scene: Scene) -> None:
    """Whatever becomes of it: who sends again overwrites what somebody else has set since."""
    change = budget_steps(scene, 1)[0]
    for what in (Ability.LOSE_REPLY, Ability.LOSE_REQUEST):
        before = scene.writes()
        scene.make(Trouble(what))
        attempt(scene, [change])
        scene.mend()
        must(scene.writes() - before <= 1, f"it was sent {scene.writes() - before} times, once is right")


@check(Group.TROUBLE, Ability.WRITE, Ability.LOSE_REPLY)
def receipts_of_a_batch_are_true_after_a_lost_reply(scene: Scene) -> None:
    """What was not sent any more is refused, what was is in doubt: nothing is told wrongly."""
    changes = [*budget_steps(scene, 3), *_statuses(scene)]
    scene.make(Trouble(Ability.LOSE_REPLY))

    receipts = _receipts(scene, changes)

    scene.mend()
    check_true(scene, changes, receipts)
    must(any(isinstance(each, Ambiguous) for each in receipts), f"none is in doubt: {receipts}")


@check(Group.TROUBLE, Ability.WRITE)
def nothing_was_applied_when_it_raises(scene: Scene) -> None:
    """An error says: plan anew. So nothing may have changed, whatever the trouble was."""
    for what in (Ability.LIMIT_WRITES, Ability.LIMIT_READS, Ability.VANISH, Ability.DENY, Ability.BREAK_OFF):
        changes = [*budget_steps(scene, 3), *_statuses(scene)]
        for trouble in made(scene, what):
            outcome = attempt(scene, changes)
            scene.mend()
            if isinstance(outcome, PlatformError):
                for change in changes:
                    must(
                        stands(scene, change, change.before),
                        f"{trouble.what.value}: {type(outcome).__name__} was raised and {change.ref} changed",
                    )
            else:
                check_true(scene, changes, outcome)


@check(Group.TROUBLE, Ability.WRITE, Ability.LIMIT_WRITES)
def a_limit_on_writes_says_how_long(scene: Scene) -> None:
    """Refused whole, with the seconds that the platform asked for."""
    changes = budget_steps(scene, 2)
    scene.make(Trouble(Ability.LIMIT_WRITES, seconds=SECONDS))

    error = attempt(scene, changes)

    scene.mend()
    _check_limit(error)
    for change in changes:
        check_stands(scene, change, change.before)


@check(Group.TROUBLE, Ability.LIMIT_READS)
def a_limit_on_reads_says_how_long(scene: Scene) -> None:
    """So that the next reading comes when it may, and not before."""
    for ask in asks(scene):
        if ask.always:
            scene.make(Trouble(Ability.LIMIT_READS, seconds=SECONDS))
            _check_limit(_raised(ask))
            scene.mend()


@check(Group.TROUBLE, Ability.VANISH)
def nobody_there_is_unreachable(scene: Scene) -> None:
    """It mends itself: not a fault of the credentials, nor of the request."""
    _check_kind(scene, Ability.VANISH, Unreachable)


@check(Group.TROUBLE, Ability.DENY)
def no_access_is_denied_access(scene: Scene) -> None:
    """A person must act: the account stops, and nothing is tried again."""
    _check_kind(scene, Ability.DENY, AccessDenied)


@check(Group.TROUBLE, Ability.BREAK_OFF)
def half_an_answer_is_no_answer(scene: Scene) -> None:
    """Half the rows would look like campaigns that stopped."""
    for ask in asks(scene):
        if ask.always:
            scene.make(Trouble(Ability.BREAK_OFF))
            error = _raised(ask)
            scene.mend()
            must(error is not None, f"{ask.method} told a part as if it were the whole")


@check(Group.TROUBLE, Ability.VANISH)
def errors_are_the_ports_own_and_name_their_account(scene: Scene) -> None:
    """No client's exception gets through, and a person with forty accounts knows which it was."""
    name = str(scene.reader.account().id)
    for what in OF_ALL_CALLS:
        for ask in asks(scene):
            for trouble in made(scene, what):
                error = _raised(ask)
                scene.mend()
                told = name if error is None else error.account
                must(
                    told == name,
                    f"{ask.method}, {trouble.what.value}: the error is of {told!r}, not {name!r}",
                )


@check(Group.TROUBLE, Ability.VANISH)
def an_answer_in_trouble_is_the_one_of_before(scene: Scene) -> None:
    """Nothing empty and nothing made up stands in for what could not be asked."""
    for what in OF_ALL_CALLS:
        for ask in asks(scene):
            usual = ask.run()
            for trouble in made(scene, what):
                answer, error = _answer(ask)
                scene.mend()
                if error is None:
                    must(not ask.always, f"{ask.method}: {trouble.what.value}, and it did not raise")
                    must(same(answer, usual), f"{ask.method}, {trouble.what.value}: it made up an answer")


@check(Group.TROUBLE, Ability.WRITE, Ability.VANISH)
def a_rehearsal_in_trouble_is_never_in_doubt(scene: Scene) -> None:
    """Nothing can have been applied, so it raises or refuses; a yes is not made up either."""
    change = budget_steps(scene, 1)[0]
    for what in (*OF_ALL_CALLS, Ability.LIMIT_WRITES, Ability.LOSE_REPLY, Ability.LOSE_REQUEST):
        for trouble in made(scene, what):
            try:
                receipts = list(scene.reader.rehearse([change]))
            except KINDS_OF_ERRORS:
                receipts = []
            scene.mend()
            doubt = any(isinstance(each, Ambiguous) for each in receipts)
            must(not doubt, f"{trouble.what.value}: the rehearsal was in doubt: {receipts}")
    check_stands(scene, change, change.before)


@check(Group.TROUBLE, Ability.VANISH)
def after_the_trouble_all_is_as_before(scene: Scene) -> None:
    """Nothing is kept of it: the next call works, for reads and for writes."""
    usual = scene.reader.entities()
    for what in OF_ALL_CALLS:
        for ask in asks(scene):
            for _ in made(scene, what):
                _answer(ask)
                scene.mend()
    must(same(scene.reader.entities(), usual), "the entities are others after the trouble")
    if Ability.WRITE in scene.abilities:
        change = budget_steps(scene, 1)[0]
        receipt = apply(scene, [change])[0]
        must(isinstance(receipt, Accepted), f"after the trouble: {receipt}")
        check_stands(scene, change, change.after)


def _receipts(scene: Scene, changes: Sequence[Change]) -> Sequence[Receipt]:
    """The receipts; raising is no answer to a write that may have been carried out."""
    outcome = attempt(scene, changes)
    if isinstance(outcome, PlatformError):
        raise Breach(f"apply raised {outcome!r}, and it may have been applied: ambiguous receipts are right")
    return outcome


def _check_limit(error: object) -> None:
    must(isinstance(error, RateLimited), f"{error!r} came of a limited rate, RateLimited is right")
    assert isinstance(error, RateLimited)
    told = error.retry_after_s
    must(SECONDS <= told <= 2 * SECONDS, f"it is to wait {told} s, the platform said {SECONDS} s")


def _check_kind(scene: Scene, what: Ability, kind: type[PlatformError]) -> None:
    for ask in asks(scene):
        scene.make(Trouble(what))
        error = _raised(ask)
        scene.mend()
        must(
            isinstance(error, kind) or (error is None and not ask.always),
            f"{ask.method} raised {error!r}, {kind.__name__} is right",
        )


def _raised(ask: Ask) -> PlatformError | None:
    return _answer(ask)[1]


def _answer(ask: Ask) -> tuple[Any, PlatformError | None]:
    """What it answered, or the port's error that it raised."""
    try:
        return ask.run(), None
    except KINDS_OF_ERRORS as error:
        return None, error
    except Exception as error:
        kind = type(error).__name__
        raise Breach(f"{ask.method} raised {kind}, which is none of the port's errors") from error


def _statuses(scene: Scene) -> list[Change]:
    return [change for change in steps(scene.reader.entities()) if not change.lever.is_money]
