"""The CSV files of a night, from the evidence of its bureaux."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from protocol.files import csv_bytes
from protocol.night import CHOICES, RECORDS, SIGNATURES, TABULATION, TRUTH, UNIVERSE, VOTES
from sim.evidence import POLL, BureauEvidence, Truth

Row = tuple[object, ...]


Choices = Mapping[str, Sequence[str]]
"""The choices of each circonscription in panel order; the empty one is the whole election."""


def choices_csv(*polls: tuple[Choices, str]) -> bytes:
    """`choix.csv`: for each poll and circonscription its choices in panel order, and what they are."""
    rows = (
        (poll, constituency, panel, label, kind)
        for poll, (choices, kind) in enumerate(polls, start=POLL)
        for constituency, labels in sorted(choices.items())
        for panel, label in enumerate(labels, start=1)
    )
    return csv_bytes(CHOICES.header, rows)


def universe_row(evidence: BureauEvidence) -> Row:
    """One row of `univers.csv`. A reserve machine was sealed with the others."""
    bureau = evidence.bureau
    return (
        bureau.insee,
        bureau.commune,
        bureau.departement,
        bureau.constituency,
        bureau.code,
        bureau.registered,
        "machine" if bureau.machines else "papier",
        f"{bureau.opening:02}:00",
        f"{bureau.closing:02}:00",
        *(bureau.serials(kind, evidence.parts) for kind in "MUST"),
    )


def record_row(evidence: BureauEvidence) -> Row:
    """One row of `pv.csv`."""
    record = evidence.record
    return (
        *_key(evidence),
        *record.figures.counts,
        record.proxies,
        record.opening,
        record.closing,
        " ".join(record.remarks),
        record.paper,
    )


def signature_rows(evidence: BureauEvidence, hours: Sequence[int]) -> Iterator[Row]:
    """One row of `emargements.csv`, with the count at each of these full hours; and the total below it, if any."""
    bureau, opening = evidence.bureau, evidence.bureau.opening
    hourly = [
        evidence.hourly[hour - opening - 1] if 0 < hour - opening <= len(evidence.hourly) else None for hour in hours
    ]
    code = bureau.code if evidence.roll_code is None else evidence.roll_code
    yield (bureau.insee, code, evidence.poll, evidence.roll_registered, evidence.roll_signatures, *hourly)
    if evidence.roll_total is not None:
        yield (bureau.insee, "Total", evidence.poll, *evidence.roll_total, *[None] * len(hours))


def bureau_tables(nights: Sequence[BureauEvidence], *choices: Choices) -> Iterator[tuple[str, bytes]]:
    """File name and bytes of every table with rows for bureaux, which have the choices of each poll."""
    polls = [of_poll for evidence in nights for of_poll in evidence.polls]
    hours = sorted(
        {hour for evidence in nights for hour in range(evidence.bureau.opening + 1, evidence.bureau.closing + 1)}
        if any(evidence.hourly for evidence in nights)
        else ()
    )
    yield UNIVERSE.file, csv_bytes(UNIVERSE.header, (universe_row(each) for each in nights))
    header = (*SIGNATURES.header, *(f"emargements_{hour:02}h" for hour in hours))
    signed = chain.from_iterable(signature_rows(each, hours) for each in polls)
    yield SIGNATURES.file, csv_bytes(header, signed)
    further = tuple(column.name for column in RECORDS.further)
    kept = [each for each in polls if not each.record.lost]
    yield RECORDS.file, csv_bytes((*RECORDS.header, *further), (record_row(each) for each in kept))
    votes = (
        (*_key(each), label, count)
        for each in kept
        for label, count in zip(
            choices[each.poll - POLL][each.bureau.constituency], each.record.figures.votes, strict=True
        )
    )
    yield VOTES.file, csv_bytes(VOTES.header, votes)
    tabulated = ((*_key(each), *each.tabulated.counts) for each in polls)
    yield TABULATION.file, csv_bytes(TABULATION.header, tabulated)


def truth_csv(nights: Iterable[BureauEvidence]) -> bytes:
    """`verite.csv`, in an order that depends on nothing but its lines."""
    lines = sorted(
        (line for night in nights for each in night.polls for line in each.truth),
        key=lambda line: (line.insee, line.bureau, line.fault, line.poll),
    )
    return csv_bytes(TRUTH.header, map(_truth_row, lines))


def _truth_row(line: Truth) -> Row:
    return (line.fault, line.insee, line.bureau, line.poll, line.piece, line.field, line.effect, line.detail)


def _key(evidence: BureauEvidence) -> Row:
    return *evidence.bureau.key, evidence.poll
