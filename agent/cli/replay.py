"""gebot backtest replay: what the live engine would have proposed on each day of the account's past."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.account import account_of
from agent.cli.html import Html, origin, place_for, typed, write_page
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.cli.progress import with_progress
from agent.config.faults import meant
from agent.domain.errors import Mistake
from agent.wiring import plugins

EXIT_LOOKED_AHEAD = 1
_SHOWN = 20


def replay(
    since: Annotated[str | None, typer.Option(help="The first day, such as 2026-10-01.")] = None,
    until: Annotated[str | None, typer.Option(help="The last day.")] = None,
    reporting: Annotated[
        str,
        typer.Option(
            help="A file does not tell when its conversions were reported. 'assumed': late, by the "
            "assumed lag curve; 'final': all known on the next morning."
        ),
    ] = "assumed",
    check: Annotated[
        bool, typer.Option(help="Look for use of what was not yet known; takes as long again.")
    ] = True,
    wishes: Annotated[bool, typer.Option("--wishes", help="With --json: every single proposal too.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    account: AccountName = None,
    html: Html = None,
    json: Json = False,
) -> None:
    place = place_for(html)
    settings, chosen = account_of(config, account)
    first, last = _day("--since", since), _day("--until", until)
    ways = plugins.load("simulations.replay.of_export:Reporting")
    if reporting not in list(ways):
        raise Mistake("--reporting", f"was {reporting!r}", meant(reporting, list(ways)))
    past = plugins.load("simulations.replay.source:past_of_account")(settings, chosen, ways(reporting))
    moments = plugins.load("simulations.replay.past:mornings")(
        past, chosen.schedule.decide_at, since=first, until=last
    )
    engine = plugins.load("simulations.replay.replay:Replay")(settings, chosen, past)
    mornings = with_progress(engine.mornings(moments), len(moments), "drawing up plans")
    found: list[Any] = []
    laws = plugins.module("simulations.replay.look_ahead")
    if check:
        again = laws.look_ahead(engine, mornings, moments, seed=settings.seed)
        checked = with_progress(again, len(mornings), "looking for look-ahead")
        found = sorted(
            [*laws.peeks(engine), *(one for morning in checked for one in morning.found)],
            key=lambda one: (one.day, one.decider),
        )
    records = plugins.module("simulations.replay.records")
    days = records.day_records(mornings)
    entities = plugins.load("simulations.replay.entities:entity_records")(mornings)
    if place is not None:
        pages = plugins.module("simulations.pages.of_replay")
        seen = records.look_ahead_records(found) if check else None
        replayed = pages.ReplayTold(records.past_record(past), days, entities, seen)
        write_page(pages.page_of_replay(replayed, typed(), origin()), place)
    if json:
        told = records.wish_records(mornings) if wishes else []
        print_json([records.past_record(past), *days, *entities, *told, *records.look_ahead_records(found)])
    else:
        console().print(_days_table(days, past.account.currency), "", _entities_table(entities), "")
        say(_what_it_is(past))
    _tell_look_ahead(found, len(mornings), checked=check)


def _tell_look_ahead(found: list[Any], n_mornings: int, *, checked: bool) -> None:
    """Say what the check found, and end with its exit status."""
    if not checked:
        say("look-ahead: not checked")
        return
    if not found:
        say(
            f"look-ahead: none. Each of the {n_mornings} plans was drawn up again with all later days known "
            "and poisoned, the last day first, and came out the same."
        )
        return
    say(f"look-ahead: FOUND in {len({one.day for one in found})} of {n_mornings} plans; this replay is void:")
    for one in found[:_SHOWN]:
        say(f"  {one.day}  {one.decider}: {one.what}")
    if len(found) > _SHOWN:
        say(f"  and {len(found) - _SHOWN} more (--json lists all)")
    raise typer.Exit(EXIT_LOOKED_AHEAD)


def _what_it_is(past: Any) -> str:
    lines = [f"replay of {past.source}: proposals only, no claim about what they would have brought"]
    return "\n".join([*lines, *(f"- {sentence}" for sentence in past.assumptions)])


def _days_table(days: list[Any], currency: str) -> Table:
    table = Table(box=None, title=f"what would have been proposed ({currency} a day)", title_justify="left")
    table.add_column("day")
    headings = ("stood", "raised", "cut", "wishes", "changes", "clamped", "denied", "stand", "not heard")
    for heading in headings:
        table.add_column(heading, justify="right")
    for one in days:
        table.add_row(
            f"{one['day']:%a %Y-%m-%d}",
            *(_money(one[name]) for name in ("stood_micros", "raised_micros", "cut_micros")),
            *(
                str(one[name] or "-")
                for name in ("wishes", "changes", "clamped", "denied", "standing", "not_heard")
            ),
        )
    return table


def _entities_table(entities: list[Any]) -> Table:
    table = Table(box=None, title="by entity, over all mornings", title_justify="left")
    table.add_column("entity")
    for heading in ("stood", "proposed", "wishes", "raises", "cuts", "other", "clamped", "denied"):
        table.add_column(heading, justify="right")
    for one in sorted(entities, key=lambda one: -(one["stood_micros"] or 0)):
        table.add_row(
            escape(one["name"]),
            *(_money(one[name]) for name in ("stood_micros", "proposed_micros")),
            *(
                str(one[name] or "-")
                for name in ("wishes", "raises", "cuts", "other_changes", "clamped", "denied")
            ),
        )
    return table


def _money(micros: int | None) -> str:
    return "-" if not micros else f"{micros / 1e6:,.2f}"


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise Mistake(option, f"was {text!r}", "a day such as 2026-10-01 is right") from None
