"""One election of the two tables as published results by bureau."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from protocol.errors import InputError
from protocol.insee import departements_of
from protocol.quantities import Quantity
from protocol.words import msg
from verify.model.bureau_codes import Coded, texts_of
from verify.model.figures import BLANK, Bools, Ints, Texts, absent
from verify.model.published import COUNTS, Flaw, Level, Published, VotePlaces
from verify.read.aggregated.columns import CANTON, COMMUNE, CONSTITUENCY, DEPARTMENT
from verify.read.aggregated.elections import BY_CANTON, LISTS_EVERYWHERE, MUNICIPAL, SENATE, known_bureaux, parts_of
from verify.read.aggregated.joined import ElectionBureaux, ElectionVotes, bureaux_named, bureaux_of, votes_of
from verify.read.aggregated.parts import codes_of
from verify.read.aggregated.sources import AggregatedFile
from verify.read.published.cells import CODE_LIMIT, NAME_LIMIT
from verify.read.published.codes import constituency_code, department_code, insee_code
from verify.read.rows import Problems

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
