"""The memory: what was seen, decided, approved, sent and found."""
