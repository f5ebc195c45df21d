"""The ledger in memory, for simulation: the same answers, nothing kept."""
