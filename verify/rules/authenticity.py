"""A: does each export belong to this election, to the bureau it is filed under, and to the préfecture's list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.night import parse_export_name
from verify.evidence import Evidence
from verify.exports import expected_identity
from verify.findings import Finding, Side, finding


def other_election(evidence: Evidence) -> Iterator[Finding]:
    """A101: another election, date, round or poll than this night's."""
    exports = evidence.exports
    if exports is None:
        return
    expected = expected_identity(exports.columns, exports.whole, evidence.election)
    if expected is None:
        return
    name, date, round_ = expected
    polls = ",".join(map(str, evidence.polls))
    wanted = f"{name.decode('ascii', 'replace')} {date} tour {round_} scrutin {polls}"
    for record in np.flatnonzero(exports.whole & (exports.foreign | (exports.poll < 0))).tolist():
        row = exports.columns[record]
        election = row["election"].decode("ascii")
        yield finding(
            "A101",
            Side(exports.place(record), f"{election} {row['date']} tour {row['round']} scrutin {row['poll']}"),
            Side("election.toml" if evidence.election is not None else "exports", wanted),
            field="election",
            insee=row["insee"].decode("ascii"),
            bureau=row["bureau"].decode("ascii"),
            poll=int(row["poll"]),
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
    of = np.where(exports.used, contests.of[exports.unit, exports.poll], -1)
    columns = exports.columns
    differs = (columns["choices_digest"] != digests[of]) | (columns["choices"] != sizes[of])
    for record in np.flatnonzero(exports.used & (of >= 0) & differs).tolist():
        contest = contests.contests[int(of[record])]
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


CHECKS = (other_election, other_name, other_choices)
