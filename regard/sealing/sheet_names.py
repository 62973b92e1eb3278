"""What a bureau's commune and election are called, which a leaf does not say, as what was sealed says it."""

from __future__ import annotations

from pathlib import Path

from protocol.election import read_election
from protocol.errors import RegardError
from protocol.night import ELECTION, UNIVERSE
from protocol.opening import open_evidence
from regard.sealing.places import evidence_of
from verify.read.results_files import parse_all
from verify.read.sheet import read_sheet


def commune_name(given: Path, insee: str) -> str:
    """The name of a commune by a night's list of bureaux, or by a file of published results; empty where none has it.

    Args:
        given: a night, a file of results, or the sealed folder of either.
        insee: code of the commune.
    """
    evidence = evidence_of(given)
    try:
        if evidence.is_file():
            tables = [(table.insee, table.commune) for table in parse_all(open_evidence(evidence))]
        else:
            listed = read_sheet(evidence / UNIVERSE.file, UNIVERSE, evidence)
            tables = [(listed.texts["insee"], listed.texts["commune"])]
    except RegardError:
        return ""
    names = (str(name) for codes, communes in tables for name in communes[codes == insee] if name)
    return next(names, "")


def election_name(given: Path, poll: str) -> str:
    """The name of a poll, or else of the whole election; empty where the night does not say it."""
    try:
        election = read_election(evidence_of(given) / ELECTION)
    except RegardError:
        return ""
    return next((each.name for each in election.polls if str(each.number) == poll and each.name), election.name)
