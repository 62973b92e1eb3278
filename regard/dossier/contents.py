"""Contents of a report, from the evidence and its audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from protocol.insee import as_written
from protocol.quantities import Quantity
from protocol.words import Clause, Text, msg, nmsg, series
from regard.dossier.annexes import dump_sections, fingerprint, input_lines, law_lines, limits_said, next_said, run_lines
from regard.dossier.bureau_table import bureau_columns, commune_columns, gap_summary
from regard.dossier.fixed_words import fixed_words
from regard.dossier.model import CaseSection, ChangeSaid, ComparedLine, Dossier, EvidenceLine, GapSummary, ScreenSaid
from regard.language import capitalise
from regard.letters.law import ELECTIONS, ONE_ROUND, election_of, in_words
from regard.letters.steps import ROUNDS, citations
from regard.reports.case_screen import find_indications
from regard.reports.dumps import dump_in_a_sentence
from regard.reports.json_report import MODEL, NO_OPTIONS, Options, thresholds_changed
from regard.reports.unchecked_screen import lacking, not_compared, say_less
from regard.views.audit import nothing_compared, unused_files, verdict, votes_added_up, which_bureaux
from regard.views.case_view import CaseView, CaseViews
from regard.views.cases import LinesOfCases, choose_first, counted_follow_ups
from regard.views.contests import counts_of, notes_of, outcomes_in_short, sentences_of
from regard.views.legal import with_articles
from regard.views.saying import SHORT, Speaker, cut
from verify.audit import Audit
from verify.cases.corrections import correct
from verify.cases.wording import KINDS
from verify.ledger import Line
from verify.model.cases import LIKELY_ENOUGH, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools
from verify.model.findings import Finding
from verify.model.labels import evidence_label, label_polls, missing_label
from verify.rulebook.catalogue import rule
from verify.rulebook.causes import CaseKind

MOST_CARDS = 600
"""Cases that have a card; the others are columns."""
MOST_SCREENS = 100
"""Plausibility findings that a report lists."""
_NAMED, _OUTCOMES = 3, 3
_ABOUT = {
    CaseKind.IRREGULARITY: msg("What remains when slips of the pen are put right."),
    CaseKind.REREAD: msg("Figures that were probably written or copied wrong; the piece of origin tells."),
    CaseKind.EVIDENCE: msg("Pieces to ask for, or to get once more."),
}


def build(
    evidence: LinedEvidence, result: Audit, language: str, options: Options = NO_OPTIONS, author: str = ""
) -> Dossier:
    """A report in a language.

    Args:
        evidence: as it was read and lined up.
        result: of its audit.
        language: the code of one.
        options: that change a verdict, by name.
        author: who draws it up; empty for a field to be filled in.
    """
    speaker = Speaker(language)
    lines = LinesOfCases(result)
    bureaux = bureau_columns(evidence, result, lines, speaker)
    gaps = gap_summary(evidence, result.thresholds.gap_permille)
    stated = _gaps_said(gaps, result.coverage.several_polls)
    certain, likely = _corrected_gaps(evidence, result, gaps)
    unlisted = [_unlisted(gaps)] if gaps.unlisted else []
    views = CaseViews(result, speaker, lines, evidence=evidence)
    cards = {at: views.view(result.cases[at]) for at in np.flatnonzero(lines.begins())[:MOST_CARDS].tolist()}
    screens = find_indications(result)
    dumps = evidence.exports is not None or evidence.urns is not None
    versions, used_options = run_lines(result, options, speaker)
    return Dossier(
        language=language,
        words=fixed_words(speaker, author),
        title=cut(capitalise(speaker.text(series(_title(evidence, result)))), SHORT),
        elections=tuple(cut(speaker.sentence(line), SHORT) for line in _elections(evidence)),
        places=speaker.sentence(_places(evidence, result)),
        verdict=tuple(map(speaker.sentence, _verdict(result, gaps, [*(certain or stated[:1]), *likely, *unlisted]))),
        model=speaker.text(MODEL) if dumps else "",
        evidence=tuple(_evidence(result, speaker)),
        compared=tuple(_compared(result, gaps, speaker)),
        not_checked=tuple(map(speaker.sentence, _not_checked(result))),
        partly=tuple(map(speaker.sentence, say_less(result.coverage))),
        gaps=gaps,
        gaps_said=speaker.text(series([*stated, *certain, *likely, *unlisted], " ")),
        followed=tuple(speaker.sentence(Clause(each)) for each in counted_follow_ups(result)),
        changes=tuple(_change(result.findings[at], speaker) for at in np.flatnonzero(_on_contests(result)).tolist()),
        first=tuple(cards.get(at) or views.view(result.cases[at]) for at in choose_first(result, lines)),
        sections=tuple(_section(kind, result, list(cards.values()), speaker) for kind in CaseKind),
        further=len(result.cases) - sum(card.cases for card in cards.values()),
        bureaux=bureaux,
        communes=commune_columns(evidence, result, bureaux, speaker),
        steps=next_said(evidence, speaker),
        dumps=dump_sections(result.dumps, speaker),
        screens=tuple(_screen(result, at, speaker) for at in screens[:MOST_SCREENS]),
        all_screens=len(screens),
        limits=limits_said(result, dumps, speaker),
        law=law_lines(result, speaker),
        inputs=input_lines(result.inputs, speaker),
        fingerprint=fingerprint(result.inputs),
        versions=versions,
        options=used_options,
        thresholds=speaker.text(thresholds_changed(result.thresholds, language)),
    )


def _on_contests(result: Audit) -> Bools:
    keys = result.findings.keys()
    return keys.of(*(code for code in keys.codes if code.startswith("V")))


def _change(found: Finding, speaker: Speaker) -> ChangeSaid:
    the_rule, details = rule(found.code), found.details
    return ChangeSaid(
        code=found.code,
        title=speaker.text(the_rule.title),
        contest=cut(speaker.sentence(details["contest"]), SHORT),
        conclusion=speaker.text(series((details["conclusion"], *notes_of(found)), "")),
        votes=speaker.text(counts_of(found)),
        steps=tuple(map(speaker.text, (*sentences_of(details["steps"]), *citations([found])))),
        what_to_do=speaker.text(the_rule.action),
        basis="" if the_rule.basis is None else with_articles(speaker.text(the_rule.basis)),
    )


def _section(kind: CaseKind, result: Audit, cards: Sequence[CaseView], speaker: Speaker) -> CaseSection:
    return CaseSection(
        title=speaker.text(KINDS[kind]),
        about=speaker.text(_ABOUT[kind]),
        count=len(result.cases.rows_of(kind)),
        cards=tuple(card for card in cards if card.kind == kind.name.lower()),
    )


def _evidence(result: Audit, speaker: Speaker) -> Iterator[EvidenceLine]:
    """List the kinds of evidence; where the day has several polls, of which of them."""
    for kind, (there, of) in result.coverage.kinds.items():
        label, by_poll = evidence_label(kind), result.coverage.by_poll.get(kind, {})
        said = msg("{name} ({polls})", name=label, polls=label_polls(kind, by_poll)) if by_poll else label
        yield EvidenceLine(speaker.sentence(said), speaker.number(there), speaker.number(of))


def _title(evidence: LinedEvidence, result: Audit) -> Iterator[Text]:
    """The election, the communes and the day."""
    yield _named(evidence)
    if result.coverage.bureaux:
        yield _communes(evidence)
    day = evidence.stated.day if evidence.election is None else evidence.election.date
    if day is not None:
        yield in_words(day)


def _named(evidence: LinedEvidence) -> Text:
    if evidence.election is not None and evidence.election.name.strip():
        return evidence.election.name
    if evidence.election is not None:
        kinds = {election_of(poll.type) for poll in evidence.election.polls}
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind is not None:
            named = ELECTIONS[kind]
            turn = None if kind in ONE_ROUND else ROUNDS.get(evidence.election.round)
            return named if turn is None else msg("{name}, {round}", name=named, round=turn)
    return evidence.stated.text if evidence.stated.kind else msg("Results of an election")


def _elections(evidence: LinedEvidence) -> list[Text]:
    """Describe the election as far as the title does not, and the others whose results were given."""
    said: list[Text] = []
    election = evidence.election
    if election is not None:
        if election.name.strip() and election.round in ROUNDS:
            said.append(ROUNDS[election.round])
        if len(election.polls) == 1 and not election.name.strip() and election.polls[0].name.strip():
            said.append(election.polls[0].name)
        if len(election.polls) > 1:
            said += [msg("Poll {number}: {name}", number=poll.number, name=poll.name) for poll in election.polls]
    said += [
        msg("Also given, and checked by itself: {election}", election=other.stated.text)
        for other in evidence.other_elections
    ]
    return said


def _places(evidence: LinedEvidence, result: Audit) -> Text:
    if not result.coverage.bureaux and result.dumps:
        return series([each.layout.title for each in result.dumps])
    if not result.coverage.bureaux:
        return which_bureaux(result.coverage)
    return msg("{communes}; {bureaux}", communes=_communes(evidence), bureaux=which_bureaux(result.coverage))


def _communes(evidence: LinedEvidence) -> Text:
    """The names of few communes, the number of many."""
    communes = len(evidence.universe.communes)
    names = [name for name in evidence.universe.commune[evidence.universe.communes].tolist() if name]
    if 0 < len(names) == communes <= _NAMED:
        return series(cut(as_written(name), SHORT // 4) for name in names)
    return nmsg("{count:n} commune", "{count:n} communes", communes)


def _compared(result: Audit, gaps: GapSummary, speaker: Speaker) -> Iterator[ComparedLine]:
    """List what was compared: votes with signatures, then each quantity of several pieces."""
    if gaps.compared:
        yield ComparedLine(
            quantity=speaker.sentence(msg("votes found, with signatures")),
            pieces=speaker.text(
                msg(
                    "bureaux with votes and signatures; by a counted sign-in list: {count:n}",
                    count=gaps.compared - gaps.unlisted,
                )
            ),
            compared=speaker.number(gaps.compared),
            of=speaker.number(result.coverage.bureaux),
        )
    lines: dict[Quantity, list[Line]] = {}
    for line in result.ledger.lines:
        if line.compared:
            lines.setdefault(line.quantity, []).append(line)
    for quantity, of_it in lines.items():
        pieces = dict.fromkeys(piece for line in of_it for piece in (line.left, line.right))
        least, most = (speaker.number(pick(line.compared for line in of_it)) for pick in (min, max))
        yield ComparedLine(
            quantity=speaker.sentence(quantity.label),
            pieces=speaker.text(series(map(evidence_label, pieces))),
            compared=most if least == most else f"{least}–{most}",
            of=speaker.number(max(line.figures for line in of_it)),
        )


def _verdict(result: Audit, gaps: GapSummary, gaps_said: Sequence[Text]) -> list[Text]:
    """The result in a few sentences, those on gaps last."""
    said: list[Text] = list(nothing_compared(result)[:1])
    said += [verdict(result), *filter(None, [votes_added_up(result.coverage)])]
    if not gaps.compared and result.coverage.bureaux and not nothing_compared(result):
        said.append(msg("Votes and signatures were compared nowhere: of no bureau both counts are known."))
    said += [msg("{sentence}.", sentence=dump_in_a_sentence(each)) for each in result.dumps]
    outcomes = outcomes_in_short(result)
    more = len(outcomes) - _OUTCOMES
    said += outcomes[:_OUTCOMES]
    said += (
        [nmsg("And {count:n} more contest, below.", "And {count:n} more contests, below.", more)] if more > 0 else []
    )
    return [*said, *gaps_said]


def _corrected_gaps(evidence: LinedEvidence, result: Audit, gaps: GapSummary) -> tuple[list[Text], list[Text]]:
    """The gaps with the certain corrections, and with the likely ones too; each empty where that changes nothing."""
    certain, likely = (
        gap_summary(correct(evidence, result.cases.corrections(*sure)), gaps.permille)
        for sure in ((Sure.CERTAIN,), LIKELY_ENOUGH)
    )
    sure = msg("Votes and signatures by bureau, with the certain corrections made: {gaps}.", gaps=_with_gaps(certain))
    unsure = msg("If the likely corrections hold too: {gaps}.", gaps=_with_gaps(likely))
    return [sure] if certain != gaps else [], [unsure] if likely != certain else []


def _with_gaps(gaps: GapSummary) -> Text:
    """Count the bureaux with more votes than signatures, and with fewer."""
    parts: list[Text] = []
    if gaps.more:
        parts.append(
            msg("{more:n} with more votes (beyond the signatures: {beyond:n})", more=gaps.more, beyond=gaps.beyond)
        )
    if gaps.fewer:
        parts.append(
            msg("{fewer:n} with fewer (signatures without a vote: {short:n})", fewer=gaps.fewer, short=gaps.short)
        )
    return series(parts) if parts else msg("none differs")


def _gaps_said(gaps: GapSummary, several_polls: bool) -> list[Text]:
    """Count the bureaux with a gap between votes and signatures, by size; empty if none was compared.

    Where the day has several polls, a bureau is counted in each of them.
    """
    if not gaps.compared:
        return []
    if gaps.equal == gaps.compared:
        return [_all_equal(gaps.compared, several_polls)]
    counts = {"all": gaps.compared, "parts": _with_gaps(gaps)}
    differ = (
        nmsg(
            "As the evidence stands, votes and signatures differ in {count:n} count (one a bureau and poll) of "
            "{all:n}: {parts}.",
            "As the evidence stands, votes and signatures differ in {count:n} counts (one a bureau and poll) of "
            "{all:n}: {parts}.",
            gaps.more + gaps.fewer,
            **counts,
        )
        if several_polls
        else nmsg(
            "As the evidence stands, votes and signatures differ in {count:n} bureau of {all:n}: {parts}.",
            "As the evidence stands, votes and signatures differ in {count:n} bureaux of {all:n}: {parts}.",
            gaps.more + gaps.fewer,
            **counts,
        )
    )
    return [differ, _size_of_gaps(gaps)]


def _unlisted(gaps: GapSummary) -> Text:
    return nmsg(
        "In {count:n} of the {all:n} no sign-in list was counted: its signatures are those of the PV or of the "
        "publication.",
        "In {count:n} of the {all:n} no sign-in list was counted: their signatures are those of the PV or of the "
        "publication.",
        gaps.unlisted,
        all=gaps.compared,
    )


def _all_equal(count: int, several_polls: bool) -> Text:
    if several_polls:
        return nmsg(
            "Votes and signatures are equal in the {count:n} count (one a bureau and poll) where both are known.",
            "Votes and signatures are equal in all {count:n} counts (one a bureau and poll) where both are known.",
            count,
        )
    return nmsg(
        "Votes and signatures are equal in the {count:n} bureau where both are known.",
        "Votes and signatures are equal in all {count:n} bureaux where both are known.",
        count,
    )


def _size_of_gaps(gaps: GapSummary) -> Text:
    if not gaps.outside:
        return nmsg(
            "No gap is larger than {permille} ‰ of the votes found; the largest is {count:n} vote.",
            "No gap is larger than {permille} ‰ of the votes found; the largest is {count:n} votes.",
            gaps.largest,
            permille=gaps.permille,
        )
    return nmsg(
        "{count:n} gap is larger than {permille} ‰ of the votes found; the largest is {largest:n}.",
        "{count:n} gaps are larger than {permille} ‰ of the votes found; the largest is {largest:n}.",
        gaps.outside,
        permille=gaps.permille,
        largest=gaps.largest,
    )


def _not_checked(result: Audit) -> Iterable[Text]:
    """List checks without their evidence, and unused files."""
    coverage = result.coverage
    if missing := lacking(coverage.unchecked):
        yield msg("Not there: {kinds}. What needs them was not checked.", kinds=series(map(missing_label, missing)))
    yield from not_compared(result)
    yield from nothing_compared(result)[1:]
    if coverage.failed:
        yield msg("Rules not applied: {codes}", codes=", ".join(coverage.failed))
    yield from unused_files(result.inputs)


def _screen(result: Audit, at: int, speaker: Speaker) -> ScreenSaid:
    found = result.findings[at]
    commune = result.coverage.communes.get(found.insee) or found.insee
    where: Text = series((commune, msg("bureau {codes}", codes=found.bureau))) if found.bureau else commune
    return ScreenSaid(found.code, speaker.name(where), speaker.sentence(found.message))
