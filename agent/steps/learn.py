"""Learn: how late conversions are reported, from what was seen when and what the platform tells."""

from collections.abc import Sequence
from datetime import datetime

from agent.domain.advice import Advice, Window
from agent.domain.maturity import Lag, LagCurve, chain_ladder, channel_curve, told_curve
from agent.domain.ref import AccountId
from agent.domain.tracking_break import broken_windows
from agent.ports.ledger import Ledger

LAG_DAYS = 31
"""Ages that the curve speaks of: 0 to 30 days."""


def learn_lag(ledger: Ledger, account: AccountId, now: datetime) -> Lag:
    """The reported share by age as known at `now`.

    Learned from days that were seen more than once, drawn towards the platform's own lag report
    where it has one, else towards the assumed curve. Marked hours and those of a tracking break
    teach nothing: what was broken and is mended later does not look like lag. A channel of which
    enough was seen has a curve of its own.
    """
    advice = ledger.advice(account, now)
    unsound = _unsound(ledger, account, now, advice)
    curve = _curve(ledger, account, now, advice, unsound)
    by_channel = ledger.channel_development(account, now, LAG_DAYS, unsound)
    own = {channel: channel_curve(seen, curve) for channel, seen in by_channel.items()}
    return Lag(curve, {channel: found for channel, found in own.items() if found is not None})


def learn_curve(ledger: Ledger, account: AccountId, now: datetime) -> LagCurve:
    """The same of the account as a whole, without its channels."""
    advice = ledger.advice(account, now)
    return _curve(ledger, account, now, advice, _unsound(ledger, account, now, advice))


def _curve(
    ledger: Ledger, account: AccountId, now: datetime, advice: Advice, unsound: Sequence[Window]
) -> LagCurve:
    earlier, later = ledger.development(account, now, LAG_DAYS, unsound)
    return chain_ladder(earlier, later, told_curve(advice, LAG_DAYS))


def _unsound(ledger: Ledger, account: AccountId, now: datetime, advice: Advice) -> Sequence[Window]:
    """Hours that teach nothing."""
    return (*advice.windows, *broken_windows(ledger.freezes(account, now), now))
