"""Forecasts against a result, for programs: exact figures as text, `3/5` or `12.5`, others as numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from protocol.words import Language
from verify.forecasts.choosing import PlacedForecast
from verify.forecasts.comparisons import AgainstWeek, PollMean
from verify.forecasts.measures import FirstPlaces
from verify.forecasts.model import ForecastFile
from verify.forecasts.result import CheckedResult
from verify.forecasts.scores import Accuracy, CandidateError
from verify.forecasts.study import ForecastStudy, SameCandidates

_DIGITS = 6


def document(study: ForecastStudy, words: Language) -> dict[str, Any]:
    """Everything: files, result, each forecast with its errors, each comparison, by every reading of the result."""
    question = study.question
    return {
        "tool": "regard",
        "vote": question.vote.isoformat(),
        "round": question.round or None,
        "since": question.since.isoformat() if question.since else None,
        "until": question.until.isoformat() if question.until else None,
        "files": [_file(file, words) for file in study.files],
        "result": _result(study.result, words),
        "baseline": None if study.baseline is None else _result(study.baseline, words),
        "differs_by_reading": study.matters,
        "readings": [
            {
                "how": words.show(each.way.how),
                "forecasts": [_forecast(study, placed) for placed in each.placed],
                "same_candidates": [_table(study, table, words) for table in each.tables],
                "same_week": [_week(found) for found in each.weeks],
                "days_before": [
                    {
                        "first": age.first,
                        "last": age.last if age.last < 10**6 else None,
                        "forecasts": age.forecasts,
                        "sources": age.sources,
                        "mean_absolute": exact(age.mean),
                    }
                    for age in each.learning[1]
                ],
            }
            for each in study.by_way
        ],
    }


def exact(value: Fraction | None) -> str | None:
    """A fraction as an integer, a decimal where it ends within some digits, else as it is."""
    if value is None:
        return None
    scaled = value * 10**_DIGITS
    if scaled.denominator != 1:
        return str(value)
    whole, rest = divmod(abs(scaled.numerator), 10**_DIGITS)
    return ("-" if value < 0 else "") + f"{whole}.{rest:0{_DIGITS}}".rstrip("0").rstrip(".")


def round_share(value: Fraction | None) -> float | None:
    """A fraction to six decimals, half up in size."""
    if value is None:
        return None
    size = (2 * 10**_DIGITS * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return float(Fraction(size if value >= 0 else -size, 10**_DIGITS))


def _file(file: ForecastFile, words: Language) -> dict[str, Any]:
    return {
        "path": file.path,
        "sha256": file.sha256,
        "size": file.size,
        "form": file.form or None,
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
        "same_shares": [words.show(how) for how in result.alike],
        "files": [{"path": table.file, "sha256": table.sha256 or None} for table in result.tables],
        "findings": [
            *({"code": flaw.code, "count": 1} for own in result.flaws for flaw in own),
            *({"code": code, "severity": severity, "count": count} for severity, code, count in result.findings),
        ],
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
        "standing": placed.standing.value,
        "nobody": list(scored.others) if scored is not None else [named.label for named in forecast.named],
        "measures": None if scored is None else _accuracy(study, scored.accuracy),
    }


def _accuracy(study: ForecastStudy, accuracy: Accuracy) -> dict[str, Any]:
    names = study.result.names
    return {
        "n": len(accuracy.errors),
        "mean_absolute": round_share(accuracy.mean_absolute),
        "mean_square": round_share(accuracy.mean_square),
        "largest": {"candidate": names[accuracy.largest.candidate], "error": round_share(accuracy.largest.error)},
        "tau": exact(accuracy.tau),
        "first_two": _places(accuracy.first(2)),
        "first_three": _places(accuracy.first(3)),
        "a_first_two": _inexact(accuracy.of_first_two),
        "b": _inexact(accuracy.odds),
        "b_weighted": _inexact(accuracy.odds_weighted),
        "intervals": len(accuracy.intervals),
        "inside": accuracy.covered,
        "interval_score": round_share(accuracy.interval_score),
        "crps": _inexact(accuracy.crps),
        "log_score": _inexact(accuracy.log_score),
        "errors": [_error(study, each) for each in accuracy.errors],
    }


def _inexact(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _places(found: tuple[FirstPlaces, int] | None) -> dict[str, Any] | None:
    return None if found is None else {"right": found[1], "order": found[0] is FirstPlaces.ORDER}


def _error(study: ForecastStudy, each: CandidateError) -> dict[str, Any]:
    named = each.named
    return {
        "candidate": study.result.names[each.candidate],
        "share": exact(each.share),
        "result": round_share(each.result),
        "error": round_share(each.error),
        "low": exact(named.low) if named is not None else None,
        "high": exact(named.high) if named is not None else None,
        "inside": each.inside,
    }


def _table(study: ForecastStudy, table: SameCandidates, words: Language) -> dict[str, Any]:
    def short(accuracy: Accuracy) -> dict[str, Any]:
        return {name: value for name, value in _accuracy(study, accuracy).items() if name != "errors"}

    return {
        "candidates": [study.result.names[at] for at in table.candidates],
        "sources": [
            {"rank": rank, "source": scored.forecast.source, "end": scored.forecast.key.end or None, **short(accuracy)}
            for rank, scored, accuracy in table.rows
        ],
        "baselines": [
            {"name": each.name, "text": words.show(each.text), **short(each.accuracy)} for each in table.baselines
        ],
    }


def _week(found: AgainstWeek) -> dict[str, Any]:
    forecast = found.scored.forecast
    return {
        "source": forecast.source,
        "end": forecast.key.end or forecast.key.published or None,
        "n": len(found.scored.accuracy.errors),
        "polls": None if found.polls is None else _polls(found.polls),
        "difference": round_share(found.difference),
        "low": round_share(found.low),
        "high": round_share(found.high),
    }


def _polls(polls: PollMean) -> dict[str, Any]:
    errors = {source: round_share(error) for source, error in zip(polls.sources, polls.errors, strict=True)}
    return {
        "sources": errors,
        "mean": round_share(polls.mean),
        "of_their_mean": round_share(polls.accuracy.mean_absolute),
    }
