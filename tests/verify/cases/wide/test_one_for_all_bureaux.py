"""One fault in every bureau is one case: the roll of another date, a missing piece."""

import copy
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from sim.bureaux import choose
from sim.nights.night import simulate
from tests.sources import new_folder
from tests.verify.cases.faulty_files import Table, audited, causes_of, read_table
from tests.verify.night_builder import grave_cases
from verify.audit import Audit
from verify.cases.by_codes import are_nearly_all

VAUCRESSON, VILLENOY, MANDELIEU = "92076", "77513", "06079"
"""Six bureaux, three and twenty."""
REGISTERED = {"univers.csv": 5, "emargements.csv": 3, "pv.csv": 3}


@pytest.fixture(scope="module")
def clean() -> Path:
    """A night without faults of three communes."""
    night = new_folder()
    simulate(night, seed=4, year=2022, communes=choose(2022, [VAUCRESSON, VILLENOY, MANDELIEU]), rates={}, workers=1)
    (night / "manifest.json").unlink()
    return night


def night_with(clean: Path, file: str, table: Table) -> dict[str, int]:
    """The causes of the cases of the same night with another table."""
    folder = Path(shutil.copytree(clean, new_folder(), dirs_exist_ok=True))
    return causes_beside(clean, audited(folder, {file: table}))


def causes_beside(clean: Path, result: Audit) -> dict[str, int]:
    """The causes of the cases that the night itself has not."""
    return causes_of(result) - causes_of(audited(clean))


def with_other_roll(table: Table, file: str, rows: Iterable[int]) -> Table:
    """The table with other registered voters in some rows, as on a list of another date."""
    other = copy.deepcopy(table)
    for at in rows:
        other[at][REGISTERED[file]] = str(int(other[at][REGISTERED[file]]) + 20 + 7 * at)
    return other


@pytest.mark.parametrize("file", REGISTERED)
def test_the_roll_of_another_date_in_a_whole_file_is_one_case(clean: Path, file: str) -> None:
    table = read_table(clean / file)
    assert len(table) == 30
    causes = night_with(clean, file, with_other_roll(table, file, range(1, len(table))))
    assert causes == {"registered-differ": 1}


@pytest.mark.parametrize(("bureaux", "cases"), [(6, 1), (5, 5)], ids=["all of a commune: one", "some: one each"])
def test_the_roll_of_another_date_in_bureaux_of_a_commune(clean: Path, bureaux: int, cases: int) -> None:
    table = read_table(clean / "pv.csv")
    rows = [at for at, row in enumerate(table) if row[0] == VAUCRESSON]
    assert len(rows) == 6
    other = with_other_roll(table, "pv.csv", rows[:bureaux])
    assert night_with(clean, "pv.csv", other) == {"registered-differ": cases}


def column(name: str, change: Callable[[dict[str, str]], object]) -> Callable[[Table], None]:
    """Make a change of one column of a table."""

    def changed(table: Table) -> None:
        header = table[0]
        for row in table[1:]:
            row[header.index(name)] = str(change(dict(zip(header, row, strict=True))))

    return changed


def zeros(*names: str) -> Callable[[Table], None]:
    """Make columns of a table zeros."""

    def changed(table: Table) -> None:
        for name in names:
            column(name, lambda row: 0)(table)

    return changed


@pytest.mark.parametrize(
    ("file", "change", "cause"),
    [
        ("pv.csv", zeros("blancs"), "column-holds-other"),
        ("pv.csv", zeros("emargements", "votes_trouves", "blancs", "nuls", "exprimes"), "column-holds-other"),
        ("voix.csv", zeros("voix"), "column-holds-other"),
        ("pv.csv", column("ouverture", lambda row: ""), "times-in-record"),
        ("pv.csv", column("procurations", lambda row: int(row["emargements"]) + 1), "proxies"),
        ("univers.csv", column("scelle_machine", lambda row: row["scelle_machine"] + "9"), "seal-differs"),
        ("univers.csv", column("comptage", lambda row: "papier"), "machine-on-paper"),
    ],
)
def test_a_column_that_is_wrong_in_every_row_is_one_case(
    clean: Path, file: str, change: Callable[[Table], None], cause: str
) -> None:
    table = read_table(clean / file)
    change(table)
    assert night_with(clean, file, table) == {cause: 1}


def test_a_column_of_zeros_in_a_small_commune_is_one_case(clean: Path) -> None:
    table = read_table(clean / "pv.csv")
    blank = table[0].index("blancs")
    for row in table[1:]:
        row[blank] = "0" if row[0] == VILLENOY else row[blank]
    assert night_with(clean, "pv.csv", table) == {"column-holds-other": 1}


def test_nulls_of_zero_in_a_small_commune_are_not_zeros_for_counts_by_sums_alone(clean: Path, tmp_path: Path) -> None:
    """Votes found that were copied from the signatures would be as many null votes more."""
    night = tmp_path / "night"
    night.mkdir()
    header, *rows = read_table(clean / "pv.csv")
    rows = [row for row in rows if row[0] == VILLENOY]
    for at, row in enumerate(rows):
        row[header.index("emargements")] = row[header.index("votes_trouves")] = str(int(row[5]) + 3 + at)
    found = {row[1]: row[header.index("votes_trouves")] for row in rows}
    lines = [line.split(";") for line in (clean / "publie.txt").read_text(encoding="latin-1").splitlines()]
    for line in lines:
        line[10] = found.get(line[6], line[10])
    kept = [line for line in lines if line[0] + line[4] in (lines[0][0] + lines[0][4], VILLENOY)]
    (night / "publie.txt").write_text("".join(f"{';'.join(line)}\n" for line in kept), encoding="latin-1")
    causes = causes_of(audited(night, {"pv.csv": [header, *rows]}))
    assert causes
    assert "column-holds-other" not in causes


def test_an_opening_that_all_pvs_have_at_another_minute_is_one_case(clean: Path) -> None:
    table = read_table(clean / "pv.csv")
    column("ouverture", lambda row: row["ouverture"][:3] + "40")(table)
    assert night_with(clean, "pv.csv", table)["hours"] == 1


def test_signatures_that_are_all_zeros_are_one_case(clean: Path) -> None:
    table = read_table(clean / "emargements.csv")
    zeros("emargements")(table)
    causes = night_with(clean, "emargements.csv", table)
    assert causes == {"column-holds-other": 1, "proxies": 1}  # of more proxies than signatures nothing else is said


def test_times_that_lack_in_one_commune_only_are_a_case_of_it(clean: Path) -> None:
    table = read_table(clean / "pv.csv")
    for row in table[1:]:
        row[table[0].index("ouverture")] = "" if row[0] == VAUCRESSON else row[table[0].index("ouverture")]
    assert night_with(clean, "pv.csv", table) == {"times-in-record": 1}


def test_times_that_lack_in_some_bureaux_are_a_case_each(clean: Path) -> None:
    table = read_table(clean / "pv.csv")
    rows = [row for row in table if row[0] == VILLENOY] + [row for row in table if row[0] == VAUCRESSON][:2]
    for row in rows:
        row[table[0].index("ouverture")] = ""
    causes = night_with(clean, "pv.csv", table)
    assert causes == {"times-in-record": 3}  # all three of Villenoy are one


@pytest.mark.parametrize(
    ("files", "change", "cause"),
    [
        ("exports", lambda data: data.replace(b"\r\n", b"\n"), "bytes-damaged"),
        ("exports", lambda data: data[: len(data) // 2], "cut-short"),
        ("modules", lambda data: data + b"\0", "cut-short"),
    ],
)
def test_dumps_that_are_all_damaged_in_one_way_are_one_case(
    clean: Path, tmp_path: Path, files: str, change: Callable[[bytes], bytes], cause: str
) -> None:
    shutil.copytree(clean, tmp_path / "night")
    for path in (tmp_path / "night" / files).iterdir():
        path.write_bytes(change(path.read_bytes()))
    assert causes_beside(clean, audited(tmp_path / "night")) == {cause: 1}


@pytest.mark.parametrize("damaged", [1, 5])
def test_some_damaged_dumps_are_a_case_each(clean: Path, tmp_path: Path, damaged: int) -> None:
    shutil.copytree(clean, tmp_path / "night")
    dumps = sorted((tmp_path / "night" / "exports").glob(f"{VAUCRESSON}*"))
    for path in dumps[:damaged]:
        path.write_bytes(path.read_bytes()[:100])
    assert causes_beside(clean, audited(tmp_path / "night")) == {"cut-short": damaged}


def test_bureaux_that_a_file_numbers_from_one_hundred_on_are_one_case(clean: Path) -> None:
    table = read_table(clean / "pv.csv")
    column("bureau", lambda row: 100 + int(row["bureau"]))(table)
    assert night_with(clean, "pv.csv", table) == {"code-unknown": 3}


@pytest.mark.parametrize("without", ["none", "pv.csv"])
def test_results_that_are_all_zeros_are_one_case(clean: Path, tmp_path: Path, without: str) -> None:
    night = tmp_path / "night"
    shutil.copytree(clean, night, ignore=shutil.ignore_patterns(without, "recap.csv", "voix.csv", "election.toml"))
    published = night / "publie.txt"
    header, *rows = [line.split(";") for line in published.read_text(encoding="latin-1").splitlines()]
    counts = [at for at, name in enumerate(header) if name in ("Votants", "Blancs", "Nuls", "Exprimés", "Voix")]
    further = [at for at in range(len(header), max(map(len, rows))) if (at - counts[-1]) % 7 == 0]
    for row in rows:
        for at in (*counts, *further):
            row[at] = "0" if at < len(row) else ""
    published.write_text("".join(f"{';'.join(row)}\n" for row in (header, *rows)), encoding="latin-1")
    assert causes_of(audited(night))["row-of-zeros"] == 1


@pytest.mark.parametrize("gone", ["exports", "modules", "emargements.csv", "publie.txt"])
def test_a_piece_that_was_not_given_at_all_is_one_case(clean: Path, tmp_path: Path, gone: str) -> None:
    night = tmp_path / "night"
    shutil.copytree(clean, night, ignore=shutil.ignore_patterns(gone, "publie.*.txt"))
    cases = grave_cases(audited(night))
    assert [case.cause.name for case in cases] == ["evidence-missing"]
    assert len({each.insee for each in cases[0].places}) == 3


def test_a_piece_of_which_a_commune_has_none_is_a_case_of_it(clean: Path) -> None:
    table = read_table(clean / "emargements.csv")
    causes = night_with(
        clean,
        "emargements.csv",
        [row for row in table if row[0] not in (VAUCRESSON, VILLENOY) or row[1] == "0001"],
    )
    assert causes == {"evidence-missing": 2}


@pytest.mark.parametrize(
    ("count", "of", "nearly"), [(2, 2, False), (3, 3, True), (9, 10, True), (8, 9, False), (0, 0, False)]
)
def test_nearly_all_are_three_and_nine_of_ten(count: int, of: int, nearly: bool) -> None:
    assert are_nearly_all(count, of) is nearly


def test_slips_of_the_pen_in_bureaux_that_follow_one_another_are_a_case_each(clean: Path) -> None:
    table = read_table(clean / "pv.csv")
    valid = table[0].index("exprimes")
    rows = [row for row in table[1:] if row[0] == MANDELIEU and row[valid][-1] != row[valid][-2]]
    followers = [row for row in rows if int(row[1]) - int(rows[0][1]) < 5][:3]
    for row in followers:
        row[valid] = row[valid][:-2] + row[valid][:-3:-1]
    assert night_with(clean, "pv.csv", table) == {"digits-exchanged": len(followers)}


def test_two_exchanges_in_a_commune_are_told_as_exchanges(clean: Path) -> None:
    table = read_table(clean / "emargements.csv")
    rows = [row for row in table[1:] if row[0] == MANDELIEU]
    for one, other in ((rows[2], rows[9]), (rows[5], rows[14])):
        one[3:], other[3:] = other[3:], one[3:]
    causes = night_with(clean, "emargements.csv", table)
    assert causes["bureaux-exchanged"] > 0
    assert "column-slipped" not in causes


def test_null_votes_in_all_machine_bureaux_of_a_commune_are_one_case(clean: Path, tmp_path: Path) -> None:
    """Others of it vote on paper, and two bureaux are in a case of exchanged rows as well."""
    folder = tmp_path / "night"
    folder.mkdir()
    for name in ("univers.csv", "emargements.csv", "election.toml"):
        shutil.copy(clean / name, folder / name)
    universe, records = read_table(clean / "univers.csv"), read_table(clean / "pv.csv")
    counting, null, valid = universe[0].index("comptage"), records[0].index("nuls"), records[0].index("exprimes")
    here = [at for at, row in enumerate(records) if row[0] == MANDELIEU]
    for at in here[:10]:
        records[at][null], records[at][valid] = "2", str(int(records[at][valid]) - 2)
    for at in here[10:]:
        universe[at][counting] = "papier"
    first, second = here[:2]
    records[first][3:], records[second][3:] = records[second][3:], records[first][3:]
    result = audited(folder, {"univers.csv": universe, "pv.csv": records})
    assert causes_of(result)["null-votes"] == 1
    [case] = [case for case in result.cases if case.cause.name == "null-votes"]
    assert 8 <= len(case.places) <= 10


def test_some_machine_bureaux_are_not_nearly_all_by_the_paper_bureaux_of_other_cases(
    clean: Path, tmp_path: Path
) -> None:
    """Wrong percentages of six of twelve machine bureaux; of eight on paper as well, where blank votes are wrong."""
    folder = tmp_path / "night"
    folder.mkdir()
    for name in ("choix.csv", "election.toml"):
        shutil.copy(clean / name, folder / name)
    universe = read_table(clean / "univers.csv")
    published = [line.split(";") for line in (clean / "publie.txt").read_text("latin-1").splitlines()]
    counting, share, blank = (
        universe[0].index("comptage"),
        published[0].index("% Abs/Ins"),
        published[0].index("Blancs"),
    )
    here = [at for at, row in enumerate(universe) if row[0] == MANDELIEU]
    for at, row in enumerate(universe[1:], 1):
        row[counting] = "machine" if at in here[:12] else "papier"
    rows = [row for row in published if "".join((row[0], row[4])) == MANDELIEU]
    for row in rows[:6]:
        row[share] = "99,99"
    for row in rows[12:]:
        row[blank] = str(int(row[blank]) + 100)
    (folder / "publie.txt").write_text("\n".join(map(";".join, published)), "latin-1")
    assert causes_of(audited(folder, {"univers.csv": universe}))["percentage-wrong"] == 6
