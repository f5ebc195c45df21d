"""Chaos: the product's own cycle, ledger and sender, broken on purpose ten thousand times over."""
