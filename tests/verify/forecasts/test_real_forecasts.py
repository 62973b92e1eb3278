"""The polls and forecasts of 2012, 2017 and 2022 against their results: figures that were computed independently."""

import datetime
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from tests.sources import new_folder
from tests.verify.forecasts.samples import result_file
from verify.forecasts.choosing import APART, ForecastStanding, Question
from verify.forecasts.reading import read_forecasts
from verify.forecasts.result import ScoredForecast, read_result
from verify.forecasts.study import ForecastStudy

PUBLISHED_2012 = """departement,inscrits,votants,blancs,exprimes,HOLLANDE,SARKOZY,LE PEN,BAYROU,OTHERS
01,10000,10000,0,10000,2863,2718,1790,913,1716
"""
"""The shares of 2012 in hundredths of a point, as they are published."""


def study_of(folder: Path, result: Path, vote: datetime.date, since: datetime.date | None = None) -> ForecastStudy:
    names = ("polls-2022-presidentielle-nsppolls.csv.gz", "forecasts-filteris-qotmii.csv")
    files = [file for name in names for file in read_forecasts(folder / name)]
    return ForecastStudy(files, Question(vote, 1, since), read_result(result), None)


@pytest.fixture(scope="module")
def of_2022(real_data: Path) -> ForecastStudy:
    result = real_data / "2022-presidentielle-resultats-par-niveau-dpt-t1-france-entiere.xlsx"
    return study_of(real_data, result, datetime.date(2022, 4, 10), since=datetime.date(2022, 4, 1))


@pytest.fixture(scope="module")
def of_2017(real_data: Path) -> ForecastStudy:
    result = real_data / "2017-presidentielle-1_par_departement_large.csv.gz"
    return study_of(real_data, result, datetime.date(2017, 4, 23))


@pytest.fixture(scope="module")
def of_2012(real_data: Path) -> ForecastStudy:
    result = result_file(new_folder(), PUBLISHED_2012)
    return study_of(real_data, result, datetime.date(2012, 4, 22))


def hundredths(value: Fraction) -> int:
    return round(value * 100)


def figures(each: ScoredForecast) -> tuple[int, int]:
    """Number of candidates, then mean absolute error in hundredths."""
    return len(each.accuracy.errors), hundredths(each.accuracy.mean_absolute)


def named(study: ForecastStudy, source: str, date: str) -> ScoredForecast:
    [found] = [
        each.scored
        for each in study.placed
        if each.scored is not None
        and each.forecast.source == source
        and each.forecast.key.published == date
        and each.standing is not ForecastStanding.OTHER_ELECTION
    ]
    return found


def largest(study: ForecastStudy, each: ScoredForecast) -> tuple[str, int]:
    error = max(each.accuracy.errors, key=lambda each: abs(each.error))
    return study.result.names[error.candidate].split()[0], hundredths(error.error)


@pytest.mark.parametrize(
    ("source", "date", "expected", "worst"),
    [
        ("QotMii", "2022-04-04", (5, 734), ("ZEMMOUR", 1443)),
        ("QotMii", "2022-02-11", (10, 549), ("ZEMMOUR", 1493)),
        ("Filteris", "2017-04-21", (4, 204), ("MACRON", -409)),
        ("Filteris", "2017-04-11", (5, 192), ("MACRON", -347)),
    ],
)
def test_forecasts_that_had_one_of_the_first_two_right(
    of_2022: ForecastStudy,
    of_2017: ForecastStudy,
    source: str,
    date: str,
    expected: Sequence[int],
    worst: tuple[str, int],
) -> None:
    study = of_2022 if source == "QotMii" else of_2017
    each = named(study, source, date)
    assert figures(each) == expected
    assert largest(study, each) == worst
    assert each.accuracy.first_two == (1, False)


def test_polls_that_end_on_the_day_of_a_forecast(of_2022: ForecastStudy) -> None:
    among, day = named(of_2022, "QotMii", "2022-04-04").accuracy.candidates, datetime.date(2022, 4, 4)
    same = [each for each in of_2022.ranked if each.forecast.key.end == day.isoformat()]
    errors = [over.mean_absolute for each in same if (over := each.accuracy.over(among)) is not None]
    assert len(errors) == 7
    assert (hundredths(min(errors)), hundredths(max(errors)), hundredths(sum(errors, Fraction(0)) / 7)) == (
        272,
        382,
        324,
    )


def test_the_last_polls_of_ten_institutes(of_2022: ForecastStudy) -> None:
    [table] = [table for table in of_2022.tables if len(table.candidates) == 12]
    last = [row.scored for row in table.rows]
    assert len(last) == 10
    found = {each.forecast.source: figures(each) for each in last}
    assert (found["Odoxa"][1], found["Harris Interactive"][1], found["Kantar Public"][1]) == (103, 103, 153)
    assert (min(each[1] for each in found.values()), max(each[1] for each in found.values())) == (103, 153)
    assert all(each.accuracy.first_two == (2, True) for each in last)
    worst = [
        largest(of_2022, each)[1]
        for each in last
        if each.forecast.source in ("Harris Interactive", "Elabe", "Ipsos", "BVA")
    ]
    assert (max(worst), min(worst)) == (-395, -445)


def test_2012_as_published_and_as_claimed(of_2012: ForecastStudy) -> None:
    published, claimed = named(of_2012, "Filteris", "2012-04"), named(of_2012, "Filteris (claimed in 2022)", "2012-04")
    assert figures(published) == (4, 332)
    assert largest(of_2012, published) == ("SARKOZY", 682)
    assert published.accuracy.first_two == (2, False)
    assert figures(claimed) == (2, 38)
    assert claimed.accuracy.first_two == (2, True)
    standings = {each.forecast.source: each.standing for each in of_2012.placed if each.standing in APART}
    assert standings == {"Filteris": ForecastStanding.INEXACT, "Filteris (claimed in 2022)": ForecastStanding.CLAIMED}
    assert of_2012.last == []


def test_the_result_is_that_of_the_nation(of_2022: ForecastStudy) -> None:
    assert of_2022.result.ways[0].total == 35_132_947
    assert of_2022.result.adds_up
    assert of_2022.result.ways[0].shares[0] == Fraction(978_305_800, 35_132_947)
