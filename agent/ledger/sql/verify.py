"""Verify: go through the whole audit chain, and hold every table against what it says."""

from collections.abc import Sequence

from sqlmodel import Session

from agent.ledger.anchor import Anchor
from agent.ledger.sql.audit import Chain, entry_holds, entry_of
from agent.ledger.sql.decided_tables import AuditRow
from agent.ledger.sql.pages import numbered
from agent.ledger.sql.standing import differences, untold_halts
from agent.ledger.sql.told import Told

_MOST = 50
"""Faults that are named; a ledger with more has one fault."""


def faults(session: Session, chain: Chain) -> Sequence[str]:
    """In words, the first one first; at most so many as help."""
    if chain.seal is None:
        return ["the ledger was opened without the key of its audit chain"]
    told = Told()
    found: list[str] = []
    before, expected = "", 1
    anchored = _anchored(chain.anchor)
    for row in numbered(session, AuditRow):
        where = f"audit entry {row.number}"
        if row.number != expected:
            gone = (
                f"entry {expected} is"
                if row.number == expected + 1
                else f"entries {expected} to {row.number - 1} are"
            )
            found.append(f"{where}: {gone} missing before it")
        if not entry_holds(row, before, chain.seal):
            found.append(
                f"{where} ({row.what}): does not bear gebot's seal: it, or what was before it, was altered"
            )
        heads = anchored.pop(row.number, set())
        if heads - {row.seal}:
            found.append(f"{where}: is not the one that was anchored")
        found += told.take(entry_of(row))
        before, expected = row.seal, row.number + 1
    if expected > 1 and chain.anchor is not None and not chain.anchor.heads():
        found.append(
            f"the anchor {chain.anchor.path} is gone or empty: whether the end was cut off cannot be told"
        )
    if anchored:
        last = max(anchored)
        found.append(f"audit entry {last}: is missing, but was anchored; the chain ends with {expected - 1}")
    found += differences(session, told)
    return found[:_MOST]


def notes(session: Session, chain: Chain) -> Sequence[str]:
    """In words: what the chain does not tell of and may be true, which is no fault."""
    if chain.seal is None:
        return []
    told = Told()
    for row in numbered(session, AuditRow):
        if row.what in _OF_HALTS:
            told.take(entry_of(row))
    return list(untold_halts(session, told))


_OF_HALTS = ("begin", "halt", "resume")


def _anchored(anchor: Anchor | None) -> dict[int, set[str]]:
    """The seals that were anchored, by number."""
    found: dict[int, set[str]] = {}
    for head in [] if anchor is None else anchor.heads():
        if head.number:
            found.setdefault(head.number, set()).add(head.seal)
    return found
