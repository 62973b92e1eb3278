"""Rows that stand a row too high or too low, on copies of the city's file: one case, where a row stands twice."""

import shutil
from pathlib import Path

import pytest

from tests.sources import put_text
from tests.verify.cases.faulty_files import Table, audited, causes_of, is_case, only_case, paris, read_table, said
from tests.verify.night_builder import bureaux_of
from verify.model.cases import Case, Sure

COUNTS = slice(3, None)
FILES = {"pv.csv": "pv", "emargements.csv": "emargements"}


def slip(table: Table, first: int, length: int, step: int, *, around: bool = False) -> list[str]:
    """Give each row of a run the counts of the one beside; of the last one the first's, or its own. The bureaux."""
    run = table[first : first + length]
    counts = [row[COUNTS] for row in run]
    for at, row in enumerate(run):
        if around or 0 <= at + step < length:
            row[COUNTS] = counts[(at + step) % length]
    return [row[1] for row in run]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("first", "length", "step"), [(106, 13, 1), (106, 13, -1), (500, 13, -1), (400, 25, 1)])
def test_rows_of_pvs_or_lists_with_registered_voters_are_one_case(
    real_data: Path, tmp_path: Path, file: str, first: int, length: int, step: int
) -> None:
    tables = paris(real_data)
    evidence = {name: tables[name] for name in FILES}
    slip(evidence[file], first, length, step)
    result = audited(tmp_path, evidence)
    assert causes_of(result) == {"column-slipped": 1}
    case = only_case(result)
    assert (case.piece, case.sure) == (FILES[file], Sure.LIKELY)
    assert len(case.places) == length - 1


@pytest.mark.parametrize("file", FILES)
def test_rows_that_have_one_anothers_counts_all_round_are_one_open_case_that_names_both(
    real_data: Path, tmp_path: Path, file: str
) -> None:
    tables = paris(real_data)
    evidence = {name: tables[name] for name in FILES}
    bureaux = slip(evidence[file], 300, 8, 1, around=True)
    result = audited(tmp_path, evidence)
    case = only_case(result)
    is_case(case, "column-slipped", sure=Sure.OPEN)
    assert bureaux_of(case) == bureaux
    assert not case.detail.corrections
    assert "8 bureaux have figures of one another in the PV or on the sign-in list" in said(case, result)


@pytest.mark.parametrize("step", [1, -1])
def test_rows_of_counts_that_slipped_are_one_case_where_the_votes_by_choice_are_right(folder: Path, step: int) -> None:
    table = read_table(folder / "pv.csv")
    slip(table, 3, 7, step)
    result = audited(folder, {"pv.csv": table})
    case = only_case(result)
    assert (case.cause.name, case.piece, len(case.places)) == ("column-slipped", "pv", 6)


@pytest.mark.parametrize("others", [(8,), (6, 8)])
def test_counts_of_pvs_all_round_beside_their_own_registered_voters_are_one_case(
    folder: Path, others: tuple[int, ...]
) -> None:
    table = read_table(folder / "pv.csv")
    own = slice(table[0].index("inscrits") + 1, None)
    rows = [table[at] for at in (3, *others)]
    counts = [row[own] for row in rows]
    for row, count in zip(rows, (*counts[1:], counts[0]), strict=True):
        row[own] = count
    [case] = audited(folder, {"pv.csv": table}).cases
    is_case(case, "column-slipped" if len(others) > 1 else "bureaux-exchanged", "pv")
    assert bureaux_of(case) == [row[1] for row in rows]
    assert not any(each.field == "registered" for each in case.detail.corrections)


def test_bureaux_sorted_as_text_beside_counts_sorted_by_number_are_one_case(folder: Path) -> None:
    table = read_table(folder / "pv.csv")
    rows = table[1:]
    counts = {row[1]: row[COUNTS] for row in rows}
    as_text = sorted(str(int(row[1])) for row in rows)
    for row, number in zip(rows, as_text, strict=True):
        row[COUNTS] = counts[number.zfill(4)]
    moved = [row[1] for row in rows if row[COUNTS] != counts[row[1]]]
    result = audited(folder, {"pv.csv": table})
    [case] = result.cases
    is_case(case, "column-slipped", "pv")
    assert bureaux_of(case) == moved
    assert {(each.place.bureau, each.becomes) for each in case.detail.corrections if each.field == "registered"} <= {
        (bureau, int(count[0])) for bureau, count in counts.items()
    }


@pytest.mark.parametrize("with_exports", [True, False])
def test_votes_by_choice_of_two_bureaux_exchanged_are_one_case(folder: Path, with_exports: bool) -> None:
    if not with_exports:
        shutil.rmtree(folder / "exports")
        toml = folder / "election.toml"
        put_text(toml, toml.read_text(encoding="utf-8").replace('"exports", ', ""))
    table = read_table(folder / "voix.csv")
    for row in table[1:]:
        row[1] = {"0003": "0008", "0008": "0003"}.get(row[1], row[1])
    result = audited(folder, {"voix.csv": table})
    case = only_case(result)
    is_case(case, "bureaux-exchanged", "pv")
    assert bureaux_of(case) == ["0003", "0008"]
    assert all(each.choice >= 0 for each in case.detail.corrections)


def test_a_list_with_codes_off_by_one_is_one_case(folder: Path) -> None:
    """The first bureau has no row then, and the last row is of a bureau that no other file has."""
    for name in ("univers.csv", "recap.csv"):
        (folder / name).unlink()
    table = read_table(folder / "emargements.csv")
    right = {row[1]: row[table[0].index("emargements")] for row in table[1:]}
    for row in table[1:]:
        row[1] = str(int(row[1]) + 1).zfill(4)
    result = audited(folder, {"emargements.csv": table})
    case = next(case for case in result.cases if case.cause.name == "column-slipped")
    signed = {each.place.bureau: str(each.becomes) for each in case.detail.corrections if each.field == "signatures"}
    assert signed == {bureau: right[bureau] for bureau in sorted(right)[1:]}
    assert len(result.cases) == 1


def test_a_bureau_under_a_code_of_its_own_in_the_list_is_one_case(folder: Path) -> None:
    for name in ("univers.csv", "recap.csv"):
        (folder / name).unlink()
    table = read_table(folder / "emargements.csv")
    table[4][1] = f"9{table[4][1][1:]}"
    [case] = audited(folder, {"emargements.csv": table}).cases
    is_case(case, "code-unknown", "emargements", Sure.LIKELY)
    assert bureaux_of(case) == ["0004", "9004"]


def test_a_row_left_blank_from_which_on_all_have_slipped_is_of_their_case(folder: Path) -> None:
    table = read_table(folder / "pv.csv")
    first, end = table[0].index("emargements"), table[0].index("procurations")
    counts = [row[first:end] for row in table[4:]]
    for row, cells in zip(table[4:], [[""] * len(counts[0]), *counts[:-1]], strict=True):
        row[first:end] = cells
    case = only_case(audited(folder, {"pv.csv": table}))
    is_case(case, "column-slipped", "pv")
    assert bureaux_of(case) == [row[1] for row in table[4:]]


@pytest.mark.parametrize("by_machine", [True, False])
def test_lists_of_two_bureaux_exchanged_are_a_question_where_no_machine_counted(folder: Path, by_machine: bool) -> None:
    if not by_machine:
        shutil.rmtree(folder / "exports")
        toml = folder / "election.toml"
        put_text(toml, toml.read_text(encoding="utf-8").replace('"exports", ', ""))
    table = read_table(folder / "emargements.csv")
    signed = table[0].index("emargements")
    table[3][signed], table[8][signed] = table[8][signed], table[3][signed]
    case = only_case(audited(folder, {"emargements.csv": table}))
    is_case(case, "bureaux-exchanged", "emargements")
    assert case.sure is (Sure.LIKELY if by_machine else Sure.OPEN)
    assert bool(case.detail.corrections) is by_machine


def test_signatures_of_a_publication_that_nothing_else_is_beside_are_put_back(tmp_path: Path) -> None:
    """Its own votes found say where they belong: they were taken for a copy of themselves."""
    voters = [512, 634, 587, 701, 655, 498, 543, 620, 577, 690, 608, 531]
    signed = [*voters[:4], *voters[5:10], voters[4], *voters[10:]]
    rows = "".join(
        f"77,001,{at:04},Essai,900,{here},{found},8,4,{found - 12},{found - 212},200\n"
        for at, (here, found) in enumerate(zip(signed, voters, strict=True), 1)
    )
    file = tmp_path / "publie.csv"
    names = "departement,commune,bureau,commune_libelle,inscrits,emargements,votants,blancs,nuls,exprimes,LE PEN,MACRON"
    file.write_text(f"{names}\n{rows}")
    [case] = audited(published=(file,)).cases
    assert case.cause.name == "column-slipped"
    assert [each.becomes for each in case.detail.corrections] == voters[4:10]


def test_votes_for_one_choice_of_two_bureaux_exchanged_are_two_figures(folder: Path) -> None:
    table = read_table(folder / "voix.csv")
    of_first = {row[1]: row for row in table[1:] if row[1] in ("0003", "0008") and row[3] == table[1][3]}
    one, other = of_first["0003"], of_first["0008"]
    assert one[4] != other[4]
    one[4], other[4] = other[4], one[4]
    case = only_case(audited(folder, {"voix.csv": table}))
    is_case(case, "figures-exchanged", "pv")
    assert bureaux_of(case) == ["0003", "0008"]
    assert {(each.was, each.becomes) for each in case.detail.corrections} == {
        (int(one[4]), int(other[4])),
        (int(other[4]), int(one[4])),
    }


VOTERS = [512, 634, 587, 701, 655, 498, 543, 620, 577, 690, 608, 531]


def beside_results(folder: Path, pv: list[tuple[int, int]], macron: list[int], *, follows: bool = False) -> list[Case]:
    """Verify PVs with such votes found and valid ones beside a right list, and results with such votes for MACRON.

    The results have the right counts, or those of the PVs.
    """
    shown = pv if follows else [(found, found - 12) for found in VOTERS]
    names = "insee,bureau,inscrits,emargements,votes_trouves,blancs,nuls,exprimes"
    rows = [f"77001,{at:04},900,{VOTERS[at - 1]},{found},8,4,{valid}" for at, (found, valid) in enumerate(pv, 1)]
    (folder / "pv.csv").write_text("\n".join((names, *rows)))
    names = "insee,bureau,choix,voix"
    rows = [
        f"77001,{at:04},{choice},{votes}"
        for at, found in enumerate(VOTERS, 1)
        for choice, votes in (("LE PEN", found - 212), ("MACRON", 200))
    ]
    (folder / "voix.csv").write_text("\n".join((names, *rows)))
    names = "insee,bureau,inscrits,emargements"
    rows = [f"77001,{at:04},900,{found}" for at, found in enumerate(VOTERS, 1)]
    (folder / "emargements.csv").write_text("\n".join((names, *rows)))
    names = "departement,commune,bureau,commune_libelle,inscrits,votants,blancs,nuls,exprimes,LE PEN,MACRON"
    rows = [
        f"77,001,{at:04},Essai,900,{found},8,4,{valid},{voters - 12 - votes},{votes}"
        for at, (voters, (found, valid), votes) in enumerate(zip(VOTERS, shown, macron, strict=True), 1)
    ]
    (folder / "publie.csv").write_text("\n".join((names, *rows)))
    return list(audited(folder).cases)


@pytest.mark.parametrize("follows", [False, True])
def test_two_columns_a_row_low_are_one_act_and_no_slip_of_the_list(tmp_path: Path, follows: bool) -> None:
    """Its copies may have them so as well, and no longer tell what was lost: the sums do."""
    right = [(found, found - 12) for found in VOTERS]
    [case] = beside_results(tmp_path, [*right[:3], *right[2:9], *right[10:]], [200] * 12, follows=follows)
    is_case(case, "column-slipped", "pv", Sure.LIKELY)
    assert {str(each.field) for each in case.detail.corrections} == {"votes_found", "valid"}
    put_back = {(each.place.bureau, each.becomes) for each in case.detail.corrections if each.field == "votes_found"}
    assert put_back == {(f"{at:04}", VOTERS[at - 1]) for at in range(4, 11)}


def test_a_row_in_which_nothing_was_exchanged_is_not_turned_with_the_others(tmp_path: Path) -> None:
    right = [(found, found - 12) for found in VOTERS]
    exchanged = [found - 212 for found in VOTERS[:-1]]
    [case] = beside_results(tmp_path, right, [*exchanged, 200])
    is_case(case, "columns-exchanged", sure=Sure.OPEN)
    assert {each.bureau for each in case.places} == {f"{at:04}" for at in range(1, 12)}
