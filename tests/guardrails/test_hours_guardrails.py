"""Marked hours pass the same guardrails as everything else, though they are no rows of the account."""

from dataclasses import replace

import pytest
import sample

from agent.config.guardrails import GuardrailSettings
from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.plan import Decision
from agent.domain.proposal import Proposal
from agent.domain.ref import AccountId, Kind
from agent.domain.snapshot import Freshness, Grade, Snapshot
from agent.guardrails.settle import settle
from agent.steps.guard import guard
from agent.wiring.fencing import fence

HOURS = "2026-11-10T08:00/2026-11-10T14:00 search"
LIMITS = {
    "max_metrics_age": "6h",
    "min_maturity": "80%",
    "min_clicks": 1000,
    "min_history_days": 90,
    "max_changes_per_run": 5,
    "max_changes_per_hour": 5,
    "max_share_of_entities_per_run": "10%",
    "max_share_of_spend_per_run": "10%",
    "account_ceiling": "100.00 EUR",
    "status": {"allowed": ["paused"], "cooldown": "1d", "max_changes_per_day": 1},
    "data_exclusion": {"allowed": ["enabled"], "cooldown": "1d"},
    "conversion_rate_modifier": {
        "floor": "0.5",
        "ceiling": "2.0",
        "max_step": "100%",
        "max_change_7d": "100%",
        "cooldown": "1d",
    },
}


def snapshot(advice: Advice = NO_ADVICE) -> Snapshot:
    """An account of which nothing is known but how it stands."""
    blind = Freshness(Grade.STALE, None, None, 30)
    found = sample.snapshot(sample.entities([50.0]), known=False, freshness=blind)
    return replace(found, advice=advice)


def decided(
    target: Value,
    *,
    id_: str = HOURS,
    kind: Kind = Kind.DATA_EXCLUSION,
    lever: Lever = Lever.DATA_EXCLUSION,
    advice: Advice = NO_ADVICE,
    limits: object = LIMITS,
    account: AccountId = sample.ACCOUNT.id,
) -> Decision:
    wish = Proposal(account.ref(kind, id_), lever, target, "broken tag", "person")
    fenced = fence(GuardrailSettings.model_validate(limits))
    return guard(snapshot(advice), [], [wish], fenced, {})[0]


def test_an_exclusion_is_made_whatever_is_known_of_the_account() -> None:
    """Metrics are stale and there is no evidence: that is when somebody needs one."""
    change = decided(Status.ENABLED).change

    assert change is not None
    assert (change.before, change.after) == (Status.PAUSED, Status.ENABLED)
    assert change.inverse().after is Status.PAUSED


def test_what_is_marked_already_needs_no_change() -> None:
    """The platform told of it."""
    assert decided(Status.ENABLED, advice=sample.marked(HOURS)).change is None


def test_only_what_the_configuration_allows_is_done() -> None:
    """Here exclusions may be made and not taken away."""
    decision = decided(Status.PAUSED, advice=sample.marked(HOURS))

    assert decision.change is None
    assert [word.guardrail for word in decision.words] == ["data_exclusion.allowed"]


def test_without_a_table_of_limits_nothing_is_marked() -> None:
    """As with every lever."""
    limits = {key: value for key, value in LIMITS.items() if key != "data_exclusion"}

    assert [word.guardrail for word in decided(Status.ENABLED, limits=limits).words] == ["levers"]


@pytest.mark.parametrize(
    "other",
    [
        {"id_": "yesterday morning"},
        {"kind": Kind.SEASONALITY},
        {"kind": Kind.CAMPAIGN},
        {"account": AccountId("simulated", "another")},
    ],
)
def test_what_is_no_hours_of_the_account_is_denied(other: dict[str, object]) -> None:
    """Ids that say no hours, other kinds, other accounts."""
    decision = decided(Status.ENABLED, **other)  # type: ignore[arg-type]  # named by the test

    assert decision.change is None
    assert decision.words


@pytest.mark.parametrize(("wished", "becomes"), [("1.3", "1.30"), ("0.6", "0.60"), ("3", "2.00")])
def test_a_modifier_is_held_to_its_limits(wished: str, becomes: str) -> None:
    """It starts from 1, which is none."""
    decision = decided(Ratio.of(wished), kind=Kind.SEASONALITY, lever=Lever.CONVERSION_RATE_MODIFIER)

    assert decision.change is not None
    assert str(decision.change.before) == "1.00"
    assert str(decision.change.after) == becomes


def test_the_limits_of_exclusions_are_not_those_of_statuses() -> None:
    """A team that lets gebot mark hours and pause campaigns does not forbid pausing by it."""
    wish = Proposal(snapshot().entities.ref(0), Lever.STATUS, Status.PAUSED, "because", "rule")
    limits = {**LIMITS, "min_clicks": 1, "min_history_days": 1}
    known = sample.snapshot(sample.entities([50.0]), clicks=100, impressions=1000)

    decision = guard(known, [], [wish], fence(GuardrailSettings.model_validate(limits)), {})[0]

    assert decision.change is not None


def test_sums_are_settled_around_marked_hours() -> None:
    """They cost nothing."""
    assert settle([decided(Status.ENABLED)], snapshot(), []) == [decided(Status.ENABLED)]


def test_hours_of_a_member_of_a_joint_account_stand_as_its_platform_told() -> None:
    """Their ref is the member's own; the joint account's advice names whose they are."""
    joint, member = AccountId("joint", "both"), AccountId("google_ads", "1")
    table = sample.entities([50.0], account=replace(sample.ACCOUNT, id=joint))
    window = replace(sample.marked(HOURS).windows[0], id=f"{member}/{HOURS}")
    both = replace(sample.snapshot(table), advice=Advice(windows=(window,)))

    stands = [
        both.value(home.ref(Kind.DATA_EXCLUSION, HOURS), Lever.DATA_EXCLUSION)
        for home in (member, AccountId("google_ads", "2"))
    ]

    assert stands == [Status.ENABLED, Status.PAUSED]
