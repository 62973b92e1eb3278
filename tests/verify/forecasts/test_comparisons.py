"""Equal terms: the same candidates, each source once, and nothing that is added changes a figure of the others."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.verify.forecasts.samples import POLLS, RESULT, VOTE, forecast_file, result_file, studied
from verify.forecasts.choosing import Question
from verify.forecasts.reading import read_forecasts
from verify.forecasts.result import Accuracy, read_result
from verify.forecasts.study import ForecastStudy, without_overlaps

NAMES = ("Émile Zola", "Marie Curie", "Ada Lovelace", "Victor Hugo")


def measured(accuracy: Accuracy) -> tuple[object, ...]:
    return accuracy.mean_absolute, accuracy.errors, accuracy.first_two


def own(study: ForecastStudy) -> dict[str, tuple[object, ...]]:
    """The measures of each source's last forecast."""
    return {each.forecast.source: measured(each.accuracy) for each in study.last}


def pairs(study: ForecastStudy, sources: set[str]) -> dict[tuple[tuple[int, ...], str], tuple[object, ...]]:
    """Entries of some sources in each table, by its candidates; baselines that need no poll as well."""
    found: dict[tuple[tuple[int, ...], str], tuple[object, ...]] = {}
    for table in study.tables:
        for row in table.rows:
            if row.scored.forecast.source in sources:
                found[table.candidates, row.scored.forecast.source] = measured(row.accuracy)
        for baseline in table.baselines:
            if baseline.name == "uniform":
                found[table.candidates, baseline.name] = measured(baseline.accuracy)
    return found


@given(st.permutations(POLLS.splitlines()))
def test_the_order_of_rows_changes_nothing(tmp_path: Path, lines: list[str]) -> None:
    first, other = studied(folder=tmp_path), studied("\n".join([*lines, ""]), folder=tmp_path)
    assert other.placed == first.placed
    assert other.tables == first.tables


def test_a_source_changes_no_figure_of_the_others() -> None:
    before = studied()
    added = POLLS + "".join(
        f"Ouest,2022-04-08,500,,{name},{share},,\n" for name, share in zip(NAMES, (20, 30, 40, 10), strict=True)
    )
    added += "Centre,2022-04-08,500,,Ada Lovelace,50,,\n"
    after = studied(added)
    old = own(before)
    assert {source: own(after)[source] for source in old} == old
    kept = pairs(before, set(old))
    assert {key: pairs(after, set(old))[key] for key in kept} == kept
    assert len(after.tables) == len(before.tables) + 1


def test_a_candidate_changes_no_figure_of_the_others() -> None:
    before = studied()
    after = studied(POLLS + "Est,2022-04-06,,,Ada Lovelace,28,,\nEst,2022-04-06,,,George Sand,2,,\n")
    others = {"Nord", "Sud"}
    assert {source: own(after)[source] for source in others} == {source: own(before)[source] for source in others}
    everybody = (0, 1, 2, 3)
    kept = {key: value for key, value in pairs(before, others).items() if key[0] == everybody}
    assert {key: pairs(after, others)[key] for key in kept} == kept
    [est] = [each for each in after.last if each.forecast.source == "Est"]
    assert est.others == ("George Sand",)
    assert len(est.accuracy.errors) == 3


def test_few_candidates_are_compared_over_those_few() -> None:
    tables = studied().tables
    assert [table.candidates for table in tables] == [(0, 1, 2, 3), (0, 1)]
    assert [[row.scored.forecast.source for row in table.rows] for table in tables] == [
        ["Nord", "Sud"],
        ["Nord", "Est", "Sud"],
    ]
    assert {len(row.accuracy.errors) for row in tables[1].rows} == {2}
    assert [[each.name for each in table.baselines] for table in tables] == [["uniform", "polls"], ["uniform", "polls"]]


def test_equal_errors_share_a_rank() -> None:
    rows = "A,2022-04-01,,,Zola,41,,\nB,2022-04-01,,,Zola,41,,\nC,2022-04-01,,,Zola,50,,\n"
    [table] = studied(rows).tables
    assert [row.rank for row in table.rows] == [1, 1, 3]


def test_a_perfect_forecast_scores_zero() -> None:
    even = RESULT.replace("980,400,300,200,80", "740,185,185,185,185")
    even = even.replace("500,200,150,100,50", "740,185,185,185,185")
    rows = "".join(f"Nord,2022-04-08,,,{name},25,0,100\n" for name in NAMES)
    [nord] = studied(rows, result=even).last
    assert nord.accuracy.mean_absolute == 0


def test_rolling_polls_count_once() -> None:
    header = "source,begin,end,sample,rolling,candidate,share"
    rows = "".join(
        f"Nord,2022-04-0{day - 3},2022-04-0{day},900,yes,{name},{share}\n"
        for day in (4, 5, 6, 7, 8)
        for name, share in zip(NAMES, (36 + day, 30, 20, 5), strict=True)
    )
    main = studied(rows, header)
    assert len(main.ranked) == 5
    kept = [each.forecast.key.end for each in without_overlaps(main.ranked)]
    assert kept == ["2022-04-04", "2022-04-08"]  # the last, and the one that ends before its days begin


def test_the_last_election_is_compared_over_who_stood_again(tmp_path: Path) -> None:
    folder = tmp_path / "last"
    folder.mkdir()
    last = read_result(
        result_file(folder, "departement,inscrits,votants,blancs,exprimes,ZOLA,CURIE,SAND\n01,100,80,0,80,40,20,20\n")
    )
    result = read_result(result_file(tmp_path))
    study = ForecastStudy(read_forecasts(forecast_file(tmp_path)), Question(VOTE, 1), result, last)
    with_it = [table.candidates for table in study.tables if "last_election" in [each.name for each in table.baselines]]
    assert with_it == [(0, 1)]
    [baseline] = [each for each in study.tables[-1].baselines if each.name == "last_election"]
    assert [each.share for each in baseline.accuracy.errors] == [50, 25]
