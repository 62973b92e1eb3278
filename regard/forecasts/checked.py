"""The result as it was checked before anything was compared with it, and the files that were given."""

from __future__ import annotations

from fractions import Fraction

from protocol.words import Language, Text, msg, nmsg, series
from regard.forecasts import wording
from regard.forecasts.sections import ForecastSection, ForecastTable
from regard.letters.law import in_words
from regard.reports.inputs import USED
from regard.reports.results_screen import show_findings
from verify.forecasts.study import ForecastStudy
from verify.model.labels import SEVERITIES
from verify.model.published import Level
from verify.model.use import Used

SHOWN = 6
"""Findings of each code that are shown; `regard results` has all of them."""
FORMS = {"nsppolls": msg("NSPPolls' table"), "table": msg("table of forecasts"), "": msg("unknown")}
"""What a file of forecasts was taken for."""


def share_of(part: int, whole: int) -> Fraction:
    """A count in hundredths of another."""
    return Fraction(100 * part, whole)


def result_section(study: ForecastStudy, words: Language) -> ForecastSection:
    """What the result adds up to, in how many ways, and what was found in it."""
    show, result = words.show, study.result
    lines = [
        show(
            msg(
                "The vote of {day}: {total:n} votes ({how}).",
                day=in_words(study.question.vote),
                how=result.ways[0].how,
                total=result.ways[0].total,
            )
        )
    ]
    if result.places is not None:
        lines.append(show(_covers(*result.places)))
    lines += [show(msg("The same shares by: {how}.", how=how)) for how in result.alike]
    lines += [show(line) for line in _ways(study)]
    found: list[Text] = []
    for published, own in zip(result.tables, result.flaws, strict=True):
        found += show_findings(published, own, SHOWN)
    for severity, code, count in result.findings:
        found.append(msg("{severity} {code}: {count:n}", severity=SEVERITIES[severity], code=code, count=count))
    if result.problems:
        found.append(nmsg("{count:n} problem in reading", "{count:n} problems in reading", result.problems))
    lines.append(show(msg("Findings on the result: {told}", told=series(found, msg("; "))) if found else msg(
        "No finding on the result itself."
    )))  # fmt: skip
    tables = () if result.adds_up else (_both_ways(study, words),)
    return ForecastSection("result", show(msg("The result, checked first")), tuple(lines), tables)


def _covers(level: Level, count: int) -> Text:
    """That the result is of a part of the country only."""
    where = nmsg("{count:n} commune", "{count:n} communes", count)
    if level is Level.DEPARTMENT:
        where = nmsg("{count:n} département", "{count:n} départements", count)
    return msg("The results are those of {where}: a forecast for the whole country is not about them.", where=where)


def _ways(study: ForecastStudy) -> list[Text]:
    result = study.result
    if result.adds_up:
        return []
    told: list[Text] = [
        msg("The result does not add up: {how} gives other shares.", how=way.how) for way in result.ways[1:]
    ]
    if study.matters:
        told.append(msg("It matters: the last forecasts are shown by each reading."))
    else:
        told.append(msg("It changes nothing of the last forecasts that is shown: no error and no interval."))
    return told


def _both_ways(study: ForecastStudy, words: Language) -> ForecastTable:
    """The mean error of each last forecast by each reading of the result."""
    show = words.show
    head = [show(msg("source")), *(show(each.way.how) for each in study.by_way)]
    rows = []
    for number, each in enumerate(study.main.last):
        errors = [way.last[number].accuracy.mean_absolute for way in study.by_way]
        rows.append((each.forecast.source, *(wording.decimals(words, error) for error in errors)))
    return ForecastTable(show(msg("mean error")), tuple(head), tuple(rows), frozenset(range(1, len(head))))


def files_section(study: ForecastStudy, words: Language) -> ForecastSection:
    """Every file that was given, with what became of it."""
    show = words.show
    rows = []
    for file in study.files:
        used = series([part for part in (USED[file.used], file.why) if part], msg("; "))
        forecasts = words.number(len(file.forecasts))
        rows.append((file.path, show(FORMS[file.form]), forecasts, show(used), file.sha256))
    for checked, what in ((study.result, msg("the result")), (study.baseline, msg("the last election"))):
        for published in checked.tables if checked is not None else ():
            rows.append((published.file, show(what), "", show(USED[Used.WHOLE]), published.sha256))
    head = (msg("file"), msg("read as"), msg("forecasts read"), msg("use"), "SHA-256")
    problems = [show(problem.message) for file in study.files for problem in file.problems]
    more = nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", max(len(problems) - SHOWN, 1))
    lines = (*problems[:SHOWN], *([show(more)] if len(problems) > SHOWN else []))
    table = ForecastTable("", tuple(map(show, head)), tuple(rows), frozenset((2,)))
    return ForecastSection("files", show(msg("Files")), lines, (table,))
