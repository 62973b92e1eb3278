"""Cases of files, codes and rows of more than one bureau: what stands under another code, is gone or cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.night import parse_export_name, parse_urn_name
from verify.cases.drafting import Drafting
from verify.cases.everywhere import are_nearly_all
from verify.columns.rows_of_bureaux import bureaux_of_problems
from verify.explanations.side_by_side import LIST
from verify.model.cases import Sure
from verify.model.evidence import LinedEvidence
from verify.rulebook.causes import causes

_LACKS = {
    "C101": ("C102",),
    "C105": ("C108",),
    "C106": ("C108",),
    "C107": ("C108",),
    "C113": ("A112",),
}
"""Findings that a bureau lacks something, and those that something stands under a code that no bureau has."""


def draft_wider(evidence: LinedEvidence, drafting: Drafting) -> None:
    """Put findings above the bureaux, and those on codes, together with what they come from."""
    _files_exchanged(drafting)
    _codes_written_otherwise(evidence, drafting)
    _counts_unreadable(evidence, drafting)
    _communes_unknown(evidence, drafting)
    _files_that_changed(drafting)
    _rows_only_in_a_sum(drafting)
    _zeros_and_their_sum(drafting)
    _torn_batches(drafting)
    _files_gone(evidence, drafting)


def rows_of(drafting: Drafting, *codes: str) -> list[int]:
    """The findings of some rules that are in no case yet."""
    if not any(code in drafting.keys.codes for code in codes):
        return []
    return np.flatnonzero(drafting.free() & drafting.keys.of(*codes)).tolist()


def _by_commune(drafting: Drafting, rows: Sequence[int]) -> dict[str, list[int]]:
    keys = drafting.keys
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(keys.places[int(keys.place[row])][0], []).append(row)
    return found


def _files_exchanged(drafting: Drafting) -> None:
    """Two files of which each has the name of the other one's bureau."""
    for code in ("A102", "A111"):
        pairs: dict[frozenset[str], list[int]] = {}
        for row in rows_of(drafting, code):
            finding = drafting.table[row]
            pairs.setdefault(frozenset((str(finding.left.value), str(finding.right.value))), []).append(row)
        for rows in pairs.values():
            if len(rows) == 2:
                drafting.add(causes()["misfiled"], rows, Sure.LIKELY, drafting.blamed(rows[0]))


def _codes_written_otherwise(evidence: LinedEvidence, drafting: Drafting) -> None:
    """What a bureau lacks stands under a code that no bureau has, and that is its own but for a digit or for zeros."""
    keys = drafting.keys
    for code, others in _LACKS.items():
        lacking = _by_commune(drafting, rows_of(drafting, code))
        strange = _by_commune(drafting, rows_of(drafting, *others))
        for insee in lacking.keys() & strange.keys():
            left = {keys.places[int(keys.place[row])][1]: row for row in lacking[insee]}
            pairs: list[tuple[int, int]] = []
            for row in strange[insee]:
                bureau = keys.places[int(keys.place[row])][1]
                if evidence.universe.has(insee, bureau.zfill(_DIGITS)) and bureau.zfill(_DIGITS) not in left:
                    continue  # it means a bureau that lacks nothing
                meant = [each for each in left if _is_nearly(bureau, each)]
                if len(meant) == 1:
                    pairs.append((row, left.pop(meant[0])))
            if are_nearly_all(len(pairs), len(evidence.universe.of_commune(insee))):
                together = [row for pair in pairs for row in pair]
                drafting.add(causes()["code-unknown"], together, Sure.LIKELY, drafting.blamed(pairs[0][1]))
                continue
            for row, lack in pairs:
                drafting.add(causes()["code-unknown"], [row, lack], Sure.LIKELY, drafting.blamed(lack))


_DIGITS = 4
"""Digits of a bureau's code on the official list."""


def _is_nearly(one: str, other: str) -> bool:
    """Whether two codes are the same but for zeros before them, or for one digit."""
    longer = one.zfill(_DIGITS), other.zfill(_DIGITS)
    return len(longer[0]) == len(longer[1]) and sum(a != b for a, b in zip(*longer, strict=True)) <= 1


def _counts_unreadable(evidence: LinedEvidence, drafting: Drafting) -> None:
    """Cells of a list of signatures that cannot be read, and the bureaux that have no count for that: a case a file."""
    cells = _by_file(drafting, [row for row in rows_of(drafting, "I113") if not drafting.table[row].case])
    lacking = rows_of(drafting, "C105") if cells and evidence.signatures is not None else []
    if not lacking:
        return
    of_file: dict[str, set[tuple[str, str]]] = {}
    universe = evidence.universe
    for (file, _), (unit, _) in evidence.once(bureaux_of_problems).items():
        of_file.setdefault(file, set()).add((str(universe.insee[unit]), str(universe.bureau[unit])))
    for file, rows in cells.items():
        places = set[tuple[str, str]]().union(*(some for name, some in of_file.items() if name.startswith(file)))
        left = [row for row in lacking if drafting.keys.places[int(drafting.keys.place[row])] in places]
        if left:
            drafting.add(causes()["cell-unreadable"], sorted([*rows, *left]), Sure.LIKELY, LIST)


def _by_file(drafting: Drafting, rows: Sequence[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(drafting.file_of(row), []).append(row)
    return found


def _communes_unknown(evidence: LinedEvidence, drafting: Drafting) -> None:
    """Rows and dumps of bureaux of a commune that has none on the list: one case for each such commune."""
    for insee, rows in _by_commune(drafting, rows_of(drafting, "C108", "C102", "A112")).items():
        if insee and not len(evidence.universe.of_commune(insee)):
            drafting.add(causes()["code-unknown"], rows, Sure.LIKELY, drafting.blamed(rows[0]))


def _rows_only_in_a_sum(drafting: Drafting) -> None:
    """The sum of a commune has a bureau that the finer file lacks."""
    lacking = _by_commune(drafting, rows_of(drafting, "C107"))
    for insee, parts in _by_commune(drafting, rows_of(drafting, "T311")).items():
        if insee in lacking:
            drafting.add(causes()["row-missing"], [*lacking[insee], *parts], Sure.LIKELY, EvidenceKind.PUBLISHED)


def _torn_batches(drafting: Drafting) -> None:
    """A file of the exports of a commune that has lost its step, and the bureaux that have no export since."""
    lacking = _by_commune(drafting, rows_of(drafting, "C101"))
    for row in rows_of(drafting, "I111"):
        source = drafting.table[row].left.source
        bureaux = next((rows for insee, rows in lacking.items() if insee and insee in source), [])
        if bureaux:
            drafting.add(causes()["cut-short"], [row, *bureaux], Sure.LIKELY, EvidenceKind.EXPORTS)


def _files_gone(evidence: LinedEvidence, drafting: Drafting) -> None:
    """Exports and images of urns that the manifest names and that are not there, and the bureaux that lack them.

    What is gone from a folder goes with the commune that lacks most of it.
    """
    gone = rows_of(drafting, "A109")
    missing = [PurePosixPath(path) for path in evidence.manifest if path not in evidence.present] if gone else []
    for code, name_of in _DUMPS.items():
        lacking = _by_commune(drafting, rows_of(drafting, code)) if gone else {}
        for row in gone if lacking else ():
            folder = drafting.table[row].left.source
            names = [name_of(path.name) for path in missing if str(path.parent) == folder]
            lost = Counter(name[0] for name in names if name is not None and name[0] in lacking)
            for insee, _ in lost.most_common(1):
                drafting.add(
                    causes()["evidence-missing"],
                    [row, *lacking[insee]],
                    Sure.LIKELY,
                    drafting.blamed(lacking[insee][0]),
                )


_DUMPS = {"C101": parse_export_name, "C113": parse_urn_name}
"""Findings that a bureau lacks an export, and an image of its urn; and what reads the name of such a file."""


def _files_that_changed(drafting: Drafting) -> None:
    """A file whose digest is another than the manifest's, and what is damaged in it."""
    damaged: dict[str, list[int]] = {}
    for row in rows_of(drafting, *_DAMAGE):
        damaged.setdefault(drafting.file_of(row), []).append(row)
    for row in rows_of(drafting, "A106"):
        rows = damaged.get(drafting.file_of(row))
        if rows:
            code = drafting.keys.codes[int(drafting.keys.code[rows[0]])]
            cause = next(each for each in causes().values() if frozenset((code,)) in each.signs)
            drafting.add(cause, [row, *rows], Sure.LIKELY, drafting.blamed(rows[0]))


_DAMAGE = ("I101", "I102", "I103", "I104", "I105", "I112")


def _zeros_and_their_sum(drafting: Drafting) -> None:
    """A commune of zeros whose bureaux are published as zeros."""
    keys = drafting.keys
    for rows in _by_commune(drafting, rows_of(drafting, "T308")).values():
        if len({keys.places[int(keys.place[row])] for row in rows}) > 1 and any(
            not drafting.table[row].bureau for row in rows
        ):
            drafting.add(causes()["row-of-zeros"], rows, Sure.LIKELY, EvidenceKind.PUBLISHED)
