"""Tables of forecasts: known by their headers, every cell that cannot be read is named."""

import csv
import datetime
import io
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import InputError
from tests.sources import new_folder
from tests.verify.forecasts.samples import forecast_file
from verify.forecasts import reading
from verify.forecasts.model import ForecastFile
from verify.forecasts.reading import (
    parse_flag,
    parse_sample,
    parse_share,
    parse_span,
    read_forecasts,
    round_in,
)
from verify.model.use import Used

NSPPOLLS = (
    "candidat,parti,intentions,erreur_sup,erreur_inf,id,nom_institut,commanditaire,debut_enquete,fin_enquete,"
    "echantillon,population,rolling,media,tour,hypothese,sous_echantillon"
)
"""The header of NSPPolls' files (github.com/nsppolls/nsppolls)."""


def read(rows: str, header: str = "source,end,candidate,share") -> ForecastFile:
    [found] = read_forecasts(forecast_file(new_folder(), rows, header))
    return found


def test_shares_are_exact() -> None:
    for cell, share in (
        ("24.8", Fraction(124, 5)),
        ("24,8 %", Fraction(124, 5)),
        ("0", Fraction(0)),
        ("100", Fraction(100)),
        ("100.1", None),
        ("-1", None),
        ("1e1", None),
        ("٣", None),
        ("nan", None),
        ("24.8.1", None),
    ):
        assert parse_share(cell) == share


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2022-04-08", (2022, 4, 8), (2022, 4, 8)),
        ("2022-04-08T10:00", (2022, 4, 8), (2022, 4, 8)),
        ("08/04/2022", (2022, 4, 8), (2022, 4, 8)),
        ("2012-02", (2012, 2, 1), (2012, 2, 29)),
        ("2021-autumn", (2021, 1, 1), (2021, 12, 31)),
    ],
)
def test_dates_say_how_exact_they_are(cell: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    found = parse_span(cell)
    assert found is not None
    assert (found.first, found.last) == (datetime.date(*first), datetime.date(*last))
    assert found.exact == (first == last)


def test_what_is_no_date() -> None:
    for cell in ("2022-13-01", "2022-00", "31/02/2022", "soon", "22", "0000-01-01", "0000"):
        assert parse_span(cell) is None


def test_other_cells() -> None:
    assert [parse_sample(cell) for cell in ("1 501", "1501.0", "0", "-3", "1.5", "9999999999")] == [
        1501, 1501, None, None, None, None,
    ]  # fmt: skip
    assert [parse_flag(cell) for cell in ("True", "oui", "FALSE", "non", "perhaps")] == [True, True, False, False, None]
    texts = ("2022-presidentielle-1", "Deuxième tour", "2017-presidentielle-1_par_bureau", "2022", "presidentielle 12")
    assert [round_in(text) for text in texts] == [1, 2, 1, 0, 0]


def test_nsppolls_columns_are_read() -> None:
    row = "Émile Zola,P,16.0,18,14,a1,Nord,X,2022-01-02,2022-01-05,1501,Inscrits,True,True,Premier tour,,1245.83"
    found = read(f"{row}\n{row.replace('Premier tour,', 'Premier tour,Hypothèse B')}\n", NSPPOLLS)
    assert (found.used, found.rows, found.problems) == (Used.WHOLE, 2, ())
    first, second = found.forecasts
    assert (first.key.round, first.sample, first.rolling, first.key.identity) == (1, 1501, True, "a1")
    assert (first.key.hypothesis, second.key.hypothesis) == ("", "Hypothèse B")
    [named] = first.named
    assert (named.label, named.share) == ("Émile Zola", Fraction(16))


def test_a_source_column_is_who_says_so_unless_another_one_is() -> None:
    found = read("Nord,lemonde.fr,Zola,30\n", "institute,source,candidate,share")
    assert (found.forecasts[0].source, found.forecasts[0].references) == ("Nord", ("lemonde.fr",))


def test_what_is_no_table_of_forecasts_says_what_it_has() -> None:
    found = read("0001,77001,30\n", "bureau,insee,votants")
    assert (found.used, found.forecasts) == (Used.NONE, ())
    assert "“Institut”, “Candidat”, “Part”; columns found: “bureau”, “insee”, “votants”" in str(found.why)
    assert len(found.sha256) == 64


def test_every_cell_that_cannot_be_read_is_named() -> None:
    rows = "Nord,soon,Zola,40\nNord,2022-04-08,Curie,a lot\n,2022-04-08,Curie,3\nSud,2022-04-08,Hugo,\nSud,,Zola,9\n"
    found = read(rows)
    assert found.used is Used.PART
    places = [(problem.row, problem.column) for problem in found.problems]
    assert places == [(2, "end"), (3, "share"), (4, "source"), (5, "share")]


def test_two_shares_of_one_candidate_are_no_forecast() -> None:
    found = read("Nord,2022-04-08,ZOLA Émile,40\nNord,2022-04-08,Zola Emile,41\nSud,2022-04-08,Zola,3\n")
    assert [forecast.source for forecast in found.forecasts] == ["Sud"]
    assert [problem.row for problem in found.problems] == [3]
    again = read("Nord,2022-04-08,ZOLA Émile,40\nNord,2022-04-08,Zola Emile,40\n")
    assert [len(forecast.named) for forecast in again.forecasts] == [1]
    assert again.used is Used.WHOLE


def test_shares_of_one_are_not_taken_for_points() -> None:
    found = read("Nord,2022-04-08,Zola,0.6\nNord,2022-04-08,Curie,0.4\nSud,2022-04-08,Zola,0.6\n")
    assert [forecast.source for forecast in found.forecasts] == ["Sud"]
    assert "points of a hundred: “Nord”, got “1.0”" in str(found.problems[0])


def test_a_date_that_is_not_certain_is_none() -> None:
    rows = "Nord,2022-04-01,none,Zola,30\nSud,2022-04-01,day,Zola,30\n"
    found = read(rows, "source,published,date_sure,candidate,share")
    assert [(forecast.source, forecast.published is None) for forecast in found.forecasts] == [
        ("Nord", True), ("Sud", False),
    ]  # fmt: skip


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_forecasts(tmp_path / "absent.csv")


@given(st.lists(st.lists(st.text(max_size=12), min_size=8, max_size=8), max_size=6))
def test_whatever_the_cells_every_row_is_used_or_named(rows: list[list[str]]) -> None:
    folder = new_folder()
    text = io.StringIO()
    csv.writer(text).writerows([["source", "end", "candidate", "share", "low", "high", "sample", "date_sure"], *rows])
    path = folder / "polls.csv"
    path.write_bytes(text.getvalue().encode("utf-8", "replace"))
    for found in read_forecasts(path):
        used = sum(len(forecast.named) for forecast in found.forecasts)
        assert used or found.problems or not found.rows or found.used is Used.NONE


def test_a_file_has_so_many_forecasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FORECASTS", 2)
    found = read("".join(f"S{number},2022-04-08,Zola,30\n" for number in range(3)))
    assert len(found.forecasts) == 2
    assert "at most 2 forecasts in a file" in str(found.problems[0])
