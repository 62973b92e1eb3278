"""The votes one by one (registro digital do voto), counted as they are decoded.

Typed digits are used to count a vote only: those of a null vote not at all, of a vote for a party the first two, which
are the party's number. No single vote, no digits of a null vote, and no place in the file leave this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from protocol.bu.bounds import Undecodable
from protocol.bu.bulletin import section_in
from protocol.bu.counts import OfficeCounts, UrnaSection
from protocol.bu.schema import VOTES, decode, version_of
from protocol.words import Text, msg

_PARTY_DIGITS = 2
"""Digits of a vote's number that name the party."""


class BallotKind(IntEnum):
    """Kinds of votes as the votes one by one number them; all further ones are null."""

    PARTY = 1
    NOMINAL = 2
    BLANK = 3
    BLANK_AFTER_SUSPENSION = 5


@dataclass(frozen=True, slots=True)
class CountedBallots:
    """The votes of one section, counted.

    Attributes:
        section: whose they are.
        written: when the file was written, local time.
        offices: the counts by election and office, in the order of the file.
        deviations: as in `Decoded`.
    """

    section: UrnaSection
    written: str
    offices: tuple[OfficeCounts, ...]
    deviations: tuple[Text, ...] = ()


def count_ballots(data: bytes) -> CountedBallots:
    """Decode and count the votes of a section.

    Raises:
        Undecodable: the file is not one of votes.
    """
    decoded = decode(version_of(data, 1), VOTES, data)
    value = decoded.value["rdv"]
    holder = {"cabecalho": decoded.value["cabecalho"], "fase": value["fase"]}
    counted: dict[tuple[int, int], OfficeCounts] = {}
    for election in value["eleicoes"][1]:
        for cast in election["votosCargos"]:
            key = election["idEleicao"], cast["idCargo"][1]
            counts = counted.setdefault(key, OfficeCounts(*key, votes_per_voter=cast["quantidadeEscolhas"]))
            _count(counts, cast["votos"])
    for counts in counted.values():
        counts.total = counts.votes
        if counts.votes_per_voter is None or counts.votes_per_voter < 1:
            counts.votes_per_voter = None  # out of the bounds of the format, which is said
        elif counts.total % counts.votes_per_voter == 0:
            counts.turnout = counts.total // counts.votes_per_voter
    return CountedBallots(
        section_in(holder, value["identificacao"]),
        decoded.value["cabecalho"]["dataGeracao"],
        tuple(counted.values()),
        decoded.deviations,
    )


def _count(counts: OfficeCounts, votes: Iterable[dict[str, Any]]) -> None:
    for vote in votes:
        kind = vote["tipoVoto"]
        if kind == BallotKind.NOMINAL:
            counts.nominal[_number(vote)] += 1
        elif kind == BallotKind.PARTY:
            counts.party[_number(vote, _PARTY_DIGITS)] += 1
        elif kind in (BallotKind.BLANK, BallotKind.BLANK_AFTER_SUSPENSION):
            counts.blank += 1
        else:
            counts.null += 1


def _number(vote: dict[str, Any], digits: int | None = None) -> int:
    typed = vote.get("digitacao", "")[:digits]
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 5):
        raise Undecodable(msg("digits in every vote for a choice"), msg("a vote without them"))
    return int(typed)
