"""Sheet for a bureau's wall: its proof, with names of commune and election from the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from protocol.election import read_election
from protocol.errors import RegardError
from protocol.night import ELECTION, UNIVERSE
from protocol.opening import open_evidence
from protocol.quantities import VOTERS, Quantity
from protocol.sealing.leaves import Leaf, leaf_number, parse_leaf
from protocol.sealing.proofs import Proof, parse_proof
from protocol.sealing.seal_error import encode64
from protocol.words import Text, language, msg, nmsg, series, unbroken
from regard.language import capitalise, show
from regard.letters.law import in_words
from regard.sealing.codes import code_svg, code_texts
from regard.sealing.places import evidence_of
from regard.templates import render
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


_PAGE = Path(__file__).with_name("sheet.html.j2")
_TYPST = Path(__file__).with_name("sheet.typ")
_ROOT = 12
"""Characters of the root that are printed."""


def sheet_bytes(proof: bytes, code: str, ending: str, commune: str = "", election: str = "") -> bytes:
    """A sheet in a language: PDF/UA-1, or a page in UTF-8 to be printed.

    Args:
        proof: the file.
        code: of the language.
        ending: of the file's name: ``.pdf`` or ``.html``.
        commune: its name, empty where it is not known.
        election: its name, likewise.

    Raises:
        ExtraMissing: Typst or what makes the codes is not installed.
        SealError: the proof is none, or has no leaf.
    """
    values, pictures = printable(proof, code, commune, election)
    if ending == ".pdf":
        from regard.pdf import pdf_bytes  # noqa: PLC0415 - an extra

        return pdf_bytes(_TYPST, values, pictures)
    drawn = {name: picture.decode() for name, picture in pictures.items()}
    return render(_PAGE, language(code), page=values, pictures=drawn).encode()


def printable(data: bytes, code: str, commune: str = "", election: str = "") -> tuple[dict[str, Any], dict[str, bytes]]:
    """The sheet of a proof as plain values, and the pictures of its codes by name; all else as for `sheet_bytes`."""
    proof = parse_proof(data)
    leaf = parse_leaf(proof.extra)
    texts = code_texts(data)
    pictures = {f"code-{at}.svg": code_svg(text) for at, text in enumerate(texts, 1)}

    def said(text: Text) -> str:
        return unbroken(show(code, text))

    def number(value: int | None) -> str:
        return said(msg("missing")) if value is None else language(code).number(value)

    figures = [each for each in Quantity if each in VOTERS or each in leaf.figures]
    title = said(msg("Published figures of bureau {bureau}", bureau=leaf.bureau))
    place = said(_place(leaf, commune))
    values = {
        "language": code,
        "title": title,
        "place": place,
        "about": [said(line) for line in _about(leaf, election)],
        "figures": [
            [capitalise(said(each.label)), number(leaf.figures.get(each))] for each in figures if each != Quantity.VOTES
        ],
        "votes_title": capitalise(said(Quantity.VOTES.label)),
        "votes_head": [said(msg("Choice")), said(msg("Votes"))],
        "votes": [[_name(each.name, each.choice), number(each.votes)] for each in leaf.votes],
        "codes": [[name, said(_code_label(at, len(texts)))] for at, name in enumerate(pictures, 1)],
        "check_title": said(msg("How to check it")),
        "check": [said(line) for line in _how(len(texts))],
        "limits_title": said(msg("What it does not show")),
        "limits": [said(line) for line in _limits(leaf, number)],
        "list": said(_list(proof, number)),
        "brief": f"{title} · {place}",
        "footer": said(msg("regard; SHA-256 of the proof: {digest}", digest=sha256(data).hexdigest())),
        "page": said(msg("page")),
    }
    return values, pictures


def _name(name: str, choice: int | None) -> str:
    return name or ("" if choice is None else str(choice))


def _place(leaf: Leaf, commune: str) -> Text:
    if commune:
        return msg("{commune} (INSEE code {code})", commune=commune, code=leaf.insee)
    return msg("Commune with the INSEE code {code}", code=leaf.insee)


def _about(leaf: Leaf, name: str) -> Iterator[Text]:
    """Election, day, round, and poll if it is not the first."""
    election = leaf.election
    if name or election.id:
        yield name or election.id
    said: list[Text] = []
    if election.date is not None:
        said.append(in_words(election.date))
    if election.round is not None:
        said.append(msg("round {round}", round=election.round))
    if leaf.poll != "1":
        said.append(msg("poll {number}", number=leaf.poll))
    if said:
        yield series(said)


def _code_label(at: int, count: int) -> Text:
    return msg("QR code of the proof") if count == 1 else msg("QR code {number} of {count}", number=at, count=count)


def _how(codes: int) -> Iterator[Text]:
    yield msg("Compare these figures with those that are announced and posted in the bureau.")
    if not codes:
        yield msg(
            "The proof is too long for codes: take its file, and give it to the checking page (one file, which works "
            "without internet) or to regard."
        )
    else:
        yield nmsg(
            "Read the code with a phone, and give the text to the checking page (one file, which works without "
            "internet) or to regard.",
            "Read the {count:n} codes with a phone, in any order, and give their texts to the checking page (one "
            "file, which works without internet) or to regard.",
            codes,
        )
    yield msg(
        "Take the public key of the list from those who publish it, not from this sheet: the answer is then whether "
        "exactly these figures are in their list."
    )


def _limits(leaf: Leaf, number: Any) -> Iterator[Text]:
    yield msg("That the figures are true: the proof says that they were published like this.")
    yield msg("That no later entry takes the place of this one: for that one needs the whole list, which is published.")
    if leaf.replaces is not None:
        yield msg("This entry takes the place of entry {index}.", index=number(leaf_number(leaf.replaces)))


def _list(proof: Proof, number: Any) -> Text:
    head = proof.checkpoint.checkpoint
    return msg(
        "List {origin}: entry {index} of {size}; root {root}…",
        origin=head.origin,
        index=number(leaf_number(proof.index)),
        size=number(head.size),
        root=encode64(head.root)[:_ROOT],
    )
