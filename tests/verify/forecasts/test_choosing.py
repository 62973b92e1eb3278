"""Polls that count: this election, surely before the vote, one hypothesis of each publication."""

import datetime

import pytest

from tests.verify.forecasts.samples import VOTE, studied
from verify.forecasts.choosing import ForecastStanding, Question

PUBLISHED = "source,published,date_sure,candidate,share,election,round"


def standings(rows: str, header: str = PUBLISHED, question: Question | None = None) -> list[str]:
    study = studied(rows, header, question)
    return sorted(f"{each.forecast.source} {each.standing.word}" for each in study.placed)


@pytest.mark.parametrize(
    ("date", "sure", "standing"),
    [
        ("2022-04-09", "", ForecastStanding.RANKED),
        ("2022-04-10", "", ForecastStanding.CLAIMED),
        ("2022-05-01", "", ForecastStanding.CLAIMED),
        ("", "", ForecastStanding.CLAIMED),
        ("2022-04-05", "none", ForecastStanding.CLAIMED),
        ("2022-04", "month", ForecastStanding.INEXACT),
        ("2022-03", "month", ForecastStanding.RANKED),
        ("2021-autumn", "season", ForecastStanding.RANKED),
        ("2022", "year", ForecastStanding.INEXACT),
    ],
)
def test_only_what_is_surely_before_the_vote_is_ranked(date: str, sure: str, standing: ForecastStanding) -> None:
    assert standings(f"Nord,{date},{sure},Zola,30,,\n") == [f"Nord {standing.word}"]


def test_claims_are_measured_and_never_ranked() -> None:
    main = studied("Nord,,,Zola,41,,\nSud,2022-04-01,,Zola,30,,\n", PUBLISHED)
    assert [each.forecast.source for each in main.last] == ["Sud"]
    rows = [row for table in main.tables for row in table.rows]
    assert [(row.scored.forecast.source, row.rank) for row in rows] == [("Sud", 1), ("Nord", None)]
    assert rows[1].accuracy.mean_absolute < 1


def test_fieldwork_after_the_vote_is_no_forecast_whatever_its_publication() -> None:
    header = "source,published,end,candidate,share"
    rows = "Nord,2022-04-01,2022-04-10,Zola,30\nSud,2022-05-01,2022-04-01,Zola,30\n"
    assert standings(rows, header) == ["Nord claimed_afterwards", "Sud claimed_afterwards"]


def test_fieldwork_years_apart_is_about_another_election() -> None:
    rows = "Nord,2022-04-11,Zola,30\nSud,2017-04-01,Zola,30\nEst,2017-05-01,Zola,30\n"
    found = standings(rows, "source,end,candidate,share")
    assert found == ["Est ranked", "Nord other_election", "Sud other_election"]


def test_other_elections_and_rounds() -> None:
    rows = """A,2022-04-01,,Zola,30,2022-presidentielle-1,
B,2022-04-01,,Zola,30,2022-presidentielle-2,
C,2017-04-01,,Zola,30,2017-presidentielle-1,
D,2022-04-01,,Zola,30,,Premier tour
E,2022-04-01,,Zola,30,,2
F,2022-04-01,,Sand,30,,
"""
    assert standings(rows) == [
        "A ranked", "B other_election", "C other_election", "D ranked", "E other_election", "F nobody_who_stood",
    ]  # fmt: skip


def test_days() -> None:
    rows = "".join(f"S{day},2022-03-{day:02},,Zola,30,,\n" for day in (1, 10, 20))
    study = studied(rows, PUBLISHED, Question(VOTE, since=datetime.date(2022, 3, 10)))
    assert {each.forecast.source for each in study.ranked} == {"S10", "S20"}
    assert [each.forecast.source for each in study.placed if each.standing is ForecastStanding.TOO_OLD] == ["S1"]


def test_of_several_hypotheses_the_nearest_to_who_stood_counts() -> None:
    header = "source,id,end,hypothesis,candidate,share"
    rows = """Nord,1,2022-04-01,with Sand,Zola,30
Nord,1,2022-04-01,with Sand,Sand,30
Nord,1,2022-04-01,without,Zola,30
Nord,1,2022-04-01,without,Curie,30
Nord,1,2022-04-01,short,Zola,30
"""
    main = studied(rows, header)
    assert [each.forecast.key.hypothesis for each in main.ranked] == ["without"]
    assert sum(each.standing is ForecastStanding.HYPOTHESIS for each in main.placed) == 2
    asked = Question(VOTE, since=datetime.date(2022, 4, 2))
    outside = studied(rows, header, asked)
    assert [each.standing for each in outside.placed].count(ForecastStanding.HYPOTHESIS) == 2
