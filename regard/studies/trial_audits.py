"""Audits of trial nights with less and more evidence, each made once.

The four parts of a night's evidence are written, read and lined up by themselves, and joined: a part or a table that is
the same in many nights, byte for byte, is read once, and a combination of parts that has been audited is not audited
again. `tests/regard/studies/test_trials.py` holds that a folder with the same files gives the same findings and cases.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

from protocol import night
from protocol.election import Election, election_toml, parse_election
from protocol.opening import OpenedFile
from regard.studies.evidence_sets import LISTS, SINGLE, EvidenceSet
from regard.studies.scoring import Place, TruthLine, truth_in
from regard.studies.trial_nights import NightInMemory
from verify.align.lining_up import line_up_evidence
from verify.align.shifted import shifted_records
from verify.audit import Audit, run
from verify.inputs import account_for
from verify.loading.loader import Loader
from verify.model.evidence import LinedEvidence, Sources
from verify.model.machine_evidence import MachineCounts, UrnLines, count_machines, line_up_urns
from verify.model.thresholds import Thresholds
from verify.read.sheet import parse_sheet

THRESHOLDS = Thresholds(screen_one_in=20)
"""The statistical screens are asked for."""
_COMMON = frozenset((*LISTS, night.ELECTION, night.MANIFEST))
"""Files that every part has."""

_BY_FILE: dict[str, Callable[[Any], str]] = {
    "problems": attrgetter("file"),
    "failures": attrgetter("what"),
    "repeats": attrgetter("file"),
    "strays": attrgetter("file"),
    "other_polls": attrgetter("file"),
    "contradicted_totals": attrgetter("file"),
}
"""Input columns of files; those of the lists come with each part."""
_OF_A_PART = (
    *("signatures", "records", "votes", "tabulation", "hourly", "published", "tables", "of_no_poll", "other_elections"),
    *("wrong_shares", "twice", "votes_twice"),
)
"""Fields that only one of the parts can have."""

Key = tuple[tuple[str, str], ...]
"""The files of a part with their SHA-256, those of its manifest, and the part's name."""
Machines = tuple[UrnLines | None, MachineCounts | None]
"""The urns beside the exports, and what the machines counted."""


@dataclass(frozen=True, slots=True)
class Audited:
    """An audit, and the bureaux of the official list that it was made with."""

    result: Audit
    bureaux: frozenset[Place]


class TrialAudits:
    """Reads and audits nights of trials.

    Args:
        folder: for their files; an empty one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[Key, LinedEvidence] = {}
        self._there: dict[str, dict[str, str]] = {}
        self._at_hand: NightInMemory | None = None
        self._keys: dict[str, Key] = {}
        self._machines: dict[tuple[Key | None, ...], Machines] = {}
        self._audits: dict[tuple[Key, ...], Audited] = {}
        self._elections: dict[tuple[bytes, EvidenceSet], Election] = {}
        self._lists: dict[tuple[str, ...], LinedEvidence] = {}

    def truth(self, written: NightInMemory) -> list[TruthLine]:
        """The lines of a night's `verite.csv`."""
        name = night.TRUTH.file
        return truth_in(parse_sheet(OpenedFile(Path(name), written.files[name]), night.TRUTH))

    def audited(self, written: NightInMemory, kind: EvidenceSet) -> Audited:
        """The audit of a night with only that evidence, declared complete."""
        if self._at_hand is not written:
            self._at_hand, self._keys = written, {part.name: _key(written, part) for part in SINGLE}
        parts = [part for part in SINGLE if part.name in kind.parts]
        keys = tuple(self._keys[part.name] for part in parts)
        if keys not in self._audits:
            lined = [self._lined(written, part, key) for part, key in zip(parts, keys, strict=True)]
            of_name = {part.name: key for part, key in zip(parts, keys, strict=True)}
            self._audits[keys] = _audited(self._joined(written, kind, lined, of_name))
        return self._audits[keys]

    def _election(self, written: NightInMemory, kind: EvidenceSet) -> Election:
        data = written.files[night.ELECTION]
        if (data, kind) not in self._elections:
            self._elections[data, kind] = _election(data, kind)
        return self._elections[data, kind]

    def _lined(self, written: NightInMemory, part: EvidenceSet, key: Key) -> LinedEvidence:
        """One part of a night, read and lined up by itself."""
        if key not in self._parts:
            folder = self._folder / part.name
            write_part(written, part, folder, self._there.setdefault(part.name, {}))
            loader = Loader(Sources(folder=folder), None)
            files = loader.read()
            for index, digest in loader.opened.digests.items():
                files.inputs[index] = replace(files.inputs[index], sha256=digest.hexdigest())
            self._parts[key] = line_up_evidence(files)
        return self._parts[key]

    def _joined(
        self, written: NightInMemory, kind: EvidenceSet, parts: Sequence[LinedEvidence], keys: Mapping[str, Key]
    ) -> LinedEvidence:
        """Line up one folder with the files of all parts: all of them have the same lists."""
        first, *others = parts
        lists = tuple(written.digests[name] for name in LISTS)
        same = self._lists.setdefault(lists, first)
        result = replace(
            first,
            election=self._election(written, kind),
            polls=same.polls,
            universe=same.universe,
            contests=same.contests,
            thresholds=same.thresholds,
            exports=next((each.exports for each in parts if each.exports is not None), None),
            urns=next((each.urns for each in parts if each.urns is not None), None),
            manifest={name: digest for each in parts for name, digest in each.manifest.items()},
            present=frozenset().union(*(each.present for each in parts)),
            inputs=[*first.inputs, *(used for each in others for used in each.inputs if used.path not in _COMMON)],
        )
        for name, file in _BY_FILE.items():
            own = list(getattr(first, name))
            more = (said for each in others for said in getattr(each, name) if file(said) not in _COMMON)
            setattr(result, name, [*own, *more])
        for name in _OF_A_PART:
            there = (having for each in parts if (having := getattr(each, name)))
            setattr(result, name, next(there, getattr(first, name)))
        self._put_machines(result, keys)
        return result

    def _put_machines(self, evidence: LinedEvidence, keys: Mapping[str, Key]) -> None:
        """Derive the evidence from exports, urns and PVs together."""
        exports, urns, universe, polls = evidence.exports, evidence.urns, evidence.universe, evidence.polls
        key = keys.get("dumps"), keys.get("modules")
        if key not in self._machines:
            if urns is not None and exports is not None:
                urns = line_up_urns(urns.reading, urns.names, universe, polls, exports, evidence.election)
            machines = count_machines(exports, urns, universe, polls)
            if (
                exports is not None and machines is not None and machines.parts is exports.counts.parts
            ):  # no urn adds to them
                machines = self._machines.setdefault((key[0], None), (None, machines))[1]
            self._machines[key] = urns, machines
        evidence.urns, evidence.machines = self._machines[key]
        evidence.shifted = shifted_records(evidence)


def _key(written: NightInMemory, part: EvidenceSet) -> Key:
    files = [(name, digest) for name, digest in written.digests.items() if part.has(name)]
    listed = [(f"manifest {name}", digest) for name, digest in written.manifest.items() if part.has(name)]
    return (("part", part.name), *sorted(files), *sorted(listed))


def _election(data: bytes, kind: EvidenceSet) -> Election:
    return replace(parse_election(OpenedFile(Path(night.ELECTION), data)), complete=kind.complete)


def write_part(written: NightInMemory, part: EvidenceSet, folder: Path, there: dict[str, str] | None = None) -> None:
    """A folder with only that evidence of a night, an election that declares no more, and a manifest of no more.

    Args:
        written: the night.
        part: the evidence.
        folder: a new one, or one that this wrote.
        there: the SHA-256 of the files that it has of a night, by name; kept up to date. What is the same is left.
    """
    there = {} if there is None else there
    for name in (*LISTS, *part.entries):
        if name in (night.EXPORTS, night.URNS):
            (folder / name).mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True)
    wanted = {name: digest for name, digest in written.digests.items() if part.has(name) or name == night.ELECTION}
    for name in there.keys() - wanted.keys():
        (folder / name).unlink()
        del there[name]
    for name, digest in wanted.items():
        if there.get(name) != digest:
            data = written.files[name]
            (folder / name).write_bytes(election_toml(_election(data, part)) if name == night.ELECTION else data)
            there[name] = digest
    listed = {name: digest for name, digest in written.manifest.items() if part.has(name)}
    (folder / night.MANIFEST).write_text(json.dumps({"files": listed}), encoding="utf-8")


def _audited(evidence: LinedEvidence) -> Audited:
    evidence.inputs = account_for(evidence)
    evidence.thresholds = THRESHOLDS
    universe = evidence.universe
    bureaux = frozenset(zip(universe.insee.tolist(), universe.bureau.tolist(), strict=True))
    return Audited(run(evidence), bureaux)
