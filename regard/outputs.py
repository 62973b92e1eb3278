"""Outputs of a run: files that regard wrote are replaced without being asked, and no others."""

from __future__ import annotations

import argparse
import contextlib
import gc
import hashlib
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from rich.console import Console

from protocol.errors import RegardError, disk_failure
from protocol.files import Output
from protocol.opening import read_ends
from protocol.output_refusals import OutputRefused, check_distinct
from protocol.own_files import END, START, is_own
from protocol.words import msg, series
from regard.streams import is_nowhere
from regard.terminal import complain, console


def check_replaceable(path: Path) -> None:
    """Make sure that what stands at the place of an output may be replaced.

    Raises:
        OutputRefused: it is a file with something in it that regard did not write, or that cannot be read.
    """
    try:
        start, end = read_ends(path, START, END)
    except FileNotFoundError:
        return
    except OSError:
        start, end = b"?", b""
    if not start or is_own(start, end):
        return
    raise OutputRefused(
        msg("{path} is there already and is not regard's: name another file, or replace it with --force", path=path),
    )


STANDARD = "-"
"""In place of a file: standard output."""


class Outputs(contextlib.AbstractContextManager["Outputs"]):
    """Outputs of a run, by option.

    Args:
        targets: a file, ``-`` for standard output, or None where it was not asked for.
        read: files and folders that the run reads.
        force: allow new files in a folder that is read, and replace files that regard did not write.

    Raises:
        OutputRefused: one of them must not be written, or cannot be; nothing was done.
    """

    def __init__(
        self, targets: Mapping[str, str | Path | None], read: Iterable[Path] = (), *, force: bool = False
    ) -> None:
        given = {option: target for option, target in targets.items() if target is not None}
        standard = [option for option, target in given.items() if str(target) == STANDARD]
        _check_standard(standard)
        check_distinct({option: Path(target) for option, target in given.items() if option not in standard})
        self.on_screen = bool(standard)
        """True if one of them is standard output, which is then for programs alone."""
        self._paths = {option: Path(target) for option, target in given.items()}
        self._files: dict[str, Output | None] = dict.fromkeys(standard)
        self._written: dict[str, _Digested] = {}
        self._failed: dict[str, Exception] = {}
        self._stack = contextlib.ExitStack()
        read = tuple(read)
        with self._stack:
            for option, target in given.items():
                if option not in standard:
                    check = _allow_any if force else check_replaceable
                    output = Output(Path(target), read, force=force, check=check)
                    self._files[option] = self._stack.enter_context(output)
                    self._written[option] = _Digested(output.file)
            self._stack = self._stack.pop_all()

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def wants(self, option: str) -> bool:
        """Check that it was asked for, and that nothing has gone wrong with it so far."""
        return option in self._files and option not in self._failed

    def path(self, option: str) -> Path:
        """Path that was asked for: a file, or ``-``."""
        return self._paths[option]

    def written(self, option: str) -> tuple[int, str]:
        """Bytes and SHA-256 of what was written to a file so far."""
        written = self._written[option]
        return written.size, written.digest.hexdigest()

    def file(self, option: str) -> BinaryIO:
        """Open one that was asked for, to write it piece by piece; `publish` ends it."""
        written = self._written.get(option)
        return sys.stdout.buffer if written is None else written

    def attempt(self, option: str, work: Callable[[], object]) -> None:
        """Do what belongs to one that was asked for. What is raised is kept for `end` and does not touch the others."""
        self.attempt_all([option], work)

    def attempt_all(self, options: Iterable[str], work: Callable[[], object]) -> None:
        """The same for several that are made together: those that were asked for, if any was."""
        wanted = [option for option in options if self.wants(option)]
        if wanted:
            try:
                work()
            except Exception as error:
                failure = disk_failure(error)
                if failure is not None and failure.filename is None:
                    failure.filename = str(self._paths[wanted[0]])
                self._failed |= dict.fromkeys(wanted, failure or error)

    def write(self, option: str, render: Callable[[], bytes]) -> None:
        """Write one, if it was asked for, as a whole."""
        self.stream(option, lambda: [render()])

    def write_json(self, document: Callable[[], object]) -> None:
        """Write ``--json``, if it was asked for."""
        self.write("--json", lambda: json_bytes(document()))

    def stream(self, option: str, render: Callable[[], Iterable[bytes]]) -> None:
        """Write one, if it was asked for, piece by piece."""

        def whole() -> None:
            for piece in render():
                self.file(option).write(piece)

        self.attempt(option, whole)
        self.publish(option)

    def publish(self, option: str) -> None:
        """Put one that was written little by little in its place."""

        def put() -> None:
            output = self._files[option]
            if output is not None:
                output.publish(self._written[option].digest.hexdigest())
            else:
                sys.stdout.buffer.flush()

        self.attempt(option, put)

    def failure(self, option: str) -> Exception | None:
        """Error for which one was not written; None where nothing has gone wrong."""
        return self._failed.get(option)

    def console(self) -> Console:
        """Console for people: standard output, or standard error where an output is for programs there."""
        return console(sys.stderr if self.on_screen else sys.stdout)

    def end(self, args: argparse.Namespace, code: int) -> int:
        """Say what could not be written.

        Args:
            args: of the command, with its name and language.
            code: exit code where all could be.

        Returns:
            2 where there is such, else ``code``.

        Raises:
            Exception: what no file or disk is to blame for.
        """
        for error in self._failed.values():
            if not isinstance(error, (RegardError, OSError)):
                raise error
            complain(args, error)
        return 2 if self._failed else code


def claim(args: argparse.Namespace, *options: str, read: Iterable[Path] = ()) -> Outputs:
    """Claim the outputs that a command was asked for by some of its options.

    Args:
        args: of the command.
        options: by name, as ``--json``; ``-o`` is ``--output``.
        read: files and folders that the run reads.

    Raises:
        OutputRefused: one of them must not be written, or cannot be.
    """
    targets = {option: getattr(args, "output" if option == "-o" else option[2:]) for option in options}
    return Outputs(targets, read, force=args.force)


class _Digested(io.BufferedIOBase, BinaryIO):
    """A file that is written to its end, with the SHA-256 of all that was written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        self.size += memoryview(data).nbytes
        return self._file.write(data)

    def flush(self) -> None:
        if not self._file.closed:
            self._file.flush()


@contextlib.contextmanager
def no_collections() -> Iterator[None]:
    """While rows by the hundred thousand are made, written and let go: none of them is part of a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _allow_any(path: Path) -> None:
    """Whatever stands there may be replaced."""


def json_bytes(document: object) -> bytes:
    """A document as JSON; a file name that is not UTF-8 arrives as lone surrogates, and as escapes stays valid."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def json_line(document: object) -> bytes:
    """The same on one line."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")


class JsonList:
    """A document in JSON whose last entry is a list that is written item by item, where it was asked for.

    Args:
        outputs: with the option ``--json``.
        about: what stands before the list.
        name: of the list.
    """

    def __init__(self, outputs: Outputs, about: Mapping[str, object], name: str) -> None:
        self._outputs, self._first = outputs, True
        self._write(lambda: json_line({**about, name: []}).removesuffix(b"]}"))

    def add(self, render: Callable[[], bytes]) -> None:
        """Write an item as JSON."""
        joint, self._first = b"\n" if self._first else b",\n", False
        self._write(lambda: joint + render())

    def end(self) -> None:
        """Put the document in its place."""
        self._write(lambda: b"\n]}\n")
        self._outputs.publish("--json")

    def _write(self, render: Callable[[], bytes]) -> None:
        self._outputs.attempt("--json", lambda: self._outputs.file("--json").write(render()))


def check_ending(option: str, target: str | Path | None, *endings: str) -> None:
    """Make sure that a file is called what it will be: a program would not open it by another name.

    Raises:
        OutputRefused: its ending is none of them.
    """
    if target is not None and str(target) != STANDARD and Path(target).suffix.lower() not in endings:
        wanted = series(endings, msg(" or "))
        raise OutputRefused(
            msg("{option} {target}: the name must end with {wanted}", option=option, target=target, wanted=wanted)
        )


def _check_standard(options: list[str]) -> None:
    if len(options) > 1:
        names = ", ".join(options)
        raise OutputRefused(
            msg("{names}: only one of them can be standard output: name a file for the others", names=names),
        )
    if options and is_nowhere():
        raise OutputRefused(
            msg("{options} -: standard output is closed: name a file", options=options[0]),
        )
