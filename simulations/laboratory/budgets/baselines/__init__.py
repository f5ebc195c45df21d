"""Baselines: how others share a pot, each as its source describes it."""
