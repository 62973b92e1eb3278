"""A store as a file: its tables, how it is begun, and how it is known for what it is before anything of it is used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from protocol.errors import cause
from protocol.opening import read_ends
from protocol.output_refusals import check_output
from protocol.words import msg
from regard.live.rows import StoreRefused, damaged

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
    try:
        database.execute(f"PRAGMA application_id={APPLICATION}")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA:
            database.execute(statement)
        database.executemany("INSERT INTO about VALUES (?, ?)", about.items())
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode=WAL")
    except sqlite3.DatabaseError as error:
        raise refusal(path, error) from error
    finally:
        database.close()


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
    try:
        # a page may be asked for by several threads of the server, one at a time
        return sqlite3.connect(
            f"file:{quote(os.fspath(path))}?mode={mode}",
            uri=True,
            timeout=_WAIT,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.DatabaseError as error:
        raise refusal(path, error) from error


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
    if sorted(str(sql) for (sql,) in found) != sorted(SCHEMA):
        raise damaged(path, msg("its tables are not those of a store"))
    rows = database.execute("SELECT name, value FROM about").fetchall()
    if not all(isinstance(name, str) and isinstance(value, str) for name, value in rows):
        raise damaged(path, msg("its tables are not those of a store"))
    return dict(rows)


def refusal(path: Path, error: Exception) -> StoreRefused:
    """Turn an error of SQLite into a refusal."""
    if isinstance(error, sqlite3.OperationalError):
        return StoreRefused(msg("{path}: the store cannot be used: {reason}", path=path, reason=cause(error)))
    return damaged(path, cause(error))
