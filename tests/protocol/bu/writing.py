"""Writing the files of an urna: a bulletin in its envelope, and the votes one by one, as the formats have them.

The lines of a bulletin of 2022 are signed with the key that is given, and those of later ones chained. Nothing here
knows a key of the electoral court: what is written is known for a made-up one by its signatures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from protocol.bu.ballots import BallotKind
from protocol.bu.bulletin import EnvelopeKind, VoteKind, VoteLine
from protocol.bu.counts import OFFICES, OfficeCounts, UrnaSection, largest
from protocol.bu.line_proofs import first_link, next_link, signed_text
from protocol.bu.schema import BULLETIN, ENVELOPE, VOTES, FormatVersion, encode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNATURE_SIZE = 64
PROPORTIONAL = (6, 7, 8, 13)
"""Offices for which there are votes for a party."""
_MAJORITY, _PARTY_LISTS, _QUESTION = 1, 2, 3
_NULL, _NULL_AFTER_SUSPENSION = 4, 6


@dataclass(frozen=True, slots=True)
class UrnaDay:
    """State of an urna at the end of a day.

    Attributes:
        section: what it counted.
        place: number of the polling place.
        machine: its number.
        software: name and version of its program.
        load_code: 24 digits.
        loaded, opened, closed, written: times, as ``20221002T180722``.
        offices: the counts, in the order of the paper; those of an election together.
        key: 32 bytes that the lines are signed with in 2022.
        by_hand, by_finger: voters let in either way.
    """

    section: UrnaSection
    place: int
    machine: int
    software: str
    load_code: str
    loaded: str
    opened: str
    closed: str
    written: str
    offices: Sequence[OfficeCounts]
    key: bytes
    by_hand: int = 0
    by_finger: int = 0


def write_bulletin(day: UrnaDay, version: FormatVersion) -> bytes:
    """A bulletin in its envelope.

    Raises:
        ValueError: a value that the format does not have.
    """
    bulletin = encode(version, BULLETIN, _bulletin(day))
    return write_envelope(day, version, EnvelopeKind.BULLETIN, bulletin)


def write_ballots(day: UrnaDay, version: FormatVersion, null_digits: str = "") -> bytes:
    """The votes one by one, sorted by kind and digits as an urna sorts them: no order tells who voted.

    Args:
        day: what was counted.
        version: of the format.
        null_digits: what every null vote was typed as; without it they are those of voters who left before the end.

    Raises:
        ValueError: a value that the format does not have.
    """
    elections = [
        {"idEleicao": number, "votosCargos": [_cast(office, null_digits) for office in offices]}
        for number, offices in _by_election(day.offices)
    ]
    votes = {
        "pleito": day.section.vote,
        "fase": day.section.phase,
        "identificacao": _place(day.section, day.place),
        "historicoCodigosCarga": [day.load_code],
        "eleicoes": ("eleicoesVota", elections),
    }
    return encode(version, VOTES, {"cabecalho": _header(day), "urna": _machine(day), "rdv": votes})


def write_envelope(day: UrnaDay, version: FormatVersion, kind: EnvelopeKind, content: bytes) -> bytes:
    """An envelope; that of a text for the printer says what machine wrote it.

    Raises:
        ValueError: a value that the format does not have.
    """
    value = {
        "cabecalho": _header(day),
        "fase": day.section.phase,
        "identificacao": ("identificacaoSecaoEleitoral", _place(day.section, day.place)),
        "tipoEnvelope": int(kind),
        "conteudo": content,
    }
    if kind != EnvelopeKind.BULLETIN:
        value["urna"] = _machine(day)
    return encode(version, ENVELOPE, value)


def _bulletin(day: UrnaDay) -> dict[str, Any]:
    """The values of both versions; encoding takes those that its version has."""
    return {
        "cabecalho": _header(day),
        "fase": day.section.phase,
        "urna": _machine(day),
        "identificacaoSecao": _place(day.section, day.place),
        "dataHoraEmissao": day.written,
        "dadosSecaoSA": ("dadosSecao", {"dataHoraAbertura": day.opened, "dataHoraEncerramento": day.closed}),
        "qtdEleitoresLibCodigo": day.by_hand,
        "qtdEleitoresCompBiometrico": day.by_finger,
        "qtdEleitoresCompareceram": largest(day.offices)[1],
        "detalhamentoComparecimento": {
            "qtdEleitoresCompareceramSemBiometria": 0,
            "qtdEleitoresHabilitadosPorBiometria": day.by_finger,
            "qtdEleitoresHabilitadosPorBiografia": day.by_hand,
        },
        "resultadosVotacaoPorEleicao": list(_elections(day)),
        "historicoCodigosCarga": [day.load_code],
        "chaveAssinaturaVotosVotavel": line_signer(day.key).public_key().public_bytes_raw(),
    }


def _elections(day: UrnaDay) -> Iterator[dict[str, Any]]:
    signer, order = line_signer(day.key), 0
    for number, offices in _by_election(day.offices):
        registered, _ = largest(offices)
        link = first_link(day.section, day.load_code, number)
        results = []
        for office in offices:
            order += 1
            lines = []
            for line in _lines(office):
                link = next_link(link, office.office, line)
                signed = hashlib.sha512(signed_text(office.office, line, day.load_code).encode("latin-1")).digest()
                lines.append(_line(line, signer.sign(signed), bytes.fromhex(link)))
            kind = _PARTY_LISTS if office.office in PROPORTIONAL else _MAJORITY
            total = {"codigoCargo": _office(office.office), "ordemImpressao": order, "votosVotaveis": lines}
            kind = kind if office.office in OFFICES else _QUESTION
            results.append({"tipoCargo": kind, "qtdComparecimento": office.turnout or 0, "totaisVotosCargo": [total]})
        yield {
            "idEleicao": number,
            "qtdEleitoresAptos": registered,
            "qtdEleitoresAptosSecao": registered,
            "qtdEleitoresAptosTTE": 0,
            "resultadosVotacao": results,
            "ultimoHashVotosVotavel": bytes.fromhex(link),
            "assinaturaUltimoHashVotosVotavel": bytes(2 * SIGNATURE_SIZE),
        }


def _lines(office: OfficeCounts) -> list[VoteLine]:
    """Choices by number, parties, blank and null; a line without votes is not written."""
    found = [
        (VoteKind.NOMINAL, votes, number, office.parties.get(number, int(str(number)[:2])))
        for number, votes in sorted(office.nominal.items())
    ]
    found += [(VoteKind.PARTY, votes, party, party) for party, votes in sorted(office.party.items())]
    lines = [VoteLine(*each, 0, b"") for each in found]
    lines += [VoteLine(VoteKind.BLANK, office.blank, None, None, 0, b"")]
    lines += [VoteLine(VoteKind.NULL, office.null, None, None, 0, b"")]
    written = [line for line in lines if line.votes]
    return [replace(line, order=number) for number, line in enumerate(written, 1)]


def _line(line: VoteLine, signature: bytes, link: bytes) -> dict[str, Any]:
    value = {
        "tipoVoto": int(line.kind),
        "quantidadeVotos": line.votes,
        "assinatura": signature,
        "ordemGeracaoHash": line.order,
        "hash": link,
    }
    if line.number is not None:
        value["identificacaoVotavel"] = {"partido": line.party, "codigo": line.number}
    return value


def _cast(office: OfficeCounts, null_digits: str) -> dict[str, Any]:
    votes: list[dict[str, Any]] = []
    for party, count in sorted(office.party.items()):
        votes += count * [{"tipoVoto": int(BallotKind.PARTY), "digitacao": f"{party:02}"}]
    for number, count in sorted(office.nominal.items()):
        votes += count * [{"tipoVoto": int(BallotKind.NOMINAL), "digitacao": f"{number:02}"}]
    votes += office.blank * [{"tipoVoto": int(BallotKind.BLANK)}]
    null = {"tipoVoto": _NULL, "digitacao": null_digits} if null_digits else {"tipoVoto": _NULL_AFTER_SUSPENSION}
    votes += office.null * [null]
    return {"idCargo": _office(office.office), "quantidadeEscolhas": office.votes_per_voter or 1, "votos": votes}


def _by_election(offices: Sequence[OfficeCounts]) -> list[tuple[int, list[OfficeCounts]]]:
    return [(number, list(some)) for number, some in groupby(offices, key=lambda office: office.election)]


def _header(day: UrnaDay) -> dict[str, Any]:
    return {"dataGeracao": day.written, "idEleitoral": ("idPleito", day.section.vote)}


def _machine(day: UrnaDay) -> dict[str, Any]:
    computer = {"nome": "regard", "serialCertificadoTPM": "", "serialInstalacao": ""}
    load = {
        "numeroInternoUrna": day.machine,
        "numeroSerieFC": bytes(4),
        "identificadorGeradorMidia": computer,
        "dataHoraCarga": day.loaded,
        "codigoCarga": day.load_code,
    }
    loaded_for = ("identificacaoSecaoEleitoral", _place(day.section, 1))
    return {
        "tipoUrna": 1,
        "versaoVotacao": day.software,
        "correspondenciaResultado": {"identificacao": loaded_for, "carga": load},
        "tipoArquivo": 1,
        "numeroSerieFV": bytes(4),
    }


def _place(section: UrnaSection, place: int) -> dict[str, Any]:
    town = {"municipio": section.municipality, "zona": section.zone}
    return {"municipioZona": town, "local": place, "secao": section.section}


def _office(number: int) -> tuple[str, int]:
    return ("cargoConstitucional" if number in OFFICES else "numeroCargoConsultaLivre"), number


def line_signer(key: bytes) -> Ed25519PrivateKey:
    """Make the key that signs lines and QR texts."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(key)
