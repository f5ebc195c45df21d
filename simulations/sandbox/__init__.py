"""Sandbox: local servers that speak the platforms' own protocols."""
