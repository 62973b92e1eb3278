"""The files of a feed, of an archive or of a folder as a mirror keeps them, as published results.

They are a table for each level and round, from as many files as it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from protocol.errors import InputError, cause, wrong_file
from protocol.evidence_kinds import EvidenceKind
from protocol.opening import TooLargeError, open_each
from protocol.words import Message, Text, msg, nmsg
from verify.model.published import Level, Members, Published, Seats, UnknownLayout
from verify.model.use import Input, Used
from verify.read.bounds import MAX_FEED
from verify.read.disguised import is_xml
from verify.read.feed.belonging import Member, belonging, stated_by, stated_department
from verify.read.feed.contradicted import contradictions, cut_short, sums_apart
from verify.read.feed.elements import MAX_XML, Place, Tour, entry, figures_of, first, label_of, nuance_of, parse
from verify.read.layouts.reading import read_by_layout
from verify.read.published.cells import CODE_LIMIT
from verify.read.published.codes import constituency_code, plain_code
from verify.read.published.source import OpenedSource
from verify.read.rows import NOT_READ, Problems

PUBLISHED = EvidenceKind.PUBLISHED

_SEATS, _MARK = ("NbSap", "NbSiePourvus"), "votes/elected"
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
    tables = []
    for level, round_ in sorted(units, key=lambda key: (key[1], levels.index(key[0]))):
        table, of = _table(kept, feed, sha256, level, round_, units[level, round_]), kept[0].document
        tables.append(replace(table, title=f"{of.kind} {of.year}, tour {round_}".strip()))
    if not tables:
        return []
    flaws += cut_short(tables, kept, stated_by(kept[0].document))
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


def _table(
    members: Sequence[Member], feed: str, sha256: str, level: Level, round_: int, units: Sequence[_Unit]
) -> Published:
    """The places of a level in a round, read as the ministry's own tables: a row for each, its choices in blocks.

    Args:
        members: the files of the feed.
        feed: its name.
        sha256: of the archive that it is.
        level: of the places.
        round_: of the election.
        units: the places.
    """
    (layout, elements, choices), problems = entry(), Problems(feed)

    def note(unit: _Unit, column: str | None, expected: Text, got: Text) -> None:
        problems.append(InputError(members[unit.member].shown, unit.tour.line, column, expected, got))

    units = _once(level, units, members, note)
    texts = [unit.tour.texts | unit.place.texts for unit in units]
    columns = {"N°": list(map(str, range(len(units))))}  # no row is empty, and none sums up others by its name
    for header, names in elements.items():
        if any(name in each for each in texts for name in names):
            columns[header] = [first(each, names) for each in texts]
    columns |= {next(iter(elements)): [stated_department(each) for each in texts]}
    block = list(choices)
    rows = [[*columns, *block]]
    for unit, cells in zip(units, zip(*columns.values(), strict=True), strict=True):
        rows.append([*cells, *(cell for each in _choices(unit.tour) for cell in each)])
    opened = OpenedSource(feed, sha256, 0, "", b"").table(lambda _: map(list, rows), "")
    [table] = read_by_layout(replace(layout, level=level), opened) or []
    for each in table.problems:
        if each.row is None:
            problems.append(each)
            continue
        column = each.column or ""
        if column.isdecimal():  # of a later block, which has no headers
            column = block[(int(column) - len(columns) - 1) % len(block)]
        note(units[each.row - 2], column or None, each.expected, each.got)
    units = [units[row - 2] for row in table.row.tolist()]
    counts, shares = dict(table.counts), {name: texts for name, texts in table.percentages.items() if texts.any()}
    to_fill, filled = (counts.pop(name) for name in _SEATS)
    marks = shares.pop(_MARK, None)
    return replace(
        table,
        row=np.array([unit.tour.line for unit in units], np.int64),
        constituency=np.array([_constituency(unit.place.texts)[:CODE_LIMIT] for unit in units], np.str_),
        counts=counts,
        percentages=shares,
        problems=problems.all(),
        unused=(),
        round=round_,
        members=Members(
            tuple(each.shown for each in members),
            tuple(each.sha256 for each in members),
            np.array([unit.member for unit in units], np.int64),
        ),
        seats=None if marks is None else Seats(np.asarray(marks, np.str_), to_fill, filled),
    )


Note = Callable[[_Unit, str | None, Text, Text], None]
"""Notes a problem of a place."""


def _once(level: Level, units: Sequence[_Unit], members: Sequence[Member], note: Note) -> list[_Unit]:
    """Each place once: that of a file of its own and of one of many must agree."""
    kept: dict[tuple[str, ...], _Unit] = {}
    for unit in units:
        known = kept.setdefault(place_key(level, unit.place.texts), unit)
        if known is not unit and figures_of(known.tour) != figures_of(unit.tour):
            where = f"{members[known.member].shown}:{known.tour.line}"
            note(unit, None, msg("each place once"), msg("other figures than {where}: not used", where=where))
    return list(kept.values())


def _choices(tour: Tour) -> Iterator[list[str]]:
    """The cells of the choices of a round, those of one name with their shades as well."""
    columns, labels = entry()[2], list(map(label_of, tour.choices))
    cells = [{header: first(each, names) for header, names in columns.items()} for each in tour.choices]
    panels: dict[str, set[str]] = {}
    for label, of in zip(labels, cells, strict=True):
        panels.setdefault(label, set()).add(of["N°Panneau"])
    for choice, label, of in zip(tour.choices, labels, cells, strict=True):
        if label and len(panels[label]) > 1:  # two people, as in Paris in 2022
            label = f"{label} ({nuance_of(choice) or of['N°Panneau']})"
        yield list((of | {"Nom": label}).values())


def place_key(level: Level, texts_of: dict[str, str]) -> tuple[str, ...]:
    """Key that tells a place from the others of its level."""
    columns = entry()[1]
    if level is Level.REGION:
        return (plain_code(first(texts_of, columns["Code de la région"])),)
    if level not in _FINE:
        return (stated_department(texts_of),)
    commune = first(texts_of, columns["Code de la commune"]) if level is Level.COMMUNE else ""
    return stated_department(texts_of), commune, _constituency(texts_of)


def _constituency(texts_of: dict[str, str]) -> str:
    return constituency_code(first(texts_of, entry()[1]["Code de la circonscription"]))


_FINE = (Level.COMMUNE, Level.CANTON, Level.CONSTITUENCY)


NO_RESULTS = msg("neither results nor an index of them")


@dataclass(frozen=True, slots=True)
class Feed:
    """A folder that was read.

    Attributes:
        results: by level and round.
        files: every file in it but hidden ones.
    """

    results: list[Published]
    files: list[Input]


def of_archive(members: Sequence[Member], archive: str, sha256: str) -> list[Published]:
    """The results of a feed whose files are of one archive, or of a single file of it.

    Raises:
        InputError: not one of them holds results.
    """
    problems = [problem for member in members for problem in member.document.problems]
    found = gather(members, archive, sha256, problems)
    if found:
        empty = (wrong_file(each.shown, _WANTED, NO_RESULTS) for each in members if _is_empty(each))
        return [found[0].with_problems(empty), *found[1:]]
    if problems:
        raise problems[0]
    got = msg("an index only") if any(member.document.index for member in members) else NO_RESULTS
    raise wrong_file(archive, _WANTED, got)


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
    files: list[Input] = []
    problems: list[InputError] = []
    try:
        next(folder.iterdir(), None)  # `open_each` would give the folder itself as the one that cannot be listed
    except OSError as error:
        raise wrong_file(folder, msg("a folder that can be read"), cause(error)) from error
    for number, (path, file) in enumerate(open_each([folder], MAX_XML, folder, (), ()), 1):
        shown = str(path)
        if number > MAX_FEED:
            problems.append(wrong_file(folder, msg("at most {most:n} files in a folder", most=MAX_FEED), NOT_READ))
            break
        if isinstance(file, InputError):
            size = file.size if isinstance(file, TooLargeError) else 0
            files.append(Input(PUBLISHED, shown, size, None, used=Used.NONE, why=file.said))
            problems.append(file)
            continue
        why: Text = ""
        if is_xml(file.data):
            document = parse(file.data, shown)
            members.append(Member(path.relative_to(folder).as_posix(), shown, file.sha256, document))
            problems += document.problems
            why = NO_RESULTS if not (document.places or document.index) else ""
        else:
            why = msg("no XML of the ministry's feed")
        used = Used.NONE if why else Used.WHOLE
        files.append(Input(PUBLISHED, shown, len(file.data), file.sha256, used=used, why=why))
        progress(number)
    found = gather(members, str(folder), "", problems)
    if not found:
        raise UnknownLayout(folder, _nothing(members, problems))
    left = {flaw.place for flaw in found[0].flaws if flaw.code == "T320"}
    return Feed(found, [replace(each, used=Used.NONE, why=_OTHER) if each.path in left else each for each in files])


_OTHER = msg("of another election than the others")


def _nothing(members: Sequence[Member], problems: Sequence[InputError]) -> Message:
    if problems:
        return msg("no results in this folder: {problem}", problem=problems[0].message)
    return nmsg(
        "no results of the ministry's feed in this folder ({count:n} XML file)",
        "no results of the ministry's feed in this folder ({count:n} XML files)",
        len(members),
    )
