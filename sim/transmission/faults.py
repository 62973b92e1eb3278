"""Faults on the way up: one fault a bureau at most, each at one step, with its truth.

The rates are assumed: nobody publishes how often a préfecture mistypes a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

import numpy as np

from protocol.quantities import VOTERS, Quantity
from protocol.transmission import StepUp
from protocol.words import msg
from sim.faults.model import Effect, Fault, Unit
from sim.transmission.steps import VOTES, Ascent, RecordedCorrection, Whole, column_name

Struck = list[Effect]
Act = Callable[[Ascent, int, np.random.Generator], Struck]
_LEAST = 10
"""Least votes of a choice from which some are moved, and least figure that is mistyped: one of two digits."""


@dataclass(frozen=True, slots=True)
class WayFault(Fault):
    """A fault of the way. ``act`` does it to one bureau; it returns nothing where there is nothing to do wrong."""

    act: Act


_TYPED = tuple(VOTERS.index(each) for each in (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID))
"""Counts in which digits are mistyped: rolls change between sources without a slip."""
_REGISTERED, _FOUND = VOTERS.index(Quantity.REGISTERED), VOTERS.index(Quantity.VOTES_FOUND)


def _column(way: Ascent, unit: int, random: np.random.Generator) -> int:
    """A figure to be mistyped, -1 for none."""
    row = way.start[unit]
    able = [column for column in (*_TYPED, *range(VOTES, len(row))) if row[column] >= _LEAST]
    return int(random.choice(able)) if able else -1


def wrong_digit(way: Ascent, unit: int, random: np.random.Generator) -> tuple[int, int]:
    """A column, and its figure with one digit wrong, which no other figure of the row is. -1 where there is none."""
    column = _column(way, unit, random)
    if column < 0:
        return -1, 0
    digits = list(str(way.start[unit, column]))
    others = set(way.start[unit].tolist())
    for place in random.permutation(len(digits)).tolist():
        for digit in random.permutation(10).tolist():
            typed = int("".join([*digits[:place], str(digit), *digits[place + 1 :]]))
            if typed not in others and len(str(typed)) == len(digits) and _is_accepted(way, unit, column, typed):
                return column, typed
    return -1, 0


def _is_accepted(way: Ascent, unit: int, column: int, typed: int) -> bool:
    """Check that a form takes a figure: no more votes than registered voters."""
    return column != _FOUND or typed <= way.start[unit, _REGISTERED]


def exchanged_digits(way: Ascent, unit: int, random: np.random.Generator) -> tuple[int, int]:
    """A column, and its figure with two neighbouring digits exchanged. -1 where there is none."""
    column = _column(way, unit, random)
    if column < 0:
        return -1, 0
    digits = str(way.start[unit, column])
    others = set(way.start[unit].tolist())
    for at in random.permutation(len(digits) - 1).tolist():
        typed = int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
        if typed not in others and len(str(typed)) == len(digits) and _is_accepted(way, unit, column, typed):
            return column, typed
    return -1, 0


def _typed(
    slip: Callable[..., tuple[int, int]], step: StepUp, way: Ascent, at: int, random: np.random.Generator
) -> Struck:
    column, typed = slip(way, at, random)
    if column < 0:
        return []
    old = int(way.start[at, column])
    way.changes[step].append((at, column, typed))
    return [Effect(step.value, column_name(column), typed - old, f"saisi {typed} au lieu de {old}")]


def _corrected(way: Ascent, at: int, random: np.random.Generator) -> Struck:
    """Mistyped at the entry, and put right by the call back, whose protocol says so."""
    column, typed = wrong_digit(way, at, random)
    if column < 0:
        return []
    old = int(way.start[at, column])
    way.changes[StepUp.ENTRY].append((at, column, typed))
    way.changes[StepUp.CALL_BACK].append((at, column, old))
    way.corrections.append(RecordedCorrection(StepUp.CALL_BACK, at, column, typed, old))
    said = f"saisi {typed} au lieu de {old}, rectifié au contre-appel, dont le relevé le dit"
    return [Effect(StepUp.ENTRY.value, column_name(column), typed - old, said)]


def _not_updated(way: Ascent, at: int, random: np.random.Generator) -> Struck:
    if not (struck := _corrected(way, at, random)):
        return []
    last = way.corrections[-1]
    way.changes[StepUp.PROVISIONAL].append((at, last.column, last.before))
    said = f"l'édition provisoire garde {last.before}, rectifié en {last.after} au contre-appel"
    return [*struck, Effect(StepUp.PROVISIONAL.value, column_name(last.column), last.before - last.after, said)]


def _late_night(way: Ascent, at: int, random: np.random.Generator) -> Struck:
    if not (struck := _corrected(way, at, random)):
        return []
    last = way.corrections[-1]
    way.late.add(at)
    said = f"l'édition de la nuit, écrite après le contre-appel, garde {last.before}"
    return [*struck, Effect(StepUp.NIGHT.value, column_name(last.column), last.before - last.after, said)]


def _lines_exchanged(way: Ascent, at: int, random: np.random.Generator) -> Struck:
    votes = way.start[at, VOTES:]
    places = np.flatnonzero(votes >= 0)
    pairs = [(a, b) for a, b in pairwise(places) if votes[a] != votes[b]]
    if not pairs:
        return []
    one, other = (VOTES + int(place) for place in pairs[int(random.integers(len(pairs)))])
    row = way.start[at]
    way.changes[StepUp.ENTRY] += [(at, one, int(row[other])), (at, other, int(row[one]))]
    said = f"les voix de deux lignes sont interverties : {row[one]} et {row[other]}"
    return [Effect(StepUp.ENTRY.value, column_name(one), int(row[other] - row[one]), said)]


def _of_another(way: Ascent, at: int, random: np.random.Generator) -> Struck:
    """The bureau's row has the figures of the one before or after it in its commune."""
    bureau = way.bureaux[at]
    near = [
        other
        for other in (at - 1, at + 1)
        if 0 <= other < len(way.bureaux)
        and way.bureaux[other].insee == bureau.insee
        and way.bureaux[other].constituency == bureau.constituency
        and other not in way.struck
        and (way.start[other, VOTES:] != way.start[at, VOTES:]).sum() > 1
    ]
    if not near:
        return []
    other = int(random.choice(near))
    way.struck.add(other)
    differs = np.flatnonzero(way.start[at] != way.start[other]).tolist()
    way.changes[StepUp.ENTRY] += [(at, column, int(way.start[other, column])) for column in differs]
    said = f"la ligne a les chiffres du bureau {way.bureaux[other].code}"
    return [Effect(StepUp.ENTRY.value, "ligne", None, said)]


def _left_out(way: Ascent, at: int, random: np.random.Generator) -> Struck:
    way.lost.add(at)
    return [Effect(StepUp.ENTRY.value, "ligne", None, "le bureau n'est pas saisi")]


def _doubled(way: Ascent, at: int, random: np.random.Generator) -> Struck:
    way.doubled.add(at)
    return [Effect(StepUp.ENTRY.value, "ligne", None, "la ligne du bureau est là deux fois")]


def _moved(way: Ascent, at: int, random: np.random.Generator) -> tuple[int, int, int] | None:
    """Votes of one choice that are given to another: columns and how many; the sums stay."""
    votes = way.start[at, VOTES:]
    able = np.flatnonzero(votes >= _LEAST)
    if len(able) < 1 or (votes >= 0).sum() < 2:
        return None
    giver = int(random.choice(able))
    taker = int(random.choice(np.flatnonzero((votes >= 0) & (np.arange(len(votes)) != giver))))
    return VOTES + giver, VOTES + taker, int(random.integers(1, int(votes[giver]) // 2 + 1))


def _changed(step: StepUp, recorded: bool, way: Ascent, at: int, random: np.random.Generator) -> Struck:
    """Votes go to another choice at a step that may correct, with a document or without one."""
    moved = _moved(way, at, random)
    if moved is None:
        return []
    giver, taker, votes = moved
    effects = []
    for column, change in ((giver, -votes), (taker, votes)):
        old = int(way.start[at, column])
        way.changes[step].append((at, column, old + change))
        if recorded:
            way.corrections.append(RecordedCorrection(step, at, column, old, old + change))
        said = f"{old} devient {old + change}, " + ("un document le dit" if recorded else "aucun document ne le dit")
        effects.append(Effect(step.value, column_name(column), change, said))
    return effects


def _sum(step: StepUp, whole: Whole, factor: int, way: Ascent, at: int, random: np.random.Generator) -> Struck:
    """The sum that a step states of a place leaves the bureau out, or has it twice; one such bureau a place."""
    bureau = way.bureaux[at]
    place = bureau.insee if whole is Whole.COMMUNE else bureau.departement
    if (step, place) in way.sums or not way.start[at, VOTERS.index(Quantity.VOTES_FOUND)]:
        return []
    way.sums[step, place] = at, factor
    how = "laisse de côté" if factor < 0 else "compte deux fois"
    return [Effect(f"{step.value}.sommes", "ligne", None, f"la somme de {place} {how} le bureau")]


def _feed(way: Ascent, at: int, random: np.random.Generator) -> Struck:
    bureau = way.bureaux[at]
    if bureau.insee in way.feed or not _has_others(way, at):
        return []
    way.feed[bureau.insee] = at
    return [Effect("presse", "ligne", None, "les résultats de la commune, pour la presse, laissent de côté le bureau")]


def _has_others(way: Ascent, at: int) -> bool:
    near = [other for other in (at - 1, at + 1) if 0 <= other < len(way.bureaux)]
    return any(way.bureaux[other].insee == way.bureaux[at].insee for other in near)


EVERY: tuple[WayFault, ...] = tuple(
    WayFault(name=name, unit=Unit.BUREAU, rate=rate, effect=effect, act=act)
    for name, rate, effect, act in (
        (
            "record-digit",
            1e-4,
            msg("one digit is wrong in the centralising bureau's record"),
            partial(_typed, wrong_digit, StepUp.COMMUNE),
        ),
        (
            "entry-digit",
            3e-4,
            msg("one digit is wrong in the préfecture's entry"),
            partial(_typed, wrong_digit, StepUp.ENTRY),
        ),
        (
            "entry-digits-exchanged",
            2e-4,
            msg("two digits are exchanged in the préfecture's entry"),
            partial(_typed, exchanged_digits, StepUp.ENTRY),
        ),
        (
            "entry-corrected",
            2e-3,
            msg("one digit is wrong in the préfecture's entry, and the call back puts it right"),
            _corrected,
        ),
        (
            "entry-lines-exchanged",
            1e-4,
            msg("two choices have each other's votes in the préfecture's entry"),
            _lines_exchanged,
        ),
        (
            "entry-of-another",
            1e-4,
            msg("the préfecture's entry has another bureau's figures"),
            _of_another,
        ),
        (
            "entry-left-out",
            5e-5,
            msg("the préfecture's entry lacks the bureau"),
            _left_out,
        ),
        (
            "entry-row-doubled",
            5e-5,
            msg("the préfecture's entry has the bureau twice"),
            _doubled,
        ),
        (
            "callback-unrecorded",
            1e-4,
            msg("the call back changes votes, and no document says so"),
            partial(_changed, StepUp.CALL_BACK, False),
        ),
        (
            "edition-not-updated",
            1e-4,
            msg("the provisional edition has a figure of before the call back"),
            _not_updated,
        ),
        (
            "night-edition-late",
            1e-4,
            msg("the night edition is written after the call back, and has the figure of before it"),
            _late_night,
        ),
        (
            "commission-recorded",
            2e-4,
            msg("the commission de recensement changes votes, and its record says so"),
            partial(_changed, StepUp.COMMISSION, True),
        ),
        (
            "commission-unrecorded",
            5e-5,
            msg("the commission de recensement changes votes, and no document says so"),
            partial(_changed, StepUp.COMMISSION, False),
        ),
        (
            "ministry-digit",
            5e-5,
            msg("one digit is wrong in the ministry's definitive edition"),
            partial(_typed, wrong_digit, StepUp.DEFINITIVE),
        ),
        (
            "record-sum-short",
            1e-4,
            msg("the commune's sum in the centralising bureau's record lacks the bureau"),
            partial(_sum, StepUp.COMMUNE, Whole.COMMUNE, -1),
        ),
        (
            "record-sum-twice",
            1e-4,
            msg("the commune's sum in the centralising bureau's record has the bureau twice"),
            partial(_sum, StepUp.COMMUNE, Whole.COMMUNE, 1),
        ),
        (
            "prefecture-sum-short",
            5e-5,
            msg("the préfecture's sum of the département lacks the bureau, and so does the ministry's"),
            partial(_sum, StepUp.CALL_BACK, Whole.DEPARTEMENT, -1),
        ),
        (
            "prefecture-sum-twice",
            5e-5,
            msg("the préfecture's sum of the département has the bureau twice, and so has the ministry's"),
            partial(_sum, StepUp.CALL_BACK, Whole.DEPARTEMENT, 1),
        ),
        (
            "feed-sum-short",
            5e-5,
            msg("the figures of the commune that the press gets lack the bureau"),
            _feed,
        ),
    )
)
"""All faults of the way, in the order in which they strike."""


@cache
def way_faults() -> dict[str, WayFault]:
    """Every fault of the way, by name."""
    return {fault.name: fault for fault in EVERY}
