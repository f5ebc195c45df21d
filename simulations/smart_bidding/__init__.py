"""Campaigns whose platform bids for a target: what a target brings, slowly and with learning phases."""
