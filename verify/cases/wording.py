"""What is said of a case: what should read otherwise and why that, or what was found; and where to look.

Never who did it. The sentence of a case without corrections is that of a finding, which a report has already: it is
given as ``told``, so that a nation of them takes no message each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Clause, Message, Plural, Text, msg, nmsg, pmsg, series
from verify.model.cases import Case, CaseDetail, Correction, Sure
from verify.model.field_names import field_label
from verify.model.finding_table import FindingTable
from verify.model.findings import shown
from verify.model.holds import Named
from verify.rulebook.catalogue import rule
from verify.rulebook.causes import CaseKind, Cause

KINDS: dict[CaseKind, Message] = {
    CaseKind.IRREGULARITY: msg("Irregularities that remain"),
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
_SAID_BY_RULES = GAPS | {"misfiled", "figure-wrong"}
"""Causes that without a correction say no more than the findings do."""
_TOLD_BY = {
    **dict.fromkeys(GAPS, frozenset(("R201", "R202", "R204"))),
    "total-off": frozenset(("C125",)),
    "cell-unreadable": frozenset(("I113",)),
}
"""Of some causes the findings that have both figures."""
_COUNTED = 1000
"""Findings of which the sources are counted at most."""
_FEW = 3
"""Corrections, and sources, that are named one by one."""
_SOME = 4
"""Bureaux, and runs of them, that are named."""


def sentence(cause: Cause, detail: CaseDetail, told: Message | str, codes: Sequence[str], *, several: bool) -> Text:
    """All that is said of a case, without its place.

    Args:
        cause: of the case.
        detail: its corrections, and what agrees with them.
        told: what one of its findings says, see `told_by`; said where there are no corrections.
        codes: of its findings, each once.
        several: whether it has more than one finding.
    """
    said = explanation(cause, detail, told, codes, several=several)
    if own_corrections(detail.corrections) or len(codes) > 1:
        said.append(msg("Explains {codes}.", codes=series(codes)))
    return series(said, " ") if len(said) > 1 else said[0]


def explanation(
    cause: Cause, detail: CaseDetail, told: Message | str, codes: Sequence[str], *, several: bool
) -> list[Text]:
    """The sentences of `sentence`, by its arguments, without the codes of what is explained."""
    said = [headline(cause, detail, told, several=several)]
    corrections = own_corrections(detail.corrections)
    if corrections and (detail.agree or detail.adds_up):
        said.append(_agreement(corrections, detail))
    left = detail.values.get("gap_left")
    if isinstance(left, int) and left:
        said.append(_gap_left(left, unmentioned=_UNMENTIONED in codes))
    return said


def _gap_left(gap: int, *, unmentioned: bool) -> Message:
    """The votes beyond signatures, or short of them, that remain with the corrections."""
    if unmentioned:
        return msg("Votes and signatures then still differ by {count:n}, and no remark speaks of it.", count=abs(gap))
    return msg("Votes and signatures then still differ by {count:n}.", count=abs(gap))


_UNMENTIONED = "R204"


def headline(cause: Cause, detail: CaseDetail, told: Message | str, *, several: bool, short: bool = False) -> Text:
    """What is said of a case in one sentence, by the arguments of `sentence`.

    In short, of more than two corrections only one is named, and the cause comes first.
    """
    added = detail.values.get("added")
    if isinstance(added, int):
        values = {"by": abs(added), "cause": cause.title, "field": field_label(str(detail.values["field"]))}
        if added > 0:
            return msg("{field}, {by:n} too many in each bureau ({cause}).", **values)
        return msg("{field}, {by:n} too few in each bureau ({cause}).", **values)
    if detail.said:
        return msg("{said} ({cause}).", said=detail.said, cause=cause.title)
    corrections = own_corrections(detail.corrections)
    if short and len(corrections) > 2:
        return msg("{cause} ({corrections}).", corrections=_corrected(corrections, 1), cause=cause.title)
    if corrections:
        return msg("{corrections} ({cause}).", corrections=_corrected(corrections, _FEW), cause=cause.title)
    if cause.name in _SAID_BY_RULES or not several:
        return told
    return msg("{told} ({cause}).", told=Clause(told), cause=cause.title)


def told_by(cause: Cause, codes: Iterable[str]) -> int:
    """Which of its findings says a case without corrections: one with both figures, else the gravest.

    Args:
        cause: of the case.
        codes: of its findings in their order, the gravest first.
    """
    telling = _TOLD_BY.get(cause.name)
    return 0 if telling is None else next((at for at, code in enumerate(codes) if code in telling), 0)


def told_of(case: Case, table: FindingTable) -> Message:
    """What that finding says; of a case of several places, what its rule is called, and where; of a file, several."""
    at = told_by(case.cause, (table[position].code for position in case.findings))
    if len(case.places) > 1:
        return told_of_several(table, case.findings, at)
    if not any(each.insee or each.bureau for each in case.places):
        return told_of_file(table, case.findings, at)
    return table[case.findings[at]].message


def told_of_file(table: FindingTable, findings: Sequence[int], at: int) -> Message:
    """What is said of findings of a file and of no place: those of the rule of one of them, the first of many."""
    code = table[findings[at]].code
    same = [row for row in findings if table[row].code == code]
    if len(same) == 1:
        return table[same[0]].message
    few = series((Clause(table[row].message) for row in same[:_FEW]), msg("; "))
    return msg("{problems}.", problems=and_more(few, len(same) - _FEW))


def told_of_several(table: FindingTable, findings: Sequence[int], at: int) -> Message:
    """What is said of findings of several places: what the rule of one of them is called, and where they all are.

    What cannot be read is said of all places by one finding, with what stands there.
    """
    if table[findings[at]].code in _TOLD_BY["cell-unreadable"]:
        return told_of_file(table, findings, at)
    looked_at = findings[:_COUNTED]  # of a nation of them the first ones, and no object for each
    sources = list(dict.fromkeys(source for row in looked_at if (source := table[row].left.source)))
    few = series(sources[:_FEW])
    named = and_more(few, len(sources) - _FEW) if len(looked_at) == len(findings) else series((few, "…"))
    return msg("{title}: {sources}.", title=rule(table[findings[at]].code).title, sources=named)


def what_to_do(cause: Cause, detail: CaseDetail) -> Text:
    """Where to look, and what to do."""
    sources = dict.fromkeys((each.piece, each.source) for each in own_corrections(detail.corrections) if each.source)
    if not sources:
        return cause.action
    named = series(
        (series((piece_name(piece), source)) for piece, source in list(sources)[:_FEW]),
        msg("; "),
    )
    return series((cause.action, msg("Where to look: {sources}.", sources=and_more(named, len(sources) - _FEW))), " ")


def own_corrections(corrections: Sequence[Correction]) -> list[Correction]:
    """The corrections of a case, less those that only repeat others."""
    return [each for each in corrections if not each.copied] or list(corrections)


def piece_name(piece: str) -> Text:
    """A piece of evidence for people; empty for none."""
    return EvidenceKind.named(piece).one if piece else ""


def in_piece(piece: str) -> Text:
    """Where a figure of a piece of evidence stands, for people; empty for none."""
    return EvidenceKind.named(piece).there if piece else ""


def _corrected(corrections: Sequence[Correction], named: int) -> Text:
    several = len({(each.place.insee, each.place.bureau) for each in corrections}) > 1
    said = series(map(_with_bureau if several else _correction, corrections[:named]), msg("; "))
    return and_more(said, len(corrections) - named)


def and_more(said: Text, count: int) -> Text:
    """What is said of the first of some things, and how many more there are."""
    if count <= 0:
        return said
    return nmsg("{said}; and {count:n} more", "{said}; and {count:n} more", count, said=said)


def _with_bureau(each: Correction) -> Text:
    return msg("{place}: {text}", place=each.place.bureau or each.place.insee, text=_correction(each))


def _correction(each: Correction) -> Message:
    field: Text = field_label(each.field)
    values: dict[str, object] = {
        "field": field if each.place.bureau else msg("{field} in all", field=field),
        "was": shown(each.was),
        "there": in_piece(each.piece),
    }
    if each.becomes is None or each.becomes < 0:
        return msg("{field}, {was} {there}, is not the figure of this bureau", **values)
    if each.was is None or each.was < 0:
        return msg("{field}, {was} {there}, should be {becomes:n}", **values, becomes=each.becomes)
    return msg("{field}, {was} {there}, should read {becomes:n}", **values, becomes=each.becomes)


def _agreement(corrections: Sequence[Correction], detail: CaseDetail) -> Message:
    """What the corrected figures agree with, or that they add up: so much as the case says."""
    blamed = corrections[0].piece
    others = list(dict.fromkeys(EvidenceKind.named(name).piece for name in detail.agree))
    one = corrections[0].becomes if len(corrections) == 1 else None
    so: Text = msg("these figures") if one is None else series((Plural(one),))
    values: dict[str, object] = {"so": so, "piece": piece_name(blamed), "others": listed(map(piece_name, others))}
    if not others:
        return msg("With {so} {piece} adds up.", **values)
    if detail.adds_up:
        return msg("With {so} {piece} adds up, and agrees with {others}.", **values)
    return msg("With {so} {piece} agrees with {others}.", **values)


def listed(names: Iterable[Text]) -> Text:
    """Names one after another, the last after “and”."""
    every = list(names)
    if len(every) < 2:
        return every[0] if every else ""
    return msg("{some} and {last}", some=series(every[:-1]), last=every[-1])


def commune_of(insee: str, name: str) -> str:
    """A commune by its name and its code, or by one of them where there is no other."""
    name = name.strip()
    return f"{name} ({insee})" if name and name != insee else insee


def place_of(places: Sequence[Named], communes: Mapping[str, str], several: bool = False) -> Text:
    """Where a case is, for people: the commune and its bureaux; empty where it is of no place.

    Args:
        places: of the case.
        communes: names by INSEE code.
        several: whether the day has several polls, so that the first one has to be named as well.
    """
    places = [each for each in places if each.insee] or places  # a cell that cannot be read is of none
    insee = list(dict.fromkeys(each.insee for each in places))
    if len(insee) > 1:
        bureaux = len({(each.insee, each.bureau) for each in places})
        where = nmsg("{count:n} commune", "{count:n} communes", len(insee))
        return nmsg("{count:n} bureau in {where}", "{count:n} bureaux in {where}", bureaux, where=where)
    if not insee:
        return ""
    commune = communes.get(insee[0]) or insee[0]
    bureaux_there = bureaux_of(places, several)
    if not bureaux_there:
        return commune
    return series((commune, bureaux_there)) if commune else bureaux_there


def bureaux_of(places: Sequence[Named], several: bool = False) -> Text:
    """The bureaux of a commune that a case is of, with the poll where the day has several; empty for none."""
    codes = bureau_codes(places, several)
    count = len({each.bureau for each in places if each.bureau})
    return nmsg("bureau {codes}", "bureaux {codes}", count, codes=codes) if count else ""


def bureau_codes(places: Sequence[Named], several: bool = False) -> Text:
    """The same without the word before them; what is said of no poll is of all of them."""
    codes = list(dict.fromkeys(each.bureau for each in places if each.bureau))
    shown_codes = _runs(codes)
    polls = sorted({each.poll for each in places if each.bureau} - {0})
    other = not several and {each.poll for each in places} != {*polls[-1:]} - {1}  # than one poll, and not the first
    if not codes or not polls or other:
        return shown_codes
    if len(polls) == 1:
        return msg("{codes}, poll {poll}", codes=shown_codes, poll=polls[0])
    return msg("{codes}, polls {polls}", codes=shown_codes, polls=listed(map(str, polls)))


def with_place(place: Text, said: Text) -> Text:
    """What is said of a case, with its place in front."""
    return msg("{place}: {text}", place=place, text=said) if place else said


def _runs(codes: Sequence[str]) -> Text:
    """Codes with those that follow one another as “0003 to 0006”, the first of many."""
    runs: list[list[str]] = []
    for code in codes:
        last = runs[-1][-1] if runs else ""
        if last.isdecimal() and code == str(int(last) + 1).zfill(len(last)):
            runs[-1].append(code)
        else:
            runs.append([code])
    named: list[tuple[Text, int]] = []
    for run in runs:
        if len(run) > 2:
            named.append((msg("{first} to {last}", first=run[0], last=run[-1]), len(run)))
        else:
            named += [(code, 1) for code in run]
    if len(named) <= _SOME:
        return listed(text for text, _ in named)
    said = series(text for text, _ in named[:_SOME])
    return nmsg("{said} and {count:n} more", "{said} and {count:n} more", sum(n for _, n in named[_SOME:]), said=said)
