"""Malformed: input for every reader of gebot, broken on purpose."""
