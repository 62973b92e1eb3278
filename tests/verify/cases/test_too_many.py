"""Findings of the same rules nearly everywhere are not searched for a slip in each bureau."""

import pytest

from tests.verify.cases.test_found_cases import EQUAL, of_pvs, records
from verify.cases import figures
from verify.model.cases import Case, CaseDetail, Sure

BUREAUX = len(EQUAL)
ALIKE, OTHER = (0, 2, 3, 4, 5, 7), 8


def rows_of_a_town() -> list[dict[str, int | str]]:
    """PVs with two digits exchanged, of the valid votes in half of the bureaux, of the votes found in another one."""
    rows = records(EQUAL)
    for at in ALIKE:
        rows[at]["exprimes"] = exchanged(int(rows[at]["exprimes"]))
    rows[OTHER]["votes_trouves"] = exchanged(int(rows[OTHER]["votes_trouves"]))
    return rows


def exchanged(count: int) -> int:
    hundreds, rest = divmod(count, 100)
    return 100 * hundreds + rest % 10 * 10 + rest // 10


def of_bureau(cases: list[Case], at: int) -> list[Case]:
    return [case for case in cases if f"{at + 1:04}" in {place.bureau for place in case.places}]


def test_each_is_searched_as_long_as_there_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "MOST_SEARCHED", len(ALIKE) + 1)
    every = list(of_pvs(rows_of_a_town()).cases)
    assert [case.cause.name for case in of_bureau(every, OTHER)] == ["digits-exchanged"]
    for at in ALIKE:
        [case] = of_bureau(every, at)
        assert case.detail.adds_up


@pytest.mark.parametrize("most", [1, len(ALIKE)])
def test_of_too_many_only_those_are_searched_that_few_are_like(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(figures, "MOST_SEARCHED", most)
    result = of_pvs(rows_of_a_town())
    every = list(result.cases)
    [other] = of_bureau(every, OTHER)
    assert (other.cause.name, bool(other.detail.corrections)) == ("digits-exchanged", True)
    for at in ALIKE:
        [case] = of_bureau(every, at)
        assert (case.cause.name, case.sure, case.detail) == ("figure-wrong", Sure.OPEN, CaseDetail())
        assert [result.findings[row].code for row in case.findings] == ["R210"]


def test_where_all_are_alike_nothing_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "MOST_SEARCHED", BUREAUX - 1)
    rows = records(EQUAL)
    for row in rows:
        row["exprimes"] = int(row["exprimes"]) + 13

    def refuse(*given: object) -> None:
        raise AssertionError(given)

    monkeypatch.setattr(figures, "explain_bureaux", refuse)
    cases = of_pvs(rows).cases
    assert [(case.cause.name, case.sure) for case in cases] == [("figure-wrong", Sure.OPEN)] * BUREAUX
