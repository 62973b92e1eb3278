"""Every step of a deduction or an annulment: as data, and as a sentence in French and in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from verify.materiality.annulment import Annulment, Removal
from verify.materiality.contest import ContestCount, Scope
from verify.materiality.deduction import Deduction, Trial, Verdict
from verify.materiality.kinds import WORDS, Ballot, Kind
from verify.materiality.outcome import Outcome, Threshold, Totals, thresholds
from verify.materiality.wording import LANGUAGES, colon, joined, listed, number, quoted, result, say, threshold

Value = int | str | tuple[str, ...]
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, its figures, and its sentence by language."""

    name: str
    values: dict[str, Value]
    sentences: dict[str, str]


def _step(name: str, sentence: Callable[[str], str], **values: Value) -> Step:
    return Step(name, values, {language: sentence(language) for language in LANGUAGES})


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

    def unexplained(language: str) -> str:
        head = say(language, "Bureaux à l'irrégularité inexpliquée", "Bureaux with an unexplained irregularity")
        return f"{head}{colon(language)} {number(len(names), language)} ({listed(names, language, _SHOWN)})."

    steps = [_scope(count.scope), _step("unexplained", unexplained, bureaux=names)]
    if annulment.outcome is not None:
        steps.append(_before(count, annulment.outcome))
        steps += [_removal("together", count, removal) for removal in annulment.together]
        steps += [_removal("alone", count, removal) for removal in annulment.alone[:_SHOWN]]
        if len(annulment.alone) > _SHOWN:
            steps.append(_more(len(annulment.alone) - _SHOWN))
        if not annulment.alone and len(names) > 1:
            steps.append(
                _step(
                    "none_alone",
                    lambda language: say(
                        language,
                        "Aucun de ces bureaux, retiré seul, ne change le résultat.",
                        "None of these bureaux changes the outcome when taken out alone.",
                    ),
                )
            )
        if annulment.selection is not None:
            steps.append(_removal("selection", count, annulment.selection))
        if not annulment.exhaustive and annulment.verdict is Verdict.NOT_MATERIAL:
            steps.append(
                _step(
                    "not_exhaustive",
                    lambda language: say(
                        language,
                        "Toutes les sélections de bureaux n'ont pas été essayées : seulement les plus défavorables.",
                        "Not every selection of bureaux was tried: only the least favourable ones.",
                    ),
                )
            )
    steps.append(_verdict(count.scope, annulment.verdict, annulment.lacking))
    return tuple(steps)


def _more(more: int) -> Step:
    return _step(
        "alone_more",
        lambda language: say(
            language,
            "{} autres bureaux changent chacun le résultat.",
            "{} more bureaux each change the outcome.",
        ).format(number(more, language)),
        bureaux=more,
    )


def _scope(scope: Scope) -> Step:
    def text(language: str) -> str:
        listed_, voted, compared = (number(n, language) for n in (scope.listed, scope.voted, scope.compared))
        bureaux = say(
            language,
            f"Bureaux : {listed_} sur la liste, {voted} avec leurs voix, {compared} avec les deux comptes",
            f"Bureaux: {listed_} on the list, {voted} with their votes, {compared} with both counts",
        )
        if scope.totals:
            extent = say(language, f"totaux du scrutin : {scope.totals}", f"totals of the contest: {scope.totals}")
        elif scope.whole:
            extent = say(language, "tout le scrutin", "the whole contest")
        else:
            extent = say(
                language, "une partie du scrutin, pour autant qu'on sache", "a part of the contest, as far as known"
            )
        return joined((bureaux, extent), language) + "."

    return _step(
        "scope",
        text,
        listed=scope.listed,
        voted=scope.voted,
        compared=scope.compared,
        totals=scope.totals,
        whole=scope.whole,
    )


def _excess(deduction: Deduction) -> Iterator[Step]:
    def excess(language: str) -> str:
        parts = (f"{name} {number(extra, language)}" for name, extra in deduction.bureaux)
        text = say(
            language, "Votes au-delà des émargements, sans compensation", "Votes beyond signatures, never netted"
        )
        text += f"{colon(language)} K = {number(deduction.excess, language)}"
        if deduction.explained or deduction.contested:
            terms = tuple(number(n, language) for n in (deduction.beyond, deduction.explained, deduction.contested))
            text += say(
                language, " = {} − {} expliqués + {} signatures contestées", " = {} − {} explained + {} contested"
            )
            text = text.format(*terms)
        return f"{text} ({listed(parts, language, _SHOWN)})."

    yield _step(
        "excess",
        excess,
        excess=deduction.excess,
        beyond=deduction.beyond,
        explained=deduction.explained,
        contested=deduction.contested,
        bureaux=tuple(f"{name} {extra}" for name, extra in deduction.bureaux),
    )
    if deduction.deficit:
        yield _step(
            "deficit",
            lambda language: say(
                language,
                "Émargements sans vote : {} ; ils ne retirent rien.",
                "Signatures without a vote: {}; they deduct nothing.",
            ).format(number(deduction.deficit, language)),
            deficit=deduction.deficit,
        )


def _unplaced(scope: Scope) -> Iterator[Step]:
    if scope.unplaced:
        yield _step(
            "unplaced",
            lambda language: say(
                language,
                "De plus, {} votes au-delà des émargements dans des bureaux dont les voix ne sont pas connues.",
                "Besides, {} votes beyond signatures in bureaux whose votes by choice are not known.",
            ).format(number(scope.unplaced, language)),
            unplaced=scope.unplaced,
        )


def _valid(totals: Totals, deduction: Deduction) -> Step:
    def valid(language: str) -> str:
        before, taken, after = (
            number(n, language) for n in (totals.valid, deduction.taken, totals.valid - deduction.taken)
        )
        text = say(language, "Exprimés", "Valid votes") + f"{colon(language)} {before} − {taken} = {after}"
        if deduction.taken < deduction.excess:
            text += say(
                language, " (un bureau ne peut perdre plus qu'il n'a)", " (a bureau cannot lose more than it has)"
            )
        return text + "."

    return _step("valid", valid, before=totals.valid, taken=deduction.taken, after=totals.valid - deduction.taken)


def _threshold(which: Threshold, before: int, after: int) -> Step:
    def text(language: str) -> str:
        name = threshold(which, language)
        moved = number(before, language) + ("" if after == before else f" → {number(after, language)}")
        return f"{name[0].upper()}{name[1:]}{colon(language)} {moved}."

    return _step("threshold", text, threshold=which.value, before=before, after=after)


def _before(count: ContestCount, outcome: Outcome) -> Step:
    return _step(
        "before",
        lambda language: say(language, "Avant", "Before") + f"{colon(language)} {result(outcome, count, language)}.",
        outcome=result(outcome, count, "en"),
    )


def _margin(count: ContestCount, ballot: Ballot, deduction: Deduction) -> Iterator[Step]:
    """Where rank decides: the votes between the last that is through and the next, against K."""
    outcome, votes = deduction.outcome, count.totals.votes
    through = 0 if outcome is None else len(outcome.elected or outcome.qualified)
    by_rank = ballot.kind is not Kind.EUROPEAN and (ballot.final or ballot.kind is Kind.PRESIDENTIAL)
    if not by_rank or not through or len(votes) <= through or (not ballot.final and outcome and outcome.elected):
        return
    ordered = sorted(range(len(votes)), key=lambda choice: -votes[choice])
    last, following = ordered[through - 1], ordered[through]
    margin = votes[last] - votes[following]

    def text(language: str) -> str:
        names = tuple(quoted(count.choices[choice], language) for choice in (last, following))
        mark = ">" if margin > deduction.taken else "≤"
        return say(language, "Écart entre {} et {}", "Margin between {} and {}").format(*names) + (
            f"{colon(language)} {number(margin, language)} {mark} {number(deduction.taken, language)}."
        )

    yield _step("margin", text, margin=margin, taken=deduction.taken, ahead=count.choices[last])


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
        yield _step(
            "others",
            lambda language: say(
                language,
                "Retirés de chacun des {} autres choix : rien ne change.",
                "Taken from each of the {} other choices: nothing changes.",
            ).format(number(quiet, language)),
            choices=quiet,
        )


def _trial(count: ContestCount, ballot: Ballot, deduction: Deduction, trial: Trial) -> Step:
    before, after = count.totals.votes[trial.first], trial.totals.votes[trial.first]

    def text(language: str) -> str:
        parts = [f"{number(before, language)} → {number(after, language)}"]
        if trial.losses[trial.first] < deduction.taken and not ballot.kind.several_names:
            lost, taken = (number(n, language) for n in (trial.losses[trial.first], deduction.taken))
            rest = say(language, f"{lost} des {taken}, le reste aux autres", f"{lost} of {taken}, the rest from others")
            if trial.spared is not None:
                spared = quoted(count.choices[trial.spared], language)
                rest += say(language, f", {spared} en dernier", f", {spared} last")
            parts[0] += f" ({rest})"
        parts += [_against(after, bar, threshold(which, language), language) for which, bar in bars.items()]
        parts.append(_change(trial.outcome, trial.changes, count, language))
        source = quoted(count.choices[trial.first], language)
        return (
            say(language, "Retirés de ", "Taken from ") + f"{source}{colon(language)} " + joined(parts, language) + "."
        )

    bars = thresholds(ballot, trial.totals)
    return _step(
        "trial",
        text,
        choice=count.choices[trial.first],
        spared="" if trial.spared is None else count.choices[trial.spared],
        before=before,
        after=after,
        outcome=result(trial.outcome, count, "en"),
        changes=trial.changes,
    )


def _against(votes: int, bar: int, name: str, language: str) -> str:
    return f"{number(votes, language)} {'≥' if votes >= bar else '<'} {number(bar, language)} ({name})"


def _change(outcome: Outcome, changes: bool, count: ContestCount, language: str) -> str:
    if not changes:
        return say(language, "rien ne change", "nothing changes")
    return say(language, "le résultat change, ", "the outcome changes, ") + result(outcome, count, language)


def _given(count: ContestCount, given: Trial) -> Step:
    def text(language: str) -> str:
        gained = number(-given.losses[given.first], language)
        name = quoted(count.choices[given.first], language)
        head = say(
            language,
            f"Pour information, les {gained} émargements sans vote donnés à {name}",
            f"For information, all {gained} signatures without a vote given to {name}",
        )
        return f"{head}{colon(language)} {_change(given.outcome, given.changes, count, language)}."

    return _step(
        "given", text, choice=count.choices[given.first], votes=-given.losses[given.first], changes=given.changes
    )


def _removal(name: str, count: ContestCount, removal: Removal) -> Step:
    def text(language: str) -> str:
        roll = "" if removal.roll_kept else say(language, " (et leurs inscrits)", " (and their roll)")
        head = say(language, "Sans ", "Without ") + listed(removal.bureaux, language, _SHOWN) + roll
        valid = say(language, "exprimés ", "valid votes ")
        valid += f"{number(count.totals.valid, language)} → {number(removal.totals.valid, language)}"
        change = _change(removal.outcome, removal.changes, count, language)
        return f"{head}{colon(language)} {joined((valid, change), language)}."

    return _step(
        name,
        text,
        bureaux=removal.bureaux,
        roll_kept=removal.roll_kept,
        valid=removal.totals.valid,
        outcome=result(removal.outcome, count, "en"),
        changes=removal.changes,
    )


def _verdict(scope: Scope, verdict: Verdict, lacks: str) -> Step:
    words = ", ".join(sorted({kind.value for kind in WORDS.values()}))
    reasons = {
        "": ("", ""),
        "kind": (
            f"la sorte d'élection ou le tour n'est pas connu (mots connus : {words})",
            f"the kind of election or its round is not known (known words: {words})",
        ),
        "registered": ("le nombre d'inscrits n'est pas connu", "the number of registered voters is not known"),
        "votes": (
            "des bureaux avec plus de votes que d'émargements n'ont pas leurs voix par choix",
            "bureaux with more votes than signatures lack their votes by choice",
        ),
        "seats": ("le nombre de sièges n'est pas connu", "the number of seats is not known"),
    }
    sentences = {
        Verdict.MATERIAL: ("Le résultat peut changer.", "The outcome can change."),
        Verdict.NOT_MATERIAL: ("Le résultat ne peut pas changer.", "The outcome cannot change."),
        Verdict.CANNOT_TELL: (
            "On ne peut pas dire si le résultat change : {}.",
            "Whether it changes cannot be told: {}.",
        ),
    }

    def text(language: str) -> str:
        sentence = say(language, *sentences[verdict]).format(say(language, *reasons[lacks]))
        if verdict is Verdict.CANNOT_TELL:
            return sentence
        if not scope.whole:
            within = say(language, "Dans ces seuls bureaux", "Within the bureaux at hand")
            silent = say(language, "Du scrutin entier, rien n'est dit.", "Nothing is said of the whole contest.")
            return f"{within}{colon(language)} {sentence[0].lower()}{sentence[1:]} {silent}"
        if verdict is Verdict.NOT_MATERIAL and scope.compared < scope.listed:
            known = say(language, "Par les seuls écarts connus", "By the gaps that are known")
            return f"{known}{colon(language)} {sentence[0].lower()}{sentence[1:]}"
        return sentence

    return _step("verdict", text, verdict=verdict.value, lacking=lacks)
