"""Plants: bugs put into a copy of gebot one at a time, to see that chaos finds each of them."""
