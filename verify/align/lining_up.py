"""Lining up: every row of every file finds its bureau, its poll and its choice, or is kept as a stray."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.transmission import FOLDER
from protocol.words import Text, msg
from verify.align.bureaux import divide_list, doubtful_codes, universe_of, with_one_code, without_common
from verify.align.choice_lists import contests_of, name_by_figures
from verify.align.communes import complete, plain
from verify.align.elections import ResultsOfElection, by_election
from verify.align.files import Files
from verify.align.lined_tables import MOST, Entries, Located, line_up, line_up_counts, lined_way_up
from verify.align.place_names import number_places
from verify.align.polls import polls_of, polls_of_rows
from verify.align.shifted import shifted_records
from verify.align.total_rows import contradicted_totals
from verify.model import machine_evidence
from verify.model.evidence import (
    Counted,
    LinedEvidence,
    LinedVotes,
    OtherElection,
    OtherPoll,
    Read,
    StatedDay,
    Stray,
    WrongShare,
)
from verify.model.figures import Ints
from verify.model.identity import UNSTATED, stated_in
from verify.model.machine_evidence import count_machines
from verify.model.published import Level, Published
from verify.model.universe import Universe, find_units, have_zeros, or_without_zeros
from verify.model.use import file_of
from verify.read.published import sums
from verify.read.sheet import Sheet, join_sheets, places_of
from verify.read.totals import names_total

if TYPE_CHECKING:
    from verify.model.follow_ups import FollowUp


T = TypeVar("T")

MOST_STRAYS = 100_000
"""So many bureaux of one file that are not on the list are named, each with a finding of its own."""


def line_up_evidence(files: Files) -> LinedEvidence:
    """Everything lined up with the official list, or with what stands in for it; the files are completed on the way."""
    polls = polls_of(files)
    files.attempt(", ".join(files.sheets), partial(complete, files, polls))
    own, others = files.attempt("published", partial(by_election, files, polls)) or (None, [])
    files.published = files.published if own is None else own.tables
    files.attempt("bureau", partial(number_places, files))
    other_codes = files.attempt("insee", partial(with_one_code, files)) or ()
    universe, repeats = universe_of(files)
    universe = files.attempt(universe.source, partial(divide_list, files, universe, polls)) or universe
    files.attempt(night.VOTES.file, partial(name_by_figures, files, universe, polls))
    evidence = LinedEvidence(
        polls=polls,
        universe=universe,
        contests=contests_of(files, universe, polls),
        repeats=repeats,
        tables=tuple(_with_codes(table, universe) for table in files.published),
        follow_ups=followed_up(files, universe),
        stated=UNSTATED if own is None else own.stated,
        days=_stated_days(files),
        other_codes=other_codes,
        **{each.name: getattr(files, each.name) for each in fields(Read)},
    )
    evidence.problems += files.attempt(universe.source, partial(doubtful_codes, universe, files)) or []
    evidence.other_polls += _of_choices(evidence)
    evidence.other_elections += [] if own is None else _apart(files, own, others)
    _line_up_machines(files, evidence)
    evidence.wrong_shares = files.attempt("%", lambda: list(_wrong_shares(files, universe))) or []
    central = _set_central_apart(files, universe)
    evidence.signatures = _table(files, evidence, night.SIGNATURES, _counted)
    evidence.records = _table(files, evidence, night.RECORDS, _counted)
    evidence.tabulation = _table(files, evidence, night.TABULATION, _counted)
    evidence.votes = _table(files, evidence, night.VOTES, _votes)
    if central is not None:
        evidence.tabulated = files.attempt(central.file, partial(_votes, files, evidence, TABULATION, central))
    evidence.shifted = files.attempt(night.RECORDS.file, partial(shifted_records, evidence))
    _line_up_rare(files, evidence)
    evidence.problems += files.attempt(universe.source, partial(without_common, evidence, files.sheets)) or []
    return evidence


def _with_codes(table: Published, universe: Universe) -> Published:
    """Results by commune with the codes of communes that they only name."""
    if table.level is not Level.COMMUNE or not sums.only_names(table):
        return table
    codes = _communes(universe)
    return replace(table, insee=sums.each(table.commune, lambda name: codes.get(plain(name), "")))


TABULATION = night.TABULATION.kind


def _set_central_apart(files: Files, universe: Universe) -> Sheet | None:
    """Take rows of centralising records from among the PVs, of bureaux that have a PV; gives their votes by choice.

    Of a bureau without a PV the centralising record stands for it, and keeps its row. Its totals go with the others.
    """
    votes = None
    for kind in (night.RECORDS.kind, night.VOTES.kind):
        sheet = files.sheets.get(kind)
        if sheet is None or not any(piece.central for piece in sheet.pieces):
            continue
        central = np.array([piece.central for piece in sheet.pieces], np.bool_)[sheet.piece_of]
        unit = find_units(universe, sheet.texts["insee"], sheet.texts["bureau"])
        total = sheet.coded("bureau").marks(names_total)
        moved = central & (np.isin(unit, unit[~central & (unit >= 0)]) | total)
        if not moved.any():
            continue
        own = sheet.some(central if (moved & ~total).any() else moved)
        files.sheets[kind] = sheet.some(~moved)
        if kind == night.VOTES.kind:
            votes = own
        else:
            given = files.sheets.get(TABULATION)
            files.sheets[TABULATION] = own if given is None else join_sheets([given, own])
    return votes


def _wrong_shares(files: Files, universe: Universe) -> Iterator[WrongShare]:
    """Percentages that are not the ratio of their counts, with the codes of their bureaux as the list has them."""
    for table in (night.RECORDS, night.SIGNATURES, night.VOTES):
        sheet = files.sheets.get(table.kind)
        if sheet is None or not sheet.shares:
            continue
        rows = np.array([off.unit for off in sheet.shares], np.int64)
        insee, bureau = (sheet.texts[name][rows] for name in ("insee", "bureau"))
        units = find_units(universe, insee, bureau).tolist()
        for off, unit, place in zip(sheet.shares, units, zip(insee, bureau, strict=True), strict=True):
            codes = place if unit < 0 else (universe.insee[unit], universe.bureau[unit])
            written = off.field, str(off.left), str(off.right), off.how
            yield WrongShare(off.place, table.kind.piece, str(codes[0]), str(codes[1]), *written)


def _line_up_rare(files: Files, evidence: LinedEvidence) -> None:
    """Line up what few nights have: published results, the way up, the other round. Each is imported if there."""
    for published in files.published:
        if published.level is Level.BUREAU:
            from verify.align.lined_published import published_lines

            lines = files.attempt(published.file, partial(published_lines, evidence, published))
            evidence.published += [] if lines is None else [lines]
    if files.way_up:
        way_up = partial(lined_way_up, evidence, files.way_up, partial(_locate, files))
        evidence.way_up = files.attempt(FOLDER, way_up)
    if files.other_round is not None:
        from verify.align.lined_published import other_round

        source = files.other_round
        evidence.other_round = files.attempt(source.file, partial(other_round, evidence, source, files.other_choices))


def _stated_days(files: Files) -> tuple[StatedDay, ...]:
    """The day that `election.toml` says, and those that columns of tables and of published results say, by file."""
    found = []
    if files.election is not None:
        found.append(StatedDay(night.ELECTION, None, files.election.date.isoformat()))
    for table in (night.RECORDS, night.SIGNATURES, night.VOTES):
        if (sheet := files.sheets.get(table.kind)) is not None:
            own = stated_in(tuple(sheet.extra), zip(*sheet.extra.values(), strict=True)) if sheet.extra else UNSTATED
            days = [(piece.name, piece.stated.day or own.day) for piece in sheet.pieces]
            found += [StatedDay(name, table.kind.piece, day.isoformat()) for name, day in days if day is not None]
    days = [(each.file, each.says.day) for each in files.published]
    found += [StatedDay(name, EvidenceKind.PUBLISHED, day.isoformat()) for name, day in days if day is not None]
    return tuple(dict.fromkeys(found))


def _apart(files: Files, own: ResultsOfElection, others: list[ResultsOfElection]) -> Iterator[OtherElection]:
    """Results of other elections, each lined up as if it had been given by itself."""
    for group in (own, *others):
        for table in group.supposed:
            files.note(
                table.file, msg("does not say of which election: taken for {election}", election=group.stated.text)
            )
    for group in others:
        alone = Files(files.name, published=group.tables, thresholds=files.thresholds, failures=files.failures)
        names = dict.fromkeys(table.file for table in group.tables)
        lined = files.attempt(", ".join(names), partial(line_up_evidence, alone))
        if lined is not None:
            beside = not set(map(file_of, names)) - {file_of(table.file) for table in own.tables}
            yield OtherElection(group.stated, own.stated, lined, beside)


def _table(
    files: Files,
    evidence: LinedEvidence,
    table: night.NightTable,
    line_up: Callable[[Files, LinedEvidence, EvidenceKind, Sheet], T],
) -> T | None:
    sheet = files.sheets.get(table.kind)
    return None if sheet is None else files.attempt(sheet.file, lambda: line_up(files, evidence, table.kind, sheet))


def _line_up_machines(files: Files, evidence: LinedEvidence) -> None:
    """Exports and module images, and what the machines counted by both."""
    of, exports, urns = (evidence.universe, evidence.polls), files.reading, files.urns
    if exports is not None:
        names = tuple(files.name(file.path) for file in exports.files)
        line_up = partial(machine_evidence.line_up_exports, exports, names, *of, files.election)
        evidence.exports = files.attempt(night.EXPORTS, line_up)
    if urns is not None:
        names = tuple(files.name(file.path) for file in urns.files)
        of_images = partial(machine_evidence.line_up_urns, urns, names, *of, evidence.exports, files.election)
        evidence.urns = files.attempt(night.URNS, of_images)
    both = partial(count_machines, evidence.exports, evidence.urns, *of)
    evidence.machines = files.attempt(night.EXPORTS, both)


def _counted(files: Files, evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet) -> Counted:
    return line_up_counts(evidence, sheet, _locate(files, evidence, kind, sheet), kind)


def _locate(files: Files, evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet) -> Located:
    """Unit and poll of every row, and which rows have both."""
    unit = _units(files, evidence.universe, sheet)
    poll = polls_of_rows(evidence, kind, sheet, unit)
    totals = _strays(evidence, kind, sheet, unit, poll)
    if kind == night.TABULATION.kind:  # of a night's own, T3 and R2 compare the totals
        totals = [row for row in totals if sheet.pieces[sheet.piece_of[row]].central]
    if totals:
        evidence.contradicted_totals += contradicted_totals(sheet, kind.piece, totals)
    return Located(unit, poll, (unit >= 0) & (poll >= 0))


def _units(files: Files, universe: Universe, sheet: Sheet) -> Ints:
    """The unit of every row, -1 for none."""
    insee, codes = sheet.texts["insee"], sheet.texts["bureau"]
    unit = universe.find(insee, codes)
    if (unit >= 0).all():
        return unit
    # of two files, neither of them the list; or a spreadsheet took all zeros at the start of one, or of the list; or
    # all codes of a file have others than the list: 01 to 12 for 0001 to 0012
    if not universe.official:
        return or_without_zeros(unit, universe, insee, codes)
    completed, spoilt = unit.copy(), dict[str, None]()
    for number in np.unique(sheet.piece_of[unit < 0]).tolist():
        rows = np.flatnonzero(sheet.piece_of == number)
        of_list = have_zeros(codes[rows]) and not have_zeros(universe.bureau)
        if of_list or not have_zeros(codes[rows]) or (unit[rows] < 0).all():
            completed[rows] = or_without_zeros(unit[rows], universe, insee[rows], codes[rows])
            spoilt |= dict.fromkeys(universe.sources if of_list else (sheet.pieces[number].file,))
    if len(np.unique(completed[completed != unit])) <= 1:  # one alone may as well be a slip of the pen
        return unit
    for file in spoilt:
        files.note(file, msg("codes of bureaux without their zeros"))
    return completed


def _votes(files: Files, evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet) -> LinedVotes:
    rows = _locate(files, evidence, kind, sheet)
    good = rows.good
    choice, places = sheet.coded("choix"), places_of(sheet, kind.piece)
    entry = Entries(
        choice.labels,
        replace(places, file=places.file[good], at=places.at[good]),
        rows.unit[good],
        rows.poll[good],
        np.asarray(choice.codes[good], np.int64),
        sheet.counts["votes"][good],
        sheet.piece_of[good],
    )
    return line_up(evidence, entry)


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

    A commune may be named in place of its code, and left out where only one has the bureau; a bureau may lack the zeros
    at its start: what was written before the codes were known stays with its bureau.
    """
    if not files.follow_ups and not files.sources.added:
        return ()
    from verify.read.follow_ups import read_additions

    added, problems = read_additions(files.sources.added, "--add")
    files.problems += problems
    communes = _communes(universe)
    found = []
    for each in (*files.follow_ups, *added):
        insee = communes.get(plain(each.insee), "") if each.insee else _only_commune(universe, each.bureau)
        bureau = _bureau(universe, insee, each.bureau)
        if each.insee and not insee:
            _name(files, each, "insee", msg("the code or the name of a commune of the list"), each.insee)
        elif bureau is None:
            _name(files, each, "bureau", msg("a bureau of the list"), f"{insee} {each.bureau}")
        else:
            found.append(replace(each, insee=insee, bureau=bureau))
    return tuple(found)


def _only_commune(universe: Universe, bureau: str) -> str:
    """The code of the only commune with a bureau; empty for several, and for none."""
    same = np.char.lstrip(universe.bureau, "0") == bureau.lstrip("0")
    codes = np.unique(universe.insee[same]) if bureau else np.zeros(0, np.str_)
    return str(codes[0]) if len(codes) == 1 else ""


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
