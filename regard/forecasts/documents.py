"""The reports on forecasts against a result: JSON for programs, and one HTML file that needs nothing else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from protocol.words import Language, msg
from regard.forecasts.contents import sections
from regard.letters.law import in_words
from regard.templates import pack, policy, render, style_sheet
from verify.forecasts.choosing import PlacedForecast
from verify.forecasts.model import ForecastFile
from verify.forecasts.result import Accuracy, CandidateError, CheckedResult
from verify.forecasts.study import ComparedRow, ForecastStudy, SameCandidates

_DIGITS = 6
"""Decimals of a fraction in JSON."""


def document(study: ForecastStudy, words: Language) -> dict[str, Any]:
    """Everything: files, result, each forecast with its errors, each comparison."""
    question = study.question
    return {
        "tool": "regard",
        "vote": question.vote.isoformat(),
        "round": question.round or None,
        "since": question.since.isoformat() if question.since else None,
        "files": [_file(file, words) for file in study.files],
        "result": _result(study.result, words),
        "baseline": None if study.baseline is None else _result(study.baseline, words),
        "forecasts": [_forecast(study, placed) for placed in study.placed],
        "same_candidates": [_table(study, table, words) for table in study.tables],
    }


def exact(value: Fraction) -> str:
    """A fraction as an integer, a decimal where it ends within some digits, else as it is."""
    scaled = value * 10**_DIGITS
    if scaled.denominator != 1:
        return str(value)
    whole, rest = divmod(abs(scaled.numerator), 10**_DIGITS)
    return ("-" if value < 0 else "") + f"{whole}.{rest:0{_DIGITS}}".rstrip("0").rstrip(".")


def _file(file: ForecastFile, words: Language) -> dict[str, Any]:
    return {
        "path": file.path,
        "sha256": file.sha256,
        "size": file.size,
        "used": file.used.value,
        "why": words.show(file.why),
        "rows": file.rows,
        "forecasts": len(file.forecasts),
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "expected": words.show(problem.expected),
                "got": words.show(problem.got),
            }
            for problem in file.problems
        ],
    }


def _result(result: CheckedResult, words: Language) -> dict[str, Any]:
    return {
        "adds_up": result.adds_up,
        "readings": [
            {"how": words.show(way.how), "total": way.total, "votes": dict(zip(result.names, way.votes, strict=True))}
            for way in result.ways
        ],
        "files": [{"path": table.file, "sha256": table.sha256 or None} for table in result.tables],
        "findings": [{"code": flaw.code, "count": 1} for own in result.flaws for flaw in own],
        "problems": result.problems,
    }


def _forecast(study: ForecastStudy, placed: PlacedForecast) -> dict[str, Any]:
    forecast, scored = placed.forecast, placed.scored
    key = forecast.key
    return {
        "source": key.source,
        "id": key.identity or None,
        "hypothesis": key.hypothesis or None,
        "published": key.published or None,
        "begin": key.begin or None,
        "end": key.end or None,
        "days_before": forecast.days_before(study.question.vote),
        "sample": forecast.sample,
        "rolling": forecast.rolling,
        "references": list(forecast.references),
        "file": forecast.file,
        "standing": placed.standing.word,
        "nobody": list(scored.others) if scored is not None else [named.label for named in forecast.named],
        "measures": None if scored is None else _accuracy(scored.accuracy),
        "errors": [] if scored is None else [_error(study, each) for each in scored.accuracy.errors],
    }


def _accuracy(accuracy: Accuracy) -> dict[str, Any]:
    two = accuracy.first_two
    return {
        "n": len(accuracy.errors),
        "mean_absolute": float(round(accuracy.mean_absolute, _DIGITS)),
        "first_two": None if two is None else {"right": two[0], "order": two[1]},
    }


def _error(study: ForecastStudy, each: CandidateError) -> dict[str, Any]:
    return {
        "candidate": study.result.names[each.candidate],
        "share": exact(each.share),
        "result": float(round(each.result, _DIGITS)),
        "error": float(round(each.error, _DIGITS)),
    }


def _table(study: ForecastStudy, table: SameCandidates, words: Language) -> dict[str, Any]:
    return {
        "candidates": [study.result.names[at] for at in table.candidates],
        "sources": [_row(study, row) for row in table.rows],
        "baselines": [
            {"name": each.name, "text": words.show(each.text), **_accuracy(each.accuracy)} for each in table.baselines
        ],
    }


def _row(study: ForecastStudy, row: ComparedRow) -> dict[str, Any]:
    key = row.scored.forecast.key
    about = {"rank": row.rank, "source": key.source, "end": key.end or key.published or None}
    return about | _accuracy(row.accuracy)


# --- The report on forecasts as one HTML file that needs nothing else: no network, no other file, no script ---


_TEMPLATE = Path(__file__).with_name("html") / "forecasts.html.j2"
_FURTHER = """
.scroll td:nth-child(2) { min-width: 8rem; }
"""


def as_page(study: ForecastStudy, words: Language) -> bytes:
    """The report as a page, the same bytes for the same study."""
    style = style_sheet() + _FURTHER
    text = render(
        _TEMPLATE,
        words,
        code=words.code,
        title=words.show(msg("Forecasts against the result of {day}", day=in_words(study.question.vote))),
        sections=sections(study, words),
        style=style,
        policy=policy(style),
    )
    return pack(text)
