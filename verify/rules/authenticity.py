"""A: does each export belong to this election, to the bureau it is filed under, and to the préfecture's list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from protocol.export.terms import APPROVED_MODEL
from protocol.night import ELECTION, EXPORTS, MODULES, parse_export_name
from protocol.words import Message, msg, series
from verify.model.evidence import Evidence
from verify.model.exports import Exports, Identity, expected_identity, text
from verify.model.figures import Texts
from verify.model.findings import Checks, Finding, finding
from verify.model.holds import Side
from verify.model.universe import SEALING

APPROVED_SINCE = 20070412
SEALED = ("machine_serial", "module_serial", "machine_seal", "module_seal")


def other_election(evidence: Evidence) -> Iterator[Finding]:
    """A101: another election, date, round or poll than this night's."""
    exports = evidence.exports
    if exports is None:
        return
    expected = expected_identity(exports.columns, exports.whole, evidence.election)
    if expected is None:
        return
    source = says_which(evidence)
    wanted = identity(expected, evidence.polls)
    named = [each.poll for each in evidence.other_polls]  # C116 says it of all evidence at once
    other_poll = (exports.poll < 0) & ~np.isin(exports.columns["poll"], named)
    for record in np.flatnonzero(exports.whole & (exports.foreign | other_poll)).tolist():
        row = exports.columns[record]
        carried = row["election"].item(), int(row["date"]), int(row["round"])
        yield finding(
            "A101",
            Side(exports.place(record), identity(carried, [int(row["poll"])])),
            Side(source, wanted),
            field="election",
            insee=row["insee"].decode("ascii"),
            bureau=row["bureau"].decode("ascii"),
            poll=int(row["poll"]),
        )


def says_which(evidence: Evidence) -> str:
    """What says which election this is."""
    if evidence.election is not None:
        return ELECTION
    return EXPORTS if evidence.exports is not None and evidence.exports.whole.any() else MODULES


def identity(election: Identity, polls: Iterable[int]) -> Message:
    """An election as findings show it, with some of its polls."""
    name, date, round_ = election
    return msg(
        "{election} of {date}, round {round}, poll {polls}",
        election=name.decode("ascii", "replace"),
        date=date,
        round=round_,
        polls=series(numbers, ",") if (numbers := list(polls)) else "-",
    )


def other_name(evidence: Evidence) -> Iterator[Finding]:
    """A102: a file of one export is named for another commune, bureau, poll or part. Names of other forms are free."""
    exports = evidence.exports
    if exports is None:
        return
    records = np.bincount(exports.reading.file, minlength=len(exports.names))
    named = [parse_export_name(file.path.name) for file in exports.reading.files]
    alone = np.array([name is not None for name in named], np.bool_) & (records == 1)
    for record in np.flatnonzero(exports.whole & alone[exports.reading.file]).tolist():
        row = exports.columns[record]
        carried = row["insee"].decode("ascii"), row["bureau"].decode("ascii"), int(row["poll"]), int(row["part"])
        name = named[int(exports.reading.file[record])]
        if name is None or name == carried:
            continue
        yield finding(
            "A102",
            Side(exports.place(record), " ".join(map(str, carried))),
            Side(exports.names[int(exports.reading.file[record])], " ".join(map(str, name))),
            field="bureau",
            insee=name[0],
            bureau=name[1],
            poll=name[2],
        )


def other_choices(evidence: Evidence) -> Iterator[Finding]:
    """A103: the machine's choice list, or its order, is not the préfecture's."""
    exports = evidence.exports
    if exports is None or not evidence.contests.official:
        return
    contests = evidence.contests
    digests = np.array([contest.digest for contest in contests.contests] + [bytes(32)], dtype="V32")
    sizes = np.array([len(contest.choices) for contest in contests.contests] + [0], np.int64)
    used = np.flatnonzero(exports.used)  # others may have no unit, and there may be no unit at all
    of, columns = contests.of[exports.unit[used], exports.poll[used]], exports.columns
    differs = (columns["choices_digest"][used] != digests[of]) | (columns["choices"][used] != sizes[of])
    wrong = (of >= 0) & differs
    for record, index in zip(used[wrong].tolist(), of[wrong].tolist(), strict=True):
        contest = contests.contests[index]
        yield finding(
            "A103",
            Side(exports.place(record), int(columns["choices"][record])),
            Side(contests.source, len(contest.choices)),
            field="choix",
            insee=str(evidence.universe.insee[exports.unit[record]]),
            bureau=str(evidence.universe.bureau[exports.unit[record]]),
            poll=evidence.polls[int(exports.poll[record])],
            details={
                "machine": columns["choices_digest"][record].tobytes().hex()[:16],
                "prefecture": contest.digest.hex()[:16],
            },
        )


def other_model(evidence: Evidence) -> Iterator[Finding]:
    """A104: the machine does not carry the name of the model approved for political elections since April 2007."""
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns
    since = columns["date"] >= APPROVED_SINCE
    mask = exports.used & since & (columns["model"] != np.bytes_(APPROVED_MODEL.encode()))
    for record in np.flatnonzero(mask).tolist():
        carried = columns["model"][record].decode("ascii")
        yield _record(evidence, "A104", record, carried, Side("arrêté du 12 avril 2007", APPROVED_MODEL), "model")


def other_sealing(evidence: Evidence) -> Iterator[Finding]:
    """A105: a machine, module or seal number is not the sealing record's, or is missing on one of the two."""
    exports, universe = evidence.exports, evidence.universe
    if exports is None:
        return
    for column, name in zip(SEALING, SEALED, strict=True):
        stated = universe.sealing[column]
        if not (stated != "").any():
            continue
        for record in np.flatnonzero(exports.used).tolist() if _several(stated) else _unequal(exports, stated, name):
            unit, part = int(exports.unit[record]), int(exports.columns["part"][record])
            parts = str(stated[unit]).split("+")
            expected = parts[part - 1].strip() if part <= len(parts) else ""
            carried = exports.columns[name][record].decode("ascii")
            if carried == expected:
                continue
            yield _record(
                evidence,
                "A105",
                record,
                carried or None,
                Side(universe.place(unit), expected or None),
                column,
                "" if carried and expected else "absent",
            )


def _several(stated: Texts) -> bool:
    """Whether any bureau has several parts, so that each number has to be looked up in a list."""
    return bool((np.strings.find(stated, "+") >= 0).any())


def _unequal(exports: Exports, stated: Texts, name: str) -> list[int]:
    """Records whose number is not the one stated; for bureaux of one part."""
    carried = text(exports.columns[name])
    differs = exports.used & (carried != np.where(exports.unit >= 0, stated[exports.unit], ""))
    return [int(record) for record in np.flatnonzero(differs)]


def other_digest(evidence: Evidence) -> Iterator[Finding]:
    """A106: a file's SHA-256 is not the manifest's."""
    if not evidence.manifest:
        return
    there = {used.path: used.sha256 for used in evidence.inputs}
    for path, stated in evidence.manifest.items():
        digest = there.get(path)  # None as well for a file that was not read
        if digest is not None and digest != stated:
            yield finding(
                "A106",
                Side(path, digest[:16]),
                Side("manifest.json", stated[:16]),
                field="sha256",
                level="file",
            )


def files_gone(evidence: Evidence) -> Iterator[Finding]:
    """A109: files that the manifest names are not in the folder; one finding for each folder within it."""
    named: dict[str, list[str]] = {}
    for path in evidence.manifest:
        named.setdefault(path.rpartition("/")[0], []).append(path)
    for folder, paths in named.items():
        gone = [path for path in paths if path not in evidence.present]
        if gone:
            yield finding(
                "A109",
                Side(folder or ".", len(paths) - len(gone)),
                Side("manifest.json", len(paths)),
                field="files",
                level="file",
                details={"first": min(gone)},
            )


def _record(
    evidence: Evidence,
    code: str,
    record: int,
    carried: str | None,
    right: Side,
    field: str,
    case: str = "",
) -> Finding:
    exports = evidence.exports
    place = exports.place(record) if exports is not None else ""
    unit = int(exports.unit[record]) if exports is not None else -1
    return finding(
        code,
        Side(place, carried),
        right,
        field=field,
        insee=str(evidence.universe.insee[unit]),
        bureau=str(evidence.universe.bureau[unit]),
        case=case,
    )


CHECKS: Checks = {
    other_election: ("A101",),
    other_name: ("A102",),
    other_choices: ("A103",),
    other_model: ("A104",),
    other_sealing: ("A105",),
    other_digest: ("A106",),
    files_gone: ("A109",),
}
