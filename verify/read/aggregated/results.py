"""One election out of both tables: its bureaux with their counts, the votes of each choice, and both as results."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from protocol.errors import InputError
from protocol.insee import departements_of
from protocol.quantities import Quantity
from protocol.words import cited, msg
from verify.model.bureau_codes import Coded, texts_of
from verify.model.figures import BLANK, UNREADABLE, Bools, Ints, Shares, Texts, absent, sum_groups
from verify.model.identity import StatedElection
from verify.model.published import COUNTS, Flaw, Level, Published, VotePlaces
from verify.read.aggregated.columns import (
    CANTON,
    COMMUNE,
    CONSTITUENCY,
    DEPARTMENT,
    ID,
    NAMES,
    PANEL,
    PLACES,
    RATIOS,
    SHARES,
)
from verify.read.aggregated.columns import COUNTS as COUNTED
from verify.read.aggregated.elections import (
    BY_CANTON,
    LISTS_EVERYWHERE,
    MUNICIPAL,
    SENATE,
    ElectionLabels,
    known_bureaux,
)
from verify.read.aggregated.sources import AggregatedFile, ElectionPiece, by_different, codes_of, texts_and_codes
from verify.read.arrow_arrays import absent_in, fill
from verify.read.counts import MAX_COUNT
from verify.read.published.cells import CODE_LIMIT, NAME_LIMIT, Report, judge_counts
from verify.read.published.codes import constituency_code, department_code, insee_code
from verify.read.rows import Problems

_SHARE = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,9})?)\s*%?", re.ASCII)


def counts(column: Any, report: Report) -> Ints:
    """Counts of a column, shape ``(n,)``: a number, `BLANK` for none, `UNREADABLE` (reported) for what is no count."""
    import pyarrow as pa

    if pa.types.is_integer(column.type):
        return _of_integers(column, report)
    texts, codes = texts_and_codes(column)
    return judge_counts(Coded((*texts, ""), codes), report)  # the last one for none


def _of_integers(column: Any, report: Report) -> Ints:
    blank, numbers = absent_in(column), fill(column, 0)
    found: Ints = numbers.astype(np.int64)
    if int(numbers.min(initial=0)) < 0 or int(numbers.max(initial=0)) > MAX_COUNT:
        wrong = (found < 0) | (found > MAX_COUNT)
        for at in np.flatnonzero(wrong).tolist():
            report(at, msg("a count"), f"{found[at]}")
        found[wrong] = UNREADABLE
    if blank is not None:
        found[blank] = BLANK
    return found


def shares(column: Any, report: Report) -> Shares:
    """Percentages of a column, shape ``(n,)``; not a number for none, or (reported) for what is no percentage."""
    import pyarrow as pa

    if pa.types.is_floating(column.type) or pa.types.is_null(column.type):
        return fill(column.cast(pa.float32()), np.nan)
    texts, codes = texts_and_codes(column)
    values = np.array([*map(_share, texts), np.nan], np.float32)
    found: Shares = values[codes]
    unread = np.array([*(bool(text.strip()) for text in texts), False], np.bool_) & np.isnan(values)
    if unread.any():
        for at in np.flatnonzero(unread[codes]).tolist():
            report(at, msg("a percentage"), cited(texts[codes[at]]))
    return found


def _share(text: str) -> float:
    found = _SHARE.fullmatch(text.strip())
    return float("nan") if found is None else float(found[1].replace(",", "."))


_ROW, _UNIT, _LABEL = "row", "unit", "label"
"""Columns that are none of the file."""


@dataclass(frozen=True, slots=True)
class ElectionBureaux:
    """The bureaux of an election.

    Attributes:
        rows: their rows in the file, shape ``(n,)``.
        ids: ``01001_0001``, Arrow's texts.
        counts: by quantity, those that the table has, shape ``(n,)``.
        ratios: percentages as numbers, by count, shape ``(n,)``.
        places: by what it is, those that the table has.
        twice: which of them have an id that another one has as well.
    """

    rows: Ints
    ids: Any
    counts: dict[str, Ints]
    ratios: dict[str, Shares]
    places: dict[str, Coded]
    twice: Bools


def bureaux_of(table: AggregatedFile, election: str, problems: Problems) -> ElectionBureaux:
    """The bureaux of an election by the table of counts.

    Raises:
        InputError: the file is damaged.
    """
    import pyarrow as pa

    gathered = defaultdict[str, list[Any]](list)
    names = table.header.names
    counted, ratios, places = ([name for name in each if name in names] for each in (COUNTED, RATIOS, PLACES))
    for piece in table.pieces(election):
        gathered[_ROW].append(piece.rows)
        own = by_different(piece.columns[ID]).dictionary_decode()
        gathered[ID].append(own.fill_null("") if own.null_count else own)
        for of, read in ((counted, counts), (ratios, shares)):
            for name in of:
                gathered[name].append(read(piece.columns[name], reporting(problems, piece, names[name])))
        for place in places:
            gathered[place].append(piece.columns[place])
    whole = pa.concat_arrays(gathered.pop(ID))
    rows = np.concatenate(gathered.pop(_ROW))
    twice = _twice(whole)
    for at in np.flatnonzero(twice).tolist():
        got = msg("{place} again", place=whole[at].as_py())
        problems.add(int(rows[at]), names[ID], msg("each bureau once"), got)
    return ElectionBureaux(
        rows,
        whole,
        {name: np.concatenate(gathered.pop(name)) for name in counted},
        {name: np.concatenate(gathered.pop(name)) for name in ratios},
        {place: _code(gathered.pop(place)) for place in places},
        twice,
    )


def _twice(ids: Any) -> Bools:
    """Find the ids that are there more than once."""
    codes = codes_of(ids.dictionary_encode())
    return np.asarray(np.bincount(codes)[codes] > 1)


def _code(columns: Sequence[Any]) -> Coded:
    import pyarrow as pa

    array = pa.chunked_array(list(map(by_different, columns))).unify_dictionaries().combine_chunks()
    labels = tuple((text or "").strip() for text in array.dictionary.to_pylist())
    return Coded((*labels, ""), codes_of(array))  # the last one for none


def reporting(problems: Problems, piece: ElectionPiece, column: str) -> Report:
    """Make the function that reports a bad cell of a piece."""
    return lambda at, expected, got: problems.add(int(piece.rows[at]), column, expected, got)


def bureaux_named(table: AggregatedFile, election: str) -> ElectionBureaux:
    """The bureaux that the table of votes names, where there is no other: without any count.

    Raises:
        InputError: the file is damaged.
    """
    import pyarrow as pa

    found: dict[str, int] = {}
    for piece in table.pieces(election):
        coded = by_different(piece.columns[ID])
        codes, first = np.unique(codes_of(coded), return_index=True)
        for at in np.argsort(first).tolist():
            text = coded.dictionary[int(codes[at])].as_py() if codes[at] >= 0 else ""
            found.setdefault(text or "", int(piece.rows[first[at]]))
    ids = pa.array(list(found), pa.string())
    rows = np.array(list(found.values()), np.int64)
    return ElectionBureaux(rows, ids, {}, {}, {}, np.zeros(len(rows), np.bool_))


def _gather_votes(
    table: AggregatedFile, election: str, bureaux: ElectionBureaux, labels: ElectionLabels, problems: Problems
) -> dict[str, Any]:
    """The votes of an election by the table of votes, each with its row and its bureau, column by column.

    Those of a bureau that the other table has not, or has twice, are told and left out.

    Raises:
        InputError: the file is damaged.
    """
    gathered = defaultdict[str, list[Any]](list)
    names = table.header.names
    start = 0
    for piece in table.pieces(election):
        unit, start = units(piece.columns[ID], bureaux, start)
        kept: Any = slice(None)
        if len(unit) and int(unit.min()) < 0:
            kept = unit >= 0
            _strangers(piece, unit, names[ID], problems)
        panel = np.zeros(len(unit), np.int64)
        if PANEL in names:
            panel = np.maximum(counts(piece.columns[PANEL], reporting(problems, piece, names[PANEL])), 0)
        votes = Quantity.VOTES
        found: dict[str, Any] = {
            _ROW: piece.rows,
            _UNIT: unit,
            votes: counts(piece.columns[votes], reporting(problems, piece, names[votes])),
            PANEL: panel,
            _LABEL: labels.numbers({name: piece.columns[name] for name in NAMES if name in names}, len(unit)),
        }
        for share in SHARES:
            if share in names:
                found[share] = shares(piece.columns[share], reporting(problems, piece, names[share]))
        for name, values in found.items():
            gathered[name].append(values[kept])
    return {name: np.concatenate(gathered.pop(name)) for name in list(gathered)}


def units(column: Any, bureaux: ElectionBureaux, start: int) -> tuple[Ints, int]:
    """Index of the bureau of each row, -1 for none; and where the bureaux of the next piece are expected.

    Both tables have the bureaux in one order, most often: then no id has to be looked for.
    """
    from pyarrow import compute

    coded = by_different(column)
    different = coded.dictionary
    first = max(start - 1, 0)  # the last bureau of a piece may go on in the next
    guess = next((at for at in (first, start) if bureaux.ids.slice(at, len(different)).equals(different)), None)
    twice = bool(bureaux.twice.any())
    unit: Ints
    if guess is not None and not (twice or coded.null_count):
        unit = codes_of(coded) + np.int64(guess)
    else:
        if guess is None:
            of_text = fill(compute.index_in(different, value_set=bureaux.ids), -1).astype(np.int64)
        else:
            of_text = np.arange(guess, guess + len(different), dtype=np.int64)
        if twice:
            of_text[(of_text >= 0) & bureaux.twice[of_text]] = -1
        unit = np.append(of_text, -1)[codes_of(coded)]
    return unit, int(unit.max(initial=-1)) + 1


def _strangers(piece: ElectionPiece, unit: Ints, name: str, problems: Problems) -> None:
    """Tell each bureau of a piece that the table of counts has not, or has twice: once, with its first row."""
    coded = by_different(piece.columns[ID])
    rows = np.flatnonzero(unit < 0)
    codes = codes_of(coded)[rows]
    for code, first in zip(*np.unique(codes, return_index=True), strict=True):
        got = coded.dictionary[int(code)].as_py() if code >= 0 else msg("nothing")
        row = int(piece.rows[rows[first]])
        problems.add(row, name, msg("a bureau that the table of counts has once"), got or msg("nothing"))


def _again(unit: Ints, label: Ints, labels: int) -> Bools:
    """Mark the entries that are the second or a later one of their choice in their bureau."""
    key = unit * max(labels, 1) + label
    again = np.zeros(len(key), np.bool_)
    if not (key[1:] > key[:-1]).all():
        again[:] = True
        again[np.unique(key, return_index=True)[1]] = False
    return again


NAME = "data-gouv"
CODE = "T323"
_SMALL = 1500
"""Registered voters of a commune below which it may have fewer than 1,000 inhabitants, and have voted for names."""


def results_of(counts: AggregatedFile | None, votes: AggregatedFile | None, election: str) -> Published:
    """One election.

    Args:
        counts: the table of counts, or None.
        votes: the table of votes, or None.
        election: its id.

    Raises:
        InputError: a file is damaged.
    """
    problems: list[InputError] = []
    source = counts or votes
    if source is None:
        raise ValueError("neither table was given")
    if counts is not None:
        said = Problems(str(counts.path))
        bureaux = bureaux_of(counts, election, said)
        problems += said.all()
    else:
        bureaux = bureaux_named(source, election)
    found = _gather_counts(source, election, bureaux)
    if votes is not None:
        said = Problems(str(votes.path))
        found = _with_votes(found, votes, bureaux, election, said)
        problems += said.all()
    return replace(found, problems=tuple(problems))


def _gather_counts(source: AggregatedFile, election: str, bureaux: ElectionBureaux) -> Published:
    """The bureaux of an election with their counts."""
    n = len(bureaux.rows)
    stated = StatedElection.of_text(election)
    by_department = stated.kind == SENATE
    insee, bureau = _places_in(bureaux.ids)
    counts: dict[str, Ints] = {name: _or_missing(bureaux.counts.get(name), n) for name in COUNTS}
    nothing = np.zeros(0, np.int64)
    return Published(
        file=str(source.path),
        sha256=source.digest(),
        layout=NAME,
        level=Level.DEPARTMENT if by_department else Level.BUREAU,
        title=election,
        row=bureaux.rows,
        insee=np.zeros(n, "U1") if by_department else insee,
        department=_department(insee, bureaux.places.get(DEPARTMENT), by_department),
        region=np.zeros(n, "U1"),
        commune=_texts(bureaux.places.get(COMMUNE), n, NAME_LIMIT),
        constituency=_constituency(bureaux, stated.kind),
        bureau=np.zeros(n, "U1") if by_department else bureau,
        counts=counts,
        labels=(),
        vote_unit=nothing,
        vote_label=nothing,
        votes=nothing,
        panel=nothing,
        percentages=dict(bureaux.ratios),
        problems=(),
        round=stated.round,
        several_names=_several_names(stated, insee, counts[Quantity.REGISTERED]),
        flaws=tuple(_rows_missing(source, election, n)),
        applied=(CODE,) if election in known_bureaux() else (),
    )


def _with_votes(
    found: Published, votes: AggregatedFile, bureaux: ElectionBureaux, election: str, problems: Problems
) -> Published:
    """The same with the votes of each choice, which is once in each bureau.

    Raises:
        InputError: the file is damaged.
    """
    labels = ElectionLabels()
    columns = _gather_votes(votes, election, bureaux, labels, problems)
    if (columns[_UNIT][1:] < columns[_UNIT][:-1]).any():
        order = np.argsort(columns[_UNIT], kind="stable")
        columns = {name: values[order] for name, values in columns.items()}
    columns[_LABEL] = labels.tell_apart(columns[_UNIT], columns[_LABEL], columns[PANEL])
    texts = tuple(labels.texts)
    again = _again(columns[_UNIT], columns[_LABEL], len(texts))
    if again.any():
        for at in np.flatnonzero(again).tolist():
            got = msg("{name} twice", name=texts[columns[_LABEL][at]])
            problems.add(int(columns[_ROW][at]), None, msg("each choice once"), got)
        columns = {name: values[~again] for name, values in columns.items()}
    beside = str(votes.path) != found.file
    return replace(
        found,
        labels=texts,
        vote_unit=columns[_UNIT],
        vote_label=columns[_LABEL],
        votes=columns[Quantity.VOTES],
        panel=columns[PANEL],
        percentages={**found.percentages, **{share: columns[share] for share in SHARES if share in columns}},
        vote_places=VotePlaces(str(votes.path), votes.digest(), columns[_ROW]) if beside else None,
    )


def _rows_missing(source: AggregatedFile, election: str, rows: int) -> list[Flaw]:
    """T323: not as many bureaux as the election is known to have."""
    known = known_bureaux().get(election)
    if known is None or known == rows:
        return []
    said = msg("{known:n} were known in July 2026", known=known)
    return [Flaw(CODE, -1, "bureaux", rows, known, said, str(source.path))]


def _or_missing(values: Ints | None, n: int) -> Ints:
    """A count, absent where the election has it in no bureau: blank votes before 2017, most often."""
    if values is None or (values == BLANK).all():
        return absent((n,))
    return values


def _places_in(ids: Any) -> tuple[Texts, Texts]:
    """INSEE codes and codes of bureaux out of ids such as ``01001_0001``, ``ZA101_0001``, ``ZZ001_0A11``."""
    from pyarrow import compute

    commune = compute.replace_substring_regex(ids, "_.*$", "")
    bureau = compute.replace_substring_regex(ids, "^[^_]*_?", "")
    return _each(commune, _insee), _each(bureau, str.strip)


@lru_cache(2**17)
def _insee(code: str) -> str:
    """INSEE code of a commune; every election has the same 36,000 of them."""
    return insee_code(code[:2], code)[:CODE_LIMIT]


def _each(texts: Any, change: Callable[[str], str]) -> Texts:
    """The same change for every text, made once for each different one."""
    coded = texts.dictionary_encode()
    labels = tuple(map(change, coded.dictionary.to_pylist()))
    return texts_of(Coded(labels, codes_of(coded)))


def _texts(column: Coded | None, n: int, limit: int, change: Callable[[str], str] = str) -> Texts:
    if column is None:
        return np.zeros(n, "U1")
    return texts_of(Coded(tuple(change(label)[:limit] for label in column.labels), column.codes))


def _department(insee: Texts, column: Coded | None, by_department: bool) -> Texts:
    """Départements by the communes' codes; the column has letters in some elections overseas, numbers in others."""
    found = _texts(column, len(insee), CODE_LIMIT, lambda code: department_code(code) if code else "")
    known = (insee != "") & (not by_department)
    return np.where(known, departements_of(insee), found)


def _constituency(bureaux: ElectionBureaux, kind: str) -> Texts:
    column = bureaux.places.get(CANTON if kind in BY_CANTON else CONSTITUENCY)
    return _texts(column, len(bureaux.rows), CODE_LIMIT, constituency_code)


def _several_names(stated: StatedElection, insee: Texts, registered: Ints) -> Bools | None:
    """Mark the ballots that may have several names: senators, and the smallest communes until 2020."""
    if stated.kind == SENATE:
        return np.ones(len(insee), np.bool_)
    if stated.kind != MUNICIPAL or stated.year >= LISTS_EVERYWHERE:
        return None
    _, commune = np.unique(insee, return_inverse=True)
    sums = sum_groups(np.maximum(registered, 0), commune, int(commune.max(initial=-1)) + 1)
    return np.asarray(sums[commune] < _SMALL)
