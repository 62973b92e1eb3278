"""A where a module image is at hand: whose urn it is, before its votes count."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.export.terms import MAX_POLLS
from protocol.night import parse_urn_name
from verify.columns.identity import identity as shown
from verify.columns.needs import Contests, Identity, NamedPolls, Polls, SharedSerials, Universe, Urns
from verify.model.checks import check
from verify.model.figures import Bools
from verify.model.holds import Named, One, Side, one


@check("A110")
def other_election(
    urns: Urns, identity: Identity, named: NamedPolls, polls: Polls, contests: Contests
) -> Iterator[One]:
    """A110: an image of another election, date or round, or of other polls than this day's in its bureau.

    A poll that something else of the night names is no sign of another election.
    """
    source, wanted = identity
    has, due = urns.columns["choices"] > 0, _due(urns, polls, contests)
    elsewhere = named[named <= MAX_POLLS] - 1
    has[:, elsewhere] &= due[:, elsewhere]
    wrong = urns.foreign | (urns.used & (has != due).any(axis=1))
    for image in np.flatnonzero(wrong).tolist():
        row = urns.columns[image]
        here = shown((row["election"].item(), int(row["date"]), int(row["round"])), _numbers(has[image]))
        at = Named(urns.text("insee", image), urns.text("bureau", image))
        right = Side(source, shown(wanted, _numbers(due[image])))
        yield one(at, urns.side(image, here), right, field="election")


def _due(urns: Urns, polls: Polls, contests: Contests) -> Bools:
    """The polls of each image's bureau, by number less one: those of the day, by the préfecture's list those for it."""
    due = np.zeros((len(urns.columns), MAX_POLLS), np.bool_)
    numbers = np.array(polls) - 1
    due[:, numbers] = True
    if contests.official:
        known = np.flatnonzero(urns.unit >= 0)
        there = contests.of[urns.unit[known]] >= 0
        there[~there.any(axis=1)] = True
        due[known[:, None], numbers] = there
    return due


def _numbers(polls: Bools) -> list[int]:
    return (np.flatnonzero(polls) + 1).tolist()


@check("A111")
def other_name(urns: Urns) -> Iterator[One]:
    """A111: the file of an image is named for another commune, bureau or part. Names of other forms are free."""
    for image in np.flatnonzero(urns.whole & ~urns.foreign).tolist():
        name = parse_urn_name(urns.reading.files[int(urns.reading.file[image])].path.name)
        part = int(urns.columns["part"][image])
        carried = urns.text("insee", image), urns.text("bureau", image), part
        if name is not None and name != carried:
            left, right = (urns.side(image, " ".join(map(str, each))) for each in (carried, name))
            yield one(Named(*name[:2]), left, right, field="bureau")


@check("A112")
def unknown_bureau(urns: Urns, universe: Universe) -> Iterator[One]:
    """A112: an image of a bureau that is not on the list; filed under the one that is probably meant."""
    case = "" if universe.official else "unofficial"
    for image in np.flatnonzero(urns.whole & ~urns.foreign & (urns.unit < 0)).tolist():
        insee, bureau = urns.text("insee", image), urns.text("bureau", image)
        nearest = universe.nearest(insee, bureau)
        sides = urns.side(image, f"{insee} {bureau}"), universe.side_of_all(nearest)
        yield one(Named(insee, nearest or bureau), *sides, field="bureau", case=case)


@check("A116", "A117")
def repeated(urns: Urns) -> Iterator[One]:
    """A116, A117: a second image of the same bureau and part; different, or the same."""
    columns = urns.columns
    for image in np.flatnonzero(urns.repeated >= 0).tolist():
        first = int(urns.repeated[image])
        votes = [int(columns["cast"][each].sum()) for each in (first, image)]
        same = bool((columns["tallies"][first] == columns["tallies"][image]).all()) and votes[0] == votes[1]
        code = "A117" if urns.same[image] else "A116"
        serial, other = (urns.text("module_serial", each) for each in (first, image))
        yield one(
            urns.at(image),
            urns.side(first, votes[0]),
            urns.side(image, votes[1]),
            field="cast",
            code=code,
            case="equal" if code == "A116" and same else "",
            serial=serial,
            other=other,
        )


@check("A118")
def serials(shared: SharedSerials, urns: Urns) -> Iterator[One]:
    """A118: the serial number of an urn is that of another bureau's or part's, by its image or by an export.

    Likewise the number of a machine in two bureaux.
    """
    for each in shared:
        left, right = urns.side(each.image, each.keys[0]), Side(each.first_place, each.keys[1], piece=each.first_piece)
        yield one(urns.at(each.image), left, right, field=each.name, serial=each.serial)
