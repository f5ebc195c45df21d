"""Writes: changes of campaigns and ad sets, checked and carried out as Meta would."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.domain.ref import Kind
from simulations.groups import Group
from simulations.platform import Platform
from simulations.sandbox.meta_ads.call import MANNERS, Call
from simulations.sandbox.meta_ads.ids import shown
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.orders import BUDGETS, Orders, Target
from simulations.sandbox.meta_ads.refusal import PARAMETER, Refusal
from simulations.sandbox.meta_ads.throttle import Throttle
from simulations.sandbox.shared.journal import Journal, Mutation, Result
from simulations.structure import Campaign

_OPTIONS = ("validate_only", "include_recommendations")


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and whether they are told what became of it."""

    name: str
    request_id: str
    loses_reply: bool


class Writes:
    """Changes the platform, one call at a time, and writes the journal."""

    def __init__(self, platform: Platform, journal: Journal, throttle: Throttle, limits: Limits) -> None:
        self._platform = platform
        self._journal = journal
        self._throttle = throttle
        self._limits = limits
        self._orders = Orders(platform, limits)
        self._lock = threading.Lock()

    def to_campaign(self, campaign: Campaign, call: Call, author: Author) -> tuple[str, ...]:
        """As `to_ad_set`, of a campaign."""
        return self._run(Target(Kind.CAMPAIGN, campaign.id, campaign), call, author)

    def to_ad_set(self, group: Group, call: Call, author: Author) -> tuple[str, ...]:
        """Set everything that the call names, or nothing of it.

        Returns:
            Parameters that were passed over because nobody knows them.

        Raises:
            Refusal: One is refused, so nothing was stored.
        """
        campaign = self._platform.campaign(group.campaign_id)
        assert campaign is not None, "every group has one"
        return self._run(Target(Kind.AD_SET, group.id, campaign), call, author)

    def _run(self, target: Target, call: Call, author: Author) -> tuple[str, ...]:
        asked = {name: text for name, text in call.params.items() if name not in MANNERS}
        options = call.listed("execution_options")
        asked.pop("execution_options", None)
        with self._lock:
            try:
                if set(options) - set(_OPTIONS):
                    raise Refusal(
                        PARAMETER, "execution_options is none of Meta's", blame=["execution_options"]
                    )
                validates = "validate_only" in options
                if set(asked) & set(BUDGETS) and (not validates or self._limits.rehearsals_count):
                    self._count_budget_edit(target)
                found = self._orders.read(target, asked, call)
            except Refusal as refusal:
                self._write_down(target, asked, author, Result.REFUSED, str(refusal.code))
                raise
            result = Result.VALIDATED if validates else Result.COMMITTED
            self._write_down(target, asked, author, result)
            if not validates:
                for order in found.orders:
                    self._platform.set(target.kind, target.id, order.field, order.number, by=author.name)
            return found.unknown

    def _count_budget_edit(self, target: Target) -> None:
        limits = self._limits
        most = limits.budget_edits if target.kind is Kind.AD_SET else limits.campaign_budget_edits
        self._throttle.count_budget_edit(target.id, self._platform.now(), most=most)

    def _write_down(
        self, target: Target, asked: Mapping[str, str], author: Author, result: Result, why: str = ""
    ) -> None:
        """One line for each parameter; to be written before it is stored, for its `before`."""
        self._journal.add(list(self._lines(target, asked, author, result, why)))

    def _lines(
        self, target: Target, asked: Mapping[str, str], author: Author, result: Result, why: str
    ) -> Iterator[Mutation]:
        for name, text in asked.items():
            yield Mutation(
                time=self._platform.now().isoformat(),
                customer=self._platform.account.id.account,
                resource=shown(target.id),
                mask=name,
                before=self._orders.standing(target, name),
                after=text,
                who=author.name,
                request_id=author.request_id,
                result=result,
                why=why,
                reply_lost=author.loses_reply,
            )
