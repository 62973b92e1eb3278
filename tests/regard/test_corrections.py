"""A certain case ends its findings and makes no others: with its corrections in memory, and in the files themselves.

`python -m tests.corrections --seeds 10` tries all faults that cases correct.
"""

import csv
import hashlib
import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from protocol import night
from protocol.quantities import Quantity
from regard.studies.trial_nights import MACHINES, TrialNights
from regard.studies.trials import write_part
from tests.corrections import FEW, KINDS, MOST, certain, violation, violations
from tests.verify.night_builder import audited, loaded, ratio, small_night
from verify import audit
from verify.cases.corrections import correct
from verify.model.cases import Correction

QUICK = (
    "digits-exchanged",
    "columns-shifted",
    "records-exchanged",
    "record-copied",
    "votes-slipped",
    "roll-slipped",
    "choices-exchanged",
    "found-from-roll",
    "tabulated-changed",
    "published-figure-wrong",
    "dump-tally-wrong",
    "dump-registered-short",
)
"""Faults of every piece of evidence, and those by which a whole row or column has moved."""


@cache
def nights() -> TrialNights:
    """The nights of a seed in which all of them happen; their days are simulated once."""
    return TrialNights(3, MACHINES)


def written(folder: Path, name: str, kind: str) -> Path:
    """The folder of a night with one fault and some evidence."""
    write_part(nights().night(name), KINDS[kind], folder)
    return folder


@pytest.mark.check(4)
@pytest.mark.parametrize("kind", [MOST, FEW])
@pytest.mark.parametrize("name", QUICK)
def test_corrections_of_a_certain_case_end_its_findings_and_make_no_others(
    tmp_path: Path, name: str, kind: str
) -> None:
    evidence = loaded(written(tmp_path / "night", name, kind))
    result = audit.run(evidence)
    assert [str(each) for each in violations(evidence, result)] == []


def test_the_nights_have_certain_cases_of_every_piece(tmp_path: Path) -> None:
    pieces: set[str] = set()
    for name in QUICK:
        result = audited(written(tmp_path / name, name, MOST))
        pieces |= {case.piece for case in certain(result.cases)}
    assert pieces >= {"pv", "publie"}  # never a list or a machine: alone against all else it is a question


def test_a_case_whose_corrections_do_not_end_its_findings_is_seen() -> None:
    made = small_night()
    made.row("pv.csv", "0002")["emargements"] = "456"
    evidence = made.load()
    result = audit.run(evidence)
    [case] = certain(result.cases)
    wrong = tuple(replace(each, becomes=(each.becomes or 0) + 1) for each in case.detail.corrections)
    after = audit.run(correct(evidence, wrong))
    [found] = violation(result, case, after)
    assert {each.code for each in found.stay} == {"R205"}
    assert [len(each.stay) for each in violation(result, case, result)] == [len(case.findings)]


# --- In the files themselves ---


@pytest.mark.parametrize("kind", [MOST, FEW])
@pytest.mark.parametrize("name", ["digits-exchanged", "columns-shifted", "published-figure-wrong"])
def test_files_with_the_corrections_written_into_them_have_none_of_the_findings(
    tmp_path: Path, name: str, kind: str
) -> None:
    folder = written(tmp_path / "night", name, kind)
    result = audited(folder)
    assert certain(result.cases) or kind == FEW
    for number, case in enumerate(certain(result.cases)):
        copy = tmp_path / f"corrected {number}"
        write_part(nights().night(name), KINDS[kind], copy)
        write_into(copy, case.detail.corrections)
        again = audited(copy)
        assert [str(each) for each in violation(result, case, again)] == []


def write_into(folder: Path, corrections: tuple[Correction, ...]) -> None:
    """Put corrections into the files of a night, each in the row that it names, and their digests into the manifest."""
    tables: dict[str, list[list[str]]] = {}
    for each in corrections:
        file, _, row = each.source.rpartition(":")
        if file not in tables:
            text = (folder / file).read_bytes().decode("latin-1" if file.endswith(".txt") else "utf-8-sig")
            tables[file] = list(csv.reader(io.StringIO(text), delimiter=";" if file.endswith(".txt") else ","))
        cells, header = tables[file][int(row) - 1], tables[file][0]
        if file.endswith(".txt"):
            publish(header, cells, each)
        else:
            column = Quantity.VOTES.column if each.choice >= 0 else _COLUMNS[str(each.field)]
            cells[header.index(column)] = str(each.becomes)
    manifest = json.loads((folder / night.MANIFEST).read_bytes())
    for file, rows in tables.items():
        published = file.endswith(".txt")
        out = io.StringIO()
        csv.writer(out, delimiter=";" if published else ",", lineterminator="\r\n").writerows(rows)
        data = out.getvalue().encode("latin-1" if published else "utf-8")
        (folder / file).write_bytes(data)
        if file in manifest["files"]:
            manifest["files"][file] = hashlib.sha256(data).hexdigest()
    (folder / night.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


_COLUMNS = {str(each): each.column for each in Quantity}
_PUBLISHED = {
    "registered": "Inscrits",
    "votes_found": "Votants",
    "blank": "Blancs",
    "null": "Nuls",
    "valid": "Exprimés",
}
_SHORT = {"Ins": "Inscrits", "Abs": "Abstentions", "Vot": "Votants", "Exp": "Exprimés"}


def publish(header: list[str], cells: list[str], each: Correction) -> None:
    """Correct a published figure, and what is reckoned from it in its row: abstentions and percentages."""
    if each.choice >= 0:
        block = header.index("N°Panneau") + 7 * each.choice
        cells[block + 4] = str(each.becomes)
    else:
        cells[header.index(_PUBLISHED[str(each.field)])] = str(each.becomes)
    counts = {name: int(cells[at]) for at, name in enumerate(header) if name in _PUBLISHED.values()}
    counts["Abstentions"] = counts["Inscrits"] - counts["Votants"]
    cells[header.index("Abstentions")] = str(counts["Abstentions"])
    for at, name in enumerate(header):
        above, _, below = name.removeprefix("% ").partition("/")
        if name.startswith("% ") and above != "Voix":
            cells[at] = ratio(counts[_SHORT.get(above, above)], counts[_SHORT[below]])
    for block in range(header.index("N°Panneau"), len(cells), 7):
        votes = int(cells[block + 4])
        cells[block + 5], cells[block + 6] = ratio(votes, counts["Inscrits"]), ratio(votes, counts["Exprimés"])
