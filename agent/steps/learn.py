"""Learn: how late conversions are reported, from what was seen when and what the platform tells."""

from datetime import datetime

from agent.domain.maturity import Lag, chain_ladder, channel_curve, told_curve
from agent.domain.ref import AccountId
from agent.ports import Ledger

LAG_DAYS = 31
"""Ages that the curve speaks of: 0 to 30 days."""


def learn_lag(ledger: Ledger, account: AccountId, now: datetime) -> Lag:
    """The reported share by age as known at `now`.

    Learned from days that were seen more than once, drawn towards the platform's own lag report
    where it has one, else towards the assumed curve. Marked hours teach nothing: what was
    broken and is mended later does not look like lag. A channel of which enough was seen has a
    curve of its own.
    """
    advice = ledger.advice(account, now)
    earlier, later = ledger.development(account, now, LAG_DAYS, advice.windows)
    curve = chain_ladder(earlier, later, told_curve(advice, LAG_DAYS))
    by_channel = ledger.channel_development(account, now, LAG_DAYS, advice.windows)
    own = {channel: channel_curve(seen, curve) for channel, seen in by_channel.items()}
    return Lag(curve, {channel: found for channel, found in own.items() if found is not None})
