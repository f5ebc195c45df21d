"""Replay: the live engine over an account's own past, day by day, knowing only what was known then."""
