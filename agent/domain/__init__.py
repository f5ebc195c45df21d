"""The nouns: standard library and numpy only."""
