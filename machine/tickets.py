"""The tickets of the machine's thermal printer, 40 columns: the zero ticket and the result ticket.

A model: that both are printed is documented, their layout is not.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from machine.configuration import Configuration
from machine.urn import PollResult, Urn
from protocol import civil_time
from protocol.words import Text, language, msg, pmsg

WIDTH = 40
"""Characters of a line of the printer."""


def zero_ticket(configuration: Configuration, urn: Urn, code: str) -> str:
    """The record of initialisation, in the language ``code``: every counter of every poll, as counted now."""
    paper = _Paper(configuration, urn, code)
    paper.head(msg("INITIALISATION RECORD"))
    if urn.zero_check is not None:
        paper.pair(msg("Sum of all counters"), urn.zero_check.counter_sum)
        paper.pair(msg("Slots not blank"), urn.zero_check.slots_written)
        paper.pair(msg("Test votes (not counted)"), urn.zero_check.test_votes)
    paper.polls(urn.count())
    paper.signatures()
    return paper.text()


def result_ticket(configuration: Configuration, urn: Urn, copy: int, code: str) -> str:
    """The result of every poll, in the language ``code``: each choice, blanks, their sum, and the counters of voters.

    Args:
        configuration: of the module.
        urn: closed.
        copy: number of this copy, from 1.
        code: of the language.
    """
    paper = _Paper(configuration, urn, code)
    paper.head(msg("RESULTS OF THE POLL"))
    paper.pair(msg("Opening"), _time(urn.opening))
    paper.pair(msg("Closing"), _time(urn.closing))
    paper.polls(urn.results)
    paper.signatures()
    paper.pair(msg("Copy"), copy)
    return paper.text()


class _Paper:
    """The lines of a ticket, in a language."""

    def __init__(self, configuration: Configuration, urn: Urn, code: str) -> None:
        self._configuration, self._urn = configuration, urn
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

    def head(self, title: Text) -> None:
        """The election, the bureau, the machine and its urn, whose zero check may no longer be readable."""
        configuration, zero_check = self._configuration, self._urn.zero_check
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
        self.pair(msg("Counters checked"), _time(zero_check.at if zero_check else None))
        self.pair(msg("Keys"), f"{zero_check.president_key}, {zero_check.assessor_key}" if zero_check else "-")

    def polls(self, results: Mapping[int, PollResult]) -> None:
        """Every counter of every poll."""
        for poll in self._configuration.polls:
            result = results[poll.number]
            self._lines += ["-" * WIDTH, self._show(msg("POLL {number}", number=poll.number))]
            if poll.constituency:
                self.pair(msg("Constituency"), poll.constituency)
            for number, (label, votes) in enumerate(zip(poll.choices, result.tallies, strict=True), start=1):
                self.pair(f"{number:2} {label}", votes)
            self.pair(pmsg("on a ticket", "BLANK"), result.blank)
            self.pair(msg("TOTAL VOTES"), result.cast)
            self.pair(msg("Voters (public counter)"), result.voters)
            self.pair(msg("Enablings"), self._urn.enablings.count)
            self.pair(msg("Cancellations"), result.cancellations)

    def signatures(self) -> None:
        """Room for those who sign."""
        self._lines.append("=" * WIDTH)
        for who in (msg("The president:"), msg("The assessors:")):
            self._lines += [self._show(who), ""]


def _time(moment: int | None) -> str:
    return civil_time.write(moment)[:-3] if moment is not None else "-"
