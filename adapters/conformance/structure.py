"""Structure: the account's facts and its entities."""

from itertools import product
from zoneinfo import available_timezones

import numpy as np

from adapters.conformance.check import Group, check, must
from adapters.conformance.same import same
from adapters.conformance.stage import Ability, Opening, Scene
from agent.domain.entity import EntityTable
from agent.domain.lever import Lever
from agent.domain.ref import Kind, Ref

_HOMES = tuple(
    Opening(currency=currency, time_zone=zone)
    for currency, zone in (("USD", "America/Los_Angeles"), ("JPY", "Asia/Tokyo"), ("KWD", "Asia/Kuwait"))
)
_BELOW = {Kind.AD_GROUP, Kind.AD_SET, Kind.KEYWORD}


@check(Group.READING, openings=(Opening(), *_HOMES))
def an_account_tells_all_its_facts(scene: Scene) -> None:
    """Currency, time zone and smallest unit are those of the platform; nothing is left to guess."""
    account = scene.reader.account()

    must(account.id.platform and account.id.account, f"the account's id was {account.id}")
    must(len(account.currency) == 3 and account.currency.isupper(), f"its currency was {account.currency!r}")
    must(account.time_zone in available_timezones(), f"its time zone was {account.time_zone!r}")
    must(
        account.unit_micros == scene.unit_micros,
        f"its smallest unit was {account.unit_micros} micros, {scene.unit_micros} is right",
    )
    must(account.over_delivery >= 1.0, f"its over-delivery was {account.over_delivery}, 1 or more is right")
    must(account.min_daily_budget_micros >= 0, f"its least budget was {account.min_daily_budget_micros}")


@check(Group.READING, openings=(Opening(), *_HOMES))
def currency_and_time_zone_are_the_accounts_own(scene: Scene) -> None:
    """Values are in the account's currency, and every money lever is a whole number of units."""
    account, table = scene.reader.account(), scene.reader.entities()

    for lever in (lever for lever in table.levers if lever.is_money):
        column = table.levers[lever]
        numbers = column.numbers[column.present]
        must((numbers > 0).all(), f"a {lever} of 0 or less is present; where there is none it is absent")
        must(
            (numbers % account.unit_micros == 0).all(),
            f"a {lever} is no multiple of {account.unit_micros} micros",
        )
    values = scene.reader.read([(table.ref(row), lever) for row, lever in _present(table)[:50]])
    currencies = {value.currency for value in values.values() if hasattr(value, "currency")}
    must(currencies <= {account.currency}, f"values were in {currencies}, {account.currency} is right")


@check(Group.READING)
def facts_of_an_account_do_not_change_by_themselves(scene: Scene) -> None:
    """Asked again, an account is the same; the table of its entities is about this very account."""
    first = scene.reader.account()
    table = scene.reader.entities()

    must(scene.reader.account() == first, "the account told other facts when it was asked again")
    for fact in ("id", "currency", "time_zone", "unit_micros"):
        must(
            getattr(table.account, fact) == getattr(first, fact),
            f"{fact} of the entities' account was {getattr(table.account, fact)}, "
            f"{getattr(first, fact)} is right",
        )


@check(Group.READING)
def entities_are_the_same_when_nothing_happened(scene: Scene) -> None:
    """Two readings at one moment do not differ, not even in their order."""
    first = scene.reader.entities()

    must(same(scene.reader.entities(), first), "a second reading differs from the first")


@check(Group.READING)
def entities_are_sorted_and_each_stands_once(scene: Scene) -> None:
    """Sorted by kind and id; an entity that stands twice would be decided on twice."""
    table = scene.reader.entities()
    keys = list(zip(table.kinds.tolist(), table.ids.tolist(), strict=True))

    must(len(table) > 0, "the account has no entities")
    must(keys == sorted(keys), "entities are not sorted by kind and id")
    must(len(set(keys)) == len(keys), "an entity stands twice")
    must({kind for kind, _ in keys} <= set(Kind), "an entity is of a kind that is not known")


@check(Group.READING)
def all_columns_have_one_length(scene: Scene) -> None:
    """One entry for each entity in every column, of the types that the table promises."""
    table = scene.reader.entities()
    n = (len(table),)

    for name in ("kinds", "ids", "names", "parents", "channels", "bidding", "locked"):
        column = getattr(table, name)
        must(column.shape == n and column.dtype.kind == "U", f"{name}: {column.dtype}{column.shape}")
    must(table.started.shape == n and table.started.dtype == np.dtype("datetime64[D]"), "started is no days")
    must(table.learning.shape == n and table.learning.dtype == np.bool_, "learning is no flags")
    must(len(table.labels) == len(table), "labels are more or fewer than entities")
    for lever, column in table.levers.items():
        must(lever in Lever, f"{lever!r} is no lever")
        must(column.numbers.shape == n and column.numbers.dtype == np.int64, f"{lever} is not of integers")
        must(column.present.shape == n and column.present.dtype == np.bool_, f"{lever}: presence is no flags")
        must((column.numbers[~column.present] == 0).all(), f"{lever} has a number where it is not present")
        if lever.is_switch:
            must(np.isin(column.numbers, (0, 1)).all(), f"{lever} is neither 0 nor 1")


@check(Group.READING)
def refs_lead_back_to_their_entities(scene: Scene) -> None:
    """A ref names one row, survives being written down, and is of this account."""
    table = scene.reader.entities()

    for row in range(len(table)):
        ref = table.ref(row)
        must(table.row(ref) == row, f"{ref} leads to row {table.row(ref)}, {row} is right")
        must(Ref.parse(str(ref)) == ref, f"{ref} is another one when it is read back")
        must(ref.account_id == table.account.id, f"{ref} is of another account")


@check(Group.READING)
def parents_are_campaigns_that_exist(scene: Scene) -> None:
    """Ad groups, ad sets and keywords name their campaign; campaigns and shared budgets name none."""
    table = scene.reader.entities()
    campaigns = set(table.ids[table.kinds == Kind.CAMPAIGN.value].tolist())

    for kind, id_, parent in zip(
        table.kinds.tolist(), table.ids.tolist(), table.parents.tolist(), strict=True
    ):
        if kind in _BELOW:
            must(parent in campaigns, f"{kind} {id_} has the parent {parent!r}, which is no campaign here")
        else:
            must(parent == "", f"{kind} {id_} has the parent {parent!r}, none is right")


@check(Group.READING)
def no_money_has_two_levers(scene: Scene) -> None:
    """A campaign has a budget, or what is below it has: never both."""
    table = scene.reader.entities()

    for lever in (Lever.DAILY_BUDGET, Lever.LIFETIME_BUDGET):
        column = table.levers.get(lever)
        if column is None:
            continue
        own = column.present & (table.kinds == Kind.CAMPAIGN.value)
        below = column.present & np.isin(table.kinds, [kind.value for kind in _BELOW])
        both = set(table.ids[own].tolist()) & set(table.parents[below].tolist())
        must(not both, f"campaigns {sorted(both)} have a {lever}, and so has something below them")


@check(Group.READING, Ability.OPEN_EMPTY, openings=(Opening(campaigns=0),))
def an_account_without_campaigns_can_be_read(scene: Scene) -> None:
    """Nothing is there, and nothing is wrong with that."""
    today = scene.now().date()
    table, metrics = scene.reader.entities(), scene.reader.metrics(today.replace(day=1), today)

    must(len(table) == 0, f"{len(table)} entities were told")
    must(len(metrics) == 0, f"{len(metrics)} rows of metrics were told")
    must(len(scene.reader.hours(today, today)) == 0, "hours were told")
    must(dict(scene.reader.read([])) == {}, "values were told")
    must(list(scene.reader.rehearse([])) == [], "receipts were given for nothing")
    must(list(scene.reader.history(scene.now())) == [], "edits were told")
    scene.reader.advice()


def _present(table: EntityTable) -> list[tuple[int, Lever]]:
    cells = product(range(len(table)), table.levers)
    return [(row, lever) for row, lever in cells if table.levers[lever].present[row]]
