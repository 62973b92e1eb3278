"""A: does each export and each urn belong to this election and bureau, and may each choice be voted for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from protocol import civil_time
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import APPROVED_MODEL, MAX_POLLS, TIMES
from protocol.night import MANIFEST, parse_export_name, parse_urn_name
from protocol.quantities import Quantity
from protocol.urn.terms import DIFFERS, LABEL_SIZE, UNSEALED, Section
from protocol.words import Text, msg, series
from verify.columns.lists import identity as shown
from verify.columns.needs import (
    Contests,
    Election,
    Exports,
    FirstRound,
    Identity,
    Inputs,
    MachineDumps,
    Manifest,
    NamedPolls,
    OfficialChoices,
    OfficialList,
    Polls,
    Present,
    Universe,
    Urns,
    Withdrawn,
)
from verify.materiality.kinds import ElectionKind, kind_of
from verify.model.checks import check
from verify.model.contests import is_same_constituency, match
from verify.model.figures import Bools, Ints, Texts
from verify.model.findings import shown_source
from verify.model.machine_evidence import APPROVED_BY, APPROVED_SINCE, SEALED, ExportLines, UrnLines, text
from verify.model.rule_results import Named, One, Side, one

if TYPE_CHECKING:
    from verify.model.contests import Standing


@check("A101")
def other_election(exports: Exports, identity: Identity, named: NamedPolls, polls: Polls) -> Iterator[One]:
    """A101: another election, date or round than this night's, or a poll that nothing else of the night names."""
    source, wanted = identity
    right = Side(source, shown(wanted, polls))
    other_poll = (exports.poll < 0) & ~np.isin(exports.columns["poll"], named)
    for record in np.flatnonzero(exports.whole & (exports.foreign | other_poll)).tolist():
        row = exports.columns[record]
        carried = shown((row["election"].item(), int(row["date"]), int(row["round"])), [int(row["poll"])])
        at = Named(row["insee"].decode("ascii"), row["bureau"].decode("ascii"), int(row["poll"]))
        yield one(at, exports.side(record, carried), right, field="election")


@check("A102")
def other_name(exports: Exports) -> Iterator[One]:
    """A102: a file of one export is named for another commune, bureau, poll or part. Names of other forms are free."""
    records = np.bincount(exports.reading.file, minlength=len(exports.names))
    names = [parse_export_name(file.path.name) for file in exports.reading.files]
    alone = np.array([name is not None for name in names], np.bool_) & (records == 1)
    for record in np.flatnonzero(exports.whole & alone[exports.reading.file]).tolist():
        row, file = exports.columns[record], int(exports.reading.file[record])
        carried = row["insee"].decode("ascii"), row["bureau"].decode("ascii"), int(row["poll"]), int(row["part"])
        name = names[file]
        if name is not None and name != carried:
            left, right = (" ".join(map(str, each)) for each in (carried, name))
            yield one(
                Named(*name[:3]),
                exports.side(record, left),
                Side(exports.names[file], right, piece=EvidenceKind.EXPORTS),
                field="bureau",
            )


@check("A103")
def other_choices(dumps: MachineDumps, contests: OfficialChoices, polls: Polls) -> Iterator[One]:
    """A103: the machine's choice list, or its order, is not the préfecture's."""
    digests, sizes = contests.panels()
    for lines in dumps:
        for poll, number in enumerate(polls):
            rows = lines.rows_of(poll, number)
            of = contests.of[lines.unit[rows], poll]
            choices, digest = (lines.of_poll(name, number)[rows] for name in ("choices", "choices_digest"))
            wrong = (of >= 0) & ((digest != digests[of]) | (choices != sizes[of]))
            for at in np.flatnonzero(wrong).tolist():
                row = int(rows[at])
                if not lines.is_exported(row, "choices_digest", digest[at], number):
                    yield one(
                        lines.at(row, number),
                        lines.side(row, int(choices[at])),
                        contests.side(int(sizes[of[at]])),
                        field="choix",
                        machine=digest[at].tobytes().hex()[:16],
                        prefecture=digests[of[at]].tobytes().hex()[:16],
                    )


@check("A104")
def other_model(dumps: MachineDumps) -> Iterator[One]:
    """A104: the machine does not carry the name of the model approved for political elections since April 2007."""
    for lines in dumps:
        date, model = lines.columns["date"], lines.columns["model"]
        other = (date >= APPROVED_SINCE) & (model != np.bytes_(APPROVED_MODEL.encode()))
        for row in np.flatnonzero(lines.used & other).tolist():
            if not lines.is_exported(row, "model", model[row]):
                left = lines.side(row, model[row].decode("ascii"))
                yield one(lines.at(row, 0), left, Side(APPROVED_BY, APPROVED_MODEL), field="model")


@check("A105")
def other_sealing(dumps: MachineDumps, universe: OfficialList) -> Iterator[One]:
    """A105: a machine, module or seal number is not the sealing record's, or is missing on one of the two."""
    for lines in dumps:
        for column, name in SEALED.items():
            for row in _unlike_record(lines, universe, column, name):
                unit, part = int(lines.unit[row]), int(lines.columns["part"][row])
                expected, carried = universe.sealed(column, unit, part), lines.columns[name][row].decode("ascii")
                if carried != expected and not lines.is_exported(row, name, carried.encode()):
                    left, right = lines.side(row, carried or None), universe.side(unit, expected or None)
                    case = "" if carried and expected else "absent"
                    yield one(lines.at(row, 0), left, right, field=column, case=case)


def _unlike_record(lines: ExportLines | UrnLines, universe: Universe, column: str, name: str) -> list[int]:
    """Dumps whose number is not all that the sealing record has of the bureau, and those of a day in parts."""
    stated = universe.sealing[column]
    if not universe.states(column):
        return []
    differs = text(lines.columns[name]) != np.where(lines.unit >= 0, stated[lines.unit], "")
    if (np.strings.find(stated, "+") >= 0).any():
        differs |= lines.columns["part"] > 1
    rows: list[int] = np.flatnonzero(lines.used & differs).tolist()
    return rows


_NO_CONSTITUENCY = msg("none")
"""Sign on the list of a bureau whose contest is that of the whole election."""


@check("C115")
def other_constituency(exports: Exports, universe: OfficialList, polls: Polls, contests: Contests) -> Iterator[One]:
    """C115: an export is of another constituency than its bureau, by the official list, or of one that has none."""
    yield from _other_constituency(exports, universe, polls, contests)


@check("A115")
def other_constituency_of_urn(urns: Urns, universe: OfficialList, polls: Polls, contests: Contests) -> Iterator[One]:
    """A115: C115 for an urn, where no export of it has the same."""
    yield from _other_constituency(urns, universe, polls, contests)


def _other_constituency(
    lines: ExportLines | UrnLines, universe: Universe, polls: Polls, contests: Contests
) -> Iterator[One]:
    whole = contests.undivided()
    for poll, number in enumerate(polls):
        rows = lines.rows_of(poll, number)
        unit, listed = lines.unit[rows], universe.constituency_of(number)
        carried = text(np.ascontiguousarray(lines.of_poll("constituency", number)[rows]))
        stated = (listed[unit] != "") | whole[unit, poll]
        for at in np.flatnonzero((carried != listed[unit]) & stated & (carried != "")).tolist():
            row, bureau, ours = int(rows[at]), int(unit[at]), str(carried[at])
            theirs = str(listed[bureau])
            said = lines.is_exported(row, "constituency", ours.encode(), number)
            if not said and not is_same_constituency(ours, theirs, str(universe.insee[bureau])):
                left, right = lines.side(row, ours), universe.side(bureau, theirs or _NO_CONSTITUENCY)
                yield one(lines.at(row, number), left, right, field="circonscription")


@check("A106")
def other_digest(manifest: Manifest, inputs: Inputs) -> Iterator[One]:
    """A106: a file's SHA-256 is not the manifest's."""
    there = {used.path: used.sha256 for used in inputs}
    for path, stated in manifest.items():
        digest = there.get(path)  # None as well for a file that was not read
        if digest is not None and digest != stated:
            yield one(Named(), Side(path, digest[:16]), Side(MANIFEST, stated[:16]), field="sha256")


@check("A109")
def files_gone(manifest: Manifest, present: Present) -> Iterator[One]:
    """A109: files that the manifest names are not in the folder; one finding for each folder within it."""
    named: dict[str, list[str]] = {}
    for path in manifest:
        named.setdefault(path.rpartition("/")[0], []).append(path)
    for folder, paths in named.items():
        gone = [path for path in paths if path not in present]
        if gone:
            sides = Side(folder or ".", len(paths) - len(gone)), Side(MANIFEST, len(paths))
            yield one(Named(), *sides, field="files", first=min(gone))


_LISTS_MERGE = frozenset((ElectionKind.MUNICIPAL_LISTS, ElectionKind.MUNICIPAL_CANDIDATES, ElectionKind.REGIONAL))
"""Elections whose second round may have choices under new names, or new ones."""
_GONE = msg("by the list the candidacy is withdrawn")
_NOT_THERE = msg("this choice was not in the first round")
_NOT_QUALIFIED = msg("the first round does not qualify it")


@check("A108")
def withdrawn(sources: Withdrawn, contests: Contests) -> Iterator[One]:
    """A108: a bureau's machine, PV or published row has a choice that is withdrawn; once, with every source of it."""
    for at, (first, *others) in sources.items():
        also = (msg("{source} ({value})", source=shown_source(side.source), value=side.value) for side in others)
        note = series(("", *also))
        yield one(at, first, contests.side(None), field="choix", reason=_GONE, note=note)


@check("A108")
def by_the_first_round(first: FirstRound, election: Election, contests: Contests) -> Iterator[One]:
    """A108: a choice of this second round was not in the first, or its votes there do not qualify it."""
    if election.round != 2:
        return
    polls = {poll.number: poll for poll in election.polls}
    for index, standing in first.contests.items():
        contest = contests.contests[index]
        kind = kind_of(polls[contest.poll].type)
        if kind is None or kind in _LISTS_MERGE:
            continue
        stood = match(contest.choices, standing.choices)
        for choice, place in zip(contest.choices, stood, strict=True):
            reason = _NOT_THERE if place is None else None
            if place is not None and polls[contest.poll].whole and not _qualified(kind, standing, place, stood):
                reason = _NOT_QUALIFIED
            if reason is not None:
                right = Side(
                    first.file,
                    standing.votes[place] if place is not None else None,
                    Quantity.VOTES,
                    EvidenceKind.OTHER_ROUND,
                )
                left = contests.side(choice)
                yield one(Named(poll=contest.poll), left, right, field="choix", reason=reason)


def _qualified(kind: ElectionKind, standing: Standing, place: int, stood: list[int | None]) -> bool:
    """Check that a choice may be in the second round; True if the first round's votes are not all known.

    Constitution, article 7: the two that are first once withdrawals are taken into account. Code électoral, L162 and
    L210-1: votes of an eighth of the registered voters, or else the first two.
    """
    votes = standing.votes
    if not votes:
        return True
    ahead = [other for other, count in enumerate(votes) if count > votes[place]]
    if kind is ElectionKind.PRESIDENTIAL:
        return sum(other in stood for other in ahead) < 2
    return len(ahead) < 2 or standing.registered < 0 or votes[place] * 8 >= standing.registered


@check("A110")
def other_election_of_urn(
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
def other_name_of_urn(urns: Urns) -> Iterator[One]:
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
def images_repeated(urns: Urns) -> Iterator[One]:
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
def serials_shared(urns: Urns, universe: Universe) -> Iterator[One]:
    """A118: the serial number of an urn is that of another bureau's or part's, by its image or by an export.

    Likewise the number of a machine in two bureaux. Every urn is named but those of the first export that has the
    number, or else of the first urn; not one whose own export has it too.
    """
    for name in ("module_serial", "machine_serial"):
        for serial, holders in sorted(_holders(urns, name).items()):
            first, at, place = holders[0]
            for lines, image, other in holders[1:]:
                if lines is urns and other != place and not urns.is_exported(image, name, serial):
                    left, right = (
                        of.side(row, str(universe.key[of.unit[row]])) for of, row in ((urns, image), (first, at))
                    )
                    yield one(urns.at(image), left, right, field=name, serial=serial.decode("ascii"))


def _holders(urns: UrnLines, name: str) -> dict[bytes, list[tuple[ExportLines | UrnLines, int, tuple[int, int]]]]:
    """Every export, then every image, by serial number: its row, and its bureau with the part that the number is of.

    The number of a module is that of a part, the number of a machine that of a bureau.
    """
    found: dict[bytes, list[tuple[ExportLines | UrnLines, int, tuple[int, int]]]] = {}
    for lines in (urns.exports, urns):
        if lines is not None:
            rows = np.flatnonzero(lines.used & (lines.columns[name] != b""))
            part = lines.columns["part"][rows] if name == "module_serial" else np.zeros(len(rows), np.int64)
            places = zip(lines.unit[rows].tolist(), part.tolist(), strict=True)
            for place, row in sorted(zip(places, rows.tolist(), strict=True)):
                found.setdefault(bytes(lines.columns[name][row]), []).append((lines, row, place))
    return found


_LONGEST = 100
"""Characters of a panel's labels that a finding shows."""
_ONCE = ("registered", "opening", "closing")
"""Values that an urn and each export that was read from it share, beside the numbers of the sealing record."""


@check("A113")
def other_export(urns: Urns, exports: Exports, universe: Universe) -> Iterator[One]:
    """A113: an urn and an export of the same bureau and part give different identities.

    Serial and seal numbers are compared with each other where the sealing record has none for the bureau.
    """
    for column, name in SEALED.items():
        of_urns, of_exports = text(urns.columns[name]), text(exports.columns[name])
        for image, record, poll in _apart(urns, of_urns, of_exports):
            if universe.sealing[column][urns.unit[image]] == "":
                sides = (
                    urns.side(image, str(of_urns[image]) or None),
                    exports.side(record, str(of_exports[record]) or None),
                )
                yield one(urns.at(image, poll), *sides, field=name)
    for name in _ONCE:
        stated, carried = urns.columns["closed_at" if name == "closing" else name], exports.columns[name]
        for image, record, poll in _apart(urns, stated, carried):
            known = stated[image] >= 0 or (name == "closing" and _is_left_open(urns, exports, image, record))
            if known and carried[record] >= 0:
                sides = (
                    urns.side(image, _number(name, int(stated[image]))),
                    exports.side(record, _number(name, int(carried[record]))),
                )
                yield one(urns.at(image, poll), *sides, field=name)


def _apart(urns: Urns, of_urns: Texts | Ints, of_exports: Texts | Ints) -> Iterator[tuple[int, int, int]]:
    """Each image and each export of it that says something else; of exports that say the same only the first.

    Args:
        urns: the images.
        of_urns: what each of them says.
        of_exports: what each export says.

    Yields:
        Image, export, and the number of its poll, 0 where no other export of the image says anything else.
    """
    there = urns.export >= 0
    if not there.any():
        return
    differs = there & (of_exports[urns.export] != of_urns[:, None])
    for image in np.flatnonzero(differs.any(axis=1)).tolist():
        first: dict[object, int] = {}
        for poll in np.flatnonzero(there[image]).tolist():
            first.setdefault(of_exports[urns.export[image, poll]].item(), poll)
        for value, poll in first.items():
            if value != of_urns[image].item():
                yield image, int(urns.export[image, poll]), poll + 1 if len(first) > 1 else 0


def _is_left_open(urns: Urns, exports: Exports, image: int, record: int) -> bool:
    """Recognise an urn that was never closed, by the very image that an export was read from."""
    never = urns.used[image] and urns.columns["sections"][image, Section.CLOSING] == UNSEALED
    return bool(never) and exports.columns["module_digest"][record].tobytes() == urns.digest(image)


def _number(name: str, value: int) -> int | Text | None:
    if name not in TIMES:
        return value
    return civil_time.text(value) if value >= 0 else None


@check("A113")
def other_export_of_poll(urns: Urns, exports: Exports, polls: Polls, contests: Contests) -> Iterator[One]:
    """A113 for what an urn and its export say of one poll, where no official list says what both should have."""
    if contests.official or not (urns.export >= 0).any():
        return
    for number in polls:
        record = urns.export[:, number - 1]
        area = np.ascontiguousarray(urns.of_poll("constituency", number))
        digest = np.ascontiguousarray(urns.of_poll("choices_digest", number))
        for name, of_urns, of_exports in (
            ("constituency", text(area), text(exports.columns["constituency"][record])),
            ("choices_digest", _hex(digest), _hex(exports.columns["choices_digest"][record])),
        ):
            for image in np.flatnonzero((record >= 0) & (of_urns != of_exports)).tolist():
                left, right = (str(each[image]) or None for each in (of_urns, of_exports))
                sides = urns.side(image, left), exports.side(int(record[image]), right)
                yield one(urns.at(image, number), *sides, field=name)


def _hex(digests: npt.NDArray[np.void]) -> Texts:
    """Digests as the beginning of their hexadecimal text."""
    different, code = np.unique(digests, return_inverse=True)
    return np.array([each.tobytes().hex()[:16] for each in different] or [""])[code]


@check("A114")
def labels(urns: Urns, polls: Polls, contests: Contests) -> Iterator[One]:
    """A114: the labels on an urn's panel, as far as the format allows them, are not those of the list it was given.

    They are compared with the préfecture's list where the urn carries its digest.
    """
    digests, _ = contests.panels()
    for poll, number in enumerate(polls):
        index, fit, digest = (urns.of_poll(name, number) for name in ("labels", "labels_fit", "choices_digest"))
        for image in np.flatnonzero(urns.used & urns.columns["allowed"][:, Section.CHOICES] & (index >= 0)).tolist():
            panel, of = urns.reading.urns.lists[int(index[image])], int(contests.of[urns.unit[image], poll])
            listed = contests.official and of >= 0 and digest[image] == digests[of]
            choices = contests.contests[of].choices if listed else ()
            at = _other_label(panel, choices)
            if at:
                sides = urns.side(image, panel[at - 1]), contests.side(choices[at - 1])
                yield one(urns.at(image, number), *sides, field="choix", number=at)
            elif fit[image] == DIFFERS:
                stated = digest[image].tobytes().hex()[:16]
                sides = urns.side(image, " | ".join(panel)[:_LONGEST]), urns.side(image, stated)
                yield one(urns.at(image, number), *sides, field="choices_digest", number="")


@lru_cache(64)
def _other_label(panel: tuple[str, ...], choices: tuple[str, ...]) -> int:
    """The number of the first label that is not the list's, 0 for none; thousands of urns have one panel."""
    pairs = enumerate(zip(panel, choices, strict=False), 1)
    return next((at for at, (label, choice) in pairs if not _is_label_of(label, choice)), 0)


def _is_label_of(label: str, choice: str) -> bool:
    """Compare a label with that of a choice, cut to the width of the panel or not, in any normal form."""
    forms = (choice, unicodedata.normalize("NFC", choice), unicodedata.normalize("NFD", choice))
    cut = {form.encode()[:LABEL_SIZE].decode(errors="ignore") for form in forms}
    return label in cut or unicodedata.normalize("NFC", label) == forms[1]
