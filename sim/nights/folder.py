"""The folder of a night: it appears whole, it replaces nothing that is not a night of ours, and it lists its files."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import re
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from protocol.errors import InputError
from protocol.files import csv_bytes
from protocol.locked_files import create_locked, remove_locked
from protocol.night import CHOICES, MANIFEST, RECORDS, SIGNATURES, TABULATION, TRUTH, UNIVERSE, VOTES
from protocol.opening import open_evidence
from protocol.output_refusals import OutputRefused, check_place, make_folder
from protocol.structured import parse_json
from protocol.words import msg, nmsg
from sim.evidence import FIRST_POLL, BureauEvidence, Truth

WRITTEN_BY = "regard"
MAX_MANIFEST = 2**24
LOCK = f".{WRITTEN_BY}-lock"
"""In a folder that a night is being written into; its writer holds it."""
_WORK = re.compile(rf"\.{WRITTEN_BY}-[0-9a-f]{{8}}")
_OLD = ".old-manifest.json"
"""The manifest of the night that is being replaced, among the files of the new one until they are in their place."""


class NightFolder:
    """A night being written: under a temporary name inside the folder, moved to its place when complete.

    Use as a context manager; where the block ends with an exception, what was there before is untouched. What a process
    that was killed has left is known as ours by its name, and by the manifests in it which of the files beside it are.

    Args:
        path: the folder, to be made; or an empty one; or, with ``force``, one with a night that regard wrote.

    Raises:
        OutputRefused: there is something else at that place, or another process is writing a night there.
        OSError: it cannot be written to.
    """

    def __init__(self, path: Path, force: bool = False) -> None:
        self.path = path.absolute()
        self._force = force
        self._old = self._replaceable()
        self._made = not self.path.exists()
        self._digests: dict[str, str] = {}
        self._work = self.path / f".{WRITTEN_BY}-{secrets.token_hex(4)}"
        self._lock: BinaryIO | None = None

    def __enter__(self) -> Self:
        make_folder(self.path)
        self._lock = create_locked(self.path / LOCK, self.path)
        try:
            self._old = self._replaceable()  # another process may have ended since
            for left in _left(self.path):
                if not self._old:
                    shutil.rmtree(left)
            self._work.mkdir()
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._publish()  # what an error leaves of it tells the next run which files are ours
            shutil.rmtree(self._work, ignore_errors=True)
        finally:
            self._release()
        if kind is not None and self._made:
            with contextlib.suppress(OSError):
                self.path.rmdir()

    def _release(self) -> None:
        if self._lock is not None:
            remove_locked(self._lock, self.path / LOCK)

    def write(self, name: str, data: bytes, *, listed: bool = True) -> None:
        """Put one file into the night; ``name`` may have one folder before it.

        The truth is not listed, nor is what changes a file after the manifest was made (``listed``).
        """
        place = self._work / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
        if listed and name != TRUTH.file:
            self._digests[name] = hashlib.sha256(data).hexdigest()

    def remove(self, name: str) -> None:
        """Take a file away after the manifest was made, which still lists it."""
        (self._work / name).unlink()

    def write_manifest(self, about: dict[str, Any]) -> None:
        """State what the night was made from, and the SHA-256 of every listed file."""
        values = {
            "tool": WRITTEN_BY,
            "version": _version("regard"),
            **about,
            "versions": {"python": ".".join(map(str, sys.version_info[:3]))}
            | {name: _version(name) for name in ("numpy", "simpy")},
            "files": dict(sorted(self._digests.items())),
        }
        (self._work / MANIFEST).write_bytes((json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode())

    def _replaceable(self) -> list[str]:
        """The files of the night that stands there now, relative to the folder; empty where there is none."""
        path = self.path
        check_place(path)
        found = list(_files(path)) if path.exists() else []
        if not found:
            return []
        manifests = [path / MANIFEST, *(left / name for left in _left(path) for name in (MANIFEST, _OLD))]
        listed = [names for manifest in manifests if (names := _listed(manifest)) is not None]
        known = set[str]().union(*listed)
        if not listed:
            raise OutputRefused(
                msg("{path} is not empty and holds no night that regard wrote; nothing was changed", path=path),
            )
        if not self._force:
            raise OutputRefused(
                msg("{path} holds a night already; --force replaces it; nothing was changed", path=path),
            )
        foreign = [name for name in found if name not in known]
        if foreign:
            raise OutputRefused(
                nmsg(
                    "{path} holds {name} beside the night that regard wrote; nothing was changed",
                    "{path} holds {count:n} files, such as {name}, beside the night that regard wrote; "
                    "nothing was changed",
                    len(foreign),
                    path=path,
                    name=foreign[0],
                )
            )
        return found

    def _publish(self) -> None:
        """Take the old night away, its manifest first; move the new one in, its manifest last."""
        if MANIFEST in self._old:
            (self.path / MANIFEST).replace(self._work / _OLD)
        for name in self._old:
            (self.path / name).unlink(missing_ok=True)
        for name in {name.partition("/")[0] for name in self._old if "/" in name}:
            with contextlib.suppress(OSError):
                (self.path / name).rmdir()
        for left in _left(self.path):
            if left != self._work:
                shutil.rmtree(left)
        for entry in sorted(self._work.iterdir(), key=lambda entry: (entry.name == MANIFEST, entry.name)):
            if entry.name != _OLD:
                entry.replace(self.path / entry.name)


def _files(path: Path) -> Iterator[str]:
    """List the files of a folder, without our own while a night is being written."""
    ours = {LOCK, *(left.name for left in _left(path))}
    for entry in path.rglob("*"):
        name = entry.relative_to(path).as_posix()
        if name.partition("/")[0] not in ours and (not entry.is_dir() or entry.is_symlink()):
            yield name


def _left(path: Path) -> list[Path]:
    """The folders that nights are written in before they are complete."""
    return [
        entry for entry in path.iterdir() if _WORK.fullmatch(entry.name) and entry.is_dir() and not entry.is_symlink()
    ]


def _listed(manifest: Path) -> set[str] | None:
    """The files that a manifest of ours lists, itself and the unlisted ones included; None for any other file."""
    try:
        values = parse_json(open_evidence(manifest, MAX_MANIFEST, manifest.parent).data, str(manifest))
    except InputError:
        return None
    if not isinstance(values, dict) or values.get("tool") != WRITTEN_BY or not isinstance(values.get("files"), dict):
        return None
    return {*values["files"], MANIFEST, TRUTH.file}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


# --- The CSV files of a night, from the evidence of its bureaux ---


Row = tuple[object, ...]


Choices = Mapping[str, Sequence[str]]
"""The choices of each circonscription in panel order; the empty one is the whole election."""


def choices_csv(*polls: tuple[Choices, str]) -> bytes:
    """`choix.csv`: for each poll and circonscription its choices in panel order, and what they are."""
    rows = (
        (poll, constituency, panel, label, kind)
        for poll, (choices, kind) in enumerate(polls, start=FIRST_POLL)
        for constituency, labels in sorted(choices.items())
        for panel, label in enumerate(labels, start=1)
    )
    return csv_bytes(CHOICES.header, rows)


def universe_row(evidence: BureauEvidence) -> Row:
    """One row of `univers.csv`. A reserve machine was sealed with the others."""
    bureau = evidence.bureau
    return (
        bureau.insee,
        bureau.commune,
        bureau.departement,
        bureau.constituency,
        bureau.code,
        bureau.registered,
        "machine" if bureau.machines else "papier",
        f"{bureau.opening:02}:00",
        f"{bureau.closing:02}:00",
        *(bureau.serials(kind, evidence.parts) for kind in "MUST"),
    )


def record_row(evidence: BureauEvidence) -> Row:
    """One row of `pv.csv`."""
    record = evidence.record
    return (
        *_key(evidence),
        *record.figures.counts,
        record.proxies,
        record.opening,
        record.closing,
        " ".join(record.remarks),
        record.paper,
    )


def signature_rows(evidence: BureauEvidence, hours: Sequence[int]) -> Iterator[Row]:
    """One row of `emargements.csv`, with the count at each of these full hours; and the total below it, if any."""
    bureau, opening = evidence.bureau, evidence.bureau.opening
    hourly = [
        evidence.hourly[hour - opening - 1] if 0 < hour - opening <= len(evidence.hourly) else None for hour in hours
    ]
    code = bureau.code if evidence.roll_code is None else evidence.roll_code
    yield (bureau.insee, code, evidence.poll, evidence.roll_registered, evidence.roll_signatures, *hourly)
    if evidence.roll_total is not None:
        yield (bureau.insee, "Total", evidence.poll, *evidence.roll_total, *[None] * len(hours))


def bureau_tables(nights: Sequence[BureauEvidence], *choices: Choices) -> Iterator[tuple[str, bytes]]:
    """File name and bytes of every table with rows for bureaux, which have the choices of each poll."""
    polls = [of_poll for evidence in nights for of_poll in evidence.polls]
    hours = sorted(
        {hour for evidence in nights for hour in range(evidence.bureau.opening + 1, evidence.bureau.closing + 1)}
        if any(evidence.hourly for evidence in nights)
        else ()
    )
    yield UNIVERSE.file, csv_bytes(UNIVERSE.header, (universe_row(each) for each in nights))
    header = (*SIGNATURES.header, *(f"emargements_{hour:02}h" for hour in hours))
    signed = chain.from_iterable(signature_rows(each, hours) for each in polls)
    yield SIGNATURES.file, csv_bytes(header, signed)
    further = tuple(column.name for column in RECORDS.further)
    kept = [each for each in polls if not each.record.lost]
    yield RECORDS.file, csv_bytes((*RECORDS.header, *further), (record_row(each) for each in kept))
    votes = (
        (*_key(each), label, count)
        for each in kept
        for label, count in zip(
            choices[each.poll - FIRST_POLL][each.bureau.constituency], each.record.figures.votes, strict=True
        )
    )
    yield VOTES.file, csv_bytes(VOTES.header, votes)
    tabulated = ((*_key(each), *each.tabulated.counts) for each in polls)
    yield TABULATION.file, csv_bytes(TABULATION.header, tabulated)


def truth_csv(nights: Iterable[BureauEvidence]) -> bytes:
    """`verite.csv`, in an order that depends on nothing but its lines."""
    lines = sorted(
        (line for night in nights for each in night.polls for line in each.truth),
        key=lambda line: (line.insee, line.bureau, line.fault, line.poll),
    )
    return csv_bytes(TRUTH.header, map(_truth_row, lines))


def _truth_row(line: Truth) -> Row:
    return (line.fault, line.insee, line.bureau, line.poll, line.piece, line.field, line.effect, line.detail)


def _key(evidence: BureauEvidence) -> Row:
    return *evidence.bureau.key, evidence.poll
