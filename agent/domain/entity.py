"""EntityTable: what an account holds and how its levers stand, as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from agent.domain.lever import Lever, Value, value_of
from agent.domain.ref import AccountId, Kind, Ref

_RATIO_STEP = 10_000  # 0.01: platforms keep two to four decimals of a target ROAS

Strings = NDArray[np.str_]
Days = NDArray[np.datetime64]
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Account:
    """Facts of one ad account.

    Attributes:
        time_zone: IANA name; the account's days are days of this zone.
        unit_micros: Smallest step of its money; budgets and bids are multiples of it.
        over_delivery: What the platform may spend on a day, as a multiple of the daily
            budget, at worst (Google Ads 2.0).
        min_daily_budget_micros: Smallest daily budget that the platform is known to accept; 0
            when it has not said.
    """

    id: AccountId
    name: str
    currency: str
    time_zone: str
    unit_micros: int = 10_000
    over_delivery: float = 2.0
    min_daily_budget_micros: int = 0

    def step(self, lever: Lever) -> int:
        """What numbers of this lever are multiples of, where gebot works them out: micros or millionths."""
        if lever.is_money:
            return self.unit_micros
        return _RATIO_STEP if lever.is_ratio else 1


@dataclass(frozen=True, slots=True)
class LeverColumn:
    """One lever of all entities: where it stands, and where it has it at all.

    Attributes:
        numbers: Shape (n_entities,), micros, millionths or 0/1 (see `number_of`);
            0 where `present` is false.
        present: Shape (n_entities,), false where the entity has no such lever.
    """

    numbers: Numbers
    present: Flags

    def listed(self) -> list[int | None]:
        """The numbers as plain integers, None where the lever is not present."""
        pairs = zip(self.numbers.tolist(), self.present.tolist(), strict=True)
        return [number if present else None for number, present in pairs]


@dataclass(frozen=True)
class EntityTable:
    """All entities of an account, sorted by kind and id; every column has shape (n_entities,).

    Attributes:
        kinds: Values of `Kind`.
        parents: Id of the campaign that an ad group or keyword is in; "" for campaigns.
        channels: The platform's word, lower case ("search", "shopping"); "" when unknown.
        bidding: Bidding strategy type, lower case ("manual_cpc", "target_cpa"); "" when unknown.
        labels: The user's labels of each entity.
        started: First day of delivery, NaT when unknown.
        learning: True while the platform says that it is learning.
        locked: Why gebot may not change this entity ("experiment"), "" when it may.
        levers: A column for each lever that any entity of the account has.
    """

    account: Account
    kinds: Strings
    ids: Strings
    names: Strings
    parents: Strings
    channels: Strings
    bidding: Strings
    labels: tuple[frozenset[str], ...]
    started: Days
    learning: Flags
    locked: Strings
    levers: Mapping[Lever, LeverColumn]

    def __len__(self) -> int:
        return len(self.ids)

    def ref(self, index: int) -> Ref:
        return self.account.id.ref(self.kinds[index], str(self.ids[index]))

    @cached_property
    def campaign_rows(self) -> NDArray[np.intp]:
        """Row of the campaign that each entity is in; its own where it is in none that is here."""
        rows = {id_: row for (kind, id_), row in self._rows.items() if kind == Kind.CAMPAIGN}
        own = enumerate(self.parents.tolist())
        return np.array([rows.get(parent, row) if parent else row for row, parent in own], dtype=np.intp)

    @property
    def homes(self) -> list[AccountId]:
        """The account that each row is of: this one, or the one that it joins."""
        account = self.account.id
        if not account.is_joint:
            return [account] * len(self)
        return [self.ref(row).account_id for row in range(len(self))]

    def index(self) -> dict[tuple[str, str], int]:
        """Row number of each (kind, id)."""
        return dict(self._rows)

    @cached_property
    def _rows(self) -> dict[tuple[str, str], int]:
        keys = zip(self.kinds.tolist(), self.ids.tolist(), strict=True)
        return {key: row for row, key in enumerate(keys)}

    def row(self, ref: Ref) -> int | None:
        """Row number of this entity; None when it is not in the table. Fast: the index is kept."""
        id_ = self.account.id.id_of(ref)
        return None if id_ is None else self._rows.get((ref.kind, id_))

    def number(self, ref: Ref, lever: Lever) -> int | None:
        """Where the lever stands as micros, millionths or 0/1; None where it does not exist."""
        row = self.row(ref)
        numbers = self._numbers.get(lever)
        return None if row is None or numbers is None else numbers[row]

    @cached_property
    def _numbers(self) -> dict[Lever, list[int | None]]:
        return {lever: column.listed() for lever, column in self.levers.items()}

    def value(self, index: int, lever: Lever) -> Value | None:
        """How the lever stands; None where the entity has no such lever."""
        column = self.levers.get(lever)
        if column is None or not column.present[index]:
            return None
        return value_of(lever, int(column.numbers[index]), self.account.currency)

    def take(self, rows: NDArray[np.intp]) -> "EntityTable":
        """The table of these rows, in this order."""
        return replace(
            self,
            kinds=self.kinds[rows],
            ids=self.ids[rows],
            names=self.names[rows],
            parents=self.parents[rows],
            channels=self.channels[rows],
            bidding=self.bidding[rows],
            labels=tuple(self.labels[row] for row in rows.tolist()),
            started=self.started[rows],
            learning=self.learning[rows],
            locked=self.locked[rows],
            levers={
                lever: LeverColumn(column.numbers[rows], column.present[rows])
                for lever, column in self.levers.items()
            },
        )


def entity_table(
    account: Account,
    ids: Sequence[str],
    *,
    names: Sequence[str],
    kinds: Sequence[str] | None = None,
    parents: Sequence[str] | None = None,
    channels: Sequence[str] | None = None,
    bidding: Sequence[str] | None = None,
    labels: Sequence[frozenset[str]] | None = None,
    started: Days | None = None,
    learning: Sequence[bool] | None = None,
    locked: Sequence[str] | None = None,
    levers: Mapping[Lever, Sequence[int | None]] | None = None,
) -> EntityTable:
    """Build a sorted table from columns in any one order; what is left out is unknown.

    Args:
        kinds: "campaign" for all when left out.
        levers: None where an entity has no such lever.
    """
    n = len(ids)

    def strings(column: Sequence[str] | None, default: str = "") -> Strings:
        return np.array([default] * n if column is None else column, dtype=np.str_)

    table = EntityTable(
        account=account,
        kinds=strings(kinds, Kind.CAMPAIGN),
        ids=strings(ids),
        names=strings(names),
        parents=strings(parents),
        channels=strings(channels),
        bidding=strings(bidding),
        labels=tuple(labels) if labels is not None else (frozenset[str](),) * n,
        started=np.full(n, "NaT", dtype="datetime64[D]") if started is None else started,
        learning=np.zeros(n, dtype=bool) if learning is None else np.array(learning, dtype=bool),
        locked=strings(locked),
        levers={
            lever: LeverColumn(
                np.array([0 if number is None else number for number in column], dtype=np.int64),
                np.array([number is not None for number in column], dtype=bool),
            )
            for lever, column in (levers or {}).items()
        },
    )
    return table.take(np.lexsort((table.ids, table.kinds)))
