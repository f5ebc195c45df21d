"""Damage: a ledger with flipped bits, cut short or on a full disk sends nothing but what was approved."""

import resource
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, cast

import numpy as np

from agent import cycle, settling
from agent.clock import SteppedClock
from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.errors import GebotError, Mistakes
from agent.domain.hours import HourlyMetrics, no_hours
from agent.domain.lever import Lever, Value, value_of
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Accepted, Edit, Receipt, State
from agent.domain.plan import Change
from agent.domain.ref import Ref
from agent.ledger.open import open_ledger
from agent.parts import Parts
from agent.ports.ledger import Ledger
from agent.ports.platform import Adapter
from simulations.chaos.account import no_metrics, parts
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.platform import ACCOUNT, START
from simulations.chaos.shape import THREE
from simulations.chaos.volume import Notes, Volume

APPROVED = "what is sent from a damaged ledger is what was approved, once"
TYPED = "a damaged ledger is a typed error, or works as before"
WRITTEN = "what was sent stands in the ledger as sent, if the ledger can be read"
_PAGE = 4096
_SENT = frozenset(State) - {State.PROPOSED, State.APPROVED, State.REJECTED, State.CAPPED}


@dataclass(slots=True)
class _Shop:
    """Three campaigns, and all that they were asked to become."""

    stands: dict[Ref, int] = field(
        default_factory=lambda: dict(zip(THREE.campaigns, THREE.opening, strict=True))
    )
    asked: list[Change] = field(default_factory=list)

    def account(self) -> Account:
        return ACCOUNT

    def entities(self) -> EntityTable:
        return entity_table(
            ACCOUNT,
            [ref.id for ref in THREE.campaigns],
            names=[f"Campaign {ref.id}" for ref in THREE.campaigns],
            levers={
                Lever.DAILY_BUDGET: [self.stands[ref] for ref in THREE.campaigns],
                Lever.STATUS: [1, 1, 1],
            },
        )

    def metrics(self, since: date, until: date) -> MetricsTable:
        return no_metrics(np.datetime64(since, "D"), np.datetime64(until, "D"))

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return no_hours()

    def advice(self) -> Advice:
        return NO_ADVICE

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        return {
            (ref, lever): value_of(lever, self.stands[ref], "EUR")
            for ref, lever in levers
            if ref in self.stands
        }

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self.asked += changes
        self.stands |= {one.ref: one.after.micros for one in changes if hasattr(one.after, "micros")}
        return [Accepted("") for _ in changes]

    def history(self, since: datetime) -> Sequence[Edit]:
        return ()


@dataclass(frozen=True, slots=True)
class _Template:
    """A ledger with an approved plan that nobody has carried out yet."""

    path: Path
    fingerprint: str
    changes: frozenset[Change]


def trial(seed: int, notes: Notes) -> None:
    """One ledger, damaged in one way, opened and worked with."""
    rng, template = chance(seed), _template(seed % 8)
    with TemporaryDirectory(prefix="gebot-damage-") as folder:
        path = Path(folder) / "ledger.sqlite"
        shutil.copy(template.path, path)
        ways = list(_WAYS)
        way = rng.choice([*ways, "full disk"])
        shop = _Shop()
        notes.tell(lambda: way)
        if way in _WAYS:
            path.write_bytes(_WAYS[way](rng, path.read_bytes()))
            fault = _work(path, shop, template)
        else:
            with _full_disk(rng.randrange(0, path.stat().st_size)):
                fault = _work(path, shop, template)
        judge(way, fault, shop.asked, template.changes, notes)
        if shop.asked:
            states = _states(path, template)
            notes.check(
                WRITTEN, states is None or all(states.get(one.id) in _SENT for one in shop.asked), states
            )


def judge(
    way: str, fault: BaseException | None, asked: Sequence[Change], approved: frozenset[Change], notes: Notes
) -> None:
    """Note what came of work on a damaged ledger."""
    typed = fault is None or isinstance(fault, GebotError | Mistakes)
    notes.check(TYPED, typed, repr(fault))
    once = len(asked) == len(set(asked)) and set(asked) <= approved
    notes.check(APPROVED, once, asked)
    notes.tell(lambda: f"{fault!r}, {len(asked)} changes sent")
    notes.count(f"{way}: {'works' if fault is None else 'refused'}")


def _work(path: Path, shop: _Shop, template: _Template) -> BaseException | None:
    """Open the ledger, settle, carry out; what ended it, if anything did."""
    opened: Any = None
    try:
        opened = open_ledger(f"sqlite:///{path}", busy_timeout_s=1.0)
        at_work = _parts(opened, shop, START + timedelta(minutes=5))
        epoch = opened.take_lead(ACCOUNT.id, "host", 2, at_work.clock.now())
        settling.recover(at_work, epoch=epoch)
        settling.settle(at_work, epoch=epoch)
        cycle.carry_out(at_work, template.fingerprint, epoch=epoch)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is judged
        return error
    finally:
        if opened is not None:
            opened.close()
    return None


def _states(path: Path, template: _Template) -> Mapping[str, State] | None:
    """States of the plan's changes; None where the ledger cannot be read any more."""
    try:
        opened: Any = open_ledger(f"sqlite:///{path}", busy_timeout_s=1.0)
    except GebotError:
        return None
    try:
        record = opened.plan(template.fingerprint)
    except GebotError:
        return None
    finally:
        opened.close()
    return None if record is None else {id_: item.state for id_, item in record.changes.items()}


@cache
def _template(seed: int) -> _Template:
    path = Path(mkdtemp(prefix="gebot-damage-")) / "ledger.sqlite"
    opened: Any = open_ledger(f"sqlite:///{path}")
    at_work = _parts(opened, _Shop(), START, seed=seed)
    epoch = opened.take_lead(ACCOUNT.id, "host", 1, START)
    cycle.look(at_work)
    drawn_up = cycle.draw_up(at_work)
    assert drawn_up is not None, "observed just now"
    cycle.put_forward(at_work, drawn_up, epoch=epoch)
    opened.close()
    return _Template(path, drawn_up.fingerprint, frozenset(drawn_up.changes))


def _parts(ledger: Ledger, shop: _Shop, now: datetime, seed: int = 1) -> Parts:
    return parts(
        cast(Adapter, shop),
        ledger,
        SteppedClock(now),
        seed=seed,
        check_stop=lambda: None,
        reached=lambda _: None,
    )


@contextmanager
def _full_disk(most: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _flipped(most: int) -> Callable[[Random, bytes], bytes]:
    def flip(rng: Random, content: bytes) -> bytes:
        wounded = bytearray(content)
        for _ in range(rng.randint(1, most)):
            wounded[rng.randrange(len(wounded))] ^= 1 << rng.randrange(8)
        return bytes(wounded)

    return flip


def _without_a_page(rng: Random, content: bytes) -> bytes:
    start = rng.randrange(len(content) // _PAGE) * _PAGE
    return content[:start] + bytes(_PAGE) + content[start + _PAGE :]


def _with_another_page(rng: Random, content: bytes) -> bytes:
    pages = len(content) // _PAGE
    here, there = rng.randrange(pages) * _PAGE, rng.randrange(pages) * _PAGE
    return content[:here] + content[there : there + _PAGE] + content[here + _PAGE :]


_WAYS: Mapping[str, Callable[[Random, bytes], bytes]] = {
    "a bit": _flipped(1),
    "many bits": _flipped(400),
    "cut short": lambda rng, content: content[: rng.randrange(len(content))],
    "a page of zeros": _without_a_page,
    "a page written elsewhere": _with_another_page,
}

DAMAGE = Volume("damage", trial, per_task=20)
