"""Audits of trial nights with less and more evidence, each made once.

The four parts of a night's evidence are written and read by themselves, and joined before they are lined up: what is
the same in many nights, byte for byte, is read once, and a combination of parts that has been audited is not audited
again. `tests/regard/test_trials.py` holds that a folder with the same files gives the same findings and cases.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from protocol import night
from protocol.election import Election, election_toml, parse_election
from protocol.opening import OpenedFile
from regard.studies.evidence_sets import LISTS, SINGLE, EvidenceKind
from regard.studies.scoring import Place, TruthLine, read_truth
from regard.studies.trial_nights import NightInMemory
from verify.align.lining_up import LiningUp
from verify.align.lists import Files
from verify.audit import Audit, run
from verify.inputs import account_for
from verify.loading.loader import Loader
from verify.model.evidence import Sources

_COMMON = frozenset((*LISTS, night.ELECTION, night.MANIFEST))
"""Files that every part has."""

Key = tuple[tuple[str, str], ...]
"""The files of a part with their SHA-256, those of its manifest, and the part's name."""


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
        self._parts: dict[Key, Files] = {}
        self._audits: dict[tuple[Key, ...], Audited] = {}

    def truth(self, written: NightInMemory) -> list[TruthLine]:
        """The lines of a night's `verite.csv`."""
        path = self._folder / night.TRUTH.file
        path.write_bytes(written.files[night.TRUTH.file])
        return read_truth(path)

    def audited(self, written: NightInMemory, kind: EvidenceKind) -> Audited:
        """The audit of a night with only that evidence, declared complete."""
        parts = [part for part in SINGLE if part.name in kind.parts]
        keys = tuple(_key(written, part) for part in parts)
        if keys not in self._audits:
            read = [self._read(written, part, key) for part, key in zip(parts, keys, strict=True)]
            self._audits[keys] = _audited(_joined(read, _election(written, kind)))
        return self._audits[keys]

    def _read(self, written: NightInMemory, part: EvidenceKind, key: Key) -> Files:
        """What is read of one part of a night."""
        if key not in self._parts:
            folder = self._folder / str(len(self._parts))
            write_part(written, part, folder)
            loader = Loader(Sources(folder=folder), None)
            files = loader.read()
            for index, digest in loader.opened.digests.items():
                files.inputs[index] = replace(files.inputs[index], sha256=digest.hexdigest())
            self._parts[key] = files
        return self._parts[key]


def _key(written: NightInMemory, part: EvidenceKind) -> Key:
    files = [(name, digest) for name, digest in written.digests.items() if part.has(name)]
    listed = [(f"manifest {name}", digest) for name, digest in written.manifest.items() if part.has(name)]
    return (("part", part.name), *sorted(files), *sorted(listed))


def _election(written: NightInMemory, kind: EvidenceKind) -> Election:
    election = parse_election(OpenedFile(Path(night.ELECTION), written.files[night.ELECTION]))
    return replace(election, complete=kind.complete)


def write_part(written: NightInMemory, part: EvidenceKind, folder: Path) -> None:
    """A folder with only that evidence of a night, an election that declares no more, and a manifest of no more."""
    for name in (*LISTS, *part.entries):
        if name in (night.EXPORTS, night.URNS):
            (folder / name).mkdir(parents=True)
    folder.mkdir(exist_ok=True)
    (folder / night.ELECTION).write_bytes(election_toml(_election(written, part)))
    for name, data in written.files.items():
        if part.has(name):
            (folder / name).write_bytes(data)
    listed = {name: digest for name, digest in written.manifest.items() if part.has(name)}
    (folder / night.MANIFEST).write_text(json.dumps({"files": listed}), encoding="utf-8")


def _joined(parts: Sequence[Files], election: Election) -> Files:
    """What would have been read of one folder with the files of all parts."""

    def named(path: Path) -> str:
        """As it is shown: within the folder of its part."""
        return next(shown for each in parts if (shown := each.name(path)) != path.as_posix())

    first, *others = parts
    return replace(
        first,
        name=named,
        election=election,
        sheets={file: sheet for each in parts for file, sheet in each.sheets.items()},
        published=[results for each in parts for results in each.published],
        reading=next((each.reading for each in parts if each.reading is not None), None),
        urns=next((each.urns for each in parts if each.urns is not None), None),
        manifest={name: digest for each in parts for name, digest in each.manifest.items()},
        present=frozenset().union(*(each.present for each in parts)),
        inputs=[*first.inputs, *(used for each in others for used in each.inputs if used.path not in _COMMON)],
        problems=[*first.problems, *(said for each in others for said in each.problems if said.file not in _COMMON)],
        failures=[*first.failures, *(said for each in others for said in each.failures if said.what not in _COMMON)],
    )


def _audited(files: Files) -> Audited:
    evidence = LiningUp(files).evidence()
    evidence.inputs = account_for(evidence)
    universe = evidence.universe
    bureaux = frozenset(zip(universe.insee.tolist(), universe.bureau.tolist(), strict=True))
    return Audited(run(evidence), bureaux)
