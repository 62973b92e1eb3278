"""I, M and A where a module image is at hand: its bytes, its recount, and the export that was read from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.export.terms import INSTEAD, Verdict
from protocol.night import parse_module_name
from protocol.urn.terms import FAILS, IMAGE_SIZE, Section, SlotState
from protocol.words import Text, msg
from verify.columns.needs import Contests, Exports, Modules, Polls, Universe
from verify.model.checks import check
from verify.model.figures import Bools, Ints
from verify.model.holds import Named, One, Side, one

_CODES = {Verdict.MAGIC: "I101", Verdict.VERSION: "I102", Verdict.LENGTH: "I103", Verdict.VALUE: "I112"}


@check("I101", "I102", "I103", "I112")
def files(modules: Modules, universe: Universe) -> Iterator[One]:
    """I101, I102, I103, I112: a file in the folder of modules is no module image."""
    for index, file in enumerate(modules.reading.files):
        if file.problem is not None:
            problem, name = file.problem, modules.names[index]
            left, right = Side(f"{name}@{problem.offset}", problem.got), Side(name, problem.expected)
            at = _named(modules, universe, index)
            yield one(at, left, right, field=problem.field, code="I103", times=1, bytes=file.size)
    for verdict, code in _CODES.items():
        for image in np.flatnonzero(modules.columns["verdict"] == verdict).tolist():
            yield _no_image(modules, universe, image, verdict, code)


def _no_image(modules: Modules, universe: Universe, image: int, verdict: Verdict, code: str) -> One:
    place, field = modules.place(image), "configuration"
    expected: Text = msg("a module image of {size:n} bytes, version 1", size=IMAGE_SIZE)
    got: Text = INSTEAD[verdict]
    reasons = modules.reading.reasons.get(image, ()) if verdict is Verdict.VALUE else ()
    source = place
    if reasons:
        field, expected, got = reasons[0].field, reasons[0].expected, reasons[0].got
        source = f"{place}@{reasons[0].offset}"
    at = _named(modules, universe, int(modules.reading.file[image]))
    return one(at, Side(source, got), Side(place, expected), field=field, code=code, times=1, bytes=IMAGE_SIZE)


def _named(modules: Modules, universe: Universe, file: int) -> Named:
    """The bureau that a damaged file stands for by its name, if that bureau is on the list."""
    name = parse_module_name(modules.reading.files[file].path.name)
    return Named(*name[:2]) if name is not None and universe.has(*name[:2]) else Named()


@check("I106")
def sections(modules: Modules) -> Iterator[One]:
    """I106: a section of an image fails its checksum. Where none fits, the serial is damaged: it is said once."""
    fails = modules.looked_into[:, None] & (modules.columns["sections"] == FAILS)
    fails[modules.unbound, Section.CONFIGURATION + 1 :] = False
    for image, section in np.argwhere(fails).tolist():
        sides = modules.side(image, "fails"), modules.side(image, "good")
        yield one(modules.at(image), *sides, field=Section(section).name.lower())


@check("I117", "I119")
def limits(modules: Modules) -> Iterator[One]:
    """I117, I119: an entry of the log, or another value, that the format does not allow; one finding a section.

    Of sections that are as they were sealed.
    """
    among = (modules.looked_into & ~modules.unbound)[:, None] & (modules.columns["sections"] != FAILS)
    for image, number in np.argwhere(among & ~modules.columns["allowed"]).tolist():
        name, place = Section(number).name.lower(), modules.place(image)
        reasons = [each for each in modules.reading.reasons.get(image, ()) if _section_of(each.field) == name]
        field, source = name, place
        expected: Text = msg("all in order")
        got: Text = INSTEAD[Verdict.VALUE]
        if reasons:
            field, expected, got = reasons[0].field, reasons[0].expected, reasons[0].got
            source = f"{place}@{reasons[0].offset}"
        code, times = "I117" if number == Section.LOG else "I119", len(reasons) or 1
        yield one(modules.at(image), Side(source, got), Side(place, expected), field=field, code=code, times=times)


def _section_of(field: str) -> str:
    return field.partition(".")[0].partition("[")[0]


@check("I105")
def reserved(modules: Modules) -> Iterator[One]:
    """I105: bytes that the format does not use are not erased."""
    for image in np.flatnonzero(modules.looked_into & ~modules.columns["reserved_erased"]).tolist():
        yield one(modules.at(image), modules.side(image, "not erased"), Side("format", "erased"), field="reserved")


_SLOTS: tuple[tuple[str, str, str, tuple[SlotState, ...]], ...] = (
    ("I107", "repaired", "repaired", (SlotState.REPAIRED_FROM_A, SlotState.REPAIRED_FROM_B)),
    ("I107", "unreadable", "", (SlotState.UNREADABLE, SlotState.CONFLICT)),
    ("I108", "foreign", "", (SlotState.FOREIGN,)),
    ("I110", "not_blank", "", (SlotState.NOT_BLANK,)),
    ("I118", "test_slots", "", (SlotState.TEST,)),
)
"""Code, column of the count, case, and states of slots that are not in order."""


@check("I107", "I108", "I110", "I118")
def slots(modules: Modules) -> Iterator[One]:
    """I107, I108, I110, I118: slots of the vote area that are not a vote in both banks, nor blank, nor given up."""
    odd = modules.reading.modules.slots
    columns = modules.columns
    for code, name, case, states in _SLOTS:
        first: dict[int, int] = {}
        for row in np.flatnonzero(np.isin(odd["state"], states)).tolist():
            first.setdefault(int(odd["image"][row]), row)
        for image in np.flatnonzero(modules.looked_into & (columns[name] > 0)).tolist():
            slot = first.get(image)
            position = "?" if slot is None else str(odd["position"][slot])
            got = "-" if slot is None else " / ".join(odd[bank][slot].tobytes().hex(" ") for bank in "ab")
            sides = modules.side(image, int(columns[name][image])), modules.side(image, 0)
            yield one(modules.at(image), *sides, field=name, code=code, case=case, position=position, got=got)


@check("I109")
def counters(modules: Modules) -> Iterator[One]:
    """I109: the two copies of a counter do not say the same."""
    inconsistent = modules.looked_into[:, None] & ~modules.columns["counters_consistent"]
    for image in np.flatnonzero(inconsistent.any(axis=1)).tolist():
        yield _count(modules, image, int(inconsistent[image].sum()), "marks")


@check("M103")
def recount(modules: Modules, polls: Polls, contests: Contests) -> Iterator[One]:
    """M103: the votes stored in the module, recounted, against its closing entry."""
    for number in polls:
        recounted, closed, differs = _against_closing(modules, number)
        for image, choice in np.argwhere(differs).tolist():
            left = modules.side(image, int(recounted[image, choice]))
            right = Side(f"{modules.place(image)}:closing", int(closed[image, choice]))
            field = _choice(modules, polls, contests, image, number, choice)
            yield one(modules.at(image, number), left, right, field=field)


@check("M103")
def recount_of_export(modules: Modules, exports: Exports, polls: Polls, contests: Contests) -> Iterator[One]:
    """M103: the votes stored in the module, recounted, against its export, where its closing entry has them."""
    for number in polls if len(exports.columns) else ():
        recounted, _, wrong = _against_closing(modules, number)
        record = modules.export[:, number - 1]
        rows = exports.columns[record]
        exported = np.concatenate([rows["blank"][:, None], rows["tallies"].astype(np.int64)], axis=1)
        differs = (_there(modules, number) & (record >= 0))[:, None] & (recounted != exported) & ~wrong
        for image, choice in np.argwhere(differs).tolist():
            left = modules.side(image, int(recounted[image, choice]))
            right = exports.side(int(record[image]), int(exported[image, choice]))
            field = _choice(modules, polls, contests, image, number, choice)
            yield one(modules.at(image, number), left, right, field=field)


def _there(modules: Modules, number: int) -> Bools:
    return np.asarray(modules.used & (modules.columns["choices"][:, number - 1] > 0), np.bool_)


def _against_closing(modules: Modules, number: int) -> tuple[Ints, Ints, Bools]:
    """Blank votes and those of each choice, recounted and by the closing entry, and where they differ."""
    columns, index = modules.columns, number - 1
    recounted = np.concatenate([columns["blank"][:, index, None], columns["tallies"][:, index]], axis=1)
    closed = np.concatenate([columns["closed_blank"][:, index, None], columns["closed_tallies"][:, index]], axis=1)
    return recounted, closed, _there(modules, number)[:, None] & (closed >= 0) & (recounted != closed)


def _choice(modules: Modules, polls: Polls, contests: Contests, image: int, number: int, choice: int) -> Text:
    """The name of a choice of an urn's panel, where the contest has as many; ``blank`` before the first one."""
    contest = int(contests.of[int(modules.unit[image]), polls.index(number)])
    labels = contests.contests[contest].choices if contest >= 0 else ()
    if choice == 0:
        return "blank"
    return labels[choice - 1] if choice <= len(labels) else msg("choice {number}", number=choice)


@check("A107")
def digests(modules: Modules, exports: Exports) -> Iterator[One]:
    """A107: an export says it was read from an image with another SHA-256 than the one at hand."""
    for image, poll in np.argwhere(modules.export >= 0).tolist():
        record = int(modules.export[image, poll])
        stated, computed = exports.columns["module_digest"][record].tobytes(), modules.digest(image)
        if any(stated) and stated != computed:
            sides = exports.side(record, stated.hex()[:16]), modules.side(image, computed.hex()[:16])
            yield one(modules.at(image, poll + 1), *sides, field="module_digest")


@check("M104")
def zero_checks(modules: Modules) -> Iterator[One]:
    """M104: no zero check, counters or vote slots not at zero at it, or votes of the test mode changed after it."""
    columns = modules.columns
    never = modules.used & (columns["zero_check"] < 0) & ~modules.unbound
    for name, mask in (
        ("zero_check", never),
        ("zero_sum", modules.used & (columns["zero_sum"] > 0)),
        ("zero_slots", modules.used & (columns["zero_slots"] > 0)),
        ("test_changed", modules.used & columns["test_changed"]),
    ):
        for image in np.flatnonzero(mask).tolist():
            yield _count(modules, image, None if name == "zero_check" else int(columns[name][image]), name)


@check("M110")
def clocks(modules: Modules) -> Iterator[One]:
    """M110: after the opening the clock was set, or the log's times fall."""
    for name in ("clock_sets", "clock_falls"):
        counts = modules.columns[name]
        for image in np.flatnonzero(modules.used & (counts > 0)).tolist():
            yield _count(modules, image, int(counts[image]), name)


@check("M112")
def hourly(modules: Modules) -> Iterator[One]:
    """M112: the hourly public counter falls."""
    falls = modules.columns["hourly_falls"]
    for image in np.flatnonzero(modules.used & (falls > 0)).tolist():
        yield _count(modules, image, int(falls[image]), "hourly")


def _count(modules: Modules, image: int, count: int | None, field: str) -> One:
    """Something that should be zero."""
    return one(modules.at(image), modules.side(image, count), modules.side(image, 0), field=field)


@check("M113")
def keys(modules: Modules) -> Iterator[One]:
    """M113: both keys carry one number."""
    columns = modules.columns
    same = modules.used & (columns["president_key"] >= 0) & (columns["president_key"] == columns["assessor_key"])
    for image in np.flatnonzero(same).tolist():
        left, right = (modules.side(image, int(columns[name][image])) for name in ("president_key", "assessor_key"))
        yield one(modules.at(image), left, right, field="keys")
