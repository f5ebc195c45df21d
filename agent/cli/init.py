"""`gebot init`: ask for an account and write its config.toml."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from agent.cli import answers
from agent.config.connections import Csv, GoogleAds, MetaAds, Sandbox
from agent.config.credentials import missing
from agent.config.draft import DEMO, RULES, Draft, draft_text
from agent.config.load import load
from agent.domain.errors import Mistake, Mistakes
from agent.domain.money import Money

_Answer = TypeVar("_Answer")


def init(
    *,
    path: Annotated[Path, typer.Option("--path", "--config", "-c", help="File to write.")] = Path(
        "config.toml"
    ),
    platform: Annotated[
        str | None, typer.Option(parser=answers.platform_of, help="google_ads, meta_ads, csv or simulated.")
    ] = None,
    account_id: Annotated[
        str | None, typer.Option(parser=answers.account_id_of, help="As the platform names the account.")
    ] = None,
    manager_id: Annotated[
        str | None,
        typer.Option(parser=answers.manager_id_of, help="Google Ads: manager account that gives access."),
    ] = None,
    conversion: Annotated[
        str | None,
        typer.Option(
            parser=answers.action_type_of,
            help="Meta: action type that counts, such as lead; none: purchases.",
        ),
    ] = None,
    levels: Annotated[
        str | None,
        typer.Option(
            parser=answers.levels_of,
            metavar="LEVEL,LEVEL",
            help="What to look at below campaigns. Google Ads: ad_group, keyword; Meta: ad_set.",
        ),
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="Where a sandbox listens, in place of Google or Meta.")
    ] = None,
    ca_file: Annotated[
        str | None, typer.Option(parser=answers.file_of, help="The sandbox's certificate authority, if any.")
    ] = None,
    file: Annotated[
        str | None, typer.Option(parser=answers.file_of, help="csv: the exported campaign metrics.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(parser=answers.zone_of, help="csv: zone of its days.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(parser=answers.name_of, help="What you call the account.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(parser=answers.currency_of, help="Of the account, such as EUR.")
    ] = None,
    daily_pot: Annotated[
        Decimal | None,
        typer.Option(parser=answers.amount_of, help="What all campaigns together may be given a day."),
    ] = None,
    monthly_budget: Annotated[
        Decimal | None, typer.Option(parser=answers.amount_of, help="The same for a month.")
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(parser=answers.file_of, help="A rule file that decides before the strategy."),
    ] = None,
    follow: Annotated[
        str | None, typer.Option(help="Control address of a sandbox: its time is gebot's.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take what is usual.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a complete, commented config.toml; what is not given is asked for.

    A real account starts in mode dry-run: nothing is changed on its platform.
    """
    if path.exists() and not force:
        raise Mistake(str(path), "exists already", "--force replaces it")
    ask = _Asking(unattended=yes)
    platform = ask(
        platform, answers.platform_of, "Platform (google_ads, meta_ads, csv, simulated)", "google_ads"
    )
    given = _Given(
        account_id,
        manager_id,
        conversion,
        tuple(levels.split(",")) if levels else (),
        None if endpoint is None else Sandbox(endpoint, ca_file or ""),
        file,
        time_zone,
        name,
        currency,
        daily_pot,
        monthly_budget,
    )
    _insist(given, platform, unattended=yes)
    draft = _DRAFTED[platform](given, ask)
    shipped = RULES if (path.absolute().parent / RULES).is_file() else ""
    draft = replace(draft, rules=shipped if rules is None else rules, follow=follow or "")
    try:
        path.write_text(draft_text(draft), encoding="utf-8")
    except OSError as error:
        raise Mistake(str(path), f"could not be written: {error.strerror}") from None
    _tell_next_steps(path)


@dataclass(frozen=True, slots=True)
class _Given:
    """The options of the command line; None: not given."""

    account_id: str | None
    manager_id: str | None
    conversion: str | None
    levels: tuple[str, ...]
    sandbox: Sandbox | None
    file: str | None
    time_zone: str | None
    name: str | None
    currency: str | None
    daily_pot: Decimal | None
    monthly_budget: Decimal | None


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks for what was not given; unattended it takes what is usual, or says what is missing."""

    unattended: bool

    def __call__(
        self,
        given: _Answer | None,
        check: Callable[[str], _Answer],
        question: str,
        usual: str | None,
    ) -> _Answer:
        if given is not None:
            return given
        if self.unattended:
            assert usual is not None, "what has no usual answer was insisted on"
            return check(usual)
        answer: _Answer = typer.prompt(question, default=usual, value_proc=check, show_default=bool(usual))
        return answer


def _insist(given: _Given, platform: str, *, unattended: bool) -> None:
    """Refuse options that exclude each other and, unattended, the lack of what has no usual answer."""
    mistakes = []
    if given.daily_pot is not None and given.monthly_budget is not None:
        together = "was given together with --daily-pot"
        mistakes.append(Mistake("--monthly-budget", together, "one of them is right"))
    strange = sorted(set(given.levels) - set(_LEVELS_OF.get(platform, ())))
    if strange:
        known = ", ".join(_LEVELS_OF.get(platform, ())) or "none"
        mistakes.append(Mistake("--levels", f"{', '.join(strange)} is not on {platform}", f"known: {known}"))
    if given.sandbox is not None and platform not in _LEVELS_OF:
        mistakes.append(
            Mistake("--endpoint", f"was given for {platform}", "sandboxes are of Google and Meta")
        )
    needed = {
        "--account-id": platform in ("google_ads", "meta_ads") and given.account_id is None,
        "--file": platform == "csv" and given.file is None,
        "--daily-pot": platform != "simulated" and (given.daily_pot or given.monthly_budget) is None,
    }
    if unattended:
        hint = "--yes asks nothing, and nothing is usual here"
        mistakes += [Mistake(option, "was not given", hint) for option, lacks in needed.items() if lacks]
    if mistakes:
        raise Mistakes("gebot init cannot begin", mistakes)


def _google_ads(given: _Given, ask: _Asking) -> Draft:
    customer = None if given.account_id is None else answers.customer_id_of(given.account_id)
    account_id = ask(customer, answers.customer_id_of, "Customer id (123-456-7890)", None)
    question = "Customer id of the manager account that gives access, if any"
    manager_id = ask(given.manager_id, answers.manager_id_of, question, "")
    return Draft(
        platform=GoogleAds(manager_id, given.levels, given.sandbox),
        name=ask(given.name, answers.name_of, "What do you call the account?", "main"),
        account_id=account_id,
        daily_pot=_pot(given, ask),
    )


def _meta_ads(given: _Given, ask: _Asking) -> Draft:
    account = None if given.account_id is None else answers.meta_account_id_of(given.account_id)
    account_id = ask(account, answers.meta_account_id_of, "Ad account id (act_1234567890)", None)
    question = "Action type that counts as a conversion, such as lead; nothing for purchases"
    conversion = ask(given.conversion, answers.action_type_of, question, "")
    return Draft(
        platform=MetaAds(conversion, given.levels, given.sandbox),
        name=ask(given.name, answers.name_of, "What do you call the account?", "meta"),
        account_id=account_id,
        daily_pot=_pot(given, ask),
    )


def _csv(given: _Given, ask: _Asking) -> Draft:
    file = ask(given.file, answers.file_of, "File with the exported campaign metrics", None)
    zone = ask(given.time_zone, answers.zone_of, "Time zone of its days", "UTC")
    name = ask(given.name, answers.name_of, "What do you call the account?", "export")
    pot = _pot(given, ask)
    return Draft(
        platform=Csv(file, zone),
        name=name,
        account_id="export" if given.account_id is None else given.account_id,
        daily_pot=pot,
    )


def _simulated(given: _Given, ask: _Asking) -> Draft:
    """The embedded account; there is nothing that a person must tell."""
    draft = replace(
        DEMO,
        name=given.name or DEMO.name,
        account_id=given.account_id or DEMO.account_id,
        daily_pot=Money(DEMO.daily_pot.micros, given.currency or DEMO.daily_pot.currency),
    )
    if given.daily_pot is None and given.monthly_budget is None:
        return draft
    return replace(draft, daily_pot=_pot(given, ask))


_LEVELS_OF = {"google_ads": ("ad_group", "keyword"), "meta_ads": ("ad_set",)}
_DRAFTED = {"google_ads": _google_ads, "meta_ads": _meta_ads, "csv": _csv, "simulated": _simulated}


def _pot(given: _Given, ask: _Asking) -> Money:
    currency = ask(given.currency, answers.currency_of, "Currency of the account", "EUR")
    if given.monthly_budget is not None:
        return answers.pot_of_month(given.monthly_budget, currency)
    question = f"What may all campaigns together be given a day, in {currency}?"
    amount = ask(given.daily_pot, answers.amount_of, question, None)
    return Money.of(amount, currency)


def _tell_next_steps(path: Path) -> None:
    settings = load(path)
    (account,) = settings.accounts
    typer.echo(f"{path}: account {account.name} ({account.account_id}), mode {settings.mode}")
    typer.echo("Next:")
    for mistake in missing(settings, write=False):
        typer.echo(f"  {mistake.expected}")
    config = "" if path == Path("config.toml") else f" --config {path}"
    typer.echo(f"  gebot check{config}  # does everything work?")
    typer.echo(f"  gebot plan{config}   # what would it change, and why?")
