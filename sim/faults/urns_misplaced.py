"""Images of urns in the wrong place: of another election, another bureau, another moment, or there twice."""

from __future__ import annotations

from numpy.random import Generator

from protocol.urn.image import ERASED, EVENT_SIZE, MARK_BYTES, SLOT_SIZE, SPANS, Section
from protocol.words import msg
from sim.evidence import BureauEvidence
from sim.faults.acts import copy, misfile, of_bureau, of_urn, on_papers
from sim.faults.model import Effect, PaperFault, Stage, Struck
from sim.faults.urn_writing import HEAD, last_entry, number_at, put, seal_image

_OLDER = 50_000
"""Five years, in a date as YYYYMMDD."""
FAULTS: list[PaperFault] = []
_fault = on_papers(FAULTS, Stage.DUMP)


def _put_code(image: bytearray, code: str) -> None:
    image[HEAD["bureau"] : HEAD["bureau"] + 8] = code.encode().ljust(8, b"\0")


@_fault("module-earlier-election", msg("the module image is of another election and date"))
@of_urn
def _earlier_election(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    image = bytearray(data)
    date = number_at(image, HEAD["date"]) - _OLDER
    put(image, HEAD["date"], date)
    place = slice(HEAD["election"], HEAD["election"] + 24)
    image[place] = image[place].replace(str((date + _OLDER) // 10_000).encode(), str(date // 10_000).encode())
    effect = Effect("modules", "election", None, "l'image d'urne est celle d'une élection précédente")
    return seal_image(image), effect


_fault("module-misfiled", msg("the module images of two bureaux have each other's file name"))(
    misfile("urns", "module-misfiled", "modules", "les images d'urne", "classées l'une à la place de l'autre")
)


@_fault("module-unpadded-bureau", msg("the module image names a bureau that is not on the list (12 for 0012)"))
@of_bureau
def _unpadded(evidence: BureauEvidence, random: Generator) -> Effect | None:
    code = evidence.bureau.code
    bare = code.lstrip("0") or "0"
    if not evidence.urns or bare == code:
        return None
    name, data = evidence.urns[0]
    image = bytearray(data)
    _put_code(image, bare)
    evidence.urns[0] = (f"urne {name}", seal_image(image))
    return Effect("modules", "bureau", None, f"l'image d'urne porte le code {bare} au lieu de {code}")


@_fault("module-relabelled", msg("the module image is another bureau's, with this bureau's code"))
def _relabelled(commune: list[BureauEvidence], at: int, random: Generator) -> Struck:
    others = [other for other in range(at) if commune[other].urns]
    if not commune[at].urns or not others:
        return []
    other = others[int(random.integers(len(others)))]
    image = bytearray(commune[other].urns[0][1])
    _put_code(image, commune[at].bureau.code)
    put(image, HEAD["registered"], commune[at].bureau.registered)
    commune[at].urns[0] = (commune[at].urns[0][0], seal_image(image))
    detail = f"l'image d'urne est celle du bureau {commune[other].bureau.code}, à qui on a donné un autre code"
    return [(at, Effect("modules", "bureau", None, detail))]


_fault("module-copied", msg("the same module image is there twice"))(
    copy("urns", "modules", "l'image d'urne est là deux fois")
)


@_fault(
    "module-read-twice",
    msg("a second image of the urn, of before the last votes, is kept beside the right one"),
)
@of_bureau
def _read_twice(evidence: BureauEvidence, random: Generator) -> Effect | None:
    if not evidence.urns:
        return None
    name, data = evidence.urns[0]
    early = _before_the_last_votes(bytearray(data), int(random.integers(1, 6)))
    if early is None:
        return None
    evidence.urns.append((f"avant cloture {name}", early))
    return Effect("modules", "fichier", None, "une première image d'urne est d'avant les derniers votes")


def _before_the_last_votes(image: bytearray, waiting: int) -> bytes | None:
    """The urn when so many voters had still to come: not closed, and votes and marks of theirs not written."""
    a, b = SPANS[Section.BANK_A][0], SPANS[Section.BANK_B][0]
    polls = sorted({image[a + at] for at in range(0, SPANS[Section.BANK_A][1] - a, SLOT_SIZE)} - {0, ERASED})
    for poll in polls:
        used = [at for at in range(0, SPANS[Section.BANK_A][1] - a, SLOT_SIZE) if image[a + at] == poll]
        if len(used) < waiting:
            return None
        for at in used[-waiting:]:  # positions are drawn at random: any votes are as good as the last ones
            image[a + at : a + at + SLOT_SIZE] = image[b + at : b + at + SLOT_SIZE] = b"\xff" * SLOT_SIZE
    marks = SPANS[Section.MARKS][0]
    for counter in (0, *polls):  # enablings, and voters of each poll
        start = marks + 2 * MARK_BYTES * counter
        count = 8 * MARK_BYTES - int.from_bytes(image[start : start + MARK_BYTES], "big").bit_count() - waiting
        bits = "0" * count + "1" * (8 * MARK_BYTES - count)
        image[start : start + MARK_BYTES] = int(bits, 2).to_bytes(MARK_BYTES, "big")
        image[start + MARK_BYTES : start + 2 * MARK_BYTES] = int(bits[::-1], 2).to_bytes(MARK_BYTES, "big")
    last = last_entry(image)
    image[last : last + EVENT_SIZE] = b"\xff" * EVENT_SIZE
    image[slice(*SPANS[Section.CLOSING])] = b"\xff" * (SPANS[Section.CLOSING][1] - SPANS[Section.CLOSING][0])
    return seal_image(image)
