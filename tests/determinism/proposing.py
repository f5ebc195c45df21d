"""Prints what every strategy proposes for one account; for a process with other threads and hashes."""

from agent.cli.main import settle_on_one_thread

settle_on_one_thread()

from every import STRATEGIES, Sketch, account_of, decide  # noqa: E402  # numpy comes after the threads

snapshot = account_of(Sketch(seed=7, campaigns=45, days=60, target="cpa", all_levers=True))
for strategy in STRATEGIES.values():
    for proposal in decide(strategy, snapshot):
        print(proposal)
