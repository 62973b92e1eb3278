"""Acts that several faults on papers share: losing, copying or misfiling a file, changing an export or an urn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from protocol.export import record as export
from protocol.export.record import Export
from sim.evidence import BureauEvidence
from sim.faults.model import Effect, PaperAct, PaperFault, Stage, Struck, Unit, adding, struck_by
from sim.streams import RandomStream

BureauAct = Callable[[BureauEvidence, RandomStream], Effect | None]
BytesAct = Callable[[bytearray, RandomStream], Effect | None]
ExportAct = Callable[[Export, RandomStream], Effect | None]


def on_papers(faults: list[PaperFault], stage: Stage) -> Callable[..., Callable[[PaperAct], PaperAct]]:
    """`adding` for the papers of one stage; a rate counts bureaux unless ``unit`` says otherwise."""
    return adding(faults, PaperFault, unit=Unit.BUREAU, stage=stage)


def of_bureau(act: BureauAct) -> PaperAct:
    """Adapt an act on one bureau to the bureaux of a commune; it returns None where it cannot strike."""

    def strike(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
        effect = act(commune[at], random)
        return [] if effect is None else [(at, effect)]

    return strike


def _of_first(kind: str) -> Callable[[BytesAct], PaperAct]:
    def adapt(act: BytesAct) -> PaperAct:
        def strike(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
            files: list[tuple[str, bytes]] = getattr(evidence, kind)
            if not files:
                return None
            name, data = files[0]
            changed = bytearray(data)
            effect = act(changed, random)
            files[0] = (name, bytes(changed))
            return effect

        return of_bureau(strike)

    return adapt


of_export, of_urn = _of_first("exports"), _of_first("urns")
"""Faults that change the bytes of a bureau's first export, or of its first urn; None where they cannot strike."""


def lose(kind: str, piece: str, detail: str) -> PaperAct:
    """A fault by which a bureau's first file of a kind is lost."""

    def act(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
        files = getattr(evidence, kind)
        return Effect(piece, "fichier", detail) if files and files.pop(0) else None

    return of_bureau(act)


def copy(kind: str, piece: str, detail: str) -> PaperAct:
    """A fault by which a bureau's first file of a kind is there twice."""

    def act(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
        files = getattr(evidence, kind)
        if not files:
            return None
        files.append((f"copie de {files[0][0]}", files[0][1]))
        return Effect(piece, "fichier", detail)

    return of_bureau(act)


def of_values(act: ExportAct) -> PaperAct:
    """A fault that changes values of a bureau's first export, whose checksum is right; None where it cannot strike."""

    def change(data: bytearray, random: RandomStream) -> Effect | None:
        values = export.parse(bytes(data))
        effect = act(values, random)
        if effect is not None:
            data[:] = export.build(values)
        return effect

    return of_export(change)


def misfile(kind: str, fault: str, piece: str, papers: str, how: str) -> PaperAct:
    """A fault by which the first files of a kind of two bureaux have each other's names."""

    def able(evidence: BureauEvidence) -> bool:
        return bool(getattr(evidence, kind)) and not struck_by(fault, evidence)

    def act(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
        other = draw_partner(commune, at, random, able, chain(range(at + 1, len(commune)), range(at)))
        if other is None:
            return []
        mine, theirs = getattr(commune[at], kind), getattr(commune[other], kind)
        (name, data), (other_name, other_data) = mine[0], theirs[0]
        mine[0], theirs[0] = (name, other_data), (other_name, data)
        return state_exchange(commune, at, other, piece, "fichier", papers, how)

    return act


def draw_partner(
    commune: list[BureauEvidence],
    at: int,
    random: RandomStream,
    able: Callable[[BureauEvidence], bool],
    order: Iterable[int],
) -> int | None:
    """Draw a bureau to exchange papers with; None where this one is not able to, or no other one.

    Args:
        commune: all bureaux.
        at: this one.
        random: the generator.
        able: checks that a bureau has the paper, and that the fault has not struck it yet.
        order: of the bureaux among which is drawn.
    """
    others = [where for where in order if where != at and able(commune[where])]
    return random.one_of(others) if others and able(commune[at]) else None


def state_exchange(
    commune: list[BureauEvidence], at: int, other: int, piece: str, field: str, papers: str, how: str
) -> Struck:
    """Effects on two bureaux whose papers are each other's."""
    detail = f"{papers} des bureaux {commune[at].bureau.code} et {commune[other].bureau.code} sont {how}"
    return [(where, Effect(piece, field, detail)) for where in (at, other)]
