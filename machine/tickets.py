"""The tickets of the machine's thermal printer, 40 columns: the zero ticket and the result ticket, in two languages.

A model: that both are printed is documented, their layout is not.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from machine.configuration import Configuration
from machine.urn import Evidence, PollResult
from protocol import civil_time

WIDTH = 40

_WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "model": "MODÈLE : ticket d'un simulateur",
        "zero": "PROCÈS-VERBAL D'INITIALISATION",
        "results": "RÉSULTATS DU SCRUTIN",
        "election": "Élection",
        "round": "Tour",
        "commune": "Commune (INSEE)",
        "bureau": "Bureau de vote",
        "part": "Partie",
        "registered": "Inscrits",
        "machine": "Machine",
        "module": "Urne électronique",
        "machine_seal": "Scellé machine",
        "module_seal": "Scellé urne",
        "zero_check": "Compteurs vérifiés",
        "opening": "Ouverture",
        "closing": "Clôture",
        "keys": "Clés",
        "test_votes": "Votes d'essai (non comptés)",
        "counter_sum": "Somme des compteurs",
        "slots": "Cases non vierges",
        "poll": "SCRUTIN",
        "constituency": "Circonscription",
        "voters": "Votants (compteur public)",
        "enablings": "Autorisations",
        "cancellations": "Annulations",
        "blank": "BLANCS",
        "cast": "TOTAL DES VOTES",
        "copy": "Exemplaire",
        "signed": "Le président",
        "assessors": "Les assesseurs",
    },
    "en": {
        "model": "MODEL: ticket of a simulator",
        "zero": "INITIALISATION RECORD",
        "results": "RESULTS OF THE POLL",
        "election": "Election",
        "round": "Round",
        "commune": "Commune (INSEE)",
        "bureau": "Bureau de vote",
        "part": "Part",
        "registered": "Registered voters",
        "machine": "Machine",
        "module": "Electronic urn",
        "machine_seal": "Machine's seal",
        "module_seal": "Urn's seal",
        "zero_check": "Counters checked",
        "opening": "Opening",
        "closing": "Closing",
        "keys": "Keys",
        "test_votes": "Test votes (not counted)",
        "counter_sum": "Sum of all counters",
        "slots": "Slots not blank",
        "poll": "POLL",
        "constituency": "Constituency",
        "voters": "Voters (public counter)",
        "enablings": "Enablings",
        "cancellations": "Cancellations",
        "blank": "BLANK",
        "cast": "TOTAL VOTES",
        "copy": "Copy",
        "signed": "The president",
        "assessors": "The assessors",
    },
}


@dataclass(frozen=True, slots=True)
class Day:
    """What a ticket says beside the counters. Times in seconds of local civil time, None for not yet.

    ``evidence`` is None where the urn's zero check can no longer be read.
    """

    configuration: Configuration
    evidence: Evidence | None
    enablings: int
    opening: int | None
    closing: int | None


def zero_ticket(day: Day, counters: Sequence[PollResult], language: str) -> str:
    """The record of initialisation: every counter of every poll before the opening.

    Args:
        day: the bureau and its zero check.
        counters: for each poll in order, as counted now.
        language: ``fr`` or ``en``.
    """
    words = _WORDS[language]
    lines = [
        *_head(day, words, words["zero"]),
        *_evidence(day.evidence, words),
        *_polls(day, counters, words),
        *_signatures(words),
    ]
    return "\n".join(lines) + "\n"


def result_ticket(day: Day, counters: Sequence[PollResult], copy: int, language: str) -> str:
    """The result of every poll: each choice, blanks, their sum, and the counters of voters.

    Args:
        day: the bureau and its times.
        counters: for each poll in order.
        copy: number of this copy, from 1.
        language: ``fr`` or ``en``.
    """
    words = _WORDS[language]
    lines = [
        *_head(day, words, words["results"]),
        *_pair(words["opening"], _time(day.opening)),
        *_pair(words["closing"], _time(day.closing)),
        *_polls(day, counters, words),
        *_signatures(words),
        *_pair(words["copy"], str(copy)),
    ]
    return "\n".join(lines) + "\n"


def _head(day: Day, words: dict[str, str], title: str) -> Iterator[str]:
    configuration, evidence = day.configuration, day.evidence
    yield words["model"].center(WIDTH).rstrip()
    yield title.center(WIDTH).rstrip()
    yield "=" * WIDTH
    yield from _pair(words["election"], configuration.election)
    yield from _pair(words["round"], f"{configuration.round}, {configuration.date}")
    yield from _pair(words["commune"], configuration.insee)
    yield from _pair(words["bureau"], configuration.bureau)
    yield from _pair(words["part"], str(configuration.part))
    yield from _pair(words["registered"], str(configuration.registered))
    yield configuration.model
    yield from _pair(words["machine"], configuration.machine_serial)
    yield from _pair(words["module"], configuration.module_serial)
    yield from _pair(words["machine_seal"], configuration.machine_seal or "-")
    yield from _pair(words["module_seal"], configuration.module_seal or "-")
    yield from _pair(words["zero_check"], _time(evidence.at if evidence else None))
    yield from _pair(words["keys"], f"{evidence.president_key}, {evidence.assessor_key}" if evidence else "-")


def _evidence(evidence: Evidence | None, words: dict[str, str]) -> Iterator[str]:
    if evidence is not None:
        yield from _pair(words["counter_sum"], str(evidence.counter_sum))
        yield from _pair(words["slots"], str(evidence.slots_written))
        yield from _pair(words["test_votes"], str(evidence.test_votes))


def _polls(day: Day, counters: Sequence[PollResult], words: dict[str, str]) -> Iterator[str]:
    for poll, result in zip(day.configuration.polls, counters, strict=True):
        yield "-" * WIDTH
        yield f"{words['poll']} {poll.number}"
        if poll.constituency:
            yield from _pair(words["constituency"], poll.constituency)
        for number, (label, votes) in enumerate(zip(poll.choices, result.tallies, strict=True), start=1):
            yield from _pair(f"{number:2} {label}", str(votes))
        yield from _pair(words["blank"], str(result.blank))
        yield from _pair(words["cast"], str(result.cast))
        yield from _pair(words["voters"], str(result.voters))
        yield from _pair(words["enablings"], str(day.enablings))
        yield from _pair(words["cancellations"], str(result.cancellations))


def _signatures(words: dict[str, str]) -> Iterator[str]:
    yield "=" * WIDTH
    yield f"{words['signed']} :"
    yield ""
    yield f"{words['assessors']} :"
    yield ""


def _pair(name: str, value: str) -> Iterator[str]:
    """A name on the left and its value on the right; a long name goes on in the next lines."""
    *before, last = textwrap.wrap(name, max(WIDTH - len(value) - 1, 10), subsequent_indent="   ") or [""]
    yield from before
    yield last + value.rjust(WIDTH - len(last))


def _time(moment: int | None) -> str:
    return civil_time.write(moment)[:-3] if moment is not None else "-"
