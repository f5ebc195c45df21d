"""Bids of keywords and ad groups: which move, what a click is worth, what it costs, who gets the pot."""
