"""Minimum: the least daily budget that Google has named, kept for the next plan."""

from adapters.google_ads.memory import Memory, Numbers


class Minimum:
    """Of one account, by currency.

    Google's minimum depends on the campaign and is told only when a budget was below it. Where it
    named several, the lowest is kept: it is the only one that is known to hold for the account.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def micros(self, currency: str) -> int:
        """0 when Google has named none."""
        return int(self._memory.read().get(currency, 0))

    def learn(self, micros: int, currency: str) -> None:
        def write(page: Numbers) -> None:
            page[currency] = min(micros, page.get(currency, micros))

        if self.micros(currency) != micros:
            self._memory.change(write)
