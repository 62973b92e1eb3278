"""Executors, behind one interface: this process, processes of this machine, or a Dask cluster.

Tasks are batches of bureaux or whole replications, and each carries its seed, so the results are equal everywhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, TypeVar

from protocol.errors import cause
from protocol.extras import lacks, say_missing
from protocol.words import cited, msg
from sim.errors import SimulationError

T = TypeVar("T")
R = TypeVar("R")

TO_ANSWER = 10.0
"""Seconds after which a scheduler that does not answer is taken for none."""
FOR_WORKERS = 30.0
"""Seconds after which a scheduler's workers are no longer waited for."""


class Here(Executor):
    """Does the work in this process, when it is handed over."""

    def submit(self, fn: Callable[..., R], /, *args: object, **kwargs: object) -> Future[R]:
        """Do it now; an error is raised when the result is asked for."""
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def executor(
    workers: int | None = None,
    scheduler: str | None = None,
    apart: bool = False,
    tasks: int | None = None,
) -> Iterator[Executor]:
    """An executor: that many processes of this machine (None: one for each processor), or a Dask cluster.

    Where the block ends with an exception, processes are ended at once.

    Args:
        workers: processes; with 1 everything happens in this one, unless ``apart``.
        scheduler: address of a Dask scheduler, such as ``tcp://127.0.0.1:8786``; only asked for, never by default.
        apart: with one worker a process as well, so that what ends it does not end this one.
        tasks: how many there will be; no more processes are started.

    Raises:
        SimulationError: Dask is not installed, no scheduler answers there, or it has no workers.
    """
    if scheduler is not None:
        with _cluster(scheduler) as cluster:
            yield cluster
        return
    count = workers if workers is not None else os.cpu_count() or 1
    count = count if tasks is None else min(count, tasks)
    if count <= 1 and not apart:
        yield Here()
        return
    pool = Processes(count)
    try:
        yield pool
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


@contextlib.contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    if lacks("cluster"):
        raise SimulationError(say_missing("cluster"))
    from distributed import CancelledError, Client, KilledWorker

    try:
        asyncio.run(_reach(address))
        client = Client(address, timeout=TO_ANSWER)
    except Exception as error:  # each way to reach a scheduler has errors of its own
        raise _no_scheduler(address, error) from error
    try:
        with client:
            _wait_for_workers(client, address)
            yield client.get_executor()
    except ImportError as error:
        raise SimulationError(
            msg(
                "the workers of {address} cannot do the work: {error}; install the same version of regard there",
                address=address,
                error=cause(error),
            ),
        ) from error
    except (CancelledError, KilledWorker) as error:
        raise SimulationError(
            msg(
                "the Dask cluster at {address} lost the work: {kind}: {error}; its logs say why",
                address=address,
                kind=type(error).__name__,
                error=cause(error),
            ),
        ) from error


def _wait_for_workers(client: Any, address: str) -> None:
    """Make sure that somebody will do the work.

    Raises:
        SimulationError: nobody came in time.
    """
    try:
        client.wait_for_workers(1, timeout=FOR_WORKERS)
    except TimeoutError as error:
        raise SimulationError(
            msg(
                "the Dask scheduler at {address} has no workers; start one with « dask worker {address} »",
                address=address,
            ),
        ) from error


async def _reach(address: str) -> None:
    """Open a connection to a scheduler and close it.

    A client whose connection fails is left half made, and its end, whenever that comes, can wait for ever.
    """
    from distributed.comm import connect
    from distributed.security import Security

    comm = await connect(address, timeout=TO_ANSWER, **Security().get_connection_args("client"))
    comm.abort()


def _no_scheduler(address: str, error: Exception) -> SimulationError:
    return SimulationError(
        msg(
            "no Dask scheduler answers at {address}: {error}; start one with `dask scheduler`, and give the address "
            "that it shows, such as tcp://127.0.0.1:8786",
            address=cited(address),
            error=cause(error),
        )
    )


def results(pool: Executor, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
    """The result of every task, in the order in which they are done; what is left is cancelled on an error."""
    if isinstance(pool, Here):  # one at a time, so that no results pile up
        yield from map(work, tasks)
        return
    futures = {pool.submit(work, task) for task in tasks}
    try:
        for done in as_completed(set(futures)):
            futures.discard(done)
            yield done.result()
    finally:
        for future in futures:
            future.cancel()


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
    """End this process on SIGTERM, and when its parent has ended."""
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
