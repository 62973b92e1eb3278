"""What is said of forecasts that were compared with a result: sections of sentences and tables, in one language.

The screen, the page, the printed report and the study are made of the same sections.
"""

from __future__ import annotations

from collections import Counter
from functools import partial

from protocol.words import Language, Text, msg, nmsg, series
from regard.forecasts import wording
from regard.forecasts.apart import apart_section
from regard.forecasts.checked import files_section, result_section, share_of
from regard.forecasts.sections import ForecastSection, ForecastTable
from verify.forecasts.choosing import ForecastStanding
from verify.forecasts.comparisons import LEADING, WEEK
from verify.forecasts.scores import Accuracy
from verify.forecasts.study import ForecastStudy, SameCandidates

MOST_SOURCES = 14
"""Sources that have a column in the table of errors by candidate."""


def sections(study: ForecastStudy, words: Language) -> list[ForecastSection]:
    """All of them, in the order in which they are read."""
    parts = (
        result_section,
        _what_counts,
        _same_candidates,
        _week,
        _by_candidate,
        _intervals,
        _distributions,
        _learning,
        apart_section,
        _limits,
        files_section,
    )
    return [found.unbroken() for part in parts if (found := part(study, words)) is not None]


def _what_counts(study: ForecastStudy, words: Language) -> ForecastSection:
    show, main = words.show, study.main
    counts = Counter(each.standing for each in main.placed)
    lines = [
        show(
            nmsg(
                "{count:n} forecast is compared, of {sources}.",
                "{count:n} forecasts are compared, of {sources}.",
                counts[ForecastStanding.RANKED],
                sources=nmsg("{count:n} source", "{count:n} sources", len(main.last)),
            )
        )
    ]
    if main.overlapping:
        lines.append(
            show(
                nmsg(
                    "{count:n} rolling poll shares days with a later one of its source; means leave it out.",
                    "{count:n} rolling polls share days with a later one of their source; means leave them out.",
                    main.overlapping,
                )
            )
        )
    others = [
        show(msg("{name}: {value}", name=standing.text, value=words.number(counts[standing])))
        for standing in ForecastStanding
        if counts[standing] and standing is not ForecastStanding.RANKED
    ]
    if others:
        lines.append(show(msg("Not compared: {others}.", others=series(others, msg("; ")))))
    return ForecastSection("counts", show(msg("What is compared")), tuple(lines))


HEADS = (
    msg("source"),
    msg("days"),
    msg("mean error"),
    msg("RMSE"),
    msg("largest error"),
    msg("tau"),
    msg("first 2"),
    msg("first 3"),
    "B",
)


def accuracy_cells(study: ForecastStudy, words: Language, accuracy: Accuracy) -> list[str]:
    """The measures that stand in a row of any table."""
    names = study.result.names
    return [
        wording.decimals(words, accuracy.mean_absolute),
        wording.root(words, accuracy.mean_square),
        wording.largest(words, names, accuracy.largest),
        wording.tau(words, accuracy.tau),
        wording.places(accuracy.first(2), 2),
        wording.places(accuracy.first(3), 3),
        wording.inexact(words, accuracy.odds),
    ]


def _same_candidates(study: ForecastStudy, words: Language) -> ForecastSection | None:
    show, main = words.show, study.main
    if not main.tables:
        return None
    lines = [
        show(
            msg(
                "The last forecast of each source, in points; a table for each set of candidates that a source names, "
                "so that all in it are measured over the same. What everybody could have said stands below, without a "
                "rank. ≠: the right candidates in another order."
            )
        )
    ]
    if main.left_out:
        lines.append(
            show(
                nmsg(
                    "{count:n} further set of candidates has no table.",
                    "{count:n} further sets of candidates have no table.",
                    main.left_out,
                )
            )
        )
    tables = [_table(study, words, table) for table in main.tables]
    return ForecastSection("same", show(msg("Over the same candidates")), tuple(lines), tuple(tables))


def _table(study: ForecastStudy, words: Language, table: SameCandidates) -> ForecastTable:
    show, vote = words.show, study.question.vote
    names = [wording.family(study.result.names[at]) for at in table.candidates]
    who: Text = series(names) if len(names) < len(study.result.names) else msg("all who stood")
    caption = show(wording.candidates(len(names), who))
    rows = [
        [
            str(rank),
            scored.forecast.source,
            show(wording.days(scored.forecast.days_before(vote))),
            *accuracy_cells(study, words, accuracy),
        ]
        for rank, scored, accuracy in table.rows
    ]
    rows += [
        ["", show(baseline.text), "", *accuracy_cells(study, words, baseline.accuracy)] for baseline in table.baselines
    ]
    head = ["#", *map(show, HEADS)]
    return ForecastTable(caption, tuple(head), tuple(map(tuple, rows)), frozenset((0, 2, 3, 4, 6, 7, 8, 9)))


def _week(study: ForecastStudy, words: Language) -> ForecastSection | None:
    show, main = words.show, study.main
    decimals = partial(wording.decimals, words)
    rows = []
    for each in main.weeks:
        if each.polls is None or each.difference is None:
            continue
        interval = wording.NOTHING
        if each.low is not None and each.high is not None:
            interval = f"{wording.with_sign(words, each.low)} … {wording.with_sign(words, each.high)}"
        rows.append(
            (
                each.scored.forecast.source,
                str(len(each.scored.accuracy.errors)),
                decimals(each.scored.accuracy.mean_absolute),
                str(len(each.polls.sources)),
                f"{decimals(min(each.polls.errors))}–{decimals(max(each.polls.errors))}",
                decimals(each.polls.mean),
                decimals(each.polls.accuracy.mean_absolute),
                wording.with_sign(words, each.difference),
                interval,
            )
        )
    if not rows:
        return None
    left = len(main.last) - len(main.weeks)
    heads = (
        msg("source"),
        "n",
        msg("mean error"),
        msg("polls"),
        msg("from–to"),
        msg("their mean"),
        msg("of their mean"),
        msg("less their mean"),
        "95\u00a0%",
    )
    about = msg(
        "The last forecast of each source against the polls of the other sources in the {days} days up to its own, "
        "over its n candidates: their mean errors, the mean of these, and the error of the mean of their shares. The "
        "interval of the difference is a bootstrap that draws whole sources.",
        days=WEEK,
    )
    table = ForecastTable("", tuple(map(show, heads)), tuple(rows), frozenset(range(1, 9)))
    lines = [show(about)]
    if left:
        more = nmsg(
            "{count:n} further source is not compared so.", "{count:n} further sources are not compared so.", left
        )
        lines.append(show(more))
    return ForecastSection("week", show(msg("Against the polls of the same week")), tuple(lines), (table,))


def _by_candidate(study: ForecastStudy, words: Language) -> ForecastSection | None:
    show, main, names = words.show, study.main, study.result.names
    shown = sorted(main.last, key=lambda each: (each.accuracy.mean_absolute, each.forecast.source))[:MOST_SOURCES]
    if not shown:
        return None
    polls = main.polls_before_the_vote(frozenset().union(*(each.accuracy.candidates for each in shown)))
    errors = [{each.candidate: each.error for each in scored.accuracy.errors} for scored in shown]
    head = [show(msg("candidate")), show(msg("result"))]
    head += [scored.forecast.source for scored in shown]
    mean = {} if polls is None else {each.candidate: each.error for each in polls.accuracy.errors}
    if mean:
        head.append(show(msg("mean of the last polls")))
        errors.append(mean)
    rows = []
    for at, share in enumerate(main.way.shares):
        cells = [wording.with_sign(words, each[at]) if at in each else wording.NOTHING for each in errors]
        rows.append((wording.family(names[at]), wording.decimals(words, share), *cells))
    about = [show(msg("The share in the last forecast of each source less the result, in points."))]
    if len(main.last) > len(shown):
        more = nmsg("{count:n} further source is in the JSON.", "{count:n} further sources are in the JSON.",
                    len(main.last) - len(shown))  # fmt: skip
        about.append(show(more))
    table = ForecastTable("", tuple(head), tuple(rows), frozenset(range(1, len(head))))
    return ForecastSection("candidates", show(msg("Error by candidate")), tuple(about), (table,), picture="candidates")


def _intervals(study: ForecastStudy, words: Language) -> ForecastSection | None:
    show, main = words.show, study.main
    stated = [each for each in main.last if each.accuracy.intervals]
    if not stated:
        return None
    inside, of = (
        sum(count(each.accuracy) for each in stated)
        for count in (lambda each: each.covered, lambda each: len(each.intervals))
    )
    rows = []
    for each in sorted(stated, key=lambda each: (each.accuracy.interval_score or 0, each.forecast.source)):
        score = each.accuracy.interval_score
        rows.append(
            (
                each.forecast.source,
                f"{each.accuracy.covered}/{len(each.accuracy.intervals)}",
                wording.NOTHING if score is None else wording.decimals(words, score),
            )
        )
    levels = sorted({each.named.level * 100 for scored in stated for each in scored.accuracy.intervals if each.named})
    shown = series([f"{wording.decimals(words, level, 0)}\u00a0%" for level in levels])
    about = msg(
        "The intervals of the last forecasts contain the result {inside:n} times of {of:n} ({share} %); their stated "
        "level is {levels}, or taken for 95 % where it is not stated. The interval score is the width and a "
        "penalty for a result outside; less is better.",
        inside=inside,
        of=of,
        share=wording.decimals(words, share_of(inside, of), 0),
        levels=shown,
    )
    head = (show(msg("source")), show(msg("result inside")), show(msg("interval score")))
    table = ForecastTable("", head, tuple(rows), frozenset((1, 2)))
    return ForecastSection("intervals", show(msg("Stated intervals")), (show(about),), (table,), picture="intervals")


def _distributions(study: ForecastStudy, words: Language) -> ForecastSection | None:
    show = words.show
    rows = tuple(
        (
            each.forecast.source,
            wording.inexact(words, each.accuracy.crps),
            wording.inexact(words, each.accuracy.log_score),
        )
        for each in study.main.last
        if each.accuracy.crps is not None
    )
    if not rows:
        return None
    about = show(msg("Forecasts that state a standard deviation, as normal distributions; less is better in both."))
    table = ForecastTable("", (show(msg("source")), "CRPS", show(msg("log score"))), rows, frozenset((1, 2)))
    return ForecastSection("distributions", show(msg("Stated distributions")), (about,), (table,))


def _learning(study: ForecastStudy, words: Language) -> ForecastSection | None:
    show = words.show
    points, classes = study.main.learning
    if not points:
        return None
    rows = []
    for each in classes:
        span = f"{each.first}–{each.last}" if each.last < 10**6 else f"≥ {each.first}"
        counts = (words.number(each.forecasts), words.number(each.sources))
        rows.append((span, *counts, wording.decimals(words, each.mean)))
    about = msg(
        "Mean absolute error over the candidates who got {least} % or more, by days before the vote: the mean of the "
        "sources' means, for polls. Those that do not name all of them are left out, rolling polls count once.",
        least=LEADING,
    )
    heads = (msg("days before the vote"), msg("polls"), msg("sources"), msg("mean error"))
    tables = (ForecastTable("", tuple(map(show, heads)), tuple(rows), frozenset((1, 2, 3))),) if rows else ()
    return ForecastSection("learning", show(msg("Learning over time")), (show(about),), tables, picture="learning")


def _limits(study: ForecastStudy, words: Language) -> ForecastSection:
    show = words.show
    lines = (
        msg(
            "One election is one draw: all sources share what moved between their last day and the vote, so that the "
            "order of sources with nearly the same error says little."
        ),
        msg(
            "A poll says what people intended on its days. A large error does not prove a wrong method, nor a small "
            "one a good one."
        ),
        msg("Formulas and their sources: `regard help forecasts`."),
    )  # fmt: skip
    return ForecastSection("limits", show(msg("What this does not say")), tuple(map(show, lines)))
