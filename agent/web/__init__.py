"""The page on which people read, understand and decide what gebot proposes, and the same as an API."""
