"""One election out of both tables: its bureaux with their counts, the votes of each choice, and both as results."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from protocol.errors import InputError
from protocol.insee import departements_of
from protocol.quantities import Quantity
from protocol.words import cited, msg
from verify.model.bureau_codes import Coded, texts_of
from verify.model.figures import BLANK, UNREADABLE, Bools, Ints, Shares, Texts, absent
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
    parts_of,
)
from verify.read.aggregated.sources import AggregatedFile, ElectionPiece, Parts, by_different, codes_of, texts_and_codes
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
    if pa.types.is_floating(column.type):
        column = column.cast(pa.string())
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


_PLACES = tuple(dict.fromkeys(PLACES.values()))


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


@dataclass(frozen=True, slots=True)
class ElectionVotes:
    """The votes of an election, by bureau.

    Attributes:
        rows: their rows in the file, shape ``(m,)``.
        unit: index of the bureau.
        label: index of the choice's name.
        votes, panel: of each.
        shares: percentages as numbers, by what they are of.
        labels: names of the choices.
    """

    rows: Ints
    unit: Ints
    label: Ints
    votes: Ints
    panel: Ints
    shares: dict[str, Shares]
    labels: tuple[str, ...]


def bureaux_of(parts: Parts, election: str, problems: Problems) -> ElectionBureaux:
    """The bureaux of an election by the table of counts.

    Raises:
        InputError: the file is damaged.
    """
    import pyarrow as pa

    gathered = _Gathered()
    ids = []
    places: dict[str, list[Any]] = {}
    names = parts.header.names
    for piece in parts.pieces(election):
        gathered.rows.append(piece.rows)
        own = by_different(piece.columns[ID]).dictionary_decode()
        ids.append(own.fill_null("") if own.null_count else own)
        for count in COUNTED.values():
            if count in names:
                gathered.add(count, counts(piece.columns[count], reporting(problems, piece, names[count])))
        for ratio in RATIOS:
            if ratio in names:
                gathered.add(ratio, shares(piece.columns[ratio], reporting(problems, piece, names[ratio])))
        for place in _PLACES:
            if place in names:
                places.setdefault(place, []).append(piece.columns[place])
    whole = pa.concat_arrays(ids) if ids else pa.array([], pa.string())
    rows = gathered.whole_rows()
    twice = _twice(whole)
    for at in np.flatnonzero(twice).tolist():
        got = msg("{place} again", place=whole[at].as_py())
        problems.add(int(rows[at]), names[ID], msg("each bureau once"), got)
    return ElectionBureaux(
        rows,
        whole,
        {name: gathered.whole(name) for name in COUNTED.values() if name in names},
        {name: gathered.whole(name, np.float32) for name in RATIOS if name in names},
        {place: _code(columns) for place, columns in places.items()},
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


@dataclass(slots=True)
class _Gathered:
    """Columns of several pieces."""

    rows: list[Ints] = field(default_factory=list)
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, name: str, values: Any) -> None:
        self.columns.setdefault(name, []).append(values)

    def whole_rows(self) -> Ints:
        return np.concatenate(self.rows) if self.rows else np.zeros(0, np.int64)

    def whole(self, name: str, kind: type[np.generic] = np.int64) -> npt.NDArray[Any]:
        found = self.columns.pop(name, None)
        return np.zeros(0, kind) if found is None else np.concatenate(found)


def reporting(problems: Problems, piece: ElectionPiece, column: str) -> Report:
    """Make the function that reports a bad cell of a piece."""
    return lambda at, expected, got: problems.add(int(piece.rows[at]), column, expected, got)


def bureaux_named(parts: Parts, election: str) -> ElectionBureaux:
    """The bureaux that the table of votes names, where there is no other: without any count.

    Raises:
        InputError: the file is damaged.
    """
    import pyarrow as pa

    found: dict[str, int] = {}
    for piece in parts.pieces(election):
        coded = by_different(piece.columns[ID])
        codes, first = np.unique(codes_of(coded), return_index=True)
        for at in np.argsort(first).tolist():
            text = coded.dictionary[int(codes[at])].as_py() if codes[at] >= 0 else ""
            found.setdefault(text or "", int(piece.rows[first[at]]))
    ids = pa.array(list(found), pa.string())
    rows = np.array(list(found.values()), np.int64)
    return ElectionBureaux(rows, ids, {}, {}, {}, np.zeros(len(rows), np.bool_))


def votes_of(parts: Parts, election: str, bureaux: ElectionBureaux, problems: Problems) -> ElectionVotes:
    """The votes of an election by the table of votes, each with its bureau.

    Those of a bureau that the other table has not, or has twice, are told and left out.

    Raises:
        InputError: the file is damaged.
    """
    gathered, labels = _Gathered(), ElectionLabels()
    names = parts.header.names
    start = 0
    for piece in parts.pieces(election):
        unit, start = units(piece.columns[ID], bureaux, start)
        kept: Any = slice(None)
        if len(unit) and int(unit.min()) < 0:
            kept = unit >= 0
            _strangers(piece, unit, names[ID], problems)
        votes = counts(piece.columns[Quantity.VOTES], reporting(problems, piece, names[Quantity.VOTES]))
        panel = np.zeros(len(unit), np.int64)
        if PANEL in names:
            panel = np.maximum(counts(piece.columns[PANEL], reporting(problems, piece, names[PANEL])), 0)
        label = labels.numbers({name: piece.columns[name] for name in NAMES if name in names}, len(unit))
        for name, values in (("unit", unit), ("votes", votes), ("panel", panel), ("label", label)):
            gathered.add(name, values[kept])
        gathered.rows.append(piece.rows[kept])
        for share in SHARES:
            if share in names:
                gathered.add(share, shares(piece.columns[share], reporting(problems, piece, names[share]))[kept])
    return _by_unit(gathered, labels, problems)


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


def _by_unit(gathered: _Gathered, labels: ElectionLabels, problems: Problems) -> ElectionVotes:
    """All pieces as one, by bureau, a choice once in each."""
    rows = gathered.whole_rows()
    unit, label, votes, panel = (gathered.whole(name) for name in ("unit", "label", "votes", "panel"))
    parts = {name: gathered.whole(name, np.float32) for name in SHARES if name in gathered.columns}
    if (unit[1:] < unit[:-1]).any():
        order = np.argsort(unit, kind="stable")
        rows, unit, label, votes, panel = (values[order] for values in (rows, unit, label, votes, panel))
        parts = {name: values[order] for name, values in parts.items()}
    label = labels.told_apart(unit, label, panel)
    texts = tuple(labels.texts)
    again = _again(unit, label, len(texts))
    if again.any():
        for at in np.flatnonzero(again).tolist():
            got = msg("{name} twice", name=texts[label[at]])
            problems.add(int(rows[at]), None, msg("each choice once"), got)
        rows, unit, label, votes, panel = (values[~again] for values in (rows, unit, label, votes, panel))
        parts = {name: values[~again] for name, values in parts.items()}
    return ElectionVotes(rows, unit, label, votes, panel, parts, texts)


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
        bureaux = bureaux_of(counts.parts, election, said)
        problems += said.all()
    else:
        bureaux = bureaux_named(source.parts, election)
    cast = None
    if votes is not None and election in votes.parts.elections:
        said = Problems(str(votes.path))
        cast = votes_of(votes.parts, election, bureaux, said)
        problems += said.all()
    found = _gather_counts(source, election, bureaux)
    if votes is not None and cast is not None:
        found = _with_votes(found, cast, None if votes is source else votes)
    return replace(found, problems=tuple(problems))


def _gather_counts(source: AggregatedFile, election: str, bureaux: ElectionBureaux) -> Published:
    """The bureaux of an election with their counts."""
    n = len(bureaux.rows)
    year, kind, round_ = parts_of(election) or (0, "", 0)
    by_department = kind == SENATE
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
        constituency=_constituency(bureaux, kind),
        bureau=np.zeros(n, "U1") if by_department else bureau,
        counts=counts,
        labels=(),
        vote_unit=nothing,
        vote_label=nothing,
        votes=nothing,
        panel=nothing,
        percentages=dict(bureaux.ratios),
        problems=(),
        round=round_,
        several_names=_several_names(kind, year, insee, counts[Quantity.REGISTERED]),
        flaws=tuple(_rows_missing(source, election, n)),
        applied=() if known_bureaux(election) is None else (CODE,),
    )


def _with_votes(found: Published, votes: ElectionVotes, file: AggregatedFile | None) -> Published:
    """The same with the votes of each choice; ``file`` is theirs, None where it is the one of the bureaux."""
    return replace(
        found,
        labels=votes.labels,
        vote_unit=votes.unit,
        vote_label=votes.label,
        votes=votes.votes,
        panel=votes.panel,
        percentages={**found.percentages, **votes.shares},
        vote_places=None if file is None else VotePlaces(str(file.path), file.digest(), votes.rows),
    )


def _rows_missing(source: AggregatedFile, election: str, rows: int) -> list[Flaw]:
    """T323: not as many bureaux as the election is known to have."""
    known = known_bureaux(election)
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
    return np.asarray(np.where(known, departements_of(insee), found), np.str_)


def _constituency(bureaux: ElectionBureaux, kind: str) -> Texts:
    column = bureaux.places.get(CANTON if kind in BY_CANTON else CONSTITUENCY)
    return _texts(column, len(bureaux.rows), CODE_LIMIT, constituency_code)


def _several_names(kind: str, year: int, insee: Texts, registered: Ints) -> Bools | None:
    """Mark the ballots that may have several names: senators, and the smallest communes until 2020."""
    if kind == SENATE:
        return np.ones(len(insee), np.bool_)
    if kind != MUNICIPAL or year >= LISTS_EVERYWHERE:
        return None
    _, commune = np.unique(insee, return_inverse=True)
    sums = np.zeros(int(commune.max(initial=-1)) + 1, np.int64)
    np.add.at(sums, commune, np.maximum(registered, 0))
    return np.asarray(sums[commune] < _SMALL)
