"""Faults on the way up: one fault a bureau at most, each at one step, with its truth.

The rates are assumed: nobody publishes how often a préfecture mistypes a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

import numpy as np

from protocol.quantities import VOTERS, Quantity
from protocol.transmission import StepUp
from protocol.words import msg
from sim.faults.model import Effect, Fault, Unit, adding
from sim.streams import RandomStream
from sim.transmission.steps import VOTES, Ascent, RecordedCorrection, column_name

Act = Callable[[Ascent, int, RandomStream], list[Effect]]
_LEAST = 10
"""Least votes of a choice from which some are moved, and least figure that is mistyped: one of two digits."""


@dataclass(frozen=True, slots=True)
class WayFault(Fault):
    """A fault of the way. ``act`` does it to one bureau; it returns nothing where there is nothing to do wrong."""

    act: Act


EVERY: list[WayFault] = []
"""All faults of the way, in the order in which they strike."""
_fault = adding(EVERY, WayFault, unit=Unit.BUREAU)
_TYPED = tuple(VOTERS.index(each) for each in (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID))
"""Counts in which digits are mistyped: rolls change between sources without a slip."""
_REGISTERED, _FOUND = VOTERS.index(Quantity.REGISTERED), VOTERS.index(Quantity.VOTES_FOUND)


def _wrong_digits(figure: str, random: RandomStream) -> Iterator[str]:
    """All figures with one digit wrong, in random order."""
    for place in random.permutation(len(figure)).tolist():
        for digit in random.permutation(10).tolist():
            yield f"{figure[:place]}{digit}{figure[place + 1 :]}"


def _exchanged_digits(figure: str, random: RandomStream) -> Iterator[str]:
    """All figures with two neighbouring digits exchanged, in random order."""
    for at in random.permutation(len(figure) - 1).tolist():
        yield figure[:at] + figure[at + 1] + figure[at] + figure[at + 2 :]


Slips = Callable[[str, RandomStream], Iterator[str]]


def mistype(slips: Slips, way: Ascent, unit: int, random: RandomStream) -> tuple[int, int] | None:
    """A column, and its figure with a slip, which no other figure of the row is, and which a form takes."""
    row = way.start[unit].tolist()
    able = [column for column in (*_TYPED, *range(VOTES, len(row))) if row[column] >= _LEAST]
    if not able:
        return None
    column = int(random.choice(able))
    figure = str(row[column])
    for typed in map(int, slips(figure, random)):
        as_long = len(str(typed)) == len(figure)
        if typed not in row and as_long and (column != _FOUND or typed <= row[_REGISTERED]):
            return column, typed
    return None


def _typed(slips: Slips, step: StepUp, way: Ascent, at: int, random: RandomStream, then: str = "") -> list[Effect]:
    if (slip := mistype(slips, way, at, random)) is None:
        return []
    column, typed = slip
    old = int(way.start[at, column])
    way.changes[step].append((at, column, typed))
    return [Effect(step, column_name(column), f"saisi {typed} au lieu de {old}{then}", typed - old)]


_fault("record-digit", msg("one digit is wrong in the centralising record"), 1e-4)(
    partial(_typed, _wrong_digits, StepUp.COMMUNE)
)
_fault("entry-digit", msg("one digit is wrong in the préfecture's entry"), 3e-4)(
    partial(_typed, _wrong_digits, StepUp.ENTRY)
)
_fault("entry-digits-exchanged", msg("two digits are exchanged in the préfecture's entry"), 2e-4)(
    partial(_typed, _exchanged_digits, StepUp.ENTRY)
)


@_fault(
    "entry-corrected",
    msg("one digit is wrong in the préfecture's entry, and the call back puts it right"),
    2e-3,
)
def _corrected(way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    """Mistyped at the entry, and put right by the call back, whose protocol says so."""
    effects = _typed(_wrong_digits, StepUp.ENTRY, way, at, random, ", rectifié au contre-appel, dont le relevé le dit")
    if effects:
        _, column, typed = way.changes[StepUp.ENTRY][-1]
        old = int(way.start[at, column])
        way.changes[StepUp.CALL_BACK].append((at, column, old))
        way.corrections.append(RecordedCorrection(StepUp.CALL_BACK, at, column, typed, old))
    return effects


@_fault("entry-lines-exchanged", msg("two choices have each other's votes in the préfecture's entry"), 1e-4)
def _lines_exchanged(way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    votes = way.start[at, VOTES:]
    places = np.flatnonzero(votes >= 0)
    pairs = [(a, b) for a, b in pairwise(places) if votes[a] != votes[b]]
    if not pairs:
        return []
    one, other = (VOTES + int(place) for place in random.one_of(pairs))
    row = way.start[at]
    way.changes[StepUp.ENTRY] += [(at, one, int(row[other])), (at, other, int(row[one]))]
    said = f"les voix de deux lignes sont interverties : {row[one]} et {row[other]}"
    return [Effect(StepUp.ENTRY, column_name(one), said, int(row[other] - row[one]))]


def _neighbours(way: Ascent, at: int) -> list[int]:
    """The bureaux before and after one in its commune."""
    near = (other for other in (at - 1, at + 1) if 0 <= other < len(way.bureaux))
    return [other for other in near if way.bureaux[other].insee == way.bureaux[at].insee]


@_fault("entry-of-another", msg("the préfecture's entry has another bureau's figures"), 1e-4)
def _of_another(way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    """The bureau's row has the figures of the one before or after it in its commune."""
    near = [
        other
        for other in _neighbours(way, at)
        if way.bureaux[other].constituency == way.bureaux[at].constituency
        and other not in way.struck
        and (way.start[other, VOTES:] != way.start[at, VOTES:]).sum() > 1
    ]
    if not near:
        return []
    other = int(random.choice(near))
    way.struck.add(other)
    differs = np.flatnonzero(way.start[at] != way.start[other]).tolist()
    way.changes[StepUp.ENTRY] += [(at, column, int(way.start[other, column])) for column in differs]
    return [Effect(StepUp.ENTRY, "ligne", f"la ligne a les chiffres du bureau {way.bureaux[other].code}")]


@_fault("entry-left-out", msg("the préfecture's entry lacks the bureau"), 5e-5)
def _left_out(way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    way.lost.add(at)
    return [Effect(StepUp.ENTRY, "ligne", "le bureau n'est pas saisi")]


@_fault("entry-row-doubled", msg("the préfecture's entry has the bureau twice"), 5e-5)
def _doubled(way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    way.doubled.add(at)
    return [Effect(StepUp.ENTRY, "ligne", "la ligne du bureau est là deux fois")]


def _changed(step: StepUp, recorded: bool, way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    """Votes go to another choice at a step that may correct, with a document or without one; the sums stay."""
    votes = way.start[at, VOTES:]
    able = np.flatnonzero(votes >= _LEAST)
    if not len(able) or (votes >= 0).sum() < 2:
        return []
    giver = int(random.choice(able))
    taker = int(random.choice(np.flatnonzero((votes >= 0) & (np.arange(len(votes)) != giver))))
    moved = random.number(1, int(votes[giver]) // 2 + 1)
    effects = []
    for choice, change in ((giver, -moved), (taker, moved)):
        column, old = VOTES + choice, int(votes[choice])
        way.changes[step].append((at, column, old + change))
        if recorded:
            way.corrections.append(RecordedCorrection(step, at, column, old, old + change))
        said = f"{old} devient {old + change}, " + ("un document le dit" if recorded else "aucun document ne le dit")
        effects.append(Effect(step, column_name(column), said, change))
    return effects


_fault("callback-unrecorded", msg("the call back changes votes, and no document says so"), 1e-4)(
    partial(_changed, StepUp.CALL_BACK, False)
)


@_fault("edition-not-updated", msg("the provisional edition has a figure of before the call back"), 1e-4)
def _not_updated(way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    if not (struck := _corrected(way, at, random)):
        return []
    last = way.corrections[-1]
    way.changes[StepUp.PROVISIONAL].append((at, last.column, last.before))
    said = f"l'édition provisoire garde {last.before}, rectifié en {last.after} au contre-appel"
    return [*struck, Effect(StepUp.PROVISIONAL, column_name(last.column), said, last.before - last.after)]


@_fault(
    "night-edition-late",
    msg("the night edition is written after the call back, and has the figure of before it"),
    1e-4,
)
def _late_night(way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    if not (struck := _corrected(way, at, random)):
        return []
    last = way.corrections[-1]
    way.late.add(at)
    said = f"l'édition de la nuit, écrite après le contre-appel, garde {last.before}"
    return [*struck, Effect(StepUp.NIGHT, column_name(last.column), said, last.before - last.after)]


_fault("commission-recorded", msg("the commission de recensement changes votes, and its record says so"), 2e-4)(
    partial(_changed, StepUp.COMMISSION, True)
)
_fault("commission-unrecorded", msg("the commission de recensement changes votes, and no document says so"), 5e-5)(
    partial(_changed, StepUp.COMMISSION, False)
)
_fault("ministry-digit", msg("one digit is wrong in the ministry's definitive edition"), 5e-5)(
    partial(_typed, _wrong_digits, StepUp.DEFINITIVE)
)


def _sum(step: StepUp, factor: int, way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    """The sum that a step states of a place leaves the bureau out, or has it twice; one such bureau a place."""
    bureau = way.bureaux[at]
    place = bureau.insee if step is StepUp.COMMUNE else bureau.departement
    if (step, place) in way.sums or not way.start[at, _FOUND]:
        return []
    way.sums[step, place] = at, factor
    how = "laisse de côté" if factor < 0 else "compte deux fois"
    return [Effect(f"{step.value}.sommes", "ligne", f"la somme de {place} {how} le bureau")]


_fault("record-sum-short", msg("the commune's sum in the centralising record lacks the bureau"), 1e-4)(
    partial(_sum, StepUp.COMMUNE, -1)
)
_fault("record-sum-twice", msg("the commune's sum in the centralising record has the bureau twice"), 1e-4)(
    partial(_sum, StepUp.COMMUNE, 1)
)
_fault(
    "prefecture-sum-short",
    msg("the préfecture's sum of the département lacks the bureau, and so does the ministry's"),
    5e-5,
)(partial(_sum, StepUp.CALL_BACK, -1))
_fault(
    "prefecture-sum-twice",
    msg("the préfecture's sum of the département has the bureau twice, and so has the ministry's"),
    5e-5,
)(partial(_sum, StepUp.CALL_BACK, 1))


@_fault("feed-sum-short", msg("the figures of the commune that the press gets lack the bureau"), 5e-5)
def _feed(way: Ascent, at: int, random: RandomStream) -> list[Effect]:
    insee = way.bureaux[at].insee
    if insee in way.feed or not _neighbours(way, at):
        return []
    way.feed[insee] = at
    return [Effect("presse", "ligne", "les résultats de la commune, pour la presse, laissent de côté le bureau")]


@cache
def way_faults() -> dict[str, WayFault]:
    """Every fault of the way, by name."""
    return {fault.name: fault for fault in EVERY}
