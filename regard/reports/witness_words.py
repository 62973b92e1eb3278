"""The sentences about witnesses: shares, bureaux, figures on which sheets and log are not at one, proofs."""

from __future__ import annotations

from fractions import Fraction

from protocol.quantities import Quantity
from protocol.sealing.leaves import leaf_number
from protocol.sealing.log import Place
from protocol.words import Message, Plural, Text, cited, msg, nmsg, series
from regard.language import decimal
from regard.sealing.witness_plan import MostMoved, WitnessFrame, WitnessPlan
from regard.sealing.witnesses import KeptProof, ProofState, SheetState, StatedFigure, UnknownBureau


def percent(code: str, share: Fraction) -> str:
    """A share in per cent in a language, cut off after two decimals: never more than it is."""
    hundredths = share * 10_000 // 1
    return str(hundredths // 100) if hundredths % 100 == 0 else decimal(code, hundredths / 100, 2)


def most_of(most: MostMoved, code: str) -> Message:
    """What is assumed of one bureau."""
    if most.votes is not None:
        return nmsg("up to {count:n} vote", "up to {count:n} votes", most.votes)
    if most.share == 1:
        return msg("all valid votes")
    return msg("up to {share} % of the valid votes", share=percent(code, most.share))


def enough_said(plan: WitnessPlan, code: str) -> Message:
    """How many bureaux to draw, and what their sheets then show."""
    return nmsg(
        "Draw {count:n} bureau by lot. If its sheet agrees with the log, a shift of {shift:n} votes or more "
        "would have been seen with a probability of {seen} % at least.",
        "Draw {count:n} bureaux by lot. If the sheets of all of them agree with the log, a shift of {shift:n} votes "
        "or more would have been seen with a probability of {seen} % at least.",
        plan.count or 0,
        shift=plan.shift,
        seen=percent(code, plan.detection.seen),
    )


def by_department(frame: WitnessFrame, plan: WitnessPlan) -> Message:
    """How many of them each département has."""
    pairs = (
        msg("{code}: {sheets}", code=part.name, sheets=Plural(count))
        for part, count in zip(frame.parts, plan.drawn or (), strict=False)
        if count
    )
    return msg("By département: {pairs}.", pairs=series(pairs, msg("; ")))


def bureau_named(place: Place) -> Message:
    """A bureau, with its poll where that is not the only one."""
    poll, insee, bureau = place
    if poll == "1":
        return msg("commune {insee}, bureau {bureau}", insee=insee, bureau=bureau)
    return msg("commune {insee}, bureau {bureau}, poll {poll}", insee=insee, bureau=bureau, poll=poll)


def _figure_name(figure: StatedFigure) -> Text:
    return (
        msg("votes for {choice}", choice=cited(figure.choice)) if figure.name is Quantity.VOTES else figure.name.label
    )


def state_figure(figure: StatedFigure, index: int) -> Message:
    """What the sheets and the log have, each with where it stands."""
    stated = series(msg("{value:n} ({where})", value=value, where=where) for value, where in figure.stated)
    values = {"figure": _figure_name(figure), "stated": stated, "index": leaf_number(index)}
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


def unknown_said(unknown: UnknownBureau) -> Message:
    """A bureau of a sheet that is not in the log."""
    values = {"insee": unknown.insee, "bureau": unknown.bureau, "where": unknown.where, "why": unknown.why}
    if unknown.nearest:
        return msg(
            "commune {insee}, bureau {bureau} ({where}): {why}; nearest: {nearest}", nearest=unknown.nearest, **values
        )
    return msg("commune {insee}, bureau {bureau} ({where}): {why}", **values)


def kept_said(proof: KeptProof) -> Message:
    """What is wrong with a proof."""
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
