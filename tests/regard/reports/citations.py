"""Figures that documents cite, looked up where they say that they stand. Shares no code with what reads or compares."""

import csv
import io
import re
import struct
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

COLUMNS = {
    "registered": "inscrits",
    "signatures": "emargements",
    "votes_found": "votes_trouves",
    "blank": "blancs",
    "null": "nuls",
    "valid": "exprimes",
    "votes": "voix",
    "proxies": "procurations",
    "paper": "papier",
    "ouverture": "ouverture",
    "cloture": "cloture",
}
"""The column of each quantity in a night's own files."""
PUBLISHED = {
    "registered": "Inscrits",
    "votes_found": "Votants",
    "blank": "Blancs",
    "null": "Nuls",
    "valid": "Exprimés",
    "abstentions": "Abstentions",
}
"""And in the ministry's text, whose « votants » are the votes found."""
_SHORT = {
    "registered": "Ins",
    "votes_found": "Vot",
    "valid": "Exp",
    "blank": "Blancs",
    "null": "Nuls",
    "abstentions": "Abs",
}
RECORD = {"registered": 148, "voters": 172, "enablings": 176, "cancellations": 180, "votes_found": 184, "cast": 184}
"""And in the bytes of an export."""
BLANK, TALLIES = 188, 256
COMPUTED = frozenset(
    (
        "by the other figures",
        *("gap", "bureaux", "rows", "share", "number of choices", "votes_in_all", "valid in all", "null in all"),
        *("votes_found in all", "last digits", "votes found less blank and null", "votes an hour"),
        *("votes by choice and blank votes", "enablings less cancellations"),
    )
)
"""Quantities that no cell holds: they are made of several."""
WORDS = {
    "registered voters": "registered",
    "signatures": "signatures",
    "votes found": "votes_found",
    "blank votes": "blank",
    "null votes": "null",
    "valid votes": "valid",
    "proxies": "proxies",
    "votes on ballot papers": "paper",
    "abstentions": "abstentions",
    "votes cast": "cast",
    "public counter": "voters",
    "enablings": "enablings",
}
"""Names of the quantities on a page; anything else there is a choice, or made of several."""
PIECES = {
    "The list of bureaux": ("univers",),
    "The list of choices": ("choix",),
    "The machine": ("exports/",),
    "The sign-in list": ("emargements",),
    "The PV": ("pv", "voix"),
    "The centralising record": ("recap",),
    "The published result": ("publie",),
}
"""Names of the pieces on a page, and beginnings of their files' names."""
DOCUMENTS = {
    "liste d'émargement": ("emargements",),
    "PV du bureau": ("pv", "voix"),
    "PV du bureau centralisateur": ("recap",),
    "résultat publié": ("publie",),
    "ticket de la machine": ("exports/",),
}
"""Their names in a letter."""
SHOWN = {name: word for word, name in WORDS.items()}


class Misplaced(AssertionError):
    """A figure that does not stand where a document says that it does."""


class Files:
    """The files of a night as they lie on the disk.

    Attributes:
        looked_up: citations that were looked up, by the document that cites.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.looked_up: Counter[str] = Counter()

    @cached_property
    def tables(self) -> dict[str, list[list[str]]]:
        """The rows of every table, by the name of its file; the header first."""
        found = {}
        for path in self.folder.iterdir():
            if path.suffix == ".csv":
                found[path.name] = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
            elif path.name.startswith("publie"):
                found[path.name] = [line.split(";") for line in path.read_text("latin-1").splitlines()]
        return found

    @cached_property
    def panel(self) -> list[str]:
        """The choices in the order of the panel."""
        return [row[3] for row in self.tables["choix.csv"][1:]]

    def cells(self, source: str, quantity: str, choice: str) -> Iterator[str]:
        """Read the cells at a place for a quantity; several if a row has several choices of one name."""
        file, _, row = re.sub(r" \[[^\]]*\]$", "", source).rpartition(":")
        if source.startswith("exports/"):
            name, _, offset = source.partition("@")
            data = (self.folder / name).read_bytes()[int(offset or 0) :]
            yield from self._of_record(data, quantity, choice)
            return
        if file not in self.tables or not row.isdecimal():
            raise Misplaced(f"{source}: no row of a table")
        header, cells = self.tables[file][0], self.tables[file][int(row) - 1]
        if file.startswith("publie") and quantity == "votes":
            for at in range(header.index("N°Panneau"), len(cells), 7):
                if " ".join(cells[at + 2 : at + 4]) == choice:
                    yield cells[at + 4]
            return
        if file == "voix.csv" and cells[header.index("choix")] != choice:
            raise Misplaced(f"{source}: not the row of {choice}")
        column = (PUBLISHED if file.startswith("publie") else COLUMNS).get(quantity)
        if column not in header:
            raise Misplaced(f"{source}: no column of {quantity}")
        yield cells[header.index(column)]

    def _votes_in_all(self, source: str) -> int:
        """The sum of the votes of a bureau: of the ministry's row, or of all rows of the bureau."""
        file, _, row = source.partition("@")[0].rpartition(":")
        if source.startswith("exports/"):
            return sum(int(cell) for choice in self.panel for cell in self.cells(source, "votes", choice))
        table = self.tables[file]
        if file.startswith("publie"):
            first = table[0].index("N°Panneau") + 4
            cells = table[int(row) - 1][first::7]
        else:
            place = table[int(row) - 1][:3]
            cells = [each[-1] for each in table[1:] if each[:3] == place]
        return sum(int(cell) for cell in cells if cell.isdecimal())

    def _shares(self, header: list[str], cells: list[str], ratio: str) -> Iterator[str]:
        """The percentages of one ratio in a row of the ministry's text."""
        choice, _, names = ratio.rpartition(" ")
        part, whole = names.split("/")
        if part != "votes":
            yield cells[header.index(f"% {_SHORT[part]}/{_SHORT[whole]}")]
            return
        for at in range(header.index("N°Panneau"), len(cells), 7):
            if " ".join(cells[at + 2 : at + 4]) == choice:
                yield cells[at + (5 if whole == "registered" else 6)]

    def _of_record(self, data: bytes, quantity: str, choice: str) -> Iterator[str]:
        if quantity == "votes":
            offset = TALLIES + 4 * self.panel.index(choice)
        elif quantity == "null":  # a machine takes none
            yield "0"
            return
        elif quantity == "blank":
            offset = BLANK
        elif quantity in RECORD:
            offset = RECORD[quantity]
        else:
            raise Misplaced(f"an export has no {quantity}")
        yield str(struct.unpack_from(">I", data, offset)[0])

    def look_up(self, document: str, source: str, quantity: str, choice: str, value: int | None) -> None:
        """Find a figure in its file.

        Raises:
            Misplaced: it does not stand there.
        """
        found = list(self.cells(source, quantity, choice))
        stands = [cell.strip().lstrip("0") or cell.strip()[-1:] for cell in found]
        if value is None:
            if any(cell.isdecimal() for cell in stands):
                raise Misplaced(f"{document}: {source}, {quantity}: nothing is cited, {stands} stands there")
        elif str(value) not in stands:
            raise Misplaced(f"{document}: {source}, {quantity} {choice}: {value} is cited, {stands} stands there")
        self.looked_up[document] += 1

    def _look_up_cell(self, side: dict[str, Any]) -> None:
        """Find a figure by its file, row and column alone."""
        table = self.tables[side["source"].split(":")[0]]
        cell = table[side["row"] - 1][table[0].index(side["column"])]
        if isinstance(side["value"], int) and cell.lstrip("0") != str(side["value"] or ""):
            raise Misplaced(f"{side}: {cell} stands there")
        self.looked_up["cells"] += 1

    def look_up_side(self, found: dict[str, Any], side: dict[str, Any]) -> bool:
        """Find one of the two figures of a finding; False for what no cell holds."""
        source, quantity, value = side["source"], side["quantity"], side["value"]
        if quantity == "share" and side is found["left"]:
            file, _, row = source.rpartition(":")
            if value not in self._shares(self.tables[file][0], self.tables[file][int(row) - 1], found["field"]):
                raise Misplaced(f"{source}: {found['field']} is not {value}")
            self.looked_up["json"] += 1
            return True
        if side["column"] is not None:
            self._look_up_cell(side)
        placed = re.search(r"[^ ]:\d+( \[[^\]]*\])?$", source) or source.startswith("exports/")
        if quantity == "votes_in_all" and placed and "(Σ)" not in source:
            if self._votes_in_all(source) != value:
                raise Misplaced(f"{source}: {value} is no sum of its votes")
            self.looked_up["json"] += 1
            return True
        if quantity in COMPUTED or not placed or "(Σ)" in source or not isinstance(value, int | None):
            return False
        if not side["piece"]:  # what others lead to expect
            return False
        self.look_up("json", source, quantity, found["field"], value)
        return True


def value_of(text: str) -> int | None:
    """A figure as a page shows it; None where it is none."""
    plain = re.sub(r"[,\s\u202f\u00a0]", "", text)
    return int(plain) if plain.isdecimal() else None


def is_of_piece(piece: str, source: str, pieces: dict[str, tuple[str, ...]]) -> bool:
    """Check that a source is a file of a piece as it is called."""
    return source.startswith(pieces[piece])


def look_up_shown(files: Files, document: str, piece: str, what: str, value: str, source: str) -> bool:
    """Find a figure that a page or a PDF shows; False for what no cell holds."""
    if piece not in PIECES:
        raise Misplaced(f"{document}: {piece} is no piece")
    if not is_of_piece(piece, source, PIECES):
        raise Misplaced(f"{document}: {source} is said to be {piece}")
    number, quantity = value_of(value), WORDS.get(what[:1].lower() + what[1:], WORDS.get(what))
    if quantity is None and what in files.panel:
        quantity = "votes"
    if quantity is None or number is None or "(Σ)" in source:
        return False
    files.look_up(document, source, quantity, what if quantity == "votes" else quantity, number)
    return True


_ROW = re.compile(r'<tr><th scope="row">([^<]*)</th><td>([^<]*)</td>((?:<td[^>]*>[^<]*</td>)+)</tr>')
_CELL = re.compile(r"<td[^>]*>([^<]*)</td>")
_STOPS = re.compile(r'<p class="kicker">The way of the figure: ([^<]*)</p>\s*<ol class="way">(.*?)</ol>', re.DOTALL)
_STOP = re.compile(
    r'<span class="stop"><span class="small">([^<]*)</span> <b>([^<]*)</b> <span class="small">([^<]*)</span>'
)


def look_up_page(files: Files, page: str) -> int:
    """Find all figures of a report's page; how many rows name a piece."""
    rows = 0
    for piece, what, rest in _ROW.findall(page):
        value, *_, source = _CELL.findall(rest)
        if piece in PIECES:
            rows += 1
            look_up_shown(files, "page", piece, what, value, source)
    for what, stops in _STOPS.findall(page):
        *_, counted = what.split(" / ")
        for number, (piece, value, source) in enumerate(_STOP.findall(stops)):
            first = " / " in what and number == 0
            look_up_shown(files, "page", piece, "signatures" if first else counted, value, source)
    return rows


_SOURCE = r"(\S+:\d+|exports/\S+\.esf(?:@\d+)?)"
_LINE = re.compile(rf"^({'|'.join(PIECES)}) (.*?) ([\d,]+)(?: ([\d,]+|nothing|not of this bureau))? {_SOURCE}$")


def look_up_print(files: Files, text: str) -> None:
    """Find all figures that stand on one line of a printed report."""
    for line in text.splitlines():
        if match := _LINE.match(line.strip()):
            piece, what, value, _, source = match.groups()
            look_up_shown(files, "print", piece, what, value, source)


def damage(folder: Path, random: np.random.Generator, share: float) -> None:
    """Write other figures into a share of the rows of a night's tables, as people do."""
    for path in sorted(folder.iterdir()):
        if path.name not in ("pv.csv", "voix.csv", "emargements.csv", "recap.csv", "publie.txt"):
            continue
        published = path.suffix == ".txt"
        encoding, delimiter = ("latin-1", ";") if published else ("utf-8", ",")
        rows = list(csv.reader(io.StringIO(path.read_text(encoding), newline=""), delimiter=delimiter))
        names = frozenset(PUBLISHED.values()) if published else frozenset(COLUMNS.values()) - {"ouverture", "cloture"}
        columns = [at for at, name in enumerate(rows[0]) if name in names]
        columns += range(25, len(rows[1]), 7) if published else ()
        for row in rows[1:]:
            if random.random() < share:
                _write_wrong(row, columns, random)
        if random.random() < 0.3:
            one, other = random.choice(np.arange(1, len(rows)), 2, replace=False).tolist()
            for at in columns:
                rows[one][at], rows[other][at] = rows[other][at], rows[one][at]
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
        path.write_bytes(out.getvalue().encode(encoding))


def _write_wrong(row: list[str], columns: list[int], random: np.random.Generator) -> None:
    at, other = random.choice(columns, 2).tolist()
    if not row[at].isdecimal():
        return
    kind = random.integers(6)
    if kind == 0:
        row[at] = str(int(row[at]) + int(random.integers(1, 9)))
    elif kind == 1:
        row[at] = row[at][::-1].lstrip("0") or "0"
    elif kind == 2:
        row[at], row[other] = row[other], row[at]
    elif kind == 3:
        row[at] = ""
    elif kind == 4:
        row[at] = str(int(row[at]) * 10 + 1)
    else:
        row[at] = row[at][1:] or "0"
