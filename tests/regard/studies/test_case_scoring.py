"""Truth against cases: which cause is right for a fault, whose a case is, and what is counted of it."""

import numpy as np
import pytest

from regard.language import show
from regard.studies.case_scoring import CaseScore, score_cases
from regard.studies.evidence_sets import PARTS
from regard.studies.right_causes import CLASSES, PIECES, RIGHT, right_causes
from regard.studies.scoring import TruthLine, score
from sim.faults.catalogue import faults
from sim.transmission.faults import way_faults
from verify.model.case_table import CaseTable
from verify.model.cases import Drafts, Sure
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, finding
from verify.model.rule_results import Side
from verify.rulebook.causes import causes

A, B, ELSEWHERE = ("92076", "0001"), ("92076", "0002"), ("77513", "0001")
BUREAUX = {A, B, ELSEWHERE}
PV, ROLL, EXPORT, PUBLISHED = "pv.csv:2", "emargements.csv:2", "exports/92076-0001-1-1.esf@0", "publie.txt:2"

Told = tuple[str, Sure, str, list[Finding]]
"""A case: cause, how sure, the piece that it blames, its findings."""


def line(fault: str, piece: str, field: str, effect: int | None = None, place: tuple[str, str] = A) -> TruthLine:
    return TruthLine(fault, *place, piece, field, effect, "1")


def found(code: str, left: str, right: str, place: tuple[str, str] = A, field: str = "votes_found") -> Finding:
    return finding(code, Side(left, 700), Side(right, 701), field=field, insee=place[0], bureau=place[1])


def scored(truth: list[TruthLine], *told: Told, parts: tuple[str, ...] = PARTS) -> CaseScore:
    """An audit that told these cases, and nothing else, held against the truth."""
    table = FindingTable([each for *_, findings in told for each in findings])
    rows = [[list(table).index(each) for each in findings] for *_, findings in told]
    names = list(causes())
    pieces = tuple(dict.fromkeys(piece for _, _, piece, _ in told))
    drafts = Drafts(
        causes=tuple(causes().values()),
        pieces=pieces,
        cause=np.array([names.index(cause) for cause, *_ in told], np.int64),
        sure=np.array([list(Sure).index(sure) for _, sure, *_ in told], np.int64),
        piece=np.array([pieces.index(piece) for _, _, piece, _ in told], np.int64),
        start=np.cumsum([0, *map(len, rows)]).astype(np.int64),
        findings=np.array([row for each in rows for row in each], np.int64),
        details={},
    )
    return score_cases(truth, score(truth, table, BUREAUX), table, CaseTable(table, drafts), BUREAUX, parts)


def counted(result: CaseScore) -> dict[str, int]:
    counts = result.counts()
    return {name: getattr(counts, name) for name in counts.__slots__ if getattr(counts, name)}


DIGITS = [line("digits-exchanged", "pv", "votes_found", 1)]
RIGHT_COUNTS = {"told": 1, "traced": 1, "cases": 1, "right_cause": 1, "right_piece": 1}


def test_a_case_of_the_right_cause_that_blames_the_right_piece() -> None:
    case = ("digits-exchanged", Sure.CERTAIN, "pv", [found("R206", PV, EXPORT)])
    result = scored(DIGITS, case)
    assert counted(result) == RIGHT_COUNTS


def test_another_cause_is_wrong_and_another_piece_is_not_the_right_one() -> None:
    case = ("digit-wrong", Sure.CERTAIN, "exports", [found("R206", PV, EXPORT)])
    result = scored(DIGITS, case)
    assert counted(result) == {"told": 1, "traced": 1, "cases": 1, "wrong_cause": 1, "wrong_certain": 1}
    assert counted(scored(DIGITS, (*case[:1], Sure.LIKELY, *case[2:])))["wrong_cause"] == 1
    assert "wrong_certain" not in counted(scored(DIGITS, (*case[:1], Sure.LIKELY, *case[2:])))


def test_one_thing_in_two_cases_has_two_cases() -> None:
    right = ("digits-exchanged", Sure.LIKELY, "pv", [found("R206", PV, EXPORT)])
    more = ("open-gap", Sure.OPEN, "jour", [found("R201", ROLL, PV)])
    assert counted(scored(DIGITS, right, more)) == {**RIGHT_COUNTS, "cases": 2, "wrong_cause": 1}


def test_an_exchange_of_two_bureaux_may_be_one_case() -> None:
    truth = [line("records-exchanged", "pv", "voix", place=place) for place in (A, B)]
    both = [found("R218", PV, EXPORT, A), found("R218", PV, EXPORT, B)]
    once = scored(truth, ("bureaux-exchanged", Sure.CERTAIN, "pv", both))
    assert counted(once) == {"told": 2, "traced": 2, "cases": 1, "right_cause": 2, "right_piece": 2}
    twice = scored(truth, *(("bureaux-exchanged", Sure.CERTAIN, "pv", [each]) for each in both))
    assert counted(twice) == {"told": 2, "traced": 2, "cases": 2, "right_cause": 2, "right_piece": 2}


def test_of_two_faults_in_a_bureau_each_has_its_own_case() -> None:
    truth = [*DIGITS, line("hour-missing", "pv", "cloture")]
    digits = ("digits-exchanged", Sure.LIKELY, "pv", [found("R206", PV, EXPORT)])
    hour = ("times-in-record", Sure.LIKELY, "pv", [found("R219", PV, PV, field="cloture")])
    result = scored(truth, digits, hour)
    assert counted(result) == {"told": 2, "traced": 2, "cases": 2, "right_cause": 2, "right_piece": 2}
    assert [[case.cause.name for case in each.cases] for each in result.diagnoses] == [
        ["digits-exchanged"],
        ["times-in-record"],
    ]
    wrong = scored(truth, digits, ("hours", Sure.LIKELY, "jour", [found("R219", PV, PV, field="cloture")]))
    assert [each.wrong_cause for each in wrong.diagnoses] == [False, True]  # the one told already is not to blame


def test_a_gap_and_what_was_made_of_it_are_told_as_one() -> None:
    truth = [line("voted-twice", "jour", "votes", 1), line("remark-missing", "pv", "observations")]
    case = ("gap-unmentioned", Sure.OPEN, "pv", [found("R204", PV, ROLL)])
    assert counted(scored(truth, case)) == {"told": 2, "traced": 2, "cases": 1, "right_cause": 2, "right_piece": 2}
    alone = counted(scored(truth[:1], case))
    assert (alone["wrong_cause"], alone.get("right_cause")) == (1, None)


def test_where_a_machine_s_counters_are_missing_one_figure_wrong_is_all_that_can_be_said() -> None:
    case = ("figure-wrong", Sure.OPEN, "pv", [found("R210", PV, PV)])
    assert counted(scored(DIGITS, case, parts=("pv",))) == RIGHT_COUNTS
    assert counted(scored(DIGITS, case, parts=("pv", "published", "dumps")))["wrong_cause"] == 1


def test_where_the_pv_is_not_there_its_copy_is_the_piece_to_blame() -> None:
    case = ("digits-exchanged", Sure.LIKELY, "publie", [found("T302", PUBLISHED, EXPORT)])
    assert counted(scored(DIGITS, case, parts=("published", "dumps"))) == RIGHT_COUNTS
    assert "right_piece" not in counted(scored(DIGITS, case, parts=("pv", "published", "dumps")))


def test_a_case_of_a_commune_is_of_those_whose_piece_it_names() -> None:
    truth = [line("commune-sum-short", "publie", "ligne"), line("hour-missing", "pv", "cloture")]
    case = ("sum-leaves-out", Sure.OPEN, "publie", [found("T303", PUBLISHED, "publie.communes.txt:2", (A[0], ""))])
    result = scored(truth, case)
    assert [bool(each.cases) for each in result.diagnoses] == [True, False]
    assert counted(result) == RIGHT_COUNTS
    assert not result.false


def test_a_case_of_a_departement_or_a_file_is_of_those_whose_piece_it_names() -> None:
    truth = [line("departement-sum-short", "publie", "ligne")]
    for code, insee in (("T304", "92"), ("T305", "")):
        found_there = found(code, "publie.departements.txt:2", PUBLISHED, (insee, ""))
        assert counted(scored(truth, ("sum-leaves-out", Sure.OPEN, "publie", [found_there]))) == RIGHT_COUNTS


def test_a_case_where_nothing_is_wrong_is_false() -> None:
    case = ("open-gap", Sure.OPEN, "jour", [found("R201", ROLL, PV, ELSEWHERE)])
    assert counted(scored(DIGITS, case)) == {"false": 1}
    commune = ("sum-leaves-out", Sure.OPEN, "publie", [found("T303", PUBLISHED, PUBLISHED, (ELSEWHERE[0], ""))])
    assert counted(scored(DIGITS, commune)) == {"false": 1}


def test_screens_alone_are_no_case_and_a_fault_that_leaves_no_trace_has_no_right_one() -> None:
    screen = ("open-gap", Sure.OPEN, "jour", [found("P401", ROLL, PV)])
    assert counted(scored(DIGITS, screen)) == {}
    made_up = ("open-gap", Sure.OPEN, "jour", [found("R201", ROLL, PV)])
    result = scored([line("power-cut", "jour", "machine")], made_up)
    assert counted(result) == {"told": 1, "cases": 1, "wrong_cause": 1, "right_piece": 1}


def test_what_has_no_net_effect_is_not_asked_for() -> None:
    truth = [line("voted-twice", "jour", "votes", 1), line("signed-early", "jour", "votes", -1)]
    assert counted(scored(truth)) == {}


# --- Which causes are right ---


def test_every_fault_has_a_cause_or_leaves_no_trace() -> None:
    assert set(RIGHT) == {*faults(), *way_faults()}
    assert set(RIGHT.values()) - {""} <= set(causes())
    assert set(PIECES) <= set(RIGHT)
    for each in CLASSES:
        assert set(each.faults) <= {fault for fault, cause in RIGHT.items() if cause}
        assert set(each.causes) <= set(causes())
        assert each.without <= set(PARTS)
        assert show("en", each.reason) != show("fr", each.reason)


def test_less_evidence_tells_fewer_causes_apart() -> None:
    for fault, parts, right in (
        ("voted-twice", PARTS, {"open-gap"}),
        ("panel-exchanged", PARTS, set()),
        ("test-votes-left", PARTS, {"test-votes-left"}),
        ("test-votes-left", ("pv", "published"), {"test-votes-left", "open-gap"}),
        ("test-votes-left", ("pv", "modules"), {"test-votes-left"}),
    ):
        assert right_causes(fault, parts) == right


@pytest.mark.parametrize(
    ("fault", "piece", "blamed"), [("wrong-date", "jour", "exports"), ("wrong-date", "jour", "pv")]
)
def test_what_only_the_dump_shows_of_the_day_is_rightly_blamed_on_the_dump(fault: str, piece: str, blamed: str) -> None:
    case = ("clock", Sure.LIKELY, blamed, [found("M114", EXPORT, PV, field="opening")])
    assert counted(scored([line("wrong-date", "jour", "date")], case)).get("right_piece", 0) == int(blamed == "exports")
