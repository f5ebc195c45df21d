"""The daemon: one tick a minute, one leader, a watchdog."""
