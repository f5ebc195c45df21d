"""Markets, sandboxes and backtests."""
