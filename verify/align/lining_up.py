"""Lining up: every row of every file finds its bureau, its poll and its choice, or is kept as a stray."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.transmission import FOLDER
from protocol.words import Text, cited, msg, nmsg, series
from verify.align.bureaux import universe_of
from verify.align.choice_lists import contests_of
from verify.align.codes import doubtful_codes, with_one_code, without_common
from verify.align.elections import ResultsOfElection, by_election, stated_days
from verify.align.files import Files, complete, divide_list, plain, polls_of, with_bureaux
from verify.align.lined_tables import MOST, Entries, Located, line_up, line_up_counts, unknown_poll
from verify.align.shifted import shifted_records
from verify.align.total_rows import contradicted_totals
from verify.model import machine_evidence
from verify.model.evidence import Counted, LinedEvidence, LinedVotes, OtherElection
from verify.model.failures import failure
from verify.model.figures import Ints
from verify.model.identity import UNSTATED
from verify.model.machine_evidence import count_machines
from verify.model.published import Level
from verify.model.table_faults import NO_POLL, OtherPoll, Stray
from verify.model.universe import Universe, have_zeros, or_without_zeros
from verify.model.use import ColumnMissing, file_of
from verify.read.sheet import Sheet, spots_of
from verify.read.totals import names_total

if TYPE_CHECKING:
    from verify.model.follow_ups import FollowUp


T = TypeVar("T")

MOST_STRAYS = 100_000
"""So many bureaux of one file that are not on the list are named, each with a finding of its own."""


class LiningUp:
    """Turns files into `LinedEvidence`; used once."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def evidence(self) -> LinedEvidence:
        """Everything lined up with the official list, or with what stands in for it."""
        polls = polls_of(self._files)
        files = self._files
        self._by_itself(", ".join(files.sheets), partial(complete, files, polls))
        own, others = self._by_itself("published", partial(by_election, files, polls)) or (None, [])
        files.published = files.published if own is None else own.tables
        other_codes = self._by_itself("insee", partial(with_one_code, files)) or ()
        universe, repeats = universe_of(self._files)
        universe = self._by_itself(universe.source, partial(divide_list, files, universe, polls)) or universe
        evidence = LinedEvidence(
            election=self._files.election,
            polls=polls,
            universe=universe,
            contests=contests_of(self._files, universe, polls),
            inputs=self._files.inputs,
            problems=self._files.problems,
            repeats=repeats,
            tables=tuple(self._files.published),
            manifest=self._files.manifest,
            present=self._files.present,
            thresholds=self._files.thresholds,
            failures=self._files.failures,
            follow_ups=followed_up(self._files, universe),
            dumps=self._files.dumps,
            stated=UNSTATED if own is None else own.stated,
            days=stated_days(files),
            other_codes=other_codes,
        )
        doubtful = partial(doubtful_codes, universe, files.sheets, files.published)
        evidence.problems += self._by_itself(universe.source, doubtful) or []
        evidence.other_polls += _of_choices(evidence)
        evidence.other_elections += [] if own is None else self._apart(own, others)
        self._machines(evidence)
        evidence.wrong_shares = self._by_itself("%", partial(with_bureaux, files.shares, universe)) or files.shares
        evidence.signatures = self._table(evidence, night.SIGNATURES, self._counted)
        evidence.records = self._table(evidence, night.RECORDS, self._counted)
        evidence.tabulation = self._table(evidence, night.TABULATION, self._counted)
        evidence.votes = self._table(evidence, night.VOTES, self._votes)
        evidence.shifted = self._by_itself(night.RECORDS.file, lambda: shifted_records(evidence))
        self._results(evidence)
        evidence.problems += self._by_itself(universe.source, partial(without_common, evidence, files.sheets)) or []
        return evidence

    def _results(self, evidence: LinedEvidence) -> None:
        """Line up what few nights have: published results, the way up, the other round. Each is imported if there."""
        files = self._files
        for published in files.published:
            if published.level is Level.BUREAU:
                from verify.align.lined_published import published_lines

                lines = self._by_itself(published.file, partial(published_lines, evidence, published))
                evidence.published += [] if lines is None else [lines]
        if files.way_up:
            from verify.align.lined_tables import lined_way_up

            evidence.way_up = self._by_itself(FOLDER, partial(lined_way_up, evidence, files.way_up, self._index))
        if files.other_round is not None:
            from verify.align.lined_published import other_round

            evidence.other_round = self._by_itself(
                files.other_round.file, partial(other_round, evidence, files.other_round, files.other_choices)
            )

    def _apart(self, own: ResultsOfElection, others: list[ResultsOfElection]) -> Iterator[OtherElection]:
        """Results of other elections, each lined up as if it had been given by itself."""
        files = self._files
        for group in (own, *others):
            for table in group.supposed:
                said = msg("does not say of which election: taken for {election}", election=group.stated.text)
                files.note(table.file, said)
        for group in others:
            alone = Files(files.name, published=group.tables, thresholds=files.thresholds, failures=files.failures)
            names = dict.fromkeys(table.file for table in group.tables)
            lined = self._by_itself(", ".join(names), LiningUp(alone).evidence)
            if lined is not None:
                beside = not set(map(file_of, names)) - {file_of(table.file) for table in own.tables}
                yield OtherElection(group.stated, own.stated, lined, beside)

    def _by_itself(self, what: str, make: Callable[[], T]) -> T | None:
        """Line up one file, or what the machines left. Whatever is raised is a failure of it, and the rest goes on."""
        try:
            return make()
        except Exception as error:
            self._files.failures.append(failure(what, error))
            return None

    def _table(
        self,
        evidence: LinedEvidence,
        table: night.NightTable,
        line_up: Callable[[LinedEvidence, EvidenceKind, Sheet], T],
    ) -> T | None:
        sheet = self._files.sheets.get(table.kind)
        return None if sheet is None else self._by_itself(sheet.file, lambda: line_up(evidence, table.kind, sheet))

    def _machines(self, evidence: LinedEvidence) -> None:
        """Exports and module images, and what the machines counted by both."""
        files, universe, polls, election = self._files, evidence.universe, evidence.polls, self._files.election
        exports, urns = files.reading, files.urns
        if exports is not None:
            names = tuple(files.name(file.path) for file in exports.files)
            line_up = partial(machine_evidence.line_up_exports, exports, names, universe, polls, election)
            evidence.exports = self._by_itself(night.EXPORTS, line_up)
        if urns is not None:
            names = tuple(files.name(file.path) for file in urns.files)
            of_images = partial(machine_evidence.line_up_urns, urns, names, universe, polls, evidence.exports, election)
            evidence.urns = self._by_itself(night.URNS, of_images)
        both = partial(count_machines, evidence.exports, evidence.urns, universe, polls)
        evidence.machines = self._by_itself(night.EXPORTS, both)

    def _counted(self, evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet) -> Counted:
        return line_up_counts(evidence, sheet, self._index(evidence, kind, sheet), kind)

    def _index(self, evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet) -> Located:
        """Unit and poll of every row, and which rows have both."""
        unit = self._units(evidence, sheet)
        poll, every = _polls(evidence, kind, sheet, unit)
        totals = _strays(evidence, kind, sheet, unit, poll)
        if totals and kind != night.TABULATION.kind:
            evidence.contradicted_totals += contradicted_totals(sheet, kind.piece, totals)
        good = unit >= 0
        return Located(unit, poll, good if every else np.asarray(good & (poll >= 0), np.bool_))

    def _units(self, evidence: LinedEvidence, sheet: Sheet) -> Ints:
        """The unit of every row, -1 for none."""
        unit = evidence.universe.find(sheet.texts["insee"], sheet.texts["bureau"])
        official, codes = evidence.universe.official, sheet.texts["bureau"]
        with_zeros = [have_zeros(each) for each in (codes, evidence.universe.bureau)]
        if (unit >= 0).all() or (official and all(with_zeros)):
            return unit
        # of two files, neither of them the list; or a spreadsheet took all zeros at the start of one, or of the list
        found = or_without_zeros(unit, evidence.universe, sheet.texts["insee"], codes)
        if not official:
            return found
        if len(np.unique(found[found != unit])) <= 1:  # one alone may as well be a slip of the pen
            return unit
        for file in evidence.universe.sources if with_zeros[0] else sheet.files:
            self._files.note(file, msg("codes of bureaux without their zeros"))
        return found

    def _votes(self, evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet) -> LinedVotes:
        rows = self._index(evidence, kind, sheet)
        unit, poll, good = rows.unit, rows.poll, rows.good
        choice, spots = sheet.coded("choix"), spots_of(sheet)
        entry = Entries(
            unit[good],
            poll[good],
            np.asarray(choice.codes[good], np.int64),
            sheet.counts["votes"][good],
            sheet.row[good],
            np.zeros(int(good.sum()), np.int64) if spots.of is None else spots.of[good],
            sheet.piece_of[good],
        )
        return line_up(evidence, kind.piece, entry, choice.labels, spots)


def _polls(evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet, unit: Ints) -> tuple[Ints, bool]:
    """The index of every row's poll, -1 for none of this day, and whether every row has one."""
    scrutin = sheet.coded("scrutin")
    different, code = scrutin.labels, scrutin.codes
    numbers = {number: index for index, number in enumerate(evidence.polls)}
    of_code = [numbers.get(int(text), -1) if night.is_poll(text) else -1 for text in different]
    named = np.array([night.is_poll(text) for text in different], np.bool_)
    if len(of_code) == 1:
        poll: Ints = np.broadcast_to(np.int64(of_code[0]), len(unit))  # takes no room
    else:
        poll = np.array(of_code, np.int64)[code]
    for number in np.flatnonzero(named & (np.array(of_code) < 0)).tolist():
        rows = np.flatnonzero(code == number)
        for piece in np.unique(sheet.piece_of[rows]).tolist():
            here = rows[sheet.piece_of[rows] == piece]
            place, file = sheet.place(int(here[0])), sheet.pieces[piece].file
            evidence.other_polls.append(OtherPoll(kind, file, place, int(different[number]), len(here), unit[here]))
    together = np.zeros(0, np.int64) if named.all() else _of_no_poll(evidence, kind, sheet, unit)
    unknown: list[int] = [] if named.all() else np.setdiff1d(np.flatnonzero(~named[code]), together).tolist()
    for row in unknown[:MOST]:
        if not names_total(str(sheet.texts["insee"][row]), str(sheet.texts["bureau"][row])):  # else named as that
            evidence.problems.append(unknown_poll(evidence, sheet, row))
    return poll, min(of_code, default=-1) >= 0


def _of_no_poll(evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet, unit: Ints) -> Ints:
    """Rows of a piece that say no poll, where none there does, or that all say the same other one; a piece at once."""
    scrutin = sheet.coded("scrutin")
    times = np.bincount(scrutin.codes, minlength=len(scrutin.labels)).tolist()
    some = [
        code for code, text in enumerate(scrutin.labels) if not night.is_poll(text) and (times[code] > 1 or not text)
    ]
    rows = [np.zeros(0, np.int64)]
    said: dict[int, list[Text]] = {}
    for code in some[:MOST]:
        text, of_text = scrutin.labels[code], np.flatnonzero(scrutin.codes == code)
        for piece in np.unique(sheet.piece_of[of_text]).tolist():
            here = of_text[sheet.piece_of[of_text] == piece]
            if len(here) > 1 if text else len(here) == np.count_nonzero(sheet.piece_of == piece):
                name = cited(text) if text else msg("nothing")
                said.setdefault(piece, []).append(
                    nmsg("{name} ({count:n} row)", "{name} ({count:n} rows)", len(here), name=name)
                )
                place = sheet.place(int(here[0]))
                file = sheet.pieces[piece].file
                evidence.other_polls.append(OtherPoll(kind, file, place, NO_POLL, len(here), unit[here]))
                rows.append(here)
    for piece, names in said.items():
        expected = msg(
            "the poll of each row ({polls}): its number or its name in election.toml, in a column, in the sheet's "
            "title or in the file's name",
            polls=series(evidence.polls),
        )
        evidence.problems.append(ColumnMissing(sheet.pieces[piece].name, None, "scrutin", expected, series(names)))
    return np.concatenate(rows)


def _strays(evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet, unit: Ints, poll: Ints) -> list[int]:
    """Note the bureaux that are not on the list; gives the rows among theirs that are totals."""
    universe = evidence.universe
    seen: set[tuple[str, str, int]] = set()
    totals: list[int] = []
    for row in np.flatnonzero(unit < 0).tolist():
        insee, bureau = str(sheet.texts["insee"][row]), str(sheet.texts["bureau"][row])
        is_total = names_total(insee, bureau)
        totals += [row] if is_total else []
        of_poll = evidence.polls[poll[row]] if len(evidence.polls) > 1 and poll[row] >= 0 else 0
        if (insee, bureau, of_poll) in seen:
            continue
        seen.add((insee, bureau, of_poll))
        if len(seen) > MOST_STRAYS:
            continue
        nearest = universe.nearest(insee, bureau) if len(seen) <= MOST else None
        evidence.strays.append(
            Stray(kind, sheet.shown(row), sheet.place(row), insee, bureau, nearest, of_poll, is_total)
        )
        if not universe.official and len(seen) <= MOST and not is_total:
            expected, got = msg("a bureau of {source}", source=universe.source), f"{insee} {bureau}".strip()
            evidence.problems.append(InputError(sheet.shown(row), int(sheet.row[row]), "bureau", expected, got))
    if len(seen) > MOST_STRAYS:
        allowed = msg("at most {most} bureaux that are not on the list", most=MOST_STRAYS)
        named_first = msg("{count}; the first are named", count=len(seen))
        evidence.problems.append(InputError(sheet.file, None, "bureau", allowed, named_first))
    return totals


def _of_choices(evidence: LinedEvidence) -> Iterator[OtherPoll]:
    """Polls that the list of choices has and the day has not."""
    contests = evidence.contests
    for number in dict.fromkeys(each.poll for each in contests.contests if each.poll not in evidence.polls):
        choices = sum(len(contest.listed) for contest in contests.contests if contest.poll == number)
        nobody = np.zeros(0, np.int64)
        yield OtherPoll(night.CHOICES.kind, contests.source, contests.source, number, choices, nobody)


def followed_up(files: Files, universe: Universe) -> tuple[FollowUp, ...]:
    """The follow-ups, with the codes of the list; the problems of the files get those of no commune or bureau of it.

    A commune may be named in place of its code, and a bureau without the zeros at its start: what was written before
    the codes were known stays with its bureau.
    """
    if not files.follow_ups and not files.sources.added:
        return ()
    from verify.read.follow_ups import read_additions

    added, problems = read_additions(files.sources.added, "--add")
    files.problems += problems
    communes = _communes(universe)
    found = []
    for each in (*files.follow_ups, *added):
        insee, bureau = _place(universe, communes, each.insee, each.bureau)
        if each.insee and not insee:
            _name(files, each, "insee", msg("the code or the name of a commune of the list"), each.insee)
        elif bureau is None:
            _name(files, each, "bureau", msg("a bureau of the list"), f"{insee} {each.bureau}")
        else:
            found.append(replace(each, insee=insee, bureau=bureau))
    return tuple(found)


def place_today(universe: Universe, insee: str, bureau: str) -> tuple[str, str | None]:
    """A bureau by its codes on the list, by the rules of `followed_up`.

    Args:
        universe: the list.
        insee: code or name of its commune.
        bureau: its code.

    Returns:
        The code of the commune, empty where there is none, and that of the bureau, None where there is none.
    """
    return _place(universe, _communes(universe), insee, bureau)


def _place(universe: Universe, communes: Mapping[str, str], insee: str, bureau: str) -> tuple[str, str | None]:
    code = communes.get(plain(insee), "") if insee else ""
    return code, _bureau(universe, code, bureau)


def _communes(universe: Universe) -> Mapping[str, str]:
    """The INSEE code of each commune, by itself and by its name where only one has that."""
    named: dict[str, set[str]] = {}
    for name, insee in zip(universe.commune.tolist(), universe.insee.tolist(), strict=True):
        named.setdefault(plain(name), set()).add(insee)
    by_name = {name: codes.pop() for name, codes in named.items() if name and len(codes) == 1}
    return by_name | {plain(insee): insee for insee in universe.insee.tolist()}


def _bureau(universe: Universe, insee: str, bureau: str) -> str | None:
    """The code of a bureau as the list has it; None where it has none."""
    if not bureau or universe.has(insee, bureau):
        return bureau
    near = universe.nearest(insee, bureau)
    return near if near is not None and near.lstrip("0").casefold() == bureau.lstrip("0").casefold() else None


def _name(files: Files, each: FollowUp, column: str, expected: Text, got: str) -> None:
    file, _, row = each.source.rpartition(":")
    files.problems.append(InputError(file, int(row), column, expected, got))
