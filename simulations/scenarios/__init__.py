"""Named failure scenarios: small, documented things that happen to a simulated market."""
