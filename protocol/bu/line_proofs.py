"""Proofs that the lines of a bulletin are unchanged: signatures in 2022, a chain of hashes since.

The key of the signatures stands in the bulletin itself, and a chain of hashes has none. So neither says who wrote it;
and neither covers the roll, the turnout and the times, nor, in 2022, a line that was left out or repeated. Those are
covered by the digest of the whole file in the signature file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from protocol.bu.bulletin import BulletinElection, UrnaBulletin, VoteKind, VoteLine
from protocol.bu.counts import UrnaSection, office_name
from protocol.bu.schema import FormatVersion
from protocol.dumps.checks import Checklist
from protocol.words import Message, msg

CODE = "D102"
_SIGNED = msg("signature of each line of votes, with the key in the bulletin: shows no change, not who signed")
_LEFT_OUT = msg("signature of each line of votes: left out, as asked")
_CHAINED = msg("chain of hashes over the lines of votes: shows no change, not who wrote them")
_WITH_CHOICE = (VoteKind.NOMINAL, VoteKind.PARTY)


def signed_text(office: int, line: VoteLine, load_code: str) -> str:
    """Build the text that the signature of a line covers, in 2022."""
    choice = f"{line.number}{line.party}" if line.kind in _WITH_CHOICE else ""
    return f"{office}{int(line.kind)}{line.votes}{choice}{load_code}"


def first_link(section: UrnaSection, load_code: str, election: int) -> str:
    """Build the text that starts the chain of an election, since 2024."""
    numbers = f"{section.vote:05}|{election:05}|{section.municipality:05}|{section.zone:04}|{section.section:04}"
    return _upper(f"{numbers}|{load_code.zfill(24)}")


def next_link(previous: str, office: int, line: VoteLine) -> str:
    """The link of a line, as hexadecimal digits in capitals."""
    choice = "" if line.number is None else f"|{line.number}|{line.party}"
    return _upper(f"{previous}|{line.order}|{office}|{int(line.kind)}|{line.votes}{choice}")


def check_lines(checks: Checklist, bulletin: UrnaBulletin, signatures: bool) -> None:
    """Check the signatures or the chains of a bulletin.

    Args:
        checks: where the outcome goes.
        bulletin: the bulletin.
        signatures: whether to check those of 2022, which takes longer than all the rest.
    """
    lines = sum(len(office.lines) for election in bulletin.elections for office in election.offices)
    if bulletin.version is FormatVersion.V2022:
        if not signatures:
            checks.not_checked(CODE, _LEFT_OUT, lines)
            return
        text, broken = _SIGNED, list(_find_unsigned(bulletin))
    else:
        text, broken = _CHAINED, [place for each in bulletin.elections for place in _find_breaks(bulletin, each)]
    checks.holds(CODE, text, max(lines - len(broken), 0))
    if broken:
        checks.fails(CODE, text, place=broken[0], times=len(broken))


def _find_unsigned(bulletin: UrnaBulletin) -> Iterator[Message]:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bulletin.key)
    except ValueError:
        key = None
    for election in bulletin.elections:
        for office in election.offices:
            for line in office.lines:
                text = signed_text(office.counts.office, line, bulletin.load_code).encode("latin-1", "replace")
                try:
                    if key is None:
                        raise InvalidSignature
                    key.verify(line.proof, hashlib.sha512(text).digest())
                except InvalidSignature:
                    yield _place(office.counts.office, line)


def _find_breaks(bulletin: UrnaBulletin, election: BulletinElection) -> Iterator[Message]:
    """Find the places at which the chain breaks; after a break it goes on from the digest found there."""
    link = first_link(bulletin.section, bulletin.load_code, election.number)
    for office in election.offices:
        for number, line in enumerate(office.lines, 1):
            link = next_link(link, office.counts.office, line)
            stands = line.proof.hex().upper()
            if link != stands or line.order != number:
                yield _place(office.counts.office, line)
                link = stands
    if link != election.last_hash.hex().upper():
        yield msg("the end of the chain")


def _place(office: int, line: VoteLine) -> Message:
    choice = msg("without a choice") if line.number is None else str(line.number)
    return msg("{office}, line {choice}", office=office_name(office), choice=choice)


def _upper(text: str) -> str:
    return hashlib.sha512(text.encode("latin-1", "replace")).hexdigest().upper()
