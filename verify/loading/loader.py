"""Reads whatever was given, kind by kind, and hands it on to be lined up; what a user says of columns comes first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol import night
from protocol.election import Election, parse_election
from protocol.errors import NOTHING, InputError, wrong_file
from protocol.evidence_kinds import EvidenceKind
from protocol.opening import OpenedFile, open_evidence
from protocol.structured import MAX_TOML, parse_json
from protocol.transmission import FEEDS
from protocol.words import Text, cited, msg, nmsg, series, without_accents
from verify.align.files import Files
from verify.inputs import unread
from verify.loading.dumps_among import without_others
from verify.loading.opened import OpenedNight, Progress, Taking, not_taken
from verify.loading.tables import Tables, read_way_up
from verify.materiality.kinds import ElectionKind, election_word, kind_of
from verify.model.evidence import Sources
from verify.model.failures import Failure, all_or_most
from verify.model.identity import round_of
from verify.model.thresholds import parse_thresholds
from verify.model.use import COLUMNS, NOTHING_FILLED_IN, Input, Used, archive_of
from verify.read.sheet import parse_sheet
from verify.read.tables.asked import Asked, AskedColumn, NoMeaning, known_meanings, parse_meanings

if TYPE_CHECKING:
    from protocol.export.reading import ExportReading
    from protocol.urn.files import UrnReading
    from verify.loading.found_files import FoundFiles

_MAX_MANIFEST = 2**26
"""Bytes of a night's manifest."""


class Loader:
    """Used once; ``opened`` has every file that was looked at.

    Args:
        sources: what was given.
        progress: is told how far the reading has come.
    """

    def __init__(self, sources: Sources, progress: Progress | None) -> None:
        self.opened = OpenedNight(sources, progress)
        self._sources = sources
        self._files = Files(self.opened.name, sources)

    def read(self) -> Files:
        """Read everything.

        Raises:
            InputError: the file of thresholds is wrong.
            NoMeaning: what is asked of columns cannot be.
        """
        sources, folder, opened = self._sources, self._sources.folder, self.opened
        meanings: dict[str, AskedColumn] = {}
        if folder is not None:
            opened.looked_at |= {opened.name(path) for path in sources.paths() if opened.name(path) != str(path)}
            opened.read_found("election", folder / night.ELECTION, self._take_election, MAX_TOML)
            opened.read_found("manifest", folder / night.MANIFEST, partial(self._take_manifest, folder), _MAX_MANIFEST)
            opened.read_found(COLUMNS, folder / night.MEANINGS.file, partial(take_meanings, opened, meanings), MAX_TOML)
        self._read_thresholds()
        self._read_follow_ups()
        of_round = sources.round or (
            round_of(sources.election) if self._files.election is None else self._files.election.round
        )
        opened.asked = all_asked(sources, meanings, of_round)
        tables = Tables(opened, self._files)
        tables.read()
        tables.read_results(sources.published, sources.election or self._id())
        if folder is not None and not sources.published:
            for path in sorted(folder.glob("publie.*")):
                opened.read_found(EvidenceKind.PUBLISHED, path, tables.take)
        if folder is not None:
            self._files.way_up = read_way_up(opened, folder)
            for feed in () if sources.published else FEEDS:
                if opened.is_folder(folder / feed, folder):
                    tables.read_feed(folder / feed, named=False)
        found = self._read_others(folder, tables) if folder is not None or sources.files else None
        if sources.other_round is not None:
            tables.read_other_round(sources.other_round)
        self._read_dumps(found)
        if opened.undecided:
            self._read_undecided(tables)
        if found is not None or sum(each.given for each in tables.counted()) > 1:
            self._leave_others(tables)
        tables.check_asked()
        if folder is not None:
            opened.inputs += unread(folder, opened.looked_at, opened.sha256_of)
        files = self._files
        files.problems, files.inputs, files.failures = opened.problems, opened.inputs, opened.failures
        files.sheets = tables.sheets()
        whole = files.election is not None and any(poll.whole for poll in files.election.polls)
        if whole and night.UNIVERSE.kind not in files.sheets:
            name = night.UNIVERSE.file
            files.note(night.ELECTION, msg("`entier` says nothing here: no {name} lists the bureaux", name=name))
        return files

    def _read_others(self, folder: Path | None, tables: Tables) -> FoundFiles:
        """Read what was given for whatever it is, and what lies in the folder under names of its own."""
        from verify.loading.found_files import FoundFiles

        found = FoundFiles(self.opened, self._sources, tables, self._files.election)
        found.read(folder, self._sources.election or self._id())
        return found

    def _leave_other_dumps(self, asked: int) -> None:
        """Dumps of the other round than the one that was asked for: their figures are no PV's of this one."""
        if self._files.reading is not None and self._are_of_other_round(
            EvidenceKind.EXPORTS, asked, self._files.reading.columns["round"][self._files.reading.verdict == 0].tolist()
        ):
            self._files.reading = None
        images = None if self._files.urns is None else self._files.urns.urns.columns
        if images is not None and self._are_of_other_round(
            EvidenceKind.URNS, asked, images["round"][images["verdict"] == 0].tolist()
        ):
            self._files.urns = None

    def _are_of_other_round(self, kind: str, asked: int, rounds: Sequence[int]) -> bool:
        """Test whether all dumps of a kind that are whole are of one other round; each is then named as not used."""
        others = set(rounds)
        if len(others) != 1 or asked in others:
            return False
        why = msg("of round {number}, which --round {number} reads", number=others.pop())
        self.opened.change_inputs(
            lambda each: replace(each, kind="file", used=Used.NONE, why=why) if each.kind == kind else each
        )
        return True

    def _leave_others(self, tables: Tables) -> None:
        """Name the towns that only names of files say, and leave out the tables of other elections."""
        from verify.align.elections import other_elections, towns_by_files

        if towns := towns_by_files(tables.counted(), self._files.published):
            files = tables.name_towns(towns)
            self.opened.change_inputs(lambda each: _with_town(each, files))
        left = other_elections(tables.counted(), self._files.election)
        tables.leave(left)
        self.opened.problems = [each for each in self.opened.problems if archive_of(each.file) not in left]
        self.opened.change_inputs(lambda each: left[each.path].of_file(each) if each.path in left else each)

    def _read_undecided(self, tables: Tables) -> None:
        """Files of both rounds, for the round that the dumps are of, or else all other evidence."""
        from verify.align.elections import round_meant

        opened = self.opened
        waiting, opened.undecided = opened.undecided, []
        rounds = set() if self._files.reading is None else set(self._files.reading.columns["round"].tolist())
        names = set(self._sources.paths()) - {each.path for each in waiting}
        for each in waiting:
            number = round_meant(each.error, tables.sheets().values(), self._files.published, names)
            if each.error.named and len(rounds) == 1 and rounds <= {1, 2}:
                [number] = rounds
            if number is None:
                opened.unusable(each.kind, each.path, each.error, None, each.below is None)
                continue
            opened.asked = opened.asked.of_round(number, named=each.error.named)
            opened.read(each.kind, each.path, each.below, each.take)

    def _id(self) -> str:
        """Id of the night's election in data.gouv.fr's tables; empty where that is not known."""
        election = self._files.election
        if election is None or len(election.polls) != 1:
            return ""
        from verify.read.aggregated.elections import id_of

        kind = kind_of(election.polls[0].type, machines=True)
        return "" if kind is None else id_of(kind.value, election.date.year, election.round) or ""

    def _read_dumps(self, found: FoundFiles | None) -> None:
        """Exports and images of urns: those that were given, else those of the folder."""
        sources = self._sources
        others = () if found is None else found.other_dumps
        exports, below = self._dumps(night.EXPORTS, sources.exports, () if found is None else found.exports)
        if sources.exports:
            given = without_others(exports)
            exports, others = given.own, (*others, *given.others)
            for path in given.left:
                self.opened.leave(path, msg("no dump of a known layout"), path.parent)
        if others:
            self._read_other_dumps(others)
        if exports:
            self._read_exports(exports, below)
        urns, below = self._dumps(night.URNS, sources.urns, () if found is None else found.urns)
        if urns:
            self._read_urns(urns, below)
        if sources.round and self._files.election is None:
            self._leave_other_dumps(sources.round)

    def _dumps(self, name: str, given: Sequence[Path], found: Sequence[Path]) -> tuple[list[Path], Path | None]:
        """Dumps of one kind, files and folders; and the folder that they were found in, None for those given.

        Args:
            name: of their folder in that of a night.
            given: as dumps of this kind.
            found: those that are such dumps by how they begin.
        """
        folder, files = self._sources.folder, self._sources.files
        alone = [*given, *(path for path in found if path in files)]
        if alone or folder is None:
            return alone, None
        self.opened.looked_at |= {path.name for path in found}
        return [*([folder / name] if self.opened.is_folder(folder / name, folder) else []), *found], folder

    def _read_thresholds(self) -> None:
        """Read the folder's thresholds, or those that were asked for, of which a fault ends the audit."""
        path, folder = self._sources.thresholds, self._sources.folder
        if path is None:
            if folder is not None:
                self.opened.read_found("thresholds", folder / night.THRESHOLDS, self._take_thresholds, MAX_TOML)
            return
        file = open_evidence(path, MAX_TOML)
        note = self._take_thresholds(file).note
        self.opened.looked_at.add(self.opened.name(path))
        self.opened.inputs.append(Input("thresholds", self.opened.name(path), len(file.data), file.sha256, note))

    def _take_thresholds(self, file: OpenedFile) -> Taking:
        """Take thresholds over; they are an input, and those that are not regard's own are named."""
        self._files.thresholds = parse_thresholds(file)
        changed = self._files.thresholds.changed().items()
        said = (
            msg("{name} = {value} instead of {own}", name=name, value=value, own=own) for name, (value, own) in changed
        )
        return Taking(series(said, msg("; ")))

    def _read_follow_ups(self) -> None:
        """Read what became of findings: the tables that were given, or that of the folder."""
        folder, kind = self._sources.folder, night.FOLLOW_UP.file
        for path in self._sources.follow_ups:
            self.opened.read(kind, path, None, self._take_follow_ups)
        if folder is not None and not self._sources.follow_ups:
            self.opened.read_found(kind, folder / kind, self._take_follow_ups)

    def _take_follow_ups(self, file: OpenedFile) -> Taking:
        from verify.read.follow_ups import read_follow_ups

        found, problems = read_follow_ups(file, self.opened.name(file.path))
        self._files.follow_ups += found
        self.opened.problems += problems
        return Taking() if found or problems else Taking(NOTHING_FILLED_IN)

    def _take_election(self, file: OpenedFile) -> Taking:
        self._files.election = parse_election(file)
        name = self.opened.name(file.path)
        wrong = [*self._files.election.problems, *_unknown_types(self._files.election)]
        self.opened.problems += [problem.in_file(name) for problem in wrong]
        return Taking()

    def _take_manifest(self, folder: Path, file: OpenedFile) -> Taking:
        """The SHA-256 of each file, as the night's manifest has them under ``files``."""
        name = str(file.path)
        try:
            listed = {str(name): str(digest).lower() for name, digest in parse_json(file.data, name)["files"].items()}
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            expected = msg("JSON with an object `files` of names and SHA-256")
            raise wrong_file(name, expected, type(error).__name__) from error
        shown = self.opened.name
        outside = [name for given in self._sources.paths() if (name := shown(given)) == str(given)]
        # a file given by itself may have the name of one of the folder's, and is another
        self._files.manifest = {name: digest for name, digest in listed.items() if not _within(name, outside)}
        self._files.present = frozenset(
            Path(place, name).relative_to(folder).as_posix() for place, _, names in os.walk(folder) for name in names
        )
        return Taking()

    def _read_exports(self, paths: Sequence[Path], below: Path | None) -> None:
        from protocol.export import reading

        step = partial(self.opened.step, EvidenceKind.EXPORTS)
        self._files.reading, failed = all_or_most(
            paths, below, lambda some, root, bad: reading.read(some, step, root, bad)
        )
        self._name_dumps(EvidenceKind.EXPORTS, self._files.reading, failed, paths if below is None else ())

    def _read_urns(self, paths: Sequence[Path], below: Path | None) -> None:
        from protocol.opening import list_files
        from protocol.urn.files import read_urn_images

        opened, step = self.opened, partial(self.opened.step, EvidenceKind.URNS)
        every = [file for path in paths for file in list_files(path)]
        beside = set(every) - set(opened.without_readings(every))
        self._files.urns, failed = all_or_most(
            paths, below, lambda some, root, bad: read_urn_images(some, step, root, beside.union(bad))
        )
        self._name_dumps(EvidenceKind.URNS, self._files.urns, failed, paths if below is None else ())

    def _read_other_dumps(self, paths: Sequence[Path]) -> None:
        """Dumps of other machines: counted and checked by their layouts; each file with what it was taken for."""
        from protocol.dumps.recognising import find_dumps

        opened, sources = self.opened, self._sources
        step = partial(opened.step, EvidenceKind.EXPORTS)
        found = find_dumps(paths, step, sources.folder, signatures=not sources.skip_crypto)
        for reading in found.readings:
            for each in reading.problems:
                opened.problems.append(each.in_file(opened.name(Path(each.file))))
            for file in reading.files:
                used = Used.WHOLE if file.taken_for != "" and reading.has_content else Used.NONE
                note: Text = msg("{name}: {value}", name=reading.layout.title, value=file.taken_for or msg("not used"))
                name = opened.name(file.path)
                idle = msg("nothing in it is counted or could be checked") if file.taken_for != "" else file.note
                why: Text = idle if used is Used.NONE else ""
                opened.inputs.append(Input("dump", name, file.size, file.sha256, note, used, why, named=True))
        for file in found.unrecognised:
            named = file.path in (*sources.files, *sources.exports)
            opened.leave(file.path, file.note, None if named else sources.folder or file.path.parent)
        self._files.dumps = found.readings

    def _name_dumps(
        self,
        kind: str,
        reading: ExportReading | UrnReading | None,
        failed: Sequence[tuple[Path, Failure]],
        given: Sequence[Path],
    ) -> None:
        """Name the dumps of a kind that were read and those that were not, and folders given that have no file."""
        opened = self.opened
        opened.failed(kind, failed)
        for file in () if reading is None else reading.files:
            opened.inputs.append(Input(kind, opened.name(file.path), file.size, file.sha256))
        read = [each.path for each in opened.inputs if each.kind == kind] + [each.what for each in opened.failures]
        for folder in given:
            if folder.is_dir() and not any(Path(path).is_relative_to(opened.name(folder)) for path in read):
                opened.leave(folder, msg("no file is in it"), None)


def _within(name: str, paths: Sequence[str]) -> bool:
    return any(name == path or name.startswith(path.rstrip("/") + "/") for path in paths)


def _with_town(given: Input, files: Mapping[str, str]) -> Input:
    """Say of a file of a town, by its name, that it was read as that one's."""
    if given.path not in files:
        return given
    said = msg("commune by the name of the file: {town}", town=files[given.path])
    uses = tuple(replace(use, notes=(*use.notes, said)) for use in given.sheets)
    return replace(given, sheets=uses) if uses else given.with_note(said)


_LIKE = 0.7
"""Least likeness of two words of which one is named beside the other."""


def _unknown_types(election: Election) -> Iterator[InputError]:
    """Report each kind of election that is none; an empty one is not reported."""
    kinds = [kind.value for kind in ElectionKind]
    expected = msg("one of {expected}", expected=", ".join(kinds))
    for poll in election.polls:
        if poll.type.strip() and election_word(poll.type) is None:
            import difflib

            got: Text = cited(poll.type)
            if near := difflib.get_close_matches(without_accents(poll.type).strip(), kinds, 1, _LIKE):
                got = msg("{word}; the nearest is {near}", word=got, near=near[0])
            yield InputError(night.ELECTION, None, "type", expected, got)


NOTHING_USABLE = msg("no row of it can be used")


def take_meanings(opened: OpenedNight, columns: dict[str, AskedColumn], file: OpenedFile) -> Taking:
    """Read the folder's table into ``columns``; a row that says nothing of use is a problem, and the others hold.

    Raises:
        InputError: it is no such table.
    """
    name = opened.name(file.path)
    sheet = parse_sheet(file, night.MEANINGS, name)
    opened.problems += sheet.problems
    header, meaning = (sheet.texts[column.name].tolist() for column in night.MEANINGS.columns)
    for row, pair in zip(sheet.row.tolist(), zip(header, meaning, strict=True), strict=True):
        try:
            said = parse_meanings(("=".join(pair),))
        except NoMeaning:
            opened.problems.append(InputError(name, row, "sens", known_meanings(), pair[1] or NOTHING))
            continue
        columns |= {plain: replace(column, file=name, row=row) for plain, column in said.items()}
    count = len(columns)
    if not count:
        return not_taken(NOTHING_USABLE if len(sheet) else NOTHING_FILLED_IN)
    return Taking(nmsg("what {count:n} column means", "what {count:n} columns mean", count))


def all_asked(sources: Sources, of_table: Mapping[str, AskedColumn], of_round: int | None) -> Asked:
    """All that was asked for: by the folder's table, and by options as ``Compteur=votes_found``.

    Raises:
        NoMeaning: one of the options is no such pair.
        InputError: there is no such layout.
    """
    names = tuple(name.strip().casefold() for name in sources.sheets)
    layout = None
    if sources.layout:
        from verify.read.layouts.built_in import find_layout

        layout = find_layout(sources.layout)
    return Asked({**of_table, **parse_meanings(sources.columns)}, names, of_round, layout=layout)
