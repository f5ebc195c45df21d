"""Wrappers: what every adapter gets around it, and none has in it."""
