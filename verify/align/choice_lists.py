"""The choices of each contest: by the préfecture's list, or by what stands in for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAX_CHOICES
from protocol.words import cited, msg
from verify.align.lists import Files
from verify.model import contests as contest_lists
from verify.model.contests import Contests, Doubled
from verify.model.failures import failure
from verify.model.figures import BLANK
from verify.model.published import Level, Published
from verify.model.universe import Universe
from verify.read.sheet import Sheet


def contests_of(files: Files, universe: Universe, polls: tuple[int, ...]) -> Contests:
    """The choices of each contest: by the préfecture's list, else by the votes. A source that fails is passed over."""
    for source, make in _with_choices(files, universe, polls):
        try:
            found = make()
        except Exception as error:
            files.failures.append(failure(source, error))
        else:
            if found is not None:
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
    for published in files.published:
        if published.level is Level.BUREAU:
            yield published.file, partial(_choices_of_published, files, published, universe, polls)


def _official_choices(files: Files, sheet: Sheet, universe: Universe, polls: tuple[int, ...]) -> Contests | None:
    if not len(sheet):
        files.problems.append(InputError(sheet.file, None, None, msg("a list of choices"), msg("a header only")))
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
    unit = universe.find(sheet.texts["insee"], sheet.texts["bureau"])
    areas = [universe.constituency, *universe.constituencies.values()]
    area = np.full(len(unit), "", f"U{max(each.dtype.itemsize // 4 for each in areas) or 1}")
    for number in polls:
        here = (unit >= 0) & (sheet.texts["scrutin"] == str(number))
        area[here] = universe.constituency_of(number)[unit[here]]
    triples = zip(sheet.texts["scrutin"].tolist(), area.tolist(), sheet.texts["choix"].tolist(), strict=True)
    entries = [(int(poll), area, choice) for poll, area, choice in dict.fromkeys(triples) if night.is_poll(poll)]
    entries = contest_lists.merge_contests(entries)
    return contest_lists.build(sheet.file, EvidenceKind.RECORDS, universe, polls, _panels(files, sheet.file, entries))


def _choices_of_published(files: Files, published: Published, universe: Universe, polls: tuple[int, ...]) -> Contests:
    area = published.constituency[published.vote_unit]
    pairs = dict.fromkeys(zip(area.tolist(), published.vote_label.tolist(), strict=True))
    entries = contest_lists.merge_contests([(polls[0], area, published.labels[label]) for area, label in pairs])
    return contest_lists.build(
        published.file, EvidenceKind.PUBLISHED, universe, polls, _panels(files, published.file, entries)
    )


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
