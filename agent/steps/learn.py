"""Learn: how late conversions are reported, from what was seen when."""

from datetime import datetime

from agent.domain.maturity import LagCurve, chain_ladder
from agent.domain.ref import AccountId
from agent.ports import Ledger

LAG_DAYS = 31
"""Ages that the curve speaks of: 0 to 30 days."""


def learn_lag(ledger: Ledger, account: AccountId, now: datetime) -> LagCurve:
    """The reported share by age as known at `now`; the assumed curve where nothing was seen twice."""
    earlier, later = ledger.development(account, now, LAG_DAYS)
    return chain_ladder(earlier, later)
