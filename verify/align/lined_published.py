"""Published results, of this round and the other, lined up with the bureaux and polls of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS
from protocol.words import Text, msg
from verify.align.communes import plain
from verify.align.lined_tables import MOST, Entries, Rows, line_up, polls_named, repeat
from verify.align.polls import poll_of_results
from verify.model.contests import Contests, FirstRound, Standing
from verify.model.evidence import Counted, LinedEvidence, PublishedLines, Stray
from verify.model.figures import MISSING, Figures, Ints, Places, absent, sum_groups
from verify.model.published import Published
from verify.model.universe import find_units, near_codes
from verify.read.sheet import Sheet
from verify.read.totals import names_total


def published_lines(evidence: LinedEvidence, published: Published) -> PublishedLines | None:
    """A published file of the level of bureaux, lined up; None where its poll is not known."""
    unit = find_units(evidence.universe, published.insee, published.bureau)
    poll = poll_of_results(evidence, published, unit)
    if poll < 0:
        evidence.of_no_poll.append(published)
        return None
    elsewhere = _not_lined_up(evidence, published, unit, poll)
    name = published.file
    lined = _rows(evidence, unit, np.full(len(unit), poll))
    if len(again := lined.again):
        row_of = lined.lined(published.row, -1)[:, poll]

        def named(at: int) -> Text:
            place, row = f"{published.insee[again[at]]} {published.bureau[again[at]]}", int(row_of[unit[again[at]]])
            return msg("{place} again, as in row {row}", place=place.strip(), row=row)

        evidence.repeats.append(repeat(name, "bureau", msg("each bureau once"), published.row[again], named))
    counted = _counted(published, published.counts, lined)
    of_unit = unit.copy()
    of_unit[again] = -1
    good = of_unit[published.vote_unit] >= 0
    rows, file = published.row[published.vote_unit[good]], name
    if published.vote_places is not None:
        rows, file = published.vote_places.row[good], published.vote_places.file
    nothing = np.broadcast_to(np.int64(0), len(rows))
    entry = Entries(
        published.labels,
        _of_file(file, rows),
        of_unit[published.vote_unit[good]],
        np.full(len(rows), poll),
        published.vote_label[good],
        published.votes[good],
        nothing,
    )
    votes = line_up(evidence, entry)
    return PublishedLines(published, counted, votes, elsewhere)


def _not_lined_up(evidence: LinedEvidence, published: Published, unit: Ints, poll: int) -> Counter[str]:
    """Count the rows of each commune that is not on the list.

    Those of a commune on the list are strays; so are all of a commune by the name of one on the list that has no row,
    and by nearly its code.
    """
    universe = evidence.universe
    rows = np.flatnonzero(unit < 0)
    codes = published.insee[rows].tolist()
    listed = set(universe.insee[universe.communes].tolist())
    elsewhere = Counter(code for code in codes if code not in listed)
    lacking = listed - set(universe.insee[unit[unit >= 0]].tolist())
    names = universe.commune_names()
    name_of = dict(zip(codes, published.commune[rows].tolist(), strict=True)) if lacking else {}
    booked = {
        code
        for code in elsewhere.keys() & name_of.keys()
        for right in lacking.intersection(near_codes(code))
        if plain(name_of[code]) and plain(name_of[code]) == plain(names[right])
    }
    number = evidence.polls[poll] if len(evidence.polls) > 1 else 0
    seen: set[str] = set()
    for row, code in zip(rows.tolist(), codes, strict=True):
        if code not in listed and code not in booked:
            continue
        seen.add(code)
        if len(seen) <= MOST:
            bureau, place = str(published.bureau[row]), f"{published.file}:{published.row[row]}"
            nearest = universe.nearest(code, bureau)
            stray = Stray(EvidenceKind.PUBLISHED, published.file, place, code, bureau, nearest, number)
            evidence.strays.append(replace(stray, is_total=names_total(code, bureau)))
    return Counter({code: count for code, count in elsewhere.items() if code not in booked})


def other_round(evidence: LinedEvidence, source: Published | Sheet, choices: Sheet | None) -> Counted | None:
    """The counts of the other round. Bureaux that only it has are left out: nothing is there to compare them."""
    if isinstance(source, Published):
        unit = find_units(evidence.universe, source.insee, source.bureau)
        about = poll_of_results(evidence, source, np.full(len(unit), -1))
        if about < 0:
            evidence.of_no_poll.append(source)
            return None
        poll = np.full(len(unit), about, np.int64)
        counts = source.counts
        evidence.first_round = of_published(source, unit, about, evidence.contests)
    else:
        unit = find_units(evidence.universe, source.texts["insee"], source.texts["bureau"])
        poll = polls_named(evidence.polls, source)
        counts = {name: source.counts.get(name, absent((len(source),))) for name in VOTERS}
        if choices is not None:
            evidence.first_round = of_list(choices, evidence.contests)
    return _counted(source, counts, _rows(evidence, unit, poll))


def _rows(evidence: LinedEvidence, unit: Ints, poll: Ints) -> Rows:
    """The first row of each bureau and poll."""
    return Rows(unit * len(evidence.polls) + poll, np.flatnonzero((unit >= 0) & (poll >= 0)), evidence.shape)


def _counted(source: Published | Sheet, counts: Mapping[str, Ints], rows: Rows) -> Counted:
    """The counts in some rows, without remarks."""
    places = rows.places(_of_file(source.file, source.row))
    figures = {name: Figures(name, rows.lined(values, MISSING), places) for name, values in counts.items()}
    return Counted(figures, places.file >= 0, np.zeros(places.file.shape, np.bool_))


def _of_file(file: str, rows: Ints) -> Places:
    """Places of some rows of a file of results."""
    return Places((f"{file}:",), np.broadcast_to(np.int64(0), len(rows)), rows, (EvidenceKind.PUBLISHED,))


def of_published(published: Published, unit: Ints, poll: int, contests: Contests) -> FirstRound:
    """The first round by published results of bureaux.

    Args:
        published: the results.
        unit: index of the bureau of each of its rows, -1 for none, shape ``(n,)``.
        poll: index of the poll that it is about.
        contests: this round's.
    """
    row_of = np.full(len(contests.of) + 1, -1, np.int64)  # the last one takes the rows of no bureau
    rows = np.arange(len(unit) - 1, -1, -1)
    row_of[unit[rows]] = rows  # of a bureau that is there twice the first row
    row_of[-1] = -1
    used = np.zeros(len(unit) + 1, np.bool_)
    used[row_of] = True
    used[-1] = False
    entries = np.flatnonzero(used[published.vote_unit])
    contest_of = contests.of[unit[published.vote_unit[entries]], poll]
    found = {}
    for index in np.unique(contest_of[contest_of >= 0]).tolist():
        some = entries[contest_of == index]
        labels, place = np.unique(published.vote_label[some], return_inverse=True)
        bureaux = row_of[:-1][contests.of[:, poll] == index]
        known = bool((bureaux >= 0).all()) and bool((published.votes[some] >= 0).all())
        whole = known and bool((np.bincount(place) == len(bureaux)).all())
        votes = sum_groups(published.votes[some], place, len(labels))
        rolls = published.counts["registered"][bureaux]
        registered = int(rolls.sum()) if whole and bool((rolls >= 0).all()) else -1
        names = tuple(published.labels[label] for label in labels.tolist())
        found[index] = Standing(names, tuple(votes.tolist()) if whole else (), registered)
    return FirstRound(published.file, found)


def of_list(sheet: Sheet, contests: Contests) -> FirstRound:
    """The first round by the préfecture's list of it: who stood, without votes."""
    listed: dict[tuple[str, str], list[str]] = {}
    texts = (sheet.texts[name].tolist() for name in ("scrutin", "circonscription", "choix", "type"))
    for poll, area, choice, kind in zip(*texts, strict=True):
        if not night.is_gone(kind):
            listed.setdefault((poll, area), []).append(choice)
    keys = ((index, (str(contest.poll), contest.constituency)) for index, contest in enumerate(contests.contests))
    return FirstRound(sheet.file, {index: Standing(tuple(listed[key])) for index, key in keys if key in listed})
