"""A PV that is filled in as a form, what is counted left of how many, on a sheet or in a file for each bureau.

A form becomes a table of one row, whose header are its labels. The bureau is named on the form, or by the name of its
sheet or file. A form with a column for each bureau becomes a table with a row for each.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from protocol.errors import InputError
from protocol.words import msg
from verify.model.figures import UNREADABLE
from verify.model.universe import UNKNOWN, way_of_counting
from verify.read.cells import filled_in
from verify.read.counts import counts_in, parse_count
from verify.read.tables import headers
from verify.read.tables.grid import Grid, cell_at
from verify.read.tables.header_rows import HEAD
from verify.read.tables.kinds import named_central
from verify.read.tables.table import COUNTED, COUNTS, KEYS, OF_COMMUNES
from verify.read.totals import names_total

_MOST = 200
"""Rows of a form: what is longer is a table."""
_TITLES = 3
"""Cells of a title, at most, and rows above a form that may call it the centralising record."""
_WIDEST = 4
"""Counts in a row of a form, at most."""
_BUREAU = re.compile(
    r"(?:bureau(?:\s+de\s+vote)?|b\.?v\.?|polling station)[\s_-]*(?:n[°ºo]\.?|num[ée]ro)?\s*:?\s*([0-9]\w*)",
    re.IGNORECASE,
)
_AND_PLACE = re.compile(
    rf"(?:(?:proc[eè]s[- ]verbal|pv)\s+(?:du|de)\s+)?{_BUREAU.pattern}(?:\s*[-–—:(].*)?", re.IGNORECASE
)
"""The same in a title, with the name of the place behind it: « PV du bureau n° 1 – Hôtel de ville »."""
_OR_ORDINAL = rf"(?:{_BUREAU.pattern}|([0-9]+)\s*(?:er|e|[eè]me)\s+(?:bureau|b\.?v\.?)(?!\w))"
_AMONG_OTHERS = re.compile(rf"{_OR_ORDINAL}(?:\W.*)?", re.IGNORECASE)
"""The same beside others, where nothing has to stand between: « BV 2 Salle des fêtes », « 2e bureau »."""
_CODE = re.compile(r"[0-9]{1,4}\w?")
_ALONE = re.compile(r"(?:b\.?\s*)?([0-9]{1,4}\w?)", re.IGNORECASE)
"""A code over a column of a form: « 01 », « B1 »."""
_LINE = re.compile(rf"\W*(?:(?:pour|au|dans|le)\s+)*{_OR_ORDINAL}", re.IGNORECASE)
"""Beginning of a sentence on a bureau."""
_LABEL = 120
"""Characters of a sentence in which its bureau is named, or one of its counts."""
_NUMBERS = re.compile(r"(?<!\w)([0-9]+(?:[ \u202f\xa0][0-9]{3})*)(?!\w)")
_AROUND = re.compile(
    r"^.*(?:[:()]|\s[-–—]\s)(?=.*\w)|^\W+|\W+$|\W+(?:et|pour|contre|dont|and)\W*$|\W+(?:ont|sont) .*$", re.IGNORECASE
)
"""Around what is counted: « (École du Centre) : inscrits », « émargements et »."""
_LABELLED = re.compile(r"([^:]{2,80}?)\s*(?::|…|[._]{3})[.…_\s]*+(.++)")
_SHARE_BEHIND = re.compile(r"\([^()0-9]*[0-9]{1,3}(?:[.,] ?[0-9]{1,9})? ?%[^()0-9]*\)")
_SHARE = re.compile(r"%|[0-9][.,][0-9]")
_CLOCK = re.compile(r"[0-9]:[0-9]")


def form_of(grid: Grid) -> Grid | None:
    """The table that a form amounts to; None for what is no form of bureaux, sentences, or a row for each count."""
    if not 1 < len(grid.rows) <= _MOST:
        return _of_counts(grid)
    return _side_by_side(grid) or _of_sentences(grid) or _of_one_bureau(grid) or _of_counts(grid)


def refuse_form(grid: Grid) -> InputError | None:
    """Refuse a form of no bureau, such as one of a whole commune; None for others."""
    counts: Counter[str] = Counter()
    for label, value in (pair for row in grid.rows[:_MOST] for pair in _pairs(row)):
        meaning = headers.meaning_of(label)
        if meaning == "bureau" and any(map(str.isdigit, value)):
            return None
        counts[meaning or ""] += meaning in COUNTED and parse_count(value) >= 0
    several = len(+counts) > 1 and set((+counts).values()) == {1}
    return InputError(grid.shown, None, None, msg("a table of bureaux"), OF_COMMUNES) if several else None


def one_below_the_other(grid: Grid) -> list[Grid]:
    """The forms on one sheet, each with what stands above the first; none where not several are of a bureau each.

    That of a total is of no bureau, and nothing is read from it. Forms may stand side by side as well.
    """
    if beside := _beside(grid):
        return [form for strip in beside for form in one_below_the_other(strip) or [strip]]
    first = next((row for row in grid.rows[:HEAD] if _named_by(row) or "bureau" in map(headers.meaning_of, row)), None)
    if first is None or not _named_by(first):  # else it is the header of a table
        return []
    if len(grid.rows) > _MOST * _MOST or any(counts_in(row) > _WIDEST for row in grid.rows):
        return []
    named = [(at, code) for at, row in enumerate(grid.rows) if (code := _named_by(row))]
    begins = [at for number, (at, code) in enumerate(named) if number == 0 or named[number - 1][1] != code]
    found = []
    for begin, end in itertools.pairwise([*begins, len(grid.rows)]):
        rows = [*range(begins[0]), *range(begin, end)]
        called = " ".join(filled_in(grid.rows[begin])[:2])
        found.append(grid.part_of([grid.rows[at] for at in rows], [grid.numbers[at] for at in rows], called))
    of_bureaux = [part for part in found if not names_total(part.part)]
    return found if len(of_bureaux) > 1 and all(map(_of_one_bureau, of_bureaux)) else []


def _beside(grid: Grid) -> list[Grid]:
    """The strips of a sheet in which forms stand side by side, each with its labels below the name of a bureau."""
    for at, row in enumerate(grid.rows[:HEAD]):
        starts = [index for index, cell in enumerate(row) if _AND_PLACE.fullmatch(cell.strip())]
        below = grid.rows[at + 1 : at + 1 + _MOST]
        labels = ({headers.meaning_of(cell_at(each, start)) for each in below} & COUNTED for start in starts)
        if len(starts) > 1 and all(len(each) > 1 for each in labels):
            above, below = grid.rows[:at], grid.rows[at:]
            return [
                grid.part_of([*above, *(each[start:end] for each in below)], grid.numbers, row[start].strip())
                for start, end in zip(starts, [*starts[1:], None], strict=True)
            ]
    return []


def _named_by(row: list[str]) -> str:
    """The bureau, or the total, that a row of a form names with what follows; empty for neither."""
    filled = filled_in(row)
    if filled and names_total(filled[0]) and counts_in(filled[1:2]) == 0:
        return filled[0]
    named = (value for label, value in _pairs(row) if headers.meaning_of(label) == "bureau")
    return next((value for value in named if any(map(str.isdigit, value))), "")


def _side_by_side(grid: Grid) -> Grid | None:
    """A table with the columns of a form as its rows, all of which stand where the form names the bureaux."""
    for at, (row, number) in enumerate(zip(grid.rows, grid.numbers, strict=True)):
        below = grid.rows[at + 1 :]
        if (found := _bureaux_in(row, below) or _codes_alone(row, below)) is None:
            continue
        start, codes = found
        if COUNTED.isdisjoint(headers.meaning_of(cell_at(each, start)) for each in below):
            continue
        titles = len(_titles(grid))
        rows = [codes if index == at else each[start:] for index, each in enumerate(grid.rows)][titles:]
        rows = _without_shares(rows, at - titles)
        columns = [(list(column), number) for column in itertools.zip_longest(*rows, fillvalue="")]
        return _table(grid, columns, grid.numbers[titles:])
    return None


def _table(grid: Grid, rows: Sequence[tuple[list[str], int]], lines: Sequence[int] = ()) -> Grid:
    """The table that a form amounts to: rows and their numbers below its titles; ``lines`` as `Grid` has them."""
    cells, numbers = zip(*zip(_titles(grid), grid.numbers, strict=False), *rows, strict=True)
    return replace(grid.part_of(cells, numbers, grid.part, grid.round), padded=True, lines=tuple(lines))


def _titles(grid: Grid) -> list[list[str]]:
    """The rows above a form that are a few texts each, as the name of the commune and the election."""
    filled = map(filled_in, grid.rows)
    return list(itertools.takewhile(lambda row: 0 < len(row) <= _TITLES and _is_title(row), filled))


def _is_title(row: list[str]) -> bool:
    """Test whether a row of a form is neither a header nor a line of it."""
    if len(row) == 1:
        return not list(_pairs(row))
    known = any(headers.meaning_of(cell) or _AMONG_OTHERS.fullmatch(cell) or _ALONE.fullmatch(cell) for cell in row)
    return not (known or counts_in(row) or any(_fits(*pair) for pair in _pairs(row)))


def _bureaux_in(row: list[str], below: list[list[str]]) -> tuple[int, list[str]] | None:
    """The column of a form's labels and the row that names bureaux beside it: « Bureau », or nothing, and codes."""
    filled = [index for index, cell in enumerate(row) if cell.strip()]
    if len(filled) < 2:
        return None
    label = headers.meaning_of(row[filled[0]].strip(" :"))
    if label == "bureau" and len(filled) > 2:
        return filled[0], row[filled[0] :]
    coded = [match[1] or match[2] if (match := _AMONG_OTHERS.fullmatch(cell.strip())) else "" for cell in row]
    if label == "choix" and all(_CODE.fullmatch(row[index].strip()) for index in filled[1:]):
        return filled[0], ["Bureau", *row[filled[0] + 1 :]]
    named = [index for index in filled if coded[index]]
    others = [index for index in filled if index > min(named, default=0) and index not in named]
    if len({*coded} - {""}) < max(len(named), 2) or named[0] == 0:
        return None
    if not all(names_total(row[index]) or headers.is_share(row[index]) for index in others):
        return None
    counted = [{headers.meaning_of(cell_at(each, at)) for each in below} & COUNTED for at in range(named[0])]
    start = max(range(named[0]), key=lambda at: len(counted[at]))
    codes = [code or cell for code, cell in zip(coded, row, strict=True)]
    return start, ["Bureau", *codes[start + 1 :]]


def _codes_alone(row: list[str], below: list[list[str]]) -> tuple[int, list[str]] | None:
    """The same where nothing says what the codes are: 01 and others, 1, 2, 3 or B1, B2, with counts named below."""
    filled = [index for index, cell in enumerate(row) if cell.strip() and not names_total(cell)]
    found = [_ALONE.fullmatch(row[index].strip()) for index in filled]
    start = filled[0] - 1 if found and found[0] else min(filled, default=-1)  # a word may stand over the labels
    codes = [match[1] for match in found if match]
    if start < 0 or len(codes) < 2 or not all(found[filled[0] == start :]):
        return None
    counted = {headers.meaning_of(cell_at(each, start)) for each in below}
    in_order = codes == [str(number) for number in range(1, len(codes) + 1)]
    zeros = len(set(codes)) == len(codes) and codes[0].startswith("0")
    known = len(counted & COUNTED) > 1
    bare = [match[1] if (match := _ALONE.fullmatch(cell.strip())) else cell for cell in row[start + 1 :]]
    return (start, ["Bureau", *bare]) if known and (in_order or zeros) else None


def _without_shares(rows: list[list[str]], at: int) -> list[list[str]]:
    """The rows of a form without columns of percentages that stand right of a bureau's and are of it."""
    width = max(map(len, rows))
    shares = set()
    for column in range(1, width):
        cells = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
        code = rows[at][column].strip() if column < len(rows[at]) else ""
        if headers.is_share(code) or (not code and sum(map(bool, map(_SHARE.search, cells))) * 2 > len(cells) > 0):
            shares.add(column)
    return [[cell for column, cell in enumerate(row) if column not in shares] for row in rows]


def _of_sentences(grid: Grid) -> Grid | None:
    """A table of lines such as « Bureau 1 : 702 émargements, 703 votants », with no other figures between them."""
    lines = [_SHARE_BEHIND.sub("", ", ".join(filter(None, map(str.strip, row)))) for row in grid.rows]
    found = [_LINE.match(line[:_LABEL]) for line in lines]
    at = [index for index, match in enumerate(found) if match]
    if not at or any(_NUMBERS.search(lines[index]) for index in {*range(at[0], at[-1])} - {*at}):
        return None
    said = [
        (match[1] or match[2], _NUMBERS.split(line[match.end() :]), number)
        for match, line, number in zip(found, lines, grid.numbers, strict=True)
        if match
    ]
    for first in (0, 2):  # what is counted stands ahead of its number, or behind it
        read = [(code, _counts_in(parts, first), number) for code, parts, number in said]
        names = [list(counts) for _, counts, _ in read if counts]
        if len(names) < max(len(said), 2) or any(each != names[0] for each in names) or not COUNTED & {*names[0]}:
            continue
        header = ["Bureau", *(headers.wordings().whole[name][0] for name in names[0])]
        rows = [([code, *counts.values()], number) for code, counts, number in read]
        return _table(grid, [(header, said[0][2]), *rows])
    return None


def _counts_in(parts: list[str], first: int) -> dict[str, str]:
    """The counts of a line by their meaning; none where one means nothing, or two mean the same.

    Args:
        parts: what stands between its numbers, and these.
        first: of the parts that say what is counted.
    """
    meant = [headers.meaning_of(_AROUND.sub("", text[:_LABEL])) for text in parts[first : len(parts) - 1 + first : 2]]
    counts = {meaning: number for meaning, number in zip(meant, parts[1::2], strict=False) if meaning is not None}
    return counts if len(counts) == len(parts) // 2 else {}


def _of_counts(grid: Grid) -> Grid | None:
    """A table of rows such as « 12 ; Émargements ; 702 », under a header that names the column of the bureau."""
    at = next((at for at, row in enumerate(grid.rows[:HEAD]) if "bureau" in map(headers.meaning_of, row)), None)
    if at is None:
        return None
    head, body = grid.rows[at], grid.rows[at + 1 :]
    some = body[:_MOST]
    meant = {index: set(map(headers.meaning_of, {cell_at(row, index) for row in some})) for index in range(len(head))}
    label = max(meant, key=lambda index: len(meant[index] & COUNTED))
    others = (index for index in meant if index != label and headers.meaning_of(head[index]) not in KEYS)
    counted = [index for index in others if counts_in(cell_at(row, index) for row in some)]
    if len(counted) != 1:
        return None
    places = [index for index in meant if index not in (label, *counted)]
    forms: dict[tuple[str, ...], dict[str, str]] = {}
    labels: dict[str, str] = {}
    first: list[int] = []
    place: tuple[str, ...] = ()
    for row, number in zip(body, grid.numbers[at + 1 :], strict=True):
        named = tuple(cell_at(row, index) for index in places)
        place = named if any(map(str.strip, named)) else place  # named once, as in merged cells
        form = forms.setdefault(place, {})
        first += [] if form else [number]
        name = cell_at(row, label)
        name = labels.setdefault(headers.meaning_of(name) or name, name)
        if form.setdefault(name, value := cell_at(row, counted[0])) != value:
            return None  # said twice, and not the same
    if any(sum(headers.meaning_of(name) in COUNTED for name in form) < 2 for form in forms.values()):
        return None
    header = [*(head[index] for index in places), *labels.values()]
    rows = [[*named, *(form.get(name, "") for name in labels.values())] for named, form in forms.items()]
    return _table(grid, [(header, grid.numbers[at]), *zip(rows, first, strict=True)])


def _of_one_bureau(grid: Grid) -> Grid | None:
    values: list[tuple[str, str]] = []
    lines: list[int] = []
    said: dict[str, str] = {}
    first = grid.numbers[0]
    for row, number, pairs in _lines(grid):
        if len(pairs) == 1 and counts_in(row) > 1 and headers.meaning_of(pairs[0][0]) in COUNTS:
            return None  # one count, and several figures
        for label, value in pairs:
            if _fits(label, value) and said.setdefault(label, value) != value:
                return None  # said twice, and not the same: the rows are of several bureaux
            first = first if values else number
            if (label, value) not in values:
                values.append((label, value))
                lines.append(number)
    at = headers.read([label for label, _ in values], grid.asked).at
    if sum(column in at for column in COUNTS) < 2:
        return None
    if "bureau" not in at:
        titles = [cell for row in grid.rows[:_TITLES] for cell in filled_in(row)]
        central = named_central((grid.name, PurePath(grid.shown).stem, *titles))
        code = _code_in(grid.name) or _code_in(PurePath(grid.shown).stem) or ("Total" if central else None)
        if code is None:
            return None
        values, lines = [("Bureau", code), *values], [first, *lines]
    return _table(grid, [(list(row), first) for row in zip(*values, strict=True)], lines)


def _lines(grid: Grid) -> Iterator[tuple[list[str], int, list[tuple[str, str]]]]:
    """The rows of a form with their labels and values; of a row of labels alone the values are those below it."""
    over: dict[int, str] = {}
    for at, (row, number) in enumerate(zip(grid.rows, grid.numbers, strict=True)):
        if over:
            yield row, number, [(label, cell_at(row, index)) for index, label in over.items()]
            over = {}
            continue
        labels = {index: cell for index, cell in enumerate(row) if headers.meaning_of(cell) in COUNTED}
        below, after = ([cell_at(each, index) for index in labels] for each in [*grid.rows[at + 1 :], [], []][:2])
        if not counts_in(row) and len(labels) > 1 and counts_in(below) > 1 and not counts_in(after):
            over = {index: cell for index, cell in enumerate(row) if cell.strip()}
        else:
            yield row, number, list(_pairs(row))


def _pairs(row: list[str]) -> Iterator[tuple[str, str]]:
    """Labels and values of a row: a known label with whatever stands right of it, an unknown one with a count.

    An unknown one with a text as well, unless a count stands left of it, which the text may be of: nobody understands
    that line, and it is named.
    """
    cells = filled_in(row)
    counted = False
    while cells:
        cell = cells.pop(0)
        if match := _AND_PLACE.fullmatch(cell):
            yield "Bureau", match[1]
            continue
        label, value = cell.rstrip(" :"), cells[0] if cells else ""
        match = None if _CLOCK.search(cell) else _LABELLED.fullmatch(cell)
        if match and (_fits(match[1], match[2]) or not (counted or _fits(label, value))):
            label, value = match[1], match[2]
        elif value and (_fits(label, value) or not (counted or _is_label(value))):
            del cells[0]
        else:  # a name of what stands right of it, such as « Nom du bureau »
            continue
        counted = counted or parse_count(value) != UNREADABLE
        if parse_count(label) == UNREADABLE:
            yield label, value


def _fits(label: str, value: str) -> bool:
    """Test whether a label has a value beside it: a place, a remark, or a count, also one that nobody can read."""
    if parse_count(label) != UNREADABLE:
        return False
    meaning = headers.meaning_of(label)
    known = meaning in {*KEYS, "observations", *COUNTED}
    return known or parse_count(value) != UNREADABLE or way_of_counting(value) != UNKNOWN


def _is_label(text: str) -> bool:
    """Test whether a text is known to stand left of a value, and so is none itself."""
    return headers.meaning_of(text) is not None or any(form.fullmatch(text) for form in (_AND_PLACE, _LABELLED))


def _code_in(name: str) -> str | None:
    """The code of the bureau that a sheet or a file is called after."""
    if match := _BUREAU.search(name):
        return match[1]
    return name.strip() if _CODE.fullmatch(name.strip()) else None
