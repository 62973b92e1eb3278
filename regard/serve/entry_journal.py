"""Entries on the disk: a journal with a line for each saving, tables that `regard verify` reads, and drafts.

The journal is `.saisies.jsonl`, which only grows. Its file is locked while a line is added, so that two pages, or two
programs, add one after the other; a line that was cut by a crash is left out. From it come `saisie-pv.csv`,
`saisie-voix.csv` and `saisie-emargements.csv`. A draft has all fields of a form as they were typed, in a hidden file of
its own, until it is saved or thrown away.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from protocol.errors import InputError
from protocol.files import open_growing, store, write
from protocol.night import ENTERED_PV, ENTERED_SIGNATURES, ENTERED_VOTES, HEADERS
from protocol.opening import open_evidence
from protocol.output_refusals import OutputRefused
from protocol.structured import parse_json
from protocol.words import Message, pmsg
from regard.serve.case_folder import SPREADSHEET, CaseFolder
from regard.serve.entries import (
    CLOCKS,
    COUNTS,
    LIST,
    PV,
    TEXTS,
    Entry,
    EntryPlace,
    as_document,
    differing,
    from_document,
)

JOURNAL = ".saisies.jsonl"
_MOST = 2**26
"""Bytes of a journal: some 60,000 PVs."""
_PATIENCE = 5.0
"""Seconds for which another page may be writing."""
_BEHIND = 20
"""Lines of the journal that a table may be behind."""


class Saving(Enum):
    """Kind of a journal line: an entry, a second one, one settled, a removal."""

    FIRST = "first"
    SECOND = "second"
    SETTLED = "settled"
    REMOVED = "removed"


class EntryState(Enum):
    """State of an entry."""

    ONCE = "once"
    TWICE = "twice"
    DIFFERS = "differs"
    SETTLED = "settled"

    @property
    def text(self) -> Message:
        """For people."""
        return _STATES[self]


_STATES = {
    EntryState.ONCE: pmsg("a PV that was entered", "entered once"),
    EntryState.TWICE: pmsg("a PV that was entered", "entered twice alike"),
    EntryState.DIFFERS: pmsg("a PV that was entered", "entered twice, with differences to settle"),
    EntryState.SETTLED: pmsg("a PV that was entered", "entered twice, differences settled"),
}


@dataclass(frozen=True, slots=True)
class EnteredPV:
    """One PV, or count of a list, with all that was saved of it.

    Attributes:
        place: as it was entered last.
        version: how many savings there were; a page that was made before the last one is told so.
        latest: the entry that was saved last, but for second ones; None where there is none.
        second: the entry of a second person, None where there is none.
        author, second_author: who entered them.
        settled: whether the last saving settled the differences.
        removed: whether the last saving took it away; it is as if it were not there, but for its version.
    """

    place: EntryPlace
    version: int = 0
    latest: Entry | None = None
    second: Entry | None = None
    author: str = ""
    second_author: str = ""
    settled: bool = False
    removed: bool = False

    @property
    def differences(self) -> list[str]:
        """The fields in which the two entries differ."""
        if self.latest is None or self.second is None:
            return []
        return differing(self.latest, self.second)

    @property
    def state(self) -> EntryState:
        """Its state."""
        if self.settled:
            return EntryState.SETTLED
        if self.second is None:
            return EntryState.ONCE
        return EntryState.DIFFERS if self.differences else EntryState.TWICE

    def after(self, saving: Saving, entry: Entry, author: str) -> EnteredPV:
        """The same with one more saving."""
        one = replace(self, place=entry.place, version=self.version + 1, removed=False)
        if saving is Saving.REMOVED:
            return EnteredPV(entry.place, one.version, removed=True)
        if saving is Saving.SECOND:
            return replace(one, second=entry, second_author=author, settled=False)
        return replace(one, latest=entry, author=author, settled=saving is Saving.SETTLED)


Entered = dict[tuple[str, str, int, str], EnteredPV]


class SavedMeanwhile(Exception):
    """Somebody saved this PV since the page was made; ``now`` is what there is."""

    def __init__(self, now: EnteredPV) -> None:
        super().__init__()
        self.now = now


class EntryJournal:
    """The entries of one case."""

    def __init__(self, folder: CaseFolder) -> None:
        self._folder = folder
        self._path = folder.path / JOURNAL
        self._lock = threading.Lock()

    def entered(self) -> Entered:
        """All PVs that were entered.

        Raises:
            InputError: the journal cannot be read.
        """
        if not os.path.lexists(self._path):
            return {}
        for _ in range(3):
            try:
                return self._there()
            except InputError:  # another page is writing
                time.sleep(0.05)
        return self._there()

    def _there(self) -> Entered:
        every = _replay(open_evidence(self._path, _MOST, self._folder.path).data)
        return {key: each for key, each in every.items() if not each.removed}

    def save(self, saving: Saving, entry: Entry, author: str, version: int) -> EnteredPV:
        """Add an entry on top of a version that was shown, and write the tables anew.

        Raises:
            SavedMeanwhile: that is not the version that there is; nothing was saved.
            ChangedMeanwhile: another program has changed a table. The entry is in the journal.
            OutputRefused, OSError: it could not be written.
        """
        with self._lock, self._open() as file:
            file.seek(0)
            data = file.read(_MOST)
            before = _replay(data)
            now = before.get(entry.place.key, EnteredPV(entry.place))
            if version != (0 if now.removed else now.version):
                raise SavedMeanwhile(now)
            line = {"saving": saving.value, "when": _now(), "author": author, "entry": as_document(entry)}
            file.seek(0, os.SEEK_END)
            cut = b"" if not data or data.endswith(b"\n") else b"\n"
            file.write(cut + json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            store(file)
            after = {**before, entry.place.key: now.after(saving, entry, author)}
            for name in _TABLES:
                table = table_of(name, after.values())
                self._folder.write_table(name, table, partial(_was_written, name, data))
            return after[entry.place.key]

    def _open(self) -> BinaryIO:
        """The journal, locked.

        Raises:
            OutputRefused: another page has been writing it for too long, or it cannot be written.
        """
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                return open_growing(self._path)
            except OutputRefused:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def _now() -> str:
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _replay(data: bytes) -> Entered:
    """Replay all lines; any that is none of ours is left out."""
    found: Entered = {}
    for line in data.split(b"\n"):
        try:
            document: Any = parse_json(line, JOURNAL) if line else None
            saving, author = Saving(document["saving"]), str(document["author"])
            entry = from_document(document["entry"])
        except (InputError, ValueError, RecursionError, KeyError, TypeError):
            continue
        if entry is not None:
            key = entry.place.key
            found[key] = found.get(key, EnteredPV(entry.place)).after(saving, entry, author)
    return found


def _was_written(name: str, journal: bytes, there: bytes) -> bool:
    """Check that a table is the journal's, or that of an earlier part of it: after a crash one is behind."""
    lines = journal.splitlines(keepends=True)
    for left in range(min(_BEHIND, len(lines)) + 1):
        entered = _replay(b"".join(lines[: len(lines) - left])).values()
        if there == table_of(name, entered):
            return True
    return False


def table_of(name: str, entered: Iterable[EnteredPV]) -> bytes | None:
    """A table of what was entered, by the name of its file; None where it has no rows."""
    piece, rows_of = _TABLES[name]
    entries = [each.latest for each in entered if each.latest is not None and each.place.piece == piece]
    entries.sort(key=lambda entry: entry.place.key)
    rows = [(*_key_cells(each.place), *cells) for each in entries for cells in rows_of(each)]
    return SPREADSHEET.table(HEADERS[name], rows) if rows else None


def _key_cells(place: EntryPlace) -> tuple[str, str, str, str]:
    return place.insee, place.commune, place.bureau, str(place.poll)


Rows = Iterator[tuple[object, ...]]


def _pv_row(each: Entry) -> Rows:
    clocks, texts = (each.clocks.get(name, "") for name in CLOCKS), (each.texts.get(name, "") for name in TEXTS)
    yield (*clocks, *map(each.counts.get, COUNTS[PV]), *texts)


def _vote_rows(each: Entry) -> Rows:
    """A row a choice; without votes noted it has none, or its name alone would make a choice of the whole poll."""
    return ((choice, votes) for choice, votes in each.votes.items() if votes is not None)


def _list_row(each: Entry) -> Rows:
    yield (*map(each.counts.get, COUNTS[LIST]), each.texts.get("page", ""))


_TABLES: dict[str, tuple[str, Callable[[Entry], Rows]]] = {
    ENTERED_PV: (PV, _pv_row),
    ENTERED_VOTES: (PV, _vote_rows),
    ENTERED_SIGNATURES: (LIST, _list_row),
}
"""By the name of the file, the piece that it is of and the rows of an entry, without its place."""


_DRAFT = re.compile(r"\.brouillon-([0-9a-f]{16})\.json")
_LARGEST_DRAFT = 2**21
_NOT_KEPT = frozenset(("key", "auto", "draft"))
"""Fields of a form that are not kept."""
_FILLED = frozenset(("auteur", "bureau", "commune", "insee", "known", "piece", "scrutin", "second", "version"))
"""Fields that the page fills in by itself."""


def new_draft() -> str:
    """Name of a draft that there is not yet."""
    return secrets.token_hex(8)


class UnfinishedEntries:
    """The unfinished entries of one case."""

    def __init__(self, folder: CaseFolder) -> None:
        self._folder = folder

    def all(self) -> Iterator[dict[str, str]]:
        """The fields of every draft, in the order of their names."""
        for path in sorted(self._folder.path.glob(".brouillon-*.json")):
            found = _DRAFT.fullmatch(path.name)
            draft = None if found is None else self.get(found[1])
            if draft is not None:
                yield draft

    def get(self, draft: str) -> dict[str, str] | None:
        """The fields of a draft, with its name as ``draft``; None where there is none that can be read."""
        path = self._path(draft)
        if path is None or not os.path.lexists(path):
            return None
        try:
            found = parse_json(open_evidence(path, _LARGEST_DRAFT, self._folder.path).data, path.name)
        except InputError:
            return None
        fields = found.items() if isinstance(found, dict) else ()
        return {**{name: value for name, value in fields if isinstance(value, str)}, "draft": draft}

    def keep(self, form: Mapping[str, str]) -> None:
        """Write what was typed in a form; nothing where nothing was.

        Raises:
            OutputRefused, OSError: it cannot be written.
        """
        path = self._path(form.get("draft", ""))
        fields = {name: value for name, value in form.items() if name not in _NOT_KEPT and value.strip()}
        typed = [name for name in fields.keys() - _FILLED if not name.startswith(("choice-", "offered-"))]
        if path is not None and typed:
            write(path, json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace"))

    def drop(self, draft: str) -> None:
        """Remove a draft, if it is there."""
        path = self._path(draft)
        if path is not None:
            path.unlink(missing_ok=True)

    def _path(self, draft: str) -> Path | None:
        name = f".brouillon-{draft}.json"
        return self._folder.path / name if _DRAFT.fullmatch(name) else None
