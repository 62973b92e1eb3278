"""The cells of an auditor's table as counts and texts by bureau, as votes by choice, and as a sheet of a night.

Of percentages a header says both counts (« % Vot/Ins »), one (« Participation », « % blancs »), or none (« % » right of
the votes of a choice). What it leaves open is what half of the rows fit at least, else nothing is said. A percentage is
right if it is the ratio rounded to the digits that it is written with, or its fraction: 51,3 % and 0.513.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from protocol import night
from protocol.night import Content
from protocol.quantities import VOTERS, Quantity
from protocol.words import msg, without_accents
from verify.model import contests as choice_names
from verify.model.bureau_codes import Coded, TextColumns, number_in_order
from verify.model.contests import match
from verify.model.figures import BLANK, MISSING, Bools, Ints, encode
from verify.model.identity import StatedElection, common, names_year, round_of, said_in, sorting, stating
from verify.model.published import FRANCE, Flaw, Published
from verify.read import bounds
from verify.read.cells import code_cells, merge_labels, strip
from verify.read.layouts.columns import ChoiceColumns, RowColumns
from verify.read.layouts.language import LEFT_OUT, Choices, Layout
from verify.read.layouts.rows import TableRows
from verify.read.layouts.stations import CLOCKS, StationFigures, Stations
from verify.read.published.cells import NAME_LIMIT
from verify.read.published.checks import is_share_of, judge_share
from verify.read.rows import Problems
from verify.read.sheet import Piece, Sheet, text_columns, texts_of
from verify.read.tables import headers
from verify.read.tables.codes import places_of
from verify.read.tables.headers import NO_CHOICES, NOISE, Header, has_word, is_share, without_share
from verify.read.tables.table import COUNTS, AuditorTable
from verify.read.totals import names_total

_OPTIONAL = ("commune", "departement", "circonscription")
_KEYS = ("insee", "commune", "bureau", "scrutin")
"""Columns that tell bureaux and their polls apart."""
_POLL = "scrutin"
"""A column that may have the poll's number or the name of the election."""
_NOTHING = frozenset(
    form
    for word in ("néant", "neant", "nil", "aucun", "sans objet", "s.o.")
    for form in (word, word.capitalize(), word.upper())
) | frozenset("-–—")
"""Cells that say zero, or that nothing was written."""
NAME = "table"
"""Name of the layout of results that are read so."""
OF_BUREAUX = Layout(name=NAME, country=FRANCE)
_OF_CHOICES = replace(OF_BUREAUX, choices=Choices(label=(("choix",),)))
"""Layouts of a table with a row for each choice, and for each bureau."""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Content of a table.

    Attributes:
        rows: of bureaux and of totals.
        texts: of each row the keys, and the remarks where the table has a column of them.
        extra: of each row what is not read, by header; signatures of an hour by their name in a night.
        said: columns that say which election and poll a row is of, with their headers.
        round: of the election, that the table says outside its rows; 0 where it says none.
        election: of each row the election that it says, by `sorting`.
        figures: counts and clocks of each column that is filled in at all, and votes.
        totals: which rows sum up others, shape ``(rows,)``.
        lines: of a form, the row in which each column of counts or of a choice stands, by name.
        shares: percentages that are not the ratio of the counts, each with its row.
        titles: the cells above the header.
    """

    rows: TableRows
    texts: dict[str, Coded]
    extra: dict[str, Coded]
    said: tuple[tuple[str, Coded], ...]
    round: int
    election: Coded
    figures: StationFigures
    totals: Bools
    lines: dict[str, int]
    shares: tuple[Flaw, ...]
    titles: tuple[str, ...]

    @property
    def problems(self) -> Problems:
        """Problems of the table and its cells."""
        return self.rows.problems

    def title(self, row: int) -> str:
        """The election of a row as it is written."""
        cells = (cells.at(row).strip() for _, cells in self.said)
        return " ".join(dict.fromkeys(filter(None, cells)))[:NAME_LIMIT]

    def stated(self, row: int) -> StatedElection:
        """The election of a row."""
        own = common(said_in(name, cells.at(row)) for name, cells in self.said)
        return own.or_else(StatedElection(round=self.round))

    def stated_by_all(self) -> StatedElection:
        """The election that the columns, else the titles, say all rows are of; nothing of that on which they disagree.

        A year by itself in a title may be that of a correction, and says nothing.
        """
        titled = common(StatedElection.of_text(title) for title in self.titles)
        own = common(said_in(name, cell) for name, cells in self.said for cell in sorted(cells.labels) if cell)
        of_year = titled.day is not None or any(map(names_year, self.titles))
        return own.or_else(titled if of_year else replace(titled, year=0))


def columns_of(table: AuditorTable) -> TableColumns:
    """Read all cells of a table."""
    header = table.header
    counts = {name: header.at[name] for name in (*COUNTS, *CLOCKS) if table.has(name)}
    choices = [ChoiceColumns(index, table.names.get(index, label)) for index, label in table.choices.items()]
    naming = header.name or (header.at.get("choix"),)
    if table.header.names_choices:
        choices = [ChoiceColumns(header.at["votes"], naming)]
    columns = RowColumns({}, counts, {}, tuple(choices), 0, 0, frozenset())
    rows = table.rows.with_problems(Problems(table.shown, table.problems))
    rows = rows.within(len(rows), bounds.rows(table.grid.table.size), columns)
    table = replace(table, rows=rows, totals={at: said for at, said in table.totals.items() if at < len(rows)})
    rows = _with_zeros(header, rows)
    texts = {name: code_cells(cells) for name, cells in places_of(table, rows.problems).items()}
    texts = {name: cells for name, cells in texts.items() if name not in _OPTIONAL or any(cells.labels)}
    if table.has("observations"):
        texts["observations"] = strip(rows.columns[header.at["observations"]])
    totals = np.zeros(len(rows), np.bool_)
    totals[list(table.totals)] = True
    layout = _OF_CHOICES if table.header.names_choices else OF_BUREAUX
    stations = Stations(layout, table.grid.table, columns)
    said = [(header.cells[index], rows.columns[index]) for index in stating(header.cells)] + [(_POLL, texts[_POLL])]
    of_round = table.grid.round or round_of(table.grid.name) or 0
    code, first = number_in_order([cells for _, cells in said], len(rows))
    beside = StatedElection(round=of_round)
    elections = (sorting(((name, each.at(row)) for name, each in said), beside) for row in first)
    election = merge_labels(list(elections), code)
    places = {name: texts[name] for name in _KEYS if name in texts}
    places["election"] = election
    if table.header.names_choices:
        named = rows.joined(naming, (), " ")
        meant, again = _no_choices(named.labels, table.grid.asked.choices)
        rows = replace(rows, quantity=_quantities(named, totals, meant))
        figures = stations.figures(rows, places)
        _check_again(rows, figures, choices[0].votes, named, again)
    else:
        if table.names:  # of the choices that rows name a total is of none
            rows = replace(rows, quantity=Coded(("", LEFT_OUT), totals.astype(np.int32)))
        figures = stations.figures(rows, places)
    lines = counts | {label: index for index, label in table.choices.items()}
    return TableColumns(
        rows,
        texts,
        {name: strip(rows.columns[index]) for name, index in _extra(table)},
        tuple(said),
        of_round,
        election,
        figures,
        totals,
        {" ".join(name.split()): rows.lines[index] for name, index in lines.items() if rows.lines},
        tuple(shares_off(table, rows)),
        table.titles,
    )


def _with_zeros(header: Header, rows: TableRows) -> TableRows:
    """The same with zero for « néant » where the row's other figures leave nothing for it; elsewhere it stays."""
    whole, *parts = (header.at.get(column, -1) for column in ("votes_found", "blank", "null", "valid"))
    if min(whole, *parts) < 0:
        return rows
    cells, quiet = [strip(rows.columns[at]) for at in parts], rows.with_problems(Problems(""))
    nothing = [each.marks(_NOTHING.__contains__) for each in cells]
    counts = [np.where(none, 0, quiet.counts(at)) for none, at in zip(nothing, parts, strict=True)]
    right = np.all([count >= 0 for count in counts], axis=0) & (np.sum(counts, axis=0) == quiet.counts(whole))
    changed = list(rows.columns)
    for at, each, none in zip(parts, cells, nothing, strict=True):
        changed[at] = Coded((*each.labels, "0"), np.where(none & right, len(each.labels), each.codes))
    return replace(rows, columns=changed)


def _extra(table: AuditorTable) -> Iterator[tuple[str, int]]:
    """The columns that are not read, each by its header; of two of one name the first."""
    extra: dict[str, int] = {}
    for index in table.header.unread():
        name = table.header.shown(index)
        if index not in table.choices:
            hour = headers.hour_of(name)
            extra.setdefault(name if hour is None else f"emargements_{hour:02}h", index)
    yield from extra.items()


def _no_choices(labels: Sequence[str], known: Sequence[str]) -> tuple[dict[str, str], set[str]]:
    """The labels that are no choices, each with its count or `LEFT_OUT`; and those that say a count again.

    « Votants » beside both counts of voters is one of the latter.
    """
    different = list(filter(None, labels))
    listed = choice_names.match(different, list(known))
    unlisted = [label for label, choice in zip(different, listed, strict=True) if choice is None]
    counts = headers.read(unlisted).at
    rubrics = {unlisted[index]: column for column, index in counts.items() if column in VOTERS}
    again = {label for label in unlisted if headers.meaning_of(label) is not None} - rubrics.keys()
    left = {label for label in unlisted if has_word(label, NO_CHOICES)}
    left |= {label for label in different if names_total(label) or headers.is_other(label)}
    return dict.fromkeys(left | again, LEFT_OUT) | rubrics, again


def _quantities(named: Coded, totals: Bools, meant: Mapping[str, str]) -> Coded:
    """The count that each row is: « Inscrits », « Blancs » in the place of a choice; a total without one is none."""
    found = merge_labels([*(meant.get(label, "") for label in named.labels), LEFT_OUT], named.codes)
    nameless = totals & ~named.marks(bool)
    return Coded(found.labels, np.where(nameless, found.labels.index(LEFT_OUT), found.codes))


def _check_again(rows: TableRows, figures: StationFigures, votes: int, named: Coded, again: set[str]) -> None:
    """Report a count that is said again, and is none of the others of its bureau."""
    own = np.flatnonzero(named.marks(again.__contains__))
    for index, count in zip(own.tolist(), rows.take(own).counts(votes).tolist(), strict=True):
        stated = [values[figures.unit[index]] for name, values in figures.counts.items() if name in VOTERS]
        if count not in (BLANK, *stated):
            label, expected = named.at(index)[:80], msg("one of the other counts of this bureau")
            rows.problems.add(int(rows.row[index]), label, expected, str(count))


def columns_of_results(found: Published) -> TableColumns:
    """Published results as a table, of which nobody needs to know what its rows were."""
    every, texts = np.arange(len(found.row)), {name: Coded(*encode(cells)) for name, cells in texts_of(found).items()}
    votes = found.vote_unit, found.vote_label, found.votes, found.panel, found.labels
    figures, rows = (
        StationFigures(every, every, found.counts, *votes),
        TableRows((), found.row, (), Problems(found.file)),
    )
    return TableColumns(rows, texts, {}, (), 0, texts[_POLL], figures, np.zeros(len(every), np.bool_), {}, (), ())


def sheet_of(columns: TableColumns, table: night.NightTable, piece: Piece, size: int, *, is_first: bool) -> Sheet:
    """The rows of a table as one of a night.

    Args:
        columns: of the table.
        table: what it is used as.
        piece: where it was found.
        size: bytes of the file that are this table's share, which bound what it takes.
        is_first: whether it is the first of several things that the table is used as: the others have no wrong
            percentages again, and but for votes no rows that sum up others.
    """
    votes, rows, figures = table is night.VOTES, columns.rows, columns.figures
    if votes:
        pick = figures.row
        lines = np.array([columns.lines.get(label, 0) for label in (*figures.labels, "")], np.int64)
        row = np.where(lines[figures.label] > 0, lines[figures.label], rows.row[pick])
    else:
        kept = is_first | ~columns.totals[figures.head]
        pick = figures.head[kept]
        row = rows.row[pick]
    # a row has many votes: of its texts only those that say where it stands are written beside each of them
    cells = {name: each for name, each in columns.extra.items() if not votes or headers.is_page(name)}
    further = list(cells)
    cells |= {name: each for name, each in columns.texts.items() if not votes or name != "observations"}
    cells = {name: _some(each, pick) for name, each in cells.items()}
    counts, lined = {"votes": figures.votes}, dict[str, Ints]()
    if votes:
        cells["choix"] = Coded(figures.labels, figures.label)
    else:
        counted = [each.key for each in (*table.columns, *table.further) if each.content is not Content.TEXT]
        stated = {name: figures.counts[name][kept] for name in counted if name in figures.counts}
        counts = {name: stated.get(name, np.full(len(pick), MISSING, np.int64)) for name in counted}
        lined = {name: np.full(len(pick), columns.lines[name], np.int64) for name in stated if columns.lines}
    unread = Problems(piece.file)
    done = text_columns(cells, bounds.memory(size) // 8, row, unread)  # for each of the two that a file can be
    extra = {name: done[name] for name in further if name not in columns.texts}
    entry = np.full(len(figures.head), -1, np.int64)
    entry[figures.unit[pick[::-1]]] = np.arange(len(pick))[::-1]
    wrong = (
        replace(off, unit=int(entry[figures.unit[off.unit]]), place=piece.place(int(rows.row[off.unit])))
        for off in (columns.shares if is_first else ())
        if not columns.totals[off.unit]
    )
    return Sheet(
        piece.file,
        row,
        TextColumns({name: values for name, values in done.items() if name not in extra}),
        counts,
        TextColumns(extra),
        unread.all(),
        (piece,),
        lines=lined,
        shares=tuple(off for off in wrong if off.unit >= 0),
    )


def _some(column: Coded, rows: Ints) -> Coded:
    """Some rows of a column, with the texts that they have."""
    used, codes = np.unique(column.codes[rows], return_inverse=True)
    return Coded(tuple(column.labels[code] for code in used.tolist()), codes)


_REGISTERED, _FOUND, _VALID, _VOTES = Quantity.REGISTERED, Quantity.VOTES_FOUND, Quantity.VALID, Quantity.VOTES
_TURNOUT = frozenset(("participation", "turnout"))
"""Words for the share of those who voted, beside whatever column they stand."""
_SMALL = NOISE.union(("en", "sur", "par", "rapport", "aux", "rate", "share", "bulletins"))
_BELOW = (_VALID, _FOUND, _REGISTERED)
"""Counts that others are shares of, the most probable first."""
_RANK: dict[str, int] = {_REGISTERED: 0, _FOUND: 1, Quantity.SIGNATURES: 1, Quantity.ABSTENTIONS: 1, _VOTES: 3}
"""A count is a share of those of a smaller rank; all others have 2."""
_OTHERS = 2
_SHARED = frozenset((_REGISTERED, Quantity.ABSTENTIONS, Quantity.BLANK, Quantity.NULL, _VALID, _VOTES))
_NUMBER = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,30}))?\s*%?")
_SMALL_NUMBER = re.compile(r"[0-9](?:[.,][0-9]{1,18})?[eE]-(?:0?[1-9]|1[0-9])")
"""As programs write less than a ten thousandth: 8.787e-05."""
_DIGITS = 6
"""Decimals that are looked at; a spreadsheet's own numbers have 17, and zeros before them."""


def shares_off(table: AuditorTable, rows: TableRows) -> Iterator[Flaw]:
    """The percentages of a table that are not the ratio of its counts in some rows of it, each with its row."""
    if not any(is_share(cell) or _is_turnout(cell) for cell in table.header.cells):
        return
    rows = rows.with_problems(Problems(""))  # which are reported where the counts are read
    counted = [name for name in (*COUNTS, *([_VOTES] if table.header.names_choices else [])) if table.has(name)]
    figures = {str(name): rows.counts(table.header.at[name]) for name in counted}
    if Quantity.SIGNATURES in figures:
        figures.setdefault(_FOUND, figures[Quantity.SIGNATURES])
    if {_REGISTERED, _FOUND} <= figures.keys():
        registered, found = figures[_REGISTERED], figures[_FOUND]
        known = (registered >= 0) & (found >= 0)
        figures.setdefault(Quantity.ABSTENTIONS, np.where(known, registered - found, MISSING))
    for at, before in _share_columns(table):
        cells = strip(rows.columns[at])
        stated, digits, cut = np.array(list(map(_units, cells.labels)), np.int64).reshape(-1, 3)[cells.codes].T
        ratios = list(_ratios(table, table.header.cells[at], before, figures))
        fits = []
        for of, below in ratios:
            above, whole = figures[of] if isinstance(of, str) else rows.counts(of), figures[below]
            known = cells.marks(bool) & (above >= 0) & (whole >= 0)
            for scaled in (100 * above, above):  # percentages, or fractions
                right = known & is_share_of(stated, digits, scaled, whole, cut)
                fits += [_Fit(of, scaled, whole, known, right)] if known.any() else []
        best = max(fits, key=lambda fit: int(fit.right.sum()), default=None)  # the first of those that fit as well
        said = any(map(str.isalpha, without_share(table.header.cells[at])))  # « % » alone is of any count
        if best is None or ((len(ratios) > 1 or not said) and int(best.right.sum()) * 2 < int(best.known.sum())):
            continue
        for row in np.flatnonzero(best.known & ~best.right).tolist():
            share = int(stated[row]), int(digits[row])
            kind, due = judge_share(*share, int(best.above[row]), int(best.below[row]))
            written = cells.at(row)[:40]
            yield Flaw("T307", row, _named(table, at, best.of), written, due, kind)


def _named(table: AuditorTable, at: int, of: str | int) -> str:
    """The header of a column of shares, with the choice that it is of where it does not name it."""
    header = table.header.shown(at)
    label = table.choices[of] if isinstance(of, int) else ""
    words = set(re.findall(r"\w+", without_accents(header)))
    return f"{label} {header}" if words.isdisjoint(re.findall(r"\w+", without_accents(label))) and label else header


def _share_columns(table: AuditorTable) -> Iterator[tuple[int, str | int]]:
    """The columns of shares, each with the count left of it, or the column of a choice."""
    meaning = {index: name for name, index in table.header.at.items()}
    before: str | int = ""
    for at, cell in enumerate(table.header.cells):
        if at in table.choices:
            before = at
        elif at in meaning:
            before = meaning[at]
        elif (is_share(cell) or _is_turnout(cell)) and not any(map(str.isdigit, cell)):
            yield at, before


def _is_turnout(cell: str) -> bool:
    return without_accents(cell).strip() in _TURNOUT


def _ratios(
    table: AuditorTable, cell: str, before: str | int, counted: Collection[str]
) -> Iterator[tuple[str | int, str]]:
    """The ratios that a header can mean: the count above, or the column of a choice, and the count below."""
    words = [word for word in re.findall(r"[^\W_]+", without_accents(without_share(cell))) if word not in _SMALL]
    meant = set(map(_meaning_of, words))
    choice = None
    if "" in meant:
        columns = sorted(table.choices)
        [named] = match([re.split("[%(]", cell)[0]], [table.choices[at] for at in columns])
        if named is None:
            return
        choice = columns[named]
    wholes = {_REGISTERED} if not _TURNOUT.isdisjoint(words) else set(_BELOW)
    aboves: list[str | int] = [*counted, *([before] if isinstance(before, int) else [])]
    for above in aboves if choice is None else [choice]:
        kind = _VOTES if isinstance(above, int) else above
        for below in _BELOW:
            if below not in wholes & set(counted) or _RANK.get(kind, _OTHERS) <= _RANK.get(below, _OTHERS):
                continue
            said = {"", below} if choice is not None else {kind, below}
            beside = choice is not None or above == before or kind in meant or meant == {_REGISTERED}
            if meant <= said and beside:
                yield above, below


def _meaning_of(word: str) -> str:
    """The count that a word in the header of a share names, empty for none."""
    meant = _VOTES if word == _VOTES else headers.meaning_of(word) or ""
    if meant == headers.VOTANTS or word in _TURNOUT:
        return _FOUND
    return meant if meant in _SHARED else ""


@dataclass(frozen=True, slots=True)
class _Fit:
    """Fit of a column to a ratio.

    Attributes:
        of: what is above: a count, or the column of a choice.
        above, below: both counts of each row; of percentages a hundred times what is above.
        known: where both are known, and there is a share.
        right: where that is the ratio.
    """

    of: str | int
    above: Ints
    below: Ints
    known: Bools
    right: Bools


def _units(cell: str) -> tuple[int, int, int]:
    """A share in units of its last decimal that is looked at, how many decimals these are, and whether some are cut."""
    if _SMALL_NUMBER.fullmatch(cell):
        cell = f"{Decimal(cell.replace(',', '.')):f}"
    found = _NUMBER.fullmatch(cell)
    if found is None:
        return -1, 2, 0
    decimals = found[2] or ""
    return int(found[1] + decimals[:_DIGITS]), min(len(decimals), _DIGITS), int(len(decimals) > _DIGITS)
