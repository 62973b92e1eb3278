"""What a bureau's commune and election are called, which a leaf does not say, as the folder of a night says it."""

from __future__ import annotations

from pathlib import Path

from protocol.election import read_election
from protocol.errors import InputError
from protocol.night import ELECTION, UNIVERSE
from verify.read.sheet import read_sheet


def commune_name(night: Path, insee: str) -> str:
    """The name of a commune by a night's list of bureaux; empty where there is none that can be read."""
    try:
        listed = read_sheet(night / UNIVERSE.file, UNIVERSE)
    except InputError:
        return ""
    return next((str(name) for name in listed.texts["commune"][listed.texts["insee"] == insee]), "")


def election_name(night: Path, poll: str) -> str:
    """The name of a poll, or else of the whole election; empty where the night does not say it."""
    try:
        election = read_election(night / ELECTION)
    except InputError:
        return ""
    return next((each.name for each in election.polls if str(each.number) == poll and each.name), election.name)
