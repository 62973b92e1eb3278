"""Files of a folder under names of their own, or given without a word of what they are: each is read for what it is.

What has one of a night's names is read as that, and what is no evidence by its ending is left to be named as not read.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from protocol import night
from protocol.election import Election
from protocol.evidence_kinds import EvidenceKind
from protocol.opening import OpenedFile, has, list_files
from protocol.own_files import END, START
from protocol.transmission import FEEDS, FOLDER
from protocol.words import Text, msg
from verify.align.polls import poll_of_file
from verify.inputs import CLOSED, MOST, OF_NO_KIND, why_not_read, why_ours, why_sealed
from verify.loading.dumps_among import OTHER, dump_of
from verify.loading.opened import OpenedNight, Taking, not_taken
from verify.loading.tables import Tables
from verify.model.evidence import Sources
from verify.model.identity import round_of, shared_folders
from verify.model.use import OURS, Used, archive_of
from verify.read.disguised import LOOKED_AT, no_table
from verify.read.tables.kinds import KINDS, RECORDS, SIGNATURES, VOTES

_ENDINGS = frozenset(
    (
        ".csv",
        ".txt",
        ".tsv",
        ".xls",
        ".xlsx",
        ".xlsm",
        ".ods",
        ".pdf",
        ".zip",
        ".gz",
        ".json",
        ".geojson",
        ".ndjson",
        ".jsonl",
        ".parquet",
        ".xml",
        ".eml",
        ".html",
        ".htm",
        ".doc",
        ".docx",
        ".odt",
    )
)
_OWN = frozenset(
    (
        *(table.file for table in (*night.TABLES, night.FOLLOW_UP, night.MEANINGS)),
        *night.COMPANIONS,
        night.ELECTION,
        night.THRESHOLDS,
        night.MANIFEST,
        night.EXPORTS,
        night.URNS,
        FOLDER,
        *FEEDS,
    )
)
"""Names that say what a file or a folder is, whatever it holds."""
_FILE = "file"


class FoundFiles:
    """The files that were given for whatever they are, and those of a folder that have none of a night's names.

    Attributes:
        exports, urns: those that are dumps, by how they begin or by the ending of their names.
        other_dumps: those of other machines, by what is in them.
    """

    def __init__(
        self,
        opened: OpenedNight,
        sources: Sources,
        tables: Tables,
        day: Election | None,
    ) -> None:
        self._opened, self._sources, self._day = opened, sources, day
        self._tables = tables
        self.exports: list[Path] = []
        self.urns: list[Path] = []
        self.other_dumps: list[Path] = []
        self._alike: dict[Path, Text] = {}
        given = {SIGNATURES: sources.signatures, RECORDS: sources.records, VOTES: sources.votes}
        self._barred = {kind for kind, paths in given.items() if paths} | (
            {EvidenceKind.PUBLISHED} if sources.published else set()
        )

    def read(self, folder: Path | None, election: str) -> None:
        """Read them, in the order of their names; used once.

        Args:
            folder: of the night, where there is one.
            election: id of the one to take out of data.gouv.fr's tables of all elections, empty where it is not known.
        """
        held = [path for path in self._sources.files if path in self._opened.held]
        for path in held:
            self._opened.read(_FILE, path, None, self._take)
        given = [path for path in self._sources.files if path not in held]
        paths = [*given, *([] if folder is None else [*self._paths(folder), *self._below(folder)])]
        paths = self._opened.without_readings(paths)
        kinds = {path: dump_of(path, None if path in given else folder) for path in paths}
        self.exports, self.urns, self.other_dumps = (
            [path for path, kind in kinds.items() if kind == of]
            for of in (EvidenceKind.EXPORTS, EvidenceKind.URNS, OTHER)
        )
        self._opened.looked_at |= {path.name for path in self.other_dumps if path.parent == folder}
        tables = [path for path in paths if not kinds[path] and (path in given or path.suffix.lower() in _ENDINGS)]
        together = self._aggregated(tables, election)
        rounds = _rounds_of(tables, folder)
        wanted = self._opened.asked.round or _most_named(rounds)
        copies = self._copies([each for each in tables if each not in together and rounds.get(each, wanted) == wanted])
        for path in tables:
            if path in together or path in copies:
                continue
            if rounds.get(path, wanted) != wanted:
                why, below = msg("of another round, by its name"), None if path in given else folder
                self._opened.leave(
                    path,
                    why,
                    below,
                    action=msg(
                        "At the command line, --other-round compares it with this one. A file of both rounds: "
                        "rename it."
                    ),
                )
                continue
            before = len(self._opened.undecided)
            if path in given:
                self._opened.read(_FILE, path, None, self._take)
            else:
                self._opened.read_found(_FILE, path, self._take)
            if len(self._opened.undecided) > before:
                continue
            silent = rounds and path not in rounds and not self._says_round(path)
            if silent and not (self._opened.undecided or self._has_both_rounds()):
                self._say(msg("does not say of which round: taken for round {number}", number=wanted))
            if path in self._alike:
                self._say(self._alike[path])

    def _says_round(self, path: Path) -> bool:
        """Check that a table of a file says of which round it is."""
        pieces = (piece for each in self._tables.counted() for piece in each.sheet.pieces)
        return any(archive_of(each.file) == self._opened.name(path) and each.stated.round for each in pieces)

    def _paths(self, folder: Path) -> list[Path]:
        """The files that nobody has looked at yet; `verify.inputs.unread` names those that are too many."""
        opened = self._opened
        sources = self._sources
        beside = (*sources.follow_ups, sources.other_round, sources.thresholds)
        given = {os.path.realpath(path) for path in (*sources.paths(), *beside) if path}
        try:
            paths = sorted(path for path in folder.iterdir() if path.is_file() or path.is_symlink())
        except OSError:
            return []
        opened.looked_at |= {path.name for path in paths if os.path.realpath(path) in given}
        left = (path for path in paths if path.name not in opened.looked_at | _OWN)
        found = [path for path in left if not path.name.startswith((".", "publie."))]
        endings = (*_ENDINGS, ".esf", ".urn")
        found.sort(key=lambda path: path.suffix.lower() not in endings)
        found.sort(key=lambda path: path.name not in night.HEADERS)  # what was typed from a paper: the first is used
        return found[:MOST]

    def _below(self, folder: Path) -> Iterator[Path]:
        """The files in folders of other names; a folder with none of a known kind is named as a whole.

        A folder of the ministry's feed is read as one, as its files belong together.
        """
        opened = self._opened
        for each in _subfolders(folder):
            files = [] if why_sealed(each) is not None else list_files(each)
            files = files if len(files) <= MOST else []  # too many to name
            xml = sum(path.suffix.lower() == ".xml" for path in files)
            if xml * 2 > len(files) and EvidenceKind.PUBLISHED not in self._barred:
                opened.looked_at.add(each.name)
                self._tables.read_feed(each, named=False)
            elif any(_is_read(path) or why_not_read(path) != OF_NO_KIND for path in files):
                opened.looked_at.add(each.name)
                yield from filter(_is_read, files)
                for path in files:
                    if not path.is_symlink() and path.is_dir():
                        opened.leave(path, CLOSED, folder)
                    elif not _is_read(path):
                        opened.leave(path, why_not_read(path), folder)

    def _aggregated(self, paths: list[Path], election: str) -> list[Path]:
        """Choose data.gouv.fr's tables of all elections, out of which one is read; no link is one."""
        if not paths or EvidenceKind.PUBLISHED in self._barred:
            return []
        from verify.read.results_files import tables_of

        together = tables_of([path for path in paths if not path.is_symlink()])
        if together:
            self._opened.looked_at |= {path.name for path in together}
            self._tables.read_election(together, election, named=False)
        return together

    def _has_both_rounds(self) -> bool:
        """Test whether the file that was read last states its round, as a table of it is of another one."""
        return any(use.used is Used.NONE and use.action for use in self._opened.inputs[-1].sheets)

    def _say(self, said: Text) -> None:
        """Say something of the file that was read last, where it is evidence that is used."""
        inputs = self._opened.inputs
        if inputs[-1].used is not Used.NONE and inputs[-1].kind in (*KINDS, EvidenceKind.PUBLISHED):
            inputs[-1] = inputs[-1].with_note(said)

    def _copies(self, paths: Sequence[Path]) -> set[Path]:
        """Files whose bytes another one has as well, which are not read; the one with the shortest name is.

        Only those of one size are read for it. None is left out that was given by its name, or whose name says another
        poll of the day: the same voters may have signed both lists.
        """
        opened, given = self._opened, self._sources.files
        sizes: dict[int, list[Path]] = {}
        for path in paths:
            if not path.is_symlink() and (size := path.stat().st_size):
                sizes.setdefault(size, []).append(path)
        polls = {path: poll_of_file(opened.name(path), self._day) for path in paths}
        first: dict[str, dict[str, Path]] = {}
        copies = self._links(paths, polls)
        for several in sizes.values():
            order = sorted(several, key=lambda path: (path not in given, not polls[path], len(path.name)))
            for path in order if several[1:] else ():
                digest = opened.sha256_of(path, None if path in given else self._sources.folder)
                alike = first.setdefault(digest or str(path), {})
                other = next(iter(alike.values()), path)
                same = alike.setdefault(polls[path], path) if polls[path] or not alike else other
                if same == path != other:
                    said = msg(
                        "poll {poll}, by its name; the same bytes as {name}", poll=polls[path], name=opened.name(other)
                    )
                    self._alike[path] = said
                if same != path and path not in given:
                    copies.add(path)
                    opened.leave(path, msg("the same bytes as {name}", name=opened.name(same)), self._sources.folder)
        return copies

    def _links(self, paths: Sequence[Path], polls: dict[Path, str]) -> set[Path]:
        """Links to files that are read themselves, unless a link was given by its name, or says another poll."""
        opened, folder = self._opened, self._sources.folder
        own = [] if folder is None else [folder / name for name in _OWN if has(folder, name)]
        targets = {os.path.realpath(path): path for path in (*own, *paths) if not path.is_symlink()}
        links = set()
        for path in paths:
            target = targets.get(os.path.realpath(path))
            other = target is None or polls[path] not in ("", polls.get(target, ""))
            if target is None or other or target == path or path in self._sources.files:
                continue
            links.add(path)
            opened.leave(path, msg("a link to {name}", name=opened.name(target)), folder)
        return links

    def _take(self, file: OpenedFile) -> Taking:
        from verify.read.tables.parts import NotUnderstood
        from verify.read.tables.reading import sort_out

        name = self._opened.name(file.path)
        self._opened.step(_FILE, 0)
        if not file.data:
            return not_taken(msg("an empty file"))
        if (why := why_ours(file.data[:START], file.data[-END:])) is not None:
            return not_taken(why, OURS)
        if (what := no_table(file.path.name, file.data[:LOOKED_AT])) is not None:
            return not_taken(what)
        barred = self._barred | self._tables.lists()
        try:
            asked = replace(self._opened.asked.of(file), choices=self._tables.choices())
            found = sort_out(file, name, asked, barred)
        except NotUnderstood as error:  # no evidence, and nobody has said that it is
            return Taking(uses=error.uses) if error.uses else not_taken(error.said)
        self._tables.add_given(found, ())
        self._tables.add(found.published, file.path)
        kinds = [kind for use in found.uses for kind in use.kinds]
        return Taking(uses=found.uses, kind=kinds[0] if kinds else _FILE)


def _rounds_of(paths: Sequence[Path], folder: Path | None) -> dict[Path, int]:
    """The round that the name of each file says, or else that of a folder: of the night's, or by which they differ."""
    alone = {path: path.parent.parts for path in paths if folder is None or not path.is_relative_to(folder)}
    shared = shared_folders(list(alone.values()))
    found = {}
    for path in paths:
        folders = path.parent.parts[shared if folder is None or path in alone else len(folder.parts) :]
        if (number := next(filter(None, map(round_of, (path.stem, *reversed(folders)))), None)) is not None:
            found[path] = number
    return found


def _most_named(rounds: Mapping[Path, int]) -> int | None:
    """The round that most files are named after, the first of several; None where none is."""
    named = Counter(rounds.values())
    return min(named, key=lambda number: (-named[number], number), default=None)


def _subfolders(folder: Path) -> list[Path]:
    """The folders in one that have none of a night's names, are no links, and are no night of their own."""
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.is_dir() and not path.is_symlink() and not path.name.startswith(".") and path.name not in _OWN
            if not has(path, night.ELECTION)
        )
    except OSError:
        return []


def _is_read(path: Path) -> bool:
    """Test whether a file in a folder is looked at, by the ending of its name or as a dump."""
    return path.suffix.lower() in _ENDINGS or dump_of(path) != ""
