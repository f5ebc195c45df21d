"""Mutate: operations of a request, checked and carried out as Google would."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulations.platform import Platform
from simulations.sandbox.google_ads.advice_rows import number_of
from simulations.sandbox.google_ads.checks import Checks
from simulations.sandbox.google_ads.conduct import Strictness
from simulations.sandbox.google_ads.marking import Marking
from simulations.sandbox.google_ads.masks import number_at
from simulations.sandbox.google_ads.orders import Call, Item, Order, Setting, shown
from simulations.sandbox.google_ads.refusal import Refusal
from simulations.sandbox.google_ads.resources import ADJUSTMENTS, EXCLUSIONS
from simulations.sandbox.google_ads.tables import Tables
from simulations.sandbox.shared.journal import Journal, Mutation, Result

MAX_OPERATIONS = 10_000
_SPOILED = "another operation was refused"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a request.

    Attributes:
        refusals: Of each refused operation by its index.
        names: The resource name of each operation that was not refused, by its index.
    """

    refusals: Mapping[int, Refusal]
    names: Mapping[int, str]


class Mutator:
    """Changes the platform, one request at a time, and writes the journal."""

    def __init__(
        self,
        platform: Platform,
        tables: Tables,
        journal: Journal,
        strictness: Strictness,
        noted: Callable[[Call, str, str, str], None],
    ) -> None:
        """Change this platform.

        Args:
            noted: Is told of each limit that a call broke: what, which resource, because.
        """
        self._platform = platform
        self._tables = tables
        self._journal = journal
        self._strictness = strictness
        self._noted = noted
        self._marking = Marking(platform)
        self._lock = threading.Lock()

    def run(self, items: Sequence[Item], call: Call) -> Done:
        """Check all operations, then store those that may be stored.

        Without `partial_failure` nothing is stored when one was refused.
        """
        with self._lock, self._platform.together():
            checked = self._checked_all(items, call)
            refusals = {index: each for index, each in enumerate(checked) if isinstance(each, Refusal)}
            spoiled = bool(refusals) and not call.partial_failure
            entries: list[Mutation] = []
            names: dict[int, str] = {}
            for index, (item, order) in enumerate(zip(items, checked, strict=True)):
                if isinstance(order, Refusal):
                    entries += self._attempted(item, call, order.code)
                    continue
                names[index] = order.resource_name
                result, why = Result.VALIDATED if call.validate_only else Result.COMMITTED, ""
                if spoiled:
                    result, why = Result.REFUSED, _SPOILED
                for setting in order.settings:
                    entries.append(self._entry(order, setting, call, result, why))
                    if result is Result.COMMITTED:
                        self._store(setting, call.who)
                if result is Result.COMMITTED and order.name is not None:
                    self._tables.window_names[number_of(order.settings[-1].id)] = order.name
            self._journal.add(entries)
            return Done(refusals, names)

    def _checked_all(self, items: Sequence[Item], call: Call) -> list[Order | Refusal]:
        def noted(what: str, resource: str, because: str) -> None:
            self._noted(call, what, resource, because)

        checks = Checks(self._platform, self._tables.idle, self._strictness, noted)
        checked: list[Order | Refusal] = []
        names: set[str] = set()
        for index, item in enumerate(items):
            try:
                order = self._order(checks, item, call.customer)
                if order.resource_name in names or item.resource_name in names:
                    because = "Each resource may stand in a request only once."
                    noted("resource_twice_in_a_request", order.resource_name, because)
                    raise Refusal("mutate_error.ID_EXISTS_IN_MULTIPLE_MUTATES", because)
                names |= {order.resource_name, item.resource_name} - {""}
                checked.append(call.refused.get(index, order))
            except Refusal as refusal:
                checked.append(refusal)
        return checked

    def _order(self, checks: Checks, item: Item, customer: str) -> Order:
        if item.operation.WhichOneof("operation") is None:
            raise Refusal("request_error.OPERATION_REQUIRED", "The operation is empty.")
        if item.collection in (EXCLUSIONS, ADJUSTMENTS):
            return self._marking.order(item, customer)
        return checks.order(item, customer)

    def _store(self, setting: Setting, who: str) -> None:
        if setting.idle:
            self._tables.idle.keep(setting.kind, setting.id, setting.field, setting.number)
        else:
            assert setting.number is not None, "only idle values are cleared"
            self._platform.set(setting.kind, setting.id, setting.field, setting.number, by=who)

    def _entry(self, order: Order, setting: Setting, call: Call, result: Result, why: str) -> Mutation:
        """The journal's line; to be written before the setting is stored, for its `before`."""
        before = self._platform.standing(setting.kind, setting.id, setting.field)
        if before is None:
            before = self._tables.idle.standing(setting.kind, setting.id, setting.field)
        marked = f"{setting.mask} {setting.id}" if setting.mask in ("create", "remove") else setting.mask
        return self._line(
            call,
            resource=order.resource_name,
            mask=marked,
            before=shown(setting.field, before),
            after=shown(setting.field, setting.number),
            result=result,
            why=why,
        )

    def _attempted(self, item: Item, call: Call, why: str) -> list[Mutation]:
        """Lines of an operation that was refused, one for each field that it named."""
        operation, levers = item.operation, item.collection.levers
        what = operation.WhichOneof("operation") or ""
        id_ = item.resource_name.rsplit("/", 1)[-1]
        lines = []
        for path in operation.update_mask.paths if what == "update" else ():
            before, after = None, None
            if path in levers:
                before = shown(levers[path], self._platform.standing(item.collection.kind, id_, levers[path]))
                try:
                    after = shown(levers[path], number_at(operation.update, path, levers[path]))
                except Refusal:
                    after = str(operation.update.status)
            lines.append(
                self._line(
                    call,
                    resource=item.resource_name,
                    mask=path,
                    before=before,
                    after=after,
                    result=Result.REFUSED,
                    why=why,
                )
            )
        return lines or [
            self._line(
                call,
                resource=item.resource_name,
                mask="" if what == "update" else what,
                before=None,
                after=None,
                result=Result.REFUSED,
                why=why,
            )
        ]

    def _line(
        self,
        call: Call,
        *,
        resource: str,
        mask: str,
        before: int | str | None,
        after: int | str | None,
        result: Result,
        why: str,
    ) -> Mutation:
        return Mutation(
            time=self._platform.now().isoformat(),
            customer=call.customer,
            resource=resource,
            mask=mask,
            before=before,
            after=after,
            who=call.who,
            request_id=call.request_id,
            result=result,
            why=why,
            reply_lost=call.reply_lost,
        )
