"""The adapter on a Meta sandbox, and short ways to change something there."""

from datetime import date, timedelta
from pathlib import Path

import canaries
from meta_sandbox import ACCOUNT, ACCOUNT_ID, SECRET, ad_sets, campaign, with_bidding

from adapters.meta_ads.connect import Options, connect
from agent.domain.money import Money
from agent.domain.ref import Kind, Ref
from agent.ports.platform import Adapter
from simulations.sandbox.meta_ads.serve import Sandbox
from simulations.sandbox.shared.faults import Fault

TODAY = date(2026, 11, 21)
TOKEN = canaries.of("meta access token")
SINCE = TODAY - timedelta(days=20)


def adapter_on(
    sandbox: Sandbox,
    *,
    token: str = TOKEN,
    state: Path | None = None,
    **options: object,
) -> Adapter:
    return connect(
        ACCOUNT,
        Options.model_validate({"endpoint": sandbox.front.endpoint, **options}),
        credentials={"access_token": token, "app_secret": SECRET},
        clock=sandbox.clock,
        home=Path(),
        state=state,
    )


def ref(id_: str, kind: Kind = Kind.AD_SET) -> Ref:
    return Ref("meta_ads", ACCOUNT_ID, kind, id_)


def of_campaign(sandbox: Sandbox, bidding: str) -> Ref:
    return ref(campaign(sandbox, with_bidding(sandbox, bidding)), Kind.CAMPAIGN)


def of_ad_set(sandbox: Sandbox, bidding: str) -> Ref:
    return ref(ad_sets(sandbox, with_bidding(sandbox, bidding))[0])


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def arm(sandbox: Sandbox, fault: str) -> None:
    sandbox.front.served.faults.arm(Fault.parse(fault))
