"""Differences that look like a slip and are none; single acts that look like many."""

import json
from pathlib import Path

import pytest

from tests.sources import put_text
from tests.verify.cases.test_found_cases import EQUAL, HEADER, INSEE, of_figures, of_pvs, records
from tests.verify.night_builder import Night, audited, bureaux_of, cases_of, causes
from verify.cases.by_codes import explain
from verify.model.cases import Sure
from verify.model.findings import Severity
from verify.rulebook.causes import CaseKind


def test_a_gap_of_a_fourth_of_all_voters_is_a_slip_and_never_certain() -> None:
    [case] = of_pvs(records([(153, 1530)])).cases
    assert (case.cause.name, case.sure) == ("digit-lost", Sure.LIKELY)


def test_a_gap_that_the_pv_speaks_of_is_no_slip(tmp_path: Path) -> None:
    header = ",".join((*HEADER, "observations"))
    said = "1377 bulletins sans signature ont été trouvés dans l'urne : écart constaté"
    rows = f"{INSEE},0001,1,1900,153,1530,20,0,1510,{said}\n{INSEE},0002,1,1900,700,701,20,0,681,\n"
    put_text(tmp_path / "pv.csv", f"{header}\n{rows}")
    result = audited(records=(tmp_path / "pv.csv",))
    assert causes(result) == {"open-gap", "gap-unmentioned"}


def test_equal_counts_that_do_not_add_up_are_no_copy_without_a_machine() -> None:
    rows = records([(1526, 1526)])
    rows[0] |= {"blancs": 13, "nuls": 4, "exprimes": 1506}
    [case] = of_pvs(rows).cases
    assert case.cause.name != "found-from-signatures"
    assert (case.sure, case.detail.corrections) == (Sure.OPEN, ())


NATURAL = [0, 0, 1, -1, 0, 2, 0, 0, -2, 1, 0, 0]
"""Gaps as they are: a half of the bureaux has none."""


@pytest.mark.parametrize("by", [7, 100])
def test_a_column_of_signatures_off_by_one_number_among_real_gaps_is_one_case(by: int) -> None:
    counts = [(signed + by + gap, found) for (signed, found), gap in zip(EQUAL * 2, NATURAL * 2, strict=True)]
    [case] = of_pvs(records(counts)).cases
    assert (case.cause.name, dict(case.detail.values)) == ("constant-added", {"added": by, "field": "signatures"})
    assert len(case.places) == len(counts)


def test_a_column_of_votes_found_off_by_one_number_is_blamed_itself() -> None:
    rows = records(EQUAL * 2)
    for row in rows:
        row["votes_trouves"] = int(row["votes_trouves"]) + 7  # blank and valid votes make up what it was
    [case] = of_pvs(rows).cases
    assert (case.cause.name, case.detail.values["field"]) == ("constant-added", "votes_found")
    assert {(each.was or 0) - (each.becomes or 0) for each in case.detail.corrections} == {7}


def test_real_gaps_alone_are_no_column_that_is_off() -> None:
    counts = [(signed + gap, found) for (signed, found), gap in zip(EQUAL * 2, NATURAL * 2, strict=True)]
    assert causes(of_pvs(records(counts))) == {"gap-unmentioned"}


def test_a_gap_that_half_of_the_bureaux_have_and_the_others_not_is_no_column_that_is_off() -> None:
    counts = [(signed + (1 if at < 13 else 0), found) for at, (signed, found) in enumerate(EQUAL * 2)]
    assert causes(of_pvs(records(counts))) == {"gap-unmentioned"}


def test_two_signatures_that_stand_in_each_others_row_are_one_case() -> None:
    counts = [*EQUAL]
    counts[2], counts[7] = (EQUAL[7][0], EQUAL[2][1]), (EQUAL[2][0], EQUAL[7][1])
    [case] = of_figures(of_pvs(records(counts)))
    assert case.cause.name == "bureaux-exchanged"
    assert bureaux_of(case) == ["0003", "0008"]


def test_a_slip_that_leaves_a_gap_says_so() -> None:
    rows = records([(665, 662)])
    rows[0]["votes_trouves"] = 626
    [case] = of_pvs(rows).cases
    assert (case.cause.name, case.sure, dict(case.detail.values)) == ("digits-exchanged", Sure.LIKELY, {"gap_left": -3})


@pytest.mark.parametrize(
    ("codes", "names"),
    [
        ("M104 R201", {"zero-check", "open-gap"}),
        ("M104 M102 M109 R201", {"test-votes-left"}),
        ("M107.clock", {"clock"}),
        ("M107", {"hours"}),
    ],
)
def test_what_the_codes_of_a_bureau_are_signs_of(codes: str, names: set[str]) -> None:
    assert {cause.name for cause, _ in explain(frozenset(codes.split()))} == names


def test_cells_that_cannot_be_read_are_a_case_for_each_file(tmp_path: Path) -> None:
    for name, bureau in (("a", "0001"), ("b", "0002")):
        row = f"{INSEE},{bureau},1,1900,abc,700,20,0,680\n{INSEE},{bureau}9,1,1900,700,700,20,0,680\n"
        put_text(tmp_path / f"{name}.csv", ",".join(HEADER) + "\n" + row)
    result = audited(records=(tmp_path / "a.csv", tmp_path / "b.csv"))
    cells = cases_of(result, "cell-unreadable")
    assert len(cells) == 2
    assert all(case.severity is Severity.ERROR for case in cells)


def test_a_file_of_which_nothing_can_be_read_is_missing_evidence_and_one_case(night: Night, tmp_path: Path) -> None:
    night.raw["manifest.json"] = json.dumps({"files": {"pv.csv": "0" * 64}}).encode()
    night.raw["pv.csv"] = bytes(100)
    night.write(tmp_path)
    result = audited(tmp_path)
    cases = [case for case in result.cases if any("pv.csv" in result.findings[at].left.source for at in case.findings)]
    assert [case.cause.name for case in cases] == ["file-unreadable"]
    assert cases[0].cause.kind is CaseKind.EVIDENCE
    assert {result.findings[at].code for at in cases[0].findings} == {"A106", "I113"}


@pytest.mark.parametrize(("strange", "paired"), [("0012", True), ("2", False), ("0077", False)])
def test_a_code_goes_with_the_bureau_that_it_nearly_names(tmp_path: Path, strange: str, paired: bool) -> None:
    put_text(
        tmp_path / "univers.csv",
        "insee,commune,departement,circonscription,bureau,inscrits,comptage,"
        "ouverture,cloture,machine,module,scelle_machine,scelle_module\n"
        + "".join(f"{INSEE},Essai,76,,{bureau:04},900,papier,08:00,19:00,,,,\n" for bureau in (1, 2, 3)),
    )
    lacking = "0002" if paired else "0001"
    there = [bureau for bureau in ("0001", "0002", "0003") if bureau != lacking]
    rows = "".join(f"{INSEE},{bureau},1,900,600\n" for bureau in (*there, strange))
    put_text(tmp_path / "emargements.csv", f"insee,bureau,scrutin,inscrits,emargements\n{rows}")
    result = audited(tmp_path)
    codes = [
        {result.findings[at].code for at in case.findings} for case in result.cases if case.cause.name == "code-unknown"
    ]
    assert any("C105" in each for each in codes) == paired
