"""The audit as a whole, in sentences: its bureaux, what is compared nowhere, and how much was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from protocol.dumps.checks import CheckVerdict
from protocol.dumps.layouts import DumpReading
from protocol.night import RECORDS, SIGNATURES
from protocol.quantities import Quantity
from protocol.words import Message, Text, first_of, msg, nmsg, series
from verify.audit import Audit
from verify.coverage import Coverage
from verify.inputs import CLOSED
from verify.model.use import OURS, Input, Used
from verify.read.disguised import OPEN, SYSTEM
from verify.read.tables.headers import is_other
from verify.rulebook.causes import CaseKind

_UNREAD = 8
"""Most unread headers, and most unread files, that the screen names."""


def which_bureaux(coverage: Coverage) -> Message:
    """Number of bureaux, their way of counting, and the source."""
    if not coverage.bureaux:
        return msg("No bureau: results of a higher level")
    counting: Text = ""
    if coverage.machine or coverage.paper:  # else nothing says how they count
        values = {"machine": coverage.machine, "paper": coverage.paper}
        rest = coverage.bureaux - coverage.machine - coverage.paper
        counting = msg(" ({machine:n} machine, {paper:n} paper)", **values)
        if rest:
            counting = msg(" ({machine:n} machine, {paper:n} paper, {rest:n} not known)", rest=rest, **values)
    said = nmsg(
        "{count:n} bureau{counting}, by {source}",
        "{count:n} bureaux{counting}, by {source}",
        coverage.bureaux,
        counting=counting,
        source=coverage.source,
    )
    return said if coverage.official else msg("{said} (not the official list)", said=said)


def votes_added_up(coverage: Coverage) -> Message | None:
    """Say the votes by choice of one contest, of the first two choices: as they stand, and with certain corrections."""
    added = coverage.votes
    if added is None:
        return None
    stand = nmsg(
        "Votes of the PVs in all, without corrections ({count:n} bureau): {names}.",
        "Votes of the PVs in all, without corrections ({count:n} bureaux): {names}.",
        added.bureaux,
        names=_first_two(added.choices),
    )
    if added.corrected:
        stand = msg("{stand} With the certain corrections: {names}.", stand=stand, names=_first_two(added.corrected))
    if added.published not in ((), added.corrected or added.choices):
        values = {"stand": stand, "names": _first_two(added.published)}
        if added.published[0][0] == (added.corrected or added.choices)[0][0]:
            stand = msg("{stand} By the published results: {names}.", **values)
        else:
            stand = msg("{stand} The published results put another one first: {names}.", **values)
    return stand


def _first_two(choices: Sequence[tuple[str, int]]) -> Message:
    (first, most), (second, other) = choices[:2]
    return msg(
        "{first} {most:n}, {second} {other:n} ({apart:n} apart)",
        first=first,
        second=second,
        most=most,
        other=other,
        apart=most - other,
    )


_COUNTED = frozenset((RECORDS.kind, SIGNATURES.kind))
"""Kinds of tables of which one at least has votes found, and one signatures."""


_ALONE = frozenset(("emargements",))
"""Kinds of evidence of which there is one figure of each bureau, and nothing to compare it with."""


def nothing_compared(result: Audit) -> list[Message]:
    """That votes and signatures are compared nowhere, as the tables lack one of the two, and how to say which it is.

    Of sign-in counts alone nothing is compared at all; PVs have other figures as well.
    """
    lacks = result.coverage.unchecked.get("R201", ())
    tables = [(used.path, use) for used in result.inputs for use in used.sheets if not _COUNTED.isdisjoint(use.kinds)]
    if not lacks or not tables:
        return []
    missing = Quantity.SIGNATURES if "emargements" in lacks else Quantity.VOTES_FOUND
    files = series(dict.fromkeys(path for path, _ in tables))
    left_out = msg("Votes and signatures cannot be compared")
    if _is_alone(result):
        left_out = msg("Nothing can be compared")
    there = any(each.meaning == missing for _, use in tables for each in use.columns)
    if there and not result.coverage.several_polls:
        unused = msg(
            "{left_out}: nothing of the column of {what} in {files} can be used.",
            left_out=left_out,
            what=missing.label,
            files=files,
        )
        return [unused]
    if there:
        return [
            msg(
                "{left_out}: nothing says which poll of the day the rows of {files} are of. A column « poll » with its "
                "number can say it, or the title of a sheet, such as « Poll 1 ».",
                left_out=left_out,
                files=files,
            )
        ]
    said = [msg("{left_out}: no column of {what} in {files}.", left_out=left_out, what=missing.label, files=files)]
    unread = dict.fromkeys(
        column.header
        for _, use in tables
        for column in use.columns
        if not column.meaning and not is_other(column.header)
    )
    if unread:
        headers = series((msg("« {header} »", header=header) for header in list(unread)[:_UNREAD]), msg(", "))
        said.append(
            msg(
                'Not read there: {headers}. If one of them is it: --map "{header}={name}".',
                headers=headers,
                header=next(iter(unread)) if len(unread) == 1 else "…",  # none is guessed of several
                name=missing.label,
            )
        )
    return said


def not_read(names: Sequence[str]) -> Message:
    """Number of unread files, and the first names."""
    return nmsg("{count:n} file not read: {some}", "{count:n} files not read: {some}", len(names), some=first_of(names))


def unused_files(inputs: Sequence[Input]) -> Iterator[Text]:
    """Files that were not read and why, first what may be evidence; then those that were not read as a whole."""
    unread = sorted((used for used in inputs if used.unread), key=_is_minor)
    for used in unread[:_UNREAD]:
        counted = used.kind == "folder" and used.note
        name = msg("{name} ({files})", name=used.path, files=used.note) if counted else used.path
        yield msg("{name} not read: {why}", name=name, why=used.why)
    if rest := [used.path for used in unread[_UNREAD:]]:
        yield msg("… and {files}", files=not_read(rest))
    for used in [used for used in inputs if used.used is Used.PART and used.why][:_UNREAD]:
        yield msg("{name} not read as a whole: {why}", name=used.path, why=used.why)


def _is_minor(used: Input) -> int:
    """The place in a list of what is not read: first what may be evidence, last what a computer leaves unasked."""
    return -1 if used.why == CLOSED else 1 if used.why in (OPEN, SYSTEM) else 0


def own_files(inputs: Sequence[Input]) -> Message | None:
    """Say that files are regard's own, and no evidence."""
    ours = [used.path for used in inputs if used.kind == OURS and not used.unread]
    if not ours:
        return None
    return nmsg(
        "{count:n} file written by regard, no evidence: {some}",
        "{count:n} files written by regard, no evidence: {some}",
        len(ours),
        some=first_of(ours),
    )


def number_of_cases(result: Audit) -> int:
    """Count the cases that ask for something."""
    return int(result.cases.asks.sum())


def counted_kinds(result: Audit) -> list[Message]:
    """Count the cases of each kind that ask for something; gaps that no rule of law is broken by are no irregularities.

    Such a gap is mentioned in the PV, or there is no PV to mention it.
    """
    odd, reread, lack = map(result.cases.number_of, CaseKind)
    gaps = result.cases.number_caused_by(_GAP)
    odd -= gaps
    said = (
        nmsg("{count:n} irregularity that remains", "{count:n} irregularities that remain", odd),
        nmsg("{count:n} gap between votes and signatures", "{count:n} gaps between votes and signatures", gaps),
        nmsg("{count:n} figure to read again", "{count:n} figures to read again", reread),
        nmsg("evidence missing or damaged in {count:n} case", "evidence missing or damaged in {count:n} cases", lack),
    )
    return [each for each, count in zip(said, (odd, gaps, reread, lack), strict=True) if count]


_GAP = "open-gap"
"""Cause of a gap between votes and signatures that no PV leaves out."""


def number_for_information(result: Audit) -> int:
    """Count the other cases."""
    return len(result.cases) - number_of_cases(result)


def counted_cases(count: int, for_information: int) -> Message:
    """That many cases, in words, and how many are for information only."""
    said = nmsg("{count:n} case", "{count:n} cases", count)
    if not for_information:
        return said
    return msg("{cases}, and {number:n} for information", cases=said, number=for_information)


def is_unchecked(readings: Sequence[DumpReading]) -> bool:
    """Tell that there are dumps, and that no check of any of them could be made."""
    verdicts = {check.verdict for reading in readings for check in reading.checks}
    return bool(readings) and verdicts <= {CheckVerdict.NOT_CHECKED}


def _is_alone(result: Audit) -> bool:
    """Tell that there are sign-in counts, and nothing else that they could be compared with."""
    return result.coverage.kinds.keys() <= _ALONE


def verdict(result: Audit) -> Message:
    """Say in one sentence what is to be settled."""
    if parts := counted_kinds(result):
        return msg("To be settled: {cases}.", cases=series(parts))
    if not any(result.ledger.looks.values()) or (_is_alone(result) and nothing_compared(result)):
        return msg("Nothing was compared.")
    return msg("In what was compared, nothing is left to be settled.")


def last_sentence(result: Audit) -> Text:
    """Count cases and files not read, in one sentence without full stop."""
    names = [used.path for used in result.inputs if used.unread]
    parts: list[Text] = [counted_cases(number_of_cases(result), number_for_information(result))]
    parts += [msg("no check of the dumps could be made")] if is_unchecked(result.dumps) else []
    parts += [not_read(names)] if names else []
    said: Text = series(parts, msg("; "))
    if nothing_compared(result):
        if _is_alone(result):
            said = msg("Nothing was compared; in what was looked at: {verdict}", verdict=said)
        else:
            said = msg("Votes and signatures were not compared; in the rest: {verdict}", verdict=said)
    return said
