"""Copies of real evidence with one thing wrong in it, for the cases that it should make."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from regard.cli import main
from regard.language import show
from tests.sources import new_folder
from tests.verify.night_builder import loaded
from verify import audit
from verify.audit import Audit
from verify.cases.wording import describe
from verify.model.cases import Case, Sure

PARIS, PARIS_FILE = "75056", "2022-presidentielle-t2-paris-city.csv"
VAUREAL, VAUREAL_FILE = "95637", "2022-presidentielle-t1-vaureal.csv"
MACHINES_FILE = "REBUILT_PR17_BVot_T1_machines.txt"
PUBLISHED = "resultats.csv"

Table = list[list[str]]
Tables = dict[str, Table]


def paris(real_data: Path) -> Tables:
    """PVs and sign-in lists as the city's file of 2022 has them, and that file itself."""
    text = (real_data / PARIS_FILE).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    rows.sort(key=lambda row: (int(row["NUM_ARROND"]), int(row["NUM_BUREAU"])))
    places = [[PARIS, f"{int(row['NUM_ARROND']):02}{int(row['NUM_BUREAU']):02}", "1"] for row in rows]
    counts = ("NB_INSCR", "NB_EMARG", "NB_VOTANT", "NB_BL", "NB_NUL", "NB_EXPRIM")
    return {
        "pv.csv": [
            ["insee", "bureau", "scrutin", "inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes"],
            *[[*place, *(row[name] for name in counts)] for place, row in zip(places, rows, strict=True)],
        ],
        "emargements.csv": [
            ["insee", "bureau", "scrutin", "inscrits", "emargements"],
            *[[*place, row["NB_INSCR"], row["NB_EMARG"]] for place, row in zip(places, rows, strict=True)],
        ],
        PUBLISHED: list(csv.reader(io.StringIO(text))),
    }


def replayed(real_data: Path, file: str = VAUREAL_FILE) -> Path:
    """A whole night of machines as the real result has them, with that result."""
    return _replay(real_data / file, new_folder())


def _replay(results: Path, folder: Path) -> Path:
    assert main(["replay", str(results), str(folder), "--workers", "1"]) == 0
    (folder / PUBLISHED).write_bytes(results.read_bytes())
    (folder / "manifest.json").unlink()
    return folder


def machines_of(real_data: Path, *insee: str) -> Tables:
    """The tables of a night of all machine bureaux of some communes, by how their codes begin, and their results."""
    folder = new_folder()
    header, *lines = (real_data / MACHINES_FILE).read_text(encoding="latin-1").splitlines(keepends=True)
    rows = [row for row in (line.split(";") for line in lines) if (row[0] + row[4]).startswith(insee)]
    results = folder.with_name(MACHINES_FILE)
    results.write_text(header + "".join(map(";".join, rows)), encoding="latin-1", newline="")
    _replay(results, folder)
    names = ("univers.csv", "choix.csv", "emargements.csv", "pv.csv", "voix.csv")
    tables = {name: read_table(folder / name) for name in names}
    tables[PUBLISHED] = [line.rstrip("\r\n").split(";") for line in (header, *map(";".join, rows))]
    return tables


def read_table(file: Path) -> Table:
    """The rows of a table, its header first."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def write_table(file: Path, table: Sequence[Sequence[str]]) -> None:
    """Write a table, its header first."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(table)


def exchange_headers(table: Table, one: str, other: str) -> None:
    """Two headers of a table, each in the place of the other."""
    at, there = table[0].index(one), table[0].index(other)
    table[0][at], table[0][there] = other, one


def audited(folder: Path | None = None, tables: Tables | None = None, **given: Any) -> Audit:
    """The audit of what `Sources` of these arguments holds, with some tables written into the folder first."""
    for name, table in (tables or {}).items():
        assert folder is not None
        write_table(folder / name, table)
    return audit.run(loaded(folder, **given))


def written(tables: Tables) -> Audit:
    """The audit of some tables; published results as the ministry has them."""
    folder = new_folder()
    if PUBLISHED in tables:
        lines = "".join(f"{';'.join(row)}\n" for row in tables[PUBLISHED])
        (folder / PUBLISHED).write_text(lines, encoding="latin-1")
    return audited(folder, without(tables, PUBLISHED))


def without(tables: Tables, *names: str) -> Tables:
    """All tables but some."""
    return {name: table for name, table in tables.items() if name not in names}


def causes_of(result: Audit) -> Counter[str]:
    """Count cases by cause, without the gaps that are left open."""
    names = Counter(case.cause.name for case in result.cases)
    return Counter({name: number for name, number in names.items() if name not in ("open-gap", "gap-unmentioned")})


def only_case(result: Audit) -> Case:
    """The one case that is no open gap."""
    [case] = [case for case in result.cases if case.cause.name not in ("open-gap", "gap-unmentioned")]
    return case


def is_case(case: Case, cause: str, piece: str | None = None, sure: Sure | None = None) -> None:
    """A case has this cause, and this piece and certainty where they are given."""
    found = (case.cause.name, piece and case.piece, sure and case.sure)
    assert found == (cause, piece, sure), found


def said(case: Case, result: Audit, language: str = "en") -> str:
    """All that is said of a case."""
    return show(language, describe(case, result.findings))
