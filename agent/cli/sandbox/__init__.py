"""gebot sandbox: serve local platforms that behave like the real ones, to try gebot against."""
