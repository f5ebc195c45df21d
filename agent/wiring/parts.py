"""Parts: from settings to everything that a cycle needs."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from typing import TypeAlias, cast

from agent import stop
from agent.clock import EmbeddedClock, FollowedClock, SteppedClock, SystemClock
from agent.config.accounts import AccountSettings
from agent.config.credentials import resolve_all
from agent.config.digest import digest_of, policy_body
from agent.config.guardrails import GuardrailSettings, MoneyLimits
from agent.config.portfolios import MonthSettings, PortfolioSettings
from agent.config.settings import Mode, Settings
from agent.domain.calibration import Tolerance
from agent.domain.errors import Mistake
from agent.domain.month.budget import MonthBudget
from agent.domain.portfolio import Limits, Portfolio
from agent.emergency import Emergency
from agent.parts import Parts
from agent.ports.clock import Clock
from agent.ports.deciding import Approver
from agent.ports.ledger import Ledger
from agent.ports.platform import Adapter
from agent.steps.approve import Nobody, Policy
from agent.steps.decide import Decider, Desk, Membership
from agent.wiring.code import code_version
from agent.wiring.fencing import fence
from agent.wiring.joined import Joined, joined_of
from agent.wiring.memory import folders_of
from agent.wiring.plugins import Platform, load, rule_file, strategy
from agent.wiring.sealing import seal_of

AgentClock: TypeAlias = SystemClock | EmbeddedClock | FollowedClock


def clock(settings: Settings) -> AgentClock:
    """The clock of all accounts but those whose data stand still.

    Raises:
        Mistake: The sandbox that it should follow does not answer, or the file of embedded time is damaged.
    """
    if settings.clock.follow is not None:
        try:
            return FollowedClock(settings.clock.follow)
        except (OSError, ValueError, KeyError) as error:
            found = f"{settings.clock.follow} does not tell its time: {error}"
            raise Mistake(f"{settings.file}: clock.follow", found, "start the sandbox first") from error
    if settings.clock.speed == 1:
        return SystemClock()
    embedded = EmbeddedClock(settings.state / "clock.json", settings.clock.speed)
    try:
        embedded.now()
    except (OSError, ValueError) as error:
        right = "restore it, or remove it together with the ledger and begin anew"
        raise Mistake(f"{settings.file}: clock.speed", str(error), right) from error
    return embedded


def called(settings: Settings) -> str:
    """What config.toml calls the way it works, for people to read; nobody decides by it."""
    return settings.mode.value


def carries_out(settings: Settings) -> bool:
    """Whether the daemon sends what was approved, or leaves that to `gebot apply`."""
    return settings.mode is not Mode.DRY_RUN


def parts(
    settings: Settings,
    account: AccountSettings,
    memory: Ledger,
    time: Clock,
    *,
    write: bool,
    patience_s: float | None = None,
    hurry: Callable[[], bool] = lambda: False,
) -> Parts:
    """Everything for cycles on one account; nothing is called yet.

    Args:
        write: Give it a way to change something, and resolve the credentials for that.
        patience_s, hurry: As `adapter` takes them.

    Raises:
        Mistakes: What is wrong with the account, its credentials, strategies or rule files.
    """
    joined = joined_of(settings, account)
    fixed = joined.fixed_now()
    time = time if fixed is None else SteppedClock(fixed)
    limits = settings.guardrails_of(account)
    link = adapter(settings, joined, time, write=write, patience_s=patience_s, hurry=hurry)
    body = policy_body(settings)
    return Parts(
        account=joined.id,
        reader=link,
        writer=link if write and hasattr(link, "apply") else None,
        ledger=memory,
        clock=time,
        desks=desks(settings, account, limits),
        fence=fence(limits),
        approver=_approver(settings),
        policy=digest_of(body),
        seed=settings.seed,
        history_days=account.schedule.history_days,
        reread_days=account.schedule.reread_days,
        max_age=limits.max_metrics_age,
        expires_after=settings.approval.expires_after,
        grace=account.schedule.settle_after,
        check_stop=lambda: stop.check(settings.state, memory, joined.id, more_folders=folders_of(settings)),
        unrecorded=Emergency(settings.state).keep,
        tolerance=_tolerance(settings),
        code=code_version(),
        policy_body=body,
        seal=seal_of(settings),
        knows_itself=all(platform.knows_itself() for platform in joined.platforms),
        pace=lambda: _pace(time),
        board=settings.approval.board,
    )


def desks(settings: Settings, account: AccountSettings, limits: GuardrailSettings) -> tuple[Desk, ...]:
    """The account's portfolios with their deciders.

    Raises:
        Mistakes: What is wrong with strategies and rule files.
    """
    return tuple(
        Desk(
            Portfolio(
                portfolio.name,
                portfolio.goal,
                portfolio.daily_pot,
                portfolio.target_cpa,
                portfolio.target_roas,
                _planning_limits(limits.daily_budget),
                bid_limits=_planning_limits(limits.cpc_bid),
                month=_month(portfolio.month),
            ),
            Membership(portfolio.campaigns, frozenset(portfolio.labels), portfolio.exclude),
            tuple(_deciders(settings, portfolio)),
        )
        for portfolio in settings.portfolios
        if portfolio.account == account.name
    )


def adapter(
    settings: Settings,
    account: Joined,
    time: Clock,
    *,
    write: bool,
    patience_s: float | None = None,
    hurry: Callable[[], bool] = lambda: False,
) -> Adapter:
    """The account's adapter in its wrappers; without `write` it has no way to change anything.

    Args:
        patience_s: How long a read is tried; None: as long as an unattended agent should.
        hurry: Asked while a read waits to be tried again; it is given up as soon as this says so.

    Raises:
        Mistakes: What is wrong with its credentials or options.
    """
    links = {
        platform.id: _link(settings, platform, time, write=write, patience_s=patience_s, hurry=hurry)
        for platform in account.platforms
    }
    if not account.id.is_joint:
        return links[account.id]
    return cast(Adapter, load("adapters.wrappers.joint:joint")(account.id, links, time))


def _link(
    settings: Settings,
    platform: Platform,
    time: Clock,
    *,
    write: bool,
    patience_s: float | None,
    hurry: Callable[[], bool],
) -> Adapter:
    link = platform.connect(secrets_of(settings, platform.account, write=write), time, settings.state)
    link = load("adapters.wrappers.recorded:recorded")(link, platform.id)
    sleep = load("adapters.wrappers.retrying:sleep_unless")(hurry)
    patience = partial(load("adapters.wrappers.retrying:Patience"), hurry=hurry, sleep=sleep)
    link = load("adapters.wrappers.retrying:retrying")(
        link, patience() if patience_s is None else patience(total_s=patience_s)
    )
    return link if write else load("adapters.wrappers.read_only:ReadOnly")(link)  # type: ignore[no-any-return]  # loaded by name


def secrets_of(settings: Settings, account: AccountSettings, *, write: bool) -> dict[str, str]:
    """The account's credentials by name, those for writing in the stead of others of their name.

    Raises:
        Mistakes: All that could not be fetched.
    """
    references = {**account.credentials, **(account.write_credentials if write else {})}
    where = f"{settings.file}: account {account.name!r}.credentials"
    return {name: secret.get_secret_value() for name, secret in resolve_all(references, where).items()}


def _approver(settings: Settings) -> Approver:
    auto = settings.approval.auto
    if settings.mode is not Mode.AUTO or auto is None or not auto.max_step or not auto.max_total_increase:
        return Nobody()
    return Policy(
        frozenset(auto.levers), Fraction(auto.max_step), auto.max_total_increase, settings.approval.board
    )


def _pace(time: Clock) -> float:
    """A faster clock leaves this machine as much real time as a real one."""
    return max(1.0, time.speed) if isinstance(time, EmbeddedClock | FollowedClock) else 1.0


def _tolerance(settings: Settings) -> Tolerance:
    found = settings.approval.calibration
    return Tolerance(found.demote, found.min_changes, found.tolerated)


def _planning_limits(limits: MoneyLimits | None) -> Limits:
    return Limits() if limits is None else Limits(limits.floor, limits.ceiling, limits.max_step)


def _month(settings: MonthSettings | None) -> MonthBudget | None:
    if settings is None:
        return None
    return MonthBudget(settings.budget, settings.plan, settings.tolerance, settings.catch_up)


def _deciders(settings: Settings, portfolio: PortfolioSettings) -> Iterable[Decider]:
    strategies = {item.name: item for item in settings.strategies}
    rule_files = {item.name: item for item in settings.rule_files}
    for name in portfolio.deciders:
        if name in strategies:
            yield Decider(name, strategy(strategies[name], file=settings.file))
        else:
            yield Decider(name, rule_file(rule_files[name]))
