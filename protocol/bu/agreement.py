"""The counts of a bulletin beside those of another file of its section, figure by figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from protocol.bu.counts import OfficeCounts, by_office, office_name
from protocol.dumps.checks import Checklist, CheckVerdict, DumpCheck
from protocol.errors import NOTHING
from protocol.words import Message, Text, msg, series


class MergedChecks(Checklist):
    """The checks of one reading, those of one kind that came out alike as one."""

    def __init__(self) -> None:
        super().__init__()
        self._alike: dict[tuple[str, CheckVerdict, str], DumpCheck] = {}

    def add(self, check: DumpCheck) -> None:
        """Take in a check; its source and unit stay while all of its kind have the same."""
        if check.verdict is CheckVerdict.FAILS or not check.times:
            super().add(check)
            return
        key = check.code, check.verdict, str(check.text)
        known = self._alike.get(key)
        if known is not None:
            check = replace(
                known,
                times=known.times + check.times,
                source=known.source if known.source == check.source else "",
                unit=known.unit if known.unit == check.unit else "",
            )
        self._alike[key] = check

    def finish(self) -> tuple[DumpCheck, ...]:
        """All of them, by code; what fails first."""
        order = {CheckVerdict.FAILS: 0, CheckVerdict.NOT_CHECKED: 1, CheckVerdict.HOLDS: 2}
        found = [*self.made, *self._alike.values()]
        return tuple(sorted(found, key=lambda each: (each.code, order[each.verdict])))


Figure: TypeAlias = tuple[str, int]
"""Quantity, and the number of the choice or party; 0 for the rest."""
_CHOICES = ("choice", "party")
_SHOWN = 5
"""Differences that a failed check lists."""
_LABELS: dict[str, Message] = {
    "registered": msg("registered voters"),
    "total": msg("all votes"),
    "blank": msg("blank votes"),
    "null": msg("null votes"),
    "nominal": msg("votes with a name"),
    "parties": msg("party votes"),
    "unlisted": msg("votes for choices that the bulletin does not have"),
}


@dataclass(frozen=True, slots=True)
class OtherCopy:
    """Another file with counts of a section.

    Attributes:
        code: of the rulebook, for what differs.
        title: what kind of file it is.
        text: what is compared.
        ballots: that it holds single votes: a choice that the bulletin does not have is not named.
    """

    code: str
    title: Text
    text: Text
    ballots: bool = False


def compare(
    checks: Checklist, bulletin: Sequence[OfficeCounts], other: Sequence[OfficeCounts], copy: OtherCopy
) -> None:
    """Compare all figures that both have; a choice that one of them does not have got no vote there."""
    left, right = by_office(bulletin), by_office(other)
    equal = 0
    for key in {**left, **right}:
        name = office_name(key[1])
        if key not in left or key not in right:
            has: tuple[Text, Text] = (NOTHING, msg("votes")) if key in right else (msg("votes"), NOTHING)
            _fail(checks, copy, name, has, 1)
            continue
        ours, theirs = _figures(left[key]), _figures(right[key])
        if copy.ballots:
            theirs = _without_unlisted(theirs, ours)
        shared = [each for each in {**ours, **theirs} if each[0] in _CHOICES or (each in ours and each in theirs)]
        shared += [each for each in theirs if each[0] == "unlisted"]
        unlike = sorted(each for each in shared if ours.get(each, 0) != theirs.get(each, 0))
        equal += len(shared) - len(unlike)
        if unlike:
            shown = unlike[:_SHOWN]
            one, two = (series(_said(each, side.get(each, 0)) for each in shown) for side in (ours, theirs))
            _fail(checks, copy, name, (one, two), len(unlike))
    checks.holds(copy.code, copy.text, equal)


def compare_values(checks: Checklist, pairs: Sequence[tuple[Text, object, object]], copy: OtherCopy) -> None:
    """Compare values of the head: name, the bulletin's, the other file's; what one of them does not have is left."""
    known = [pair for pair in pairs if pair[1] not in (None, "") and pair[2] not in (None, "")]
    unlike = [pair for pair in known if pair[1] != pair[2]]
    checks.holds(copy.code, copy.text, len(known) - len(unlike))
    if unlike:
        left, right = (
            series(msg("{name}: {count}", name=pair[0], count=str(pair[side])) for pair in unlike) for side in (1, 2)
        )
        _fail(checks, copy, "", (left, right), len(unlike))


def _figures(counts: OfficeCounts) -> dict[Figure, int]:
    found: dict[Figure, int] = {("choice", number): votes for number, votes in counts.nominal.items()}
    found.update({("party", number): votes for number, votes in counts.party.items()})
    found["blank", 0], found["null", 0] = counts.blank, counts.null
    found["total", 0] = counts.votes if counts.total is None else counts.total
    found["nominal", 0] = counts.sums.get("nominal", counts.nominal.total())
    found["parties", 0] = counts.sums.get("parties", counts.party.total())
    if counts.registered is not None:
        found["registered", 0] = counts.registered
    totals = counts.party_totals
    if not totals and counts.parties.keys() == counts.nominal.keys():
        totals = _totals(counts)
    found.update({("party total", party): votes for party, votes in totals.items()})
    return found


def _totals(counts: OfficeCounts) -> Counter[int]:
    """Votes for each party and its candidates together."""
    totals = counts.party.copy()
    for number, votes in counts.nominal.items():
        if (party := counts.parties.get(number)) is not None:
            totals[party] += votes
    return totals


def _without_unlisted(theirs: dict[Figure, int], ours: dict[Figure, int]) -> dict[Figure, int]:
    """Single votes for a choice that the bulletin does not have, together and without its number."""
    kept = {each: votes for each, votes in theirs.items() if each[0] not in _CHOICES or each in ours}
    if (unlisted := sum(theirs.values()) - sum(kept.values())) > 0:
        kept["unlisted", 0] = unlisted
    return kept


def _said(figure: Figure, votes: int) -> Text:
    kind, number = figure
    if kind == "choice":
        return msg("{number}: {votes}", number=number, votes=votes)
    if kind == "party":
        return msg("party {number} alone: {votes}", number=number, votes=votes)
    if kind == "party total":
        return msg("party {number} in all: {votes}", number=number, votes=votes)
    return msg("{name}: {count}", name=_LABELS[kind], count=votes)


def _fail(checks: Checklist, copy: OtherCopy, office: str, sides: tuple[Text, Text], times: int) -> None:
    sources = msg("bulletin"), copy.title
    checks.differ(copy.code, copy.text, sides, sources, place=office, times=times)
