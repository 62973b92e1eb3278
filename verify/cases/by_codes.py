"""Cases by the codes of findings, where no figure has to be weighed against another.

Of a bureau by the codes that it has in its poll; of nearly all bureaux of a commune or everywhere, as nobody leaves
times blank bureau by bureau; of files, codes and rows: what stands under another code, is gone or cannot be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import PurePosixPath

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.night import parse_export_name, parse_urn_name
from protocol.words import Text, msg
from verify.cases.drafting import grouped
from verify.cases.wide.operations import CaseDesk
from verify.cases.wording import in_piece
from verify.columns.sources import bureaux_of_problems
from verify.model.cases import CaseDetail, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingKeys
from verify.model.findings import Finding, shown
from verify.model.universe import MACHINE
from verify.rulebook.causes import Cause, causes

_LEAST, _OF_TEN = 3, 9
"""Bureaux at least, and in how many of ten."""


def are_nearly_all(count: int, of: int) -> bool:
    """Check that so many bureaux are nearly all of some."""
    return count >= _LEAST and 10 * count >= _OF_TEN * of


_LACKS = {
    "C101": ("C102",),
    "C105": ("C108",),
    "C106": ("C108",),
    "C107": ("C108",),
    "C113": ("A112",),
}
"""Findings that a bureau lacks something, and those that something stands under a code that no bureau has."""
MISSING_PIECES = tuple(_LACKS)
"""Codes that say of a bureau that it lacks a piece of evidence."""


def find_alone(evidence: LinedEvidence) -> Bools:
    """Bureaux with published results alone, shape ``(units,)``."""
    alone: Bools = np.ones(len(evidence.universe), np.bool_)
    for table in (evidence.signatures, evidence.records):
        if table is not None:
            alone &= ~table.present.any(axis=1)
    for dumps in (evidence.exports, evidence.urns):
        if dumps is not None:
            alone[dumps.unit[dumps.unit >= 0]] = False
    return alone


def _together(desk: CaseDesk, rows: Ints, group: Ints) -> Ints:
    """The groups of some findings, of bureaux each, those put into one that have the same codes nearly everywhere.

    Args:
        desk: with the findings.
        rows: of findings of one cause, shape ``(n,)``.
        group: a number for each, the same for those that are one case otherwise, shape ``(n,)``.
    """
    universe, places = desk.evidence.universe, desk.places.unit
    machine, commune_of = universe.counting == MACHINE, universe.commune_number
    _, number = np.unique(group, return_inverse=True)
    _, code = np.unique(desk.keys.code[rows], return_inverse=True)
    codes = np.zeros(int(number.max()) + 1, np.int64)
    np.bitwise_or.at(codes, number, np.left_shift(1, code))
    one = np.asarray(number, np.int64)
    for some in np.unique(codes).tolist():
        here = np.flatnonzero((codes == some)[number] & (places[rows] >= 0))
        if len(here) < _LEAST:
            continue
        unit = places[rows[here]]
        due = machine if machine[unit].all() else np.ones_like(machine)
        units = np.unique(places[desk.keys.code == desk.keys.code[rows[here[0]]]])  # in another case or not
        units = units[(units >= 0) & due[units]]
        if are_nearly_all(len(units), int(np.count_nonzero(due))):
            one[here] = one[here[0]]
            continue
        number_of = np.bincount(commune_of[units], minlength=len(due))
        size = np.bincount(commune_of[due], minlength=len(due))
        for commune in np.flatnonzero((number_of >= _LEAST) & (10 * number_of >= _OF_TEN * size)).tolist():
            of_commune = here[commune_of[unit] == commune]
            one[of_commune] = one[of_commune[0]]
    return one


def _lacking_together(desk: CaseDesk, rows: Ints) -> Ints:
    """The same for all bureaux of a commune that lack the same thing, or for all where there is none of it.

    Not with those of which nothing else was given: among them one that lacks a piece would drown.
    """
    keys, unit, evidence = desk.keys, desk.places.unit[rows], desk.evidence
    pieces = (evidence.exports, evidence.signatures, evidence.records, evidence.published or None, evidence.urns)
    none = (code for code, piece in zip(MISSING_PIECES, pieces, strict=True) if piece is None)
    nowhere = keys.of(*none)[rows]
    alone = ~nowhere & (unit >= 0) & np.append(find_alone(evidence), False)[unit]
    commune = 2 * np.where(nowhere, 0, keys.commune[keys.place[rows]]) + alone
    return np.asarray(commune * len(keys.codes) + keys.code[rows], np.int64)


_POLLS = 64
"""Above all numbers of polls."""


def draft_by_signs(desk: CaseDesk, *, first: bool) -> None:
    """Put every finding that has no case yet into one, by the codes that its bureau has in its poll.

    Args:
        desk: with the cases that there are already.
        first: only the causes decided before figures are weighed.
    """
    keys = desk.keys
    if first and _told_first().isdisjoint(keys.codes):
        return
    free = np.flatnonzero(desk.free())
    if not len(free):
        return
    groups = _groups(desk, free)
    order = np.argsort(groups, kind="stable")
    rows, group = free[order], groups[order]
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    names, label = _labels(keys)
    name_of = label[rows]
    sets, of = _code_sets(names, name_of, starts)
    of_row = np.repeat(of, np.diff(np.append(starts, len(rows))))
    parts: dict[str, list[Ints]] = {}
    for index, codes in enumerate(sets):
        here = np.flatnonzero(of_row == index)
        for cause, taken in explain(codes, first=first):
            among = here[np.array([name in taken for name in names], np.bool_)[name_of[here]]]
            parts.setdefault(cause.name, []).append(among)
    for name, some in parts.items():
        cause, among = causes()[name], np.sort(np.concatenate(some))
        chosen, of = rows[among], group[among]
        if cause.shared:
            of = np.where(of < 0, of, of // _POLLS * _POLLS)  # the number of a bureau in all of its polls
        if cause.alike:
            of = _together(desk, chosen, of)
        if cause.together:
            of = _lacking_together(desk, chosen)
        desk.add_groups(name, chosen, of, Sure.OPEN if cause.open else Sure.LIKELY)


@cache
def explain(codes: frozenset[str], *, first: bool = False) -> tuple[tuple[Cause, frozenset[str]], ...]:
    """The causes of the findings of one bureau, each with the codes that it takes; codes of no cause are left out."""
    left, found = set(codes), []
    for sign, cause in _by_length():
        if sign <= left and (cause.first or not first):
            taken = frozenset(name for name in left if name in sign or name.partition(".")[0] in cause.explains)
            found.append((cause, taken))
            left -= taken
    return tuple(found)


@cache
def _by_length() -> tuple[tuple[frozenset[str], Cause], ...]:
    """All signs, those of more codes first, then in the order of the table."""
    every = [(sign, cause) for cause in causes().values() for sign in cause.signs]
    return tuple(sorted(every, key=lambda each: -len(each[0])))


@cache
def _told_first() -> frozenset[str]:
    """Codes in the signs of causes that are decided before figures are weighed."""
    signs = (sign for sign, cause in _by_length() if cause.first)
    return frozenset(name.partition(".")[0] for sign in signs for name in sign)


def _groups(desk: CaseDesk, rows: Ints) -> Ints:
    """A number for each place and poll, and for each file of those that are of no place.

    Findings of no poll go with the only poll that their place has.
    """
    keys = desk.keys
    place, poll = keys.place[rows], keys.poll[rows]
    polls: Ints = np.zeros(len(keys.places), np.int64)
    np.maximum.at(polls, place, poll)
    several: Bools = np.zeros(len(keys.places), np.bool_)
    several[place[(poll > 0) & (poll != polls[place])]] = True
    groups = place * _POLLS + np.where((poll == 0) & ~several[place], polls[place], poll)
    nowhere = np.flatnonzero(place < np.searchsorted(keys.places.insee, "", side="right"))  # these come first
    nowhere = nowhere[keys.places.bureau[place[nowhere]] == ""]
    files: dict[str, int] = {}
    for at in nowhere.tolist():
        file = desk.file_of(int(rows[at]))
        groups[at] = -1 - files.setdefault(file, len(files))
    return np.asarray(groups, np.int64)


def _labels(keys: FindingKeys) -> tuple[list[str], Ints]:
    """Name the findings as signs do: by code, with the rule's case if a sign names it; and the index of each one's."""
    names = [*keys.codes]
    label = keys.code.copy()
    for name, code, case in _of_cases():
        if case in keys.cases and code in keys.codes:
            names.append(name)
            label[(keys.code == keys.codes.index(code)) & (keys.case == keys.cases.index(case))] = len(names) - 1
    return names, label


@cache
def _of_cases() -> tuple[tuple[str, str, str], ...]:
    """Names in signs that name a rule's case, each once: the name itself, the code, the case."""
    named = dict.fromkeys(name for sign, _ in _by_length() for name in sorted(sign))
    parts = ((name, *name.split(".", 1)) for name in named if "." in name)
    return tuple((name, code, case) for name, code, case in parts)


def _code_sets(names: Sequence[str], label: Ints, starts: Ints) -> tuple[list[frozenset[str]], Ints]:
    """The different sets of codes that groups of findings have, and the index of each group's."""
    bit = np.array([1 << at for at in range(len(names))], np.object_)  # of any number of names
    bits = np.bitwise_or.reduceat(bit[label], starts).tolist()
    index = {each: at for at, each in enumerate(dict.fromkeys(bits))}
    sets = [frozenset(name for at, name in enumerate(names) if each >> at & 1) for each in index]
    return sets, np.array([index[each] for each in bits], np.int64)


ROWLESS = frozenset(("C105", "C106", "C107"))
"""Findings that a bureau has no row in the sign-in list, the PVs and the published results."""


def draft_wider(desk: CaseDesk) -> None:
    """Put findings above the bureaux, and those on codes, together with what they come from."""
    evidence = desk.evidence
    _files_exchanged(desk)
    _codes_written_otherwise(desk)
    _counts_unreadable(desk)
    for insee, rows in _by_commune(desk, "C108", "C102", "A112").items():
        if insee and not len(evidence.universe.of_commune(insee)):  # one that has no bureau on the list
            desk.add("code-unknown", rows, Sure.LIKELY, desk.blamed(rows[0]))
    changed = grouped(desk.file_of, desk.rows("A106"))
    for file, rows in grouped(desk.file_of, desk.rows(*_DAMAGE) if changed else ()).items():
        sign = frozenset((desk.keys.code_of(rows[0]),))
        _join(desk, next(each.name for each in causes().values() if sign in each.signs), changed, {file: rows})
    _join(desk, "row-missing", _by_commune(desk, "T311"), _by_commune(desk, "C107"))
    for rows in _by_commune(desk, "T308").values():
        bureaux = {desk.keys.place_of(row)[1] for row in rows}
        if len(bureaux) > 1 and "" in bureaux:  # a commune of zeros, and its bureaux
            desk.add("row-of-zeros", rows, Sure.LIKELY, EvidenceKind.PUBLISHED)
    lacking = _by_commune(desk, "C101")
    torn = grouped(lambda row: _commune_in(desk.table[row].left.source, lacking), desk.rows("I111"))
    _join(desk, "cut-short", torn, lacking)
    _files_gone(desk)


_DAMAGE = ("I101", "I102", "I103", "I104", "I105", "I112")
_Groups = dict[str, list[int]]


def _by_commune(desk: CaseDesk, *codes: str) -> _Groups:
    return grouped(lambda row: desk.keys.place_of(row)[0], desk.rows(*codes))


def _join(desk: CaseDesk, cause: str, some: _Groups, others: _Groups) -> None:
    """A case for the findings of each commune, or file, that has both; of the piece that the others speak of."""
    for key, rows in others.items():
        if key and key in some:
            desk.add(cause, [*some[key], *rows], Sure.LIKELY, desk.blamed(rows[0]))


def _commune_in(text: str, communes: Iterable[str]) -> str:
    return next((insee for insee in communes if insee and insee in text), "")


def _files_exchanged(desk: CaseDesk) -> None:
    """Pairs of files that each have the name of the other one's bureau."""

    def names(row: int) -> frozenset[str]:
        return frozenset(str(each.value) for each in (desk.table[row].left, desk.table[row].right))

    for code in ("A102", "A111"):
        for rows in grouped(names, desk.rows(code)).values():
            if len(rows) == 2:
                desk.add("misfiled", rows, Sure.LIKELY, desk.blamed(rows[0]))


def _codes_written_otherwise(desk: CaseDesk) -> None:
    """Match what a bureau lacks with a code that no bureau has: its own but for a digit or for zeros."""
    for code in _LACKS:
        lacking = _by_commune(desk, code)
        for insee, strange in _under_strange_codes(desk, code, lacking.keys()).items():
            left = {desk.keys.place_of(row)[1]: row for row in lacking[insee]}
            pairs: list[list[int]] = []
            for bureau, rows in strange.items():
                meant = [each for each in left if _is_nearly(bureau, each)]
                if len(meant) == 1:
                    pairs.append([left.pop(meant[0]), *rows])
            if are_nearly_all(len(pairs), len(desk.evidence.universe.of_commune(insee))):
                together = [row for pair in pairs for row in pair]
                desk.add("code-unknown", together, Sure.LIKELY, desk.blamed(pairs[0][0]))
            for pair in pairs:
                detail, piece = CaseDetail(), desk.blamed(pair[0])
                if code in ROWLESS:
                    right, other = (desk.keys.place_of(row)[1] for row in (pair[0], pair[-1]))
                    said = msg(
                        "{other} stands {there} in place of {right}", other=other, right=right, there=in_piece(piece)
                    )
                    detail = CaseDetail(said=said)
                desk.add("code-unknown", pair, Sure.LIKELY, piece, detail)


def _under_strange_codes(desk: CaseDesk, code: str, communes: Collection[str]) -> dict[str, dict[str, list[int]]]:
    """Findings in communes by bureau on codes that no bureau has, or that only one piece has, by what others lack."""
    keys, found = desk.keys, dict[str, dict[str, list[int]]]()
    lacking = {keys.place_of(row) for row in desk.rows(code)}
    for row in desk.rows(*_LACKS[code]):
        insee, bureau = keys.place_of(row)
        place = insee, bureau.zfill(_DIGITS)  # it means no bureau that lacks nothing
        if insee in communes and (place in lacking or not desk.evidence.universe.has(*place)):
            found.setdefault(insee, {}).setdefault(bureau, []).append(row)
    others = ROWLESS - {code}
    if code in ROWLESS and not desk.evidence.universe.official:
        for place, rows in grouped(keys.place_of, desk.rows(*ROWLESS, "T335")).items():
            if place[0] in communes and others <= {keys.code_of(row) for row in rows} and place not in lacking:
                found.setdefault(place[0], {})[place[1]] = rows
    return found


_DIGITS = 4
"""Digits of a bureau's code on the official list."""


def _is_nearly(one: str, other: str) -> bool:
    """Check that two codes are the same but for zeros before them, or for one digit."""
    longer = one.zfill(_DIGITS), other.zfill(_DIGITS)
    return len(longer[0]) == len(longer[1]) and sum(a != b for a, b in zip(*longer, strict=True)) <= 1


def _counts_unreadable(desk: CaseDesk) -> None:
    """Cells of a list of signatures that cannot be read, and the bureaux that have no count for that: a case a file."""
    cells = grouped(desk.file_of, [row for row in desk.rows("I113") if not desk.table[row].case])
    lacking = desk.rows("C105") if cells and desk.evidence.signatures is not None else []
    universe, of_bureau = desk.evidence.universe, dict[tuple[str, str], str]()
    for (name, _), (unit, _) in desk.evidence.once(bureaux_of_problems).items() if lacking else ():
        file = next((each for each in cells if name.startswith(each)), "")
        of_bureau.setdefault((str(universe.insee[unit]), str(universe.bureau[unit])), file)
    _join(
        desk,
        "cell-unreadable",
        cells,
        grouped(lambda row: of_bureau.get(desk.keys.place_of(row), ""), lacking),
    )


def _files_gone(desk: CaseDesk) -> None:
    """Exports and images of urns that the manifest names and that are not there, and the bureaux that lack them.

    What is gone from a folder goes with the commune that lacks most of it.
    """
    gone = desk.rows("A109")
    missing = (
        [PurePosixPath(path) for path in desk.evidence.manifest if path not in desk.evidence.present] if gone else []
    )
    for code, name_of in _DUMPS.items():
        lacking, lost = _by_commune(desk, code) if gone else {}, dict[int, str]()
        for row in gone if lacking else ():
            folder = desk.table[row].left.source
            names = [name_of(path.name) for path in missing if str(path.parent) == folder]
            counts = Counter(name[0] for name in names if name is not None and name[0] in lacking)
            lost[row] = next((insee for insee, _ in counts.most_common(1)), "")
        _join(desk, "evidence-missing", grouped(lost.__getitem__, lost), lacking)


_DUMPS = {"C101": parse_export_name, "C113": parse_urn_name}
"""Findings that a bureau lacks an export, and an image of its urn; and what reads the name of such a file."""


# --- A list of choices that all machines of a contest contradict in the same way: one case, that of the list ---

LEAST_MACHINES = 3
"""Machines of a contest that have one and the same list."""
CHOICES = "choix"
"""The list of choices, as a piece of desk.evidence."""
_OF_VOTES = frozenset(("R207", "R212", "R218", "R222"))
"""Findings on votes by choice, which other lists of choices come to."""


def draft_lists_of_choices(desk: CaseDesk) -> None:
    """A case for each contest where nine of ten machines have one list that is not the préfecture's.

    Likewise where nine of ten bureaux have a choice that the list calls withdrawn.
    """
    evidence, places = desk.evidence, desk.places
    contests = evidence.contests.of

    def listed_in(row: int) -> tuple[int, str, str]:
        finding = desk.table[row]
        return int(contests[places.unit[row], places.poll[row]]), finding.code, str(finding.details.get("machine"))

    found = np.flatnonzero(desk.at_bureaux("A103", "A108")).tolist()
    for (contest, code, _), rows in grouped(listed_in, found).items():
        machines = evidence.machines if code == "A103" else None
        of = contests if machines is None else contests[machines.lists[:2]]
        listed = int(np.count_nonzero(of == contest))
        if len(rows) >= LEAST_MACHINES and 10 * len(rows) >= _OF_TEN * listed:
            along = [] if machines is None else _along(desk, rows)
            said = _said(desk.table[rows[0]], evidence.contests.source, len(rows), listed)
            desk.add("list-of-choices", rows + along, Sure.LIKELY, CHOICES, CaseDetail(said=said))


def _said(first: Finding, source: str, count: int, listed: int) -> Text:
    values: dict[str, object] = {"source": source}
    if first.code == "A108":
        return msg(
            "{source} calls a candidacy withdrawn, and {bureaux:n} of {listed:n} bureaux have it: "
            "“{choice}” in {place}",
            **values,
            bureaux=count,
            listed=listed,
            choice=shown(first.left.value),
            place=first.left.source,
        )
    return msg(
        "{machines:n} machines had the same list of {theirs:n} choices; {source} has {listed:n} for them, and "
        "another list",
        **values,
        machines=count,
        theirs=first.left.value,
        listed=first.right.value,
    )


def _along(desk: CaseDesk, rows: Sequence[int]) -> list[int]:
    """Findings that another list of choices makes: on votes by choice that were compared in spite of it.

    Where the machines have more choices, also cells that name one which the list has not.
    """
    places, first = desk.places, desk.table[rows[0]]
    having = np.zeros(desk.evidence.shape, np.bool_)
    having[places.unit[rows], places.poll[rows]] = True
    found = []
    for row in np.flatnonzero(desk.at_bureaux(*_OF_VOTES, "R213") & having[places.unit, places.poll]).tolist():
        slip = desk.keys.code_of(row) == "R213"
        if not slip or desk.table[row].details["rule"] in _OF_VOTES:
            found.append(row)
    theirs, listed = first.left.value, first.right.value
    if isinstance(theirs, int) and isinstance(listed, int) and theirs > listed:
        strange = desk.free("I113") & (desk.keys.poll == first.poll)
        for row in np.flatnonzero(strange)[:_LOOKED_AT].tolist():
            each = desk.table[row]
            if each.field == CHOICES and each.right.source == desk.evidence.contests.source:
                found.append(row)
    return found


_LOOKED_AT = 1000
"""Cells that cannot be read of which each is looked at, at most."""
