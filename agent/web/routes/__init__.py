"""Routes: one page or API resource a file. Each route declares its act with a gate."""
