"""The sentences of every step of what readings allow (V503)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from protocol.words import Message, Text, msg, nmsg, quoted, series
from verify.materiality.contest import ContestCount, Scope
from verify.materiality.deduction import ContestVerdict, deduct
from verify.materiality.deduction_steps import decisive
from verify.materiality.readings import BarCrossed, EveryOutcome, PossibleOutcome
from verify.materiality.steps import (
    NOT_ALL,
    before_step,
    conclusion_of,
    part_of,
    scope_step,
)
from verify.materiality.wording import SHOWN, THRESHOLDS, and_more, result, right_from

_FEW = 4
"""Names that a sentence has; of more only the number."""


def reading_steps(
    count: ContestCount, cases: Sequence[Text], readings: Sequence[Text], every: EveryOutcome
) -> tuple[Message, ...]:
    """The steps of `readings.every_outcome`, in order; the last one is the verdict.

    Args:
        count: the contest as it stands.
        cases: what the first reading of each would have stand otherwise.
        readings: what each would have, by number.
        every: the outcomes.
    """
    named = nmsg(
        "{count:n} open or likely case gives other readings of figures, first of all: {readings}.",
        "{count:n} open or likely cases give other readings of figures, first of all: {readings}.",
        len(cases),
        readings=_named(cases, range(len(cases))),
    )
    steps = [scope_step(count.scope)]
    if cases:
        steps.append(named)
    if every.outcome is not None:
        steps.append(before_step(count, every.outcome))
        steps += [_possible(count, readings, each) for each in every.others[:SHOWN]]
        if len(every.others) > SHOWN:
            steps.append(nmsg("{count:n} more outcome.", "{count:n} more outcomes.", len(every.others) - SHOWN))
        steps += _thresholds(count, readings, every)
        if not every.complete:
            steps.append(msg("Not every selection of readings was tried: there are too many."))
    sentence = _of_readings(count, len(cases), readings, every)
    if every.stated is not None and every.outcome is not None:
        both = msg(
            "With them: {outcome}. Without them: {stated}.",
            outcome=result(every.outcome, count.choices, whole=count.scope.whole),
            stated=result(every.stated, count.choices, whole=count.scope.whole),
        )
        first = msg("The certain corrections change the outcome.")
        sentence = msg("{first} {then}", first=first, then=msg("{first} {then}", first=sentence, then=both))
    elif every.corrected:
        sentence = msg("{first} {then}", first=sentence, then=msg("This is worked out with the certain corrections."))
    if every.stated is None and every.outcome is not None:
        now = result(every.outcome, count.choices, whole=count.scope.whole)
        sentence = msg("By these figures, {now}. {then}", now=now, then=sentence)
    return (*steps, sentence)


def _possible(count: ContestCount, readings: Sequence[Text], each: PossibleOutcome) -> Message:
    values = {
        "outcome": result(each.outcome, count.choices, whole=count.scope.whole),
        "readings": _named(readings, each.readings),
    }
    if each.readings:
        return msg("Possible with {readings}: {outcome}.", **values)
    return msg(
        "Possible without reading any figure otherwise, by the choices that votes beyond signatures are taken from: "
        "{outcome}.",
        **values,
    )


def _thresholds(count: ContestCount, readings: Sequence[Text], every: EveryOutcome) -> Iterator[Message]:
    """Thresholds that a choice can come to the other side of, else that none can."""
    for each in every.crossed[:SHOWN]:
        yield _crossed(count, readings, each)
    if len(every.crossed) > SHOWN:
        yield nmsg("{count:n} more such threshold.", "{count:n} more such thresholds.", len(every.crossed) - SHOWN)
    if every.bars and not every.crossed:
        bars = series(THRESHOLDS[each] for each in every.bars)
        yield msg("No choice comes above or below a threshold: {bars}.", bars=bars)


def _crossed(count: ContestCount, readings: Sequence[Text], crossed: BarCrossed) -> Message:
    """Say that a choice can come to the other side of a threshold, what it has from there on, and by which readings."""
    right = None if count.ballot is None else right_from(crossed.bar, count.ballot)
    bar: Text = THRESHOLDS[crossed.bar]
    if right is not None:
        bar = msg("{threshold} ({right})", threshold=bar, right=right)
    names = _named(readings, crossed.readings)
    values = {"choice": quoted(count.choices[crossed.choice]), "bar": bar, "readings": names}
    if crossed.readings and crossed.reaches:
        return msg("With {readings}, {choice} can reach this threshold: {bar}.", **values)
    if crossed.readings:
        return msg("With {readings}, {choice} can fall below this threshold: {bar}.", **values)
    if crossed.reaches:
        return msg("Without reading any figure otherwise, {choice} can reach this threshold: {bar}.", **values)
    return msg("Without reading any figure otherwise, {choice} can fall below this threshold: {bar}.", **values)


def _unchanged(count: ContestCount, cases: int, readings: Sequence[Text], every: EveryOutcome) -> Message:
    """Say that no reading changes the outcome, and of what that is true; or why it cannot be told."""
    if every.verdict is ContestVerdict.CANNOT_TELL:
        return conclusion_of(count.scope, every.verdict, every.lacking)
    said: Message = nmsg(
        "The outcome stays the same, no bureau being annulled, however one open or likely case is read, and "
        "whichever choices lose the votes beyond signatures or voters.",
        "The outcome stays the same, no bureau being annulled, however {count:n} open or likely cases are read, and "
        "whichever choices lose the votes beyond signatures or voters.",
        cases,
    )
    if not cases:
        said = msg(
            "No other reading of the figures changes the outcome, nor do the votes beyond signatures or voters, "
            "whichever choices they are taken from."
        )
    if every.crossed:
        said = msg("{first} {then}", first=said, then=_crossed(count, readings, every.crossed[0]))
    return _within(count.scope, said if not count.scope.whole else msg("{first} {then}", first=said, then=NOT_ALL))


def _of_readings(count: ContestCount, cases: int, readings: Sequence[Text], every: EveryOutcome) -> Message:
    """Say which readings change the outcome, or that none does, and of what that is true."""
    scope = count.scope
    if not every.others or every.lacking:
        return _unchanged(count, cases, readings, every)
    fewest = every.others[0].readings
    if not fewest:
        said = msg("With the figures as they stand, the votes beyond signatures or voters can change the outcome.")
        if count.bureaux.kept_out.any():
            said = msg(
                "With the figures as they stand, the votes beyond signatures or voters, and those that were kept out, "
                "can change the outcome."
            )
        if every.safe:
            cannot = nmsg(
                "They cannot if this figure should read otherwise: {readings}.",
                "They cannot if all of these {count:n} figures should read otherwise: {readings}.",
                len(every.safe),
                readings=_named(readings, every.safe),
            )
            said = msg("{first} {then}", first=said, then=cannot)
        if every.alone:
            alone = nmsg(
                "Even without taking votes away, this figure read otherwise changes it: {readings}.",
                "Even without taking votes away, any one of these figures read otherwise changes it: {readings}.",
                len(every.alone),
                readings=_named(readings, every.alone),
            )
            said = msg("{first} {then}", first=said, then=alone)
        if how := decisive(count, deduct(count)):
            said = msg("{first} {then}", first=said, then=how)
    else:
        names = _named(readings, fewest)
        said = nmsg(
            "The outcome can change with one other reading: {readings}.",
            "The outcome can change with {count:n} other readings together: {readings}.",
            len(fewest),
            readings=names,
        )
        if len(fewest) == 1 and not fewest <= every.alone:
            said = msg(
                "The outcome can change with one other reading and the votes beyond signatures or voters taken away: "
                "{readings}.",
                readings=names,
            )
        if every.complete and len(fewest) > 1:
            said = msg("{first} {then}", first=said, then=msg("With fewer it cannot."))
    return _within(scope, said)


def _named(readings: Sequence[Text], some: Collection[int]) -> Text:
    """The first of some readings, by number."""
    names = [readings[at] for at in sorted(some)]
    return and_more(series(names[:_FEW], msg("; ")), len(names) - _FEW)


def _within(scope: Scope, said: Message) -> Message:
    """Limit a statement to the part of the contest that is at hand."""
    if scope.whole and scope.compared == scope.listed:
        return said
    if scope.whole:
        compared = nmsg(
            "Both counts are known of {compared:n} of {count:n} bureau.",
            "Both counts are known of {compared:n} of {count:n} bureaux.",
            scope.listed,
            compared=scope.compared,
        )
        return msg("{first} {then}", first=said, then=compared)
    return msg("{first} {then}", first=said, then=part_of(scope))
