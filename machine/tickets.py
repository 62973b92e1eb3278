"""The tickets of the machine's thermal printer, 40 columns: the zero ticket and the result ticket.

A model: that both are printed is documented, their layout is not.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from machine.configuration import Configuration
from machine.urn import PollResult, UrnTrace
from protocol import civil_time
from protocol.words import Text, language, msg, pmsg

WIDTH = 40


@dataclass(frozen=True, slots=True)
class TicketDay:
    """Facts on a ticket beside the counters. Times in seconds of local civil time, None for not yet.

    ``evidence`` is None where the urn's zero check can no longer be read.
    """

    configuration: Configuration
    evidence: UrnTrace | None
    enablings: int
    opening: int | None
    closing: int | None


def zero_ticket(day: TicketDay, counters: Sequence[PollResult], code: str) -> str:
    """The record of initialisation: every counter of every poll before the opening.

    Args:
        day: the bureau and its zero check.
        counters: for each poll in order, as counted now.
        code: of the language.
    """
    paper = _Paper(code)
    paper.head(day, msg("INITIALISATION RECORD"))
    if day.evidence is not None:
        paper.pair(msg("Sum of all counters"), day.evidence.counter_sum)
        paper.pair(msg("Slots not blank"), day.evidence.slots_written)
        paper.pair(msg("Test votes (not counted)"), day.evidence.test_votes)
    paper.polls(day, counters)
    paper.signatures()
    return paper.text()


def result_ticket(day: TicketDay, counters: Sequence[PollResult], copy: int, code: str) -> str:
    """The result of every poll: each choice, blanks, their sum, and the counters of voters.

    Args:
        day: the bureau and its times.
        counters: for each poll in order.
        copy: number of this copy, from 1.
        code: of the language.
    """
    paper = _Paper(code)
    paper.head(day, msg("RESULTS OF THE POLL"))
    paper.pair(msg("Opening"), _time(day.opening))
    paper.pair(msg("Closing"), _time(day.closing))
    paper.polls(day, counters)
    paper.signatures()
    paper.pair(msg("Copy"), copy)
    return paper.text()


class _Paper:
    """The lines of a ticket, in a language."""

    def __init__(self, code: str) -> None:
        self._show = language(code).show
        self._lines: list[str] = []

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"

    def pair(self, name: Text, value: object) -> None:
        """A name on the left and its value on the right; a long name goes on in the next lines."""
        shown = str(value)
        room = max(WIDTH - len(shown) - 1, 10)
        *before, last = textwrap.wrap(self._show(name), room, subsequent_indent="   ") or [""]
        self._lines += [*before, last + shown.rjust(WIDTH - len(last))]

    def head(self, day: TicketDay, title: Text) -> None:
        """Print the election, the bureau, the machine and its urn."""
        configuration, evidence = day.configuration, day.evidence
        for line in (msg("MODEL: ticket of a simulator"), title):
            self._lines.append(self._show(line).center(WIDTH).rstrip())
        self._lines.append("=" * WIDTH)
        self.pair(msg("Election"), configuration.election)
        self.pair(msg("Round"), f"{configuration.round}, {configuration.date}")
        self.pair(msg("Commune (INSEE)"), configuration.insee)
        self.pair(msg("Bureau de vote"), configuration.bureau)
        self.pair(msg("Part"), configuration.part)
        self.pair(msg("Registered voters"), configuration.registered)
        self._lines.append(configuration.model)
        self.pair(msg("Machine"), configuration.machine_serial)
        self.pair(msg("Electronic urn"), configuration.module_serial)
        self.pair(msg("Machine's seal"), configuration.machine_seal or "-")
        self.pair(msg("Urn's seal"), configuration.module_seal or "-")
        self.pair(msg("Counters checked"), _time(evidence.at if evidence else None))
        self.pair(msg("Keys"), f"{evidence.president_key}, {evidence.assessor_key}" if evidence else "-")

    def polls(self, day: TicketDay, counters: Sequence[PollResult]) -> None:
        """Every counter of every poll."""
        for poll, result in zip(day.configuration.polls, counters, strict=True):
            self._lines += ["-" * WIDTH, self._show(msg("POLL {number}", number=poll.number))]
            if poll.constituency:
                self.pair(msg("Constituency"), poll.constituency)
            for number, (label, votes) in enumerate(zip(poll.choices, result.tallies, strict=True), start=1):
                self.pair(f"{number:2} {label}", votes)
            self.pair(pmsg("on a ticket", "BLANK"), result.blank)
            self.pair(msg("TOTAL VOTES"), result.cast)
            self.pair(msg("Voters (public counter)"), result.voters)
            self.pair(msg("Enablings"), day.enablings)
            self.pair(msg("Cancellations"), result.cancellations)

    def signatures(self) -> None:
        """Room for those who sign."""
        self._lines.append("=" * WIDTH)
        for who in (msg("The president:"), msg("The assessors:")):
            self._lines += [self._show(who), ""]


def _time(moment: int | None) -> str:
    return civil_time.write(moment)[:-3] if moment is not None else "-"
