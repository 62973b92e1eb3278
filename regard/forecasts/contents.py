"""Contents on forecasts that were compared with a result: sentences and tables, in one language.

The screen and the page are made of the same sections.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from protocol.words import Language, Text, msg, nmsg, series
from regard.language import exact_decimal
from regard.letters.law import in_words
from regard.published.results_screen import show_findings
from regard.reports.inputs import USED
from regard.reports.screen import FOLDED, Screen, ScreenLine, grid, table_lines
from regard.terminal import clean
from verify.forecasts.choosing import ForecastStanding
from verify.forecasts.model import ForecastFile
from verify.forecasts.result import Accuracy
from verify.forecasts.study import ForecastStudy, SameCandidates
from verify.model.published import Level
from verify.model.use import Used

NOTHING = "–"
"""In place of a figure that there is not."""
_NAME = 22
"""Letters of a candidate's name that are shown."""


def family(name: str) -> str:
    """The family name of a candidate where capitals tell it, else the whole name; as short as it is shown."""
    capitals = [word for word in name.split() if len(re.sub(r"\W", "", word)) > 1 and word.isupper()]
    shown = " ".join(capitals) or " ".join(name.split())
    shown = "-".join(" ".join(part.capitalize() for part in piece.split(" ")) for piece in shown.split("-"))
    return shown if len(shown) <= _NAME else f"{shown[: _NAME - 1]}…"


SHOWN = 6
"""Findings of each code, and problems of each file, that are shown."""


@dataclass(frozen=True, slots=True)
class ForecastTable:
    """A table in words.

    Attributes:
        caption: what it is of.
        head: of its columns.
        rows: their cells.
        numbers: columns that are set flush right.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class ForecastSection:
    """A heading, sentences and tables.

    Attributes:
        name: for links.
        title: for people.
        lines: sentences.
        tables: below them.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    tables: tuple[ForecastTable, ...] = ()


def sections(study: ForecastStudy, words: Language) -> list[ForecastSection]:
    """All of them, in the order in which they are read, without characters that could rewrite a screen or a page."""
    parts = (_result, _same_candidates, _limits, _files)
    return [_clean(part(study, words)) for part in parts]


def _clean(section: ForecastSection) -> ForecastSection:
    lines = tuple(clean(line).replace(" %", "\u00a0%") for line in section.lines)
    tables = tuple(
        replace(table, caption=clean(table.caption), rows=tuple(tuple(map(clean, row)) for row in table.rows))
        for table in section.tables
    )
    return replace(section, lines=lines, tables=tables)


def _result(study: ForecastStudy, words: Language) -> ForecastSection:
    """Describe the result: its sums, its findings, the comparisons, and the answer in sentences."""
    result = study.result
    lines: list[Text] = [
        msg(
            "The vote of {day}: {total:n} votes ({how}).",
            day=in_words(study.question.vote),
            how=result.ways[0].how,
            total=result.ways[0].total,
        )
    ]
    if result.places is not None:
        lines.append(_covers(*result.places))
    for way in result.ways[1:]:
        lines.append(
            msg(
                "The result does not add up: {how} gives other shares, by up to {points} points.",
                how=way.how,
                points=exact_decimal(words.code, result.widest, 4),
            )
        )
    lines += [_findings(study), _counts(study), *_not_compared(study), *_answers(study, words)]
    return ForecastSection("result", words.show(msg("The result, and what is compared with it")), _shown(words, lines))


def _shown(words: Language, lines: Sequence[Text]) -> tuple[str, ...]:
    return tuple(map(words.show, lines))


def _covers(level: Level, count: int) -> Text:
    """That the result is of a part of the country only."""
    where = nmsg("{count:n} commune", "{count:n} communes", count)
    if level is Level.DEPARTMENT:
        where = nmsg("{count:n} département", "{count:n} départements", count)
    return msg("The results are those of {where}: a forecast for the whole country is not about them.", where=where)


def _findings(study: ForecastStudy) -> Text:
    result = study.result
    found: list[Text] = []
    for published, own in zip(result.tables, result.flaws, strict=True):
        found += show_findings(published, own, SHOWN)
    if result.problems:
        found.append(nmsg("{count:n} problem in reading", "{count:n} problems in reading", result.problems))
    if not found:
        return msg("Nothing found wrong with the result itself.")
    return msg("Findings on the result: {told}", told=series(found, msg("; ")))


def _counts(study: ForecastStudy) -> Text:
    return nmsg(
        "{count:n} forecast is compared, of {sources}.",
        "{count:n} forecasts are compared, of {sources}.",
        len(study.ranked),
        sources=nmsg("{count:n} source", "{count:n} sources", len(study.last)),
    )


def _reasons(study: ForecastStudy) -> list[Text]:
    """Count the forecasts that are not compared, by the reason."""
    counts = Counter(each.standing for each in study.placed)
    return [
        msg("{name}: {value:n}", name=standing.text, value=counts[standing])
        for standing in ForecastStanding
        if counts[standing] and standing is not ForecastStanding.RANKED
    ]


def _not_compared(study: ForecastStudy) -> list[Text]:
    reasons = _reasons(study)
    return [msg("Not compared: {others}.", others=series(reasons, msg("; ")))] if reasons else []


def _answers(study: ForecastStudy, words: Language) -> list[Text]:
    """The mean of the last polls."""
    polls = study.polls_before_the_vote(frozenset(study.sets[0])) if study.sets else None
    if polls is None:
        return []
    error = exact_decimal(words.code, polls.accuracy.mean_absolute)
    return [msg("The mean of the last polls has a mean error of {error} points.", error=error)]


def _same_candidates(study: ForecastStudy, words: Language) -> ForecastSection:
    lines: list[Text] = [
        msg(
            "The last forecast of each source, in points. “first 2”: how many of the top two of the result it placed "
            "in its top two; ≠: both, in the other order."
        )
    ]
    if study.apart:
        lines.append(
            msg("–: never ranked. A figure without a source dated before the vote may have been chosen afterwards.")
        )
    left = len(study.sets) - len(study.tables)
    if left:
        lines.append(
            nmsg(
                "{count:n} further set of candidates has no table.",
                "{count:n} further sets of candidates have no table.",
                left,
            )
        )
    tables = [_table(study, words, table) for table in study.tables]
    title = words.show(msg("Over the same candidates"))
    return ForecastSection("same", title, _shown(words, lines), tuple(tables))


HEADS = ("#", msg("source"), msg("days"), msg("mean error"), msg("first 2"))
NUMBERS = frozenset((0, 2, 3, 4))
"""Columns of a table that are set flush right."""


def _table(study: ForecastStudy, words: Language, table: SameCandidates) -> ForecastTable:
    show, vote = words.show, study.question.vote
    names = [family(study.result.names[at]) for at in table.candidates]
    who: Text = series(names) if len(names) < len(study.result.names) else msg("all who stood")
    caption = show(nmsg("{count:n} candidate: {who}", "{count:n} candidates: {who}", len(names), who=who))
    rows = [("", show(each.text), "", *_measures(words, each.accuracy)) for each in table.baselines]
    for row in table.rows:
        days = row.scored.forecast.days_before(vote)
        rows.append(
            (
                NOTHING if row.rank is None else str(row.rank),
                row.scored.forecast.source,
                NOTHING if days is None else str(days),
                *_measures(words, row.accuracy),
            )
        )
    return ForecastTable(caption, tuple(map(show, HEADS)), tuple(rows), NUMBERS)


def _measures(words: Language, accuracy: Accuracy) -> tuple[str, str]:
    two = NOTHING
    if accuracy.first_two is not None:
        right, in_order = accuracy.first_two
        two = f"{right}/2" + (" ≠" if right == 2 and not in_order else "")
    return exact_decimal(words.code, accuracy.mean_absolute), two


def _limits(study: ForecastStudy, words: Language) -> ForecastSection:
    line = msg(
        "One election is one draw, and a poll says what people intended on its days: the order of sources with nearly "
        "the same error says little. Formulas: `regard help forecasts`."
    )
    return ForecastSection("limits", words.show(msg("What this does not say")), (words.show(line),))


def _files(study: ForecastStudy, words: Language) -> ForecastSection:
    """Every file that was given, with what became of it; digests are in a table."""
    lines: list[Text] = [line for file in study.files if file.used is not Used.WHOLE for line in file_lines(file)]
    rows = [(file.path, words.show(msg("forecasts")), file.sha256) for file in study.files]
    for checked, what in ((study.result, msg("the result")), (study.baseline, msg("the last election"))):
        for published in checked.tables if checked is not None else ():
            rows.append((published.file, words.show(what), published.sha256))
    head = _shown(words, (msg("file"), msg("read as"), "SHA-256"))
    table = ForecastTable("", head, tuple(rows), frozenset())
    return ForecastSection("files", words.show(msg("Files")), _shown(words, lines), (table,))


def file_lines(file: ForecastFile) -> list[Text]:
    """Describe the use of a file, the reasons, and its first problems."""
    why = series([part for part in (USED[file.used], file.why) if part], msg("; "))
    lines: list[Text] = [msg("{name}: {value}", name=file.path, value=why)]
    lines += [problem.message for problem in file.problems[:SHOWN]]
    left = len(file.problems) - SHOWN
    if left > 0:
        lines.append(nmsg("… {count:n} more", "… {count:n} more", left))
    return lines


def why_nothing(study: ForecastStudy) -> list[Text]:
    """Explain why no forecast is compared or measured: the number left out by reason, and the files."""
    reasons = series(_reasons(study), msg("; "))  # not within the call: Babel would take the first form alone
    said = nmsg(
        "the {count:n} forecast that was read cannot be compared with the vote of {day} ({reasons})",
        "none of the {count:n} forecasts that were read can be compared with the vote of {day} ({reasons})",
        len(study.placed),
        day=in_words(study.question.vote),
        reasons=reasons,
    )
    return [said, *(line for file in study.files if file.used is not Used.WHOLE for line in file_lines(file))]


ROWS = 8
"""Rows of the one table that is shown unless all is asked for."""
_RANKS = {"files": 2}
"""Sections that give way first where an answer has not room for all."""


def show_study(study: ForecastStudy, words: Language, screen: Screen, *, verbose: bool) -> None:
    """The answer; ``verbose`` shows every table, and each file with its digest."""
    for section in sections(study, words):
        if section.lines or verbose:
            screen.extend(_RANKS.get(section.name, 1), _lines(section, screen.width, verbose=verbose))
    screen.end()


def _lines(section: ForecastSection, width: int, *, verbose: bool) -> list[ScreenLine]:
    lines = [ScreenLine(section.title, "bold"), *map(ScreenLine, section.lines)]
    if section.name == "files":
        for path, form, digest in section.tables[0].rows if verbose else ():
            lines += [ScreenLine(path), ScreenLine(form, "", 2), ScreenLine(f"sha256 {digest}", "dim", 2)]
        return [*lines, ScreenLine("")]
    for table in section.tables if verbose else section.tables[:1]:
        lines += _table_lines(table, width, len(table.rows) if verbose else ROWS)
    left = 0 if verbose else len(section.tables) - 1
    if left > 0:
        more = nmsg("… {count:n} further table (--verbose)", "… {count:n} further tables (--verbose)", left)
        lines.append(ScreenLine(more))
    return [*lines, ScreenLine("")]


def _table_lines(given: ForecastTable, width: int, rows: int) -> list[ScreenLine]:
    heads = (
        {"header": head, "justify": "right" if at in given.numbers else "left", **FOLDED}
        for at, head in enumerate(given.head)
    )
    shown = grid(*heads, title=given.caption or None, title_justify="left", show_header=True, padding=(0, 1, 0, 0))
    for row in given.rows[:rows]:
        shown.add_row(*row)
    lines = table_lines(shown, width)
    if len(given.rows) > rows:
        left = len(given.rows) - rows
        more = nmsg("… {count:n} further row (--verbose)", "… {count:n} further rows (--verbose)", left)
        lines.append(ScreenLine(more))
    return lines
