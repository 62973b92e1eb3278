"""R, continued: the PV by itself, against the centralising record, between polls, and given twice (R226)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from protocol.quantities import Quantity
from protocol.words import msg
from verify.columns.needs import (
    BesideTabulation,
    ComparedRegistered,
    Contests,
    CountsOfDocuments,
    CountsOfVoters,
    CountsTwice,
    Exports,
    Limits,
    Machines,
    Mentioned,
    OtherRegistered,
    Polls,
    Proxies,
    Recorded,
    Records,
    Signatures,
    Tabulation,
    Universe,
    VotesByChoice,
    VotesTwice,
    WrongShares,
)
from verify.model.checks import check
from verify.model.figures import BLANK, Bools, Figures, cells, clock, total
from verify.model.rule_results import (
    Held,
    Named,
    One,
    Side,
    Where,
    differ,
    look,
    look_at_tables,
    one,
    percentage,
    side_at,
    side_of,
    where,
)


@check("R211")
def registered(listed: ComparedRegistered, others: OtherRegistered) -> Iterator[Where]:
    """R211: registered voters differ between the official list and another source; rolls do move between rounds.

    Without an official list they are compared with the first source that knows them.
    """
    for other in others:
        yield differ(listed, other)


@check("R211")
def registered_on_parts(listed: ComparedRegistered, exports: Exports) -> Iterator[Held]:
    """R211 for the parts of a bureau's day that another part does not speak for: modules are programmed one by one."""
    yield look(exports.counts.registered, listed, among=exports.counts.parts > 1)
    used = np.flatnonzero(exports.used)
    several = exports.counts.parts[exports.unit[used], exports.poll[used]] > 1
    for record in used[several].tolist():
        at = exports.at(record)
        value, due = int(exports.columns["registered"][record]), int(listed.values[at])
        if due >= 0 and value not in (due, int(exports.counts.registered.values[at])):
            yield one(at, side_at(listed, *at, value=due), exports.side(record, value), field="registered")


@check("R214")
def tabulated(tabulation: Tabulation, beside: BesideTabulation) -> Iterator[Where]:
    """R214: the commune's centralising record shows other figures for a bureau than its PV does, or what there is."""
    for figures in beside:
        yield differ(tabulation[figures.name], figures)


@check("R214")
def tabulated_sums(tabulation: Tabulation, recorded: Recorded) -> Where:
    """R214: the figures of a bureau without a PV do not add up in the commune's centralising record."""
    valid, found, blank, null = (tabulation[name] for name in ("valid", "votes_found", "blank", "null"))
    due = Figures("valid", found.values - blank.values - null.values, found.places)
    looked = look(valid, found, blank, null, among=~recorded)
    return where(looked.at & (valid.values != due.values) & (due.values >= 0), valid, due, looked=looked)


@check("R214")
def tabulated_votes(
    tabulation: Tabulation, votes: VotesByChoice, contests: Contests, recorded: Recorded
) -> Iterator[Held]:
    """R214: the votes by choice of a bureau without a PV do not make up the record's valid votes."""
    sizes, valid, sums = contests.sizes(), tabulation["valid"], total(votes.values)
    whole = valid.known & ~recorded & (sizes > 0) & ((votes.values >= 0).sum(axis=2) == sizes)
    right = (sums == valid.values) | (sums + votes.strange_votes == valid.values)
    yield look(votes.figures, among=whole[:, :, None])
    made = Figures("votes", sums, votes.places.first())
    yield where(whole & ~right, valid, made, looked=look(valid, among=whole))


@check("R215")
def blank_and_null(records: Records, machines: Machines) -> Where:
    """R215: a machine's blank votes stand among the nulls of the PV, and its blanks are none."""
    blank, null, machine = records["blank"], records["null"], machines.blank
    return where((machine.values > 0) & (null.values == machine.values) & (blank.values == 0), null, machine)


@check("R217")
def one_hand(counts: CountsOfDocuments, universe: Universe, limits: Limits) -> Iterator[Held]:
    """R217: both counts of a commune are from one file and equal in every bureau: not two independent counts."""
    signed, found = counts
    yield look(signed, found, exact=False)
    both = signed.known & found.known
    same = (signed.values == found.values) & signed.places.same_file(found.places)
    known, equal = both.any(axis=1), (~both | same).all(axis=1)
    communes, inverse = universe.insee[universe.communes], universe.commune_number
    bureaux = np.bincount(inverse, known, len(communes)).astype(np.int64)
    gaps = np.bincount(inverse, known & ~equal, len(communes)).astype(np.int64)
    for index in np.flatnonzero((bureaux >= limits.one_hand_bureaux) & (gaps == 0)).tolist():
        first = int(np.flatnonzero((inverse == index) & known)[0])
        poll = int(np.flatnonzero(signed.known[first])[0])
        left = side_at(signed, first, poll, value=int(bureaux[index]), quantity="bureaux")
        right = side_at(found, first, poll, value=0, quantity="gap")
        yield one(Named(str(communes[index])), left, right, field="signatures")


_TIME = msg("a time of day")


@check("R219")
def missing_times(records: Records) -> Iterator[Held]:
    """R219: the PV leaves the time of opening or of closing blank."""
    for name in ("ouverture", "cloture"):
        stated = records[name]
        yield look(stated, exact=False)
        for unit, poll in cells(stated.values == BLANK):
            left, right = (side_at(stated, unit, poll, value=value) for value in (None, _TIME))
            yield one((unit, poll), left, right, field=name)


@check("R225")
def times_reversed(records: Records) -> Iterator[Held]:
    """R225: by its PV a bureau closed before it opened."""
    opening, closing = records["ouverture"], records["cloture"]
    yield look(opening, closing, exact=False)
    for unit, poll in cells(opening.known & closing.known & (opening.values >= closing.values)):
        left, right = (
            side_at(each, unit, poll, value=clock(int(each.values[unit, poll])), quantity=each.name)
            for each in (opening, closing)
        )
        yield one((unit, poll), left, right, field="cloture")


@check("R227")
def wrong_shares(shares: WrongShares) -> Iterator[One]:
    """R227: a percentage in a table of bureaux is not the ratio of the counts beside it."""
    for each in shares:
        left = Side(each.place, each.written, "share", each.piece)
        right = replace(left, value=percentage(each.due))
        yield one(Named(each.insee, each.bureau), left, right, field=each.field, sum=each.text)


@check("R220")
def proxies(given: Proxies, signed: Signatures) -> Iterator[Where]:
    """R220: more proxies than signatures, by the first source that has more; a holder signs for each voter."""
    noted = np.zeros(signed.values.shape, np.bool_)
    for each in given:
        mask = each.known & signed.known & (each.values > signed.values) & ~noted
        noted |= mask
        yield where(mask, each, signed)


@check("R221")
def between_polls(counts: CountsOfVoters, recorded: Recorded, mentioned: Mentioned, polls: Polls) -> Iterator[Held]:
    """R221: signatures or votes of two polls of one day differ, without a remark in their PVs where these are there.

    Only of one count that differs while the other does not: where both differ, some voters took part in one poll only.
    Where the other one is not known that is said without the PVs alone, which is no more than information.
    """
    for at, figures in enumerate(counts):
        for poll in range(1, len(polls)):
            both = recorded[:, 0] & recorded[:, poll]
            known, differs = _apart(figures, poll)
            yield look_at_tables("", int(known.sum()))
            mask = known & differs & ~mentioned[:, 0] & ~mentioned[:, poll]
            for other in (*counts[:at], *counts[at + 1 :]):
                other_known, other_differs = _apart(other, poll)
                mask &= np.where(other_known, ~other_differs, ~both)
            mask &= ~both | (len(counts) > 1)
            for unit in np.flatnonzero(mask).tolist():
                yield one(
                    (unit, poll),
                    side_of(figures, unit, 0),
                    side_of(figures, unit, poll),
                    field=figures.name,
                    case="" if both[unit] else "unrecorded",
                    first=polls[0],
                    note=_SILENT if both[unit] else "",
                )


def _apart(figures: Figures, poll: int) -> tuple[Bools, Bools]:
    """Compare a count of the first poll with another's: known in both, and different; shape ``(units,)``."""
    known = figures.known[:, 0] & figures.known[:, poll]
    return known, np.asarray(figures.values[:, 0] != figures.values[:, poll], np.bool_)


_SILENT = msg(", of which no remark in the PVs speaks")


@check("R226")
def counts_twice(twice: CountsTwice) -> Iterator[Where]:
    """R226: counts."""
    for each in twice:
        yield differ(each.first, each.other)


@check("R226")
def votes_twice(twice: VotesTwice, contests: Contests) -> Iterator[Held]:
    """R226: votes of a choice."""
    yield look_at_tables("", len(twice))
    for each in twice:
        left, right = (
            Side(place, votes, Quantity.VOTES, each.piece) for place, votes in zip(each.places, each.votes, strict=True)
        )
        yield one(each.at[:2], left, right, field=contests.label(*each.at))
