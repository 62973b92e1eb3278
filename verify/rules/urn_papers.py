"""A where a module image is at hand: whose urn it is, and what its export, sealing record and list say."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from protocol import civil_time
from protocol.export.terms import APPROVED_MODEL, MAX_POLLS, TIMES
from protocol.night import parse_urn_name
from protocol.urn.terms import DIFFERS, LABEL_SIZE, UNSEALED, Section
from protocol.words import Text
from verify.columns.lists import identity as shown
from verify.columns.needs import (
    Contests,
    Exports,
    Identity,
    NamedPolls,
    OfficialChoices,
    OfficialList,
    Polls,
    SharedSerials,
    Universe,
    UrnExports,
    Urns,
)
from verify.model.checks import check
from verify.model.contests import is_same_constituency
from verify.model.figures import Bools, Ints, Texts
from verify.model.machine_evidence import APPROVED_BY, APPROVED_SINCE, SEALED, text
from verify.model.rule_results import Named, One, Side, one
from verify.rules.official_lists import NO_CONSTITUENCY


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


_LONGEST = 100
"""Characters of a panel's labels that a finding shows."""
_ONCE = ("registered", "opening", "closing")
"""Values that an urn and each export that was read from it share, beside the numbers of the sealing record."""


@check("A113")
def other_export(urns: Urns, exports: Exports, universe: Universe) -> Iterator[One]:
    """A113: an urn and an export of the same bureau and part do not say the same of themselves.

    Serial and seal numbers are held against each other where the sealing record has none for the bureau.
    """
    if not (urns.export >= 0).any():
        return
    for column, name in SEALED.items():
        unsealed = universe.sealing[column][urns.unit] == ""
        of_urns, of_records = text(urns.columns[name]), text(exports.columns[name])
        for record, further, poll in _read_from(urns, of_records):
            among = further & unsealed
            yield from _unequal(urns, exports, name, among, record, of_urns, of_records[record], poll)
    for name in _ONCE:
        of_urn: Ints = urns.columns["closed_at" if name == "closing" else name]
        of_record: Ints = exports.columns[name]
        for record, further, poll in _read_from(urns, of_record):
            stated = (of_urn >= 0) | (_never_closed(urns, exports, record) if name == "closing" else False)
            among = further & stated & (of_record[record] >= 0)
            yield from _unequal(urns, exports, name, among, record, of_urn, of_record[record], poll)


def _never_closed(urns: Urns, exports: Exports, record: Ints) -> Bools:
    """Find urns that were never closed, by the very image that an export was read from."""
    open_still = urns.used & (urns.columns["sections"][:, Section.CLOSING] == UNSEALED)
    found = np.zeros(len(record), np.bool_)
    for image in np.flatnonzero(open_still).tolist():
        found[image] = exports.columns["module_digest"][record[image]].tobytes() == urns.digest(image)
    return found


def _read_from(urns: Urns, values: Texts | Ints) -> Iterator[tuple[Ints, Bools, Ints]]:
    """An export of each urn, for each poll in turn; of those that say the same only the first counts.

    Args:
        urns: all of them.
        values: what each export says.

    Yields:
        The exports, whether each counts, and the number of its poll, 0 where no export of the urn says otherwise.
    """
    polls = [poll for poll in range(urns.export.shape[1]) if (urns.export[:, poll] >= 0).any()]
    for at, poll in enumerate(polls):
        record = urns.export[:, poll]
        further, alone = record >= 0, np.zeros(len(record), np.bool_)
        for each, other in enumerate(urns.export[:, number] for number in polls if number != poll):
            same = (other >= 0) & (values[other] == values[record])
            alone = alone | ((other >= 0) & ~same)
            if each < at:
                further = further & ~same
        yield record, further, np.where(alone, poll + 1, 0)


@check("A113")
def other_export_of_poll(urns: Urns, exports: Exports, polls: Polls, contests: Contests) -> Iterator[One]:
    """A113 for what an urn and its export say of one poll, where no official list says what both should have."""
    if contests.official or not (urns.export >= 0).any():
        return
    for number in polls:
        record = urns.export[:, number - 1]
        area = np.ascontiguousarray(urns.columns["constituency"][:, number - 1])
        digest = np.ascontiguousarray(urns.columns["choices_digest"][:, number - 1])
        for name, of_urns, of_exports in (
            ("constituency", text(area), text(exports.columns["constituency"][record])),
            ("choices_digest", _hex(digest), _hex(exports.columns["choices_digest"][record])),
        ):
            of_poll = np.full(len(record), number, np.int64)
            yield from _unequal(urns, exports, name, record >= 0, record, of_urns, of_exports, of_poll)


def _hex(digests: npt.NDArray[np.void]) -> Texts:
    """Digests as the beginning of their hexadecimal text."""
    different, code = np.unique(digests, return_inverse=True)
    return np.array([each.tobytes().hex()[:16] for each in different] or [""])[code]


def _unequal(
    urns: Urns,
    exports: Exports,
    name: str,
    among: Bools,
    record: Ints,
    of_urns: Texts | Ints,
    of_exports: Texts | Ints,
    poll: Ints,
) -> Iterator[One]:
    """A finding for each urn of some that does not have the value that its export has."""
    for image in np.flatnonzero(among & (of_urns != of_exports)).tolist():
        left = urns.side(image, _shown(name, of_urns[image]))
        right = exports.side(int(record[image]), _shown(name, of_exports[image]))
        yield one(urns.at(image, int(poll[image])), left, right, field=name)


def _shown(name: str, value: np.generic) -> int | Text | None:
    if isinstance(value, np.integer):
        if name in TIMES:
            return civil_time.text(int(value)) if value >= 0 else None
        return int(value)
    return str(value) or None


@check("A114")
def labels(urns: Urns, polls: Polls, contests: Contests) -> Iterator[One]:
    """A114: the labels on an urn's panel, as far as the format allows them, are not those of the list it was given."""
    for poll, number in enumerate(polls):
        index, fit = (urns.columns[name][:, number - 1] for name in ("labels", "labels_fit"))
        among = np.flatnonzero(urns.used & urns.columns["allowed"][:, Section.CHOICES] & (index >= 0))
        other = _other_labels(urns, contests, number, contests.of[urns.unit[among], poll], among)
        for image in among[(other > 0) | (fit[among] == DIFFERS)].tolist():
            panel, at = urns.reading.urns.lists[int(index[image])], int(other[np.searchsorted(among, image)])
            if at:
                contest = contests.contests[int(contests.of[urns.unit[image], poll])]
                left, field = urns.side(image, panel[at - 1]), "choix"
                right = contests.side(contest.choices[at - 1])
            else:
                stated = urns.columns["choices_digest"][image, number - 1].tobytes().hex()[:16]
                left, field = urns.side(image, " | ".join(panel)[:_LONGEST]), "choices_digest"
                right = urns.side(image, stated)
            yield one(urns.at(image, number), left, right, field=field, number=at or "")


def _other_labels(urns: Urns, contests: Contests, number: int, contest: Ints, among: Ints) -> Ints:
    """For some images and their contests: the first label that is not the list's, from 1, 0 for none; shape ``(m,)``.

    Only where the urn carries the digest of the préfecture's list. Thousands of urns have one panel.
    """
    found = np.zeros(len(among), np.int64)
    if not contests.official:
        return found
    digests, _ = contests.panels()
    same = (contest >= 0) & (urns.columns["choices_digest"][among, number - 1] == digests[contest])
    pairs = np.stack([urns.columns["labels"][among, number - 1], contest], axis=1)[same]
    different, code = np.unique(pairs, axis=0, return_inverse=True)
    lists = urns.reading.urns.lists
    first = [_other_label(lists[panel], contests.contests[of].choices) for panel, of in different.tolist()]
    found[same] = np.array(first or [0], np.int64)[code.reshape(-1)]
    return found


def _other_label(panel: tuple[str, ...], choices: tuple[str, ...]) -> int:
    """The number of the first label that is not the list's, 0 for none."""
    pairs = enumerate(zip(panel, choices, strict=False), 1)
    return next((at for at, (label, choice) in pairs if not _is_label_of(label, choice)), 0)


def _is_label_of(label: str, choice: str) -> bool:
    """Compare a label with that of a choice, cut to the width of the panel or not, in any normal form."""
    forms = (choice, unicodedata.normalize("NFC", choice), unicodedata.normalize("NFD", choice))
    cut = {form.encode()[:LABEL_SIZE].decode(errors="ignore") for form in forms}
    return label in cut or unicodedata.normalize("NFC", label) == forms[1]


@check("A103")
def other_choices(urns: Urns, exports: UrnExports, contests: OfficialChoices, polls: Polls) -> Iterator[One]:
    """A103 for an urn: its list of choices is not the préfecture's, and no export of it has the same."""
    used = np.flatnonzero(urns.used)
    digests, sizes = contests.panels()
    for poll, number in enumerate(polls):
        of = contests.of[urns.unit[used], poll]
        choices, digest = (urns.columns[name][used, number - 1] for name in ("choices", "choices_digest"))
        wrong = (of >= 0) & (choices > 0) & ((digest != digests[of]) | (choices != sizes[of]))
        for at in np.flatnonzero(wrong).tolist():
            image = int(used[at])
            if not exports.have(image, "choices_digest", digest[at], number):
                yield one(
                    urns.at(image, number),
                    urns.side(image, int(choices[at])),
                    contests.side(int(sizes[of[at]])),
                    field="choix",
                    machine=digest[at].tobytes().hex()[:16],
                    prefecture=digests[of[at]].tobytes().hex()[:16],
                )


@check("A104")
def other_model(urns: Urns, exports: UrnExports) -> Iterator[One]:
    """A104 for an urn that was programmed for another model than the approved one."""
    columns = urns.columns
    other = (columns["date"] >= APPROVED_SINCE) & (columns["model"] != APPROVED_MODEL.encode())
    for image in np.flatnonzero(urns.used & other).tolist():
        if not exports.have(image, "model", columns["model"][image]):
            left, right = urns.side(image, urns.text("model", image)), Side(APPROVED_BY, APPROVED_MODEL)
            yield one(urns.at(image), left, right, field="model")


@check("A105")
def other_sealing(urns: Urns, exports: UrnExports, universe: OfficialList) -> Iterator[One]:
    """A105 for an urn: a machine, module or seal number is not the sealing record's, or one of them has none."""
    for column, name in SEALED.items() if urns.used.any() else ():
        if not universe.states(column):
            continue
        differs = urns.used & (text(urns.columns[name]) != universe.sealing[column][urns.unit])
        for image in np.flatnonzero(differs).tolist():
            unit, part = int(urns.unit[image]), int(urns.columns["part"][image])
            expected, carried = universe.sealed(column, unit, part), urns.text(name, image)
            if carried != expected and not exports.have(image, name, carried.encode()):
                left, right = urns.side(image, carried or None), universe.side(unit, expected or None)
                case = "" if carried and expected else "absent"
                yield one(urns.at(image), left, right, field=column, case=case)


@check("A115")
def other_constituency(
    urns: Urns, exports: UrnExports, universe: OfficialList, polls: Polls, contests: Contests
) -> Iterator[One]:
    """A115: C115 for an urn, where no export of it has the same."""
    whole = contests.undivided()
    for column, number in enumerate(polls if urns.used.any() else ()):
        carried = text(np.ascontiguousarray(urns.columns["constituency"][:, number - 1]))
        listed = universe.constituency_of(number)[urns.unit]
        stated = (listed != "") | whole[urns.unit, column]
        differs = urns.used & (carried != listed) & stated & (carried != "")
        for image in np.flatnonzero(differs).tolist():
            ours, theirs, unit = str(carried[image]), str(listed[image]), int(urns.unit[image])
            said = exports.have(image, "constituency", ours.encode(), number)
            if not said and not is_same_constituency(ours, theirs, str(universe.insee[unit])):
                left, right = urns.side(image, ours), universe.side(unit, theirs or NO_CONSTITUENCY)
                yield one(urns.at(image, number), left, right, field="circonscription")
