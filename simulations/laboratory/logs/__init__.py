"""Worlds fitted to real logs of daily campaign or platform figures: track R."""
