"""Deciders: a snapshot in, proposals out."""
