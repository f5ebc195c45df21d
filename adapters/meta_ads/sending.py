"""Sending: a draft goes out once, in batches, and what became of each change is said."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.meta_ads.budget_edits import BudgetEdits
from adapters.meta_ads.client import MAX_BATCH, Client, headers_of
from adapters.meta_ads.errors import Answer, CallFailed, Fault, platform_error
from adapters.meta_ads.posts import Draft, Post
from agent.domain.outcome import Accepted, Ambiguous, Receipt, Refused
from agent.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends drafts of one account.

    Attributes:
        per_second: Changes that Meta allows an app on one account.
    """

    client: Client
    account: str
    clock: Clock
    edits: BudgetEdits
    per_second: int = 100

    def rehearse(self, draft: Draft) -> dict[int, Receipt]:
        """Ask Meta to validate every post; receipts by position.

        Raises:
            PlatformError: Meta did not answer.
        """
        return self._send(draft, validate_only=True)

    def apply(self, draft: Draft) -> dict[int, Receipt]:
        """Send every post that the hour's budget changes allow; receipts by position.

        After a request that went unanswered or was refused whole, nothing more is sent.

        Raises:
            PlatformError: Nothing was applied.
        """
        return self._send(draft, validate_only=False)

    def _send(self, draft: Draft, *, validate_only: bool) -> dict[int, Receipt]:
        receipts = dict(draft.settled)
        stopped = ""
        began: datetime | None = None
        for wave in _waves(draft.posts):
            for start in range(0, len(wave), MAX_BATCH):
                chunk = wave[start : start + MAX_BATCH]
                if stopped:
                    receipts |= {post.position: Refused(f"not sent, because {stopped}") for post in chunk}
                    continue
                if not validate_only:
                    late = self._too_many(chunk)
                    receipts |= late
                    chunk = [post for post in chunk if post.position not in late]
                if not chunk:
                    continue
                began = self._paced(began)
                nothing_yet = all(isinstance(receipt, Refused) for receipt in receipts.values())
                outcomes, stopped = self._request(
                    chunk, validate_only=validate_only, may_raise=validate_only or nothing_yet
                )
                receipts |= {post.position: outcome for post, outcome in zip(chunk, outcomes, strict=True)}
        return receipts

    def _paced(self, before: datetime | None) -> datetime:
        """Wait until the next batch keeps below the changes a second that Meta allows; the time then."""
        if before is not None:
            batch_s = MAX_BATCH / self.per_second
            gone_s = (self.clock.now() - before).total_seconds()
            self.client.sleep(min(batch_s, max(0.0, batch_s - gone_s)))
        return self.clock.now()

    def _too_many(self, chunk: Sequence[Post]) -> dict[int, Receipt]:
        """Refusals of budget changes that would be one too many; the others are counted now."""
        budgets = [post for post in chunk if post.budget_key]
        try:
            # A request that would have to wait must not cost a change.
            self.client.check_usage()
            answers = self.edits.reserve([post.budget_key for post in budgets], self.clock.now())
        except CallFailed:
            return {}  # the request itself will say so
        except OSError as error:
            refused = Refused(f"gebot could not write down its budget changes: {error.strerror}")
            return {post.position: refused for post in budgets}
        return {
            post.position: Refused(
                f"Meta allows {self.edits.per_hour} budget changes an hour;"
                f" the next one may go at {free_at:%Y-%m-%d %H:%M} UTC"
            )
            for post, free_at in zip(budgets, answers, strict=True)
            if free_at is not None
        }

    def _request(
        self, chunk: Sequence[Post], *, validate_only: bool, may_raise: bool
    ) -> tuple[list[Receipt], str]:
        """One request: an outcome for each post, and why nothing more may be sent ("": it may)."""
        entries: list[Any] = []
        fault = None
        try:
            entries = self.client.batch([post.call(validate_only=validate_only) for post in chunk])
        except CallFailed as failed:
            fault = failed.fault
        if fault is not None:
            if not validate_only and not fault.surely_not_applied:
                because = f"Meta did not confirm it: {fault.words}"
                return [Ambiguous(because)] * len(chunk), "the request before it went unanswered"
            failure = platform_error(self.account, fault)
            if may_raise:
                raise failure
            return [Refused(str(failure))] * len(chunk), "the request before it was refused"
        entries += [None] * (len(chunk) - len(entries))
        outcomes = [self._outcome(post, entry) for post, entry in zip(chunk, entries, strict=False)]
        waits = [outcome.fault for outcome in outcomes if outcome.fault is not None and outcome.must_stop]
        if waits and may_raise and len(waits) == len(chunk):
            raise platform_error(self.account, waits[0])
        return [outcome.receipt for outcome in outcomes], "Meta asked to stop" if waits else ""

    def _outcome(self, post: Post, entry: Any) -> "_Outcome":
        """What an entry of the answer says of its post: only a clear yes is one."""
        if not isinstance(entry, Mapping):
            return _Outcome(Ambiguous("Meta did not answer this part of the request"))
        body = _body(entry)
        if isinstance(body.get("error"), Mapping):
            fault = self.client.fault_of_entry(body, entry.get("code"))
            if not fault.surely_not_applied:
                return _Outcome(Ambiguous(f"Meta did not confirm it: {fault.words}"))
            if fault.answer is Answer.BUDGET_EDITS and post.budget_key:
                with suppress(OSError):  # Meta will say it again
                    self.edits.block(post.budget_key, self.clock.now())
            return _Outcome(Refused(fault.words), fault)
        if body.get("success") is True:
            return _Outcome(Accepted(_request_id(entry)))
        return _Outcome(Ambiguous("Meta's answer says neither yes nor no"))


@dataclass(frozen=True, slots=True)
class _Outcome:
    receipt: Receipt
    fault: Fault | None = None

    @property
    def must_stop(self) -> bool:
        """True when it speaks of the whole account, so that the next request would fare no better."""
        return self.fault is not None and self.fault.answer in (Answer.WAIT, Answer.DENIED)


def _waves(posts: Sequence[Post]) -> list[list[Post]]:
    """Posts in their order, but each object once in a wave: entries of a batch run side by side."""
    waves: list[list[Post]] = []
    count: dict[str, int] = {}
    for post in posts:
        wave = count.get(post.id, 0)
        count[post.id] = wave + 1
        if wave == len(waves):
            waves.append([])
        waves[wave].append(post)
    return waves


def _body(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        body = json.loads(entry.get("body") or "")
    except (TypeError, ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _request_id(entry: Mapping[str, Any]) -> str:
    headers = {name.lower(): value for name, value in headers_of(entry).items()}
    return headers.get("x-fb-request-id") or headers.get("x-fb-trace-id") or ""
