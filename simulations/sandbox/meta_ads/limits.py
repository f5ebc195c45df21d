"""Limits: how much Meta lets a caller do, as far as it is known; everything can be set otherwise.

Numbers without a remark are documented: https://developers.facebook.com/docs/marketing-api/overview/rate-limiting
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveFloat, PositiveInt, ValidationError

from agent.domain.errors import Mistake, Mistakes

Percent = Annotated[float, Field(ge=0.0)]


class Limits(BaseModel):
    """Settings of the sandbox that stand for rules of Meta's.

    Attributes:
        score_maximum: Points of an account within `score_decay_s`; a read costs `score_read`, a
            write `score_write`. 60 points in the development tier.
        score_block_s: How long an account is blocked then; 300 in the development tier.
        score_code: "17/2446079" or "613/1487742"; when Meta uses which is not known.
        management_calls, insights_calls: Of one account within an hour, plus so many for each
            active ad. The sandbox counts an ad set as one ad.
        app_calls: Of the app within an hour, for the whole of it. Not documented for one user.
        mutations_per_second: Of the app on one account.
        budget_edits: Changes of one ad set's budget within an hour; one more blocks it for
            `budget_block_s`. That refused ones count is not documented.
        rehearsals_count: Whether `validate_only` counts as a change of a budget. Not known.
        campaign_budget_edits: The same for a campaign's budget; None: no limit is documented.
        batch_size: Calls in one batch.
        page, largest_page: Entries of a page where no limit is named, and at most. Not known.
        empty_pages: Whether an empty page that names a next one comes before every page but the
            first. It happens where what was filtered out filled a page; how often is not known.
        sync_rows: Rows that a report may have that is not ordered. Not documented as a number.
        actions_by: Whether a purchase counts on the day of its "click" or of its "conversion". The
            manual says: off Meta by conversion, whatever the caller asks; the sandbox knows that
            of campaigns and the account only, and of no hours.
        report_polls: How often an ordered report is asked for until it is there.
        report_days: After which it is forgotten.
        minimum_times_high, minimum_times_low: Smallest budgets by how often an ad set is
            charged, as multiples of the smallest at all.
        learning_conversions, learning_days: After which learning is over.
        unknown_parameters: Whether a write ignores what it does not know, or refuses it. Not known.
        tier: "standard_access" or "development_access".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    score_maximum: PositiveInt = 9000
    score_read: NonNegativeInt = 1
    score_write: NonNegativeInt = 3
    score_decay_s: PositiveFloat = 300.0
    score_block_s: PositiveFloat = 60.0
    score_code: Annotated[str, Field(pattern=r"^(17/2446079|613/1487742)$")] = "17/2446079"
    management_calls: PositiveInt = 100_000
    management_calls_per_ad: NonNegativeInt = 40
    insights_calls: PositiveInt = 190_000
    insights_calls_per_ad: NonNegativeInt = 400
    app_calls: PositiveInt = 1_000_000
    mutations_per_second: PositiveInt = 100
    budget_edits: PositiveInt = 4
    budget_block_s: PositiveFloat = 3600.0
    rehearsals_count: bool = False
    campaign_budget_edits: PositiveInt | None = None
    batch_size: PositiveInt = 50
    page: PositiveInt = 25
    largest_page: PositiveInt = 5000
    empty_pages: bool = False
    sync_rows: PositiveInt = 50_000
    actions_by: Annotated[str, Field(pattern=r"^(conversion|click)$")] = "click"
    report_polls: NonNegativeInt = 2
    report_days: PositiveInt = 30
    minimum_times_high: PositiveInt = 5
    minimum_times_low: PositiveInt = 40
    learning_conversions: PositiveInt = 50
    learning_days: PositiveInt = 7
    unknown_parameters: Annotated[str, Field(pattern=r"^(ignore|refuse)$")] = "ignore"
    tier: str = "standard_access"


def parse(texts: Sequence[str]) -> Limits:
    """Read ``score_maximum=60`` and the like, as written on the command line.

    Raises:
        Mistakes: Every one that is wrong.
    """
    pairs = dict(text.partition("=")[::2] for text in texts)
    try:
        return Limits.model_validate(pairs)
    except ValidationError as error:
        mistakes = [
            Mistake(f"limit {'.'.join(map(str, each['loc']))}", each["msg"]) for each in error.errors()
        ]
        raise Mistakes("the sandbox cannot start", mistakes) from None
