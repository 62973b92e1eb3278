"""The store of a live night: one SQLite file to which returns, findings and seals are appended and nothing else.

A return is acknowledged when `LiveStore.commit` gives its number back, and not before: everything of one call is one
transaction. The file keeps a write-ahead log (``journal_mode=WAL``), so that a page reads while returns come in, and
``synchronous=FULL``: every commit waits for the disk. With ``NORMAL`` a killed process would lose nothing either, but a
power cut could take back commits of which somebody was told, and an edition that was sealed and shown. As many returns
share one commit, this costs little.

Whoever opens a store to write looks at it from its beginning: the returns have their numbers without a gap, and the
tree of their leaves has, at the size of each seal, the root that was sealed. Only bureau totals are in it.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from protocol.errors import RegardError, cause
from protocol.locked_files import create_locked, remove_locked
from protocol.opening import read_ends
from protocol.output_refusals import check_output
from protocol.sealing.tree import HashTree, hash_leaf
from protocol.words import Message, Text, msg
from regard.live.points import LivePoint, parse_point, read_texts

MAX_LEAF = 2**20
"""Bytes of a leaf; a bureau with forty lists has some 3 kB."""
MAX_DATA = 2**26
"""Bytes of a file of a feed that is kept packed, before it is packed and after."""


class StoreRefused(RegardError):
    """A store that cannot be used as it is: another kind of file, damaged, of another night, or in use."""


@dataclass(frozen=True, slots=True)
class LiveReturn:
    """One arrival and leaf: the figures of a bureau for a poll, or one edition of a file of a feed.

    Attributes:
        key: what it is of: ``76351/0001/1``, or the name of a file.
        second: of the evening, since midnight of the polling day.
        leaf: canonical bytes, as they are sealed.
        source: SHA-256 of what it was taken from, in hexadecimal digits.
        data: the bytes of a file, packed; empty for a bureau.
    """

    key: str
    second: int
    leaf: bytes
    source: str
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class LiveFinding:
    """Something found while returns came in.

    Attributes:
        key: tells it from all others; it is kept once.
        size: how many returns there were when it was found.
        second: of the evening.
        severity: ``error``, ``warning`` or ``info``.
        place: where, by language.
        said: what, by language.
    """

    key: str
    size: int
    second: int
    severity: str
    place: Mapping[str, str]
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LiveSeal:
    """One sealed edition: the first ``size`` returns, and the root of the tree of their leaves.

    Attributes:
        second: of the evening.
        sealed: when it was sealed, as UTC.
        root: 32 bytes.
        note: the signed checkpoint; empty where none was signed.
    """

    size: int
    second: int
    sealed: str
    root: bytes
    note: str


def damaged(path: object, what: Text) -> StoreRefused:
    """Refuse a store with unreliable content."""
    return StoreRefused(
        msg("{path}: this store is damaged ({what}); keep it as it is and begin another one", path=path, what=what)
    )


APPLICATION = 0x52474C31
"""In the head of the file: a store of this kind and version."""
_MAGIC = b"SQLite format 3\x00"
_WAIT = 30.0
"""Seconds for which another process may hold the store for a commit."""
SCHEMA = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE returns (number INTEGER PRIMARY KEY, received TEXT NOT NULL, second INTEGER NOT NULL, "
    "key TEXT NOT NULL, leaf BLOB NOT NULL, source TEXT NOT NULL, data BLOB NOT NULL)",
    "CREATE TABLE found (number INTEGER PRIMARY KEY, size INTEGER NOT NULL, second INTEGER NOT NULL, "
    "severity TEXT NOT NULL, key TEXT NOT NULL UNIQUE, place TEXT NOT NULL, said TEXT NOT NULL)",
    "CREATE TABLE seals (size INTEGER PRIMARY KEY, second INTEGER NOT NULL, sealed TEXT NOT NULL, "
    "root BLOB NOT NULL, note TEXT NOT NULL)",
    "CREATE TABLE points (size INTEGER PRIMARY KEY, second INTEGER NOT NULL, totals TEXT NOT NULL)",
    *(
        f"CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END"
        for table in ("about", "returns", "found", "seals", "points")
        for verb in ("UPDATE", "DELETE")
    ),
)
"""Schema of the file; one with another is not opened."""


def make(path: Path, about: Mapping[str, str]) -> None:
    """Begin a store: under a name of its own, so that nobody ever finds half of one."""
    begun = path.with_name(f".{path.name}.regard")
    check_output(begun)
    _remove(begun)
    try:
        _fill(path, begun, about)
        try:
            os.link(begun, path)  # not over a store that another process began meanwhile
        except FileExistsError:
            pass
        except OSError:  # a file system without a second name for a file
            begun.rename(path)
    finally:
        _remove(begun)


def _fill(path: Path, begun: Path, about: Mapping[str, str]) -> None:
    database = connect(begun, "rwc")
    with contextlib.closing(database), _refusing(path):
        database.execute(f"PRAGMA application_id={APPLICATION}")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA:
            database.execute(statement)
        database.executemany("INSERT INTO about VALUES (?, ?)", about.items())
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode=WAL")


def _remove(path: Path) -> None:
    for name in (path, *_beside(path)):
        name.unlink(missing_ok=True)


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm", "-journal"))


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """The database in a file, to be read (``ro``), written (``rw``) or made (``rwc``).

    Raises:
        StoreRefused: it cannot be opened.
    """
    with _refusing(path):
        # a page may be asked for by several threads of the server, one at a time
        return sqlite3.connect(
            f"file:{quote(os.fspath(path))}?mode={mode}",
            uri=True,
            timeout=_WAIT,
            isolation_level=None,
            check_same_thread=False,
        )


def check_head(path: Path) -> None:
    """Refuse what is no store by its first bytes, before SQLite sees it.

    Raises:
        StoreRefused: it is none, or cannot be read.
    """
    try:
        head = read_ends(path, 72, 0)[0]
    except FileNotFoundError as error:
        raise StoreRefused(msg("{path}: there is no store of a live night here", path=path)) from error
    except OSError as error:
        raise StoreRefused(msg("{path}: no file that can be read", path=path)) from error
    if not head.startswith(_MAGIC) or head[68:72] != APPLICATION.to_bytes(4, "big"):
        raise StoreRefused(msg("{path}: no store of a live night", path=path))


def read_about(path: Path, database: sqlite3.Connection) -> dict[str, str]:
    """Read the subject of a store, after checking its tables.

    Raises:
        StoreRefused: they are others.
    """
    database.execute("PRAGMA trusted_schema=OFF")
    found = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    rows = database.execute("SELECT name, value FROM about").fetchall()
    texts = all(isinstance(name, str) and isinstance(value, str) for name, value in rows)
    if sorted(str(sql) for (sql,) in found) != sorted(SCHEMA) or not texts:
        raise damaged(path, NO_STORE)
    return dict(rows)


@contextlib.contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Say what is wrong with a file that SQLite cannot read."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreRefused(msg("{path}: the store cannot be used: {reason}", path=path, reason=cause(error))) from error
    except (sqlite3.DatabaseError, OverflowError) as error:
        raise damaged(path, cause(error)) from error


NO_STORE = msg("its tables are not those of a store")
_NO_SEAL, _NO_FINDING, _NO_TOTALS = (
    msg("a seal that is none"),
    msg("a finding that is none"),
    msg("totals that are none"),
)
_AT_ONCE = 2000
"""Returns that are read at once."""
_SIZE = "SELECT coalesce(max(number) + 1, 0) FROM returns"

Sign = Callable[[int, bytes], str]
"""Signs a size and a root; gives the note, or nothing."""


def now() -> str:
    """The time, as UTC, as it stands in a store."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


class StoreReader(contextlib.AbstractContextManager["StoreReader"]):
    """A store that is looked at, while another process may append to it.

    Raises:
        StoreRefused: it is not there, is no store, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        check_head(path)
        self._database = connect(path, "ro")
        try:
            with _refusing(self.path):
                self._database.execute("PRAGMA query_only=ON")
                self.about = read_about(path, self._database)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def size(self) -> int:
        """Number of returns."""
        return self._number(_SIZE)

    def returns(self, start: int = 0, *, data: bool = False) -> Iterator[tuple[str, LiveReturn]]:
        """When each return was received, and what it is, from a number on; with the bytes of files if asked for.

        Raises:
            StoreRefused: the store is damaged, or lacks one.
        """
        packed = f"CASE WHEN length(data) <= {MAX_DATA} THEN data END" if data else "x''"
        leaf = f"CASE WHEN length(leaf) <= {MAX_LEAF} THEN leaf END"
        columns = f"number, received, second, key, {leaf}, source, {packed}"
        query = f"SELECT {columns} FROM returns WHERE number >= ? ORDER BY number LIMIT {_AT_ONCE}"  # noqa: S608
        while True:
            with _refusing(self.path):
                rows = self._database.execute(query, (start,)).fetchall()
            for row in rows:
                if row[0] != start or not all(map(isinstance, row, (int, str, int, str, bytes, str, bytes))):
                    raise damaged(self.path, msg("return {number} is missing or no return", number=start))
                yield row[1], LiveReturn(row[3], row[2], *row[4:])
                start += 1
            if len(rows) < _AT_ONCE:
                return

    def seals(self) -> list[LiveSeal]:
        """The sealed editions."""
        rows = self._rows("SELECT * FROM seals ORDER BY size", (), (int, int, str, bytes, str), _NO_SEAL)
        return [LiveSeal(*row) for row in rows]

    def found(self, after: int = -1) -> list[tuple[int, LiveFinding]]:
        """Findings with their numbers, in the order in which they arose."""
        query = "SELECT number, key, size, second, severity, place, said FROM found WHERE number > ? ORDER BY number"
        rows = self._rows(query, (after,), (int, str, int, int, str, str, str), _NO_FINDING)
        return [
            (number, LiveFinding(key, size, second, severity, self._texts(place), self._texts(said)))
            for number, key, size, second, severity, place, said in rows
        ]

    def found_count(self) -> int:
        """Number of findings."""
        return self._number("SELECT count(*) FROM found")

    def points(self, start: int = 0) -> list[LivePoint]:
        """The totals of a feed through the evening, but for so many of the first."""
        query = "SELECT second, totals FROM points ORDER BY size LIMIT -1 OFFSET ?"
        rows = self._rows(query, (start,), (int, str), _NO_TOTALS)
        found = [point for row in rows if (point := parse_point(*row)) is not None]
        if len(found) < len(rows):
            raise damaged(self.path, _NO_TOTALS)
        return found

    def _number(self, query: str) -> int:
        [(number,)] = self._rows(query, (), (int,), NO_STORE)
        return int(number)

    def _rows(
        self, query: str, values: tuple[int, ...], types: tuple[type, ...], otherwise: Message
    ) -> list[tuple[Any, ...]]:
        """The rows of a query.

        Raises:
            StoreRefused: it cannot be read, or a value is of another type: ``otherwise`` says what is damaged.
        """
        with _refusing(self.path):
            rows = self._database.execute(query, values).fetchall()
        if not all(all(map(isinstance, row, types)) for row in rows):
            raise damaged(self.path, otherwise)
        return rows

    def _texts(self, text: str) -> dict[str, str]:
        found = read_texts(text)
        if found is None:
            raise damaged(self.path, _NO_FINDING)
        return found


def check_store(path: Path, read: Sequence[Path] = ()) -> None:
    """Make sure that a store, and what SQLite keeps beside it, may be written there.

    Raises:
        OutputRefused: it must not.
    """
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        check_output(path.with_name(name), () if path.exists() else read, force=None)


class LiveStore(StoreReader):
    """A store that is appended to, by one process at a time.

    Args:
        path: the file; it is made where there is none.
        about: what the store is of; of one that is there it must be the same.
        read: files and folders that this run reads.

    Raises:
        StoreRefused: it is no store, is damaged, is of something else, or what was sealed is not what it holds.
        OutputRefused: it must not be written there, or another process appends to it.
    """

    def __init__(self, path: Path, about: Mapping[str, str], read: Sequence[Path] = ()) -> None:
        check_store(path, read)
        self._held = path.with_name(f".{path.name}.lock")
        with contextlib.ExitStack() as stack:
            stack.callback(remove_locked, create_locked(self._held, path), self._held)
            if not path.exists():
                make(path, about)
            super().__init__(path)
            stack.callback(super().close)
            if not self.about.items() <= about.items():  # one of an earlier version may say less
                said = msg(
                    "{path}: this store is of another night, or was begun with other options or a later version: keep "
                    "it, and name another file",
                    path=path,
                )
                raise StoreRefused(said)
            self._tree, self._hashes = HashTree(), list[bytes]()
            self.last_seal = self._check()
            self._database.close()
            self._database = connect(path, "rw")
            with _refusing(self.path):
                self._database.execute("PRAGMA synchronous=FULL")
            self._open = stack.pop_all()

    def close(self) -> None:
        """Let go of the file: another process may append to it."""
        self._open.close()

    def root(self) -> bytes:
        """The root of the tree of all leaves."""
        self._tree.extend(b"".join(self._hashes))  # at a seal and not at each commit: it copies the tree
        self._hashes.clear()
        return self._tree.root()

    def count(self) -> int:
        """Number of returns, without a look at the disk."""
        return self._tree.size + len(self._hashes)

    def commit(
        self,
        returns: Sequence[LiveReturn] = (),
        findings: Sequence[LiveFinding] = (),
        seal: tuple[int, Sign] | None = None,
        point: LivePoint | None = None,
    ) -> int:
        """Append all of it or nothing, and wait for the disk.

        Args:
            returns: in their order.
            findings: those that are known already, by their keys, are left out.
            seal: the second of the evening, and what signs size and root: gives the note, or nothing.
            point: the totals of a feed with them.

        Returns:
            How many returns there are; all of them are acknowledged herewith.

        Raises:
            StoreRefused: it cannot be written; this store is not to be used again.
        """
        received, size = now(), self.count()
        with _refusing(self.path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.executemany(
                    "INSERT INTO returns VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        (size + at, received, each.second, each.key, each.leaf, each.source, each.data)
                        for at, each in enumerate(returns)
                    ),
                )
                self._database.executemany(
                    "INSERT OR IGNORE INTO found (size, second, severity, key, place, said) VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        (each.size, each.second, each.severity, each.key, _json(each.place), _json(each.said))
                        for each in findings
                    ),
                )
                self._hashes += (hash_leaf(each.leaf) for each in returns)
                if seal is not None:
                    self._seal(received, *seal)
                if point is not None:
                    values = self.count(), point.second, point.text()
                    self._database.execute("INSERT INTO points VALUES (?, ?, ?)", values)
            except BaseException:
                if self._database.in_transaction:  # SQLite itself ends one where the disk is full
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
        return self.count()

    def _seal(self, received: str, second: int, sign: Sign) -> None:
        size, root = self.count(), self.root()
        self.last_seal = LiveSeal(size, second, received, root, sign(size, root))
        self._database.execute(
            "INSERT INTO seals VALUES (?, ?, ?, ?, ?)", (size, second, received, root, self.last_seal.note)
        )

    def _check(self) -> LiveSeal | None:
        """Take all leaves into the tree, and compare it with every seal; gives the last one.

        Raises:
            StoreRefused: a return is missing, or was not what it is now when it was sealed.
        """
        self._hashes += (hash_leaf(each.leaf) for _, each in self.returns())
        self.root()
        seals = self.seals()
        for seal in seals:
            if seal.size > self._tree.size:
                said = msg("{size:n} returns were sealed, {count:n} are there", size=seal.size, count=self._tree.size)
                raise damaged(self.path, said)
            if seal.size < 0 or seal.root != self._tree.root(seal.size):
                said = msg("the first {size:n} returns are not those that were sealed", size=seal.size)
                raise damaged(self.path, said)
        return seals[-1] if seals else None


def _json(texts: Mapping[str, str]) -> str:
    return json.dumps(dict(texts), ensure_ascii=True, sort_keys=True)
