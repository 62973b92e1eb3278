"""Changes every cell of every piece of a night of three bureaux, one at a time, and asks whether that is told.

A change is told where the findings are others than before; else the ledger has to say of that kind of figures that
nothing looks at it, and `docs/guide/limits.md` lists the kind with a reason.
"""

import csv
import dataclasses
import datetime
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from protocol import night
from protocol.export import record as export
from protocol.files import csv_lines
from protocol.quantities import Quantity, quantity_of
from tests.verify.night_builder import INSEE, PUBLISHED, loaded, published_bytes, small_night
from verify import audit
from verify.audit import Audit
from verify.model.use import NothingReadable

BUREAUX = ("0001", "0003", "0004")
"""One with a machine, one with two, one on paper."""
EXPORTS = "exports"
PIECES = ("univers.csv", "choix.csv", "emargements.csv", "pv.csv", "voix.csv", "recap.csv", PUBLISHED, EXPORTS)
Table = list[list[str]]
Pieces = dict[str, Table | dict[str, export.Export]]


def pieces() -> Pieces:
    """The night: tables as their cells, exports as their fields."""
    built = small_night()
    tables: dict[str, Table] = {}
    for file, table in built.tables.items():
        kept = [row for row in table if "bureau" not in row or (row["insee"] == INSEE and row["bureau"] in BUREAUX)]
        tables[file] = [list(kept[0]), *(list(row.values()) for row in kept)]
    at = [tables["pv.csv"][0].index(column) for column in night.TABULATION.header]
    tables["recap.csv"] = [[row[index] for index in at] for row in tables["pv.csv"]]
    rows = [row for row in built.published[PUBLISHED] if row.insee == INSEE and row.bureau in BUREAUX]
    text = published_bytes(rows).decode("latin-1")
    tables[PUBLISHED] = list(csv.reader(io.StringIO(text), delimiter=";"))
    records = {name: export.parse(data) for name, data in built.exports.items()}
    return {**tables, EXPORTS: {name: each for name, each in records.items() if each.bureau in BUREAUX}}


def write(given: Mapping[str, Table | dict[str, export.Export]], folder: Path) -> Path:
    """Some pieces as files of a folder."""
    for name, piece in given.items():
        if isinstance(piece, dict):
            (folder / name).mkdir(parents=True, exist_ok=True)
            for file, fields in piece.items():
                (folder / name / file).write_bytes(export.build(fields))
        elif name == PUBLISHED:
            text = "\r\n".join(";".join(row) for row in piece) + "\r\n"
            (folder / name).write_bytes(text.encode("latin-1"))
        else:
            (folder / name).write_bytes(csv_lines(piece))
    return folder


def run(given: Mapping[str, Table | dict[str, export.Export]], folder: Path) -> Audit | None:
    """The audit of some pieces; None where it is said that nothing of them can be read."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()
    try:
        evidence = loaded(write(given, folder))
    except NothingReadable:
        return None
    plain: Callable[..., Audit] = getattr(audit.run, "__wrapped__", audit.run)  # whatever the rulebook has of it
    return plain(evidence)


def told(result: Audit | None) -> Counter[tuple[object, ...]] | None:
    """Subjects of findings, without their figures."""
    if result is None:
        return None
    return Counter(
        (each.code, each.severity, each.level, each.insee, each.bureau, each.poll, str(each.field), each.left.source)
        for each in result.findings
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that was changed, or several of them in one way.

    Attributes:
        piece, column: where; the column as the piece heads it.
        place: row, or name of the export.
        given: the pieces with the change.
        bureau: whose row it is.
    """

    piece: str
    column: str
    place: str
    given: Pieces
    bureau: str = ""


_OF_PUBLISHED = {
    "Inscrits": Quantity.REGISTERED,
    "Abstentions": Quantity.ABSTENTIONS,
    "Votants": Quantity.VOTES_FOUND,
    "Blancs": Quantity.BLANK,
    "Nuls": Quantity.NULL,
    "Exprimés": Quantity.VALID,
    "Voix": Quantity.VOTES,
}
_OF_EXPORTS = {
    "registered": Quantity.REGISTERED,
    "cast": Quantity.VOTES_FOUND,
    "blank": Quantity.BLANK,
    "tallies": Quantity.VOTES,
}
_KINDS = {"pv.csv": "pv", "voix.csv": "voix", "emargements.csv": "emargements", "recap.csv": "recap"}
_KINDS |= {PUBLISHED: "publie", EXPORTS: "exports", "univers.csv": "univers"}


def quantity(piece: str, column: str) -> Quantity | None:
    if piece == PUBLISHED:
        return _OF_PUBLISHED.get(column)
    return _OF_EXPORTS.get(column) if piece == EXPORTS else quantity_of(column)


def other(text: str) -> str:
    """Another value of the same kind."""
    if text.isdecimal():
        return str(int(text) + 1).zfill(len(text) if text.startswith("0") else 0)
    if text[:-1].isdecimal() or "," in text:  # a percentage; a code
        return f"{text[:-1]}{(int(text[-1]) + 1) % 10}" if text[-1].isdecimal() else f"{text[:-1]}7"
    if ":" in text:
        return text[:-1] + "7"
    return text + "X" if text else "7"


def nothing(_: str) -> str:
    """A blank cell."""
    return ""


def columns_of(piece: str, table: Table) -> list[str]:
    """The header of each column; in the published file the choices' columns have that of the first choice."""
    header = table[0]
    block = header.index("N°Panneau") if piece == PUBLISHED else len(header)
    width = max(len(header) - block, 1)
    return [header[at if at < block else block + (at - block) % width] for at in range(len(table[1]))]


def cells_changed(given: Pieces, change: Callable[[str], str], only: str = "") -> Iterator[Change]:
    """Every cell of some pieces (of one of them), each changed by itself."""
    for name, piece in given.items():
        if only and name != only:
            continue
        if isinstance(piece, dict):
            yield from _fields_changed(given, name, piece)
            continue
        for row in range(1, len(piece)):
            for at, column in enumerate(columns_of(name, piece)):
                text = change(piece[row][at])
                if text != piece[row][at]:
                    new = [list(cells) for cells in piece]
                    new[row][at] = text
                    bureau = next((cell for cell in piece[row] if cell in BUREAUX), "")
                    yield Change(name, column, f"row {row + 1}", {**given, name: new}, bureau)


def _fields_changed(given: Pieces, name: str, files: dict[str, export.Export]) -> Iterator[Change]:
    for file, record in files.items():
        for field in dataclasses.fields(record):
            for value in _other_values(getattr(record, field.name)):
                changed: dict[str, Any] = {field.name: value}
                new = {**files, file: dataclasses.replace(record, **changed)}
                yield Change(name, field.name, file, {**given, name: new})


def _other_values(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for at in range(len(value)):
            yield (*value[:at], value[at] + 1, *value[at + 1 :])
    elif isinstance(value, bytes):
        yield bytes(byte ^ 1 for byte in value)
    elif isinstance(value, str):
        yield other(value)[:20]
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, datetime.date):
        yield value + datetime.timedelta(days=1)


def row_changes(given: Pieces) -> Iterator[Change]:
    """Every row left out, and every row twice."""
    for name, piece in given.items():
        if isinstance(piece, dict):
            for file in piece:
                yield Change(name, "-", file, {**given, name: {each: piece[each] for each in piece if each != file}})
            continue
        for row in range(1, len(piece)):
            if len(piece) > 2:
                yield Change(name, "-", f"row {row + 1}", {**given, name: piece[:row] + piece[row + 1 :]})
            yield Change(name, "+", f"row {row + 1}", {**given, name: [*piece, piece[row]]})


def name_changes(given: Pieces) -> Iterator[Change]:
    """Every header under another name, and every choice of a piece."""
    for name, piece in given.items():
        if isinstance(piece, dict):
            continue
        for at, header in enumerate(piece[0]):
            new = [[*piece[0][:at], "Wxyz", *piece[0][at + 1 :]], *piece[1:]]
            yield Change(name, header, "header", {**given, name: new})
        for choice in ("ZOLA", "CURIE", "LOVELACE"):
            renamed = [[cell.replace(choice, "QWERTZ") for cell in row] for row in piece]
            if renamed != piece:
                yield Change(name, "choix", choice, {**given, name: renamed})


def contexts() -> Iterator[Pieces]:
    """Each piece alone, each pair, all of them."""
    every = pieces()
    for size in (1, 2, len(PIECES)):
        for names in combinations(PIECES, size):
            yield {name: every[name] for name in names}


def unseen(guide: Path) -> list[frozenset[tuple[str, str]]]:
    """The kinds of cells that a guide of limits lists: piece and column of each, by the rows of its one such table."""
    found = []
    for row in re.findall(r"^\| (`.*?`) \| .+ \|$", guide.read_text("utf-8"), re.M):
        pieces_of = re.findall(r"`([^`]+)`: ((?:`[^`]+`(?:, )?)+)", row)
        cells = ((piece, column) for piece, columns in pieces_of for column in re.findall(r"`([^`]+)`", columns))
        found.append(frozenset(cells))
    return found


def is_uncompared(change: Change, result: Audit | None) -> bool:
    """Check that the ledger lists the figures of a changed cell's kind as compared with nothing."""
    if result is None:
        return False
    kind = change.piece, quantity(change.piece, change.column)
    return any((_FILES[each.piece], each.quantity) == kind for each in result.ledger.uncompared)


def elsewhere(change: Change) -> bool:
    """Check that another given piece has the quantity of a changed cell, or that a given identity contains it."""
    of, given = quantity(change.piece, change.column), change.given
    paper = change.bureau == "0004"
    has = {
        piece
        for piece in given
        if any(quantity(piece, column) is of for column in _headers(given, piece)) and not (piece == EXPORTS and paper)
    }
    sums = {piece for piece in given if piece in ("pv.csv", "recap.csv", PUBLISHED)}
    identity = of in _SUMMED and change.piece in sums
    return bool(has - {change.piece}) or identity or (of is Quantity.VOTES and bool(sums))


_SUMMED = (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)
_FILES = {kind: file for file, kind in _KINDS.items()}


def _headers(given: Pieces, piece: str) -> list[str]:
    cells = given[piece]
    return list(_OF_EXPORTS) if isinstance(cells, dict) else cells[0]
