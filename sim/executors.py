"""Executors, behind one interface: this process, processes of this machine, or a Dask cluster.

Tasks are batches of bureaux or whole replications, and each carries its seed, so the results are equal everywhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, as_completed
from typing import Any, TypeVar

from protocol.errors import cause, missing_packages
from protocol.words import cited, msg
from sim.errors import SimulationError
from sim.worker_processes import processes

T = TypeVar("T")
R = TypeVar("R")
Notice = Callable[[SimulationError], None]
"""Is given what somebody who waits should know; nothing is wrong so far."""

TO_ANSWER = 10.0
"""Seconds after which a scheduler that does not answer is taken for none."""
AT_ONCE = 2.0
"""Seconds after which it is said that a scheduler has no workers."""
FOR_WORKERS = 60.0
"""Seconds after which they are no longer waited for."""


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
    notice: Notice = lambda said: None,
    tasks: int | None = None,
) -> Iterator[Executor]:
    """An executor: that many processes of this machine (None: one for each processor), or a Dask cluster.

    Args:
        workers: processes; with 1 everything happens in this one, unless ``apart``.
        scheduler: address of a Dask scheduler, such as ``tcp://127.0.0.1:8786``; only asked for, never by default.
        apart: with one worker a process as well, so that what ends it does not end this one.
        notice: called where a scheduler's workers have to be waited for.
        tasks: how many there will be; no more processes are started.

    Raises:
        SimulationError: Dask is not installed, no scheduler answers there, or it has no workers.
    """
    if scheduler is not None:
        with _cluster(scheduler, notice) as cluster:
            yield cluster
        return
    count = workers if workers is not None else os.cpu_count() or 1
    count = count if tasks is None else min(count, tasks)
    if count <= 1 and not apart:
        yield Here()
        return
    with processes(count) as pool:
        yield pool


@contextlib.contextmanager
def _cluster(address: str, notice: Notice) -> Iterator[Executor]:
    if importlib.util.find_spec("distributed") is None:
        raise SimulationError(missing_packages(("dask", "distributed"), "cluster"))
    from distributed import CancelledError, Client, KilledWorker

    try:
        asyncio.run(_reach(address))
        client = Client(address, timeout=TO_ANSWER)
    except Exception as error:  # each way to reach a scheduler has errors of its own
        raise _no_scheduler(address, error) from error
    try:
        with client:
            _wait_for_workers(client, address, notice)
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


def _wait_for_workers(client: Any, address: str, notice: Notice) -> None:
    """Make sure that somebody will do the work.

    Raises:
        SimulationError: nobody came in time.
    """
    try:
        client.wait_for_workers(1, timeout=AT_ONCE)
        return
    except TimeoutError:
        notice(
            SimulationError(
                msg(
                    "the Dask scheduler at {address} has no workers; waiting for one, {for_workers:.0f} s at most",
                    address=address,
                    for_workers=FOR_WORKERS,
                ),
            )
        )
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
    start = msg(
        "no Dask scheduler answers at {address}: {error}; start one with `dask scheduler`, and give the address "
        "that it shows, such as tcp://127.0.0.1:8786",
        address=cited(address),
        error=cause(error),
    )
    if not address.startswith("tls:") and "encryption required" not in str(error):
        return SimulationError(start)
    names = ", ".join(f"DASK_DISTRIBUTED__COMM__TLS__{name}" for name in ("CA_FILE", "CLIENT__CERT", "CLIENT__KEY"))
    return SimulationError(
        msg(
            "{start}; TLS takes an address tls://… and files of certificates, named by {names} (SECURITY.md)",
            start=start,
            names=names,
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
