"""Rows in one another's places: not told where figures so small are alike by chance, nor where one of them is amiss."""

from pathlib import Path

import numpy as np
import pytest

from tests.verify.night_builder import audited
from verify.model.cases import Case, Sure

COLUMNS = ("Inscrits", "Émargements", "Votants", "Blancs", "Nuls", "Exprimés", "DUPONT", "MARTIN")
REGISTERED, SIGNED, CAST, BLANK, NULL, _, DUPONT, _ = range(8)
Rows = dict[str, list[int]]


def rows_of_ten() -> Rows:
    """Ten bureaux that add up, no two alike in a large figure."""
    found: Rows = {}
    for number in range(1, 11):
        votes = 200 + 37 * number, 150 + 29 * number * number % 211
        blank, null, valid = 3 + number % 5, 2 + number * number % 7, sum(votes)
        cast = valid + blank + null
        found[f"{number:04}"] = [cast + 150 + 11 * number, cast, cast, blank, null, valid, *votes]
    return found


def table(path: Path, rows: Rows, columns: tuple[int, ...] = tuple(range(len(COLUMNS)))) -> Path:
    head = ";".join(("Code INSEE;Commune;Bureau", *(COLUMNS[at] for at in columns)))
    lines = (";".join(["77001;Essai", code, *(str(row[at]) for at in columns)]) for code, row in rows.items())
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def cases_of(folder: Path, records: Rows, lists: Rows | None = None) -> list[Case]:
    """PVs beside right lists, or others, and a publication of the two counts of voters alone."""
    right = records if lists else rows_of_ten()
    result = audited(
        records=(table(folder / "pv.csv", records),),
        signatures=(table(folder / "emargements.csv", lists or right, (REGISTERED, SIGNED)),),
        published=(table(folder / "publie.csv", right, (REGISTERED, CAST)),),
    )
    return list(result.cases)


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_counts_of_another_day_that_fit_other_bureaux_by_chance_are_one_question(tmp_path: Path, seed: int) -> None:
    """Of thirty counts of about one size, twelve are near those of others; small gaps are among the large ones."""
    random, right = np.random.default_rng(seed), rows_of_ten()
    for number in range(1, 31):
        cast = int(random.integers(500, 620))
        right[f"{number:04}"] = [cast + 150 + int(random.integers(90)), cast, cast, 5, 3, cast - 8, cast - 208, 200]
    records = {code: [row[0], row[1] - int(random.integers(1, 50)), *row[2:]] for code, row in right.items()}
    lists = {code: [row[0] + int(random.integers(-2, 3)), *row[1:]] for code, row in records.items()}
    [case] = cases_of(tmp_path, records, lists)
    assert (case.cause.name, case.sure) == ("open-gap", Sure.OPEN)


def test_an_act_in_half_of_a_communes_bureaux_is_one_case(tmp_path: Path) -> None:
    """Every second bureau is published with its blank votes among the null ones."""
    published = rows_of_ten()
    for row in [*published.values()][::2]:
        row[BLANK], row[NULL] = 0, row[BLANK] + row[NULL]
    given = (table(tmp_path / "publie.csv", published),)
    [case] = audited(records=(table(tmp_path / "pv.csv", rows_of_ten()),), published=given).cases
    assert len(case.places) == len(published) // 2


def test_null_votes_that_sums_alone_find_in_another_row_are_asked(tmp_path: Path) -> None:
    """Of ten rows with 2 to 8 null votes each, two that fit the other one's sum do so by chance."""
    rows = rows_of_ten()
    rows["0002"][NULL], rows["0007"][NULL] = rows["0007"][NULL], rows["0002"][NULL]
    cases = cases_of(tmp_path, rows)
    assert len(cases) == 2
    assert {case.sure for case in cases} == {Sure.OPEN}


@pytest.mark.parametrize(("amiss", "sure"), [(0, Sure.LIKELY), (2, Sure.OPEN)])
@pytest.mark.parametrize("codes", [("0004", "0005"), ("0003", "0004", "0005")])
def test_rows_that_do_not_add_up_in_their_places_are_asked(
    tmp_path: Path, codes: tuple[str, ...], amiss: int, sure: Sure
) -> None:
    """Two blank votes more, and nothing tells whether these, the null votes or the votes found are wrong."""
    rows, right = rows_of_ten(), rows_of_ten()
    for code, other in zip(codes, codes[1:] + codes[:1], strict=True):
        rows[code] = list(right[other])
    rows[codes[0]][BLANK] += amiss
    [case] = cases_of(tmp_path, rows)
    assert (case.piece, case.sure) == ("pv", sure)
    assert len({each.bureau for each in case.places}) == len(codes)
    assert bool(case.detail.corrections) == (not amiss)


def test_sums_that_every_bureau_breaks_in_its_own_way_are_one_question(tmp_path: Path) -> None:
    rows = rows_of_ten()
    for number, row in enumerate(rows.values(), 11):
        row[DUPONT] += number * number % 17 + 3
        row[BLANK] += 7 * number % 13 + 2
        row[REGISTERED] += number % 3 == 0
    [case] = cases_of(tmp_path, rows)
    assert (case.sure, len(case.places)) == (Sure.OPEN, len(rows))
