"""Cases of more than one bureau's figures: sums that leave something out, and what stands under another code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.night import parse_export_name, parse_urn_name
from verify.cases.drafting import Drafting
from verify.cases.everywhere import are_nearly_all
from verify.columns.rows_of_bureaux import bureaux_of_problems
from verify.explanations.side_by_side import COLUMNS, LIST
from verify.model.cases import CaseDetail, Correction, Sure
from verify.model.evidence import LinedEvidence
from verify.model.findings import Finding
from verify.model.holds import Named
from verify.rulebook.causes import causes

_SUMS = ("T303", "T304", "T305")
_LACKS = {
    "C101": ("C102",),
    "C105": ("C108",),
    "C106": ("C108",),
    "C107": ("C108",),
    "C113": ("A112",),
}
"""Findings that a bureau lacks something, and those that something stands under a code that no bureau has."""
_LEAST_SAME = 2
"""Counts in which a sum has to differ by exactly those of one bureau."""


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
    _sums(evidence, drafting)


def _rows_of(drafting: Drafting, *codes: str) -> list[int]:
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
        for row in _rows_of(drafting, code):
            finding = drafting.table[row]
            pairs.setdefault(frozenset((str(finding.left.value), str(finding.right.value))), []).append(row)
        for rows in pairs.values():
            if len(rows) == 2:
                drafting.add(causes()["misfiled"], rows, Sure.LIKELY, drafting.blamed(rows[0]))


def _codes_written_otherwise(evidence: LinedEvidence, drafting: Drafting) -> None:
    """What a bureau lacks stands under a code that no bureau has, and that is its own but for a digit or for zeros."""
    keys = drafting.keys
    for code, others in _LACKS.items():
        lacking = _by_commune(drafting, _rows_of(drafting, code))
        strange = _by_commune(drafting, _rows_of(drafting, *others))
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
    cells = _by_file(drafting, [row for row in _rows_of(drafting, "I113") if not drafting.table[row].case])
    lacking = _rows_of(drafting, "C105") if cells and evidence.signatures is not None else []
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
    for insee, rows in _by_commune(drafting, _rows_of(drafting, "C108", "C102", "A112")).items():
        if insee and not len(evidence.universe.of_commune(insee)):
            drafting.add(causes()["code-unknown"], rows, Sure.LIKELY, drafting.blamed(rows[0]))


def _rows_only_in_a_sum(drafting: Drafting) -> None:
    """The sum of a commune has a bureau that the finer file lacks."""
    lacking = _by_commune(drafting, _rows_of(drafting, "C107"))
    for insee, parts in _by_commune(drafting, _rows_of(drafting, "T311")).items():
        if insee in lacking:
            drafting.add(causes()["row-missing"], [*lacking[insee], *parts], Sure.LIKELY, EvidenceKind.PUBLISHED)


def _torn_batches(drafting: Drafting) -> None:
    """A file of the exports of a commune that has lost its step, and the bureaux that have no export since."""
    lacking = _by_commune(drafting, _rows_of(drafting, "C101"))
    for row in _rows_of(drafting, "I111"):
        source = drafting.table[row].left.source
        bureaux = next((rows for insee, rows in lacking.items() if insee and insee in source), [])
        if bureaux:
            drafting.add(causes()["cut-short"], [row, *bureaux], Sure.LIKELY, EvidenceKind.EXPORTS)


def _files_gone(evidence: LinedEvidence, drafting: Drafting) -> None:
    """Exports and images of urns that the manifest names and that are not there, and the bureaux that lack them.

    What is gone from a folder goes with the commune that lacks most of it.
    """
    gone = _rows_of(drafting, "A109")
    missing = [PurePosixPath(path) for path in evidence.manifest if path not in evidence.present] if gone else []
    for code, name_of in _DUMPS.items():
        lacking = _by_commune(drafting, _rows_of(drafting, code)) if gone else {}
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
    for row in _rows_of(drafting, *_DAMAGE):
        damaged.setdefault(drafting.file_of(row), []).append(row)
    for row in _rows_of(drafting, "A106"):
        rows = damaged.get(drafting.file_of(row))
        if rows:
            code = drafting.keys.codes[int(drafting.keys.code[rows[0]])]
            cause = next(each for each in causes().values() if frozenset((code,)) in each.signs)
            drafting.add(cause, [row, *rows], Sure.LIKELY, drafting.blamed(rows[0]))


_DAMAGE = ("I101", "I102", "I103", "I104", "I105", "I112")


def _zeros_and_their_sum(drafting: Drafting) -> None:
    """A commune of zeros whose bureaux are published as zeros."""
    keys = drafting.keys
    for rows in _by_commune(drafting, _rows_of(drafting, "T308")).values():
        if len({keys.places[int(keys.place[row])] for row in rows}) > 1 and any(
            not drafting.table[row].bureau for row in rows
        ):
            drafting.add(causes()["row-of-zeros"], rows, Sure.LIKELY, EvidenceKind.PUBLISHED)


def _sums(evidence: LinedEvidence, drafting: Drafting) -> None:
    """Sums that are not those of their parts: one case for all levels that are off by the same numbers.

    Where one bureau has exactly these numbers, or two together, it is what is left out, or counted twice. Where one
    figure is off and the sums of its own row are by as much, these go with it, and the parts are right.
    """
    own: dict[tuple[int, int], list[int]] = {}
    for row in _rows_of(drafting, "T306"):
        finding = drafting.table[row]
        if not finding.bureau:
            own.setdefault((int(drafting.keys.place[row]), abs(_off(finding)[1])), []).append(row)
    groups: dict[tuple[tuple[str, int], ...], list[int]] = {}
    by_place: dict[tuple[int, str, str], list[int]] = {}
    for row in _rows_of(drafting, *_SUMS):
        finding = drafting.table[row]
        files = (_file(finding.left.source), _file(finding.right.source))
        by_place.setdefault((int(drafting.keys.place[row]), *files), []).append(row)
    for rows in by_place.values():
        off = dict(_off(drafting.table[row]) for row in rows)
        groups.setdefault(tuple(sorted(off.items())), []).extend(rows)
    wrong = []
    for by, rows in groups.items():
        inside = {drafting.table[row].insee for row in rows}
        places = _bureaux_with(evidence, dict(by), inside, _polls(drafting, rows))
        beside = [row for at in rows for row in own.get((int(drafting.keys.place[at]), abs(by[0][1])), ())]
        beside = beside if len(by) == 1 else []
        wrong.append(_WrongSums(dict(by), [*rows, *beside], tuple(places), adds_up=bool(beside)))
    for each in _without_those_made_of_others(drafting, wrong):
        known = bool(each.places) or each.adds_up
        sums = [drafting.table[row] for row in each.rows if drafting.table[row].code in _SUMS]
        corrections = tuple(map(_correction, sums)) if known else ()
        sure = Sure.LIKELY if known else Sure.OPEN
        detail = CaseDetail(corrections=corrections, places=each.places, adds_up=each.adds_up)
        drafting.add(causes()["sum-leaves-out"], each.rows, sure, EvidenceKind.PUBLISHED, detail)


@dataclass(slots=True)
class _WrongSums:
    """Sums that are off by the same numbers, the findings that say so, and the bureaux that have just these.

    ``adds_up``: whether the sums of their own rows work out with the sum of the parts.
    """

    off: dict[str, int]
    rows: list[int]
    places: tuple[Named, ...]
    adds_up: bool


def _without_those_made_of_others(drafting: Drafting, wrong: Sequence[_WrongSums]) -> list[_WrongSums]:
    """Sums above several communes that are wrong, off by what these are together: they are of the first of them."""
    communes = [each for each in wrong if each.places and "T303" in _codes(drafting, each)]
    kept = []
    for each in wrong:
        above = {drafting.table[row].insee for row in each.rows}
        polls = _polls(drafting, each.rows)
        parts = [
            other
            for other in communes
            if _is_above(above, other.places) and (not polls or other.places[0].poll in polls)
        ]
        names = {name for part in parts for name in part.off}
        together = {name: total for name in names if (total := sum(part.off.get(name, 0) for part in parts))}
        same = together == {name: by for name, by in each.off.items() if by}
        if same and len(parts) > 1 and each not in communes:
            parts[0].rows.extend(each.rows)
        else:
            kept.append(each)
    return kept


def _polls(drafting: Drafting, rows: Sequence[int]) -> set[int]:
    """The polls that some findings name, by their numbers; none where they may be of any."""
    return {drafting.table[row].poll for row in rows} - {0}


def _codes(drafting: Drafting, each: _WrongSums) -> set[str]:
    return {drafting.table[row].code for row in each.rows}


def _is_above(codes: set[str], places: Sequence[Named]) -> bool:
    """Whether sums of some places, by their codes, have the bureaux of others in them."""
    return all(any(code in ("", "nation") or each.insee.startswith(code) for code in codes) for each in places)


_SUMMED = " (Σ)"
"""Behind the name of a file of which the parts were summed."""


def _file(source: str) -> str:
    return source.removesuffix(_SUMMED).rpartition(":")[0] or source


def _off(finding: Finding) -> tuple[str, int]:
    """What a sum is of, and by how much it is more than its parts."""
    left, right = finding.left, finding.right
    difference = left.value - right.value if isinstance(left.value, int) and isinstance(right.value, int) else 0
    return str(finding.field), -difference if left.source.endswith(_SUMMED) else difference


def _bureaux_with(evidence: LinedEvidence, off: dict[str, int], places: set[str], polls: set[int]) -> list[Named]:
    """The bureau of some communes or départements whose counts are just those by which a sum is off, or the two.

    None where several bureaux, or several pairs, come to the same.
    """
    names = [name for name in COLUMNS if off.get(name)]
    universe = evidence.universe
    if len(names) < _LEAST_SAME or not evidence.published:
        return []
    inside = np.flatnonzero(np.isin(universe.insee, list(places)) | np.isin(universe.department, list(places)))
    wanted = np.array([abs(off[name]) for name in names], np.int64)
    found = []
    for poll, number in enumerate(evidence.polls):
        lines = next((each.counted for each in evidence.published if each.counted.present[:, poll].any()), None)
        if lines is None or (polls and number not in polls):
            continue
        counts = np.stack([lines[name].values[inside, poll] for name in names], axis=1)
        whole = np.flatnonzero((counts >= 0).all(axis=1))
        at: dict[bytes, list[int]] = {}
        for row in whole.tolist():
            at.setdefault(counts[row].tobytes(), []).append(row)
        found += [[row, poll] for row in at.get(wanted.tobytes(), ())]
        if not found:
            others = ((row, at.get((wanted - counts[row]).tobytes(), ())) for row in whole.tolist())
            found += [[row, other, poll] for row, rest in others for other in rest if row < other]
    if len(found) != 1:
        return []
    *rows, poll = found[0]
    units = inside[rows].tolist()
    return [Named(str(universe.insee[unit]), str(universe.bureau[unit]), evidence.polls[poll]) for unit in units]


def _correction(finding: Finding) -> Correction:
    """The stated sum should read as that of its parts."""
    stated, made = finding.left, finding.right
    if stated.source.endswith(_SUMMED):
        stated, made = made, stated
    return Correction(
        place=Named(finding.insee, finding.bureau, finding.poll),
        piece=EvidenceKind.PUBLISHED,
        source=stated.source,
        field=finding.field,
        was=stated.value if isinstance(stated.value, int) and stated.value >= 0 else None,
        becomes=made.value if isinstance(made.value, int) and made.value >= 0 else None,
    )
