"""The Meta adapter with the real client, on a sandbox over the wire, as a stage."""

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import canaries
from markets import FEW, SCALES, SEED
from truth import FIELDS, cost_micros, standing

from adapters.conformance.stage import Ability, Opening, Trouble
from adapters.meta_ads.connect import Options, connect
from agent.clock import SteppedClock
from agent.domain.lever import Lever, Value, number_of
from agent.domain.ref import Ref
from agent.ports.platform import Adapter
from simulations.sandbox.meta_ads.door import Credentials
from simulations.sandbox.meta_ads.ids import own
from simulations.sandbox.meta_ads.serve import Front, open_front
from simulations.sandbox.meta_ads.settings import settings_of
from simulations.sandbox.shared.faults import Fault

TOKEN, SECRET = canaries.of("meta access token"), canaries.of("meta app secret")
PROOF = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
ACCOUNT = "100000000000001"
_CREDENTIALS = Credentials(access_token=TOKEN, app_secret=SECRET, requires_proof=True)
_RICH = {"groups_per_campaign": 2, "group_budgets": 3, "lifetime_budgets": 2, "experiments": 1}
_PLAIN = {"groups_per_campaign": 0, "group_budgets": 0, "bidding": ()}
_ALWAYS = "times=always"
_FAULTS = {
    Ability.LOSE_REPLY: "after_commit",
    Ability.LOSE_REQUEST: "before_commit",
    Ability.REFUSE_ONE: "operation:code=100/1885650",
    Ability.LIMIT_READS: f"quota:on=search,{_ALWAYS}",
    Ability.LIMIT_WRITES: f"quota:on=mutate,{_ALWAYS}",
    Ability.BREAK_OFF: f"after_commit:on=search,{_ALWAYS}",
    Ability.VANISH: f"before_commit:on=any,{_ALWAYS}",
    Ability.DENY: f"before_commit:on=any,code=190/463,{_ALWAYS}",
}
_LIMITS = (Ability.LIMIT_READS, Ability.LIMIT_WRITES)


@dataclass
class MetaScene:
    """One ad account behind a port of its own."""

    front: Front
    clock: SteppedClock
    reader: Adapter
    abilities: frozenset[Ability]
    folder: TemporaryDirectory[str]
    secrets: tuple[str, ...] = (TOKEN, SECRET, PROOF)
    waits: timedelta = field(default=timedelta(0))

    @property
    def writer(self) -> Adapter:
        return self.reader

    @property
    def unit_micros(self) -> int:
        return self.front.served.platform.account.unit_micros

    def now(self) -> datetime:
        return self.clock.now()

    def standing(self, ref: Ref, lever: Lever) -> int | None:
        return standing(self.front.served.platform, _own(ref), lever)

    def writes(self) -> int:
        requests = self.front.served.journal.requests()
        return sum(request.method.startswith("POST") for request in requests)

    def cost_micros(self, day: date) -> int:
        return cost_micros(self.front.served.platform, day)

    def advance(self, span: timedelta) -> None:
        self.clock.move_to(self.clock.now() + span)

    def edit(self, ref: Ref, lever: Lever, value: Value) -> None:
        objection = self.front.served.platform.set(
            ref.kind, own(ref.id), FIELDS[lever], number_of(value), by="somebody@example.com", client="web"
        )
        assert objection is None, objection.because

    def make(self, trouble: Trouble) -> None:
        fault = Fault.parse(_FAULTS[trouble.what])
        told = {"seconds": trouble.seconds, "operation": trouble.operation}
        self.front.served.faults.arm(fault.model_copy(update=told))
        self.waits = timedelta(seconds=trouble.seconds) if trouble.what in _LIMITS else timedelta(0)

    def mend(self) -> None:
        """The adapter has been asked to wait; that time goes by, too."""
        self.front.served.faults.clear()
        self.advance(self.waits)
        self.waits = timedelta(0)

    def close(self) -> None:
        self.front.close()
        self.folder.cleanup()


@dataclass(frozen=True)
class MetaStage:
    """Opens sandboxes of the Graph API."""

    name: str = "meta_ads"
    abilities: frozenset[Ability] = frozenset(Ability) - {
        *(Ability.MARK_HOURS, Ability.LOCK, Ability.OPEN_LARGE)
    }

    def open(self, opening: Opening) -> MetaScene:
        clock = SteppedClock(opening.now)
        folder = TemporaryDirectory()
        state = Path(folder.name)
        account = {
            "seed": SEED,
            "campaigns": max(1, opening.campaigns),
            "currency": opening.currency,
            "money_scale": SCALES.get(opening.currency, 1.0),
            "time_zone": opening.time_zone,
            "history_days": opening.history_days,
            "over_delivery": 1.0,
            **(_RICH if 0 < opening.campaigns <= FEW else _PLAIN),
        }
        settings = settings_of(
            account,
            (),
            ("mutations_per_second=1000000",),  # the clock stands still, so no second is ever over
            shares_market=opening.campaigns == 0,  # its only campaign is another platform's
            state=state,
            account_id=ACCOUNT,
            credentials=_CREDENTIALS,
            speed=0.0,
            start=None,
        )
        front = open_front(settings, clock, state)
        levels: tuple[Literal["ad_set"], ...] = ("ad_set",) if opening.campaigns <= FEW else ()
        adapter = connect(
            ACCOUNT,
            Options(endpoint=front.endpoint, own_app=_CREDENTIALS.app_id, levels=levels),
            credentials={"access_token": TOKEN, "app_secret": SECRET},
            clock=clock,
            home=state,
            state=state / "state",
        )
        return MetaScene(front, clock, adapter, self.abilities, folder)


def _own(ref: Ref) -> Ref:
    """The platform's own name of it."""
    return replace(ref, id=own(ref.id))
