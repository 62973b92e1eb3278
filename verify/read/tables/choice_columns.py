"""Columns and lines of an auditor's table that hold the votes of one choice each, and the name of that choice."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial

from protocol.quantities import VOTERS, Quantity
from protocol.words import msg
from verify.model import contests as choice_names
from verify.model.figures import BLANK
from verify.model.identity import is_stated
from verify.read.counts import parse_count
from verify.read.rows import Problems
from verify.read.tables import headers
from verify.read.tables.headers import DOUBTFUL, NAMES, NO_CHOICES, PERSONS, Header, has_word, key, wordings

_NUMBERED = re.compile(r"[\s_]*[0-9]{1,2}\s*$")
_OF_ONE = re.compile(r"(?<=\w)(?:[\s_]+(?:de|du|la|liste|candidat|cand|binome))+$", re.IGNORECASE)
"""Words that may follow in the header of a block's votes: « nb_voix_liste_1 », « Voix du candidat 1 »."""
_LONGEST = 200
_SHORT = 3
"""Letters of a header that may shorten a count nobody knows: « Vts »."""
_VOTES_OF = re.compile(
    r"^\s*(?:(?:nbr?e?\.?|nombre[\s_]+de)[\s_]*)?(?:voix|suffrages)(?:[\s_]+(?:obtenu|recueilli)e?s)?[\s_]*(?:de|pour|par|:|-)?[\s_]+"
    r"|[\s_]*(?:[(:–-][\s_]*|[\s_])(?:(?:nbr?e?\.?|nombre[\s_]+de)[\s_]*)?(?:voix|votes)\s*\)?\s*$",
    re.IGNORECASE,
)
"""Words before or behind the name of a choice over its votes: « Nb voix ZOLA », « ZOLA (voix) »."""
_RUN_TOGETHER = re.compile(r"^(?:nbr?)?[Vv]oix(?=[A-ZÀ-Þ])")
"""« Voix » and a name written as one word: « nbVoixZOLA »."""
_WORD = re.compile(r"[^\W\d_]+")
_SAYS_VOTES = re.compile(r"\b(?:voix|suffrages|votes (?:by|for|par|pour))\b", re.IGNORECASE)
_TOTAL = re.compile(r"\W*(?:(?:grand|sous)[- ]?)?tota(?:l|ux)\b", re.IGNORECASE)


def only_votes(header: Header, said: Iterable[str]) -> bool:
    """Tell that a table has votes by choice and no other count: names stand over its columns, or it says so.

    Args:
        header: of the table.
        said: its titles, and the names of its sheet and file.
    """
    others = {header.cells[at] for at in header.unread() if not headers.is_other(header.cells[at])} - {""}
    if len(others) < 2 or not header.at.keys().isdisjoint(headers.OF_VOTERS):
        return False
    return any(map(_SAYS_VOTES.search, said)) or all(_like_names(header, [each]) for each in others)


def choice_columns(
    header: Header, rows: list[list[str]], known: Sequence[str], *, votes: bool = False
) -> dict[int, str]:
    """Columns of votes: those whose header is a known choice, and those right of all counts that hold counts.

    Args:
        header: of the table.
        rows: below it.
        known: the choices that are known, empty where there is no list of them.
        votes: the table has no other counts (`only_votes`).
    """
    at = [header.at[column] for column in VOTERS if column in header.at]
    last = -1 if votes else max(at, default=len(header.cells))
    labels = {index: _without(_VOTES_OF, header.cells[index]).strip() for index in header.unread()}
    listed = dict(zip(labels, choice_names.match(list(labels.values()), list(known)), strict=True))
    totals = [index for index, label in labels.items() if _TOTAL.match(label)]
    chosen: dict[int, str] = {}
    left: dict[int, str] = {}
    for index, label in labels.items():
        known_column = headers.meaning_of(header.cells[index]) is not None and listed[index] is None
        # « Total des listes » is a sum, but « Total ZOLA » stands beside another
        if listed[index] is None and (totals == [index] or has_word(label, NO_CHOICES)):
            continue
        cell = header.cells[index]
        if headers.is_other(cell) or is_stated(cell) or _is_count(cell) or known_column or not label:
            continue
        read = [parse_count(row[index]) for row in rows]
        filled = sum(count != BLANK for count in read)
        counts = sum(count >= 0 for count in read)
        if counts * 2 >= filled > 0:
            right = index > last and not has_word(label, DOUBTFUL)
            (chosen if listed[index] is not None or right else left)[index] = label
    supposed = [index for index in chosen if listed[index] is None]
    if left and _add_up(header, rows, [*left, *chosen]):
        return dict(sorted({**left, **chosen}.items()))
    if len(chosen) == len(supposed) == 1 and not _like_names(header, chosen.values()):
        return chosen if _add_up(header, rows, list(chosen)) else {}  # one figure that nobody understands
    # without those at the end, or one: « Compté par » has numbers too
    others = [[], *(supposed[end:] for end in range(len(supposed) - 1, 0, -1)), *([index] for index in supposed)]
    fewer = ({index: label for index, label in chosen.items() if index not in some} for some in others)
    found = next((each for each in fewer if len(each) > 1 and _add_up(header, rows, list(each))), chosen)
    named = {index: label for index, label in found.items() if index not in supposed or len(label.strip(" .")) > _SHORT}
    others_too = 0 < len(named) < len(found) and _beyond_registered(header, rows, list(found))
    return named if others_too and not _beyond_registered(header, rows, list(named)) else found


def _beyond_registered(header: Header, rows: Sequence[Sequence[str]], columns: Sequence[int]) -> bool:
    """Test whether columns add up to more than the registered voters in most rows: not all are votes of choices."""
    at = header.at.get(Quantity.REGISTERED, -1)
    stated = [row for row in rows if at >= 0 and parse_count(row[at]) > 0]
    beyond = [sum(max(parse_count(row[each]), 0) for each in columns) > parse_count(row[at]) for row in stated]
    return sum(beyond) * 2 > len(stated)


def _is_count(cell: str) -> bool:
    """Test whether a header is that of a count with a number behind it, or added to others: « Exprimés + B + N »."""
    first, *others = re.split("[+=]", cell[:_LONGEST])
    alone = first if others else _without(_NUMBERED, cell)
    several = bool(others) or _NUMBERED.search(cell[:_LONGEST]) is not None
    return several and headers.meaning_of(alone) in headers.OF_VOTERS


def _like_names(header: Header, labels: Iterable[str]) -> bool:
    """Test whether labels are written like names of people: a word in capitals, where not all headers are."""
    written = [cell for cell in header.cells if any(map(str.isalpha, cell))]
    if all(cell == cell.upper() for cell in written):
        return False
    return any(len(word) > 1 and word.isupper() for label in labels for word in _WORD.findall(label))


def _add_up(header: Header, rows: Sequence[Sequence[str]], columns: Sequence[int]) -> bool:
    """Tell that some columns add up to the valid votes, in most rows that have these.

    Only then are columns left of the counts, that no list of choices names, votes of choices. Where no column is of
    valid votes, they are the votes found without the blank and null ones, if there is a column of blank ones.
    """
    at = header.at
    if "valid" not in at and not {"votes_found", "blank"} <= at.keys():
        return False
    whole, without = (at["valid"], ()) if "valid" in at else (at["votes_found"], ("blank", "null"))
    parts = [at[name] for name in without if name in at]
    stated = [(parse_count(row[whole]) - sum(max(parse_count(row[part]), 0) for part in parts), row) for row in rows]
    same = [sum(max(parse_count(row[at]), 0) for at in columns) == count for count, row in stated if count > 0]
    return sum(same) * 2 > len(same)


def _without(pattern: re.Pattern[str], cell: str) -> str:
    """A header without what stands beside its name; one that is longer than any stays, as it would take too long."""
    text = " ".join(cell.split())
    return pattern.sub("", _RUN_TOGETHER.sub("Voix ", text)) if len(text) <= _LONGEST else text


def names_of_blocks(header: Header) -> dict[int, tuple[int, ...]]:
    """The columns that name the choice of each column of votes, where there is such a block again and again.

    « Candidat 1 », « Voix 1 », « Candidat 2 »…, or the same without numbers: the names stand in the rows. Nothing where
    a column of votes has none.
    """
    bare = [_without(_NUMBERED, cell) for cell in header.cells]
    voted = [index for index, cell in enumerate(bare) if headers.meaning_of(_without(_OF_ONE, cell)) == "votes"]
    ahead = [_names_among(bare, range(before + 1, at)) for before, at in zip([-1, *voted], voted, strict=False)]
    behind = [_names_among(bare, range(at + 1, end)) for at, end in zip(voted, [*voted[1:], len(bare)], strict=False)]
    named = ahead if ahead[:1] != [()] else behind
    return dict(zip(voted, named, strict=True)) if len(voted) > 1 and all(named) else {}


def _names_among(bare: list[str], columns: range) -> tuple[int, ...]:
    """Those of some columns that name a choice: its surname and first name, else the first that does."""
    person = tuple(at for at in columns if key(bare[at]) in wordings().kinds[PERSONS])
    named = (
        at for at in columns if key(bare[at]) in wordings().kinds[NAMES] or headers.meaning_of(bare[at]) == "choix"
    )
    return person or tuple(named)[:1]


def in_blocks(header: Header, rows: list[list[str]], names: dict[int, tuple[int, ...]]) -> dict[int, str]:
    """Name the column of votes of each block: its choice, or its own header where that differs by row."""
    chosen: dict[int, str] = {}
    for index, columns in names.items():
        called = set(map(partial(name_in, columns=columns), rows)) - {""}
        chosen[index] = called.pop() if len(called) == 1 else " ".join(header.cells[index].split())
    return chosen


def name_in(row: list[str], columns: tuple[int, ...]) -> str:
    """The choice of a block in one row, empty where it has none there."""
    return " ".join(filter(None, (row[at].strip() for at in columns)))


def each_once(number: int, header: Header, choices: dict[int, str], problems: Problems) -> dict[int, str]:
    """Choices less the headers that stand over several columns, as in blocks of name and votes: they name nobody."""
    times = Counter(choices.values())
    voted = [cell.strip() for cell in header.cells if headers.meaning_of(cell) == "votes"]
    for label, count in (*times.items(), *((label, len(voted)) for label in voted[:1])):
        if count > 1:
            expected = msg("the name of a choice over each column of votes")
            problems.add(number, label[:80], expected, msg("{count} columns of this name", count=count))
    return {index: label for index, label in choices.items() if times[label] == 1}


def together(chosen: dict[int, str], header: Header, rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Of the lines of a form that may be choices, those that are: the longest run that adds up to the valid votes.

    Where none does, as in a PV with an error of arithmetic, it is the longest run of lines without another between.

    Args:
        chosen: by the place of the line in the form, what may be a choice.
        header: of the form.
        rows: the figures of each bureau, by the place of their lines.
    """
    runs: list[list[int]] = []
    for at in sorted(chosen):
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    parts = [run[start:end] for run in runs for start, end in itertools.combinations(range(len(run) + 1), 2)]
    parts.sort(key=len, reverse=True)
    best = next((part for part in parts if _add_up(header, rows, part)), None)
    best = best or max(runs, key=len, default=[])
    return {at: chosen[at] for at in best}
