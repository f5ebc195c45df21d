"""Both sandboxes over one market and one clock."""
