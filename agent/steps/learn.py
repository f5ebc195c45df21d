"""Learn: how late conversions are reported, from what was seen when and what the platform tells."""

from datetime import datetime

from agent.domain.maturity import LagCurve, chain_ladder, told_curve
from agent.domain.ref import AccountId
from agent.ports import Ledger

LAG_DAYS = 31
"""Ages that the curve speaks of: 0 to 30 days."""


def learn_lag(ledger: Ledger, account: AccountId, now: datetime) -> LagCurve:
    """The reported share by age as known at `now`.

    Learned from days that were seen more than once, drawn towards the platform's own lag report
    where it has one, else towards the assumed curve. Marked hours teach nothing: what was
    broken and is mended later does not look like lag.
    """
    advice = ledger.advice(account, now)
    earlier, later = ledger.development(account, now, LAG_DAYS, advice.windows)
    return chain_ladder(earlier, later, told_curve(advice, LAG_DAYS))
