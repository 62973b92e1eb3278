"""Faults of the exports of ballots in a Dominion folder, made after its manifest and its digests."""

from __future__ import annotations

from dataclasses import replace

from numpy.random import Generator

from protocol.cvr.writing import write_export
from protocol.words import msg
from sim.faults.model import Effect, MachineFault, Unit, adding
from sim.other_machines.machine_dumps import BatchDump

FOREIGN = 9000
"""Added to the number of a batch: one that no manifest has."""
FAULTS: list[MachineFault] = []
_fault = adding(FAULTS, MachineFault, unit=Unit.BUREAU, machine="cvr")


@_fault("cvr-vote-changed", msg("a ballot of an export has another choice than when its digest was listed"))
def _vote_changed(dump: BatchDump, before: BatchDump | None, random: Generator) -> Effect | None:
    ballots = list(dump.batch.ballots)
    others = sorted(set(ballots))
    if len(others) < 2:
        return None
    at = int(random.integers(len(ballots)))
    others.remove(ballots[at])
    ballots[at] = others[int(random.integers(len(others)))]
    dump.files[dump.name] = write_export(replace(dump.batch, ballots=ballots))
    return Effect("cvr", "Marks", 1, "un bulletin de l'export a changé de choix, après l'inscription de l'empreinte")


@_fault("cvr-card-lost", msg("a ballot of a batch is not in the export"))
def _card_lost(dump: BatchDump, before: BatchDump | None, random: Generator) -> Effect | None:
    ballots = list(dump.batch.ballots)
    if len(ballots) < 2:
        return None
    del ballots[int(random.integers(len(ballots)))]
    dump.files[dump.name] = write_export(replace(dump.batch, ballots=ballots))
    return Effect("cvr", "Sessions", -1, "un bulletin du lot n'est pas dans l'export")


@_fault("cvr-batch-foreign", msg("the export has a batch that the ballot manifest does not have"))
def _batch_foreign(dump: BatchDump, before: BatchDump | None, random: Generator) -> Effect | None:
    if not dump.batch.ballots:
        return None
    batch = replace(dump.batch, batch=dump.batch.batch + FOREIGN)
    dump.files[f"autre-{dump.name}"] = write_export(batch)
    count = len(batch.ballots)
    return Effect("cvr", "BatchId", count, f"un lot {batch.batch} de {count} bulletins n'est dans aucun inventaire")


@_fault("cvr-batch-twice", msg("the export of a batch is there twice"))
def _batch_twice(dump: BatchDump, before: BatchDump | None, random: Generator) -> Effect | None:
    dump.files[f"copie-{dump.name}"] = dump.files[dump.name]
    return Effect("cvr", "fichier", None, "l'export du lot est là deux fois")


@_fault("cvr-cut", msg("the export of a batch ends too early"))
def _cut(dump: BatchDump, before: BatchDump | None, random: Generator) -> Effect | None:
    data = dump.files[dump.name]
    start = data.index(b"[") + 1
    if start >= len(data) - 2:
        return None
    kept = int(random.integers(start, len(data) - 2))
    dump.files[dump.name] = data[:kept]
    return Effect("cvr", "fichier", None, f"l'export du lot est coupé après {kept} octets")


@_fault("cvr-batch-lost", msg("the export of a batch is lost, and the ballot manifest has the batch"))
def _batch_lost(dump: BatchDump, before: BatchDump | None, random: Generator) -> Effect | None:
    if not dump.batch.ballots:
        return None
    del dump.files[dump.name]
    return Effect("cvr", "fichier", -len(dump.batch.ballots), "l'export du lot est perdu")
