"""Published results, and how two files of them differ, for people: what `regard results` shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from protocol.errors import count_of, wanted
from protocol.words import Message, Plural, Text, first_of, msg, nmsg, series
from regard.reports.screen import Screen, ScreenLine
from verify.model.findings import finding
from verify.model.labels import field_label
from verify.model.published import FRANCE, Level
from verify.model.rule_results import Side, percentage
from verify.read.layouts.built_in import layout_label
from verify.read.published.checks import derived_null, gaps, looked_at
from verify.read.published.sums import Total, totals
from verify.rulebook.catalogue import rule

if TYPE_CHECKING:
    from verify.model.identity import StatedElection
    from verify.model.published import Flaw, Published
    from verify.read.published.comparison import Comparison, Difference

_NAMED = 3
"""Rows that the first sentence names."""


def show_results(table: Published, own: Sequence[Flaw], screen: Screen, *, first: bool = True) -> None:
    """Show a table's content, unreadable parts and contradictions; figures give way to those of the ``first`` table."""
    figures = 2 if first else 3
    rows = nmsg("{count:n} row read", "{count:n} rows read", len(table.row))
    about = series([*_about(table), rows])
    screen.add(0, table.file, ScreenLine(msg("{name}: {value}", name=about, value=adds_up(table, own)), "bold", 2))
    screen.extend(1, _digest(table))
    counts, choices = totals(table)
    screen.extend(figures, _counts(table, counts, screen))
    choices.sort(key=lambda total: -total.sum)
    screen.extend(figures, (_total(total.name[:40], total, screen) for total in choices))
    if (both := gaps(table)) is not None:
        said = nmsg(
            "votes found and signatures differ in {count:n} row of {compared:n}: {more:n} with more votes, "
            "{fewer:n} with fewer",
            "votes found and signatures differ in {count:n} rows of {compared:n}: {more:n} with more votes, "
            "{fewer:n} with fewer",
            both.more + both.fewer,
            compared=both.compared,
            more=both.more,
            fewer=both.fewer,
        )
        screen.line(0, said)
    if table.unused:
        screen.line(1, msg("columns of figures, and notes, not used: {columns}", columns=series(table.unused)))
    if table.lacking:
        said = msg(
            "names of the layout that the file does not have: {columns}", columns=series(table.lacking, msg("; "))
        )
        screen.line(0, said, "red")
    for each in table.checked:
        if each.made < each.of:
            said = nmsg(
                "{what}: compared in {count:n} row of {of:n}",
                "{what}: compared in {count:n} rows of {of:n}",
                each.made,
                what=each.what,
                of=each.of,
            )
            screen.line(1, said)
    if again := _at_one_place(table):
        some = first_of((unit_said(table, unit) for unit in again), _NAMED, msg("; "))
        said = nmsg(
            "{count:n} row has the place of another row, and is counted beside it: {some}",
            "{count:n} rows have the place of another row, and are counted beside it: {some}",
            len(again),
            some=some,
        )
        screen.line(0, said, "red")
    if table.problems:
        screen.line(0, _problem_count(count_of(table.problems)), "red")
    screen.lines(1, show_problems(table, len(table.problems)))
    for code, times in sorted(Counter(flaw.code for flaw in own).items()):
        title = rule(code).title
        screen.line(0, nmsg("{title} ({count:n} time)", "{title} ({count:n} times)", times, title=title))
        told = show_findings(table, [flaw for flaw in own if flaw.code == code], times)
        screen.lines(1, told[:_NAMED])
        screen.lines(figures + 1, told[_NAMED:])
    screen.add(1, "")


def _about(table: Published) -> Iterator[Text]:
    """Name a table's layout, level and contest."""
    yield layout_label(table.layout)
    yield msg("level: {level}", level=table.level.said(table.country))
    if table.title:
        yield msg("« {header} »", header=table.title)


def _at_one_place(table: Published) -> list[int]:
    """Rows of other countries with the place of an earlier one; rules look for those of French tables."""
    if table.country == FRANCE or table.level is Level.NATION:
        return []
    columns = (table.region, table.department, table.constituency, table.insee, table.commune, table.bureau)
    places = list(zip(*(column.tolist() for column in columns), strict=True))
    first = {place: unit for unit, place in reversed(list(enumerate(places)))}
    return [unit for unit, place in enumerate(places) if first[place] != unit]


def _counts(table: Published, counts: Sequence[Total], screen: Screen) -> Iterator[ScreenLine]:
    for total in counts:
        yield _total(field_label(total.name), total, screen)
    if (null := derived_null(table)) is not None:
        yield _figure(field_label("null"), null, screen, msg("voters − blank − valid, not published"))


def _digest(table: Published) -> Iterator[ScreenLine]:
    if table.sha256:
        yield ScreenLine(f"sha256 {table.sha256}", "dim", 2)
        if (votes := table.vote_places) is not None:
            yield ScreenLine(msg("votes: {path}, sha256 {digest}", path=votes.file, digest=votes.sha256), "dim", 2)
    elif table.members is not None:  # the SHA-256 of each is in the JSON
        yield ScreenLine(nmsg("{count:n} file", "{count:n} files", len(table.members.names)), "dim", 2)


def _total(label: Text, total: Total, screen: Screen) -> ScreenLine:
    note = None
    if total.whole is None:
        note = nmsg("of {count:n} row of {of:n}", "of {count:n} rows of {of:n}", total.known, of=total.of)
    return _figure(label, total.sum, screen, note)


def _figure(label: Text, total: int, screen: Screen, note: Message | None = None) -> ScreenLine:
    figure = screen.text(series([Plural(total)]))
    return ScreenLine(f"{screen.text(label):<24}{figure:>14}" + (f"  ({screen.text(note)})" if note else ""), "", 2)


def show_comparison(result: Comparison, screen: Screen, first: Comparison) -> None:
    """One level; names that are the same at every level stand with the ``first`` only."""
    level, count = result.level.said(result.left.country), len(result.differences)
    said: Text = nmsg("{level}: {count:n} figure differs", "{level}: {count:n} figures differ", count, level=level)
    if result.units != 1:
        rows = {"units": result.differing_units, "shared": result.units}
        said = msg("{said}, in {units:n} of the {shared:n} rows that both files have", said=said, **rows)
    screen.line(0, said, "bold", 0)
    if result is first:
        screen.line(2, msg("compared: {fields}", fields=series(map(field_label, result.fields))))
    left, right = result.unmatched
    for items, what in (
        (result.missing, msg("given in one of the files only")),
        (result.only_left, msg("only in the first")),
        (result.only_right, msg("only in the second")),
        (result.twice, msg("more than once, not compared")),
        (left if result is first or left != first.unmatched[0] else (), msg("choices in the first file only")),
        (right if result is first or right != first.unmatched[1] else (), msg("choices in the second file only")),
        (result.moved, msg("put into different constituencies")),
    ):
        if items:
            some = first_of(map(field_label, items), 5)
            screen.line(1, msg("{what}: {number:n} ({some})", what=what, number=len(items), some=some))
    screen.lines(2, (_difference(difference) for difference in result.differences))


def show_compared(side: Sequence[Published], screen: Screen) -> None:
    """The tables of a file that is compared with another."""
    for table in side:
        screen.add(0, msg("{name}: {value}", name=table.file, value=series(_about(table))))
    screen.extend(2, _digest(side[0]))
    if problems := sum(count_of(table.problems) for table in side):
        screen.line(0, _problem_count(problems))


def say_two_elections(left: Published, right: Published, said: tuple[StatedElection, StatedElection]) -> Message:
    """Say that two files are not of one election, and name both elections."""
    first, second = (
        each.text if each.day is None or said[0].conflicts(said[1]) else each.day.isoformat() for each in said
    )
    return msg(
        "These files are not of one election or day: {left} is of {first}, {right} of {second}.",
        left=left.file,
        first=first,
        right=right.file,
        second=second,
    )


def adds_up(table: Published, own: Sequence[Flaw]) -> Text:
    """Say in one sentence that the sums of a file hold, or where they do not."""
    wrong = [unit for unit in dict.fromkeys(flaw.unit for flaw in own if flaw.code == "T306") if unit >= 0]
    totals_off = {flaw.place for flaw in own if flaw.code == "C125"}
    said: list[Text] = []
    if wrong:
        some = first_of((unit_said(table, unit) for unit in wrong), _NAMED, msg("; "))
        said.append(
            nmsg("{count:n} row does not add up: {some}", "{count:n} rows do not add up: {some}", len(wrong), some=some)
        )
    if totals_off:
        said.append(
            nmsg(
                "{count:n} total is not the sum of its rows",
                "{count:n} totals are not the sum of their rows",
                len(totals_off),
            )
        )
    shares = sum(flaw.code == "T307" for flaw in own)
    if not said and table.country == FRANCE:
        said.append(msg("all sums hold") if looked_at(table)["T306"] else msg("it has no sums to check"))
    elif not said:
        made = sum(each.made for each in table.checked)
        none = msg("no sum could be checked") if table.checked else msg("it has no sums to check")
        said.append(nmsg("the {count:n} sum checked holds", "the {count:n} sums checked hold", made) if made else none)
    if shares:
        said.append(nmsg("{count:n} percentage is not its ratio", "{count:n} percentages are not their ratio", shares))
    if problems := count_of(table.problems):
        said.append(_problem_count(problems))
    return series(said, msg("; "))


def show_findings(table: Published, own: Sequence[Flaw], most: int) -> list[Text]:
    """The first findings of each code as sentences, and that there are more."""
    told: list[Text] = []
    shown: Counter[str] = Counter()
    for flaw in own:
        shown[flaw.code] += 1
        if shown[flaw.code] <= most:
            said = flaw_said(table, flaw)
            if flaw.unit >= 0:  # the row once
                names_row = "{left_source}" in said.text
                place = table.place_words(flaw.unit) if names_row else unit_said(table, flaw.unit)
                said = msg("{place}: {said}", place=place, said=said)
            told.append(said)
        elif shown[flaw.code] == most + 1:
            told.append("…")
    return told


def _problem_count(count: int) -> Message:
    return nmsg("{count:n} problem in reading", "{count:n} problems in reading", count)


def show_problems(table: Published, most: int) -> list[Text]:
    """The first problems as sentences, one for all that differ in their row only, and how many more there are."""
    rows: dict[tuple[str, str | None, Text, Text], list[int | None]] = {}
    for problem in table.problems:
        file = "" if problem.file == table.file else problem.file  # that of another sheet or member is named
        rows.setdefault((file, problem.column, problem.expected, problem.got), []).append(problem.row)
    shown = list(rows.items())[:most]
    more = count_of(table.problems) - sum(len(found) for _, found in shown)
    left = [nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", more)] if len(rows) > most else []
    return [*(_problem(table, *alike, found) for alike, found in shown), *left]


def _problem(
    table: Published, file: str, column: str | None, expected: Text, got: Text, rows: Sequence[int | None]
) -> Text:
    place: list[Text] = [file] if file else []
    place += [] if rows[0] is None else [_line_said(table, rows[0])]
    if column:
        place.append(column if table.turned else msg("column {column}", column=column))
    said: Text = wanted(expected, got)
    said = msg("{place}: {said}", place=series(place), said=said) if place else said
    if len(rows) == 1:
        return said
    more = nmsg("and {count:n} more row", "and {count:n} more rows", len(rows) - 1)
    return msg("{said} ({more})", said=said, more=more)


def flaw_said(table: Published, flaw: Flaw) -> Message:
    """The finding in the catalogue's words."""
    due = percentage(flaw.right) if flaw.code == "T307" and isinstance(flaw.right, str) else flaw.right
    sides = Side(flaw.place, flaw.left), Side(flaw.against or flaw.place, due)
    found = finding(flaw.code, *sides, field=flaw.field, details=flaw.details).message
    if flaw.unit < 0:
        return found
    row = _line_said(table, int(table.row[flaw.unit]))
    return replace(found, values={**found.values, "left_source": row, "right_source": flaw.against or row})


def unit_said(table: Published, unit: int) -> Message:
    """Place of a unit, in words."""
    return msg("{place} ({row})", place=table.place_words(unit), row=_line_said(table, int(table.row[unit])))


def _line_said(table: Published, number: int) -> Message:
    return msg("column {column}", column=number) if table.turned else msg("row {row}", row=number)


def _difference(found: Difference) -> Text:
    figures: list[Text] = [_number(found.left), "/", _number(found.right)]
    if found.left >= 0 and found.right >= 0:
        apart = found.right - found.left
        figures.append(series(["(", "-" if apart < 0 else "+", Plural(abs(apart)), ")"], ""))
    if found.left_row > 0 or found.right_row > 0:
        left, right = (row if row > 0 else "-" for row in (found.left_row, found.right_row))
        figures.append(msg("[rows {left} / {right}]", left=left, right=right))
    value = series([field_label(found.field), *figures], " ")
    return msg("{name}: {value}", name=" ".join(filter(None, (found.place, found.name))), value=value)


def _number(value: int) -> Text:
    """A figure for people; an absence is a dash."""
    return series([Plural(value)]) if value >= 0 else "-"
