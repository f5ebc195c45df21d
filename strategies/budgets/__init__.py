"""What strategies that share a pot have in common: the pot, how wishes fit it, figures of a window."""
