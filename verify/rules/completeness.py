"""C: is everything there, against the official list and never against the dumps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol import civil_time, night
from protocol.export.terms import TIMES
from protocol.words import Text
from verify.columns.covered import covered
from verify.model.evidence import Evidence
from verify.model.exports import Exports
from verify.model.figures import Bools
from verify.model.findings import Checks, Finding, finding
from verify.model.holds import Side
from verify.model.universe import MACHINE
from verify.model.use import NOTHING_FILLED_IN, Used
from verify.read.tables.totals import names_total
from verify.rules.blanks import is_empty

MOST_NAMED = 100
"""For so many unknown bureaux of one kind the one that is meant is looked for."""


def _absences(evidence: Evidence, code: str, kind: str, missing: Bools, source: str, file: str) -> Iterator[Finding]:
    """A finding for each bureau and poll that a kind of evidence lacks: an error only where it should be complete.

    Not for bureaux whose row says another poll (C116) or, by one slip, another bureau (C108), nor where the file that
    should have them could not be used, as I113 or I120 says. A table that nobody filled in is no such file.

    Args:
        evidence: the bureaux.
        code: of the rule.
        kind: of evidence.
        missing: shape ``(units, polls)``; changed.
        source: where they should be.
        file: name of the night's file, or kind of the inputs.
    """
    universe = evidence.universe
    unusable = (each for each in evidence.inputs if each.used is Used.NONE and each.why != NOTHING_FILLED_IN)
    if not evidence.lined(kind) and any(each.kind == file for each in unusable):
        return
    _take_out(evidence, missing, _meant(evidence, file))
    for each in evidence.other_polls:
        if each.kind == file:
            missing[each.unit[each.unit >= 0]] = False
    for unit, poll in np.argwhere(missing).tolist():
        yield finding(
            code,
            Side(universe.place(unit), str(universe.bureau[unit])),
            Side(source, None),
            field=kind,
            insee=str(universe.insee[unit]),
            bureau=str(universe.bureau[unit]),
            poll=evidence.polls[poll],
            case="" if evidence.complete(kind) else "incomplete",
        )


def exports_missing(evidence: Evidence) -> Iterator[Finding]:
    """C101: a machine bureau has no export, or not one for each machine that the sealing record names."""
    if evidence.exports is None:
        if evidence.complete("exports"):
            every = np.broadcast_to((evidence.universe.counting == MACHINE)[:, None], evidence.shape).copy()
            yield from _absences(evidence, "C101", "exports", every, night.EXPORTS, "export")
        return
    expected = np.maximum(evidence.universe.parts, 1)[:, None]
    missing = (evidence.universe.counting == MACHINE)[:, None] & (evidence.exports.parts < expected)
    meant = {(insee, near) for insee, _, near, _ in _unknown_exports(evidence, evidence.exports) if near}
    _take_out(evidence, missing, meant)  # C102 names them
    of_other_polls = evidence.exports.whole & ~evidence.exports.foreign & (evidence.exports.poll < 0)
    units = evidence.exports.unit[of_other_polls]
    missing[units[units >= 0]] = False  # C116 or A101 names them
    yield from _absences(evidence, "C101", "exports", missing, night.EXPORTS, "export")


def exports_unknown(evidence: Evidence) -> Iterator[Finding]:
    """C102: an export names a bureau that is not on the list."""
    exports = evidence.exports
    if exports is None or not evidence.universe.official:
        return
    for insee, bureau, nearest, record in _unknown_exports(evidence, exports):
        yield finding(
            "C102",
            Side(exports.place(record), f"{insee} {bureau}"),
            Side(evidence.universe.source, nearest),
            field="bureau",
            insee=insee,
            bureau=bureau,
        )


def _unknown_exports(evidence: Evidence, exports: Exports) -> list[tuple[str, str, str | None, int]]:
    """Exports of bureaux that are not on the list: codes, the bureau that is meant, index of the record."""
    if not evidence.universe.official:
        return []
    found = []
    for index, record in enumerate(np.flatnonzero(exports.whole & ~exports.foreign & (exports.unit < 0)).tolist()):
        row = exports.columns[record]
        insee, bureau = row["insee"].decode("ascii"), row["bureau"].decode("ascii")
        nearest = evidence.universe.nearest(insee, bureau) if index < MOST_NAMED else None
        found.append((insee, bureau, nearest, record))
    return found


def _take_out(evidence: Evidence, missing: Bools, meant: set[tuple[str, str]]) -> None:
    """Bureaux that are missing only because a row or an export of theirs carries another code."""
    for insee, bureau in meant:
        unit = int(evidence.universe.find(np.array([insee]), np.array([bureau]))[0])
        if unit >= 0:
            missing[unit] = False


def _meant(evidence: Evidence, kind: str) -> set[tuple[str, str]]:
    """The bureaux that C108 names for the unknown rows of one kind of evidence."""
    return {(stray.insee, stray.nearest) for stray in evidence.strays if stray.kind == kind and stray.nearest}


def exports_repeated(evidence: Evidence) -> Iterator[Finding]:
    """C103, C104: a second export of the same bureau, poll and part; different, or the same.

    Where only the time of the export differs, the urn was exported twice: that is no error.
    """
    exports = evidence.exports
    if exports is None:
        return
    for record in np.flatnonzero(exports.repeated >= 0).tolist():
        first = int(exports.repeated[record])
        differing = _differing(exports.columns[first], exports.columns[record])
        field, *values = differing[0] if differing else ("cast", *(int(exports.columns["cast"][first]),) * 2)
        details: dict[str, int | str] = {"fields": len(differing)}
        yield finding(
            "C104" if exports.same[record] else "C103",
            Side(exports.place(first), values[0]),
            Side(exports.place(record), values[1]),
            field=field,
            case="again" if [name for name, *_ in differing] == ["export"] else "",
            details=details if differing else None,
            insee=str(evidence.universe.insee[exports.unit[record]]),
            bureau=str(evidence.universe.bureau[exports.unit[record]]),
            poll=evidence.polls[int(exports.poll[record])],
        )


_COUNTED = ("cast", "blank", "tallies", "voters", "enablings", "cancellations", "zero_sum", "registered")
"""Counts first: what two exports of a bureau differ in is shown in this order, then texts, digests and times."""


def _differing(one: np.void, other: np.void) -> list[tuple[str, int | Text | None, int | Text | None]]:
    """The fields in which two exports differ, and both values as findings show them."""
    found: list[tuple[str, int | Text | None, int | Text | None]] = []
    derived = ("tally_sum", "reserved_zero", "insee", "bureau", "poll", "part", "election", "date", "round")
    rest = [name for name in one.dtype.names or () if name not in (*_COUNTED, *derived)]
    for name in (*_COUNTED, *rest):
        if name == "tallies":
            places = np.flatnonzero(one[name] != other[name])[:1].tolist()
            found += [("votes", int(one[name][at]), int(other[name][at])) for at in places]
        elif one[name] != other[name]:
            found.append((name, _value(name, one[name]), _value(name, other[name])))
    if one["reserved_zero"] != other["reserved_zero"]:
        shown = {True: "00", False: "≠ 00"}
        found.append(("reserved", shown[bool(one["reserved_zero"])], shown[bool(other["reserved_zero"])]))
    return found


def _value(name: str, value: np.generic) -> int | Text | None:
    if name in TIMES:
        return civil_time.text(int(value)) if int(value) >= 0 else None
    if isinstance(value, np.bytes_):
        return value.decode("ascii") or None
    return value.tobytes().hex()[:16] if isinstance(value, np.void) else int(value)


def signatures_missing(evidence: Evidence) -> Iterator[Finding]:
    """C105: no sign-in count on a list of them."""
    counts = evidence.signatures
    there = np.zeros(evidence.shape, np.bool_) if counts is None else counts["signatures"].known
    if counts is None and not evidence.complete("emargements"):
        return
    if counts is not None and is_empty(evidence, counts, "signatures"):
        return  # C121
    missing = ~there & _in_its_communes(evidence, "emargements", there)
    yield from _absences(evidence, "C105", "emargements", missing, night.SIGNATURES.file, night.SIGNATURES.file)


def records_missing(evidence: Evidence) -> Iterator[Finding]:
    """C106: no PV."""
    if evidence.records is None and not evidence.complete("pv"):
        return
    there = np.zeros(evidence.shape, np.bool_) if evidence.records is None else evidence.records.present
    missing = ~there & _in_its_communes(evidence, "pv", there)
    yield from _absences(evidence, "C106", "pv", missing, night.RECORDS.file, night.RECORDS.file)


def _in_its_communes(evidence: Evidence, kind: str, there: Bools) -> Bools:
    """Where a kind of evidence should be: all bureaux of the official list, or of the communes of which there is any.

    Shape ``(units, 1)``. PVs of one commune beside results of the nation lack in none of the other communes.
    """
    universe = evidence.universe
    if universe.official or evidence.complete(kind):
        return np.ones((len(universe), 1), np.bool_)
    return np.isin(universe.insee, np.unique(universe.insee[there.any(axis=1)]))[:, None]


def published_missing(evidence: Evidence) -> Iterator[Finding]:
    """C107: a bureau of a commune that a published file covers is not in it; or there is no file of its poll at all."""
    universe = evidence.universe
    polls = np.zeros(len(evidence.polls), np.bool_)
    for lines in evidence.published:
        covered = np.isin(universe.insee, np.unique(lines.published.insee))
        of_file = lines.counted.present.any(axis=0)
        polls |= of_file
        missing = ~lines.counted.present & covered[:, None] & of_file
        yield from _absences(evidence, "C107", "publie", missing, lines.published.file, "published")
    if evidence.complete("publie") and not evidence.of_no_poll:  # T312 names those
        every = np.ones(evidence.shape, np.bool_) & ~polls
        yield from _absences(evidence, "C107", "publie", every, "publie", "published")


def modules_missing(evidence: Evidence) -> Iterator[Finding]:
    """C113: a machine bureau has no module image, or not one for each machine that the sealing record names."""
    if evidence.modules is None and not evidence.complete("modules"):
        return
    images = np.zeros(len(evidence.universe), np.int64)
    if evidence.modules is not None:
        used = evidence.modules.used
        parts = np.stack([evidence.modules.unit[used], evidence.modules.columns["part"][used].astype(np.int64)])
        np.add.at(images, np.unique(parts, axis=1)[0], 1)
    missing = (evidence.universe.counting == MACHINE) & (images < np.maximum(evidence.universe.parts, 1))
    first = np.zeros(evidence.shape, np.bool_)
    first[:, 0] = missing  # a module holds all polls of its bureau
    yield from _absences(evidence, "C113", "modules", first, night.MODULES, "module")


def serials_repeated(evidence: Evidence) -> Iterator[Finding]:
    """C109: one machine or module serial in the exports of two bureaux."""
    exports = evidence.exports
    if exports is None:
        return
    used = np.flatnonzero(exports.used)
    for name in ("machine_serial", "module_serial"):
        serials = exports.columns[name][used]
        order = np.lexsort((exports.unit[used], serials))
        rows, sorted_serials = used[order], serials[order]
        same = (sorted_serials[1:] == sorted_serials[:-1]) & (sorted_serials[1:] != b"")
        for at in np.flatnonzero(same & (exports.unit[rows[1:]] != exports.unit[rows[:-1]])).tolist():
            first, second = int(rows[at]), int(rows[at + 1])
            unit = int(exports.unit[second])
            yield finding(
                "C109",
                Side(exports.place(first), str(evidence.universe.key[exports.unit[first]])),
                Side(exports.place(second), str(evidence.universe.key[unit])),
                field=name,
                insee=str(evidence.universe.insee[unit]),
                bureau=str(evidence.universe.bureau[unit]),
                details={"serial": exports.columns[name][second].decode("ascii")},
            )


def totals_taken_for_bureaux(evidence: Evidence) -> Iterator[Finding]:
    """C110: a row that names no bureau but a total."""
    for stray in evidence.strays:
        if names_total(stray.insee, stray.bureau):
            yield finding(
                "C110",
                Side(stray.place, " ".join(dict.fromkeys(filter(None, (stray.insee, stray.bureau))))),
                Side(evidence.universe.source, None),
                field="bureau",
                level="file",
            )


def rows_unknown(evidence: Evidence) -> Iterator[Finding]:
    """C108: a row of a sign-in sheet, a PV or a published file names a bureau that is not on the list.

    The finding is filed under the bureau that the row probably means, so that its lack is not reported as well.
    """
    if not evidence.universe.official:
        return
    for stray in evidence.strays:
        if names_total(stray.insee, stray.bureau):
            continue
        yield finding(
            "C108",
            Side(stray.place, f"{stray.insee} {stray.bureau}".strip()),
            Side(evidence.universe.source, stray.nearest),
            field="bureau",
            insee=stray.insee,
            bureau=stray.nearest or stray.bureau,
        )


def coverage(evidence: Evidence) -> Iterator[Finding]:
    """C111: how many bureaux each kind of evidence covers. Always reported."""
    for kind, (there, of, source) in covered(evidence).items():
        yield finding("C111", Side(source, there), Side(evidence.universe.source, of), field=kind)


CHECKS: Checks = {
    exports_missing: ("C101",),
    exports_unknown: ("C102",),
    exports_repeated: ("C103", "C104"),
    signatures_missing: ("C105",),
    records_missing: ("C106",),
    published_missing: ("C107",),
    modules_missing: ("C113",),
    serials_repeated: ("C109",),
    totals_taken_for_bureaux: ("C110",),
    rows_unknown: ("C108",),
    coverage: ("C111",),
}
