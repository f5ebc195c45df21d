"""Filters: which campaigns or ad sets of a list are wanted."""

from collections.abc import Iterable, Iterator

from simulations.sandbox.meta_ads.call import Call
from simulations.sandbox.meta_ads.fields import Row
from simulations.sandbox.meta_ads.refusal import PARAMETER, Refusal

_FIELDS = ("id", "effective_status", "campaign.id")


def kept(rows: Iterable[Row], call: Call) -> Iterator[Row]:
    """The rows that `effective_status` and `filtering` leave.

    Raises:
        Refusal: The sandbox does not filter so.
    """
    statuses = call.listed("effective_status")
    conditions = [_condition(each) for each in call.parsed("filtering") or []]
    for row in rows:
        if statuses and row.get("effective_status") not in statuses:
            continue
        if all(str(row.get(field)) in values for field, values in conditions):
            yield row


def _condition(each: object) -> tuple[str, list[str]]:
    if isinstance(each, dict) and str(each.get("operator")) in ("IN", "EQUAL"):
        field = str(each.get("field", "")).removeprefix("adset.")
        if field in _FIELDS and "value" in each:
            values = each["value"] if isinstance(each["value"], list) else [each["value"]]
            return field.replace("campaign.id", "campaign_id"), [str(value) for value in values]
    raise Refusal(
        PARAMETER, f"The sandbox filters by {', '.join(_FIELDS)} with IN or EQUAL", blame=["filtering"]
    )
