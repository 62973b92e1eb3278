"""I, M and A where a module image is at hand: its bytes, its recount, and the export that was read from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.export.terms import INSTEAD, Verdict
from protocol.night import parse_module_name
from protocol.urn.terms import FAILS, IMAGE_SIZE, Section, SlotState
from protocol.words import Text, msg
from verify.model.evidence import Evidence
from verify.model.figures import Bools
from verify.model.findings import Checks, Finding, finding
from verify.model.holds import Side
from verify.model.modules import Modules
from verify.rules.urns import about


def files(evidence: Evidence) -> Iterator[Finding]:
    """I101, I102, I103, I112: a file in the folder of modules is no module image."""
    modules = evidence.modules
    if modules is None:
        return
    for index, file in enumerate(modules.reading.files):
        if file.problem is not None:
            problem = file.problem
            place = f"{modules.names[index]}@{problem.offset}"
            insee, bureau = _named(evidence, modules, index)
            yield finding(
                "I103",
                Side(place, problem.got),
                Side(modules.names[index], problem.expected),
                field=problem.field,
                insee=insee,
                bureau=bureau,
                level="bureau" if bureau else "file",
                details={"times": 1, "bytes": file.size},
            )

    codes = {Verdict.MAGIC: "I101", Verdict.VERSION: "I102", Verdict.LENGTH: "I103", Verdict.VALUE: "I112"}
    for verdict, code in codes.items():
        for image in np.flatnonzero(modules.columns["verdict"] == verdict).tolist():
            place = modules.place(image)
            expected: Text = msg("a module image of {size:n} bytes, version 1", size=IMAGE_SIZE)
            got: Text = INSTEAD[verdict]
            insee, bureau = _named(evidence, modules, int(modules.reading.file[image]))
            reasons = modules.reading.reasons.get(image, ()) if verdict is Verdict.VALUE else ()
            field = "configuration"
            if reasons:
                field, expected, got = reasons[0].field, reasons[0].expected, reasons[0].got
            yield finding(
                code,
                Side(place if not reasons else f"{place}@{reasons[0].offset}", got),
                Side(place, expected),
                field=field,
                insee=insee,
                bureau=bureau,
                level="bureau" if bureau else "file",
                details={"times": 1, "bytes": IMAGE_SIZE},
            )


def _named(evidence: Evidence, modules: Modules, file: int) -> tuple[str, str]:
    """The bureau that a damaged file stands for by its name, if that bureau is on the list."""
    name = parse_module_name(modules.reading.files[file].path.name)
    if name is None or int(evidence.universe.find(np.array([name[0]]), np.array([name[1]]))[0]) < 0:
        return "", ""
    return name[0], name[1]


def sections(evidence: Evidence) -> Iterator[Finding]:
    """I106: a section of an image fails its checksum. Where none fits, the serial is damaged: it is said once."""
    modules = evidence.modules
    if modules is None:
        return
    fails = modules.looked_into[:, None] & (modules.columns["sections"] == FAILS)
    fails[modules.unbound, Section.CONFIGURATION + 1 :] = False
    for image, section in np.argwhere(fails).tolist():
        name = Section(section).name.lower()
        place = modules.place(image)
        yield about(evidence, modules, image, "I106", Side(place, "fails"), Side(place, "good"), field=name)


def limits(evidence: Evidence) -> Iterator[Finding]:
    """I117, I119: an entry of the log, or another value, that the format does not allow; one finding a section.

    Of a section that has changed since it was sealed I106 says so.
    """
    modules = evidence.modules
    if modules is None:
        return
    among = (modules.looked_into & ~modules.unbound)[:, None] & (modules.columns["sections"] != FAILS)
    for image, number in np.argwhere(among & ~modules.columns["allowed"]).tolist():
        name, place, source = Section(number).name.lower(), modules.place(image), modules.place(image)
        reasons = [each for each in modules.reading.reasons.get(image, ()) if _section_of(each.field) == name]
        field = name
        expected: Text = msg("all in order")
        got: Text = INSTEAD[Verdict.VALUE]
        if reasons:
            field, expected, got = reasons[0].field, reasons[0].expected, reasons[0].got
            source = f"{place}@{reasons[0].offset}"
        code = "I117" if number == Section.LOG else "I119"
        sides = Side(source, got), Side(place, expected)
        times: dict[str, int | str] = {"times": len(reasons) or 1}
        yield about(evidence, modules, image, code, *sides, field=field, details=times)


def _section_of(field: str) -> str:
    return field.partition(".")[0].partition("[")[0]


def reserved(evidence: Evidence) -> Iterator[Finding]:
    """I105: bytes that the format does not use are not erased."""
    modules = evidence.modules
    if modules is None:
        return
    for image in np.flatnonzero(modules.looked_into & ~modules.columns["reserved_erased"]).tolist():
        sides = Side(modules.place(image), "not erased"), Side("format", "erased")
        yield about(evidence, modules, image, "I105", *sides, field="reserved")


def slots(evidence: Evidence) -> Iterator[Finding]:
    """I107, I108, I110, I118: slots of the vote area that are not a vote in both banks, nor blank, nor given up."""
    modules = evidence.modules
    if modules is None:
        return

    odd = modules.reading.modules.slots
    columns = modules.columns
    kinds: tuple[tuple[str, str, str, tuple[SlotState, ...]], ...] = (
        ("I107", "repaired", "repaired", (SlotState.REPAIRED_FROM_A, SlotState.REPAIRED_FROM_B)),
        ("I107", "unreadable", "", (SlotState.UNREADABLE, SlotState.CONFLICT)),
        ("I108", "foreign", "", (SlotState.FOREIGN,)),
        ("I110", "not_blank", "", (SlotState.NOT_BLANK,)),
        ("I118", "test_slots", "", (SlotState.TEST,)),
    )
    for code, name, case, states in kinds:
        first: dict[int, int] = {}
        for row in np.flatnonzero(np.isin(odd["state"], states)).tolist():
            first.setdefault(int(odd["image"][row]), row)
        for image in np.flatnonzero(modules.looked_into & (columns[name] > 0)).tolist():
            odd_slot = first.get(image)
            place = modules.place(image)
            position = "?" if odd_slot is None else str(odd["position"][odd_slot])
            got = "-" if odd_slot is None else " / ".join(odd[bank][odd_slot].tobytes().hex(" ") for bank in "ab")
            yield about(
                evidence,
                modules,
                image,
                code,
                Side(place, int(columns[name][image])),
                Side(place, 0),
                field=name,
                case=case,
                details={"position": position, "got": got},
            )


def counters(evidence: Evidence) -> Iterator[Finding]:
    """I109: the two copies of a counter do not say the same."""
    modules = evidence.modules
    if modules is None:
        return
    inconsistent = modules.looked_into[:, None] & ~modules.columns["counters_consistent"]
    for image in np.flatnonzero(inconsistent.any(axis=1)).tolist():
        place = modules.place(image)
        count = int(inconsistent[image].sum())
        yield about(evidence, modules, image, "I109", Side(place, count), Side(place, 0), field="marks")


def recount(evidence: Evidence) -> Iterator[Finding]:
    """M103: the votes stored in the module, recounted, against what its machine counted: closing entry, then export."""
    modules = evidence.modules
    if modules is None:
        return
    columns = modules.columns
    for number in evidence.polls:
        index = number - 1
        recounted = np.concatenate([columns["blank"][:, index, None], columns["tallies"][:, index]], axis=1)
        closed = np.concatenate([columns["closed_blank"][:, index, None], columns["closed_tallies"][:, index]], axis=1)
        there = modules.used & (columns["choices"][:, index] > 0)
        differs = there[:, None] & (closed >= 0) & (recounted != closed)
        yield from _recounted(evidence, modules, number, differs, recounted, closed, None)
        if evidence.exports is not None and len(evidence.exports.columns):
            record = modules.export[:, index]
            rows = evidence.exports.columns[record]
            exported = np.concatenate([rows["blank"][:, None], rows["tallies"].astype(np.int64)], axis=1)
            differs = (there & (record >= 0))[:, None] & (recounted != exported) & ~differs
            yield from _recounted(evidence, modules, number, differs, recounted, exported, record)


def _recounted(
    evidence: Evidence,
    modules: Modules,
    number: int,
    differs: Bools,
    recounted: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    counted: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    record: np.ndarray[tuple[int, ...], np.dtype[np.int64]] | None,
) -> Iterator[Finding]:
    poll = evidence.polls.index(number)
    for image, choice in np.argwhere(differs).tolist():
        unit = int(modules.unit[image])
        contest = int(evidence.contests.of[unit, poll])
        labels = evidence.contests.contests[contest].choices if contest >= 0 else ()
        field: Text = "blank"
        if choice:
            field = labels[choice - 1] if choice <= len(labels) else msg("choice {number}", number=choice)
        place = modules.place(image)
        other = f"{place}:closing"
        if record is not None and evidence.exports is not None:
            other = evidence.exports.place(int(record[image]))
        yield about(
            evidence,
            modules,
            image,
            "M103",
            Side(place, int(recounted[image, choice])),
            Side(other, int(counted[image, choice])),
            field=field,
            poll=number,
        )


def digests(evidence: Evidence) -> Iterator[Finding]:
    """A107: an export says it was read from an image with another SHA-256 than the one at hand."""
    modules, exports = evidence.modules, evidence.exports
    if modules is None or exports is None:
        return
    for image, poll in np.argwhere(modules.export >= 0).tolist():
        record = int(modules.export[image, poll])
        stated = exports.columns["module_digest"][record].tobytes()
        computed = modules.digest(image)
        if any(stated) and stated != computed:
            yield about(
                evidence,
                modules,
                image,
                "A107",
                Side(exports.place(record), stated.hex()[:16]),
                Side(modules.place(image), computed.hex()[:16]),
                field="module_digest",
                poll=poll + 1,
            )


def zero_checks(evidence: Evidence) -> Iterator[Finding]:
    """M104: no zero check, counters or vote slots not at zero at it, or votes of the test mode changed after it."""
    modules = evidence.modules
    if modules is None:
        return
    columns = modules.columns
    never = modules.used & (columns["zero_check"] < 0) & ~modules.unbound
    for name, mask in (
        ("zero_check", never),
        ("zero_sum", modules.used & (columns["zero_sum"] > 0)),
        ("zero_slots", modules.used & (columns["zero_slots"] > 0)),
        ("test_changed", modules.used & columns["test_changed"]),
    ):
        for image in np.flatnonzero(mask).tolist():
            value = None if name == "zero_check" else int(columns[name][image])
            place = modules.place(image)
            yield about(evidence, modules, image, "M104", Side(place, value), Side(place, 0), field=name)


def clocks(evidence: Evidence) -> Iterator[Finding]:
    """M110: after the opening the clock was set, or the log's times fall."""
    modules = evidence.modules
    if modules is None:
        return
    columns = modules.columns
    for name in ("clock_sets", "clock_falls"):
        for image in np.flatnonzero(modules.used & (columns[name] > 0)).tolist():
            place = modules.place(image)
            count = int(columns[name][image])
            yield about(evidence, modules, image, "M110", Side(place, count), Side(place, 0), field=name)


def hourly(evidence: Evidence) -> Iterator[Finding]:
    """M112: the hourly public counter falls."""
    modules = evidence.modules
    if modules is None:
        return
    for image in np.flatnonzero(modules.used & (modules.columns["hourly_falls"] > 0)).tolist():
        place = modules.place(image)
        count = int(modules.columns["hourly_falls"][image])
        yield about(evidence, modules, image, "M112", Side(place, count), Side(place, 0), field="hourly")


def keys(evidence: Evidence) -> Iterator[Finding]:
    """M113: both keys carry one number."""
    modules = evidence.modules
    if modules is None:
        return
    columns = modules.columns
    same = modules.used & (columns["president_key"] >= 0) & (columns["president_key"] == columns["assessor_key"])
    for image in np.flatnonzero(same).tolist():
        place = modules.place(image)
        left, right = (Side(place, int(columns[name][image])) for name in ("president_key", "assessor_key"))
        yield about(evidence, modules, image, "M113", left, right, field="keys")


CHECKS: Checks = {
    files: ("I101", "I102", "I103", "I112"),
    sections: ("I106",),
    limits: ("I117", "I119"),
    reserved: ("I105",),
    slots: ("I107", "I108", "I110", "I118"),
    counters: ("I109",),
    recount: ("M103",),
    digests: ("A107",),
    zero_checks: ("M104",),
    clocks: ("M110",),
    hourly: ("M112",),
    keys: ("M113",),
}
