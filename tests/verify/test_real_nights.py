"""Real results: both rounds of 2017 replayed and verified, and the damages that must be seen in them."""

import csv
import gzip
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regard.cli import main
from regard.language import show
from tests.sources import new_file, new_folder
from tests.verify.night_builder import audited, grave
from tests.verify.way_up.way_up_nights import altered
from verify.audit import Audit
from verify.read.results_files import read

COUNTS = ("inscrits", "votants", "blancs", "exprimes")
COMMUNES = 4
"""Communes of the subset in which damages are tried out."""


def published(real_data: Path, round_: int) -> Path:
    return real_data / f"REBUILT_PR17_BVot_T{round_}_machines.txt"


def replayed(source: Path, folder: Path) -> Path:
    assert main(["replay", str(source), str(folder)]) == 0
    return folder


def verified(folder: Path, *files: Path) -> Audit:
    return audited(folder, published=files)


@pytest.mark.check(18)
@pytest.mark.parametrize("round_", [1, 2])
def test_1377_real_bureaux_without_a_finding(real_data: Path, tmp_path: Path, round_: int) -> None:
    source = published(real_data, round_)
    result = verified(replayed(source, tmp_path / "night"), source)
    assert [(found.code, show("en", found.message)) for found in grave(result)] == []
    assert result.coverage.bureaux == 1377
    kinds = {kind: there for kind, (there, _) in result.coverage.kinds.items()}
    assert kinds["exports"] == kinds["emargements"] == kinds["pv"] == kinds["voix"] == kinds["publie"] == 1377


@pytest.mark.parametrize("round_", [1, 2])
def test_sums_by_commune_are_those_of_another_file_read_by_other_means(real_data: Path, round_: int) -> None:
    """The one reader stands on both sides of a replay; here it is held against csv and gzip alone."""
    results = read(published(real_data, round_))
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for unit, insee in enumerate(results.insee.tolist()):
        names = ("registered", "votes_found", "blank", "valid")
        for name, shown in zip(names, COUNTS, strict=True):
            sums[insee][shown] += int(results.counts[name][unit])
    for entry, unit in enumerate(results.vote_unit.tolist()):
        label = results.labels[int(results.vote_label[entry])]
        sums[str(results.insee[unit])][_family(label)] += int(results.votes[entry])

    # communes of which every bureau is in the file of machine bureaux, told by their registered voters alone
    whole = compared = 0
    with gzip.open(
        real_data / f"2017-presidentielle-{round_}_par_commune_large.csv.gz", "rt", encoding="utf-8"
    ) as file:
        for row in csv.DictReader(file):
            insee = row["departement"].zfill(2) + row["commune"].zfill(3)
            mine = sums.pop(insee, None)
            if mine is None:
                continue
            compared += 1
            if mine["inscrits"] != int(row["inscrits"]):
                assert mine["inscrits"] < int(row["inscrits"])  # it also has bureaux without a machine
                continue
            whole += 1
            choices = [name for name in row if name not in ("departement", "commune", "commune_libelle", *COUNTS)]
            theirs = {name: int(row[name]) for name in (*COUNTS, *choices)}
            assert {name: mine[_family(name) if name in choices else name] for name in theirs} == theirs, insee
    assert not sums, "every commune is in the other file"
    assert compared > 50
    assert whole > compared // 2


def _family(label: str) -> str:
    """The family name in capitals, as both files have it."""
    return " ".join(word for word in label.split() if word.isupper() and len(word) > 1) or label


# The damages, in a few communes of the second round


@pytest.fixture(scope="module")
def few(real_data: Path) -> tuple[Path, Path]:
    """A replayed night of a few communes, and the published file that it is of."""
    text = published(real_data, 2).read_bytes().decode("latin-1").split("\r\n")
    communes = list(dict.fromkeys(line.split(";")[4] for line in text[1:] if line))[:COMMUNES]
    lines = [text[0], *(line for line in text[1:] if line and line.split(";")[4] in communes)]
    folder = new_folder()
    source = folder / "PR17_BVot_T2_some.txt"
    source.write_bytes(("\r\n".join(lines) + "\r\n").encode("latin-1"))
    return replayed(source, folder / "night"), source


@pytest.fixture
def night(few: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(few[0], tmp_path / "night"))


def without_manifest(folder: Path) -> None:
    """The manifest would show every change by itself: A106 has its own test."""
    (folder / "manifest.json").unlink()


def edit(path: Path, change: Callable[[list[dict[str, str]]], Any]) -> dict[str, str]:
    """Change the rows of a CSV file by hand; what ``change`` returns is handed on."""
    found: list[dict[str, str]] = []
    altered(path.parent, path.name, lambda rows: found.append(change(rows)))
    return dict(found[0])


def add(column: str, by: int, remark: str | None = None) -> Callable[[list[dict[str, str]]], dict[str, str]]:
    def change(rows: list[dict[str, str]]) -> dict[str, str]:
        row = rows[3]
        row[column] = str(int(row[column]) + by)
        if remark is not None:
            row["observations"] = remark
        return row

    return change


def test_the_few_are_clean(few: tuple[Path, Path]) -> None:
    result = verified(few[0], few[1])
    assert grave(result) == []
    assert result.coverage.bureaux > 10


def test_one_byte_of_a_tally(night: Path, few: tuple[Path, Path]) -> None:
    without_manifest(night)
    path = sorted((night / "exports").iterdir())[4]
    data = bytearray(path.read_bytes())
    data[259] ^= 4
    path.write_bytes(data)
    before = verified(*few).coverage
    result = verified(night, few[1])
    [found] = grave(result)
    assert (found.code, f"{found.insee}-{found.bureau}-1-1.esf") == ("I104", path.name)
    assert result.coverage.kinds["exports"][0] == before.kinds["exports"][0] - 1
    assert {kind: of for kind, of in result.coverage.kinds.items() if kind != "exports"} == {
        kind: of for kind, of in before.kinds.items() if kind != "exports"
    }


def test_one_byte_shows_in_the_manifest_too(night: Path, few: tuple[Path, Path]) -> None:
    path = sorted((night / "exports").iterdir())[4]
    data = bytearray(path.read_bytes())
    data[259] ^= 4
    path.write_bytes(data)
    assert sorted(found.code for found in grave(verified(night, few[1]))) == ["A106", "I104"]


def test_two_choices_exchanged(night: Path, few: tuple[Path, Path]) -> None:
    def exchange(rows: list[dict[str, str]]) -> dict[str, str]:
        rows[6]["voix"], rows[7]["voix"] = rows[7]["voix"], rows[6]["voix"]
        return rows[6]

    row = edit(night / "voix.csv", exchange)
    found = [one for one in grave(verified(night, few[1])) if one.code == "R212"]
    assert [(one.insee, one.bureau, one.field, one.left.value) for one in found] == [
        (row["insee"], row["bureau"], row["choix"], int(row["voix"]))
    ]


def test_an_export_deleted(night: Path, few: tuple[Path, Path]) -> None:
    without_manifest(night)
    path = sorted((night / "exports").iterdir())[5]
    path.unlink()
    [found] = grave(verified(night, few[1]))
    assert (found.code, f"{found.insee}-{found.bureau}-1-1.esf") == ("C101", path.name)


@pytest.mark.parametrize(("by", "code"), [(3, "R202"), (-2, "R201")])
@pytest.mark.parametrize("remark", [None, "Écart entre la liste et la machine."])
def test_a_sign_in_count_changed(night: Path, few: tuple[Path, Path], by: int, code: str, remark: str | None) -> None:
    row = edit(night / "emargements.csv", add("emargements", by))
    edit_record = night / "pv.csv"
    (night / "manifest.json").touch()
    edit(edit_record, add("emargements", 0, remark))
    found = {one.code: one for one in grave(verified(night, few[1]))}
    assert set(found) == {code, "R205"} | (set() if remark else {"R204"})
    assert (found[code].insee, found[code].bureau) == (row["insee"], row["bureau"])
    assert (found[code].left.value, found[code].details["gap"]) == (int(row["emargements"]), abs(by))


def test_a_published_row_changed(few: tuple[Path, Path]) -> None:
    folder, source = few
    lines = source.read_bytes().decode("latin-1").split("\r\n")
    cells = lines[7].split(";")
    cells[25] = str(int(cells[25]) + 1)
    lines[7] = ";".join(cells)
    changed = new_file("published.txt", "\r\n".join(lines).encode("latin-1"))
    found = grave(verified(folder, changed))
    assert {"T301"} <= {one.code for one in found} <= {"T301", "T306", "T307"}
    [told] = [one for one in found if one.code == "T301"]
    assert (told.left.source, told.left.value, told.right.value) == (f"{changed}:8", int(cells[25]), int(cells[25]) - 1)


def test_junk_among_the_exports(night: Path, few: tuple[Path, Path]) -> None:
    without_manifest(night)
    (night / "exports" / "photo.png").write_bytes(b"\x89PNG" + os.urandom(5000))
    (night / "exports" / "empty.esf").touch()
    with (night / "exports" / "huge.esf").open("wb") as file:
        file.truncate(10 * 2**30)
    assert sorted(found.code for found in grave(verified(night, few[1]))) == ["I101", "I103", "I103"]
