"""Processes that work for this one: no Ctrl-C reaches them, and none outlives it."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


@contextmanager
def out_of_hearing() -> Iterator[None]:
    """Start processes that no Ctrl-C reaches: it is for this one, whose end is theirs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # which processes inherit
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def end_with(process: int) -> None:
    """End this process when another one ends, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after, args=(process,), daemon=True).start()


def _end_after(process: int) -> None:
    with suppress(psutil.NoSuchProcess):
        psutil.Process(process).wait()
    os._exit(1)
