"""The simulated account as an adapter: what backtests and the embedded account run on."""
