"""Cases of evidence in which it is known what happened: what is said, how sure it is, and what is left open."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from protocol.files import csv_lines
from protocol.words import msg
from regard.commands.planning.simulate import simulate
from tests.sources import new_file, put_text
from tests.verify.cases.faulty_files import is_case
from tests.verify.night_builder import audited, bureaux_of, causes, grave_cases, loaded
from verify import audit
from verify.audit import Audit
from verify.cases.place_names import bureau_codes
from verify.loading import load
from verify.model.cases import Case, CaseReading, Sure
from verify.model.evidence import Sources

HEADER = ("insee", "bureau", "scrutin", "inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
INSEE = "76351"


def records(counts: Sequence[tuple[int, int]], blank: int = 20) -> list[dict[str, int | str]]:
    """The PVs of a commune, bureau by bureau from 0001, by their signatures and votes found."""
    return [
        {
            "insee": INSEE,
            "bureau": f"{number:04}",
            "scrutin": 1,
            "inscrits": 1200 + 7 * number,
            "emargements": signed,
            "votes_trouves": found,
            "blancs": blank,
            "nuls": 0,
            "exprimes": found - blank,
        }
        for number, (signed, found) in enumerate(counts, start=1)
    ]


def of_pvs(rows: Sequence[dict[str, int | str]], signed: str | None = None) -> Audit:
    """The audit of PVs, with a sign-in list or alone."""
    pvs = csv_lines([HEADER, *([row[name] for name in HEADER] for row in rows)])
    lists = () if signed is None else (new_file("emargements.csv", signed),)
    return audited(records=(new_file("pv.csv", pvs),), signatures=lists)


def of_figures(result: Audit) -> list[Case]:
    """The cases that are no gaps left open."""
    return [case for case in result.cases if case.cause.name not in ("open-gap", "gap-unmentioned")]


EQUAL = [(700 + 31 * number, 700 + 31 * number) for number in range(12)]


def test_a_figure_that_three_others_of_the_page_contradict_is_one_certain_case() -> None:
    rows = records([(662, 662)])
    rows[0]["votes_trouves"] = 626
    result = of_pvs(rows)
    [case] = result.cases
    is_case(case, "digits-exchanged", "pv", Sure.CERTAIN)
    [correction] = case.detail.corrections
    assert (str(correction.field), correction.was, correction.becomes) == ("votes_found", 626, 662)
    assert {result.findings[at].code for at in case.findings} >= {"R202", "R204", "R210"}
    assert case.detail.adds_up


@pytest.mark.parametrize(("signed", "found"), [(1200, 1002), (1134, 1314), (870, 807)])
def test_a_gap_that_two_exchanged_digits_make_is_likely_to_be_that(signed: int, found: int) -> None:
    rows = records([(signed, found), (700, 701)])
    [case] = of_figures(of_pvs(rows))
    is_case(case, "digits-exchanged", "pv", Sure.LIKELY)
    [correction] = case.detail.corrections
    assert (str(correction.field), correction.was, correction.becomes) == ("signatures", signed, found)


@pytest.mark.parametrize(
    ("signed", "found", "should", "left"),
    [(155, 956, 955, 1), (155, 953, 955, -2), (956, 155, 156, -1), (195, 916, 915, 1), (1155, 2157, 2155, 2)],
)
def test_a_wrong_digit_and_a_small_gap_are_a_question_with_both_readings(
    signed: int, found: int, should: int, left: int
) -> None:
    """The list alone, against votes that add up: no slip that fits exactly, so that nobody knows."""
    [case] = of_pvs(records([(signed, found)])).cases
    assert (case.sure, case.detail.corrections) == (Sure.OPEN, ())
    slip, as_it_stands = case.detail.readings
    [correction] = slip.corrections
    assert (str(correction.field), correction.was, correction.becomes) == ("signatures", signed, should)
    assert (slip.gap, as_it_stands) == (left, CaseReading((), found - signed))


@pytest.mark.parametrize("found", [955, 956])
def test_votes_found_that_add_up_are_not_the_ones_that_a_gap_makes_wrong(found: int) -> None:
    rows = records([(155, found), (700, 700)])
    sheet = [f"{INSEE},0001,1,155", f"{INSEE},0002,1,700"]
    [case] = of_pvs(rows, "\n".join(["insee,bureau,scrutin,emargements", *sheet, ""])).cases
    assert (case.cause.name, case.sure, case.detail.corrections) == ("gap-unmentioned", Sure.OPEN, ())


def test_where_either_count_may_have_the_wrong_digit_nothing_is_said_of_a_gap_that_is_left() -> None:
    rows = [row | {"blancs": "", "nuls": "", "exprimes": ""} for row in records([(155, 956), (700, 700)])]
    result = of_pvs(rows)
    [case] = [case for case in result.cases if case.places[0].bureau == "0001"]
    assert (case.sure, case.detail.corrections, case.detail.values) == (Sure.OPEN, (), {})


@pytest.mark.parametrize(
    ("signed", "found"),
    [
        *((662, 663), (662, 660), (662, 667), (662, 654), (843, 834), (1200, 1003), (1200, 1112), (999, 799)),
        *((712, 812), (812, 821), (650, 700), (605, 685), (155, 958), (15, 96), (519, 956), (716, 757)),
    ],
)
def test_a_small_gap_or_one_that_no_digits_explain_is_left_open(signed: int, found: int) -> None:
    [case] = of_pvs(records([(signed, found)], blank=2)).cases
    assert (case.cause.name, case.sure, case.detail.corrections) == ("gap-unmentioned", Sure.OPEN, ())


def test_a_count_that_may_be_wrong_in_several_ways_is_left_open() -> None:
    rows = records([(662, 662)])
    rows[0]["blancs"] = 43  # or the valid votes, or those found: nothing tells
    [case] = of_figures(of_pvs(rows))
    assert case.sure is not Sure.CERTAIN


@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("column", ["emargements", "votes_trouves", "blancs", "exprimes", "nuls"])
def test_any_count_that_slipped_by_a_row_is_one_case(column: str, step: int) -> None:
    rows = records(EQUAL)
    for at, row in enumerate(rows):
        row |= {"blancs": 20 + at * at, "nuls": 3 + at, "exprimes": int(row["votes_trouves"]) - 23 - at - at * at}
    right = [int(row[column]) for row in rows]
    run = [*range(3, 9)]
    for at, other in zip(run, run[step:] + run[:step], strict=True):
        rows[at][column] = right[other]
    [case] = of_pvs(rows).cases
    is_case(case, "column-slipped", "pv")
    assert bureaux_of(case) == [f"{at + 1:04}" for at in run]
    assert [each.becomes for each in case.detail.corrections] == [right[at] for at in run]


@pytest.mark.parametrize("step", [1, -1])
def test_rows_that_slipped_by_one_are_one_case(tmp_path: Path, step: int) -> None:
    """PVs with their votes, of a night that has all other evidence."""
    simulate(tmp_path, communes="95637", faults="none")
    for name, key in (("pv.csv", 3), ("voix.csv", 4)):
        header, *rows = csv.reader(io.StringIO((tmp_path / name).read_text("utf-8")))
        run = sorted({row[1] for row in rows})[2:8]
        of = dict(zip(run, run[step:] + run[:step], strict=True))
        held = {(row[1], *row[3:key]): row[key:] for row in rows}
        moved = [row[:key] + held[(of.get(row[1], row[1]), *row[3:key])] for row in rows]
        (tmp_path / name).write_bytes(csv_lines([header, *moved]))
    (tmp_path / "manifest.json").unlink()
    [case] = audit.run(loaded(tmp_path)).cases
    is_case(case, "column-slipped", "pv", Sure.CERTAIN)
    assert bureaux_of(case) == run


def test_bureaux_that_have_each_others_figures_two_by_two_are_no_slip_of_a_column(tmp_path: Path) -> None:
    """Registered voters, all that a list without PVs says of them, fit the row beside in four bureaux."""
    simulate(tmp_path, communes="95637", faults="none")
    header, *rows = (tmp_path / "publie.txt").read_text("latin-1").splitlines(keepends=True)
    cells = [row.split(";", 7) for row in rows]
    for one, other in ((3, 4), (5, 6)):
        cells[one][7], cells[other][7] = cells[other][7], cells[one][7]
    text = "".join([header, *map(";".join, cells)])
    (tmp_path / "publie.txt").write_text(text, encoding="latin-1", newline="")
    given = Sources(published=(tmp_path / "publie.txt",), files=(tmp_path / "univers.csv",))
    found = [case for case in audit.run(load(given)).cases if case.cause.name != "evidence-missing"]
    assert [(case.cause.name, len(case.places)) for case in found] == [("bureaux-exchanged", 4)]


def test_wrong_counts_of_several_bureaux_are_no_slip_of_a_column() -> None:
    rows = records(EQUAL)
    for at in (3, 4, 5, 6):
        rows[at]["exprimes"] = int(rows[at]["exprimes"]) + 100 + 7 * at
    assert "column-slipped" not in causes(of_pvs(rows))


def test_a_slip_runs_on_where_the_numbers_of_bureaux_get_longer_and_past_small_gaps() -> None:
    """As texts 10 to 12 come before 9; and 8 and 9 have nearly as many votes."""
    counts = [(600 + 31 * number, 600 + 31 * number) for number in range(24)]
    counts[8] = (counts[7][0] + 4, counts[7][1] + 4)
    run = [*range(5, 15)]
    rows = records([(counts[at - 1][0] if at in run[1:] else own, found) for at, (own, found) in enumerate(counts)])
    rows[run[0]]["emargements"] = counts[run[-1]][0]
    for row in rows:
        row["bureau"] = str(int(row["bureau"]))
    [case] = of_pvs(rows).cases
    assert case.cause.name == "column-slipped"
    assert bureaux_of(case) == [str(at + 1) for at in run]
    assert bureau_codes(case.places) == msg("{first} to {last}", first="6", last="15")
    assert [each.becomes for each in case.detail.corrections] == [counts[at][0] for at in run]


def test_cases_are_read_in_the_order_of_the_numbers_of_bureaux() -> None:
    rows = records([(signed + 1 if at in (1, 8, 9, 10) else signed, found) for at, (signed, found) in enumerate(EQUAL)])
    for row in rows:
        row["bureau"] = str(int(row["bureau"]))
    assert [case.places[0].bureau for case in of_pvs(rows).cases] == ["2", "9", "10", "11"]


def test_the_order_of_the_rows_plays_no_part() -> None:
    rows = records([(EQUAL[at + 1][0] if 3 <= at < 8 else own, found) for at, (own, found) in enumerate(EQUAL)])
    one, other = of_pvs(rows), of_pvs(rows[::-1])

    def told(result: Audit) -> list[tuple[object, ...]]:
        return [
            (case.cause.name, case.sure, case.places, sorted(result.findings[at].code for at in case.findings))
            for case in result.cases
        ]

    assert told(one) == told(other)


def test_gaps_of_both_signs_are_no_column_that_is_off() -> None:
    rows = records([(signed + (1 if at % 2 else -1), found) for at, (signed, found) in enumerate(EQUAL * 2)])
    result = of_pvs(rows)
    assert causes(result) == {"gap-unmentioned"}
    assert len(result.cases) == len(rows)


def test_two_bureaux_with_each_others_counts_are_one_case() -> None:
    listed = records(EQUAL[:6])
    signed = "".join(f"{row['insee']},{row['bureau']},1,{row['inscrits']},{row['emargements']}\n" for row in listed)
    one, other = dict(listed[1]), dict(listed[4])
    one["bureau"], other["bureau"] = other["bureau"], one["bureau"]
    rows = [listed[0], other, listed[2], listed[3], one, listed[5]]
    result = of_pvs(rows, f"insee,bureau,scrutin,inscrits,emargements\n{signed}")
    [case] = grave_cases(result)
    is_case(case, "bureaux-exchanged", "pv")
    assert bureaux_of(case) == ["0002", "0005"]


def test_cases_are_read_in_the_order_of_their_kinds() -> None:
    rows = records([(662, 662), (500, 497), (800, 800)])
    rows[0]["votes_trouves"] = 626
    kinds = [case.cause.kind for case in of_pvs(rows).cases]
    assert kinds == sorted(kinds)
    assert len(set(kinds)) == 2


@pytest.mark.parametrize("editions", [1, 2, 3, 4])
def test_a_figure_wrong_in_every_edition_is_wrong_there_and_not_in_the_pv(tmp_path: Path, editions: int) -> None:
    header = "insee;commune;bureau;inscrits;votants;blancs;nuls;exprimes;ZOLA Émile;CURIE Marie"
    rows = "77001;Essai;0001;1012;702;10;0;692;{votes};231\n77001;Essai;0002;998;801;4;0;797;455;342\n"
    put_text(tmp_path / "pv.csv", f"{header}\n" + rows.format(votes=461))
    published = tuple(tmp_path / f"edition {number}.csv" for number in range(editions))
    for file in published:
        put_text(file, f"{header}\n" + rows.format(votes=416))
    result = audit.run(loaded(records=(tmp_path / "pv.csv",), published=published))
    [case] = grave_cases(result)
    is_case(case, "digits-exchanged", "publie", Sure.LIKELY)  # the PV alone says so: its copies are no witnesses
    assert [(each.was, each.becomes, each.piece) for each in case.detail.corrections] == [
        (416, 461, "publie")
    ] * editions
    assert [each.copied for each in case.detail.corrections] == [False, *[True] * (editions - 1)]
