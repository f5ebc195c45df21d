"""Shared: what every sandbox has: a clock, faults, a journal and a control port."""
