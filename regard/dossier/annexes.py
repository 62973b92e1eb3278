"""Parts of a report beside its cases: files, law, limits, how it was made, dumps of other machines, what comes next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from protocol.dumps.checks import CheckVerdict, DumpCheck
from protocol.dumps.layouts import DumpReading
from protocol.dumps.tallies import Tallies
from protocol.words import Message, Text, msg, nmsg, series
from regard.dossier.model import DumpContestSaid, DumpSaid, InputLine, LawLine
from regard.letters.asking import SaidVote
from regard.letters.handout import HandoutSection, SectionMaker
from regard.letters.law import ELECTIONS
from regard.letters.steps import PARTS, sections
from regard.paths import digest_of
from regard.reports.dumps import TOPICS, VERDICTS, figures_of_contest
from regard.reports.inputs import USED, taken_for
from regard.reports.json_report import MODEL, Options, run_of
from regard.views.legal import bases
from regard.views.saying import Speaker
from verify.audit import Audit
from verify.model.evidence import LinedEvidence
from verify.model.findings import Severity
from verify.model.labels import SEVERITIES
from verify.model.use import Input
from verify.rulebook.catalogue import rule

_OPTIONS: dict[str, Message] = {
    "fail_on": msg("least severity for exit code 1"),
    "files": msg("files given by themselves"),
    "thresholds": msg("file of thresholds"),
}
"""Options that have a name for people."""


def input_lines(inputs: Iterable[Input], speaker: Speaker) -> tuple[InputLine, ...]:
    """Every file that was given."""
    return tuple(_line(used, speaker) for used in inputs)


def _line(used: Input, speaker: Speaker) -> InputLine:
    used_word, note = speaker.text(USED[used.used]), speaker.text(used.note)
    return InputLine(
        path=speaker.name(used.path),
        kind=used.kind,
        taken_for=speaker.name(taken_for(used)),
        used=used.used.value,
        used_word=used_word,
        size=used.size,
        sha256=used.sha256 or "",
        note="" if note == used_word else note,
        why=speaker.text(series((text for text in (used.why, used.action) if text), " ")),
    )


def fingerprint(inputs: Iterable[Input]) -> str:
    """One SHA-256 for all inputs: over a line for each, as ``sha256sum`` writes it, in their order."""
    return digest_of((used.path, used.sha256) for used in inputs if used.sha256)


def law_lines(result: Audit, speaker: Speaker) -> tuple[LawLine, ...]:
    """Legal basis of the rules that found an error or a warning, or that state possible changes."""
    found = [code for severity, code in result.findings.by_code() if severity > Severity.INFO or code[0] == "V"]
    given = {code: basis for code in found if (basis := rule(code).basis) is not None}
    codes = list(given)
    return tuple(
        LawLine(
            basis=basis.text,
            law=basis.law,
            codes=tuple(codes[at] for at in basis.of),
            titles=tuple(dict.fromkeys(speaker.text(rule(codes[at]).title) for at in basis.of)),
        )
        for basis in bases(list(given.values()), speaker)
    )


def limits_said(result: Audit, dumps: bool, speaker: Speaker) -> tuple[str, ...]:
    """Limits of a report."""
    said: list[Text] = [
        msg("A gap says that two counts differ, not why, and never who: sign-in is done by hand."),
        msg(
            "Two figures that agree can both be wrong. Some faults leave no trace in any document; `regard help "
            "limits` names those that are known."
        ),
        msg("What was not given was not checked. The absence of a finding says nothing about it."),
    ]
    if dumps:
        said.append(MODEL)
        said.append(
            msg(
                "A correct checksum shows that bytes are intact. It proves nothing about the content, and nothing in a "
                "dump is signed."
            )
        )
    if result.coverage.source and not result.coverage.official:
        said.append(
            msg(
                "The list of bureaux was taken from {source}, not from an official list: a bureau that is in no "
                "file is not reported as missing.",
                source=result.coverage.source,
            )
        )
    said.append(msg("Only the election judge deducts votes or annuls them."))
    return tuple(map(speaker.text, said))


def run_lines(result: Audit, options: Options, speaker: Speaker) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Versions, and options, each as pairs of a name and a value."""
    run = run_of(result.thresholds, options)
    return tuple(
        tuple((speaker.name(_OPTIONS.get(name, name)), speaker.name(_value(value))) for name, value in of.items())
        for of in (run["versions"], run["options"])
        if isinstance(of, Mapping)
    )


def _value(value: object) -> Text:
    if isinstance(value, str) and value in SEVERITIES:
        return SEVERITIES[value]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


MOST_CONTESTS, MOST_CHECKS = 60, 200
"""Shown of each dump and list of checks; the rest is counted."""


def dump_sections(dumps: tuple[DumpReading, ...], speaker: Speaker) -> tuple[DumpSaid, ...]:
    """Describe the dumps of other machines."""
    return tuple(_dump(reading, speaker) for reading in dumps)


def _dump(reading: DumpReading, speaker: Speaker) -> DumpSaid:
    names, voted = reading.tallies.contest_names(), reading.tallies.contests_voted_in()
    checks = sorted(reading.checks, key=lambda check: _ORDER.index(check.verdict))
    left: list[Text] = []
    if none := len(names) - len(voted):
        left.append(nmsg("{count:n} contest without ballots", "{count:n} contests without ballots", none))
    if (more := len(voted) - MOST_CONTESTS) > 0:
        left.append(nmsg("… {count:n} more contest (--csv)", "… {count:n} more contests (--csv)", more))
    if (more := len(checks) - MOST_CHECKS) > 0:
        left.append(nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", more))
    return DumpSaid(
        title=speaker.sentence(reading.layout.title),
        facts=tuple((speaker.name(name), speaker.name(value)) for name, value in reading.facts),
        contests=tuple(_contest(reading.tallies, at, names[at], speaker) for at in voted[:MOST_CONTESTS]),
        checks=tuple(_check(check, speaker) for check in checks[:MOST_CHECKS]),
        left=tuple(map(speaker.text, left)),
    )


_ORDER = (CheckVerdict.FAILS, CheckVerdict.NOT_CHECKED, CheckVerdict.HOLDS)


def _contest(tallies: Tallies, index: int, name: str, speaker: Speaker) -> DumpContestSaid:
    rows = figures_of_contest(tallies, index)
    return DumpContestSaid(
        speaker.name(name), tuple((speaker.name(label), speaker.number(count)) for label, count in rows)
    )


def _check(check: DumpCheck, speaker: Speaker) -> tuple[str, str, str, str]:
    """The outcome, what was checked, what it is about, and where."""
    where = check.where if check.verdict is not CheckVerdict.HOLDS else check.unit
    topic, outcome = speaker.sentence(TOPICS[check.topic]), speaker.sentence(VERDICTS[check.verdict])
    return outcome, speaker.sentence(check.told), topic, speaker.name(where)


def next_said(evidence: LinedEvidence, speaker: Speaker) -> tuple[HandoutSection, ...]:
    """Complaints, the prefect's delay and documents; none where kind or day of the vote are not known."""
    votes = sorted(SaidVote.of(evidence).votes(), key=lambda vote: list(ELECTIONS).index(vote.election))
    found: list[HandoutSection] = []
    for vote in votes:
        for section in sections(vote, SectionMaker(speaker.language))[: len(PARTS)]:
            of_several = f"{section.title} ({speaker.text(ELECTIONS[vote.election])})"
            found.append(replace(section, title=of_several if len(votes) > 1 else section.title))
    return tuple(found)
