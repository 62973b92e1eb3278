"""The table of cases: their order, their places, the numbers that findings have; columns and cases say the same."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.sources import put_text
from tests.verify.night_builder import Night, audited
from verify.cases.drafting import Drafting
from verify.model.case_table import CaseTable
from verify.model.cases import CaseDetail, Correction, Sure
from verify.model.finding_table import FindingTable
from verify.model.findings import finding
from verify.model.rule_results import Named, Side
from verify.rulebook.causes import CaseKind

At = tuple[str, str, str, int, int]
"""Code, INSEE code, bureau, poll, and by how much the two figures differ."""


def table_of(*found: At) -> FindingTable:
    return FindingTable(
        finding(code, Side("a", apart), Side("b", 0), field="blank", insee=insee, bureau=bureau, poll=poll)
        for code, insee, bureau, poll, apart in found
    )


def test_what_could_change_a_result_comes_before_a_hundred_votes_and_these_before_ones_and_twos() -> None:
    apart = {"01001": 2, "02002": 120, "03003": 50, "04004": 3, "05005": 130}
    table = table_of(*(("R208", insee, "0001", 1, votes) for insee, votes in apart.items()))
    drafting = Drafting(table, ())
    for row in range(len(table)):
        drafting.add("figure-wrong", [row], Sure.OPEN, "pv")
    weight = np.array([{"04004": 1, "05005": -1}.get(each.insee, 0) for each in table])
    order = ["04004", "02002", "03003", "01001", "05005"]
    assert [case.first.insee for case in CaseTable(table, drafting.done(), weight)] == order
    by_votes = ["05005", "02002", "03003", "04004", "01001"]
    assert [case.first.insee for case in CaseTable(table, drafting.done())] == by_votes


def test_figures_that_no_outcome_uses_come_last_however_far_apart() -> None:
    table = table_of(("R208", "01001", "0001", 1, 130), ("R208", "02002", "0001", 1, 3))
    cases = drafted(table, ("figure-wrong", [0], CaseDetail(consequence=-1)), ("figure-wrong", [1], None))
    assert [case.first.insee for case in cases] == ["02002", "01001"]


def test_voters_on_the_roll_are_no_votes_also_beside_a_note(tmp_path: Path) -> None:
    rows = [
        f"Essai;{at};1000;{count};{count + at};0;0;{count + at};{count + at};0" for at, count in ((1, 600), (2, 500))
    ]
    head = "Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;M. DUPONT;Mme MARTIN"
    put_text(tmp_path / "pv.csv", "\n".join([head, *rows, "Essai;Total;1000;1100;1103;0;0;1103;1103;0"]) + "\n")
    cases = audited(tmp_path).cases
    assert cases[int(cases.consequence.argmin())].cause.name == "total-off"


def test_null_votes_are_not_weighed_by_the_votes_found_that_are_shown_with_them(night: Night) -> None:
    for column in ("nuls", "votes_trouves"):
        night.add("pv.csv", "0001", column, 3)
    night.sign("0002", -5)
    cases = night.run().cases
    assert [case.first.bureau for case in cases][:2] == ["0002", "0001"]


def test_a_case_asks_for_something_if_it_is_grave_or_corrects_a_figure() -> None:
    table = table_of(("R208", "01001", "0001", 1, 3), *(("C104", "01001", f"000{number}", 1, 3) for number in (2, 3)))
    place = Named("01001", "0003", 1)
    detail = CaseDetail((Correction(place, "pv", "pv.csv:2", "registered", 580, 850),))
    cases = drafted(
        table, *(("figure-wrong", [row], detail if table[row].bureau == "0003" else None) for row in range(3))
    )
    assert {case.first.bureau: bool(asks) for case, asks in zip(cases, cases.asks, strict=True)} == {
        "0001": True,
        "0002": False,
        "0003": True,
    }
    assert cases.number_of(CaseKind.REREAD) == 2
    assert cases.rows_of(CaseKind.REREAD).tolist() == [0, 1, 2]


def drafted(table: FindingTable, *cases: tuple[str, Sequence[int], CaseDetail | None]) -> CaseTable:
    drafting = Drafting(table, ())
    for cause, findings, detail in cases:
        drafting.add(cause, findings, Sure.LIKELY, "pv", detail)
    return CaseTable(table, drafting.done())


def test_kinds_then_communes_with_the_gravest_then_the_largest() -> None:
    table = table_of(("R208", "01001", "0001", 1, 3), ("R208", "02002", "0001", 1, 9), ("R208", "02002", "0002", 1, 1))
    assert [(each.insee, each.bureau) for each in table] == [("01001", "0001"), ("02002", "0001"), ("02002", "0002")]
    cases = drafted(table, ("evidence-missing", [1], None), ("figure-wrong", [0], None), ("figure-wrong", [2], None))
    assert [case.cause.name for case in cases] == ["figure-wrong", "figure-wrong", "evidence-missing"]
    assert [case.first.insee for case in cases] == ["02002", "01001", "02002"]
    assert cases.number.tolist() == [2, 3, 1]
    assert [case.number for case in cases] == [1, 2, 3]


@pytest.mark.parametrize(
    ("found", "further", "expected"),
    [
        ([("01001", "0002", 1), ("01001", "0001", 1)], [], [("0001", 1), ("0002", 1)]),
        ([("01001", "0001", 0), ("01001", "0001", 2)], [], [("0001", 2)]),
        ([("01001", "0001", 0), ("01001", "0002", 2)], [], [("0001", 0), ("0002", 2)]),
        ([("01001", "0001", 1), ("01001", "0001", 2)], [], [("0001", 1), ("0001", 2)]),
        ([("01001", "0001", 0)], [("01001", "0001", 1), ("01001", "0003", 1)], [("0001", 1), ("0003", 1)]),
        ([("01001", "0001", 1)], [("01001", "0001", 0)], [("0001", 1)]),
    ],
)
def test_a_place_without_a_poll_gives_way_to_the_same_with_one(
    found: list[tuple[str, str, int]], further: list[tuple[str, str, int]], expected: list[tuple[str, int]]
) -> None:
    table = table_of(*(("R208", *place, 1) for place in found))
    detail = CaseDetail(places=tuple(Named(*each) for each in further)) if further else None
    [case] = drafted(table, ("figure-wrong", range(len(found)), detail))
    assert [(each.bureau, each.poll) for each in case.places] == expected


def test_blocks_have_what_the_cases_have() -> None:
    random = np.random.default_rng(7)
    places = [(f"{insee:05}", f"{bureau:04}") for insee in range(1001, 1006) for bureau in range(1, 9)]
    table = table_of(
        *(
            (("R208", "T301", "C104")[random.integers(3)], *places[random.integers(len(places))], int(poll), 1)
            for poll in random.integers(0, 3, 90)
        )
    )
    shuffled, names = random.permutation(len(table)).tolist(), ["figure-wrong", "evidence-missing", "open-gap"]
    groups = [shuffled[at : at + 1 + at % 4] for at in range(0, len(shuffled), 5)]
    detail = CaseDetail(places=(Named("01001", "0001", 1),))
    cases = drafted(
        table, *((names[at % 3], group, detail if at % 5 == 0 else None) for at, group in enumerate(groups))
    )
    seen, keys = 0, table.keys()
    for block in cases.blocks(size=4):
        for at in range(len(block)):
            case = cases[block.number - 1 + at]
            assert block.causes[block.cause[at]] == case.cause
            assert block.severity[at] == case.severity
            assert block.findings[block.start[at] : block.start[at + 1]].tolist() == list(case.findings)
            assert block.details.get(at, CaseDetail()) == case.detail
            if block.place[at] >= 0:
                assert (keys.named(int(block.place[at]), int(block.poll[at])),) == case.places
            else:
                assert len(case.places) > 1 or case.detail.places
            seen += 1
    assert seen == len(cases) == len(groups)
