"""`verite.html`: what was done wrong on purpose in a simulated night, for those who lead a training or try an audit."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.words import Language, Message, msg, nmsg, series
from regard.office.page_parts import PageTable, page_of
from regard.terminal import clean
from sim.evidence import Truth
from sim.faults.catalogue import all_faults
from sim.faults.model import Fault
from sim.told import NightTold
from sim.way_up.faults import way_faults

_PLACES = 40
"""Bureaux that are named beside a fault; the table of all is in `verite.csv`."""


def truth_page(night: NightTold, words: Language) -> bytes:
    """The page; the same bytes for the same night and language."""
    bureaux = len({(line.insee, line.bureau) for line in night.truth})
    count = sum(not line.again for line in night.truth)
    found = nmsg("{count:n} fault in {places}.", "{count:n} faults in {places}.", count, places=_in(bureaux))
    further = msg("Each one, with what it changed, is a row of {file}.", file="verite.csv")
    return page_of(
        "verite.html.j2",
        words,
        "truth",
        kicker=words.show(msg("A simulated election night: the solution")),
        heading=clean(night.name),
        heading_code="fr",
        under=[words.show(msg("Not for those who are to find the faults."))],
        sentence=f"{words.show(found)} {words.show(further)}" if night.truth else words.show(msg("Nothing.")),
        faults=_faults(night, words),
    )


def _in(bureaux: int) -> Message:
    return nmsg("{count:n} bureau", "{count:n} bureaux", bureaux)


def _faults(night: NightTold, words: Language) -> PageTable:
    every: dict[str, Fault] = {**all_faults(), **way_faults()}
    groups: dict[str, list[Truth]] = {}
    for line in night.truth:
        groups.setdefault(line.fault, []).append(line)
    rows = [
        (
            words.show(every[name].effect),
            words.number(sum(not line.again for line in lines)),
            _places(lines, night, words),
            name,
        )
        for name, lines in sorted(groups.items())
    ]
    head = (msg("What it does"), msg("Count"), msg("Where"), msg("In verite.csv"))
    return PageTable(
        words.show(msg("What was done wrong on purpose")),
        tuple(map(words.show, head)),
        tuple(rows),
        frozenset((0, 2, 3)),
    )


def _places(lines: Sequence[Truth], night: NightTold, words: Language) -> str:
    communes = {bureau.insee: bureau.commune for bureau, _ in night.days}
    polls: dict[str, set[int]] = {}
    for line in lines:
        polls.setdefault(clean(f"{communes.get(line.insee, line.insee)} {line.bureau}".strip()), set()).add(line.poll)
    every = set(range(1, night.polls + 1))
    named = [
        called if of == every else words.show(msg("{place} (poll {polls})", place=called, polls=series(sorted(of))))
        for called, of in polls.items()
    ]
    shown = ", ".join(named[:_PLACES])
    if len(named) > _PLACES:
        return words.show(msg("{places} and {count:n} more", places=shown, count=len(named) - _PLACES))
    return shown
