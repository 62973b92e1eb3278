"""The sentences of every step of a deduction (V501)."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.words import Message, Text, msg, nmsg, quoted, series
from verify.materiality.contest import ContestCount, Scope
from verify.materiality.deduction import ContestVerdict, Deduction
from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.outcome import Threshold, Totals, thresholds
from verify.materiality.steps import (
    before_step,
    conclusion_of,
    describe_change,
    scope_step,
    subject_of,
    votes_after,
)
from verify.materiality.sums import SeatTrial
from verify.materiality.wording import SHOWN, THRESHOLDS, and_more, join_parts


def deduction_steps(count: ContestCount, deduction: Deduction) -> tuple[Message, ...]:
    """The steps of `deduction.deduct`, in order; the last one is the verdict."""
    steps = [scope_step(count.scope), *_excess(count, deduction), *_unplaced(count.scope)]
    if count.ballot is not None and deduction.outcome is not None:
        steps.append(_valid(count.totals, deduction))
        valid = count.totals.valid - deduction.taken + deduction.added
        left = Totals(count.totals.registered, valid, count.totals.votes)
        then = thresholds(count.ballot, left)
        steps += [_threshold(which, bar, then[which]) for which, bar in thresholds(count.ballot, count.totals).items()]
        steps.append(before_step(count, deduction.outcome))
        steps += _margin(count, count.ballot, deduction)
        steps += _trials(count, count.ballot, deduction)
        steps += _order(count, deduction)
        if deduction.by_leader is not None and all(
            deduction.by_leader.losses != each.losses for each in deduction.trials
        ):
            steps.append(_by_leader(count, deduction.by_leader))
    verdict = conclusion_of(count.scope, deduction.verdict, deduction.lacking, decisive(count, deduction))
    if deduction.reordered is not None and deduction.verdict is ContestVerdict.NOT_MATERIAL:
        order = msg("The order of those who go on can be another.")
        verdict = msg("{first} {then}", first=verdict, then=order)
    return (*steps, verdict)


def decisive(count: ContestCount, deduction: Deduction) -> Text:
    """The first way of taking the votes that changes the outcome, with what decides it; empty where none does."""
    trial = next((each for each in deduction.trials if each.changes and subject_of(each) >= 0), None)
    if trial is None or count.ballot is None:
        return ""
    subject = subject_of(trial)
    before, after = count.totals.votes[subject], trial.totals.votes[subject]
    bars, then = thresholds(count.ballot, count.totals), thresholds(count.ballot, trial.totals)
    parts = _moves(count, count.ballot, deduction, trial, subject)
    crossed = [which for which, bar in bars.items() if (before >= bar) != (after >= then[which])]
    parts += [_against(after, then[which], THRESHOLDS[which]) for which in crossed]
    parts += [] if crossed else [describe_change(trial.outcome, trial.changes, count)]
    return _effects(count, deduction, trial, subject, parts)


def _excess(count: ContestCount, deduction: Deduction) -> Iterator[Message]:
    some = zip(deduction.bureaux, deduction.of_each, strict=False)
    shown = (msg("bureau {bureau}: {votes:n}", bureau=name, votes=extra) for name, extra in some)
    bureaux = and_more(series(shown), len(deduction.of_each) - SHOWN)
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
    elif deduction.bureaux:
        sentence = msg("Votes beyond signatures or voters, never netted: {excess:n} ({bureaux}).", **values)
    else:
        sentence = msg("Votes beyond signatures or voters: none.")
    if deduction.over:
        over = nmsg(
            "{count:n} of them is counted beyond the voters of the same paper, less blank and null votes.",
            "{count:n} of them are counted beyond the voters of the same paper, less blank and null votes.",
            deduction.over,
        )
        sentence = msg("{first} {then}", first=sentence, then=over)
    yield sentence
    if deduction.added:
        stated = int(count.bureaux.kept_out.sum())
        added: Message = nmsg(
            "Ballots lost or wrongly void, voters kept from voting: {count:n} vote comes.",
            "Ballots lost or wrongly void, voters kept from voting: {count:n} votes come.",
            deduction.added,
        )
        if stated > deduction.added:
            most = msg("{count:n} are stated; a bureau has no more than its roll beyond the valid votes.", count=stated)
            added = msg("{first} {then}", first=added, then=most)
        yield added
    if deduction.deficit:
        yield msg("Signatures without a vote: {deficit:n}; they deduct nothing.", deficit=deduction.deficit)


def _unplaced(scope: Scope) -> Iterator[Message]:
    if scope.unplaced:
        yield nmsg(
            "Besides, {count:n} vote beyond signatures in bureaux whose votes by choice are not known.",
            "Besides, {count:n} votes beyond signatures in bureaux whose votes by choice are not known.",
            scope.unplaced,
        )


def _valid(totals: Totals, deduction: Deduction) -> Message:
    after = totals.valid - deduction.taken + deduction.added
    values = {"before": totals.valid, "taken": deduction.taken, "after": after, "added": deduction.added}
    if deduction.added:
        return msg("Valid votes: {before:n} − {taken:n} + {added:n} = {after:n}.", **values)
    if deduction.taken < deduction.excess:
        return msg("Valid votes: {before:n} − {taken:n} = {after:n} (a bureau cannot lose more than it has).", **values)
    return msg("Valid votes: {before:n} − {taken:n} = {after:n}.", **values)


def _threshold(which: Threshold, before: int, after: int) -> Message:
    name = THRESHOLDS[which]
    if after == before:
        return msg("Threshold, {name}: {before:n}.", name=name, before=before)
    return msg("Threshold, {name}: {before:n} → {after:n} after the deduction.", name=name, before=before, after=after)


def _margin(count: ContestCount, ballot: Ballot, deduction: Deduction) -> Iterator[Message]:
    """If rank decides: compare K with the margin between the last one through and the next."""
    outcome, votes = deduction.outcome, count.totals.votes
    through = 0 if outcome is None else len(outcome.elected or outcome.qualified)
    by_rank = ballot.kind is not ElectionKind.EUROPEAN and (ballot.final or ballot.kind is ElectionKind.PRESIDENTIAL)
    if not by_rank or not through or len(votes) <= through or (not ballot.final and outcome and outcome.elected):
        return
    ordered = sorted(range(len(votes)), key=lambda choice: -votes[choice])
    last, following = ordered[through - 1], ordered[through]
    margin = votes[last] - votes[following]
    yield msg(
        "Margin between {ahead} and {behind}: {margin:n} {mark} {taken:n} to deduct.",
        ahead=quoted(count.choices[last]),
        behind=quoted(count.choices[following]),
        margin=margin,
        mark=">" if margin > deduction.taken else "≤",
        taken=deduction.taken,
    )


def _trials(count: ContestCount, ballot: Ballot, deduction: Deduction) -> Iterator[Message]:
    """Each choice in turn; where nothing changes and the outcome says nothing of the choice, all in one step."""
    quiet = 0
    for trial in deduction.trials:
        if subject_of(trial) < 0 and trial.changes:  # ballots with several names may name none of the candidates
            yield msg(
                "Given to none of the choices: {change}.", change=describe_change(trial.outcome, trial.changes, count)
            )
    concerned = frozenset[int]() if deduction.outcome is None else deduction.outcome.concerned
    for choice in range(len(count.choices)):
        trials = [trial for trial in deduction.trials if subject_of(trial) == choice]
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
        if not deduction.taken:
            sentence = nmsg(
                "Given to the one other choice: nothing changes.",
                "Given to each of the {count:n} other choices: nothing changes.",
                quiet,
            )
        yield sentence


def _trial(count: ContestCount, ballot: Ballot, deduction: Deduction, trial: SeatTrial) -> Message:
    subject = subject_of(trial)
    after = trial.totals.votes[subject]
    parts = _moves(count, ballot, deduction, trial, subject)
    parts += [_against(after, bar, THRESHOLDS[which]) for which, bar in thresholds(ballot, trial.totals).items()]
    parts.append(describe_change(trial.outcome, trial.changes, count))
    return _effects(count, deduction, trial, subject, parts)


def _moves(count: ContestCount, ballot: Ballot, deduction: Deduction, trial: SeatTrial, subject: int) -> list[Text]:
    """The votes that a choice loses, and those of the ballots kept out that another one is given."""
    parts: list[Text] = [_loss(count, ballot, deduction, trial, subject)]
    if deduction.added and trial.first is not None and trial.spared is not None:
        moved = msg(
            "{before:n} → {after:n}", before=count.totals.votes[trial.spared], after=trial.totals.votes[trial.spared]
        )
        parts.append(msg("given to {choice}: {moved}", choice=quoted(count.choices[trial.spared]), moved=moved))
    return parts


def _effects(count: ContestCount, deduction: Deduction, trial: SeatTrial, subject: int, parts: list[Text]) -> Message:
    values = {"choice": quoted(count.choices[subject]), "effects": join_parts(parts)}
    if trial.first is not None:
        return nmsg(
            "{count:n} taken from {choice}: {effects}.",
            "{count:n} taken from {choice}: {effects}.",
            deduction.taken,
            **values,
        )
    return msg("Given to {choice}: {effects}.", **values)


def _loss(count: ContestCount, ballot: Ballot, deduction: Deduction, trial: SeatTrial, subject: int) -> Message:
    """By how much a choice loses, and from whom the rest is taken where it has too few votes in these bureaux."""
    lost = trial.losses[subject]
    moved = msg("{before:n} → {after:n}", before=count.totals.votes[subject], after=trial.totals.votes[subject])
    if trial.first is None or lost >= deduction.taken or ballot.kind.several_names:
        return moved
    values = {"moved": moved, "lost": lost, "taken": deduction.taken}
    if trial.spared is None:
        return msg("{moved} ({lost:n} of {taken:n}, the rest from others)", **values)
    spared = quoted(count.choices[trial.spared])
    return msg("{moved} ({lost:n} of {taken:n}, the rest from others, {spared} last)", spared=spared, **values)


def _against(votes: int, bar: int, name: Message) -> Message:
    mark = "≥" if votes >= bar else "<"
    return msg("{votes:n} {mark} {bar:n} ({name})", votes=votes, mark=mark, bar=bar, name=name)


def _order(count: ContestCount, deduction: Deduction) -> Iterator[Message]:
    """State the order of those who go on, if it can change."""
    trial = deduction.reordered
    if trial is None or deduction.outcome is None:
        return
    before, after = (
        series((quoted(count.choices[choice]) for rank in outcome.order for choice in rank), " > ")
        for outcome in (deduction.outcome, trial.outcome)
    )
    yield msg(
        "The order of those who go on can be another: {before} can become {after}, or equal. It matters where one of "
        "them withdraws.",
        before=before,
        after=after,
    )


def _by_leader(count: ContestCount, trial: SeatTrial) -> Message:
    return msg(
        "For information, taken in each bureau from the choice that leads there, as the Conseil constitutionnel did "
        "until 1981: {votes}; {change}.",
        votes=votes_after(count, trial),
        change=describe_change(trial.outcome, trial.changes, count),
    )
