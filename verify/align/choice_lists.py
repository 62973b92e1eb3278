"""The choices of each contest: by the préfecture's list, or by what stands in for it; and their names in all tables.

Two tables may name a choice so differently that no word tells that it is the same: their figures do. « Liste Vivre
ensemble » in one table is « M. DUPONT » in another where most bureaux of both have the same votes for the two, no other
choice of either does, and most of the names that no word tells find one so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from protocol import night
from protocol.errors import InputError, wrong_file
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAX_CHOICES
from protocol.words import Message, cited, msg, series
from verify.align.files import Files
from verify.align.lined_tables import polls_named
from verify.align.polls import poll_of_file
from verify.model import contests as contest_lists
from verify.model.bureau_codes import Coded
from verify.model.contests import Contests, Doubled, match
from verify.model.figures import BLANK, Ints, Texts, encode
from verify.model.published import Level, Published
from verify.model.universe import Universe, find_units
from verify.read.sheet import Sheet


def contests_of(files: Files, universe: Universe, polls: tuple[int, ...]) -> Contests:
    """The choices of each contest: by the préfecture's list, else by the votes. A source that fails is passed over."""
    for source, make in _with_choices(files, universe, polls):
        if (found := files.attempt(source, make)) is not None:
            return found
    return contest_lists.build("", None, universe, polls, [])


def _with_choices(
    files: Files, universe: Universe, polls: tuple[int, ...]
) -> Iterator[tuple[str, Callable[[], Contests | None]]]:
    official, votes = files.sheets.get(night.CHOICES.kind), files.sheets.get(night.VOTES.kind)
    if official is not None:
        yield official.file, partial(_official_choices, files, official, universe, polls)
    if votes is not None:
        yield votes.file, partial(_choices_of_votes, files, votes, universe, polls)
    results = [each for each in files.published if each.level is Level.BUREAU]
    of_poll: dict[int, Published] = {}
    for each in results:
        number = str(polls[0]) if len(polls) == 1 else poll_of_file(each.file, files.election)
        if number.isdecimal() and int(number) in polls:
            of_poll.setdefault(int(number), each)
    if of_poll:
        yield next(iter(of_poll.values())).file, partial(_choices_of_published, files, of_poll, universe, polls)


def _official_choices(files: Files, sheet: Sheet, universe: Universe, polls: tuple[int, ...]) -> Contests | None:
    if not len(sheet):
        files.problems.append(wrong_file(sheet.file, msg("a list of choices"), msg("a header only")))
        return None
    rows = list(_rows(files, sheet))
    gone = {row.contest for row in rows if row.gone}
    rows.sort(key=lambda row: row.panel)
    entries = _panels(files, sheet.file, [row.contest for row in rows])
    contests = contest_lists.build(sheet.file, EvidenceKind.CHOICES, universe, polls, entries, gone)
    return replace(contests, doubled=tuple(_doubled(sheet.file, rows)))


@dataclass(frozen=True, slots=True)
class _ListRow:
    row: int
    panel: int
    contest: tuple[int, str, str]
    gone: bool


def _rows(files: Files, sheet: Sheet) -> Iterator[_ListRow]:
    """The rows of a list of choices; what cannot be understood in them is a problem."""
    texts = (sheet.texts[name].tolist() for name in ("scrutin", "circonscription", "choix", "type"))
    rows = zip(sheet.row.tolist(), sheet.counts["panneau"].tolist(), *texts, strict=True)
    for row, panel, poll, area, choice, kind in rows:
        if not night.is_poll(poll):
            files.problems.append(InputError(sheet.file, row, "scrutin", msg("the number of a poll"), cited(poll)))
            continue
        gone = night.is_gone(kind)
        if not gone and kind and not night.is_choice(kind):
            expected = ", ".join((*night.CHOICE_TYPES, night.GONE))
            files.problems.append(
                InputError(sheet.file, row, "type", msg("one of {expected}", expected=expected), cited(kind))
            )
        if panel == BLANK and not gone:
            files.problems.append(
                InputError(sheet.file, row, "panneau", msg("the number of the panel"), msg("an empty cell"))
            )
        yield _ListRow(row, panel, (int(poll), area, choice), gone)


def _doubled(file: str, rows: Sequence[_ListRow]) -> Iterator[Doubled]:
    """Rows of one contest that have one panel, or are one choice; those that can no longer be voted for left out."""
    by_panel: dict[tuple[int, str, int], _ListRow] = {}
    by_choice: dict[tuple[int, str, str], _ListRow] = {}
    for row in sorted((row for row in rows if not row.gone), key=lambda row: row.row):
        first = by_choice.setdefault(row.contest, row)
        if first is row and row.panel >= 0:
            first = by_panel.setdefault((*row.contest[:2], row.panel), row)
        if first is not row:
            places = f"{file}:{first.row}", f"{file}:{row.row}"
            yield Doubled(row.contest[0], places, (first.contest[2], row.contest[2]), row.panel)


def _choices_of_votes(files: Files, sheet: Sheet, universe: Universe, polls: tuple[int, ...]) -> Contests:
    unit, poll = find_units(universe, sheet.texts["insee"], sheet.texts["bureau"]), sheet.texts["scrutin"]
    labels, code = encode(np.array(_in_one_spelling(sheet), np.str_))
    votes = {}
    for number in polls:
        rows = np.flatnonzero((unit >= 0) & (poll == str(number)))
        votes[number] = unit[rows], Coded(labels, code[rows])
    return _by_their_lists(files, sheet.file, EvidenceKind.RECORDS, universe, votes)


_PART = "\x1f"
"""Stands between a constituency and the number of a further list of choices in it."""


def _by_their_lists(
    files: Files, source: str, piece: EvidenceKind, universe: Universe, votes: Mapping[int, tuple[Ints, Coded]]
) -> Contests:
    """Contests where nothing but votes says who stands: communes of a constituency that have one list share one.

    What a town's list has, or lacks, takes nothing from another town's sums.

    Args:
        files: get the problems.
        source: the file of the votes.
        piece: the evidence that it is.
        universe: the bureaux.
        votes: by number of the poll the bureau, by index, and the choice of each vote.
    """
    entries: list[tuple[int, str, str]] = []
    columns: dict[int, Texts] = {}
    for number, (unit, choice) in votes.items():
        if _are_alike(unit, choice):
            entries += [(number, "", choice.labels[each]) for each in choice.codes[: len(choice.labels)].tolist()]
            columns[number] = np.full(len(universe), "", "U1")
            continue
        areas, area = encode(universe.constituency_of(number))
        place = universe.commune_number * max(len(areas), 1) + area
        named: dict[int, str] = {}
        taken: set[str] = set()
        for at, (places, choices) in enumerate(
            _lists_of_places(place[unit], np.asarray(choice.codes, np.int64), max(len(areas), 1))
        ):
            own = areas[places[0] % len(areas)]
            name = f"{own}{_PART}{at}" if own in taken else own
            taken.add(name)
            entries += [(number, name, choice.labels[each]) for each in choices]
            named.update(dict.fromkeys(places, name))
        each_place, of = np.unique(place, return_inverse=True)
        names = [named.get(each, areas[each % len(areas)]) for each in each_place.tolist()]
        columns[number] = np.array(names, np.str_)[of]
    entries = _panels(files, source, contest_lists.merge_contests(entries))
    found = contest_lists.build(source, piece, replace(universe, constituencies=columns), list(votes), entries)
    whole = (replace(each, constituency=each.constituency.partition(_PART)[0]) for each in found.contests)
    return replace(found, contests=tuple(whole))


def _are_alike(unit: Ints, choice: Coded) -> bool:
    """Check that each bureau with votes has all choices, as those of a nation mostly do: they are one list."""
    size = len(choice.labels)
    bureaux = np.bincount(unit)
    first = np.unique(choice.codes[:size])
    return len(first) == size > 0 and bool(
        np.isin(bureaux, (0, size)).all()
        and (np.bincount(choice.codes, minlength=size) == np.count_nonzero(bureaux)).all()
    )


def _lists_of_places(place: Ints, choice: Ints, areas: int) -> list[tuple[list[int], list[int]]]:
    """The different lists of choices, each with the places that have it, those of the most places first.

    A place with fewer choices than others of its constituency, most of whose list it has, has their list.

    Args:
        place: of each vote; the remainder by ``areas`` is its constituency.
        choice: of each vote, by index.
        areas: how many constituencies there are.
    """
    most = int(choice.max(initial=0)) + 1
    first = np.sort(np.unique(place * most + choice, return_index=True)[1])
    of_place: dict[int, list[int]] = {}
    for where, what in zip(place[first].tolist(), choice[first].tolist(), strict=True):
        of_place.setdefault(where, []).append(what)
    alike: dict[tuple[int, frozenset[int]], tuple[list[int], list[int]]] = {}
    for where, choices in of_place.items():
        alike.setdefault((where % areas, frozenset(choices)), ([], choices))[0].append(where)
    lists: list[tuple[list[int], list[int]]] = []
    having: dict[tuple[int, int], list[int]] = {}
    for (area, own), (places, choices) in sorted(alike.items(), key=lambda each: -len(each[1][0])):
        nearest = Counter(at for each in choices for at in having.get((area, each), ())).most_common(1)
        if nearest and nearest[0][1] == len(own) > len(lists[nearest[0][0]][1]) // 2:
            lists[nearest[0][0]][0].extend(places)
            continue
        for each in choices:
            having.setdefault((area, each), []).append(len(lists))
        lists.append((places, choices))
    return lists


def _in_one_spelling(sheet: Sheet) -> list[str]:
    """The choice of each row; those of a file or sheet that spells most of another one's list otherwise, as that does.

    Only whole lists are compared: of two communes with a candidate MARTIN each, nothing says that it is one person.
    """
    column, piece = sheet.coded("choix"), sheet.piece_of
    lists: list[list[str]] = []
    with_word: dict[str, list[int]] = {}
    found = np.array(column.labels, object)[column.codes]
    for number in range(len(sheet.pieces)) if len(sheet.pieces) > 1 else ():
        rows = np.flatnonzero(piece == number)
        own = list(dict.fromkeys(found[rows].tolist()))
        words = {word for label in own for word in contest_lists.key(label)}
        nearest = Counter(at for word in words for at in with_word.get(word, ())).most_common(1)
        same = contest_lists.same_choices(own, lists[nearest[0][0]]) if nearest else {}
        if nearest and same:
            found[rows] = [same.get(label, label) for label in found[rows].tolist()]
        else:
            for word in words:
                with_word.setdefault(word, []).append(len(lists))
            lists.append(own)
    return list(found)


def _choices_of_published(
    files: Files, of_poll: Mapping[int, Published], universe: Universe, polls: tuple[int, ...]
) -> Contests:
    nothing: Ints = np.zeros(0, np.int64)
    votes = dict.fromkeys(polls, (nothing, Coded((), nothing)))
    for number, published in of_poll.items():
        unit = find_units(universe, published.insee, published.bureau)[published.vote_unit]
        known = np.flatnonzero(unit >= 0)
        votes[number] = unit[known], Coded(tuple(published.labels), published.vote_label[known])
    file = next(iter(of_poll.values())).file
    return _by_their_lists(files, file, EvidenceKind.PUBLISHED, universe, votes)


def _panels(files: Files, source: str, entries: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Choices less those for which no panel has room: every array of votes is as wide as the longest list."""
    lists: dict[tuple[int, str], set[str]] = {}
    kept = []
    for poll, area, choice in entries:
        choices = lists.setdefault((poll, area), set())
        choices.add(choice)
        if len(choices) <= MAX_CHOICES:
            kept.append((poll, area, choice))
    longest = max(map(len, lists.values()), default=0)
    if longest > MAX_CHOICES:
        expected = msg("at most {max_choices} choices in a contest", max_choices=MAX_CHOICES)
        files.problems.append(InputError(source, None, "choix", expected, str(longest)))
    return kept


_FEWEST = 3
"""Bureaux with the same votes at least: in one or two, equal figures may be chance."""


class _PlacedVotes(NamedTuple):
    """Votes of one table: of each the bureau and poll as one number, -1 for none, the label by index, and the votes."""

    place: Ints
    label: Ints
    votes: Ints


@dataclass(frozen=True)
class _TableVotes:
    """Votes of one table: its file, its labels, and by need its entries and the communes that these are of."""

    file: str
    labels: Sequence[str]
    universe: Universe
    polls: int
    make: Callable[[], _PlacedVotes]

    @cached_property
    def entries(self) -> _PlacedVotes:
        """All its votes."""
        return self.make()

    @cached_property
    def communes(self) -> frozenset[int]:
        """The communes of its bureaux, by number."""
        places = np.unique(self.entries.place)
        return frozenset(self.universe.commune_number[places[places >= 0] // self.polls].tolist())


def name_by_figures(files: Files, universe: Universe, polls: tuple[int, ...]) -> None:
    """Give the choices of tables of votes the names that an earlier table has for the same figures, and note it."""
    earlier: list[_TableVotes] = []
    table = partial(_TableVotes, universe=universe, polls=max(len(polls), 1))
    sheet = files.sheets.get(night.VOTES.kind)
    if sheet is not None:
        choice = sheet.coded("choix")
        renamed: dict[tuple[int, str], str] = {}
        for number, piece in enumerate(sheet.pieces):
            rows = np.flatnonzero(sheet.piece_of == number)
            present = np.flatnonzero(np.bincount(choice.codes[rows], minlength=len(choice.labels)))
            labels = [choice.labels[at] for at in present.tolist()]
            own = table(piece.file, labels, make=partial(_of_rows, sheet, universe, polls, rows, present))
            names = _name(files, own, earlier, in_one_piece=True)
            renamed |= {(number, was): name for was, name in zip(labels, names, strict=True) if was != name}
        if renamed:
            of = zip(sheet.piece_of.tolist(), sheet.texts["choix"].tolist(), strict=True)
            named = np.array([renamed.get(each, each[1]) for each in of], np.str_)
            files.sheets[night.VOTES.kind] = sheet.with_texts("choix", named)
    for number, results in enumerate(files.published):
        if results.level is Level.BUREAU and len(polls) == 1:
            own = table(results.file, results.labels, make=partial(_of_results, results, universe))
            names = _name(files, own, earlier, in_one_piece=False)
            called = {name: was for was, name in zip(results.labels, names, strict=True) if was != name}
            files.published[number] = replace(results, labels=tuple(names), called=called)


def _of_rows(sheet: Sheet, universe: Universe, polls: tuple[int, ...], rows: Ints, labels: Ints) -> _PlacedVotes:
    unit = find_units(universe, sheet.texts["insee"][rows], sheet.texts["bureau"][rows])
    poll = polls_named(polls, sheet)[rows]
    place = np.where((unit >= 0) & (poll >= 0), unit * max(len(polls), 1) + poll, -1)
    label = np.searchsorted(labels, sheet.coded("choix").codes[rows])
    return _PlacedVotes(place, label, sheet.counts["votes"][rows])


def _of_results(results: Published, universe: Universe) -> _PlacedVotes:
    unit = find_units(universe, results.insee, results.bureau)[results.vote_unit]
    return _PlacedVotes(unit, results.vote_label, results.votes)


def _name(files: Files, own: _TableVotes, earlier: list[_TableVotes], *, in_one_piece: bool) -> list[str]:
    """Rename the labels of a table after earlier tables, and add it to ``earlier``.

    Tables that are ``in_one_piece`` of evidence are also matched by the words of their labels.
    """
    names, said = list(own.labels), list[Message]()
    few = [each for each in earlier if max(len(each.labels), len(names)) <= MAX_CHOICES]
    for other in few:
        if set(names) <= set(other.labels) or own.communes.isdisjoint(other.communes):
            continue
        meant = match(names, other.labels)
        if in_one_piece:
            names = [name if at is None else other.labels[at] for name, at in zip(names, meant, strict=True)]
        lacking = [at for at, found in enumerate(meant) if found is None]
        free = [at for at, found in enumerate(match(other.labels, names)) if found is None]
        for at, to, equal, shared in _pairs(own, lacking, other, free) if lacking and free else ():
            names[at] = other.labels[to]
            said.append(
                msg(
                    "{label} taken for {choice}: the same votes in {equal:n} of {all:n} bureaux",
                    label=cited(own.labels[at]),
                    choice=cited(names[at]),
                    equal=equal,
                    all=shared,
                )
            )
    if said:
        files.note(own.file, series(said, msg("; ")))
    earlier.append(replace(own, labels=names))
    return names


def _pairs(
    own: _TableVotes, lacking: list[int], other: _TableVotes, free: list[int]
) -> list[tuple[int, int, int, int]]:
    """Labels of two tables that have the same votes in two bureaux of three: equal and shared bureaux of each pair."""
    mine, theirs = own.entries, other.entries
    places = np.intersect1d(mine.place, theirs.place)
    places = places[places >= 0]
    left, right = _by_place(mine, lacking, places), _by_place(theirs, free, places)
    shared = np.array([[np.count_nonzero((a > 0) & (b >= 0)) for b in right] for a in left])
    equal = np.array([[np.count_nonzero((a > 0) & (a == b)) for b in right] for a in left])
    alike = (equal >= _FEWEST) & (3 * equal >= 2 * shared)
    alone = alike & (alike.sum(axis=1, keepdims=True) == 1) & (alike.sum(axis=0, keepdims=True) == 1)
    if 2 * np.count_nonzero(alone) <= len(lacking):  # one of many may have the same few votes by chance
        return []
    return [(lacking[a], free[b], int(equal[a, b]), int(shared[a, b])) for a, b in np.argwhere(alone).tolist()]


def _by_place(entries: _PlacedVotes, labels: list[int], places: Ints) -> Ints:
    """Votes of some labels in some places, -1 for none, shape ``(labels, places)``; of several the first."""
    place, label, votes = entries
    row = np.full(int(label.max(initial=0)) + 1 + max(labels), -1, np.int64)
    row[labels] = np.arange(len(labels))
    good = np.flatnonzero((row[label] >= 0) & np.isin(place, places))[::-1]
    found = np.full((len(labels), len(places)), -1, np.int64)
    found[row[label[good]], np.searchsorted(places, place[good])] = votes[good]
    return found
