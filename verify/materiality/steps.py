"""Every step of a deduction or an annulment: as data, and as a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from protocol.words import Message, Text, msg, nmsg, quoted, series
from verify.materiality.annulment import Annulment, Removal
from verify.materiality.contest import ContestCount, Scope
from verify.materiality.deduction import ContestVerdict, Deduction, SeatTrial
from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.outcome import ContestOutcome, Threshold, Totals, thresholds
from verify.materiality.wording import THRESHOLDS, and_more, join_parts, list_names, result

Value = int | str | Sequence[str]
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, its figures, and its sentence."""

    name: str
    values: dict[str, Value]
    sentence: Message


def _step(name: str, sentence: Message, **values: Value) -> Step:
    return Step(name, values, sentence)


def deduction_steps(count: ContestCount, deduction: Deduction) -> tuple[Step, ...]:
    """The steps of `deduction.deduct`, in order; the last one is the verdict."""
    steps = [_scope(count.scope), *_excess(deduction), *_unplaced(count.scope)]
    if count.ballot is not None and deduction.outcome is not None:
        steps.append(_valid(count.totals, deduction))
        left = Totals(count.totals.registered, count.totals.valid - deduction.taken, count.totals.votes)
        then = thresholds(count.ballot, left)
        steps += [_threshold(which, bar, then[which]) for which, bar in thresholds(count.ballot, count.totals).items()]
        steps.append(_before(count, deduction.outcome))
        steps += _margin(count, count.ballot, deduction)
        steps += _trials(count, count.ballot, deduction)
        if deduction.given is not None:
            steps.append(_given(count, deduction.given))
    steps.append(_verdict(count.scope, deduction.verdict, deduction.lacking))
    return tuple(steps)


def annulment_steps(count: ContestCount, annulment: Annulment) -> tuple[Step, ...]:
    """The steps of `annulment.annul`, in order; the last one is the verdict."""
    names = annulment.bureaux
    unexplained = msg(
        "Bureaux with an unexplained irregularity: {count:n} ({bureaux}).",
        count=len(names),
        bureaux=list_names(names, _SHOWN),
    )
    steps = [_scope(count.scope), _step("unexplained", unexplained, bureaux=names)]
    if annulment.outcome is not None:
        steps.append(_before(count, annulment.outcome))
        steps += [_removal("together", count, removal) for removal in annulment.together]
        steps += [_removal("alone", count, removal) for removal in annulment.alone[:_SHOWN]]
        if len(annulment.alone) > _SHOWN:
            steps.append(_more(len(annulment.alone) - _SHOWN))
        if not annulment.alone and len(names) > 1:
            none = msg("None of these bureaux changes the outcome when taken out alone.")
            steps.append(_step("none_alone", none))
        if annulment.selection is not None:
            steps.append(_removal("selection", count, annulment.selection))
        if not annulment.exhaustive and annulment.verdict is ContestVerdict.NOT_MATERIAL:
            some = msg("Not every selection of bureaux was tried: only the least favourable ones.")
            steps.append(_step("not_exhaustive", some))
    steps.append(_verdict(count.scope, annulment.verdict, annulment.lacking))
    return tuple(steps)


def _more(more: int) -> Step:
    sentence = nmsg(
        "{count:n} more bureau changes the outcome when taken out alone.",
        "{count:n} more bureaux each change the outcome when taken out alone.",
        more,
    )
    return _step("alone_more", sentence, bureaux=more)


def _scope(scope: Scope) -> Step:
    if scope.totals:
        extent = msg("totals of the contest: {source}", source=scope.totals)
    elif scope.whole:
        extent = msg("the whole contest")
    else:
        extent = msg("a part of the contest, as far as known")
    sentence = msg(
        "Bureaux: {listed:n} on the list, {voted:n} with their votes, {compared:n} with both counts; {extent}.",
        listed=scope.listed,
        voted=scope.voted,
        compared=scope.compared,
        extent=extent,
    )
    return _step(
        "scope",
        sentence,
        listed=scope.listed,
        voted=scope.voted,
        compared=scope.compared,
        totals=scope.totals,
        whole=scope.whole,
    )


def _excess(deduction: Deduction) -> Iterator[Step]:
    some = zip(deduction.bureaux[:_SHOWN], deduction.of_each[:_SHOWN], strict=True)
    shown = (msg("bureau {bureau}: {votes:n}", bureau=name, votes=extra) for name, extra in some)
    bureaux = and_more(series(shown), len(deduction.bureaux) - _SHOWN)
    values = {
        "excess": deduction.excess,
        "beyond": deduction.beyond,
        "explained": deduction.explained,
        "contested": deduction.contested,
        "over": deduction.over,
        "bureaux": bureaux,
    }
    if deduction.explained or deduction.contested:
        sentence = msg(
            "Votes beyond signatures or voters, never netted: {excess:n} = {beyond:n} − {explained:n} explained + "
            "{contested:n} contested signatures ({bureaux}).",
            **values,
        )
    else:
        sentence = msg("Votes beyond signatures or voters, never netted: {excess:n} ({bureaux}).", **values)
    if deduction.over:
        over = nmsg(
            "{count:n} of them is counted beyond the voters of the same paper, less blank and null votes.",
            "{count:n} of them are counted beyond the voters of the same paper, less blank and null votes.",
            deduction.over,
        )
        sentence = msg("{first} {then}", first=sentence, then=over)
    yield _step(
        "excess",
        sentence,
        excess=deduction.excess,
        beyond=deduction.beyond,
        explained=deduction.explained,
        contested=deduction.contested,
        over=deduction.over,
        bureaux=deduction.bureaux.with_votes(deduction.of_each),
    )
    if deduction.deficit:
        deficit = msg("Signatures without a vote: {deficit:n}; they deduct nothing.", deficit=deduction.deficit)
        yield _step("deficit", deficit, deficit=deduction.deficit)


def _unplaced(scope: Scope) -> Iterator[Step]:
    if scope.unplaced:
        sentence = nmsg(
            "Besides, {count:n} vote beyond signatures in bureaux whose votes by choice are not known.",
            "Besides, {count:n} votes beyond signatures in bureaux whose votes by choice are not known.",
            scope.unplaced,
        )
        yield _step("unplaced", sentence, unplaced=scope.unplaced)


def _valid(totals: Totals, deduction: Deduction) -> Step:
    after = totals.valid - deduction.taken
    values = {"before": totals.valid, "taken": deduction.taken, "after": after}
    if deduction.taken < deduction.excess:
        sentence = msg(
            "Valid votes: {before:n} − {taken:n} = {after:n} (a bureau cannot lose more than it has).", **values
        )
    else:
        sentence = msg("Valid votes: {before:n} − {taken:n} = {after:n}.", **values)
    return _step("valid", sentence, before=totals.valid, taken=deduction.taken, after=after)


def _threshold(which: Threshold, before: int, after: int) -> Step:
    name = THRESHOLDS[which]
    if after == before:
        sentence = msg("Threshold, {name}: {before:n}.", name=name, before=before)
    else:
        sentence = msg("Threshold, {name}: {before:n} → {after:n}.", name=name, before=before, after=after)
    return _step("threshold", sentence, threshold=which.value, before=before, after=after)


def _before(count: ContestCount, outcome: ContestOutcome) -> Step:
    said = result(outcome, count.choices, whole=count.scope.whole)
    return _step("before", msg("Before: {outcome}.", outcome=said), outcome=str(said))


def _margin(count: ContestCount, ballot: Ballot, deduction: Deduction) -> Iterator[Step]:
    """Where rank decides: the votes between the last that is through and the next, against K."""
    outcome, votes = deduction.outcome, count.totals.votes
    through = 0 if outcome is None else len(outcome.elected or outcome.qualified)
    by_rank = ballot.kind is not ElectionKind.EUROPEAN and (ballot.final or ballot.kind is ElectionKind.PRESIDENTIAL)
    if not by_rank or not through or len(votes) <= through or (not ballot.final and outcome and outcome.elected):
        return
    ordered = sorted(range(len(votes)), key=lambda choice: -votes[choice])
    last, following = ordered[through - 1], ordered[through]
    margin = votes[last] - votes[following]
    sentence = msg(
        "Margin between {ahead} and {behind}: {margin:n} {mark} {taken:n}.",
        ahead=quoted(count.choices[last]),
        behind=quoted(count.choices[following]),
        margin=margin,
        mark=">" if margin > deduction.taken else "≤",
        taken=deduction.taken,
    )
    yield _step("margin", sentence, margin=margin, taken=deduction.taken, ahead=count.choices[last])


def _trials(count: ContestCount, ballot: Ballot, deduction: Deduction) -> Iterator[Step]:
    """Each choice in turn; where nothing changes and the outcome says nothing of the choice, all in one step."""
    quiet = 0
    concerned = frozenset[int]() if deduction.outcome is None else deduction.outcome.concerned
    for choice in range(len(count.choices)):
        trials = [trial for trial in deduction.trials if trial.first == choice]
        shown = next((trial for trial in trials if trial.changes), next(iter(trials), None))
        if shown is None:
            continue
        if shown.changes or choice in concerned:
            yield _trial(count, ballot, deduction, shown)
        else:
            quiet += 1
    if quiet:
        sentence = nmsg(
            "Taken from the one other choice: nothing changes.",
            "Taken from each of the {count:n} other choices: nothing changes.",
            quiet,
        )
        yield _step("others", sentence, choices=quiet)


def _trial(count: ContestCount, ballot: Ballot, deduction: Deduction, trial: SeatTrial) -> Step:
    before, after = count.totals.votes[trial.first], trial.totals.votes[trial.first]
    parts: list[Text] = [_loss(count, ballot, deduction, trial)]
    parts += [_against(after, bar, THRESHOLDS[which]) for which, bar in thresholds(ballot, trial.totals).items()]
    parts.append(_change(trial.outcome, trial.changes, count))
    return _step(
        "trial",
        msg("Taken from {choice}: {effects}.", choice=quoted(count.choices[trial.first]), effects=join_parts(parts)),
        choice=count.choices[trial.first],
        spared="" if trial.spared is None else count.choices[trial.spared],
        before=before,
        after=after,
        outcome=str(result(trial.outcome, count.choices, whole=count.scope.whole)),
        changes=trial.changes,
    )


def _loss(count: ContestCount, ballot: Ballot, deduction: Deduction, trial: SeatTrial) -> Message:
    """By how much a choice loses, and from whom the rest is taken where it has too few votes in these bureaux."""
    before, after = count.totals.votes[trial.first], trial.totals.votes[trial.first]
    lost = trial.losses[trial.first]
    moved = msg("{before:n} → {after:n}", before=before, after=after)
    if lost >= deduction.taken or ballot.kind.several_names:
        return moved
    values = {"moved": moved, "lost": lost, "taken": deduction.taken}
    if trial.spared is None:
        return msg("{moved} ({lost:n} of {taken:n}, the rest from others)", **values)
    spared = quoted(count.choices[trial.spared])
    return msg("{moved} ({lost:n} of {taken:n}, the rest from others, {spared} last)", spared=spared, **values)


def _against(votes: int, bar: int, name: Message) -> Message:
    mark = "≥" if votes >= bar else "<"
    return msg("{votes:n} {mark} {bar:n} ({name})", votes=votes, mark=mark, bar=bar, name=name)


def _change(outcome: ContestOutcome, changes: bool, count: ContestCount) -> Message:
    if not changes:
        return msg("nothing changes")
    return msg("the outcome changes, {outcome}", outcome=result(outcome, count.choices, whole=count.scope.whole))


def _given(count: ContestCount, given: SeatTrial) -> Step:
    gained = -given.losses[given.first]
    sentence = nmsg(
        "For information, {count:n} signature without a vote given to {choice}: {change}.",
        "For information, all {count:n} signatures without a vote given to {choice}: {change}.",
        gained,
        choice=quoted(count.choices[given.first]),
        change=_change(given.outcome, given.changes, count),
    )
    return _step("given", sentence, choice=count.choices[given.first], votes=gained, changes=given.changes)


def _removal(name: str, count: ContestCount, removal: Removal) -> Step:
    values = {
        "bureaux": list_names(removal.bureaux, _SHOWN),
        "before": count.totals.valid,
        "after": removal.totals.valid,
        "change": _change(removal.outcome, removal.changes, count),
    }
    if removal.roll_kept:
        sentence = msg("Without {bureaux}: valid votes {before:n} → {after:n}; {change}.", **values)
    else:
        sentence = msg("Without {bureaux} (and their roll): valid votes {before:n} → {after:n}; {change}.", **values)
    return _step(
        name,
        sentence,
        bureaux=removal.bureaux,
        roll_kept=removal.roll_kept,
        valid=removal.totals.valid,
        outcome=str(result(removal.outcome, count.choices, whole=count.scope.whole)),
        changes=removal.changes,
    )


def _verdict(scope: Scope, verdict: ContestVerdict, lacks: str) -> Step:
    return _step("verdict", _conclusion(scope, verdict, lacks), verdict=verdict.value, lacking=lacks)


def _conclusion(scope: Scope, verdict: ContestVerdict, lacks: str) -> Message:
    if verdict is ContestVerdict.CANNOT_TELL:
        return msg("Whether it changes cannot be told: {reason}.", reason=_reason(lacks))
    material = verdict is ContestVerdict.MATERIAL
    if not scope.whole:
        if material:
            return msg(
                "Within the bureaux at hand, the outcome can change. Of the rest of the election nothing is known here."
            )
        return msg(
            "Within the bureaux at hand, the outcome cannot change. Of the rest of the election nothing is known here."
        )
    if material:
        return msg("The outcome can change.")
    if scope.compared < scope.listed:
        return msg("By the gaps that are known, the outcome cannot change.")
    return msg("The outcome cannot change.")


def _reason(lacks: str) -> Message:
    """What is lacking for a verdict."""
    if lacks == "kind":
        return msg(
            "the type of election or its round is not known; a night's election.toml says both, such as "
            'type = "presidentielle" and tour = 1'
        )
    return {
        "way": msg(
            "“municipales” does not say in which way; the type in election.toml is municipales_listes or "
            "municipales_candidats"
        ),
        "registered": msg("the number of registered voters is not known"),
        "votes": msg("bureaux with more votes than signatures lack their votes by choice"),
        "seats": msg("the number of seats is not known"),
    }[lacks]
