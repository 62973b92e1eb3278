"""A where a module image is at hand: whose urn it is, before its votes count."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from protocol.export.terms import MAX_POLLS
from protocol.night import parse_module_name
from protocol.words import Text
from verify.model.evidence import Evidence
from verify.model.figures import Bools
from verify.model.findings import Checks, Finding, finding
from verify.model.holds import Side
from verify.model.modules import Modules
from verify.rules.authenticity import identity, says_which


def about(
    evidence: Evidence,
    modules: Modules,
    image: int,
    code: str,
    left: Side,
    right: Side,
    *,
    field: Text,
    poll: int = 0,
    case: str = "",
    details: dict[str, int | str] | None = None,
) -> Finding:
    """A finding on one image, of its bureau where that is known."""
    unit = int(modules.unit[image])
    return finding(
        code,
        left,
        right,
        field=field,
        insee=str(evidence.universe.insee[unit]) if unit >= 0 else "",
        bureau=str(evidence.universe.bureau[unit]) if unit >= 0 else "",
        poll=poll,
        level=None if unit >= 0 else "file",
        case=case,
        details=details,
    )


def other_election(evidence: Evidence) -> Iterator[Finding]:
    """A110: an image of another election, date or round, or of other polls than this day's in its bureau."""
    modules = evidence.modules
    if modules is None or modules.expected is None:
        return
    source = says_which(evidence)
    has, due = modules.columns["choices"] > 0, _due(evidence, modules)
    named = [each.poll - 1 for each in evidence.other_polls if each.poll <= MAX_POLLS]
    has[:, named] &= due[:, named]  # C116 says it of all evidence at once
    wrong = modules.foreign | (modules.used & (has != due).any(axis=1))
    for image in np.flatnonzero(wrong).tolist():
        row = modules.columns[image]
        carried = row["election"].item(), int(row["date"]), int(row["round"])
        yield finding(
            "A110",
            Side(modules.place(image), identity(carried, _numbers(has[image]))),
            Side(source, identity(modules.expected, _numbers(due[image]))),
            field="election",
            insee=modules.text("insee", image),
            bureau=modules.text("bureau", image),
        )


def _due(evidence: Evidence, modules: Modules) -> Bools:
    """The polls of each image's bureau, by number less one: those of the day, by the préfecture's list those for it."""
    due = np.zeros((len(modules.columns), MAX_POLLS), np.bool_)
    numbers = np.array(evidence.polls) - 1
    due[:, numbers] = True
    if evidence.contests.official:
        known = np.flatnonzero(modules.unit >= 0)
        there = evidence.contests.of[modules.unit[known]] >= 0
        there[~there.any(axis=1)] = True
        due[known[:, None], numbers] = there
    return due


def _numbers(polls: Bools) -> list[int]:
    return (np.flatnonzero(polls) + 1).tolist()


def other_name(evidence: Evidence) -> Iterator[Finding]:
    """A111: the file of an image is named for another commune, bureau or part. Names of other forms are free."""
    modules = evidence.modules
    if modules is None:
        return
    for image in np.flatnonzero(modules.whole & ~modules.foreign).tolist():
        name = parse_module_name(modules.reading.files[int(modules.reading.file[image])].path.name)
        part = int(modules.columns["part"][image])
        carried = modules.text("insee", image), modules.text("bureau", image), part
        if name is None or name == carried:
            continue
        yield finding(
            "A111",
            Side(modules.place(image), " ".join(map(str, carried))),
            Side(modules.place(image), " ".join(map(str, name))),
            field="bureau",
            insee=name[0],
            bureau=name[1],
        )


def unknown_bureau(evidence: Evidence) -> Iterator[Finding]:
    """A112: an image of a bureau that is not on the list; filed under the one that is probably meant."""
    modules, universe = evidence.modules, evidence.universe
    if modules is None:
        return
    for image in np.flatnonzero(modules.whole & ~modules.foreign & (modules.unit < 0)).tolist():
        insee, bureau = modules.text("insee", image), modules.text("bureau", image)
        nearest = universe.nearest(insee, bureau)
        yield finding(
            "A112",
            Side(modules.place(image), f"{insee} {bureau}"),
            Side(universe.source, nearest),
            field="bureau",
            insee=insee,
            bureau=nearest or bureau,
            case="" if universe.official else "unofficial",
        )


def said_of_export(evidence: Evidence, image: int, name: str, value: object, poll: int = 0) -> bool:
    """Whether an export of the urn carries the same value: what is wrong with it is then said of the export."""
    modules, exports = evidence.modules, evidence.exports
    if modules is None or exports is None:
        return False
    records = modules.export[image] if not poll else modules.export[image, poll - 1 : poll]
    return any(exports.columns[name][record] == value for record in records[records >= 0].tolist())


def repeated(evidence: Evidence) -> Iterator[Finding]:
    """A116, A117: a second image of the same bureau and part; different, or the same."""
    modules = evidence.modules
    if modules is None:
        return
    columns = modules.columns
    for image in np.flatnonzero(modules.repeated >= 0).tolist():
        first = int(modules.repeated[image])
        votes = [int(columns["cast"][each].sum()) for each in (first, image)]
        same = bool((columns["tallies"][first] == columns["tallies"][image]).all()) and votes[0] == votes[1]
        code = "A117" if modules.same[image] else "A116"
        yield about(
            evidence,
            modules,
            image,
            code,
            Side(modules.place(first), votes[0]),
            Side(modules.place(image), votes[1]),
            field="cast",
            case="equal" if code == "A116" and same else "",
            details={"serial": modules.text("module_serial", first), "other": modules.text("module_serial", image)},
        )


def serials(evidence: Evidence) -> Iterator[Finding]:
    """A118: the serial number of an urn is that of another bureau's or part's, by its image or by an export.

    Likewise the number of a machine in two bureaux. Said of every image but those of the first export that has the
    number, or else of the first image. Where an export of the same urn has it too, C109 says so.
    """
    modules = evidence.modules
    if modules is None:
        return
    for name in ("module_serial", "machine_serial"):
        holders = _holders(evidence, modules, name)
        for serial in _shared(holders):
            first, *others = holders[holders["serial"] == serial]
            for holder in others:
                image = int(holder["row"])
                same = (holder["unit"], holder["part"]) == (first["unit"], first["part"])
                if same or not holder["image"] or said_of_export(evidence, image, name, serial):
                    continue
                place = modules.place(int(first["row"]))
                if not first["image"] and evidence.exports is not None:
                    place = evidence.exports.place(int(first["row"]))
                keys = [str(evidence.universe.key[int(each["unit"])]) for each in (holder, first)]
                sides, number = (Side(modules.place(image), keys[0]), Side(place, keys[1])), serial.decode("ascii")
                yield about(evidence, modules, image, "A118", *sides, field=name, details={"serial": number})


_HOLDER = np.dtype([("serial", "S12"), ("unit", "i8"), ("part", "i8"), ("image", "?"), ("row", "i8")])


def _holders(evidence: Evidence, modules: Modules, name: str) -> npt.NDArray[np.void]:
    """Every export and image with a serial number: that of an urn is a part's, that of a machine a bureau's.

    Exports first, each kind in the order of the list of bureaux.
    """
    exports = evidence.exports
    found = []
    for is_image, source in ((False, exports), (True, modules)):
        rows = np.zeros(0, np.int64) if source is None else np.flatnonzero(source.used)
        holders = np.zeros(len(rows), _HOLDER)
        if source is not None:
            holders["serial"], holders["unit"] = source.columns[name][rows], source.unit[rows]
            holders["part"] = source.columns["part"][rows] if name == "module_serial" else 0
        holders["image"], holders["row"] = is_image, rows
        found.append(np.sort(holders[holders["serial"] != b""], order=["unit", "part"], kind="stable"))
    return np.concatenate(found)


def _shared(holders: npt.NDArray[np.void]) -> npt.NDArray[np.bytes_]:
    """Serial numbers that more than one have."""
    each = np.unique(holders[["serial", "unit", "part"]])["serial"]
    return np.asarray(np.unique(each[1:][each[1:] == each[:-1]]), "S12")


CHECKS: Checks = {
    other_election: ("A110",),
    other_name: ("A111",),
    unknown_bureau: ("A112",),
    repeated: ("A116", "A117"),
    serials: ("A118",),
}
