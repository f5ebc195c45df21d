"""Wiring: names to objects. The only package that imports by name, and the only reader of `mode`."""
