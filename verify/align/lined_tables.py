"""Counts and votes given as rows, lined up with bureaux, polls and choices.

Of a bureau in several files each says what others lack; where two of them differ both are kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity, column_of
from protocol.transmission import CORRECTING, CORRECTIONS, StepUp
from protocol.words import Message, Text, cited, msg, series, without_accents
from verify.model.evidence import (
    Counted,
    LinedEvidence,
    LinedVotes,
    Repeat,
    StatedCorrections,
    StatedSums,
    Twice,
    WayUp,
)
from verify.model.figures import MISSING, Bools, Figures, Ints, Places, once
from verify.read.counts import parse_count
from verify.read.sheet import Sheet, places_of

Values = TypeVar("Values", Ints, Bools)


class Rows:
    """The first row that names each unit and poll.

    Args:
        at: for each row, the index of its unit and poll (and choice) among all of them.
        rows: those that have one, in the order in which they count.
        shape: ``(units, polls)``, or with the choices.

    Attributes:
        again: the rows that name a unit and poll again, which are not used.
    """

    def __init__(self, at: Ints, rows: Ints, shape: tuple[int, ...]) -> None:
        first, later = once(at[rows])
        self.shape, self._rows, self._at, self._every = shape, rows[first], at[rows[first]], (at, rows)
        self.again = rows[later]

    def named_before(self, piece: Ints) -> Bools:
        """Mark those of `again` that their own piece names before; ``piece`` is that of each row."""
        at, rows = self._every
        again = np.zeros(len(at), np.bool_)
        again[rows[once(piece[rows] * (int(at.max(initial=0)) + 1) + at[rows])[1]]] = True
        return again[self.again]

    def lined(self, values: Values, none: int) -> Values:
        """The values of a column by unit and poll, ``none`` where there is no row."""
        lined = np.full(math.prod(self.shape), none, values.dtype)
        lined[self._at] = values[self._rows]
        return lined.reshape(self.shape)

    def places(self, places: Places) -> Places:
        """The places of rows by unit and poll."""
        return replace(places, file=self.lined(places.file, -1), at=self.lined(places.at, -1))


_NAMED = 9
"""So many of them are named."""


def repeat(
    file: str,
    column: str,
    expected: Message,
    rows: Ints,
    got: Callable[[int], Text],
    told: Bools | None = None,
    of: Ints | None = None,
) -> Repeat:
    """Report such rows of a file.

    Args:
        file: name of the file as it is shown.
        column: that names the same again.
        expected: what should be there once.
        rows: their numbers, shape ``(n,)``.
        got: what one of them names, by its index.
        told: of which of them another finding says both figures, shape ``(n,)``; by default of none.
        of: what each is of, shape ``(n,)``: of several that are of the same, only the first is named.
    """
    left = np.arange(len(rows)) if told is None else np.flatnonzero(~told)
    named = left if of is None else left[once(of[left])[0]]
    problems = tuple(InputError(file, int(rows[at]), column, expected, got(at)) for at in named[:_NAMED].tolist())
    return Repeat(file, rows, problems, len(left))


MOST = 100
"""So many problems of one kind are named one by one; a file that is wrong throughout needs no more."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Votes as rows, each of shape ``(m,)``.

    Attributes:
        labels: each label once.
        places: where each stands.
        unit, poll, label, votes: of each.
        piece: index of the file or sheet that it is in.
    """

    labels: tuple[str, ...]
    places: Places
    unit: Ints
    poll: Ints
    label: Ints
    votes: Ints
    piece: Ints


def line_up(evidence: LinedEvidence, entry: Entries) -> LinedVotes:
    """Votes of every unit, poll and choice.

    A choice that one file has twice is among the repeats of the evidence. Its further votes, in that file or another,
    are among the versions.

    Args:
        evidence: the units, polls and contests.
        entry: the votes.
    """
    shape = (*evidence.shape, max(evidence.contests.width, 1))
    choice = evidence.contests.place(entry.unit, entry.poll, entry.label, entry.labels)
    rows = np.flatnonzero(choice >= 0)
    if len(rows) and entry.piece[rows].any():  # of several pieces one may leave blank what another says
        rows = rows[np.argsort(entry.votes[rows] < 0, kind="stable")]
    cell = np.full(len(choice), -1, np.int64)
    cell[rows] = np.ravel_multi_index((entry.unit[rows], entry.poll[rows], choice[rows]), shape)
    lined = Rows(cell, rows, shape)
    versions = _again(evidence, entry, cell, lined) if len(lined.again) else ()
    unknown = tuple(
        (
            int(entry.unit[i]),
            int(entry.poll[i]),
            entry.labels[int(entry.label[i])],
            entry.places.text(i),
            int(entry.votes[i]),
        )
        for i in np.flatnonzero((choice < 0) & (entry.votes != 0))[:MOST].tolist()
    )
    other = choice < 0
    strange = (entry.unit[other], entry.poll[other])
    strange_rows, strange_votes = np.zeros((2, *evidence.shape), np.int64)
    np.add.at(strange_rows, strange, entry.votes[other] != 0)
    np.add.at(strange_votes, strange, np.maximum(entry.votes[other], 0))
    votes, places = lined.lined(entry.votes, MISSING), lined.places(entry.places)
    return LinedVotes(votes, places, unknown, strange_rows, strange_votes, versions)


def _again(evidence: LinedEvidence, entry: Entries, cell: Ints, lined: Rows) -> tuple[dict[str, Figures], ...]:
    """Further votes for a choice, one mapping a version; within one file each is noted as a repeat as well."""
    others = lined.again
    firsts = lined.lined(np.arange(len(cell)), -1).ravel()[cell[others]]
    before = lined.named_before(entry.piece)
    one, other = entry.votes[firsts], entry.votes[others]
    file, row = entry.places.file, entry.places.at
    elsewhere = (row[firsts] != row[others]) | (file[firsts] != file[others])
    told = np.zeros(len(entry.votes), np.bool_)
    told[others] = (one >= 0) & (other >= 0) & (one != other) & elsewhere
    for _, here in by_piece(entry.piece, others[before]):
        evidence.repeats.append(_repeat(evidence, entry, here, told[here]))
    kept = elsewhere & (one >= 0)
    versions = (Rows(cell, rows, lined.shape) for rows in _versions(cell, entry.piece, others[kept], before[kept]))
    name: str = Quantity.VOTES
    return tuple(
        {name: Figures(name, each.lined(entry.votes, MISSING), each.places(entry.places))} for each in versions
    )


def _versions(at: Ints, piece: Ints, again: Ints, before: Bools) -> Iterator[Ints]:
    """Yield the rows of each further version: one for each other file, then those repeated within a file.

    Args:
        at: what each row names.
        piece: its file or sheet.
        again: the rows.
        before: which of them their own file names before.
    """
    for _, rows in by_piece(piece, again[~before]):
        yield rows
    for _, rows in by_piece(piece, again[before]):
        yield from _apart(at, rows)


def _repeat(evidence: LinedEvidence, entry: Entries, rows: Ints, told: Bools) -> Repeat:
    """Votes of one piece for choices that have some in it already; and of which of them both figures are told."""

    def named(at: int) -> Text:
        unit, label = int(entry.unit[rows[at]]), entry.labels[int(entry.label[rows[at]])]
        place = f"{evidence.universe.insee[unit]} {evidence.universe.bureau[unit]}".strip()
        return msg("{place} again", place=series((place, cited(label))))

    places = entry.places
    file = places.files[int(places.file[rows[0]])].rstrip(":")
    return repeat(file, "choix", msg("each choice once a bureau"), places.at[rows], named, told, entry.unit[rows])


def by_piece(piece_of: Ints, rows: Ints) -> Iterator[tuple[int, Ints]]:
    """Some rows by the file or sheet that they are in; ``piece_of`` is that of every row, by index."""
    for piece in np.unique(piece_of[rows]).tolist():
        yield piece, rows[piece_of[rows] == piece]


_TIMES = 8
"""So often one file can name a bureau again, and figures are still compared."""
_HOUR = re.compile(r"emargements_([0-9]{2})h")


@dataclass(frozen=True, slots=True)
class Located:
    """The rows of a sheet: unit and poll of each, -1 for none, and which of them have both; shape ``(n,)``."""

    unit: Ints
    poll: Ints
    good: Bools


def line_up_counts(evidence: LinedEvidence, sheet: Sheet, located: Located, kind: EvidenceKind) -> Counted:
    """The counts of a sheet of some evidence by unit and poll.

    Of several rows of one bureau in one file the first counts, and each other one is among the repeats. Rows of several
    files, or sheets of a workbook, are taken together: what the first does not say, the others do. Where two rows say
    different counts, `Counted.versions` has both.
    """
    places, at = places_of(sheet, kind), _places(evidence, located)

    def figures(some: Rows) -> dict[str, Figures]:
        standing = some.places(places)
        elsewhere = {name: some.places(replace(places, at=rows)) for name, rows in sheet.lines.items()}
        return {
            name: Figures(name, some.lined(values, MISSING), elsewhere.get(name, standing))
            for name, values in (*sheet.counts.items(), *hours.items())
        }

    hours = {
        name: np.array([parse_count(cell) for cell in sheet.extra[name].tolist()], np.int64)
        for name in sheet.extra
        if _HOUR.fullmatch(name)
    }
    first = Rows(at, np.flatnonzero(located.good), evidence.shape)
    counted, told, versions = figures(first), np.zeros(len(sheet), np.bool_), list[dict[str, Figures]]()
    before = first.named_before(sheet.piece_of)
    repeated = first.again[before]
    for rows in _versions(at, sheet.piece_of, first.again, before):
        others = figures(Rows(at, rows, evidence.shape))
        compared = [Twice(counted[name], other) for name, other in others.items() if name not in hours]
        for each in compared:
            told[rows] |= each.differs.ravel()[at[rows]]
        versions.append({each.first.name: _where(each.first.known, each.other) for each in compared})
        if not np.isin(rows, repeated).any():
            counted |= {name: counted[name].or_else(other) for name, other in others.items()}
    for _, rows in by_piece(sheet.piece_of, repeated):
        evidence.repeats.append(_named_again(sheet, rows, told[rows], len(evidence.polls) > 1))
    evidence.hourly |= {int(name[-3:-1]): counted.pop(name) for name in hours}
    used = located.good.copy()
    used[repeated] = False
    present = np.zeros(evidence.shape, np.bool_)
    present.ravel()[at[used]] = True
    speaks, mentioned_by = _speaking(sheet), np.full(evidence.shape, True)
    if speaks.any():
        mentioned_by = present.copy()
        mentioned_by.ravel()[at[used & speaks]] = False
        mentioned_by.ravel()[at[used & speaks & sheet.coded("observations").marks(mentions_gap)]] = True
    return Counted(counted, present, mentioned_by, _remarks(sheet, located), tuple(versions))


def _where(known: Bools, other: Figures) -> Figures:
    """Keep figures only where the first version has one; elsewhere it was completed from them."""
    return Figures(other.name, np.where(known, other.values, MISSING), other.places)


def _remarks(sheet: Sheet, located: Located) -> dict[tuple[int, int], str]:
    """The remarks that say something, by unit and poll."""
    if "observations" not in sheet.texts:
        return {}
    remarks = sheet.coded("observations")
    silent = remarks.marks(lambda each: _NOTHING_SAID.fullmatch(without_accents(each)))
    rows = np.flatnonzero(~silent & located.good)[::-1]  # the first row stays
    cells = zip(located.unit[rows].tolist(), located.poll[rows].tolist(), strict=True)
    return dict(zip(cells, sheet.texts["observations"][rows].tolist(), strict=True))


def _speaking(sheet: Sheet) -> Bools:
    """Mark the rows of pieces that have remarks: another piece of the same bureau, without any, mentions nothing."""
    speaks = np.array([piece.remarks and "observations" in sheet.texts for piece in sheet.pieces], np.bool_)
    return speaks[sheet.piece_of]


def _named_again(sheet: Sheet, rows: Ints, told: Bools, several: bool) -> Repeat:
    """Rows of one piece that name a bureau again; and of which of them other findings say both figures.

    Where the day has ``several`` polls they say which one.
    """

    def named(at: int) -> Text:
        place: Text = f"{sheet.texts['insee'][rows[at]]} {sheet.texts['bureau'][rows[at]]}".strip()
        if several:
            place = msg("{codes}, poll {poll}", codes=place, poll=str(sheet.texts["scrutin"][rows[at]]))
        return msg("{place} again", place=place)

    return repeat(sheet.shown(int(rows[0])), "bureau", msg("each bureau once"), sheet.row[rows], named, told)


def _places(evidence: LinedEvidence, located: Located) -> Ints:
    """The index of each row's unit and poll among all of them."""
    polls = len(evidence.polls)
    return located.unit if polls == 1 else located.unit * polls + located.poll


def _apart(at: Ints, rows: Ints) -> Iterator[Ints]:
    """Rows in parts that have each unit and poll once; of very many not all."""
    for _ in range(_TIMES):
        if len(rows):
            first, again = once(at[rows])
            yield rows[first]
            rows = rows[again]


def unknown_poll(evidence: LinedEvidence, sheet: Sheet, row: int) -> InputError:
    """Report a row of a poll that is none of the day's."""
    known = msg("a poll of this day: {polls}", polls=series(evidence.polls))
    return InputError(sheet.shown(row), int(sheet.row[row]), "scrutin", known, cited(str(sheet.texts["scrutin"][row])))


_WORDS = re.compile(
    r"emarg|ecart|differen|signat|\bsign[ea]|discrepan|\bgaps?\b|\b(en|de) (plus|moins|trop)\b|manqu|surplus|exced"
    r"|defici|deux fois|double|sans (avoir )?(vot|valid|sign)|(pas|point|jamais) (vot|valid|sign|emarg)|oubli|omis"
    r"|erreur|anomal|incident|quitt|parti\b"
    r"|(electeur|electrice|votant|personne|sont|etaient)s? (sont )?parti[es]+\b|depart\b"
    r"|abandon|\bannexe|ci-joint|not? (vot|sign)|without (vot|sign|valid)|twice|missing|left the"
)


_NOTHING_SAID = re.compile(
    r"\W*(?:(?:ras|r\.a\.s|neant|non|no|none|nothing|aucune?|sans|rien)(?:\s+(?:objet|observations?|remarques?|incident"
    r"|reclamations?|a (?:signaler|dire|declarer)|to report))?)?\W*"
)
"""A remark that there is none: « RAS », « Néant », « Rien à signaler »."""


def mentions_gap(remark: str) -> bool:
    """Test whether a remark has a word that stands for a gap between signatures and votes, or for what causes one."""
    return _WORDS.search(without_accents(remark)) is not None


Index = Callable[[LinedEvidence, EvidenceKind, Sheet], Located]


def lined_way_up(evidence: LinedEvidence, sheets: Mapping[str, Sheet], index: Index) -> WayUp:
    """All documents that were read.

    Args:
        evidence: with bureaux, polls and contests.
        sheets: by the names that the tables have in the folder of a night.
        index: finds unit and poll of each row of a sheet.
    """
    steps, sums = {}, {}
    choices = (sum(name.startswith("voix_") for name in sheet.counts) for sheet in sheets.values())
    columns = (*VOTERS, *(f"voix_{number}" for number in range(1, max(choices, default=0) + 1)))
    for step in StepUp:
        if (sheet := sheets.get(step.file)) is not None:
            steps[step] = line_up_counts(evidence, sheet, index(evidence, step.kind, sheet), step.kind)
        if (sheet := sheets.get(step.sums_file)) is not None:
            sums[step] = _sums(evidence, sheet, columns)
    corrections = None
    if (sheet := sheets.get(CORRECTIONS.file)) is not None:
        corrections = _corrections(evidence, sheet, index(evidence, EvidenceKind.WAY_UP, sheet), columns)
    every = [*(step.file for step in StepUp), CORRECTIONS.file]
    return WayUp(steps, sums, corrections, len(columns), tuple(name for name in every if name not in sheets))


def polls_named(polls: Sequence[int], sheet: Sheet) -> Ints:
    """The index of the poll whose number each row has, -1 for another one."""
    numbers, named = {str(number): at for at, number in enumerate(polls)}, sheet.coded("scrutin")
    found: Ints = np.array([numbers.get(label, -1) for label in named.labels], np.int64)[named.codes]
    return found


def _sums(evidence: LinedEvidence, sheet: Sheet, columns: Sequence[str]) -> StatedSums:
    """Sums of polls of the day; a row of another one is a problem."""
    poll = polls_named(evidence.polls, sheet)
    evidence.problems += (unknown_poll(evidence, sheet, row) for row in np.flatnonzero(poll < 0)[:MOST].tolist())
    good = poll >= 0
    nothing = np.broadcast_to(np.int64(MISSING), len(sheet))
    values = np.stack([sheet.counts.get(name, nothing) for name in columns], axis=1)
    return StatedSums(
        file=sheet.file,
        departement=sheet.texts["departement"][good],
        insee=sheet.texts["insee"][good],
        poll=poll[good],
        values=values[good],
        row=sheet.row[good],
    )


def _corrections(evidence: LinedEvidence, sheet: Sheet, located: Located, columns: Sequence[str]) -> StatedCorrections:
    """Read corrections in documents; a row that does not say where, or of what, is a problem."""
    wanted = {
        "etape": msg("a step that corrects: {steps}", steps=series([step.value for step in CORRECTING])),
        "champ": msg("a column of the tables of the way"),
    }
    steps = {step.value: at for at, step in enumerate(StepUp) if step in CORRECTING}
    found: dict[str, Ints] = {}
    for name, code in (("etape", steps), ("champ", {column_of(each): at for at, each in enumerate(columns)})):
        cells = sheet.texts[name].tolist()
        found[name] = np.array([code.get(cell, -1) for cell in cells], np.int64)
        for row in np.flatnonzero(found[name] < 0)[:MOST].tolist():
            where = int(sheet.row[row])
            evidence.problems.append(InputError(sheet.file, where, name, wanted[name], cited(cells[row])))
    before, after = sheet.counts["avant"], sheet.counts["apres"]
    good = located.good & (found["etape"] >= 0) & (found["champ"] >= 0) & (before >= 0) & (after >= 0)
    nothing = np.full(len(sheet), MISSING, np.int64)
    return StatedCorrections(
        file=sheet.file,
        step=found["etape"][good],
        unit=located.unit[good],
        poll=np.asarray(located.poll[good], np.int64),
        column=found["champ"][good],
        before=before[good],
        after=after[good],
        hour=sheet.counts.get("heure", nothing)[good],
        document=sheet.texts["document"][good],
        row=sheet.row[good],
    )
