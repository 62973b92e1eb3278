"""V503: every outcome that the evidence allows, over all readings of it, and the fewest readings that reach each.

A group is some bureaux with the ways in which they can be read: as they stand, with one reading made, or several. Each
way has its own figures, and its own votes beyond signatures or voters, which are taken and given as in `sums`.
An outcome rests on comparisons of two choices, or of one with a threshold. A comparison is a sum over bureaux, so that
the least and the most that it can come to are known at once, whatever the number of readings. Where no comparison that
counts can change its sign, there is one outcome. Else every selection of readings is tried, and in each every way of
taking the votes, as far as they differ in the sign of a comparison; where these are too many, the selections that push
a comparison furthest, and then integer programs look for whatever else there is. Without a solver, or where a program
ends without a proof, the result says that not all were tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from verify.materiality.comparisons import SumFigures, VoteComparison, bar_comparison
from verify.materiality.contest import Bureaux, ContestCount
from verify.materiality.deduction import ContestVerdict, lacking
from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.outcome import ContestOutcome, Threshold, Totals, bonus, decide, reimbursed_from, thresholds
from verify.materiality.programs import NotProvenError, ProgramRow, ReadingProgram, is_solver_there
from verify.materiality.pushing import Pushes
from verify.materiality.sums import BallotMoves, add_ways
from verify.model.figures import Bools, Ints

MOST_SELECTIONS = 4096
"""Selections of readings that are tried at most."""
MOST_WAYS = 500_000
"""Ways of taking and giving votes that are looked at at most, over all selections."""
MOST_SHARES = 2_000_000
"""Lists times seats, over all ways: where seats are shared out, each way is looked at by itself."""
MOST_PROGRAMS, MOST_COLUMNS = 500, 400_000
"""Integer programs that are solved at most, and their columns in all."""
_STAKE = 8
"""Choices of one program at most: the votes that they lose together have a row for each set of them."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way of reading some bureaux: the numbers of the readings that are made, and the bureaux as they then are."""

    readings: frozenset[int]
    bureaux: Bureaux


@dataclass(frozen=True, slots=True)
class ReadGroup:
    """Bureaux that are read together: their rows in the contest, and the ways; the first is as they stand.

    ``complete``: whether these are all ways.
    """

    rows: Ints
    options: tuple[Option, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class PossibleOutcome:
    """An outcome that is possible, and the fewest readings found that reach it; none where the votes alone do."""

    outcome: ContestOutcome
    readings: frozenset[int]


@dataclass(frozen=True, slots=True)
class BarCrossed:
    """A choice that can come to the other side of a threshold: whether it reaches it then, and the fewest readings."""

    bar: Threshold
    choice: int
    reaches: bool
    readings: frozenset[int]


@dataclass(frozen=True, slots=True)
class EveryOutcome:
    """Possible outcomes.

    Attributes:
        outcome: with the certain corrections made; None where it cannot be told.
        stated: of the figures as they are written, where these corrections make it another.
        corrected: whether these corrections change a figure of the contest.
        others: every other one, those with the fewest readings first.
        bars: thresholds that count in the whole contest, and that of the reimbursement.
        crossed: those that a choice can be on the other side of.
        safe: the fewest readings found with which the outcome cannot be another, where it can as the figures stand.
        alone: readings that each decide another outcome without any vote taken away.
        complete: whether every selection and every way was looked at, or need not be.
        verdict, lacking: as in `deduction.Deduction`; ``tries`` is lacking where there are too many.
    """

    outcome: ContestOutcome | None
    others: tuple[PossibleOutcome, ...]
    safe: frozenset[int]
    complete: bool
    verdict: ContestVerdict
    lacking: str = ""
    bars: tuple[Threshold, ...] = ()
    crossed: tuple[BarCrossed, ...] = ()
    stated: ContestOutcome | None = None
    corrected: bool = False
    alone: frozenset[int] = frozenset()


def every_outcome(count: ContestCount, groups: Sequence[ReadGroup], stated: ContestCount | None = None) -> EveryOutcome:
    """Find what is possible in one contest (V503).

    Args:
        count: with the certain corrections made.
        groups: bureaux that can be read otherwise.
        stated: the contest as it is written, where there are such corrections.
    """
    lacks = lacking(count)
    if count.ballot is None or lacks:
        return EveryOutcome(None, (), frozenset(), False, ContestVerdict.CANNOT_TELL, lacks)
    before = decide(count.ballot, count.totals)
    found = _OutcomeSearch(count, count.ballot, groups, before)
    found.look()
    others = sorted(found.reached.items(), key=lambda each: (len(each[1]), sorted(each[1])))
    others = [each for each in others if each[0] != before]
    verdict = ContestVerdict.MATERIAL if others else ContestVerdict.NOT_MATERIAL
    if not others:
        lacks = "seats" if before.seats_unknown else "votes" if count.scope.unplaced else ""
        lacks = lacks if found.complete or lacks else "tries"
        verdict = ContestVerdict.CANNOT_TELL if lacks else verdict
    possible = tuple(PossibleOutcome(*each) for each in others)
    bars = found.bars() if count.scope.whole else ()
    crossed = found.crossed(bars)
    written = None if stated is None or lacking(stated) else decide(count.ballot, stated.totals)
    written = None if written == before else written
    verdict = verdict if written is None else ContestVerdict.MATERIAL
    safe, corrected = found.safe or frozenset(), stated is not None and _sums(stated) != _sums(count)
    alone = _alone(count, count.ballot, groups, before)
    return EveryOutcome(
        before, possible, safe, found.complete, verdict, lacks, bars, crossed, written, corrected, alone
    )


def _alone(count: ContestCount, ballot: Ballot, groups: Sequence[ReadGroup], before: ContestOutcome) -> frozenset[int]:
    """Find readings of one bureau that decide another outcome by themselves."""
    found: set[int] = set()
    for group in groups:
        stands, *others = group.options
        for option in others:
            read = count.totals.without(stands.bureaux.totals(), option.bureaux.totals())
            if len(option.readings) == 1 and decide(ballot, read) != before:
                found |= option.readings
    return frozenset(found)


def _sums(count: ContestCount) -> tuple[object, ...]:
    """The figures that an outcome and its change rest on."""
    return count.totals, int(count.bureaux.excess.sum()), int(count.bureaux.added.sum())


class _OutcomeSearch:
    """Looks for the outcomes of a contest: ``reached`` has the readings of each, ``safe`` those that keep it."""

    def __init__(
        self, count: ContestCount, ballot: Ballot, groups: Sequence[ReadGroup], before: ContestOutcome
    ) -> None:
        self._count, self._ballot, self._before = count, ballot, before
        self._several = ballot.kind.several_names
        apart: Bools = np.ones(len(count.bureaux), np.bool_)
        for group in groups:
            apart[group.rows] = False
        rest = ReadGroup(np.flatnonzero(apart), (Option(frozenset(), count.bureaux.some(apart)),))
        self._groups = (rest, *groups)
        options = [option for group in self._groups for option in group.options]
        self._moves = [BallotMoves(option.bureaux, self._several) for option in options]
        self._costs = np.array([len(option.readings) for option in options])
        self._starts = np.cumsum([0, *(len(group.options) for group in self._groups)])[:-1]
        self._of = SumFigures.of([option.bureaux for option in options], self._moves)
        self._of.votes[0] += np.array(count.totals.votes) - count.bureaux.votes.sum(axis=0, dtype=np.int64)
        self._of.valid[0] += count.totals.valid - int(count.bureaux.valid.sum())
        self._of.registered[0] += (count.totals.registered or 0) - int(count.bureaux.registered.sum())
        self.reached: dict[ContestOutcome, frozenset[int]] = {}
        self.safe: frozenset[int] | None = None
        self.complete = True
        self._ways_left = MOST_WAYS
        self._changed: dict[int, Ints | None] = {}
        self._shares_left = MOST_SHARES

    def look(self) -> None:
        """Fill in what is reached."""
        self._open, self._at_stake, self._shared, self._of_averages = self._comparisons()
        if self._open or self._shared:
            for selection in self._selections():
                self._try(selection)
        else:
            self._try((0,) * len(self._groups))
        if not self.complete and is_solver_there():
            self.complete = self._prove()
        self.complete &= all(group.complete for group in self._groups)

    def _bounds(self, comparison: VoteComparison) -> tuple[int, int]:
        """Least and greatest value of a comparison over all readings."""
        low, high = comparison.bounds(self._of)
        starts = self._starts
        return int(np.minimum.reduceat(low, starts).sum()), int(np.maximum.reduceat(high, starts).sum())

    def _state(self, comparison: VoteComparison) -> int:
        return comparison.state(*self._bounds(comparison))

    def _comparisons(self) -> tuple[list[VoteComparison], list[int], bool, list[VoteComparison]]:
        """Those that count and are open, their choices, whether seats can be otherwise, and the averages."""
        kind, choices = self._ballot.kind, range(self._of.votes.shape[1])
        bars = thresholds(self._ballot, self._count.totals)
        of = {(bar, choice): bar_comparison(bar, choice) for bar in bars for choice in choices}
        state = {key: self._state(each) for key, each in of.items()}
        needed = [bar for bar in (Threshold.MAJORITY, Threshold.QUARTER) if bar in bars]
        self._elected = bool(needed) and any(all(state[bar, choice] == 1 for bar in needed) for choice in choices)
        seated = self._ballot.seats is not None and (
            kind is ElectionKind.EUROPEAN
            or (Threshold.TWENTIETH in bars and (self._ballot.final or not self._never(state)))
        )
        if self._elected and not seated and not self._several:
            return [], [], False, []
        never = {choice for bar, choice in of if bar in needed and state[bar, choice] == -1}
        here = [each for (bar, at), each in of.items() if state[bar, at] == 0 and not (bar in needed and at in never)]
        here += [
            each
            for each in (VoteComparison(choice, None, 1, strict=True) for choice in choices)
            if self._state(each) == 0
        ]
        here += self._pairs(state)
        averages = self._of_seats(state)
        shared = seated and bool(here or self._before.tied or not self._before.seats or averages)
        averages = averages if shared else []
        at_stake = {choice for each in (*here, *averages) for choice in (each.one, each.other) if choice is not None}
        if shared:
            at_stake |= {choice for choice in choices if state[Threshold.TWENTIETH, choice] >= 0}
        return here, sorted(at_stake), shared, averages

    def _never(self, state: dict[tuple[Threshold, int], int]) -> bool:
        """Check that nobody can have a majority."""
        return all(each == -1 for (bar, _), each in state.items() if bar is Threshold.MAJORITY)

    def _pairs(self, state: dict[tuple[Threshold, int], int]) -> list[VoteComparison]:
        """Comparisons of two choices that are open, between those that are neither in nor out whatever is read."""
        kind, choices = self._ballot.kind, range(self._of.votes.shape[1])
        if self._several:
            places = self._ballot.seats or 0
        elif self._ballot.final:
            places = 0 if kind is ElectionKind.EUROPEAN else 1
        else:
            bar = Threshold.EIGHTH if kind.threshold_of_registered else Threshold.TENTH
            enough = sum(state.get((bar, choice), 0) == 1 for choice in choices) >= 2
            places = 0 if kind is ElectionKind.MUNICIPAL_LISTS or enough else 2
        if not places or len(choices) <= places:
            return []
        bounds = [self._bounds(VoteComparison(choice, None, 1)) for choice in choices]
        least_in = sorted((low for low, _ in bounds), reverse=True)[places - 1]
        most_out = sorted((high for _, high in bounds), reverse=True)[places]
        between = [at for at in choices if bounds[at][1] >= least_in and bounds[at][0] <= most_out]
        pairs = [VoteComparison(one, other, 1, 1) for at, one in enumerate(between) for other in between[at + 1 :]]
        return [each for each in pairs if self._state(each) == 0]

    def _of_seats(self, state: dict[tuple[Threshold, int], int]) -> list[VoteComparison]:
        """The averages by which seats can be others than before; where there are none, they are the same."""
        admitted = [choice for choice in range(len(self._before.seats)) if state[Threshold.TWENTIETH, choice] >= 0]
        return [each for each in self._averages(self._before, admitted) if self._state(each) != 1]

    def _averages(self, outcome: ContestOutcome, admitted: Sequence[int]) -> list[VoteComparison]:
        """Comparisons of the average of a list's last seat with that of another's next; in a tie, of next ones too."""
        seats = list(outcome.seats)
        if not seats:
            return []
        for first in outcome.elected:
            seats[first] -= bonus(self._ballot.kind, self._ballot.seats or 0)
        pairs = [(one, other) for one in admitted for other in admitted if one != other]
        last = [VoteComparison(one, other, seats[other] + 1, seats[one]) for one, other in pairs if seats[one]]
        if not outcome.tied:
            return last
        return last + [
            VoteComparison(one, other, seats[other] + 1, seats[one] + 1) for one, other in pairs if one < other
        ]

    # --- Selections of readings ---

    def _selections(self) -> Iterator[tuple[int, ...]]:
        """Choose an option of each group, fewest readings first."""
        sizes = [len(group.options) for group in self._groups]
        if prod(sizes) <= MOST_SELECTIONS:
            for selection in sorted(product(*map(range, sizes)), key=lambda each: len(self._made(each))):
                yield selection
                if not self._ways_left:
                    break
            else:
                return
        self.complete = False
        yield from dict.fromkeys(((0,) * len(sizes), *self._pushed()))

    def _pushed(self) -> Iterator[tuple[int, ...]]:
        """Choose the options that push a comparison over its edge with the fewest readings, and those furthest."""
        for comparison in (*self._open, *self._of_averages):
            for sign in (-1, 1):
                pushes, now = self._push(comparison, sign)
                for needed in (-now, 1 - now):
                    if (fewest := pushes.fewest(needed)) is not None:
                        yield fewest
                yield pushes.furthest()

    def _made(self, selection: Sequence[int] | Ints) -> frozenset[int]:
        """The readings that are made."""
        return frozenset().union(
            *(group.options[at].readings for group, at in zip(self._groups, selection, strict=True) if at)
        )

    def _push(self, comparison: VoteComparison, sign: int) -> tuple[Pushes, int]:
        """The readings that push a comparison one way, and the push of the votes alone."""
        value = sign * comparison.bounds(self._of)[sign > 0]
        stands = value[self._starts]
        each = np.split(value - np.repeat(stands, np.diff(self._starts, append=len(value))), self._starts[1:])
        return Pushes(each, np.split(self._costs, self._starts[1:])), int(stands.sum())

    # --- Thresholds by themselves ---

    def bars(self) -> tuple[Threshold, ...]:
        """Thresholds that count, whoever is elected, and that of the reimbursement; none that is a share of nothing."""
        reimbursed, totals = reimbursed_from(self._ballot), self._count.totals
        bars = [] if self._elected else list(thresholds(self._ballot, totals))
        of_roll = (Threshold.QUARTER, Threshold.EIGHTH)
        return tuple(
            bar
            for bar in dict.fromkeys((*bars, *([] if reimbursed is None else [reimbursed])))
            if bar is Threshold.MAJORITY or (totals.registered if bar in of_roll else totals.valid)
        )

    def crossed(self, bars: Sequence[Threshold]) -> tuple[BarCrossed, ...]:
        """Those that a choice can come to the other side of, and the fewest readings with which it does."""
        found, totals = [], self._count.totals
        for bar in bars:
            for choice in range(len(totals.votes)):
                comparison = bar_comparison(bar, choice)
                held = comparison.signs(np.array([totals.votes]), totals.valid, totals.registered or 0)[0] > 0
                if self._state(comparison) == (1 if held else -1):
                    continue  # whatever is taken and read, it stays as it is
                pushes, now = self._push(comparison, -1 if held else 1)
                least, most = comparison.range_of(-1 if held else 1)
                selection = pushes.fewest((least if least is not None else -(most or 0)) - now)
                if selection is not None:
                    found.append(BarCrossed(bar, choice, not held, self._made(selection)))
        return tuple(found)

    # --- Integer programs ---

    def _prove(self) -> bool:
        """Find every outcome with the fewest readings: a program for each piece of what is possible; whether all were.

        The signs that the comparisons of one solution have give its outcome. What else is possible is split into
        pieces: in each another of these comparisons is the first with another sign.
        """
        if len(self._at_stake) > _STAKE and not self._several:
            return False
        program, found = self._program(), dict[ContestOutcome, frozenset[int]]()
        pieces: list[tuple[tuple[VoteComparison, int], ...]] = [()]
        for _ in range(min(MOST_PROGRAMS, MOST_COLUMNS // (len(program.costs) + 1))):
            if not pieces:
                break
            signs = pieces.pop()
            try:
                solved = program.solve([self._row(*each) for each in signs])
            except NotProvenError:
                return False
            if solved is None:
                continue
            outcome, made, here = self._solution(*solved)
            if len(made) < len(found.get(outcome, made)) or outcome not in found:
                found[outcome] = made
            for comparison, sign in here:
                if all(comparison != each for each, _ in signs):
                    pieces += [(*signs, (comparison, other)) for other in comparison.opposites(sign)]
                    signs = (*signs, (comparison, sign))
        if pieces or any(len(made) < len(found.get(outcome, ())) for outcome, made in self.reached.items()):
            return False
        self.reached |= {
            outcome: made
            for outcome, made in found.items()
            if outcome not in self.reached or len(made) < len(self.reached[outcome])
        }
        return self.reached.keys() == found.keys()

    def _program(self) -> ReadingProgram:
        """Every selection, and every way of taking and giving; other choices lose what is left."""
        rows, stake = [], self._at_stake
        for subset in range(1, 2 ** len(stake)):
            places = [at for at in range(len(stake)) if subset >> at & 1]
            if self._several and len(places) > 1:
                continue
            changes = np.zeros(len(stake), np.int64)
            changes[places] = 1
            lowest, highest = self._changes([stake[at] for at in places])
            (low, lows), (high, highs) = self._flat(lowest), self._flat(highest)
            rows += [ProgramRow(low, None, -lows, changes), ProgramRow(None, high, -highs, changes)]
        most = int(self._of.most.max(axis=1).sum() + self._of.added.sum())
        others = self._others()
        return ReadingProgram(
            costs=self._costs[others],
            groups=np.searchsorted(self._starts, others, "right"),
            least=np.full(len(stake), -most),
            most=np.full(len(stake), most),
            rows=tuple(rows),
        )

    def _changes(self, choices: list[int]) -> tuple[Ints, Ints]:
        """By how much the votes of some choices can change together in each option, at least and at most."""
        if self._several:
            [choice] = choices
            return -self._of.most[:, choice], self._of.added - self._of.least[:, choice]
        lowest, highest = zip(*(self._together([each], choices) for each in self._moves), strict=True)
        return np.array(lowest, np.int64), np.array(highest, np.int64)

    def _others(self) -> Ints:
        """The options that are not as the figures stand."""
        return np.setdiff1d(np.arange(len(self._costs)), self._starts)

    def _flat(self, values: Ints) -> tuple[int, Ints]:
        """A sum over the groups as they stand, and what each other option adds to it."""
        stands = values[self._starts]
        added = values - np.repeat(stands, np.diff(self._starts, append=len(values)))
        return int(stands.sum()), added[self._others()]

    def _row(self, comparison: VoteComparison, sign: int) -> ProgramRow:
        """A comparison that has a sign."""
        now, options = self._flat(comparison.value(self._of.votes, self._of.valid, self._of.registered))
        changes = np.zeros(len(self._at_stake), np.int64)
        changes[self._at_stake.index(comparison.one)] = comparison.a
        if comparison.other is not None:
            changes[self._at_stake.index(comparison.other)] -= comparison.b
        low, high = comparison.range_of(sign)
        return ProgramRow(None if low is None else low - now, None if high is None else high - now, options, changes)

    def _solution(
        self, picks: Ints, changes: Ints
    ) -> tuple[ContestOutcome, frozenset[int], list[tuple[VoteComparison, int]]]:
        """The outcome of a solution, its readings, and the signs that give this outcome wherever they are the same."""
        selection = np.zeros(len(self._groups), np.int64)
        picked = self._others()[picks > 0]
        at = np.searchsorted(self._starts, picked, "right") - 1
        selection[at] = picked - self._starts[at]
        stood, valid, registered = self._figures(selection)
        votes = stood - self._of.least[self._rows(selection)].sum(axis=0)  # of those not at stake any way will do
        votes[self._at_stake] = stood[self._at_stake] + changes
        outcome = self._outcome(votes.tolist(), valid, registered)

        def sign(comparison: VoteComparison) -> int:
            return int(comparison.signs(votes[None], valid, registered)[0])

        deciding = [each for each in self._open if each.other is None or _is_between(outcome, each.one, each.other)]
        if self._shared:
            admitted = [each for each in range(len(votes)) if sign(bar_comparison(Threshold.TWENTIETH, each)) > 0]
            averages = self._averages(outcome, admitted)
            equal = [each for each in averages if not sign(each)]
            deciding += [*averages, *(VoteComparison(each.one, each.other, 1, 1) for each in equal)]
        here = [(each, sign(each)) for each in deciding if not self._state(each)]
        return outcome, self._made(selection), here

    # --- Ways of taking votes ---

    def _try(self, selection: tuple[int, ...]) -> None:
        """Every outcome of one selection, as far as it was not reached with fewer readings."""
        whole, self.complete = self.complete, True
        made = self._made(selection)
        votes, valid, registered = self._figures(selection)
        ways = self._ways(self._rows(selection), votes)
        if self._open and not self._shared:
            signs = np.stack([each.signs(ways, valid, registered) for each in self._open], axis=1)
            ways = ways[np.unique(signs, axis=0, return_index=True)[1]]
        else:
            shares = len(votes) * (self._ballot.seats or 1)
            if len(ways) * shares > self._shares_left:
                ways, self.complete = ways[: self._shares_left // shares], False
            self._shares_left -= len(ways) * shares
        outcomes = {self._outcome(way, valid, registered) for way in ways.tolist()}
        for outcome in outcomes:
            self.reached.setdefault(outcome, made)
        if self.safe is None and self.complete and outcomes == {self._before}:
            self.safe = made
        self.complete = self.complete and whole

    def _figures(self, selection: Sequence[int] | Ints) -> tuple[Ints, int, int]:
        """Votes by choice of a selection before any is taken, valid ballots after that, and the roll."""
        rows, of = self._rows(selection), self._of
        return of.votes[rows].sum(axis=0), int(of.valid[rows].sum()), int(of.registered[rows].sum())

    def _rows(self, selection: Sequence[int] | Ints) -> Ints:
        """The options of a selection among all of them."""
        return np.asarray(self._starts + np.asarray(selection, np.int64))

    def _outcome(self, votes: Sequence[int], valid: int, registered: int) -> ContestOutcome:
        roll = None if self._count.totals.registered is None else registered
        return decide(self._ballot, Totals(roll, valid, tuple(votes)))

    def _ways(self, options: Ints, votes: Ints) -> Ints:
        """Votes by choice after each way of taking and giving that can matter, shape ``(ways, n)``."""
        stake, last = self._at_stake, len(votes) - 1
        moves = {at: self._moves[at] for at in options.tolist() if at == 0 or self._moves[at]}
        if not stake:
            return np.array([votes - np.sum([each.losing(0, last) for each in moves.values()], axis=0)])
        changes = self._all_changes(moves)
        if changes is None:
            self.complete = False
            pushed = (*self._open, *self._of_averages)
            beside = [each.other if each.other is not None else (each.one + 1) % len(votes) for each in pushed]
            pairs = [(each.one, other) for each, other in zip(pushed, beside, strict=True)]
            return np.array(
                [
                    votes - np.sum([each.losing(*way) for each in moves.values()], axis=0)
                    for one, other in pairs
                    for way in ((one, other), (other, one))
                ]
            )
        self._ways_left -= len(changes)
        ways = np.repeat((votes - self._of.least[options].sum(axis=0))[None], len(changes), axis=0)
        ways[:, stake] = votes[stake] + changes
        return ways

    def _all_changes(self, moves: Mapping[int, BallotMoves]) -> Ints | None:
        """Every change of the votes of choices at stake, by options; None where there are too many."""
        changes = np.zeros((1, len(self._at_stake)), np.int64)
        for at, each in moves.items():
            if at not in self._changed:
                self._changed[at] = each.changes(self._at_stake, MOST_WAYS)
            of_option = self._changed[at]
            if of_option is None or len(changes) * len(of_option) > self._ways_left:
                self._ways_left = max(self._ways_left - len(changes), 0)  # another selection may have fewer ways
                return None
            changes = add_ways(changes, of_option)
        return changes

    def _together(self, moves: Sequence[BallotMoves], choices: list[int]) -> tuple[int, int]:
        """By how much the votes of some choices can change together, at least and at most."""
        others = [each for each in range(self._of.votes.shape[1]) if each not in choices]
        added = sum(each.added for each in moves)
        lowest = -sum(each.bounds(choices) for each in moves) + (0 if others else added)
        return lowest, added - sum(each.taken - each.bounds(others) for each in moves)


def _is_between(outcome: ContestOutcome, one: int, other: int) -> bool:
    """Tell that an outcome rests on the order of two choices: only one of them is through."""
    through = outcome.elected | outcome.qualified
    places = {(each in outcome.tied, each in through) for each in (one, other)}
    return len(places) > 1 or one in outcome.tied
