"""The contests of published results, each with the papers of every bureau, and the list of auditable ones (CSV)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

import numpy as np

from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.quantities import Quantity
from protocol.words import msg
from verify.columns.contests_at_hand import contests as counted_contests
from verify.materiality.kinds import Ballot, ElectionKind
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints, Texts
from verify.model.published import Level, Published
from verify.model.universe import MACHINE
from verify.paper_audit.assertions import Papers
from verify.paper_audit.elections import PaperCount


@dataclass(frozen=True, slots=True)
class PaperContest:
    """A contest whose papers can be audited, in part or whole.

    Attributes:
        commune: name of the commune, if all bureaux are of one; else empty.
        insee: its code, likewise.
        department: code of the département, if all bureaux are of one; else empty.
        constituency: as the file has it.
        choices: names of the choices.
        registered: registered voters of all bureaux, None where one is not known.
        by_bureau: whether the file has bureaux, and no larger units only.
        papers: papers of every bureau, or of every row of the file.
        on_paper: where the papers of a bureau can be audited, shape ``(bureaux,)``.
    """

    commune: str
    insee: str
    department: str
    constituency: str
    choices: tuple[str, ...]
    registered: int | None
    by_bureau: bool
    papers: tuple[Papers, ...]
    on_paper: Bools

    def count(self, prize: int | None = None) -> PaperCount:
        """The figures that a proof is of; ``prize`` as in `PaperCount`."""
        whole = add_up(self.papers)
        rest = add_up([each for each, kept in zip(self.papers, self.on_paper, strict=True) if not kept])
        return PaperCount(self.registered, whole, rest if rest.cards else None, prize)

    @property
    def batches(self) -> list[Papers]:
        """The bureaux whose papers can be audited."""
        return [each for each, kept in zip(self.papers, self.on_paper, strict=True) if kept]


def add_up(several: Sequence[Papers]) -> Papers:
    """The papers of several bureaux together."""
    votes = tuple(map(sum, zip(*(each.votes for each in several), strict=True)))
    return Papers(sum(each.cards for each in several), votes)


def contests(table: Published, parts: Iterable[Ints], on_paper: Bools) -> Iterator[PaperContest]:
    """Make contests of the rows of a table of results.

    Args:
        table: results of bureaux, or of larger units.
        parts: the rows of each contest, as `parts_of` finds them.
        on_paper: where the papers of a row can be audited, shape ``(rows,)``.

    Raises:
        InputError: a row has no number of papers, or fewer than votes.
    """
    cards = _cards(table)
    entries = np.argsort(table.vote_unit, kind="stable")
    starts = np.searchsorted(table.vote_unit[entries], np.arange(len(table.row) + 1))
    for rows in parts:
        mine = np.concatenate([entries[starts[row] : starts[row + 1]] for row in rows.tolist()])
        labels, column = np.unique(table.vote_label[mine], return_inverse=True)
        votes = np.zeros((len(rows), len(labels)), np.int64)
        np.add.at(votes, (np.searchsorted(rows, table.vote_unit[mine]), column), np.maximum(table.votes[mine], 0))
        if len(short := rows[votes.sum(1) > cards[rows]]):
            place = int(table.row[short[0]])
            raise InputError(table.file, place, None, msg("no more votes by choice than papers"), msg("more votes"))
        registered = table.counts[Quantity.REGISTERED][rows]
        yield PaperContest(
            _only(table.commune[rows]),
            _only(table.insee[rows]),
            _only(table.department[rows]),
            _only(table.constituency[rows]),
            tuple(table.labels[label] for label in labels.tolist()),
            int(registered.sum()) if (registered >= 0).all() else None,
            table.level is Level.BUREAU,
            tuple(Papers(*each) for each in zip(cards[rows].tolist(), map(tuple, votes.tolist()), strict=True)),
            on_paper[rows],
        )


def verified_contests(evidence: LinedEvidence) -> Iterator[tuple[PaperContest, Ballot | None]]:
    """The contests of a night, of bureaux whose votes by choice are known; only machines would have papers to audit.

    Papers of bureaux without a machine are destroyed after the count (R68): their PVs are taken as right.
    """
    universe = evidence.universe
    machines = universe.counting == MACHINE
    for judged in counted_contests(evidence, every=True):
        count, units = judged.count, judged.units
        cards = np.maximum(np.maximum(count.bureaux.found, count.bureaux.signed), count.bureaux.votes.sum(1))
        if len(units):
            yield (
                PaperContest(
                    _only(universe.commune[units]),
                    _only(universe.insee[units]),
                    "",
                    judged.constituency,
                    count.choices,
                    count.bureaux.totals().registered,
                    True,
                    tuple(map(Papers, cards.tolist(), map(tuple, count.bureaux.votes.tolist()))),
                    machines[units],
                ),
                count.ballot,
            )


def _cards(table: Published) -> Ints:
    """Papers of each row, at most: votes found or signatures, whichever are more; else the votes and the blank ones."""
    counts = table.counts
    cards = np.maximum(counts[Quantity.VOTES_FOUND], counts[Quantity.SIGNATURES])
    parts = [counts[each] for each in (Quantity.VALID, Quantity.BLANK, Quantity.NULL)]
    known = np.logical_and.reduce([each >= 0 for each in parts])
    cards = np.where((cards < 0) & known, sum(parts), cards)
    if (cards < 0).any():
        row = int(table.row[np.argmax(cards < 0)])
        raise InputError(table.file, row, None, msg("a number of voters"), msg("none"))
    return cards


def parts_of(table: Published, kind: ElectionKind) -> Iterator[Ints]:
    """The rows of each contest of a kind of election, in their order.

    A constituency that the file does not name is told by the choices that its bureaux share.
    """
    if kind.national:
        yield np.arange(len(table.row))
        return
    wide = table.region if kind is ElectionKind.REGIONAL else table.department
    of = table.insee if kind.by_commune else np.char.add(np.char.add(wide, "/"), table.constituency)
    _, group = np.unique(of, return_inverse=True)
    group = _by_choices(table, group)
    for each in np.unique(group).tolist():
        yield np.flatnonzero(group == each)


def _by_choices(table: Published, group: Ints) -> Ints:
    """Groups split where their rows have no choice in common, neither directly nor by way of other rows."""
    voted = table.votes >= 0
    unit, label = table.vote_unit[voted], table.vote_label[voted]
    _, key = np.unique(np.stack([group[unit], label]), axis=1, return_inverse=True)
    key = key.ravel()
    part = np.arange(len(table.row))
    while True:
        least = np.full(key.max(initial=-1) + 1, len(part))
        np.minimum.at(least, key, part[unit])
        joined = part.copy()
        np.minimum.at(joined, unit, least[key])
        if (joined == part).all():
            return part
        part = joined


def _only(texts: Texts) -> str:
    return str(texts[0]) if (texts == texts[0]).all() else ""


MOST = 2**24
"""Bytes of such a list."""


def on_paper(file: OpenedFile, insee: Texts, bureau: Texts) -> Bools:
    """Tell which bureaux a list names, shape ``(bureaux,)``; zeros before a code do not matter.

    Args:
        file: the list.
        insee: INSEE codes of the communes of bureaux.
        bureau: codes of the bureaux.

    Raises:
        InputError: it is no CSV in UTF-8, or a row has no code in a column ``insee``.
    """
    listed = set()
    try:
        text = file.data.decode("utf-8-sig")
        rows = csv.DictReader(StringIO(text), delimiter=max(",;\t", key=text.partition("\n")[0].count), strict=True)
        for row in rows:
            code = (row.get("insee") or "").strip()
            if not code:
                wanted = msg("the INSEE code of a commune")
                raise InputError(str(file.path), rows.line_num, "insee", wanted, msg("nothing"))
            listed.add((code, _bare((row.get("bureau") or "").strip())))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(file.path), None, None, msg("a CSV file in UTF-8"), str(error)) from error
    places = zip(insee.tolist(), bureau.tolist(), strict=True)
    return np.array([(code, "") in listed or (code, _bare(each)) in listed for code, each in places], np.bool_)


def _bare(code: str) -> str:
    return code.lstrip("0") or code[:1]
