"""Bids of many keywords or ad groups under one pot: track B."""
