"""Platforms: rows to nouns, calls, and the error map."""
