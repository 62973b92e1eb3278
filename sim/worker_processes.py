"""Processes of this machine that do the work, and that end with the process that asked for it, however that ends.

Each has a pipe of its own and a thread that waits for its answers: one that is killed, for want of memory for example,
takes its own task along and nothing else. (The pool of `concurrent.futures` shares its pipes: where a process is
killed while it hands over a result, all that wait for results do so for ever.)
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, TypeVar

from protocol.words import msg
from sim.errors import SimulationError

R = TypeVar("R")

GRACE = 3.0
"""Seconds for a process to put back what it has begun, a temporary folder above all."""


class WorkerEnded(SimulationError):
    """A process that worked for this one has gone, with what it was doing."""


class Processes(Executor):
    """An executor on that many processes, which are started at once."""

    def __init__(self, count: int) -> None:
        self._ended = False
        self._all: list[BaseProcess] = []
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        context = multiprocessing.get_context()
        for _ in range(count):
            self._idle.put(self._start(context))
        self._threads = ThreadPoolExecutor(count)  # after the processes: a fork has one thread only

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Hand over some work; its result raises `WorkerEnded` where the process that did it has gone."""
        return self._threads.submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, when they have done what they have been given, or with ``cancel_futures`` at once."""
        self._ended = cancel_futures
        if cancel_futures:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._kill()
        self._threads.shutdown(wait)
        while not self._idle.empty():
            connection = self._idle.get()
            with contextlib.suppress(OSError):  # it has ended already
                connection.send(None)
            connection.close()
        for process in self._all:
            process.join(GRACE)
        self._kill()

    def _call(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        connection = self._idle.get()
        try:
            connection.send((fn, args, kwargs))
            done, value = connection.recv()
        except (EOFError, OSError) as error:
            connection.close()
            if not self._ended:
                connection = self._start(multiprocessing.get_context("spawn"))  # this one has threads
            raise WorkerEnded(
                msg(
                    "a process that worked for this one was ended from outside, or memory ran out; "
                    "fewer of them (--workers) need less"
                )
            ) from error
        finally:
            if not connection.closed:
                self._idle.put(connection)
        if done:
            return value
        raise value

    def _start(self, context: BaseContext) -> Connection:
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        self._all.append(process)
        return ours

    def _kill(self) -> None:
        """End every process that is left: asked to, then killed."""
        left = [process for process in self._all if process.is_alive()]
        for process in left:
            process.terminate()
        until = time.monotonic() + GRACE
        for process in left:
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


@contextlib.contextmanager
def processes(count: int) -> Iterator[Processes]:
    """An executor on ``count`` processes. Where the block ends with an exception, they are ended at once."""
    pool = Processes(count)
    try:
        yield pool
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def _serve(connection: Connection) -> None:
    """Do what is asked for, one thing after another, until None is."""
    _end_with_parent()
    with contextlib.suppress(EOFError, OSError):  # nobody is there any more
        while (asked := connection.recv()) is not None:
            fn, args, kwargs = asked
            try:
                answer = True, fn(*args, **kwargs)
            except Exception as error:
                error.add_note(traceback.format_exc())  # where it was, for who looks for a bug
                answer = False, error
            try:
                connection.send(answer)
            except OSError:
                raise
            except Exception as error:  # what cannot cross to another process
                connection.send((False, RuntimeError(f"{type(error).__name__}: {error}")))


def _end_with_parent() -> None:
    """Make this process end when it is told to, and when the one that started it has gone."""
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):  # a terminal sends them to all; it is our parent that decides
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_watch, daemon=True).start()


def _end(*_: object) -> None:
    """End, and put back what was begun; at once where a library that calls us takes the exit for an error of ours."""
    sys.unraisablehook = _end_at_once
    sys.exit(128 + signal.SIGTERM)


def _end_at_once(ignored: sys.UnraisableHookArgs) -> None:
    if issubclass(ignored.exc_type, SystemExit):
        os._exit(128 + signal.SIGTERM)
    sys.__unraisablehook__(ignored)


def _watch() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - this process was started by another
    wait([parent.sentinel])
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # that nobody takes the results any more is no error to be shown
    if sys.platform != "win32":
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        time.sleep(GRACE)
    os._exit(128 + signal.SIGTERM)
