"""config.toml, checked as a whole."""
