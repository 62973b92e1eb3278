"""Faults of signed files of Brazilian urnas, and of files signed with another key."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from numpy.random import Generator

from protocol.bu.bulletin import VoteKind
from protocol.bu.counts import OfficeCounts
from protocol.bu.schema import BULLETIN, ENVELOPE, decode, encode
from protocol.bu.writing import UrnaDay, write_ballots, write_bulletin
from protocol.words import msg
from sim.faults.model import Effect, MachineFault, Unit, adding
from sim.other_machines.machine_dumps import UrnaDump
from sim.other_machines.urnas import VERSION, print_bulletin, sign_files

MOST = 9
"""Votes that a fault moves, at most."""
_BULLETIN, _BALLOTS, _PRINTED, _SIGNED = "bu", "rdv", "imgbu", "vscmr"
FAULTS: list[MachineFault] = []
_fault = adding(FAULTS, MachineFault, unit=Unit.BUREAU, machine="bu")


@dataclass(frozen=True, slots=True)
class _Moved:
    """A day on which some votes of one choice are another's.

    Attributes:
        votes: how many.
        numbers: from which number to which, in words.
        poll: its number.
    """

    day: UrnaDay
    votes: int
    numbers: str
    poll: int

    def __str__(self) -> str:
        return f"{self.votes} voix {self.numbers}"


def _office(day: UrnaDay, random: Generator) -> int:
    """Draw the struck office of a day."""
    return int(random.integers(len(day.offices))) if len(day.offices) > 1 else 0


def _with_votes_moved(dump: UrnaDump, random: Generator) -> _Moved | None:
    """The day with some votes of one choice given to another."""
    at = _office(dump.day, random)
    office = copy.deepcopy(dump.day.offices[at])
    given = [number for number, votes in office.nominal.items() if votes]
    if not given or len(office.nominal) < 2:
        return None
    one = given[int(random.integers(len(given)))]
    others = [number for number in office.nominal if number != one]
    other = others[int(random.integers(len(others)))]
    moved = _some(office.nominal[one], random)
    office.nominal[one] -= moved
    office.nominal[other] += moved
    return _Moved(_with_office(dump.day, at, office), moved, f"du numéro {one} au numéro {other}", dump.polls[at])


def _with_office(day: UrnaDay, at: int, office: OfficeCounts) -> UrnaDay:
    """The day with other counts of one of its offices."""
    return replace(day, offices=[office if place == at else each for place, each in enumerate(day.offices)])


def _some(votes: int, random: Generator) -> int:
    return int(random.integers(1, min(votes, MOST) + 1))


@_fault("bu-chip-other", msg("the signature file of a section is by the chip of another urna"))
def _chip_other(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    other = dump.day.machine + int(random.integers(1, 10_000))
    del dump.files[dump.name(_SIGNED)]
    dump.files[dump.name(_SIGNED)] = sign_files(dump, other)
    return Effect("bu", "vscmr", None, f"le fichier de signatures est de la puce de l'urne {other}")


@_fault("bu-votes-moved", msg("votes of a bulletin have moved from one choice to another since it was signed"))
def _votes_moved(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    name = dump.name(_BULLETIN)
    envelope = decode(VERSION, ENVELOPE, dump.files[name]).value
    bulletin = decode(VERSION, BULLETIN, envelope["conteudo"]).value
    at = _office(dump.day, random)
    (office,) = bulletin["resultadosVotacaoPorEleicao"][0]["resultadosVotacao"][at]["totaisVotosCargo"]
    lines = [line for line in office["votosVotaveis"] if line["tipoVoto"] == VoteKind.NOMINAL]
    if len(lines) < 2:
        return None
    one, other = (lines[int(line)] for line in random.choice(len(lines), 2, replace=False))
    moved = _some(one["quantidadeVotos"], random)
    one["quantidadeVotos"] -= moved
    other["quantidadeVotos"] += moved
    envelope["conteudo"] = encode(VERSION, BULLETIN, bulletin)
    dump.files[name] = encode(VERSION, ENVELOPE, envelope)
    numbers = f"{one['identificacaoVotavel']['codigo']} au numéro {other['identificacaoVotavel']['codigo']}"
    detail = f"{moved} voix du numéro {numbers} ont changé de ligne dans le bulletin d'urne, après sa signature"
    return Effect("bu", "quantidadeVotos", moved, detail, dump.polls[at])


@_fault("bu-key-other", msg("the lines of a bulletin are signed with another key than the one that the chip certified"))
def _key_other(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    dump.files[dump.name(_BULLETIN)] = write_bulletin(replace(dump.day, key=random.bytes(32)), VERSION)
    detail = "les lignes du bulletin d'urne sont signées d'une autre clé que celle que la puce a certifiée"
    return Effect("bu", "chaveAssinaturaVotosVotavel", None, detail)


@_fault("bu-print-other", msg("the printed text of a section has other votes than its bulletin"))
def _print_other(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    if (moved := _with_votes_moved(dump, random)) is None:
        return None
    dump.files[dump.name(_PRINTED)] = print_bulletin(moved.day)
    return Effect("bu", "imgbu", moved.votes, f"{moved} dans le texte imprimé seulement", moved.poll)


@_fault("bu-ballots-other", msg("the votes one by one of a section are not those of its bulletin"))
def _ballots_other(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    if (moved := _with_votes_moved(dump, random)) is None:
        return None
    dump.files[dump.name(_BALLOTS)] = write_ballots(moved.day, VERSION)
    return Effect("bu", "rdv", moved.votes, f"{moved} dans les votes un par un seulement", moved.poll)


@_fault("bu-written-twice", msg("a section has a second bulletin, with one vote more"))
def _written_twice(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    at = _office(dump.day, random)
    office = copy.deepcopy(dump.day.offices[at])
    office.blank += 1
    office.turnout = (office.turnout or 0) + 1
    if office.registered is not None and office.turnout > office.registered:
        return None
    later = datetime.strptime(dump.day.written, "%Y%m%dT%H%M%S") + timedelta(minutes=int(random.integers(5, 60)))
    day = replace(_with_office(dump.day, at, office), written=f"{later:%Y%m%dT%H%M%S}")
    dump.files[f"second-{dump.name(_BULLETIN)}"] = write_bulletin(day, VERSION)
    detail = "un second bulletin d'urne, écrit plus tard, a un vote blanc de plus"
    return Effect("bu", "brancos", 1, detail, dump.polls[at])


@_fault("bu-misfiled", msg("the bulletin of a section is that of another one"))
def _misfiled(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    other = None if before is None else before.files.get(before.name(_BULLETIN))
    if before is None or other is None:
        return None
    dump.files[dump.name(_BULLETIN)] = other
    detail = f"le bulletin d'urne est celui du bureau {' '.join(before.place)}"
    return Effect("bu", "bu", None, detail)


@_fault("bu-bit-rot", msg("one bit of a file of an urna has changed"))
def _bit_rot(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    kinds = [kind for kind in (_BULLETIN, _BALLOTS, _PRINTED) if dump.name(kind) in dump.files]
    kind = kinds[int(random.integers(len(kinds)))]
    damaged = bytearray(dump.files[dump.name(kind)])
    place, bit = int(random.integers(len(damaged))), int(random.integers(8))
    damaged[place] ^= 1 << bit
    dump.files[dump.name(kind)] = bytes(damaged)
    return Effect("bu", kind, None, f"le bit {bit} de l'octet {place} du fichier .{kind} a changé")


@_fault("bu-cut", msg("a bulletin ends too early"))
def _cut(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    data = dump.files[dump.name(_BULLETIN)]
    kept = int(random.integers(1, len(data)))
    dump.files[dump.name(_BULLETIN)] = data[:kept]
    return Effect("bu", "bu", None, f"le bulletin d'urne est coupé après {kept} octets")


@_fault("bu-lost", msg("the bulletin of a section is lost, its other files are there"))
def _missing(dump: UrnaDump, before: UrnaDump | None, random: Generator) -> Effect | None:
    del dump.files[dump.name(_BULLETIN)]
    return Effect("bu", "bu", None, "le bulletin d'urne est perdu")
