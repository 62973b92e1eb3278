"""Small results and tables of forecasts for tests; nobody in them is real."""

import datetime
from pathlib import Path

from tests.sources import new_folder, put_text
from verify.forecasts.choosing import Question
from verify.forecasts.reading import read_forecasts
from verify.forecasts.result import CheckedResult, read_result
from verify.forecasts.study import ForecastStudy

VOTE = datetime.date(2022, 4, 10)
RESULT = """departement,inscrits,votants,blancs,exprimes,ZOLA,CURIE,LOVELACE,HUGO
01,2000,1000,10,980,400,300,200,80
02,1000,520,10,500,200,150,100,50
"""
"""Of 1,480 votes: Zola 600, Curie 450, Lovelace 300, Hugo 130."""
HEADER = "source,end,sample,hypothesis,candidate,share,low,high"
POLLS = """Nord,2022-04-08,1000,,Émile Zola,41,38,44
Nord,2022-04-08,1000,,Marie Curie,30,27,33
Nord,2022-04-08,1000,,Ada Lovelace,20,18,22
Nord,2022-04-08,1000,,Victor Hugo,9,7,11
Sud,2022-04-07,900,,Émile Zola,35,32,38
Sud,2022-04-07,900,,Marie Curie,36,33,39
Sud,2022-04-07,900,,Ada Lovelace,19,17,21
Sud,2022-04-07,900,,Victor Hugo,10,8,12
Est,2022-04-06,,,Émile Zola,45,,
Est,2022-04-06,,,Marie Curie,25,,
"""


def result_file(folder: Path, text: str = RESULT) -> Path:
    """The result as a file whose name says which election it is of."""
    path = folder / "2022-presidentielle-t1.csv"
    put_text(path, text)
    return path


def forecast_file(folder: Path, rows: str = POLLS, header: str = HEADER) -> Path:
    """A table of forecasts as a file."""
    return put_text(folder / "polls.csv", f"{header}\n{rows}")


def checked(text: str = RESULT) -> CheckedResult:
    """The result, read."""
    return read_result(result_file(new_folder(), text))


def studied(
    rows: str = POLLS,
    header: str = HEADER,
    question: Question | None = None,
    result: str = RESULT,
    folder: Path | None = None,
) -> ForecastStudy:
    """The study of a table."""
    folder = folder or new_folder()
    files = read_forecasts(forecast_file(folder, rows, header))
    return ForecastStudy(files, question or Question(VOTE, 1), read_result(result_file(folder, result)), None)
