"""The sentences of a case: what should read otherwise and why that, or what was found; and where to look.

Never who did it. The sentence of a case without corrections is that of a finding, which a report has already: it is
given as ``told``, so that a nation of them takes no message each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Clause, Message, Plural, Text, msg, nmsg, pmsg, series
from verify.cases.drafting import grouped
from verify.cases.place_names import listed, with_place
from verify.explanations.certainty import SPECIFIC
from verify.explanations.slips import digits
from verify.model.cases import Case, CaseDetail, CaseReading, Correction, Sure
from verify.model.finding_table import FindingTable
from verify.model.findings import file_of, shown, shown_source
from verify.model.labels import field_label
from verify.rulebook.catalogue import rule
from verify.rulebook.causes import CaseKind, Cause, causes

KINDS: dict[CaseKind, Message] = {
    CaseKind.IRREGULARITY: msg("Irregularities and gaps that remain"),
    CaseKind.REREAD: msg("Figures to read again"),
    CaseKind.EVIDENCE: msg("Evidence missing or damaged"),
}
"""The headings of the three kinds of cases."""
SURE: dict[Sure, Message] = {
    Sure.CERTAIN: pmsg("how sure a case is", "certain"),
    Sure.LIKELY: pmsg("how sure a case is", "likely"),
    Sure.OPEN: pmsg("how sure a case is", "open"),
}
GAPS = frozenset(("open-gap", "gap-unmentioned"))
"""Causes that say no more than the two counts do."""
_SAID_BY_RULES = GAPS | {"misfiled", "figure-wrong", "total-off"}
"""Causes whose title adds nothing to the sentence of a case without corrections."""
_TOLD_BY = {
    **dict.fromkeys(GAPS, frozenset(("R201", "R202", "R204"))),
    "total-off": frozenset(("C125",)),
    "cell-unreadable": frozenset(("I113",)),
}
"""Of some causes the findings that have both figures."""
_MADE_FROM = {"T306": frozenset(("R210",))}
"""By the rule of a copy that does not add up, that of what it is made from."""
_COUNTED = 1000
"""Findings of which the sources are counted at most."""
_FEW = 3
"""Corrections, and sources, that are named one by one."""


def describe(case: Case, table: FindingTable) -> Text:
    """All that is said of a case, without its place."""
    keys = table.keys()
    codes = [keys.codes[code] for code in dict.fromkeys(keys.code[list(case.findings)].tolist())]
    told = told_of(case, table)
    said = sentence(case.cause, case.sure, case.detail, told, codes, several=len(case.findings) > 1)
    return _given_twice(case, table, told, said)


def describe_shortly(case: Case, table: FindingTable) -> Text:
    """Describe a case in one sentence, or two, without its place; see `headline`."""
    told, several = told_of(case, table), len(case.findings) > 1
    said = headline(case.cause, case.sure, case.detail, told, several=several, short=True)
    return said if case.detail.corrections else _given_twice(case, table, told, said)


def _given_twice(case: Case, table: FindingTable, told: Message | str, said: Text) -> Text:
    """Put ahead of what is said of one bureau that a figure of it is given twice."""
    if len(case.places) > 1:
        return said
    keys = table.keys()
    twice = (table[row].message for row in case.findings[:_COUNTED] if keys.codes[keys.code[row]] == GIVEN_TWICE)
    first = next(twice, None)
    quoted = told == first and not case.detail.corrections
    return said if first is None or quoted else series((Clause(first), said), msg("; "))


GIVEN_TWICE = "R226"
"""The rule of a figure that one piece gives twice."""


def sentence(
    cause: Cause, sure: Sure, detail: CaseDetail, told: Message | str, codes: Sequence[str], *, several: bool
) -> Text:
    """All that is said of a case, without its place.

    Args:
        cause: of the case.
        sure: how sure it is.
        detail: its corrections or readings, and what agrees with them.
        told: what one of its findings says, see `told_by`; said where there are no corrections.
        codes: of its findings, each once.
        several: whether it has more than one finding.
    """
    said = [headline(cause, sure, detail, told, several=several)]
    corrections = own_corrections(detail.corrections)
    if corrections and (detail.agree or detail.adds_up):
        said.append(_agreement(corrections, detail))
    if "look_alikes" in detail.values:
        said.append(_by_chance(corrections, detail))
    left = detail.values.get("gap_left")
    if isinstance(left, int) and left:
        said.append(_gap_left(left, unmentioned=_UNMENTIONED in codes))
    return series(said, " ") if len(said) > 1 else said[0]


def _by_chance(corrections: Sequence[Correction], detail: CaseDetail) -> Message:
    """Say how many counts would look like a slip of the list by chance."""
    return nmsg(
        "A coincidence is possible: {count:n} of the {roll:n} other counts up to the roll also looks like "
        "{becomes} miswritten.",
        "A coincidence is possible: {count:n} of the {roll:n} other counts up to the roll also look like "
        "{becomes} miswritten.",
        int(str(detail.values["look_alikes"])),
        roll=detail.values["roll"],
        becomes=shown(corrections[0].becomes),
    )


def _gap_left(gap: int, *, unmentioned: bool) -> Message:
    """The votes beyond signatures, or short of them, that remain with the corrections."""
    if unmentioned:
        return msg("Votes and signatures then still differ by {count:n}, and no remark speaks of it.", count=abs(gap))
    return msg("Votes and signatures then still differ by {count:n}.", count=abs(gap))


_UNMENTIONED = "R204"


def headline(
    cause: Cause, sure: Sure, detail: CaseDetail, told: Message | str, *, several: bool, short: bool = False
) -> Text:
    """Describe a case in one sentence, by the arguments of `sentence`; an open one with its readings.

    In short, of more than two corrections only one is named, and the cause comes first. What is open has no cause yet,
    and none is named.
    """
    corrections = own_corrections(detail.corrections)
    many = short and len(corrections) > 2
    said: Text
    added = detail.values.get("added")
    if isinstance(added, int):
        values = {"by": abs(added), "field": field_label(str(detail.values["field"]))}
        if added > 0:
            said = msg("{field}, {by:n} too many in each bureau", **values)
        else:
            said = msg("{field}, {by:n} too few in each bureau", **values)
    elif detail.said:
        said = detail.said
    elif corrections:
        said = _corrected(corrections, 1 if many else _FEW)
    elif detail.readings:
        either = _either_exchanged(detail.readings) or _either_of_two(detail.readings)
        return either or series((_asked(detail, told), _read(detail.readings)), " ")
    elif sure is Sure.OPEN or cause.name in _SAID_BY_RULES or not several:
        return told
    else:
        said = Clause(told)
    if sure is Sure.OPEN or (cause.name in _SAID_BY_RULES and not corrections):
        return msg("{sentence}.", sentence=said)
    title: Text = cause.title
    if row_of := detail.values.get("row_of"):
        title = msg("the figures of bureau {bureau}", bureau=row_of)
    if many and not (detail.said or isinstance(added, int)):
        return msg("{cause} ({corrections}).", corrections=said, cause=title)
    return msg("{said} ({cause}).", said=said, cause=title)


def _asked(detail: CaseDetail, told: Message | str) -> Text:
    """The figures that contradict each other in an open case.

    A piece that has the figure of its signatures as its votes found as well is said to.
    """
    every = [each for reading in detail.readings for each in reading.corrections]
    again = {each.piece for each in every} & {detail.values.get("twice")}
    if not again or len({(each.place, str(each.field)) for each in every}) > 1:
        return told
    stated = dict.fromkeys((each.piece, each.was) for each in every)
    twice = again.pop()
    figure = next(was for piece, was in stated if piece == twice)
    others = [series((piece_name(piece), shown(was)), " ") for piece, was in stated if was != figure]
    return msg(
        "{piece} has {figure} signatures and {figure} votes found, {others}: count again.",
        piece=piece_name(twice),
        figure=shown(figure),
        others=series(others),
    )


def _read(readings: Sequence[CaseReading]) -> Text:
    """The readings of an open case, one after another."""
    fields = {(each.place, str(each.field)) for reading in readings for each in reading.corrections}
    by_sum = Counter(_change_of_a_choice(each) for each in readings if each.by_sum)
    counted = [each for each in readings if each.by_sum and by_sum[_change_of_a_choice(each)] > 1]
    said = [_reading(each, named=len(fields) > 1) for each in readings if each not in counted]
    said += [_counted(by, count) for by, count in by_sum.items() if count > 1]
    other = msg("; or ")
    return msg("Either {readings}.", readings=series(said, other))


def _counted(by: int, count: int) -> Text:
    """Say how many readings there are of the votes of one choice, by so many votes, or of other figures for 0."""
    if not by:
        return msg("{count:n} other readings", count=count)
    change = nmsg("{count:n} vote more", "{count:n} votes more", by)
    if by < 0:
        change = nmsg("{count:n} vote fewer", "{count:n} votes fewer", -by)
    return msg("{change} for one of {count:n} other choices", count=count, change=change)


def _change_of_a_choice(reading: CaseReading) -> int:
    """By how much a reading changes the votes of one choice, if it changes nothing else; else 0."""
    changes = {(each.choice, each.was, each.becomes) for each in reading.corrections}
    [(choice, was, becomes), *others] = changes or {(-1, None, None)}
    return becomes - was if choice >= 0 and not others and was is not None and becomes is not None else 0


def _reading(reading: CaseReading, *, named: bool) -> Text:
    """Say what one reading corrects, and the gap that remains; counts are named where they are several."""
    parts: list[Text] = []
    if not reading.corrections:
        parts.append(msg("every figure stands as it is"))
    elif named:
        parts.append(_exchanged(reading.corrections) or _corrected(reading.corrections, _FEW))
    else:
        parts += map(_misread, _together(reading.corrections))
    if reading.gap > 0:
        parts.append(
            nmsg(
                "there is {count:n} more vote than signatures",
                "there are {count:n} more votes than signatures",
                reading.gap,
            )
        )
    elif reading.gap < 0:
        parts.append(
            nmsg(
                "there is {count:n} vote fewer than signatures",
                "there are {count:n} votes fewer than signatures",
                -reading.gap,
            )
        )
    return listed(parts)


def _misread(alike: Sequence[Correction]) -> Text:
    """A figure of the one count that a case is about, in every piece that has it, which should read otherwise."""
    first = alike[0]
    return msg(
        "{was} {there} should read {becomes}", was=shown(first.was), there=_there(alike), becomes=shown(first.becomes)
    )


def told_by(cause: Cause, codes: Iterable[str]) -> int:
    """Choose the finding that describes a case without corrections: one with both figures, else the gravest.

    Args:
        cause: of the case.
        codes: of its findings in their order, the gravest first.
    """
    every = list(codes)
    telling = _TOLD_BY.get(cause.name) or _MADE_FROM.get(next(iter(every), ""), frozenset())
    return next((at for at, code in enumerate(every) if code in telling), 0)


def told_of(case: Case, table: FindingTable) -> Message:
    """Quote that finding; of a case of several places the first ones; of a file, several."""
    keys = table.keys()
    at = told_by(case.cause, [keys.codes[code] for code in keys.code[list(case.findings)].tolist()])
    if len(case.places) > 1:
        return told_of_several(table, case.findings, at, case.sure)
    if not any(each.insee or each.bureau for each in case.places):
        return told_of_file(table, case.findings, at)
    return table[case.findings[at]].message


def told_of_file(table: FindingTable, findings: Sequence[int], at: int) -> Message:
    """Quote findings of a file and of no place: those of the rule of one of them, the first of many."""
    code = table[findings[at]].code
    same = [row for row in findings if table[row].code == code]
    if len(same) == 1:
        return table[same[0]].message
    few = series((Clause(table[row].message) for row in same[:_FEW]), msg("; "))
    return msg("{problems}.", problems=and_more(few, len(same) - _FEW))


def told_of_several(table: FindingTable, findings: Sequence[int], at: int, sure: Sure) -> Message:
    """Describe findings of several places: the title of the rule of one of them, and their files.

    Of an open case, both figures of the first ones of that rule. What cannot be read is said of all places by one
    finding, with what stands there.
    """
    first = table[findings[at]]
    if first.code in _TOLD_BY["cell-unreadable"]:
        return told_of_file(table, findings, at)
    looked_at = findings[:_COUNTED]  # of a nation of them the first ones, and no object for each
    if sure is Sure.OPEN and isinstance(first.left.value, int) and isinstance(first.right.value, int):
        same = [row for row in looked_at if table[row].code == first.code]
        few = series((with_place(table[row].bureau, Clause(table[row].message)) for row in same[:_FEW]), msg("; "))
        return msg("{problems}.", problems=and_more(few, len(same) - _FEW))
    if first.left.quantity == "bureau" and first.right.value is None:  # what names a bureau is not what it lacks
        return msg("{title}.", title=rule(first.code).title)
    files = list(dict.fromkeys(file for row in looked_at if (file := file_of(table[row].left.source))))
    few = series(files[:_FEW])
    named = and_more(few, len(files) - _FEW) if len(looked_at) == len(findings) else series((few, "…"))
    return msg("{title}: {sources}.", title=rule(first.code).title, sources=named)


def what_to_do(cause: Cause, detail: CaseDetail) -> Text:
    """Say what to do, and the sources to look at."""
    read = [each for one in detail.readings for each in one.corrections]
    figures = own_corrections(detail.corrections) or read
    action = _COUNT_AGAIN if any(each.piece == EvidenceKind.SIGNATURES for each in read) else cause.action
    sources = dict.fromkeys((each.piece, each.source) for each in figures if each.source)
    if not sources:
        return action
    named = series(
        (series((piece_name(piece), shown_source(source))) for piece, source in list(sources)[:_FEW]),
        msg("; "),
    )
    return series((action, msg("Where to look: {sources}.", sources=and_more(named, len(sources) - _FEW))), " ")


_COUNT_AGAIN = msg("Count the signatures on the sign-in list again, page by page, with a second person.")


def own_corrections(corrections: Sequence[Correction]) -> list[Correction]:
    """The corrections of a case, less those that only repeat others, and those of no figure by none."""
    stated = [each for each in corrections if _is_figure(each.was) or _is_figure(each.becomes)]
    return [each for each in stated if not each.copied] or stated


def _is_figure(value: int | None) -> bool:
    return value is not None and value >= 0


def becoming(each: Correction) -> Text | Plural:
    """Show the figure that should stand there, as a cell of a table says it."""
    return shown(each.becomes) if _is_figure(each.becomes) else msg("not of this bureau")


def piece_name(piece: str) -> Text:
    """A piece of evidence for people; empty for none."""
    return EvidenceKind.named(piece).one if piece else ""


def in_piece(piece: str) -> Text:
    """Say in which piece of evidence a figure stands, for people; empty for none."""
    return EvidenceKind.named(piece).there if piece else ""


def _corrected(corrections: Sequence[Correction], named: int) -> Text:
    several = len({(each.place.insee, each.place.bureau) for each in corrections}) > 1
    every = _together(corrections)
    said = series(map(_with_bureau if several else _correction, every[:named]), msg("; "))
    return and_more(said, len(every) - named)


def _together(corrections: Sequence[Correction]) -> list[list[Correction]]:
    """Corrections of one figure that several pieces have, together."""

    def figure(each: Correction) -> object:
        return each.place, str(each.field), each.choice, each.was, each.becomes, each.of

    return list(grouped(figure, corrections).values())


def _exchanged(corrections: Sequence[Correction]) -> Message | None:
    """Two figures of one bureau that stand in each other's place in the same pieces; None for others."""
    if len(every := _together(corrections)) != 2:
        return None
    [one, other], pieces = [alike[0] for alike in every], [[each.piece for each in alike] for alike in every]
    if one.place != other.place or pieces[0] != pieces[1] or (one.was, one.becomes) != (other.becomes, other.was):
        return None
    return msg(
        "{field}, {was}, and {other}, {becomes}, in each other's place {there}",
        field=field_label(one.field),
        was=shown(one.was),
        other=field_label(other.field),
        becomes=shown(one.becomes),
        there=_there(every[0]),
    )


def _either_exchanged(readings: Sequence[CaseReading]) -> Message | None:
    """Two figures of a bureau that one piece or another has exchanged; None for other readings."""
    if len(readings) != 2 or not all(_exchanged(each.corrections) for each in readings):
        return None
    one, other = (_together(each.corrections) for each in readings)
    if {(alike[0].place, alike[0].choice, alike[0].field) for alike in one} != {
        (alike[0].place, alike[0].choice, alike[0].field) for alike in other
    }:
        return None
    first, second = (alike[0] for alike in one)
    return msg(
        "{field} {was:n} and {other} {becomes:n} {there}, the other way round {elsewhere}: one of the two has them "
        "exchanged.",
        field=field_label(first.field),
        was=first.was,
        other=field_label(second.field),
        becomes=first.becomes,
        there=_there(one[0]),
        elsewhere=_there(other[0]),
    )


def _either_of_two(readings: Sequence[CaseReading]) -> Message | None:
    """A figure that one piece or another has wrong, and the slip that its digits show; None for other readings."""
    every = [_together(each.corrections) for each in readings if not each.gap]
    if len(readings) != 2 or [len(each) for each in every] != [1, 1]:
        return None
    [one], [other] = every
    first, second = one[0], other[0]
    if (first.place, str(first.field), first.was, first.becomes) != (
        second.place,
        str(second.field),
        second.becomes,
        second.was,
    ):
        return None
    said = msg(
        "{field}, {was} {there} and {other} {elsewhere}: read both again",
        field=field_label(first.field),
        was=shown(first.was),
        there=_there(one),
        other=shown(second.was),
        elsewhere=_there(other),
    )
    slip = digits(first.was, second.was) if first.was is not None and second.was is not None else ""
    if slip in SPECIFIC:  # of one digit alone, rolls differ as well
        return msg("{said} ({cause}).", said=said, cause=causes()[slip].title)
    return msg("{sentence}.", sentence=said)


def _there(alike: Sequence[Correction]) -> Text:
    return listed(dict.fromkeys(in_piece(each.piece) for each in alike))


def and_more(said: Text, count: int) -> Text:
    """Add to the first of some things how many more there are."""
    if count <= 0:
        return said
    return nmsg("{said}; and {count:n} more", "{said}; and {count:n} more", count, said=said)


def _with_bureau(alike: Sequence[Correction]) -> Text:
    place = alike[0].place
    return msg("{place}: {text}", place=place.bureau or place.insee, text=_correction(alike))


def _correction(alike: Sequence[Correction]) -> Message:
    each = alike[0]
    field: Text = field_label(each.field)
    values: dict[str, object] = {
        "field": field if each.place.bureau else msg("{field} in all", field=field),
        "was": shown(each.was),
        "there": _there(alike),
    }
    if each.of:
        return msg("{field}, {was} {there}, is the figure of bureau {bureau}", **values, bureau=each.of)
    if not _is_figure(each.becomes):
        return msg("{field}, {was} {there}, is not the figure of this bureau", **values)
    if not _is_figure(each.was):
        return msg("{field}, {was} {there}: {becomes:n} by the other pieces", **values, becomes=each.becomes)
    return msg("{field}, {was} {there}, should read {becomes:n}", **values, becomes=each.becomes)


_OTHER_VERSION = msg("its other version")


def _agreement(corrections: Sequence[Correction], detail: CaseDetail) -> Message:
    """Say with which pieces the corrected figures agree, or that they add up: so much as the case says."""
    blamed = corrections[0].piece
    others = list(dict.fromkeys(EvidenceKind.named(name).piece for name in detail.agree))
    one = corrections[0].becomes if len(corrections) == 1 else None
    so: Text = msg("these figures") if one is None else series((Plural(one),))
    named = (_OTHER_VERSION if each == blamed else piece_name(each) for each in others)
    values: dict[str, object] = {"so": so, "piece": piece_name(blamed), "others": listed(named)}
    if not others:
        return msg("With {so} {piece} adds up.", **values)
    if detail.adds_up:
        return msg("With {so} {piece} adds up, and agrees with {others}.", **values)
    return msg("With {so} {piece} agrees with {others}.", **values)
