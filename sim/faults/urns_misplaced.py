"""Images of urns in the wrong place: of another election, another bureau, another moment, or there twice."""

from __future__ import annotations

import numpy as np

from protocol.urn.image import ERASED, EVENT_SIZE, MARK_BYTES, SLOT_SIZE, SPANS, Section
from protocol.words import msg
from sim.evidence import BureauEvidence
from sim.faults.model import Effect, PaperFault, Stage, Unit, struck_by
from sim.faults.urn_writing import HEAD, last_entry, put, seal_image

Struck = list[tuple[int, Effect]]
_OLDER = 50_000
"""Five years, in a date as YYYYMMDD."""


def _earlier_election(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    name, data = commune[at].urns[0]
    image = bytearray(data)
    date = int.from_bytes(image[HEAD["date"] : HEAD["date"] + 4], "big") - _OLDER
    put(image, HEAD["date"], date)
    place = slice(HEAD["election"], HEAD["election"] + 24)
    image[place] = image[place].replace(str((date + _OLDER) // 10_000).encode(), str(date // 10_000).encode())
    commune[at].urns[0] = (name, seal_image(image))
    return [(at, Effect("modules", "election", None, "l'image d'urne est celle d'une élection précédente"))]


def _misfiled(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    own = [bool(each.urns) and not struck_by("module-misfiled", each) for each in commune]
    others = [other for other in (*range(at + 1, len(commune)), *range(at)) if own[other]]
    if not own[at] or not others:
        return []
    other = others[int(random.integers(len(others)))]
    (name, data), (other_name, other_data) = commune[at].urns[0], commune[other].urns[0]
    commune[at].urns[0], commune[other].urns[0] = (name, other_data), (other_name, data)
    codes = f"{commune[at].bureau.code} et {commune[other].bureau.code}"
    detail = f"les images d'urne des bureaux {codes} sont classées l'une à la place de l'autre"
    return [(where, Effect("modules", "fichier", None, detail)) for where in (at, other)]


def _unpadded(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    code = commune[at].bureau.code
    bare = code.lstrip("0") or "0"
    if not commune[at].urns or bare == code:
        return []
    name, data = commune[at].urns[0]
    image = bytearray(data)
    image[HEAD["bureau"] : HEAD["bureau"] + 8] = bare.encode().ljust(8, b"\0")
    commune[at].urns[0] = (f"urne {name}", seal_image(image))
    return [(at, Effect("modules", "bureau", None, f"l'image d'urne porte le code {bare} au lieu de {code}"))]


def _copied(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    name, data = commune[at].urns[0]
    commune[at].urns.append((f"copie de {name}", data))
    return [(at, Effect("modules", "fichier", None, "l'image d'urne est là deux fois"))]


def _read_twice(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    name, data = commune[at].urns[0]
    early = _before_the_last_votes(bytearray(data), int(random.integers(1, 6)))
    if early is None:
        return []
    commune[at].urns.append((f"avant cloture {name}", early))
    return [(at, Effect("modules", "fichier", None, "une première image d'urne est d'avant les derniers votes"))]


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


def _relabelled(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    others = [other for other in range(at) if commune[other].urns]
    if not commune[at].urns or not others:
        return []
    other = others[int(random.integers(len(others)))]
    image = bytearray(commune[other].urns[0][1])
    code = commune[at].bureau.code
    image[HEAD["bureau"] : HEAD["bureau"] + 8] = code.encode().ljust(8, b"\0")
    put(image, HEAD["registered"], commune[at].bureau.registered)
    commune[at].urns[0] = (commune[at].urns[0][0], seal_image(image))
    detail = f"l'image d'urne est celle du bureau {commune[other].bureau.code}, à qui on a donné un autre code"
    return [(at, Effect("modules", "bureau", None, detail))]


FAULTS: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=0.0, effect=effect, stage=Stage.DUMP, act=act)
    for name, effect, act in (
        (
            "module-earlier-election",
            msg("the module image is of another election and date"),
            _earlier_election,
        ),
        (
            "module-misfiled",
            msg("the module images of two bureaux have each other's file name"),
            _misfiled,
        ),
        (
            "module-unpadded-bureau",
            msg("the module image names a bureau that is not on the list (12 for 0012)"),
            _unpadded,
        ),
        (
            "module-relabelled",
            msg("the module image is another bureau's, with this bureau's code"),
            _relabelled,
        ),
        (
            "module-copied",
            msg("the same module image is there twice"),
            _copied,
        ),
        (
            "module-read-twice",
            msg("a second image of the urn, of before the last votes, is kept beside the right one"),
            _read_twice,
        ),
    )
)
