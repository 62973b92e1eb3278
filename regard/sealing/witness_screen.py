"""Witnesses for people and programs: how many sheets must agree, how those at hand compare, what they are worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeVar

from protocol.output_refusals import check_name, space_formula
from protocol.quantities import VOTERS, Quantity
from protocol.sealing.folder import SealedFolder
from protocol.sealing.leaves import leaf_number
from protocol.sealing.log import Place, SealedLog
from protocol.words import Message, Plural, Text, cited, msg, nmsg, series
from regard.language import decimal, show
from regard.reports.csv_files import dialect_of, inert_rows
from regard.sealing.places import place_json
from regard.sealing.seal_screen import SealedScreen
from regard.sealing.witness_plan import MostMoved, WitnessFrame, WitnessPlan, WitnessWorth
from regard.sealing.witnesses import (
    KeptProof,
    ProofState,
    SheetState,
    StatedFigure,
    UnknownBureau,
    Witnessed,
    WitnessedBureau,
)

T = TypeVar("T")


def percent(code: str, share: Fraction) -> str:
    """A share in per cent in a language, cut off after two decimals: never more than it is."""
    hundredths = share * 10_000 // 1
    return str(hundredths // 100) if hundredths % 100 == 0 else decimal(code, hundredths / 100, 2)


def most_of(most: MostMoved, code: str) -> Message:
    """State the assumption about one bureau."""
    if most.votes is not None:
        return nmsg("up to {count:n} vote", "up to {count:n} votes", most.votes)
    if most.share == 1:
        return msg("all valid votes")
    return msg("up to {share} % of the valid votes", share=percent(code, most.share))


def describe_plan(plan: WitnessPlan, code: str) -> Message:
    """State the number of bureaux to draw, and what their sheets then show."""
    return nmsg(
        "Draw {count:n} bureau by lot. If its sheet agrees with the log, a shift of {shift:n} votes or more "
        "would have been seen {how}.",
        "Draw {count:n} bureaux by lot. If the sheets of all of them agree with the log, a shift of {shift:n} votes "
        "or more would have been seen {how}.",
        plan.count or 0,
        shift=plan.shift,
        how=_seen(plan, code),
    )


def _seen(plan: WitnessPlan, code: str) -> Message:
    if plan.seen == 1:
        return msg("with certainty")
    return msg("with a probability of {seen} % at least", seen=percent(code, plan.seen))


def bureau_named(place: Place) -> Message:
    """A bureau, with its poll where that is not the only one."""
    poll, insee, bureau = place
    if poll == "1":
        return msg("commune {insee}, bureau {bureau}", insee=insee, bureau=bureau)
    return msg("commune {insee}, bureau {bureau}, poll {poll}", insee=insee, bureau=bureau, poll=poll)


def figure_named(name: Quantity, choice: str) -> Text:
    """Name the counted quantity, of votes with their choice."""
    return msg("votes for {choice}", choice=cited(choice)) if choice else name.label


def state_figure(figure: StatedFigure, index: int) -> Message:
    """State a figure of the sheets and of the log, each with its place."""
    stated = series(msg("{value:n} ({where})", value=value, where=where) for value, where in figure.stated)
    values = {"figure": figure_named(figure.name, figure.choice), "stated": stated, "index": leaf_number(index)}
    if figure.sealed is None:
        return msg("{figure}: {stated} on the sheet; the log has no such choice there (leaf {index}).", **values)
    values["sealed"] = Plural(figure.sealed)
    if figure.state is SheetState.CONTRADICTED:
        return msg("{figure}: the sheets differ, {stated}; the log has {sealed} (leaf {index}).", **values)
    if figure.earlier is not None:
        return msg(
            "{figure}: {stated} on the sheet, as in leaf {earlier}; leaf {index} took its place, with {sealed}.",
            earlier=leaf_number(figure.earlier),
            **values,
        )
    return msg("{figure}: {stated} on the sheet, {sealed} in the log (leaf {index}).", **values)


def describe_proof(proof: KeptProof) -> Message:
    """State the fault of a proof."""
    head, index = proof.check.checkpoint, proof.check.index
    if proof.state is ProofState.FAULT or head is None or index is None:
        return msg("{name}: {why} ({code})", name=proof.name, why=proof.check.why, code=proof.check.fault)
    if proof.state is ProofState.LATER:
        return msg(
            "{name}: it is of a log of {size:n} leaves, and there are fewer here: this is an older edition, or leaves "
            "were taken away",
            name=proof.name,
            size=head.size,
        )
    if proof.state is ProofState.SPLIT:
        return msg(
            "{name}: signed by the log's own key, with another root for {size:n} leaves than this log has: two "
            "histories were published",
            name=proof.name,
            size=head.size,
        )
    return msg(
        "{name}: it proves leaf {index}; leaf {now} took its place since",
        name=proof.name,
        index=leaf_number(index),
        now=None if proof.now is None else leaf_number(proof.now),
    )


_MOST_PERCENT = 100
IMPOSSIBLE = msg("All bureaux together have less room than that: no such shift can be made.")
NOT_COVERED = (
    msg("Sheets that somebody sends in of his own accord cover their own bureaux and no others."),
    msg("Draw once the figures are sealed, not before: whoever knows the lot changes other bureaux."),
    msg("What was changed before a sheet was copied is on the sheet as well."),
)


class WitnessScreen(SealedScreen):
    """Screen of the sheets that are needed, and of the worth of those at hand."""

    def plan(self, sealed: SealedFolder, frame: WitnessFrame, plan: WitnessPlan) -> None:
        """Print the number of sheets that must agree, their bureaux, and what they do not show."""
        self.print(msg("How many sheets must agree"), style="bold")
        self._frame(sealed, frame)
        self._shift(frame, plan)
        if plan.impossible:
            self._impossible(frame)
            return
        self.print(describe_plan(plan, self.language), style="bold green")
        self._draw(plan)
        self.print()
        self.print(msg("What it does not show"), style="bold")
        for said in NOT_COVERED:
            self.print(msg("- {said}", said=said), indent=2)

    def statement(self, sealed: SealedFolder, frame: WitnessFrame, found: Witnessed, worth: WitnessWorth) -> None:
        """Print the comparison of the sheets with the log, and their worth."""
        self.print(
            msg(
                "Sheets and proofs, compared with the log of {origin} ({size:n} leaves)",
                origin=sealed.newest.checkpoint.origin,
                size=sealed.log.tree.size,
            ),
            style="bold",
        )
        self._counts(found)
        for bureau in self._some([each for each in found.bureaux if each.figures]):
            self.print(bureau_named(bureau.place), style="red", indent=2)
            for figure in bureau.figures:
                self.print(state_figure(figure, bureau.index), indent=4)
        for unknown in self._some(found.unknown):
            self.print(msg("{bureau} ({where})", bureau=unknown.said, where=unknown.where), style="red", indent=2)
        for proof in self._some([each for each in found.proofs if each.state is not ProofState.HOLDS]):
            self.print(describe_proof(proof), style="red", indent=2)
        for said in self._some(found.left):
            self.print(msg("not used: {said}", said=said), style="yellow", indent=2)
        self.print()
        self.print(msg("What the sheets are worth"), style="bold")
        self._worth(frame, worth)

    def _frame(self, sealed: SealedFolder, frame: WitnessFrame) -> None:
        self.print(
            msg(
                "Log of {origin}, poll {poll}: {bureaux}, {valid}.",
                origin=sealed.newest.checkpoint.origin,
                poll=frame.poll,
                bureaux=_bureaux(len(frame.valid)),
                valid=nmsg("{count:n} valid vote", "{count:n} valid votes", sum(frame.valid.values())),
            )
        )
        if frame.without:
            said = nmsg(
                "{count:n} leaf has no votes: that bureau is taken to have none.",
                "{count:n} leaves have no votes: those bureaux are taken to have none.",
                frame.without,
            )
            self.print(said, style="yellow")

    def _shift(self, frame: WitnessFrame, plan: WitnessPlan) -> None:
        moved = msg(
            "Shift: {shift:n} votes moved from one choice to another, by which the lead of one over the other changes "
            "by {lead:n}. Assumed: in one bureau {most} can be moved.",
            shift=plan.shift,
            lead=2 * plan.shift,
            most=most_of(frame.most, self.language),
        )
        self.print(moved)
        if altered := plan.altered:
            self.print(
                nmsg(
                    "For that, {count:n} bureau at least must be changed.",
                    "For that, {count:n} bureaux at least must be changed.",
                    altered,
                )
            )

    def _impossible(self, frame: WitnessFrame) -> None:
        """More votes than can be moved by the assumption: there is nothing to draw, and no probability."""
        self.print(IMPOSSIBLE, style="bold red")
        votes = frame.most.votes
        if votes is not None and votes <= _MOST_PERCENT:
            said = msg(
                '--at-most {votes} is a number of votes: for a share of the valid votes write --at-most "{votes} %".',
                votes=votes,
            )
            self.print(said, style="yellow")

    def _draw(self, plan: WitnessPlan) -> None:
        if plan.seed is None:
            self.print(msg("--seed TEXT draws them, so that anybody can draw them again; -o writes the list."))
            return
        self.print()
        self.print(msg("Drawn with the seed {seed}:", seed=cited(plan.seed)), style="bold")
        for place in self._some(plan.places):
            self.print(bureau_named(place), indent=2)

    def _counts(self, found: Witnessed) -> None:
        states = Counter(each.state for each in found.bureaux)
        whole = len(found.agreeing)
        parts = [
            nmsg(
                "{count:n} bureau agrees in all its votes",
                "{count:n} bureaux agree in all their votes",
                whole,
            )
        ]
        if some := states[SheetState.AGREES] - whole:
            parts.append(nmsg("{count:n} as far as its sheet goes", "{count:n} as far as their sheets go", some))
        if differing := len(found.differing):
            parts.append(nmsg("{count:n} does not agree", "{count:n} do not agree", differing))
        if found.unknown:
            parts.append(nmsg("{count:n} is not in the log", "{count:n} are not in the log", len(found.unknown)))
        if nothing := states[SheetState.NOTHING]:
            parts.append(
                nmsg(
                    "{count:n} without a figure that the log has",
                    "{count:n} without a figure that the log has",
                    nothing,
                )
            )
        good = found.clean and bool(whole)
        self.print(msg("Sheets: {parts}.", parts=series(parts)), style="green" if good else "")
        if found.proofs:
            holding = sum(each.state is ProofState.HOLDS for each in found.proofs)
            said = nmsg(
                "Proofs: {holding:n} of {count:n} holds and is the last word of the log on its bureau.",
                "Proofs: {holding:n} of {count:n} hold and are the last word of the log on their bureaux.",
                len(found.proofs),
                holding=holding,
            )
            self.print(said)
            self.print(msg("A proof is the log's own word: it is no sheet, and is not counted as one."), style="dim")

    def _worth(self, frame: WitnessFrame, worth: WitnessWorth) -> None:
        all_valid = sum(frame.valid.values())
        self.print(
            nmsg(
                "Whole sheets that agree cover {count:n} of {bureaux:n} bureaux and {valid:n} of {all:n} valid "
                "votes ({share} %).",
                "Whole sheets that agree cover {count:n} of {bureaux:n} bureaux and {valid:n} of {all:n} valid "
                "votes ({share} %).",
                worth.agreeing,
                bureaux=len(frame.valid),
                valid=worth.valid,
                all=all_valid,
                share=percent(self.language, Fraction(worth.valid, all_valid or 1)),
            )
        )
        plan = worth.plan
        if plan is None or plan.seed is None:
            self.print(
                msg(
                    "They were not drawn by lot, and say nothing of the other bureaux: there {votes:n} votes can be "
                    "moved.",
                    votes=worth.elsewhere,
                )
            )
        elif plan.impossible:
            self.print(IMPOSSIBLE, style="bold red")
        elif worth.holds:
            self.print(
                nmsg(
                    "The only bureau that the seed draws has a whole sheet that agrees: a shift of {shift:n} votes or "
                    "more, made after the sheet was copied, would have been seen {how}.",
                    "All {count:n} bureaux that the seed draws have a whole sheet that agrees: a shift of {shift:n} "
                    "votes or more, made after the sheets were copied, would have been seen {how}.",
                    len(plan.places),
                    shift=plan.shift,
                    how=_seen(plan, self.language),
                ),
                style="bold green",
            )
            self.print(msg("Assumed: in one bureau {most} can be moved.", most=most_of(frame.most, self.language)))
        else:
            self.print(
                nmsg(
                    "Of {drawn} that the seed draws, {count:n} has no whole sheet that agrees. Until it has, "
                    "no probability can be stated: whoever changed figures may keep that sheet away.",
                    "Of {drawn} that the seed draws, {count:n} have no whole sheet that agrees. Until all "
                    "have, no probability can be stated: whoever changed figures may keep those sheets away.",
                    len(worth.missing),
                    drawn=_bureaux(len(plan.places)),
                ),
                style="bold yellow",
            )
            for place in self._some(worth.missing):
                self.print(bureau_named(place), indent=2)
        for said in NOT_COVERED[1:] if worth.holds else NOT_COVERED[2:]:
            self.print(said, style="dim")


def _bureaux(count: int) -> Text:
    return nmsg("{count:n} bureau", "{count:n} bureaux", count)


def to_fill_in(log: SealedLog, places: Sequence[Place]) -> bytes:
    """A row for each bureau with its codes, and empty columns for its figures: semicolons, UTF-8 with its mark.

    Raises:
        OutputRefused: the name of a choice has a part that a spreadsheet would run.
    """
    choices = list(dict.fromkeys(each.name for place in places for each in log.leaf(log.latest[place]).votes))
    for name in choices:
        check_name(name)
    header = ["insee", "bureau", "scrutin", *(quantity.column for quantity in VOTERS), *map(space_formula, choices)]
    rows = [[insee, bureau, poll, *[""] * (len(header) - 3)] for poll, insee, bureau in places]
    dialect = dialect_of("fr")
    return dialect.head(header) + dialect.lines(inert_rows(list(zip(*rows, strict=True))))


_LONGEST = 2**12
"""Bits of a denominator that is written out."""


def plan_document(sealed: SealedFolder, frame: WitnessFrame, plan: WitnessPlan) -> dict[str, Any]:
    """A plan: what is assumed, how many sheets are needed, and which bureaux are drawn."""
    return {"tool": "regard", **_log(sealed), **_frame(frame), "plan": _plan(plan)}


def statement_document(
    sealed: SealedFolder, frame: WitnessFrame, found: Witnessed, worth: WitnessWorth, language: str
) -> dict[str, Any]:
    """A statement: every bureau with a sheet, every proof, and their coverage."""
    return {
        "tool": "regard",
        **_log(sealed),
        **_frame(frame),
        "bureaux_with_sheets": [_bureau(each) for each in found.bureaux],
        "not_in_the_log": [_unknown(each, language) for each in found.unknown],
        "proofs": [_proof(each, language) for each in found.proofs],
        "not_used": [show(language, each) for each in found.left],
        "covered": {"bureaux": worth.agreeing, "valid": worth.valid, "can_be_moved_elsewhere": worth.elsewhere},
        "plan": None if worth.plan is None else _plan(worth.plan),
        "missing": [place_json(each) for each in worth.missing],
        "probability_holds": worth.holds,
    }


def _log(sealed: SealedFolder) -> dict[str, Any]:
    head = sealed.newest.checkpoint
    return {"log": {"origin": head.origin, "size": head.size, "root": head.root.hex()}}


def _frame(frame: WitnessFrame) -> dict[str, Any]:
    return {
        "poll": frame.poll,
        "bureaux": len(frame.valid),
        "bureaux_without_votes": frame.without,
        "valid": sum(frame.valid.values()),
        "at_most": {"share": _exact(frame.most.share), "votes": frame.most.votes},
    }


def _plan(plan: WitnessPlan) -> dict[str, Any]:
    return {
        "shift": plan.shift,
        "probability": _exact(plan.probability),
        "sheets": plan.count,
        "altered": plan.altered,
        "seen": None if plan.impossible else _exact(plan.seen),
        "seed": plan.seed,
        "drawn": [place_json(each) for each in plan.places],
    }


def _exact(share: Fraction) -> dict[str, Any]:
    """A share: nearly, and as one whole number over another where that is not too long for programs."""
    short = share.denominator.bit_length() <= _LONGEST
    return {"value": float(share), "fraction": str(share) if short else None}


def _bureau(bureau: WitnessedBureau) -> dict[str, Any]:
    return {
        **place_json(bureau.place),
        "leaf": bureau.index,
        "state": bureau.state.value,
        "compared": bureau.compared,
        "not_in_the_leaf": bureau.lacking,
        "complete": bureau.complete,
        "where": list(bureau.where),
        "figures": [
            {
                "figure": figure.name.value,
                "choice": figure.choice,
                "state": figure.state.value,
                "log": figure.sealed,
                "sheets": [{"value": value, "where": where} for value, where in figure.stated],
                "as_in_leaf": figure.earlier,
            }
            for figure in bureau.figures
        ],
    }


def _unknown(unknown: UnknownBureau, language: str) -> dict[str, str]:
    return {
        "poll": unknown.poll,
        "insee": unknown.insee,
        "bureau": unknown.bureau,
        "nearest": unknown.nearest,
        "where": unknown.where,
        "why": show(language, unknown.why),
    }


def _proof(proof: KeptProof, language: str) -> dict[str, Any]:
    check = proof.check
    why: Text | None = check.why
    return {
        "file": proof.name,
        "state": proof.state.value,
        "fault": None if check.fault is None else check.fault.value,
        "why": None if why is None else show(language, why),
        "leaf": check.index,
        "size": None if check.checkpoint is None else check.checkpoint.size,
        "leaf_now": proof.now,
        **({} if check.leaf is None else place_json(check.leaf.place)),
    }
