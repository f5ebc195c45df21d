"""Rules are data: TOML with SQL conditions over metric columns."""
