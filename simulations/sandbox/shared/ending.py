"""Ending: how a sandbox learns that it is over."""

import signal
import threading


def end_signal() -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets from now on."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    return ended
