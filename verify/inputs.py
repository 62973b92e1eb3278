"""Nothing that is given disappears in silence: how much of each file was used, and what lies in a folder unread."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import INSTEAD, RecordVerdict
from protocol.insee import as_written
from protocol.opening import has, is_closed, read_ends
from protocol.words import Message, Text, first_of, msg, nmsg, series
from verify.columns.transmission import wrong_totals
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.identity import StatedElection
from verify.model.machine_evidence import ExportLines, UrnLines
from verify.model.published import Level
from verify.model.use import (
    COMPANION,
    EXPLAINED,
    NOTHING_FILLED_IN,
    OURS,
    ColumnMissing,
    Input,
    Used,
    archive_of,
    file_of,
)
from verify.read.disguised import LOOKED_AT, no_table

MOST = 1000
"""So many files in the folder that are not read are named; and so many in a folder of it are counted at most."""
CLOSED = msg("a folder that cannot be listed")
OF_NO_KIND = msg("no file of this kind is read")
_NAMED = 3
"""Choices that are named where several are not compared."""
_OPENED = 8
"""Files of such a folder that are opened to say what it is."""
_TABLES = (*night.TABLES, night.FOLLOW_UP, night.MEANINGS)
_READ = frozenset((*(table.file for table in _TABLES), night.EXPORTS, night.URNS))


def unread(folder: Path, read: Collection[str], sha256_of: Callable[[Path, Path], str | None]) -> Iterator[Input]:
    """List unread files of a night's folder; a folder in it is one entry, whose note counts its files.

    Names that start with a dot are left out: desktop systems write such files unasked.

    Args:
        folder: of the night.
        read: names in it that were read at least in part.
        sha256_of: gives that of a file, below the folder. Companions of a night are never opened.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name not in read)
    except OSError:
        yield Input("folder", ".", 0, None, "", Used.NONE, CLOSED)
        return
    for path in paths[:MOST]:
        is_folder = path.is_dir() and not path.is_symlink()
        is_companion = path.name in night.COMPANIONS
        kind = "folder" if is_folder else "file"
        if is_companion:  # beside a night that nothing marks as simulated it is named as any other file
            kind = COMPANION if has(folder, night.MANIFEST) else kind
            yield Input(kind, path.name, 0 if is_folder else _size(path), None, "", Used.NONE, _NEVER_OPENED)
            continue
        ours = _why_ours(path) if kind == "file" else why_sealed(path) if kind == "folder" else None
        if ours is not None:
            size, digest = (_size(path), sha256_of(path, folder)) if kind == "file" else (0, None)
            yield Input(OURS, path.name, size, digest, "", Used.NONE, ours)
            continue
        note: Text = _counted(path) if is_folder and not is_closed(path) else ""
        digest = sha256_of(path, folder) if kind == "file" else None
        yield Input(kind, path.name, 0 if is_folder else _size(path), digest, note, Used.NONE, _why(path, kind))
    if len(paths) > MOST:
        note = nmsg("{count:n} more file", "{count:n} more files", len(paths) - MOST)
        yield Input("folder", ".", 0, None, note, Used.NONE, msg("too many files to name"))


_NEVER_OPENED = msg("never opened: no evidence")


def why_ours(start: bytes, end: bytes) -> Message | None:
    """Why a file is no evidence that regard wrote, by its first and its last bytes; None for any other."""
    from protocol.own_files import is_guide, is_own

    if is_guide(start):
        return EXPLAINED
    return msg("a report that regard wrote: no evidence") if is_own(start, end) else None


def _why_ours(path: Path) -> Message | None:
    """The same for a file of a folder; a link is not followed to tell."""
    from protocol.own_files import END, START

    try:
        return None if path.is_symlink() else why_ours(*read_ends(path, START, END))
    except OSError:
        return None


def why_sealed(path: Path) -> Message | None:
    """The same for a folder: one that regard seal appends to."""
    from protocol.sealing.folder import CHECKPOINTS, SEALED  # slow to load, for what few nights have

    if path.name == SEALED and (path / CHECKPOINTS).is_dir():
        return msg("written by regard seal, as is to be published: no evidence")
    return None


def _why(path: Path, kind: str) -> Message:
    if path.name in _READ or path.name.startswith("publie."):
        return msg("another was given in its place")
    if kind == "folder" and is_closed(path):
        return CLOSED
    if kind == "folder" and has(path, night.ELECTION):
        return msg("a night of its own: give this folder by itself")
    if kind == "folder":
        others = _has_other_dumps(path)
        return msg("dumps of another machine, which regard totals reads") if others else msg("nothing in it is read")
    return why_not_read(path)


def why_not_read(path: Path) -> Message:
    """Why a file of a folder is not read, by its name and its first bytes; a link is not followed to tell."""
    if path.is_symlink() and path.is_dir():
        return msg("a link to a folder, which is not followed: give that folder itself")
    try:
        start = b"" if path.is_symlink() else read_ends(path, LOOKED_AT, 0)[0]
    except OSError:
        start = b""
    return no_table(path.name, start) or OF_NO_KIND


def _has_other_dumps(folder: Path) -> bool:
    """Check that one of the first files of a folder is a maker's dump."""
    from protocol.dumps.recognising import layout_of

    try:
        files = sorted(path for path in islice(folder.iterdir(), MOST) if path.is_file() and not path.is_symlink())
    except OSError:
        return False
    layouts = (layout_of(path, folder)[0] for path in files[:_OPENED])
    return any(layout is not None and not layout.model for layout in layouts)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _counted(folder: Path) -> Text:
    count = 0
    for _, _, names in os.walk(folder):
        count += len(names)
        if count >= MOST:
            return msg("{most:n} files or more", most=MOST)
    return nmsg("{count:n} file", "{count:n} files", count)


def account_for(evidence: LinedEvidence) -> list[Input]:
    """The inputs, each with how much of it was used and why not all: what could not be read, lined up or counted."""
    bad: Counter[str] = Counter()
    for each in (evidence, *(other.evidence for other in evidence.other_elections)):
        bad += _unused(each)
    failed = {archive_of(each.what) for each in evidence.failures}
    of_rows = (_of_no_choice(evidence), _of_other_communes(evidence), _of_other_elections(evidence), _of_open(evidence))
    saying = (*of_rows, _of_unused_columns(evidence))
    dumps = dict(_of_dumps(evidence))
    found = []
    for used in evidence.inputs:
        name = used.path
        count = 0 if used.used is Used.NONE else sum(times for file, times in bad.items() if _is_of(file, name))
        if used.used is not Used.NONE and (name in failed or name.partition("/")[0] in failed):
            used = replace(used, used=Used.NONE, why=msg("it could not be checked"))
        elif used.note == NOTHING_FILLED_IN:
            used = replace(used, used=Used.NONE, why=used.note)
        elif (used.kind, name) in dumps:
            much, why = dumps[used.kind, name]
            used = replace(used, used=much, why=why)
        elif name in {archive_of(published.file) for published in evidence.of_no_poll}:
            used = replace(used, used=Used.PART, why=msg("of no poll of this day: not compared"))
        elif count:
            lost = nmsg(
                "{count:n} row or cell that could not be used", "{count:n} rows or cells that could not be used", count
            )
            used = replace(used, used=Used.PART, why=series([used.why, lost], msg("; ")) if used.why else lost)
        for said in (each.get(name) for each in saying):
            if used.used is not Used.NONE and said:
                used = replace(used, used=Used.PART, why=series([used.why, said], msg("; ")) if used.why else said)
        found.append(used)
    return found


def _of_no_choice(evidence: LinedEvidence) -> dict[str, Text]:
    """By name of a file of published results, the choices in it that no other evidence names."""
    found: dict[str, dict[str, None]] = {}
    for lines in evidence.published:
        for _, _, label, _, _ in lines.votes.unknown:
            found.setdefault(file_of(lines.published.file), {})[label] = None
    return {
        file: nmsg(
            "votes of {count:n} choice that no other evidence names: {some}",
            "votes of {count:n} choices that no other evidence names: {some}",
            len(labels),
            some=first_of(labels, _NAMED),
        )
        for file, labels in found.items()
    }


def _of_unused_columns(evidence: LinedEvidence) -> dict[str, Text]:
    """By name of a file of published results, its columns of figures that its layout does not use.

    Files of tables that are understood by their columns have it among these.
    """
    found: dict[str, dict[str, None]] = {}
    by_columns = {used.path for used in evidence.inputs if used.sheets}
    for table in (each for each in evidence.tables if file_of(each.file) not in by_columns):
        found.setdefault(file_of(table.file), {}).update(dict.fromkeys(table.unused))
    return {
        file: nmsg(
            "{count:n} column of figures or note not used: {some}",
            "{count:n} columns of figures or notes not used: {some}",
            len(headers),
            some=first_of(headers, _NAMED),
        )
        for file, headers in found.items()
        if headers
    }


def _of_other_communes(evidence: LinedEvidence) -> dict[str, Text]:
    """By name of a file of published results, how many rows are of other communes than the bureaux."""
    found: dict[str, Counter[str]] = {}
    for lines in evidence.published:
        found.setdefault(file_of(lines.published.file), Counter()).update(lines.elsewhere)
    listed, names = evidence.universe.insee[evidence.universe.communes], dict[str, str]()
    for table in evidence.tables:
        names |= zip(table.insee.tolist(), table.commune.tolist(), strict=True)
    for table in (each for each in evidence.tables if each.level is Level.COMMUNE):
        known = np.isin(table.insee, listed)
        if known.any():
            found.setdefault(file_of(table.file), Counter()).update(table.insee[~known].tolist())
    return {
        file: nmsg(
            "{rows} of {count:n} other commune ({some}): checked by themselves only",
            "{rows} of {count:n} other communes ({some}): checked by themselves only",
            len(rows),
            rows=nmsg("{count:n} row", "{count:n} rows", rows.total()),
            some=first_of((as_written(names.get(code, "")) or code for code in rows), _NAMED),
        )
        for file, rows in found.items()
        if rows
    }


def _of_open(evidence: LinedEvidence) -> dict[str, Text]:
    """By name of a file of published results, its communes that are not compared with the sum of their bureaux."""
    found: dict[str, list[Text]] = {}
    totals = evidence.once(wrong_totals)
    opened = () if totals is None else totals.open
    names = evidence.universe.commune_names() if opened else {}
    for each in opened:
        bureaux = nmsg("{count:n} bureau without a PV", "{count:n} bureaux without a PV", each.lacking)
        more = nmsg(
            "{count:n} registered voter more than in the PVs",
            "{count:n} registered voters more than in the PVs",
            each.more,
        )
        why = bureaux if each.lacking else more if each.more > 0 else msg("bureaux may be unknown")
        commune = as_written(names.get(each.insee, "")) or each.insee
        found.setdefault(file_of(each.table.file), []).append(msg("{commune}: {why}", commune=commune, why=why))
    return {
        file: msg(
            "not compared with the sum of the bureaux ({communes}): give all their PVs, or the list of bureaux",
            communes=first_of(communes, _NAMED),
        )
        for file, communes in found.items()
    }


def _of_other_elections(evidence: LinedEvidence) -> dict[str, Text]:
    """By name of a file of published results, how many rows are of another election or round."""
    found: dict[str, Counter[StatedElection]] = {}
    for other in evidence.other_elections:
        for table in other.evidence.tables:
            found.setdefault(file_of(table.file), Counter())[other.stated] += len(table.row)
    return {
        file: series(
            (
                nmsg(
                    "{count:n} row of another election ({election}): checked by itself only",
                    "{count:n} rows of another election ({election}): checked by themselves only",
                    rows,
                    election=stated.text,
                )
                for stated, rows in rows_of.items()
            ),
            msg("; "),
        )
        for file, rows_of in found.items()
    }


def _unused(evidence: LinedEvidence) -> Counter[str]:
    """Rows and cells of each file that could not be read, or are of no bureau, poll or choice; a total is of none."""
    bad: Counter[str] = Counter()
    for problem in evidence.problems:
        bad[problem.file] += 0 if isinstance(problem, ColumnMissing) else problem.count
    for again in evidence.repeats:
        bad[again.file] += len(again.rows)
    for each in evidence.other_polls:
        bad[each.file] += each.rows
    bad.update(stray.file for stray in evidence.strays if not stray.is_total)
    if evidence.votes is not None:
        bad.update(place.rpartition(":")[0] for _, _, _, place, _ in evidence.votes.unknown)
    return bad


def _is_of(file: str, name: str) -> bool:
    """Check that a problem's file is that one, a sheet or a member of it."""
    return file == name or (file.startswith(name) and not file[len(name)].isalnum())


def _of_dumps(evidence: LinedEvidence) -> Iterator[tuple[tuple[str, str], tuple[Used, Text]]]:
    """Files of exports and of module images with records that do not count, by kind and name."""
    exports, urns = evidence.exports, evidence.urns
    if exports is not None:
        of_files: dict[int, Text] = {problem.file: problem.kind.value for problem in exports.reading.problems}
        yield from _not_whole(EvidenceKind.EXPORTS, exports, exports.reading.verdict, of_files)
    if urns is not None:
        read = enumerate(urns.reading.files)
        of_images = {at: file.problem.got for at, file in read if file.problem is not None}
        yield from _not_whole(EvidenceKind.URNS, urns, urns.columns["verdict"], of_images)


def _not_whole(
    kind: EvidenceKind, lines: ExportLines | UrnLines, verdicts: npt.NDArray[np.integer[Any]], odd: Mapping[int, Text]
) -> Iterator[tuple[tuple[str, str], tuple[Used, Text]]]:
    of_file = lines.reading.file
    for file, much in _partly(of_file, lines.used, len(lines.reading.files), odd).items():
        yield (kind, lines.names[file]), (much, odd.get(file) or _instead(verdicts[of_file == file]))


def _partly(file: Ints, used: Bools, files: int, odd: Collection[int]) -> dict[int, Used]:
    """Files with records that are not used, or with something odd."""
    records, there = np.bincount(file, minlength=files), np.bincount(file[used], minlength=files)
    whole = (records == there) & (records > 0)
    whole[list(odd)] = False
    return {at: Used.PART if there[at] else Used.NONE for at in np.flatnonzero(~whole).tolist()}


def _instead(verdicts: Ints) -> Text:
    """Why records are not counted: their bytes, or else whose they are."""
    wrong = verdicts[verdicts != RecordVerdict.OK]
    if not len(wrong):
        return msg("of another bureau or election, or there a second time")
    return INSTEAD[RecordVerdict(int(wrong[0]))]
