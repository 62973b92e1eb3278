"""The same evidence in another shape gives the same findings, and more of it never shows less.

Rows, columns and files in any order; one file split in two; another delimiter, encoding, line end or kind of file;
titles, blank rows and totals; a batch of dumps or a file for each; a commune in a file of its own: compared without
the places in files, which do change. Of a night that is simulated with its faults, of one built by hand in which many
rules fire, and of real published results.
"""

import csv
import io
import itertools
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from protocol.files import csv_lines
from regard.commands.planning.simulate import simulate
from tests.sources import put_text
from tests.verify.night_builder import audited, small_night
from tests.verify.read.tables_as import as_kind, zipped
from verify.audit import Audit
from verify.model.findings import Finding, Severity
from verify.rulebook.catalogue import rules

Told = Counter[tuple[str, ...]]
Change = Callable[[Path, random.Random], None]
COUNTED = ("pv.csv", "emargements.csv", "voix.csv")
FAULTS = dict.fromkeys(
    (
        *("digits-exchanged", "blank-null-exchanged", "choices-exchanged", "found-from-roll", "remark-missing"),
        *("tabulated-changed", "registered-outdated", "published-figure-wrong", "dump-tally-wrong"),
    ),
    0.1,
) | dict.fromkeys(("record-lost", "roll-missing", "published-missing", "published-zeros", "dump-lost"), 0.04)
FAULTS |= dict.fromkeys(("line-skipped", "voted-twice", "signed-without-vote"), 0.002)
TABLES = (*COUNTED, "recap.csv", "univers.csv", "choix.csv")


def told(result: Audit) -> Told:
    """All findings without the places in files."""
    return Counter(
        (
            found.code,
            found.severity.name,
            found.insee,
            found.bureau,
            *map(str, (found.poll, found.field, *values(found))),
        )
        for found in result.findings
    )


def values(found: Finding) -> tuple[object, object]:
    return found.left.value, found.right.value


def checked(folder: Path) -> Audit:
    return audited(folder)


@pytest.fixture(scope="module", params=["built", "simulated"])
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night in which much is wrong, without a manifest of its files."""
    folder = tmp_path_factory.mktemp("metamorphic") / str(request.param)
    if request.param == "simulated":
        faults = ",".join(f"{name}={rate}" for name, rate in FAULTS.items())
        simulate(folder, seed=3, year=2022, communes=("77513", "95637"), faults=faults)
        (folder / "manifest.json").unlink()
        return folder
    built = small_night()
    built.row("pv.csv", "0001")["votes_trouves"] = "630"
    built.row("pv.csv", "0001")["observations"] = "RAS"
    built.row("emargements.csv", "0002")["emargements"] = "7"
    built.row("emargements.csv", "0A11")["emargements"] = ""
    built.tables["pv.csv"].remove(built.row("pv.csv", "0004"))
    built.row("voix.csv", "0003", choice="CURIE Marie")["voix"] = "1"
    built.publish("0001").counts["Exprimés"] += 3
    built.publish("0A11").votes["CURIE Marie"] -= 1
    built.change_export("0002", cast=999)
    return built.write(folder)


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8"))))


def put(path: Path, rows: list[list[str]]) -> None:
    path.write_bytes(csv_lines(rows))


def there(folder: Path, names: tuple[str, ...] = TABLES) -> Iterator[Path]:
    return (folder / name for name in names if (folder / name).exists())


def rows_in_any_order(folder: Path, rng: random.Random) -> None:
    for path in there(folder):
        head, *body = rows_of(path)
        rng.shuffle(body)
        put(path, [head, *body])
    for path in folder.glob("publie.*"):
        first, *lines = path.read_bytes().splitlines(keepends=True)
        rng.shuffle(lines)
        path.write_bytes(b"".join([first, *lines]))


def columns_in_any_order(folder: Path, rng: random.Random) -> None:
    for path in there(folder):
        rows = rows_of(path)
        order = rng.sample(range(len(rows[0])), len(rows[0]))
        put(path, [[row[at] for at in order] for row in rows])


def split_in_two(folder: Path, rng: random.Random) -> None:
    """Each table of counts in two files of other names, which stand in another order than they were written."""
    for path in there(folder, COUNTED):
        head, *body = rows_of(path)
        cut = rng.randrange(1, len(body))
        put(folder / f"b {path.stem}.csv", [head, *body[:cut]])
        put(folder / f"a {path.stem}.csv", [head, *body[cut:]])
        path.unlink()


def a_file_for_each_commune(folder: Path, rng: random.Random) -> None:
    for path in there(folder, COUNTED):
        head, *body = rows_of(path)
        at = head.index("insee")
        for insee in {row[at] for row in body}:
            put(folder / f"{path.stem} de {insee}.csv", [head, *(row for row in body if row[at] == insee)])
        path.unlink()


def other_names(folder: Path, rng: random.Random) -> None:
    for number, path in enumerate(list(there(folder, COUNTED))):
        path.rename(folder / f"{9 - number} du soir.csv")


def as_a_spreadsheet_writes_it(folder: Path, rng: random.Random) -> None:
    for path in there(folder):
        lines = [";".join(cells) for cells in rows_of(path) if not any(";" in cell for cell in cells)]
        path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))


def tabs_and_a_mark(folder: Path, rng: random.Random) -> None:
    for path in there(folder):
        path.write_text("\n".join("\t".join(cells) for cells in rows_of(path)), encoding="utf-8-sig")


def unicode_text(folder: Path, rng: random.Random) -> None:
    for path in there(folder, COUNTED):
        path.with_suffix(".txt").write_text("\n".join("\t".join(cells) for cells in rows_of(path)), encoding="utf-16")
        path.unlink()


def in_form(form: str) -> Change:
    def change(folder: Path, rng: random.Random) -> None:
        for path in there(folder, COUNTED):
            text = "\n".join(";".join(cells) for cells in rows_of(path))
            (folder / f"{path.stem} {form}").with_suffix(f".{form}").write_bytes(as_kind(text, form))
            path.unlink()

    return change


def all_in_a_zip(folder: Path, rng: random.Random) -> None:
    paths = list(there(folder, COUNTED))
    (folder / "tout.zip").write_bytes(zipped({path.name: path.read_bytes() for path in paths}))
    for path in paths:
        path.unlink()


def titles_and_blank_rows(folder: Path, rng: random.Random) -> None:
    """Above the header, and between the rows."""
    for path in there(folder, COUNTED):
        head, *body = rows_of(path)
        body.insert(rng.randrange(len(body)), [""] * len(head))
        rows = [["Résultats de la soirée"], [], head, *body, [], ["Établi à la mairie"]]
        put(folder / f"{path.stem} du soir.csv", rows)
        path.unlink()


def a_batch_of_dumps(folder: Path, rng: random.Random) -> None:
    paths = sorted((folder / "exports").iterdir())
    data = [path.read_bytes() for path in paths]
    whole = [each for each in data if len(each) == len(data[0])]
    for path in paths:
        if path.read_bytes() in whole:
            path.unlink()
    rng.shuffle(whole)
    (folder / "exports" / "lot.esf").write_bytes(b"".join(whole))


def results_in_two_files(folder: Path, rng: random.Random) -> None:
    path = folder / "publie.txt"
    first, *lines = path.read_bytes().splitlines(keepends=True)
    cut = len(lines) // 2
    (folder / "publie.a.txt").write_bytes(b"".join([first, *lines[cut:]]))
    (folder / "publie.b.txt").write_bytes(b"".join([first, *lines[:cut]]))
    path.unlink()


CHANGES: list[Change] = [
    rows_in_any_order, columns_in_any_order, split_in_two, a_file_for_each_commune, other_names,
    as_a_spreadsheet_writes_it, tabs_and_a_mark, unicode_text, all_in_a_zip, titles_and_blank_rows, a_batch_of_dumps,
    results_in_two_files,
]  # fmt: skip
FORMS = ("xlsx", "ods", "parquet", "json")


def changed(night: Path, folder: Path, *changes: Change, seed: int = 1) -> Path:
    shutil.copytree(night, folder)
    for change in changes:
        change(folder, random.Random(seed))  # noqa: S311 - no secret
    return folder


@pytest.fixture(scope="module")
def due(night: Path) -> Told:
    found = told(checked(night))
    assert len({code for code, *_ in found}) >= 10
    return found


@pytest.mark.check(5)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_another_shape_gives_the_same_findings(night: Path, due: Told, tmp_path: Path, change: Change) -> None:
    found = told(checked(changed(night, tmp_path / "night", change)))
    assert (found - due, due - found) == (Counter(), Counter())


@pytest.mark.check(3)
@pytest.mark.parametrize("form", FORMS)
def test_another_kind_of_file_gives_the_same_findings(night: Path, due: Told, tmp_path: Path, form: str) -> None:
    found = told(checked(changed(night, tmp_path / "night", in_form(form))))
    assert (found - due, due - found) == (Counter(), Counter())


@pytest.mark.check(3)
@pytest.mark.parametrize("seed", range(4))
def test_several_changes_give_the_same_findings(night: Path, due: Told, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - no secret
    last = rng.choice([split_in_two, a_file_for_each_commune, unicode_text, all_in_a_zip, titles_and_blank_rows])
    first = [rows_in_any_order, columns_in_any_order, a_batch_of_dumps, results_in_two_files]
    changes = [*rng.sample(first, 3), last]
    found = told(checked(changed(night, tmp_path / "night", *changes, seed=seed)))
    assert (found - due, due - found) == (Counter(), Counter()), [change.__name__ for change in changes]


def test_a_total_below_changes_nothing(night: Path, due: Told, tmp_path: Path) -> None:
    folder = changed(night, tmp_path / "night")
    head, *body = rows_of(folder / "pv.csv")
    counted = [at for at, name in enumerate(head) if name in ("inscrits", "emargements", "votes_trouves", "exprimes")]
    total = ["TOTAL" if name == "bureau" else "" for name in head]
    for at in counted:
        total[at] = str(sum(int(row[at] or 0) for row in body))
    put(folder / "PV du soir.csv", [head, *body, total])
    (folder / "pv.csv").unlink()
    found = told(checked(folder))
    named = Counter({("C110", "INFO", "", "", "0", "bureau", "TOTAL", "None"): 1})  # the row is no bureau
    assert (found - due, due - found) == (named, Counter())


PIECES = ("pv.csv", "emargements.csv", "voix.csv", "recap.csv", "publie.txt", "exports", "modules")
LISTS = ("election.toml", "choix.csv", "univers.csv")


NARROWER = {each.code for rule in rules().values() for each in rule.yields}
"""Rules to which others yield: they say how two figures came to differ."""


def is_still_said(found: Finding, result: Audit) -> bool:
    """Check that findings of its bureau name each of its figures, the same gap, or its cause."""
    here = [each for each in result.findings if (each.insee, each.bureau) == (found.insee, found.bureau)]
    figures = {str(value) for each in here for value in values(each)}
    gaps = {gap(each) for each in here} - {None}
    return (
        {str(value) for value in values(found)} <= figures
        or gap(found) in gaps
        or any(each.code in NARROWER for each in here)
    )


def gap(found: Finding) -> int | None:
    left, right = values(found)
    return abs(left - right) if isinstance(left, int) and isinstance(right, int) else None


@pytest.mark.check(8)
@pytest.mark.parametrize("lists", [True, False], ids=["lists", "no-lists"])
@pytest.mark.parametrize("seed", range(3))
def test_more_evidence_never_shows_less(night: Path, tmp_path: Path, seed: int, lists: bool) -> None:
    pieces = [name for name in PIECES if (night / name).exists()]
    random.Random(seed).shuffle(pieces)  # noqa: S311 - no secret
    folder = tmp_path / "night"
    folder.mkdir()
    for name in LISTS if lists else ():
        shutil.copy(night / name, folder / name)
    of_lacks = {code for code, rule in rules().items() if rule.absence}
    before: list[Finding] = []
    compared = 0
    for name in pieces:
        (shutil.copytree if (night / name).is_dir() else shutil.copy)(night / name, folder / name)
        result = checked(folder)
        for found in before:
            compared += 1
            assert is_still_said(found, result), (name, found)
        before = [
            found
            for found in result.findings
            if found.severity > Severity.INFO and found.code not in of_lacks and found.level == "bureau"
        ]
    assert compared > 10


def test_a_city_s_feed_in_two_files_and_in_any_order(real_data: Path, tmp_path: Path) -> None:
    text = (real_data / "2017-presidentielle-t1-paris-city.csv").read_text(encoding="utf-8-sig")
    first, *lines = text.splitlines(keepends=True)
    put_text(tmp_path / "whole.csv", text)
    due = told(audited(published=(tmp_path / "whole.csv",)))
    for seed in (1, 2):
        random.Random(seed).shuffle(lines)  # noqa: S311 - no secret
        halves = [tmp_path / "a.csv", tmp_path / "b.csv"]
        for path, some in zip(halves, itertools.batched(lines, len(lines) // 2 + 1), strict=True):
            put_text(path, first + "".join(some))
        found = told(audited(published=tuple(halves)))
        lost = {each: count for each, count in (due - found).items() if each[1] != "INFO"}
        assert lost == {}
