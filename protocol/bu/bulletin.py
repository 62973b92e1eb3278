"""The bulletin (boletim de urna) as values, of either version, with the facts that it states of its machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from protocol.bu.bounds import Undecodable
from protocol.bu.counts import OfficeCounts, UrnaSection
from protocol.bu.schema import BULLETIN, ENVELOPE, FormatVersion, decode, has_machine, version_of
from protocol.words import Text, msg, nmsg, series


class VoteKind(IntEnum):
    """Kinds of votes, as the bulletin numbers them; the votes one by one are numbered otherwise."""

    NOMINAL = 1
    BLANK = 2
    NULL = 3
    PARTY = 4
    NO_CANDIDATE = 5


class EnvelopeKind(IntEnum):
    """Content of an envelope."""

    BULLETIN = 1
    VOTES = 2
    PRINTED = 4
    FINGERPRINTS = 5
    PRINTED_ZERO = 6


@dataclass(frozen=True, slots=True)
class UrnaEnvelope:
    """An envelope.

    Attributes:
        kind: what it holds.
        section: what it is for.
        place: number of the polling place; 0 where it is not said.
        content: encoded bulletin, or text for the printer.
        encrypted: that the content cannot be read.
        written: when, as ``20221002T180722``, local time.
        deviations: as in `Decoded`.
    """

    kind: int
    section: UrnaSection
    place: int
    content: bytes
    encrypted: bool
    written: str
    deviations: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class VoteLine:
    """One line of an office: a choice and its votes.

    Attributes:
        kind: of `VoteKind`.
        votes: how many.
        number, party: what voters typed, and the party; None for blank and null votes.
        order: place in the chain of hashes, from 1; 0 in 2022, when each line was signed.
        proof: its signature in 2022, its link of the chain since.
    """

    kind: int
    votes: int
    number: int | None
    party: int | None
    order: int
    proof: bytes


@dataclass(frozen=True, slots=True)
class BulletinOffice:
    """One office of a bulletin: its lines as they stand, and its counts."""

    lines: tuple[VoteLine, ...]
    counts: OfficeCounts
    print_order: int


@dataclass(frozen=True, slots=True)
class BulletinElection:
    """One election of a bulletin, with the end of its chain of hashes and the signature over that, empty in 2022."""

    number: int
    registered: int
    offices: tuple[BulletinOffice, ...]
    last_hash: bytes = b""
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class UrnaBulletin:
    """A bulletin.

    Attributes:
        version: of the format.
        section: what it is of.
        place: number of the polling place.
        written: when the file was written; this and other times local, as ``20221002T180722``.
        machine: number of the machine.
        software: name and version of its program.
        load_code: 24 digits, leading zeros count.
        opened, closed: of the vote; empty where the counting program wrote it.
        by_hand, by_finger: voters let in either way; None where it is not said.
        elections: one after another, as they stand.
        key: that the lines are signed with, in 2022.
        deviations: as in `Decoded`.
    """

    version: FormatVersion
    section: UrnaSection
    place: int
    written: str
    machine: int
    software: str
    load_code: str
    opened: str
    closed: str
    by_hand: int | None
    by_finger: int | None
    elections: tuple[BulletinElection, ...]
    key: bytes
    deviations: tuple[Text, ...] = ()

    @property
    def offices(self) -> list[OfficeCounts]:
        """The counts of all offices, in the order of the paper."""
        found = [office for election in self.elections for office in election.offices]
        return [office.counts for office in sorted(found, key=lambda office: office.print_order)]


def read_envelope(data: bytes) -> UrnaEnvelope:
    """Decode an envelope.

    Raises:
        Undecodable: it is none.
    """
    version = version_of(data, 2) if has_machine(data) else FormatVersion.V2022
    decoded = decode(version, ENVELOPE, data)
    value = decoded.value
    place = value["identificacao"][1]
    return UrnaEnvelope(
        kind=value["tipoEnvelope"],
        section=section_in(value, place),
        place=place.get("local", 0),
        content=bytes(value["conteudo"]),
        encrypted="seguranca" in value,
        written=value["cabecalho"]["dataGeracao"],
        deviations=decoded.deviations,
    )


def section_in(holder: dict[str, Any], place: dict[str, Any]) -> UrnaSection:
    """The section that a decoded value is of; a spare machine's has no number of a section."""
    kind, number = holder["cabecalho"]["idEleitoral"]
    town = place["municipioZona"]
    vote = number if kind == "idPleito" else 0
    return UrnaSection(holder.get("fase", 0), vote, town["municipio"], town["zona"], place.get("secao", 0))


def read_bulletin(data: bytes) -> UrnaBulletin:
    """Decode what is in the envelope of a bulletin.

    Raises:
        Undecodable: it is none, or has a count below zero.
    """
    version = version_of(data, 2)
    decoded = decode(version, BULLETIN, data)
    value = decoded.value
    load = value["urna"]["correspondenciaResultado"]["carga"]
    _, times = value["dadosSecaoSA"]
    detail = value.get("detalhamentoComparecimento", {})
    return UrnaBulletin(
        version=version,
        section=section_in(value, value["identificacaoSecao"]),
        place=value["identificacaoSecao"]["local"],
        written=value["cabecalho"]["dataGeracao"],
        machine=load["numeroInternoUrna"],
        software=value["urna"]["versaoVotacao"],
        load_code=load["codigoCarga"],
        opened=times.get("dataHoraAbertura", ""),
        closed=times.get("dataHoraEncerramento", ""),
        by_hand=value.get("qtdEleitoresLibCodigo", detail.get("qtdEleitoresHabilitadosPorBiografia")),
        by_finger=value.get("qtdEleitoresCompBiometrico", detail.get("qtdEleitoresHabilitadosPorBiometria")),
        elections=tuple(map(_election, value["resultadosVotacaoPorEleicao"])),
        key=bytes(value.get("chaveAssinaturaVotosVotavel", b"")),
        deviations=decoded.deviations,
    )


def _election(value: dict[str, Any]) -> BulletinElection:
    number, registered = value["idEleicao"], _count(value["qtdEleitoresAptos"])
    offices = tuple(
        _office(each, number, registered, _count(kind["qtdComparecimento"]))
        for kind in value["resultadosVotacao"]
        for each in kind["totaisVotosCargo"]
    )
    return BulletinElection(
        number,
        registered,
        offices,
        bytes(value.get("ultimoHashVotosVotavel", b"")),
        bytes(value.get("assinaturaUltimoHashVotosVotavel", b"")),
    )


def _office(value: dict[str, Any], election: int, registered: int, turnout: int) -> BulletinOffice:
    counts = OfficeCounts(election, value["codigoCargo"][1], registered, turnout)
    lines = tuple(map(_line, value["votosVotaveis"]))
    for line in lines:
        if line.kind == VoteKind.BLANK:
            counts.blank += line.votes
        elif line.kind in (VoteKind.NULL, VoteKind.NO_CANDIDATE):
            counts.null += line.votes
        else:
            held, key = (counts.nominal, line.number) if line.kind == VoteKind.NOMINAL else (counts.party, line.party)
            if key is None:
                raise Undecodable(msg("a number with every choice"), msg("a choice without one"))
            held[key] += line.votes
            if line.kind == VoteKind.NOMINAL and line.party is not None:
                counts.parties[key] = line.party
    return BulletinOffice(lines, counts, value["ordemImpressao"])


def _line(value: dict[str, Any]) -> VoteLine:
    choice = value.get("identificacaoVotavel", {})
    proof = value["hash"] if "hash" in value else value["assinatura"]
    return VoteLine(
        value["tipoVoto"],
        _count(value["quantidadeVotos"]),
        choice.get("codigo"),
        choice.get("partido"),
        value.get("ordemGeracaoHash", 0),
        bytes(proof),
    )


def _count(value: int) -> int:
    if not 0 <= value < 2**31:
        raise Undecodable(msg("counts from 0 on"), msg("a count below 0 or beyond all bounds"))
    return value


OFFICIAL = 2
_PHASES: dict[int, Text] = {1: msg("rehearsal (simulado)"), 3: msg("training (treinamento)")}
_TIME_LENGTH = len("20221002T180722")


class BulletinFacts:
    """Gathers what the counted bulletins say."""

    def __init__(self) -> None:
        self._first: UrnaBulletin | None = None
        self._software: Counter[str] = Counter()
        self._phases: Counter[int] = Counter()

    def add(self, bulletin: UrnaBulletin) -> None:
        """Take in a bulletin."""
        self._first = bulletin if not self._software else None
        self._software[bulletin.software] += 1
        self._phases[bulletin.section.phase] += 1

    def __iter__(self) -> Iterator[tuple[Text, Text]]:
        for phase, count in sorted(self._phases.items()):
            if phase != OFFICIAL:
                name = _PHASES.get(phase, str(phase))
                text = nmsg("{count:n} bulletin of a {phase}", "{count:n} bulletins of a {phase}", count, phase=name)
                yield msg("not an official result"), text
        if self._first is not None:
            yield from _facts_of(self._first)
        elif self._software:
            programs = (
                msg("{name} ({count})", name=name, count=count) for name, count in sorted(self._software.items())
            )
            yield msg("programs"), series(programs)


def _facts_of(bulletin: UrnaBulletin) -> Iterator[tuple[Text, Text]]:
    yield msg("vote (pleito)"), str(bulletin.section.vote)
    yield msg("machine"), str(bulletin.machine)
    yield msg("program"), bulletin.software
    yield msg("load code"), bulletin.load_code
    if bulletin.opened:
        yield msg("voting opened (local time)"), _show_time(bulletin.opened)
        yield msg("voting closed (local time)"), _show_time(bulletin.closed)
    else:
        yield msg("counted by"), msg("the counting program, not by a voting machine")
    yield msg("file written (local time)"), _show_time(bulletin.written)
    if bulletin.by_finger is not None:
        yield msg("identified by fingerprint"), str(bulletin.by_finger)
    if bulletin.by_hand is not None:
        yield msg("identified by an official"), str(bulletin.by_hand)


def _show_time(time: str) -> str:
    """A time of the format, as ``2022-10-02 18:07:22``; other texts as they are."""
    if len(time) != _TIME_LENGTH:
        return time
    return f"{time[:4]}-{time[4:6]}-{time[6:8]} {time[9:11]}:{time[11:13]}:{time[13:]}"


def year_of(time: str) -> int:
    """The year of a time of the format; 0 of any other text."""
    return int(time[:4]) if time[:4].isascii() and time[:4].isdigit() else 0
