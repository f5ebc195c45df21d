"""The Google Ads adapter with the real client, on a sandbox over the wire, as a stage."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import canaries
from markets import FEW, platform_of
from truth import FIELDS, cost_micros, standing

from adapters.conformance.stage import Ability, Opening, Trouble
from adapters.google_ads.connect import Options, connect
from agent.clock import SteppedClock
from agent.domain.lever import Lever, Value, number_of
from agent.domain.ref import AccountId, Ref
from agent.ports.platform import Adapter
from simulations.bidding import GOOGLE
from simulations.depth import Depth
from simulations.part import OTHERS
from simulations.sandbox.google_ads.conduct import Conduct
from simulations.sandbox.google_ads.serve import Front, open_front
from simulations.sandbox.shared.faults import Fault

TOKEN = canaries.of("google access token")
OWN_USER = "api@sandbox.example"  # who a token stands for that is no e-mail address
CUSTOMER = "1234567890"
UNITS = {"JPY": 1_000_000, "HUF": 10_000_000}
"""Smallest steps that are not 10,000 micros."""
DEPTH = Depth(
    groups_per_campaign=2, keywords_per_group=2, portfolio_strategies=1, group_targets=1, bidding=GOOGLE
)
_ALWAYS = "times=always"
_FAULTS = {
    Ability.LOSE_REPLY: "after_commit",
    Ability.LOSE_REQUEST: "before_commit",
    Ability.REFUSE_ONE: "operation:code=campaign_error.CANNOT_CHANGE_BUDGET_ON_CAMPAIGN_WITH_TRIALS",
    Ability.LIMIT_READS: f"quota:on=search,{_ALWAYS}",
    Ability.LIMIT_WRITES: f"quota:on=mutate,{_ALWAYS}",
    Ability.BREAK_OFF: f"after_commit:on=search,{_ALWAYS}",
    Ability.VANISH: f"before_commit:on=any,{_ALWAYS}",
    Ability.DENY: f"before_commit:on=any,code=authentication_error.OAUTH_TOKEN_REVOKED,{_ALWAYS}",
}


@dataclass
class GoogleScene:
    """One customer behind a port of its own."""

    front: Front
    clock: SteppedClock
    reader: Adapter
    abilities: frozenset[Ability]
    folder: TemporaryDirectory[str]
    secrets: tuple[str, ...] = (TOKEN,)

    @property
    def writer(self) -> Adapter:
        return self.reader

    @property
    def unit_micros(self) -> int:
        return self.front.served.platform.account.unit_micros

    def now(self) -> datetime:
        return self.clock.now()

    def standing(self, ref: Ref, lever: Lever) -> int | None:
        return standing(self.front.served.platform, ref, lever)

    def writes(self) -> int:
        requests = self.front.served.journal.requests()
        return sum(request.method.startswith("Mutate") for request in requests)

    def cost_micros(self, day: date) -> int:
        return cost_micros(self.front.served.platform, day)

    def advance(self, span: timedelta) -> None:
        self.clock.move_to(self.clock.now() + span)

    def edit(self, ref: Ref, lever: Lever, value: Value) -> None:
        objection = self.front.served.platform.set(
            ref.kind, ref.id, FIELDS[lever], number_of(value), by="somebody@example.com", client="web"
        )
        assert objection is None, objection.because

    def make(self, trouble: Trouble) -> None:
        fault = Fault.parse(_FAULTS[trouble.what])
        told = {"seconds": trouble.seconds, "operation": trouble.operation}
        self.front.served.faults.arm(fault.model_copy(update=told))

    def mend(self) -> None:
        self.front.served.faults.clear()

    def close(self) -> None:
        self.front.close()
        self.folder.cleanup()


@dataclass(frozen=True)
class GoogleStage:
    """Opens sandboxes of the Google Ads API.

    Attributes:
        signs_in: With a service account's key, as a live one does; else with a token.
    """

    signs_in: bool = False
    name: str = "google_ads"
    abilities: frozenset[Ability] = frozenset(Ability)

    def open(self, opening: Opening) -> GoogleScene:
        clock = SteppedClock(opening.now)
        folder = TemporaryDirectory()
        platform = platform_of(
            opening,
            clock,
            AccountId("google_ads", CUSTOMER),
            unit_micros=UNITS.get(opening.currency, 10_000),
            channels=OTHERS,
            depth=DEPTH,
        )
        conduct = Conduct(sign_in=self.signs_in, token_lasts=timedelta(days=900))
        front = open_front(platform, Path(folder.name), port=0, conduct=conduct)
        options = Options(
            endpoint=front.endpoint,
            ca_file=front.ca_file,
            own_user=OWN_USER,
            levels=("ad_group", "keyword") if opening.campaigns <= FEW else (),
        )
        adapter = connect(
            CUSTOMER,
            options,
            credentials=_credentials(front),
            clock=clock,
            home=Path(folder.name),
            state=Path(folder.name) / "state",
        )
        return GoogleScene(front, clock, adapter, self.abilities, folder)


def _credentials(front: Front) -> dict[str, str]:
    if front.sign_in is None:
        return {"token": TOKEN}
    return {"service_account_file": str(front.sign_in.service_account_file)}
