"""Missing checks, on a terminal: the missing evidence, the checks it would allow, and the bureaux."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Message, Text, first_of, msg, nmsg, pmsg, series
from regard.reports.screen import FOLDED, Printer
from verify.audit import Audit
from verify.coverage import Coverage
from verify.ledger import Why
from verify.model.labels import evidence_label, missing_label

_GROUPS, _NAMED, _MOST_KIND = 5, 3, 24
_NOR = pmsg("without one and another", " or ")
_ON_PAPER_FIRST = (
    EvidenceKind.SIGNATURES,
    EvidenceKind.RECORDS,
    EvidenceKind.VOTES,
    EvidenceKind.PUBLISHED,
    EvidenceKind.TABULATION,
    EvidenceKind.UNIVERSE,
    EvidenceKind.CHOICES,
    EvidenceKind.OTHER_ROUND,
    EvidenceKind.EXPORTS,
    EvidenceKind.URNS,
    EvidenceKind.WAY_UP,
    EvidenceKind.PUBLISHED_SIGNATURES,
)
"""Kinds of evidence in the order in which they are asked for, as most have what is on paper."""


def show_unchecked(result: Audit, out: Printer) -> None:
    """Show every missing kind of evidence, then bureaux with less evidence than others."""
    coverage = result.coverage
    missing, differing = list(_missing(coverage)), [*not_compared(result), *say_less(coverage)]
    if not missing and not differing:
        return
    out.print(msg("What could not be checked"), "bold")
    if missing:
        heading = nmsg(
            "{count:n} kind of evidence is missing; with it regard could:",
            "{count:n} kinds of evidence are missing; with them regard could:",
            len(missing),
        )
        out.print(heading, indent=2)
    out.print_rows(missing, "bold", {"max_width": _MOST_KIND, **FOLDED})
    for said in differing:
        out.print(said, indent=2)
    out.print()


_WHY: dict[Why, Text] = {
    Why.NAMES: msg("the choices have other names"),
    Why.NO_RULE: msg("no rule compares them"),
}


def not_compared(result: Audit) -> list[Message]:
    """Sentences on figures that two pieces both have, and on whole files, that were compared with nothing."""
    parts = [
        msg(
            "{quantity}, between {left} and {right} ({count:n} of {all:n}: {why})",
            quantity=line.quantity.label,
            left=evidence_label(line.left),
            right=evidence_label(line.right),
            count=sum(line.why.get(reason, 0) for reason in _WHY),
            all=line.figures,
            why=series((said for reason, said in _WHY.items() if reason in line.why), msg(", ")),
        )
        for line in result.ledger.could_have_been
    ]
    alone = [
        nmsg(
            "Compared with nothing: {file}, {count:n} row by {level}.",
            "Compared with nothing: {file}, {count:n} rows by {level}.",
            each.rows,
            file=each.file,
            level=each.level.text,
        )
        for each in result.ledger.alone
    ]
    return [*([msg("Not compared: {figures}.", figures=series(parts, msg("; ")))] if parts else []), *alone]


def lacking(unchecked: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The codes of rules that each missing kind of evidence would help to check, what is on paper first.

    A rule that needs one of several kinds is of each of them.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for code, lacks in unchecked.items():
        for kind in dict.fromkeys(kind for lack in lacks for kind in lack.split("|")):
            found[kind].append(code)
    order: dict[str, int] = {kind: at for at, kind in enumerate(_ON_PAPER_FIRST)}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))


def _missing(coverage: Coverage) -> Iterator[tuple[Text, Text]]:
    """Each missing kind of evidence, with what it would allow."""
    figures = []
    for kind, rules in lacking(coverage.unchecked).items():
        if ": " in kind:
            figures.append(kind)
            continue
        allows = EvidenceKind.named(kind).allows
        counted = nmsg(
            "{what} ({count:n} rule: {codes})",
            "{what} ({count:n} rules: {codes})",
            len(rules),
            what=allows,
            codes=", ".join(rules),
        )
        yield missing_label(kind), counted
    for kind in figures:
        yield missing_label(kind), msg("compare this figure, which no PV given has")


def say_less(coverage: Coverage) -> Iterator[Text]:
    """Say which bureaux have less evidence than others."""
    less = coverage.with_less()
    for group, lacks in less[:_GROUPS]:
        yield nmsg(
            "{count:n} bureau without {lacks}: {fewer:n} rules could not be checked there ({some})",
            "{count:n} bureaux without {lacks}: {fewer:n} rules could not be checked there ({some})",
            len(group.bureaux),
            lacks=series(map(missing_label, lacks), _NOR),
            fewer=len(group.unchecked.keys() - coverage.unchecked),
            some=first_of([f"{coverage.communes.get(insee) or insee} {code}".strip() for insee, code in group.bureaux]),
        )
    if len(less) > _GROUPS:
        rest = sum(len(group.bureaux) for group, _ in less[_GROUPS:])
        yield nmsg("… and {count:n} other bureau: --json", "… and {count:n} other bureaux: --json", rest)
