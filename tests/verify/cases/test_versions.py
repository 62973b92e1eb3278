"""Two versions of one PV: what one of them and the other pieces agree upon is told, the rest stays open."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from regard.language import show
from tests.verify.cases.faulty_files import is_case, only_case, said
from tests.verify.night_builder import CURIE, INSEE, LOVELACE, ZOLA, small_night
from verify import audit
from verify.audit import Audit
from verify.cases.wording import describe_shortly
from verify.loading import load
from verify.model.cases import Case, Sure
from verify.model.evidence import Sources
from verify.model.rule_results import Named

PLACE = Named(INSEE, "0002", 1)
RIGHT, SLIP, OTHER_SLIP = "546", "564", "654"
"""The votes found, with two digits exchanged, and with two others."""
Change = Mapping[str, str]
SETS = ("signatures exports published", "signatures published", "signatures", "")
"""What is given beside the PVs."""
ROUND = {
    "emargements": "611",
    "votes_trouves": "611",
    "blancs": "10",
    "exprimes": "601",
    ZOLA: "300",
    CURIE: "201",
    LOVELACE: "100",
}
"""Another round's figures of the bureau."""


def pvs(folder: Path, change: Change, *, alone: bool) -> tuple[Path, Path]:
    """The PVs of a night in which one was changed, and their votes by choice; or those of that one bureau alone."""
    night = small_night()
    for column, value in change.items():
        if column in (ZOLA, CURIE, LOVELACE):
            night.row("voix.csv", "0002", choice=column)["voix"] = value
        else:
            night.row("pv.csv", "0002")[column] = value
    if alone:
        for table in ("pv.csv", "voix.csv"):
            night.tables[table] = [row for row in night.tables[table] if row["bureau"] == "0002"]
    written = night.write(folder)
    return written / "pv.csv", written / "voix.csv"


def audited(folder: Path, first: Change, second: Change | None, beside: str, *, turned: bool = False) -> Audit:
    """A night of which one bureau's PV is there twice, with some evidence beside it."""
    files = [pvs(folder / "first", first, alone=False)]
    files += [] if second is None else [pvs(folder / "second", second, alone=True)]
    night, given = folder / "first", beside.split()
    records, votes = zip(*(reversed(files) if turned else files), strict=True)
    sources = Sources(
        records=records,
        votes=votes,
        signatures=(night / "emargements.csv",) if "signatures" in given else (),
        exports=(night / "exports",) if "exports" in given else (),
        published=(night / "publie.txt",) if "published" in given else (),
    )
    return audit.run(load(sources))


def told(case: Case) -> set[tuple[str, int | None, int | None]]:
    return {(str(each.field), each.was, each.becomes) for each in case.detail.corrections}


@pytest.mark.parametrize("beside", SETS)
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("second", [{}, {"votes_trouves": SLIP}], ids=["right", "wrong alike"])
def test_a_certain_slip_stays_certain_beside_a_second_pv(
    tmp_path: Path, beside: str, turned: bool, second: Change
) -> None:
    """Whichever file is read first, and whether the other one has the right figure or the same wrong one."""
    result = audited(tmp_path, {"votes_trouves": SLIP}, second, beside, turned=turned)
    case = only_case(result)
    is_case(case, "digits-exchanged", "pv", Sure.CERTAIN)
    assert told(case) == {("votes_found", 564, 546)}
    assert len(case.detail.corrections) == (2 if second else 1)
    assert show("en", describe_shortly(case, result.findings)).startswith("votes found, 564 in the PV, should read 546")
    assert {each.details["corrected_excess"] for each in result.findings if each.code == "V501"} <= {0}
    if not second:
        assert "its other version" in said(case, result)
        assert all(f"{folder}/pv.csv row" in said(case, result) for folder in ("first", "second"))


@pytest.mark.parametrize("beside", SETS)
@pytest.mark.parametrize("turned", [False, True])
def test_of_three_figures_none_is_told_and_all_are_read(tmp_path: Path, beside: str, turned: bool) -> None:
    result = audited(tmp_path, {"votes_trouves": SLIP}, {"votes_trouves": OTHER_SLIP}, beside, turned=turned)
    case = only_case(result)
    assert (case.sure, case.detail.corrections) == (Sure.OPEN, ())
    read = [{each.becomes for each in reading.corrections} for reading in case.detail.readings if not reading.by_sum]
    assert all({figure} in read for figure in (546, 564, 654))


@pytest.mark.parametrize("beside", ["signatures published", "signatures", ""])
@pytest.mark.parametrize(
    "second", [{ZOLA: "246", CURIE: "195"}, ROUND], ids=["votes of two choices", "the whole PV of another round"]
)
def test_what_nobody_else_says_is_open_with_both_versions(tmp_path: Path, beside: str, second: Change) -> None:
    result = audited(tmp_path, {}, second, beside)
    case = only_case(result)
    is_case(case, "two-versions", "pv", Sure.OPEN)
    one, other = ({each.becomes for each in reading.corrections} for reading in case.detail.readings)
    assert {190, 195} <= one | other or {190, 201} <= one | other
    assert all(f"{folder}/voix.csv row" in said(case, result) for folder in ("first", "second"))


def test_what_the_machine_and_the_publication_say_is_told_of_a_second_pv(tmp_path: Path) -> None:
    case = only_case(audited(tmp_path, {}, ROUND, SETS[0]))
    is_case(case, "figure-wrong", "pv", Sure.LIKELY)
    assert all("second" in each.source for each in case.detail.corrections)
    assert ("valid", 601, 529) in told(case)


@pytest.mark.parametrize("turned", [False, True])
def test_a_version_makes_nothing_certain(tmp_path: Path, turned: bool) -> None:
    """Of counts without sums, only the other version has the figure that ends the gap: it may have been made to."""
    bare = {"blancs": "", "nuls": "", "exprimes": "", ZOLA: "", CURIE: "", LOVELACE: ""}
    result = audited(tmp_path, bare | {"votes_trouves": SLIP}, bare, "", turned=turned)
    assert all(case.sure is not Sure.CERTAIN for case in result.cases if case.detail.corrections)


def test_the_reading_with_the_most_votes_beyond_signatures_counts(tmp_path: Path) -> None:
    """What nothing decides between two versions is read at its worst in what it could change."""
    more = {"votes_trouves": "646", "exprimes": "629", ZOLA: "351"}
    result = audited(tmp_path, {}, more, "signatures")
    [found] = [each for each in result.findings if each.code == "V501"]
    assert found.details["corrected_excess"] == 100
