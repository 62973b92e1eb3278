"""Processes of this machine that do the work, and that end with the process that asked for it, however that ends."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, TypeVar

from sim.errors import SimulationError

R = TypeVar("R")

GRACE = 3.0
"""Seconds for a process to put back what it has begun, a temporary folder above all."""
MOST_ON_WINDOWS = 61
_ENDED = 143
_ending = threading.Event()
"""Set in a process that is to end: it takes nothing on any more."""


class Processes(Executor):
    """A pool of processes that take nothing on when they are to end."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Hand over some work."""
        return self._pool.submit(_work, fn, *args, **kwargs)


@contextlib.contextmanager
def processes(count: int) -> Iterator[Executor]:
    """An executor on ``count`` processes. Where the block ends with an exception, they are ended at once.

    Raises:
        SimulationError: a process was ended from outside, for want of memory for example.
    """
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(min(count, MOST_ON_WINDOWS) if sys.platform == "win32" else count, initializer=_follow)
    try:
        yield Processes(pool)
    except BaseException as error:
        _end(pool, others)
        if isinstance(error, BrokenProcessPool):
            raise SimulationError(
                "a process that worked for this one was ended from outside, or memory ran out; "
                "fewer of them (--workers) need less",
                "un processus de calcul a été arrêté de l'extérieur, ou la mémoire a manqué ; "
                "moins de processus (--workers) en demandent moins",
            ) from error
        raise
    pool.shutdown()


def _end(pool: ProcessPoolExecutor, others: set[Any]) -> None:
    """End the processes of a pool: asked to, then killed."""
    pool.shutdown(wait=False, cancel_futures=True)
    ours = [child for child in multiprocessing.active_children() if child not in others]
    for child in ours:
        child.terminate()
    until = time.monotonic() + GRACE
    for child in ours:
        child.join(max(0.0, until - time.monotonic()))
        if child.is_alive():
            child.kill()
    pool.shutdown()


def _work(fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> R:
    try:
        if _ending.is_set():
            raise SystemExit
        return fn(*args, **kwargs)
    except SystemExit:
        os._exit(_ENDED)  # what it had begun is put back; as an error of the task the pool would wait for the next one


def _follow() -> None:
    """Make a new process end when it is told to, and when the one that started it has gone."""
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):  # a terminal sends them to all; it is our parent that decides
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)  # a fork has its parent's handler
    threading.Thread(target=_watch, daemon=True).start()


def _stop(*_: object) -> None:
    """Leave what is being done, so that what it has begun is put back, in `GRACE` seconds at most."""
    if not _ending.is_set():
        _ending.set()
        threading.Thread(target=_end_after, args=(GRACE,), daemon=True).start()
        raise SystemExit


def _end_after(seconds: float) -> None:
    time.sleep(seconds)
    os._exit(_ENDED)


def _watch() -> None:
    """End this process when its parent has gone, killed for example."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - this process was started by another
    wait([parent.sentinel])
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # that nobody takes the results any more is no error to be shown
    if sys.platform != "win32":
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        time.sleep(2 * GRACE)
    os._exit(_ENDED)
