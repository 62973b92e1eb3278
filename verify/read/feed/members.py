"""The files of a feed, of an archive or of a folder as a mirror keeps them, as published results.

They are a table for each level and round, from as many files as it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from protocol.errors import InputError, cause
from protocol.opening import TooLargeError, list_files, open_evidence
from protocol.words import Message, Text, msg, nmsg
from verify.model.bureau_codes import texts_of
from verify.model.figures import Ints, Texts, absent
from verify.model.published import COUNTS, Level, Members, Published, Seats, UnknownLayout
from verify.read.bounds import MAX_FEED
from verify.read.cells import code_cells
from verify.read.feed.belonging import Member, belonging, stated_department
from verify.read.feed.contradicted import contradictions, cut_short, sums_apart
from verify.read.feed.elements import MAX_XML, PANELS, FeedChoice, Place, Tour, first, is_xml, parse, share
from verify.read.published.cells import (
    CODE_LIMIT,
    NAME_LIMIT,
    PERCENTAGE_LIMIT,
    ChoiceLabels,
    Report,
    judge_counts,
    judge_texts,
)
from verify.read.published.codes import constituency_code, insee_code, plain_code
from verify.read.rows import NOT_READ, Problems

LAYOUT = "ministry-feed"

COMMUNE = ("CodSubCom", "CodCom", "CodMinCom")
NAME = ("LibSubCom", "LibCom")
REGION = ("CodReg3Car", "CodReg")
CONSTITUENCY = ("CodCirElec", "CodCirLg", "CodCan", "CodMinCan")
_SHARES = {"RapportInscrit": "registered", "RapportVotant": "votes_found", "RapportExprime": "valid"}
"""Base of a percentage, by its element."""
_WHOLE_NATION = "entier"
"""In the name of the one set of places that is the nation; others are parts of it."""


@dataclass(frozen=True, slots=True)
class _Unit:
    member: int
    place: Place
    tour: Tour


def gather(members: Sequence[Member], feed: str, sha256: str, problems: Sequence[InputError]) -> list[Published]:
    """All results of a feed, by level and round; none where no file of it has any.

    Args:
        members: its files.
        feed: its name.
        sha256: of the archive that it is; empty for a folder, each file of which is an input of its own.
        problems: what is wrong with its files.
    """
    kept, flaws = belonging([each for each in members if each.document.places or each.document.index], feed)
    units: dict[tuple[Level, int], list[_Unit]] = {}
    found_problems = list(problems)
    for number, member in enumerate(kept):
        for place in member.document.places:
            if place.level is Level.NATION and not _is_whole_nation(place, member):
                continue
            for tour in place.tours:
                if tour.number not in ("1", "2"):
                    got = tour.number or msg("nothing")
                    found_problems.append(InputError(member.shown, tour.line, "NumTour", "1 to 2", got))
                    continue
                units.setdefault((place.level, int(tour.number)), []).append(_Unit(number, place, tour))
    levels = list(Level)
    kind, year = (kept[0].document.kind, kept[0].document.year) if kept else ("", "")
    tables = []
    for level, round_ in sorted(units, key=lambda key: (key[1], levels.index(key[0]))):
        table = _Gathering(kept, feed, sha256, kind).table(level, round_, units[level, round_])
        tables.append(replace(table, title=f"{kind} {year}, tour {round_}".strip()))
    if not tables:
        return []
    flaws += cut_short(tables, kept, kind, year)
    apart = list(sums_apart(tables))
    tables = [
        replace(
            table,
            flaws=(*(flaw for of, _, _, own in apart if of is table for flaw in own), *contradictions(table)),
            applied=(
                "T320",
                "T321",
                *(["T322"] if table.seats is not None else []),
                *dict.fromkeys(code for of, fine, code, _ in apart if table is of or table is fine),
            ),
        )
        for table in tables
    ]
    first = tables[0]
    return [
        replace(first, flaws=(*flaws, *first.flaws), problems=(*found_problems, *first.problems)),
        *tables[1:],
    ]


def _is_whole_nation(place: Place, member: Member) -> bool:
    """Test whether these are the results of the nation, and not of the one of several parts of it in a file."""
    name = next((text for tag, text in place.texts.items() if tag.startswith("Lib")), "")
    alone = sum(each.level is Level.NATION for each in member.document.places) == 1
    return alone or _WHOLE_NATION in name.casefold()


class _Gathering:
    """Makes the columns of one table."""

    def __init__(self, members: Sequence[Member], feed: str, sha256: str, kind: str) -> None:
        self._members = members
        self._feed = feed
        self._sha256 = sha256
        self._kind = kind
        self._problems: dict[int, Problems] = {}

    def table(self, level: Level, round_: int, units: list[_Unit]) -> Published:
        units = self._once(level, units)
        n = len(units)
        department = np.array([stated_department(unit.place.texts) for unit in units], np.str_)
        communes = [insee_code(*both) for both in zip(department.tolist(), self._first(units, COMMUNE), strict=True)]
        labels = ChoiceLabels()
        entries = self._entries(units, labels)
        return Published(
            file=self._feed,
            sha256=self._sha256,
            layout=LAYOUT,
            level=level,
            title="",
            row=np.array([unit.tour.line for unit in units], np.int64),
            insee=np.array(communes if level is Level.COMMUNE else [""] * n, np.str_),
            department=department,
            region=np.array([plain_code(code) for code in self._first(units, REGION)], np.str_),
            commune=self._texts(units, NAME, NAME_LIMIT),
            constituency=np.array([constituency_code(code) for code in self._first(units, CONSTITUENCY)], np.str_),
            bureau=np.zeros(n, "U1"),
            counts={name: self._counts(units, name) for name in COUNTS},
            labels=tuple(labels.all),
            vote_unit=entries.unit,
            vote_label=entries.label,
            votes=entries.votes,
            panel=entries.panel,
            percentages=self._percentages(units) | entries.shares,
            problems=tuple(problem for problems in self._problems.values() for problem in problems.all()),
            round=round_,
            members=Members(
                tuple(each.shown for each in self._members),
                tuple(each.sha256 for each in self._members),
                np.array([unit.member for unit in units], np.int64),
            ),
            seats=self._seats(units, entries.marks),
        )

    def _report(self, units: Sequence[_Unit], column: str) -> Callable[[int, Text, Text], None]:
        def report(index: int, expected: Text, got: Text) -> None:
            unit = units[index]
            self._problems_of(unit).add(unit.tour.line, column, expected, got)

        return report

    def _problems_of(self, unit: _Unit) -> Problems:
        return self._problems.setdefault(unit.member, Problems(self._members[unit.member].shown))

    def _once(self, level: Level, units: list[_Unit]) -> list[_Unit]:
        """Each place once: that of a file of its own and of one of many must agree."""
        kept: dict[tuple[str, ...], _Unit] = {}
        for unit in units:
            known = kept.setdefault(place_key(level, unit.place.texts), unit)
            if known is not unit and _figures(known.tour) != _figures(unit.tour):
                where = f"{self._members[known.member].shown}:{known.tour.line}"
                got = msg("other figures than {where}: not used", where=where)
                self._problems_of(unit).add(unit.tour.line, None, msg("each place once"), got)
        return list(kept.values())

    def _first(self, units: Sequence[_Unit], names: Sequence[str]) -> list[str]:
        cells = [first(unit.place.texts, names) for unit in units]
        return list(map(str, _judge_texts(cells, self._report(units, names[0]), CODE_LIMIT).tolist()))

    def _texts(self, units: Sequence[_Unit], names: Sequence[str], limit: int) -> Texts:
        return _judge_texts([first(unit.place.texts, names) for unit in units], self._report(units, names[0]), limit)

    def _counts(self, units: Sequence[_Unit], name: str) -> Ints:
        cells = [unit.tour.counts.get(name) for unit in units]
        if all(cell is None for cell in cells):
            return absent((len(units),))
        return _judge_counts([(cell or {}).get("Nombre", "") for cell in cells], self._report(units, name))

    def _percentages(self, units: Sequence[_Unit]) -> dict[str, Texts]:
        found: dict[str, Texts] = {}
        for name in COUNTS:
            for element, of in _SHARES.items():
                cells = [share(unit.tour.counts.get(name, {}), element) for unit in units]
                if any(cells):
                    found[f"{name}/{of}"] = _judge_texts(cells, self._report(units, element), PERCENTAGE_LIMIT)
        return found

    def _entries(self, units: Sequence[_Unit], labels: ChoiceLabels) -> _Entries:
        """Votes of all choices, by unit; a second one of a name in a place is told and left out."""
        unit, label, choices = [], [], []
        for at, each in enumerate(units):
            for number, choice in self._number_choices(each, labels):
                unit.append(at)
                label.append(number)
                choices.append(choice)
        of_entry = [units[at] for at in unit]
        shares = {}
        for of, element, cells in (
            ("votes/registered", "RapportInscrit", [choice.of_registered for choice in choices]),
            ("votes/valid", "RapportExprime", [choice.of_valid for choice in choices]),
        ):
            if any(cells):
                shares[of] = _judge_texts(cells, self._report(of_entry, element), PERCENTAGE_LIMIT)
        panel = _judge_counts([choice.panel for choice in choices], self._report(of_entry, PANELS[0]))
        return _Entries(
            np.array(unit, np.int64),
            np.array(label, np.int64),
            _judge_counts([choice.votes for choice in choices], self._report(of_entry, "NbVoix")),
            np.maximum(panel, 0),
            shares,
            _judge_texts([choice.mark for choice in choices], self._report(of_entry, "Elu"), CODE_LIMIT),
        )

    def _number_choices(self, unit: _Unit, labels: ChoiceLabels) -> Iterator[tuple[int, FeedChoice]]:
        """The choices of a place with the numbers of their labels; those of one name with their shades as well."""
        panels: dict[str, set[str]] = {}
        for choice in unit.tour.choices:
            panels.setdefault(choice.label, set()).add(choice.panel)
        seen: set[int] = set()
        for choice in unit.tour.choices:
            several = len(panels[choice.label]) > 1  # two people, as in Paris in 2022
            shade = choice.nuance or choice.panel
            number = labels.number(f"{choice.label} ({shade})" if several and choice.label else choice.label)
            if number < 0:
                expected = msg("the name of a choice for these votes")
                self._problems_of(unit).add(unit.tour.line, "NbVoix", expected, choice.votes)
            elif number in seen:
                got = msg("{name} twice", name=labels.all[number])
                self._problems_of(unit).add(unit.tour.line, None, msg("each choice once"), got)
            else:
                seen.add(number)
                yield number, choice

    def _seats(self, units: Sequence[_Unit], marks: Texts) -> Seats | None:
        if not any(marks.tolist()):
            return None
        seats = {}
        for name in ("NbSap", "NbSiePourvus"):
            cells = [unit.place.texts.get(name) or unit.tour.texts.get(name, "") for unit in units]
            seats[name] = _judge_counts(cells, self._report(units, name))
        return Seats(self._kind, marks, seats["NbSap"], seats["NbSiePourvus"])


@dataclass(frozen=True, slots=True)
class _Entries:
    unit: Ints
    label: Ints
    votes: Ints
    panel: Ints
    shares: dict[str, Texts]
    marks: Texts


def place_key(level: Level, texts_of: dict[str, str]) -> tuple[str, ...]:
    """Key that tells a place from the others of its level."""
    if level is Level.REGION:
        return (plain_code(first(texts_of, REGION)),)
    if level not in _FINE:
        return (stated_department(texts_of),)
    commune = first(texts_of, COMMUNE) if level is Level.COMMUNE else ""
    return stated_department(texts_of), commune, constituency_code(first(texts_of, CONSTITUENCY))


def _figures(tour: Tour) -> tuple[object, ...]:
    counted = {name: found.get("Nombre", "") for name, found in tour.counts.items()}
    return counted, [(choice.label, choice.votes) for choice in tour.choices]


_FINE = (Level.COMMUNE, Level.CANTON, Level.CONSTITUENCY)


def _judge_texts(cells: Sequence[str], report: Report, limit: int) -> Texts:
    return texts_of(judge_texts(code_cells(cells), report, limit))


def _judge_counts(cells: Sequence[str], report: Report) -> Ints:
    return judge_counts(code_cells(cells), report)


NO_RESULTS = msg("neither results nor an index of them")


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file of a folder.

    Attributes:
        path: where it is.
        size: in bytes.
        sha256: None where it was not read.
        why: why nothing of it was used; empty where it was.
    """

    path: Path
    size: int
    sha256: str | None
    why: Text = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A folder that was read.

    Attributes:
        results: by level and round.
        files: every file in it but hidden ones.
    """

    results: list[Published]
    files: list[FeedFile]


def of_archive(members: Sequence[Member], archive: str, sha256: str) -> list[Published]:
    """The results of a feed whose files are of one archive, or of a single file of it.

    Raises:
        InputError: not one of them holds results.
    """
    problems = [problem for member in members for problem in member.document.problems]
    found = gather(members, archive, sha256, problems)
    if found:
        empty = (InputError(each.shown, None, None, _WANTED, NO_RESULTS) for each in members if _is_empty(each))
        return [found[0].with_problems(empty), *found[1:]]
    if problems:
        raise problems[0]
    got = msg("an index only") if any(member.document.index for member in members) else NO_RESULTS
    raise InputError(archive, None, None, _WANTED, got)


_WANTED = msg("results of the ministry's feed")


def _is_empty(member: Member) -> bool:
    return not (member.document.places or member.document.index or member.document.problems)


def read_folder(folder: Path, progress: Callable[[int], object] = lambda done: None) -> Feed:
    """The results of a feed in a folder, at any depth.

    Args:
        folder: where its files are.
        progress: called with how many files are read.

    Raises:
        UnknownLayout: no file in it holds results.
        InputError: the folder cannot be read.
    """
    members: list[Member] = []
    files: list[FeedFile] = []
    problems: list[InputError] = []
    for number, path in enumerate(_paths(folder, problems), 1):
        shown = str(path)
        try:
            if path.is_dir() and not path.is_symlink():
                raise InputError(
                    shown, None, None, msg("a folder that can be read"), msg("a folder that cannot be listed")
                )
            file = open_evidence(path, MAX_XML, folder)
        except InputError as error:
            size = error.size if isinstance(error, TooLargeError) else 0
            said = error.said
            files.append(FeedFile(path, size, None, said))
            problems.append(error)
            continue
        why: Text = ""
        if is_xml(file.data):
            document = parse(file.data, shown)
            members.append(Member(path.relative_to(folder).as_posix(), shown, file.sha256, document))
            problems += document.problems
            why = NO_RESULTS if not (document.places or document.index) else ""
        else:
            why = msg("no XML of the ministry's feed")
        files.append(FeedFile(path, len(file.data), file.sha256, why))
        progress(number)
    found = gather(members, str(folder), "", problems)
    if not found:
        raise UnknownLayout(folder, _nothing(members, problems))
    left = {flaw.place for flaw in found[0].flaws if flaw.code == "T320"}
    return Feed(found, [replace(file, why=_OTHER) if str(file.path) in left else file for file in files])


_OTHER = msg("of another election than the others")


def _nothing(members: Sequence[Member], problems: Sequence[InputError]) -> Message:
    if problems:
        return msg("no results in this folder: {problem}", problem=problems[0].message)
    return nmsg(
        "no results of the ministry's feed in this folder ({count:n} XML file)",
        "no results of the ministry's feed in this folder ({count:n} XML files)",
        len(members),
    )


def _paths(folder: Path, problems: list[InputError]) -> Iterator[Path]:
    """The files below a folder in the order of their names, without hidden ones.

    Raises:
        InputError: the folder cannot be read.
    """
    try:
        next(folder.iterdir(), None)  # `list_files` would give the folder itself as the one that cannot be listed
    except OSError as error:
        raise InputError(str(folder), None, None, msg("a folder that can be read"), cause(error)) from error
    paths = list_files(folder)
    if len(paths) > MAX_FEED:
        expected = msg("at most {most:n} files in a folder", most=MAX_FEED)
        problems.append(InputError(str(folder), None, None, expected, NOT_READ))
    yield from paths[:MAX_FEED]
