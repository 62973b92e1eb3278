"""Certainty of corrections: certain, likely, or a question that stays open, by their lead and by rules.

A lead is by how much every truth is dearer that has another figure there, in decibans. Costs do not tell which chain is
at fault, nor whether two slips of one bureau have to do with each other: that is said by rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from verify.explanations.copies import COPIED_BY, BureauPapers, PieceOperation
from verify.explanations.rows import LEAST_ELSEWHERE, counts_add_up
from verify.explanations.search import Explanation, Rival
from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    LIST,
    NULL,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    URN,
    VALID,
    VOTES,
    Row,
)
from verify.explanations.slips import SMALL, WRONG, digits, exchanged, slip, slip_cost
from verify.explanations.truths import MARGIN, Truth
from verify.model.cases import Sure

CERTAIN, LIKELY = 30, 13
"""The least leads."""
LEAST_SUPPORT = 2
"""Checks that speak for a certain correction, one more where any figure could have its cause, or it is by a few."""
NO_SLIP = frozenset((WRONG, "amended", "ballots-moved", "older-edition"))
"""Causes that any figures could have."""
CHANGED = frozenset(("amended", "older-edition"))
"""Causes by which figures were changed and add up again: of another edition, or on the way."""
_EITHER = frozenset(("no-valid-votes", "gap-corrected"))
"""Causes of figures that were changed because a judge annulled votes, or somebody looked again: either may be right."""
_EXCHANGES = frozenset(("blank-null-exchanged", "choices-exchanged"))
"""Causes that leave all sums as they are: of two papers either one may be what they changed."""
OF_ANOTHER_DATE = "registered-differ"
"""Two counts of the roll, each right on its day."""
SPECIFIC = frozenset(("digits-exchanged", "digit-lost", "digit-doubled"))
"""Slips of one figure that few others would fit by chance."""


@dataclass(frozen=True, slots=True)
class Supported:
    """An operation of a bureau, and what speaks for it.

    Attributes:
        operations: all those of the bureau.
        rivals: the truths within the margin that contradict the operation.
        lead: in decibans; more than the margin where there are none.
        agree: the kinds of pieces that have the corrected figures already and are no copies, in the order of the way.
        sums: how many sums of its piece work out again, the total of its table with them.
        rests: whether it rests on what is undecided: a sum that holds as it stands would not hold with it alone; or it
            is what a sum leaves for a choice, and far from what that has elsewhere, or beside another correction.
        adds_up: whether all sums of its piece hold with what is decided.
    """

    bureau: BureauPapers
    explanation: Explanation
    operations: tuple[PieceOperation, ...]
    operation: PieceOperation
    rivals: Sequence[Rival]
    lead: int
    agree: tuple[str, ...]
    sums: int
    rests: bool = False
    adds_up: bool = False


def operations_of(bureau: BureauPapers, explanation: Explanation) -> tuple[PieceOperation, ...]:
    """The operations of an explanation that change something; wrong figures of one piece are one operation."""
    truth, found = explanation.truth, list[PieceOperation]()
    for each in explanation.operations:
        cells = sorted(each.cells.items())
        right = {cell: truth[cell[1]] if cell[1] < len(truth) else value for cell, value in cells}
        wrong = {cell: max(value, -1) for cell, value in right.items() if bureau.rows[cell[0]][cell[1]] != value}
        made = replace(each, cells=wrong)
        slips = _slips(bureau, made) if made.cause == WRONG and len(each.changes) > 1 else []
        for part in slips or [made]:
            if not part.changes or any((part.piece, column) in one.cells for one in found for column in part.changes):
                continue
            row = bureau.rows[part.piece]
            same = next((at for at, one in enumerate(found) if _are_one(one, part, row)), len(found))
            if same < len(found):
                one = found.pop(same)
                cause = one.cause if one.cause == part.cause else "zero-for-missing"
                part = replace(one, cause=cause, cells={**one.cells, **part.cells}, cost=one.cost + part.cost)
            found.insert(same, part)
    return tuple(found)


def _slips(bureau: BureauPapers, made: PieceOperation) -> list[PieceOperation]:
    """The slips of the pen that make a row what it is, in place of a row from elsewhere; none where one is no slip.

    A row from elsewhere is cheaper than three of them, but it would not look like that by chance.
    """
    kind, row, found = bureau.kinds[made.piece], bureau.rows[made.piece], list[PieceOperation]()
    for column, becomes in made.changes.items():
        cause = slip(kind, row, column, becomes, by_machine=bureau.by_machine) if becomes >= 0 else WRONG
        if cause == WRONG:
            return []
        cells = {cell: value for cell, value in made.cells.items() if cell[1] == column}
        found.append(PieceOperation(cause, made.piece, cells, slip_cost(kind, column, cause, row[column], becomes)))
    return found


def _are_one(operation: PieceOperation, part: PieceOperation, row: Row) -> bool:
    """Check that a figure is wrong, or a zero, with others of its row; a roll as well where the row is another's."""
    if operation.piece != part.piece:
        return False
    whole = operation.cause in _WHOLE and len(operation.changes) >= LEAST_ELSEWHERE
    zeros = not any(row[column] for column in (*operation.changes, *part.changes))
    return zeros or (whole and list(part.changes) == [REGISTERED]) or operation.cause == part.cause == WRONG


_WHOLE = (WRONG, "row-of-zeros")
"""Causes of a row that has nothing of its own."""


def support(bureau: BureauPapers, explanation: Explanation) -> list[Supported]:
    """The operations that an explanation comes to, each with what speaks for it.

    A row that is told to be another bureau's is no witness of any figure, and no more is a list that goes with it.
    """
    operations, truth = operations_of(bureau, explanation), explanation.truth
    strangers = _of_others(bureau, operations)
    after = corrected_rows(bureau.rows, operations)
    found = list[Supported]()
    for operation in operations:
        against = (each for each in explanation.rivals if any(each.truth[at] != truth[at] for at in operation.changes))
        rivals = [each for each in against if is_possible(each.truth) or not is_possible(truth)]
        gone = _off(bureau, operation, bureau.rows).items() - _off(bureau, operation, after).items()
        own = [{total, *parts} for (piece, total), parts in gone if piece == operation.piece]
        ended = [columns for columns in own if not columns.isdisjoint(operation.changes)]
        lead = min((rival.cost - explanation.cost for rival in rivals), default=MARGIN + 1)
        agree = agreeing(bureau, operation, strangers)
        sums = len(ended) + fits_total(bureau, operation)
        others = {column for each in operations if each is not operation for column in each.changes}
        rests = not agree and 0 < sums == sum(not columns.isdisjoint(others) for columns in ended)
        found.append(Supported(bureau, explanation, operations, operation, rivals, lead, agree, sums, rests))
    return settle(found)


def settle(found: Sequence[Supported]) -> list[Supported]:
    """Call those operations of a bureau undecided that rest on others which are, until there are no more of them."""
    decided = [each.operation for each in found if sure_of(each, doubtful=False) is not Sure.OPEN]
    settled = [_with_decided(each, decided) for each in found]
    same = [each.rests for each in settled] == [each.rests for each in found]
    return settled if same else settle(settled)


def is_possible(truth: Sequence[int]) -> bool:
    """Check that no more have voted than were registered, as far as that is known."""
    return truth[REGISTERED] < 0 or max(truth[SIGNATURES], truth[FOUND]) <= truth[REGISTERED]


def _with_decided(told: Supported, decided: Sequence[PieceOperation]) -> Supported:
    """Look at the sums of the pieces that it corrects with nothing but an operation and those that are decided."""
    bureau, operation = told.bureau, told.operation
    left = _off(bureau, operation, corrected_rows(bureau.rows, [*decided, operation])).keys()
    rests = told.rests or not left <= _off(bureau, operation, bureau.rows).keys() or _opens_a_gap(told, decided)
    if operation.cause in NO_SLIP:  # any figure may be what another reading of its sum gives
        asked = (each for each in told.operations if each is not operation and each not in decided)
        rests |= any(edits_of(set(each.changes)) & edits_of(set(operation.changes)) & _SUMS_OF for each in asked)
    adds_up = told.sums > 0 and all(piece != operation.piece for piece, _ in left)
    return replace(told, rests=rests, adds_up=adds_up)


_SUMS_OF = {"found", "valid"}
"""The edits that are sums."""


def _off(
    bureau: BureauPapers, operation: PieceOperation, rows: Sequence[Sequence[int]]
) -> dict[tuple[int, int], tuple[int, ...]]:
    """The sums that are off in the pieces that an operation corrects: the parts by the piece and the total."""
    pieces = {piece for piece, _ in operation.cells}
    return {
        (piece, total): tuple(parts)
        for piece in pieces
        for total, parts, _ in broken_sums(bureau.kinds[piece], rows[piece][: VOTES + bureau.size], bureau.strange)
    }


def _of_others(bureau: BureauPapers, operations: Sequence[PieceOperation]) -> frozenset[int]:
    """The pieces whose row is told to be another bureau's; with a PV the list that has its registered voters."""
    found = bureau.of_others | {
        each.piece
        for each in operations
        if each.cause == "row-of-another" or (each.cause == WRONG and len(each.changes) >= LEAST_ELSEWHERE)
    }
    printed = {bureau.rows[at][REGISTERED] for at in found if bureau.kinds[at] == RECORD}
    rows = enumerate(zip(bureau.kinds, bureau.rows, strict=True))
    return found | {at for at, (kind, row) in rows if kind == LIST and row[REGISTERED] in printed}


def corrected_rows(rows: Sequence[Sequence[int]], operations: Sequence[PieceOperation]) -> list[Row]:
    """The rows with corrections made; of two that change one figure the later one has the last word."""
    after = [list(row) for row in rows]
    for operation in operations:
        for (piece, column), value in operation.cells.items():
            after[piece][column] = value
    return after


def agreeing(bureau: BureauPapers, operation: PieceOperation, strangers: Collection[int] = ()) -> tuple[str, ...]:
    """The kinds of pieces that have a corrected figure already, in the order of the way: no copies, no strangers."""
    changed, agree = {*strangers, *(piece for piece, _ in operation.cells)}, dict[str, None]()
    for at, (kind, row) in enumerate(zip(bureau.kinds, bureau.rows, strict=True)):
        if at not in changed:
            same = [row[column] == value for column, value in operation.changes.items() if row[column] >= 0]
            if same and all(same):
                agree[kind] = None
    return tuple(agree)


def fits_total(bureau: BureauPapers, operation: PieceOperation) -> bool:
    """Check that with an operation the total of the table is the sum of its bureaux."""
    told = [
        row[column] == value for row in bureau.totals for column, value in operation.changes.items() if row[column] >= 0
    ]
    return bool(told) and all(told)


def sure_of(told: Supported, *, doubtful: bool, shared: bool = False) -> Sure:
    """Judge an operation.

    Args:
        told: the operation, and what speaks for it.
        doubtful: whether it is in doubt whose evidence it is.
        shared: whether several bureaux have it in common: of these one figure that ends two edits is no chance.
    """
    bureau, operation, lead = told.bureau, told.operation, told.lead
    slip = operation.cause != WRONG
    by_itself = slip and not _thirds(bureau, operation) and not agreeing(bureau, operation)
    witnessed = told.agree or fits_total(bureau, operation) or by_itself
    witnessed = witnessed or (shared and _mends_two_edits(bureau, operation))
    restored = any(value >= 0 for value in operation.cells.values())
    if told.rests or not (told.explanation.complete and lead >= LIKELY and witnessed and restored):
        return Sure.OPEN
    if operation.cause in _EITHER or (bureau.by_machine and operation.changes.get(NULL, 0) > 0):  # it takes none
        return Sure.OPEN
    if third_versions(bureau, operation):
        return Sure.OPEN
    apart = _apart(told)
    if operation.cause in _EXCHANGES and not told.sums and apart <= {RECORD}:
        return Sure.OPEN
    if is_list_alone(bureau, operation):
        truth = list(told.explanation.truth)
        truth[SIGNATURES] = bureau.rows[operation.piece][SIGNATURES]
        if any(row[FOUND] == truth[SIGNATURES] >= 0 for row in bureau.rows):
            return Sure.OPEN
        speaks = operation.cause in SPECIFIC or (slip and not is_possible(truth))
        return Sure.LIKELY if speaks and lead >= CERTAIN and not told.explanation.gap else Sure.OPEN
    if _rests_on_copies(told):
        return Sure.OPEN
    columns, of_list = set(operation.changes), _of_the_list_s_file(told)
    if (of_list and operation.cause == WRONG) or (
        (of_list or operation.cause == OF_ANOTHER_DATE) and _is_by_a_few(told)
    ):
        return Sure.OPEN
    if operation.cause == OF_ANOTHER_DATE and _is_of_one_witness(told):
        return Sure.OPEN
    left = told.explanation.gap and columns & {SIGNATURES, FOUND}
    without_record = bureau.kinds[operation.piece] == PUBLISHED and RECORD not in told.agree
    unknown = any(value < 0 for value in operation.cells.values())
    changed = operation.cause in CHANGED
    if (
        changed
        or lead < CERTAIN
        or left
        or without_record
        or unknown
        or doubtful
        or of_list
        or _has_another_in_its_edit(told)
    ):
        return Sure.LIKELY
    ends = _ends_a_gap(told)
    sums = told.sums
    if apart == {RECORD} and not ends:  # a copy adds up as what it was made of does; of a PV two sums say more
        sums = max(sums - 1, 0) if bureau.kinds[operation.piece] == RECORD else 0
    by_hand = operation.cause in NO_SLIP or _is_by_a_few(told)  # as a correction of the day may be
    return Sure.CERTAIN if len(apart) + ends + sums >= LEAST_SUPPORT + by_hand else Sure.LIKELY


def _mends_two_edits(bureau: BureauPapers, operation: PieceOperation) -> bool:
    """Check that one figure ends all that is off in two edits: two sums, or one and a large gap."""
    if len(operation.changes) > 1:
        return False
    [(column, becomes)] = operation.changes.items()
    left = _off(bureau, operation, corrected_rows(bureau.rows, [operation])).keys()
    mended = {total for piece, total in _off(bureau, operation, bureau.rows).keys() - left}
    was, other = bureau.rows[operation.piece][column], SIGNATURES + FOUND - column
    beside = [row[other] for row in bureau.rows if row[other] >= 0] if column in (SIGNATURES, FOUND) else []
    closes = beside and all(abs(each - becomes) < SMALL <= abs(each - was) for each in beside)
    return len(mended) + bool(closes) > 1


def _apart(told: Supported) -> frozenset[str]:
    """The witnesses of an operation: another version of its own paper is none."""
    return witnesses(_others_that_agree(told), told.operation.changes)


def _others_that_agree(told: Supported) -> list[str]:
    return [kind for kind in told.agree if kind != told.bureau.kinds[told.operation.piece]]


def witnesses(agree: Collection[str], columns: Collection[int]) -> frozenset[str]:
    """The witnesses among the kinds of pieces that have some corrected figures: pieces made of one another are one.

    A bureau's list travels with its PV, and its registered voters are printed on the list that the PV copies: of
    registered voters, and of whose row it is, they are one as well.
    """
    together = REGISTERED in columns or len(columns) >= LEAST_ELSEWHERE
    return frozenset(_MADE_OF.get(kind, RECORD if together and kind == LIST else kind) for kind in agree)


_MADE_OF = {RECAP: RECORD, PUBLISHED: RECORD}
"""Papers made of one another. A machine's export is no copy of the PV, and its urn keeps each vote by itself."""


def _opens_a_gap(told: Supported, decided: Collection[PieceOperation]) -> bool:
    """Check that votes found as this piece has them are nearer to the signatures: these speak for what it says.

    So do signatures of which it is a question whether they are right.
    """
    truth, rows, changes = told.explanation.truth, told.bureau.rows, told.operation.changes
    row = rows[told.operation.piece]
    parts = [column for column in changes if column in (BLANK, NULL, VALID) and row[column] >= 0]
    by_hand = (len(changes) == 1 or told.operation.cause in NO_SLIP) and not {URN, EXPORT} & set(told.agree)
    counted = by_hand and SIGNATURES not in changes and (parts or FOUND in changes)
    if not counted or truth[FOUND] < 0:
        return False
    stated = row[FOUND] if FOUND in changes else truth[FOUND] - sum(changes[each] - row[each] for each in parts)
    asked = [each for each in told.operations if SIGNATURES in each.changes and each not in decided]
    signed = {truth[SIGNATURES], *(rows[each.piece][SIGNATURES] for each in asked)}
    return stated >= 0 and any(abs(stated - each) < abs(truth[FOUND] - each) for each in signed if each >= 0)


def _rests_on_copies(told: Supported) -> bool:
    """Check that only pieces made from this one say otherwise: they may have been changed, on the way or to agree.

    One figure with which the votes work out again is a slip all the same. A wrong digit is none where its counts add up
    as they stand.
    """
    operation, row = told.operation, told.bureau.rows[told.operation.piece]
    copies = COPIED_BY.get(told.bureau.kinds[operation.piece], ())
    if not all(kind in copies for kind in told.agree):
        return False
    of_digit = operation.cause == "digit-wrong" and not operation.changes.keys().isdisjoint(_COUNTS)
    if of_digit and counts_add_up(row):
        return True
    return operation.cause in NO_SLIP and not (told.sums and len(operation.changes) == 1)


_COUNTS = (FOUND, BLANK, NULL, VALID)


def _of_the_list_s_file(told: Supported) -> bool:
    """Check that a piece's signatures may be right, and those of the list's file made from the votes found.

    Two digits exchanged, one lost or doubled is a slip: hardly a gap of sign-in looks like that by chance.
    """
    of_signatures = set(told.operation.changes) == {SIGNATURES}
    truth = told.explanation.truth
    closed = truth[SIGNATURES] == truth[FOUND]
    return of_signatures and closed and told.operation.cause not in SPECIFIC


def _is_of_one_witness(told: Supported) -> bool:
    """Check that one paper against another tells a roll that no slip of the pen makes: each may be of its day."""
    row, changes = told.bureau.rows[told.operation.piece], told.operation.changes
    return len(_apart(told)) < LEAST_SUPPORT and digits(row[REGISTERED], changes[REGISTERED]) == WRONG


def _is_by_a_few(told: Supported) -> bool:
    """Check that it corrects figures by so few that a day makes such differences as easily as one wrong digit."""
    row = told.bureau.rows[told.operation.piece]
    return all(abs(value - row[column]) < _FEW for column, value in told.operation.changes.items())


_FEW = 10
"""Voters or votes."""


def _ends_a_gap(told: Supported) -> bool:
    """Check that votes and signatures agree by it, which the pieces that have its figure do not say already."""
    columns = set(told.operation.changes)
    truth, pieces = told.explanation.truth, zip(told.bureau.kinds, told.bureau.rows, strict=True)
    others = {SIGNATURES, FOUND} - columns
    if len(columns) != 1 or len(others) != 1 or truth[SIGNATURES] != truth[FOUND]:
        return False
    agree = _others_that_agree(told)
    return any(kind not in agree and row[column] == truth[column] for kind, row in pieces for column in others)


def _thirds(bureau: BureauPapers, operation: PieceOperation) -> list[int]:
    """The other pieces with neither the figure that an operation corrects nor what it becomes."""
    was = bureau.rows[operation.piece]
    return [
        at
        for at, row in enumerate(bureau.rows)
        if any(
            row[column] >= 0 and row[column] not in (was[column], becomes)
            for column, becomes in operation.changes.items()
        )
    ]


def third_versions(bureau: BureauPapers, operation: PieceOperation) -> list[int]:
    """Other versions of its paper that have a third figure: no slip of one of them is told then."""
    own = bureau.kinds[operation.piece]
    if own == PUBLISHED or bureau.kinds.count(own) == 1:
        return []
    return [at for at in _thirds(bureau, operation) if bureau.kinds[at] == own]


def is_list_alone(bureau: BureauPapers, operation: PieceOperation) -> bool:
    """Check that the list's signatures are corrected, or others by the votes found alone: no slip of the list."""
    if SIGNATURES not in operation.changes:
        return False
    return bureau.kinds[operation.piece] == LIST or not told_elsewhere(bureau, operation)


def look_alikes(count: int, roll: int) -> int:
    """Count other numbers of voters up to the roll: exchanged digits, one lost or one doubled make them of a count."""
    text = str(count)
    places = range(len(text) + 1)
    shorter = {text[:at] + text[at + 1 :] for at in places}
    longer = {text[:at] + digit + text[at:] for at in places for digit in "0123456789"}
    others = {int(each) for each in {*shorter, *longer, *_with_two_exchanged(text)} if each} - {count}
    return sum(each <= roll and (digits(each, count) in SPECIFIC or exchanged(each, count)) for each in others)


def _with_two_exchanged(text: str) -> Iterator[str]:
    for one, other in combinations(range(len(text)), 2):
        yield text[:one] + text[other] + text[one + 1 : other] + text[one] + text[other + 1 :]


def told_elsewhere(bureau: BureauPapers, operation: PieceOperation) -> bool:
    """Check that another piece, no copy, has the signatures that an operation puts in."""
    changed, signed = {piece for piece, _ in operation.cells}, operation.changes[SIGNATURES]
    return any(row[SIGNATURES] == signed for at, row in enumerate(bureau.rows) if at not in changed)


def _has_another_in_its_edit(told: Supported) -> bool:
    """Check that another operation changes a figure of the same edit, with which this one need have nothing to do."""
    own = edits_of(set(told.operation.changes))
    others = (operation for operation in told.operations if operation is not told.operation)
    return any(own & edits_of(set(other.changes)) for other in others)


def edits_of(columns: set[int]) -> set[str]:
    """Name the edits that some figures are part of."""
    found = {name for name, some in (("gap", {SIGNATURES, FOUND}), ("found", {*_COUNTS})) if columns & some}
    return found | ({"valid"} if VALID in columns or max(columns, default=0) >= VOTES else set())


# --- Other readings of sums that are off: each figure, changed so that the sum holds ---

_WRITTEN = (RECORD, RECAP, PUBLISHED)
"""Pieces of which people write the sums."""
_MOST_REREAD = 2
"""Figures that are read otherwise together: of a sum that is off, and of the one that its total is part of."""


def reread_sums(bureau: BureauPapers, piece: int, stated: Truth) -> list[Truth]:
    """Find the truths by which all sums of a piece hold, cheapest first, without those that another piece contradicts.

    Args:
        bureau: with its pieces.
        piece: whose sums they are.
        stated: the figures as it has them.
    """
    kind = bureau.kinds[piece]
    if kind not in _WRITTEN:
        return []
    ways = dict(_reread(kind, stated, bureau.strange, frozenset()))
    alone = [truth for truth, changed in ways.items() if len(changed) == 1]
    if alone and len(broken_sums(kind, stated, bureau.strange)) > 1:  # one that mends two does so by no chance
        ways = {truth: ways[truth] for truth in alone}
    cost: dict[Truth, int] = {}
    for truth, changed in ways.items():
        if not any(_contradicts(bureau, other, piece, stated, truth, changed) for other in range(len(bureau.kinds))):
            slips = ((at, slip(kind, stated, at, truth[at], by_machine=bureau.by_machine)) for at in changed)
            cost[truth] = sum(slip_cost(kind, at, cause, stated[at], truth[at]) for at, cause in slips)
    return sorted(cost, key=lambda truth: (cost[truth], truth))


def broken_sums(kind: str, row: Sequence[int], strange: int) -> list[tuple[int, Sequence[int], int]]:
    """The sums of a row that are off: their total, their parts, and by how much the total is more.

    Args:
        kind: of the piece; a machine counts no valid votes.
        row: its figures, with as many votes as there are choices.
        strange: votes of a PV for something that is no choice, which the valid votes may hold.
    """
    votes = range(VOTES, len(row))
    sums: list[tuple[int, Sequence[int]]] = [(FOUND, range(BLANK, VOTES)), (VALID, votes)]
    if kind in (URN, EXPORT):
        sums = [(FOUND, (BLANK, NULL, *votes) if votes else ())]
    known = [(total, parts) for total, parts in sums if parts and min(row[at] for at in (total, *parts)) >= 0]
    off = [(total, parts, row[total] - sum(row[at] for at in parts)) for total, parts in known]
    return [each for each in off if each[2] and (kind, each[0], each[2]) != (RECORD, VALID, strange)]


def _reread(kind: str, row: Truth, strange: int, changed: frozenset[int]) -> Iterator[tuple[Truth, frozenset[int]]]:
    """Read one figure of each sum that is off by what it is off; nothing where all hold as they stand."""
    broken = broken_sums(kind, row, strange)
    if changed and not broken:
        yield row, changed
    for total, parts, by in broken if len(changed) < _MOST_REREAD else ():
        for at in {total, *parts} - changed:
            value = row[at] + (-by if at == total else by)
            if value >= 0:
                yield from _reread(kind, (*row[:at], value, *row[at + 1 :]), strange, changed | {at})


def _contradicts(
    bureau: BureauPapers, other: int, piece: int, stated: Truth, truth: Truth, changed: Collection[int]
) -> bool:
    """Check that another piece states neither the figure as reread nor, as a copy, the figure as written."""
    row, copies = bureau.rows[other], bureau.kinds[other] in COPIED_BY[bureau.kinds[piece]]
    return other != piece and any(
        row[at] >= 0 and row[at] != truth[at] and not (copies and row[at] == stated[at]) for at in changed
    )
