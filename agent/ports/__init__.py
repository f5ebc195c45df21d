"""Ports: what the agent asks of everything outside it."""
