"""The plots of docs/strategies.md, drawn anew from simulated accounts."""
