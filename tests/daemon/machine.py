"""Machine: `gebot run` in a process of its own, with leases that a frozen process soon loses.

It stands still right after its word that something is sent when a file "freeze" is in its folder.
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from agent.cli.main import settle_on_one_thread
from agent.cli.run import daemon_of
from agent.daemon.leader import FileLeases
from agent.daemon.restored import take_up_restored
from agent.domain.points import Point
from agent.ledger.open import open_leases
from agent.office import open_office
from agent.wiring.sealing import own_folder


def stand_still(point: Point) -> None:
    """Once: as a process that the system suspends, between the word and the deed."""
    if point is Point.WORD_WRITTEN and Path("freeze").exists():
        Path("freeze").rename("frozen")
        os.kill(os.getpid(), signal.SIGSTOP)


def main() -> int:
    settle_on_one_thread()
    office = open_office(Path("config.toml"), terminal=sys.stderr)
    url = office.settings.ledger
    leases = FileLeases(office.settings.state) if url.startswith("sqlite") else open_leases(url, ttl_s=1.5)
    readers = (parts for _, parts in office.parts(write=False))
    for told in take_up_restored(office.memory, readers, office.clock, own_folder(office.settings), leases):
        print(told)
    daemon = daemon_of(office, leases, 0.3)
    daemon._posts = [replace(post, parts=replace(post.parts, reached=stand_still)) for post in daemon._posts]
    return daemon.run()


if __name__ == "__main__":
    sys.exit(main())
