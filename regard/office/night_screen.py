"""What is said of a night that was simulated: how much there is of it, where, and what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol.words import Message, Text, msg, nmsg, series
from regard.office.screen import show_notes
from regard.office.wording import some_of
from regard.terminal import clean
from sim.summary import PollSummary, Summary

if TYPE_CHECKING:
    from rich.console import Console

    from regard.office.listed_night import ListedNight

_NAMED = 12
"""Bureaux that one sentence names."""


def simulated_said(wrote: Summary, folder: str, year: int, seed: int) -> Message:
    """How much there is of the night, and where."""
    machines = nmsg("{count:n} machine bureau", "{count:n} machine bureaux", wrote.bureaux - wrote.paper_bureaux)
    papers = nmsg("{count:n} paper bureau", "{count:n} paper bureaux", wrote.paper_bureaux)
    return msg(
        "Simulated {bureaux} of {communes}, {year}, seed {seed}.\n"
        "{counted}\n"
        "{faults}; {gaps}.\n"
        "Written to {folder}. The truth is in verite.csv and verite.html,\n"
        "which `regard verify` never opens; keep both back from who is to find it.\n"
        "Machines and their formats are a model: the vendor's are not public.",
        bureaux=msg("{some} and {others}", some=machines, others=papers) if wrote.paper_bureaux else machines,
        communes=nmsg("{count:n} commune", "{count:n} communes", wrote.communes),
        year=year,
        seed=seed,
        counted=_counted(wrote),
        faults=nmsg("{count:n} fault injected", "{count:n} faults injected", wrote.faults),
        gaps=nmsg(
            "{count:n} bureau where votes and signatures differ",
            "{count:n} bureaux where votes and signatures differ",
            wrote.gaps,
        ),
        folder=clean(folder),
    )


def _counted(wrote: Summary) -> Text:
    """Registered voters, and what was counted: in each poll of the day, where there are several."""
    if len(wrote.polls) == 1:
        return msg(
            "{registered:n} registered voters, {votes:n} votes found, {signatures}.",
            registered=wrote.registered,
            votes=wrote.votes,
            signatures=_signatures(wrote),
        )
    head = msg(
        "{registered:n} registered voters, {polls:n} polls:", registered=wrote.registered, polls=len(wrote.polls)
    )
    lines = (
        msg(
            "  {number}. {name}\n     {votes:n} votes found, {signatures}",
            number=number,
            name=poll.name,
            votes=poll.votes,
            signatures=_signatures(poll),
        )
        for number, poll in enumerate(wrote.polls, start=1)
    )
    return series([head, *lines], "\n")


def _signatures(wrote: Summary | PollSummary) -> Text:
    """The signatures that were counted; what was not written down is not zero."""
    counted = nmsg("{count:n} signature", "{count:n} signatures", wrote.signatures)
    if not wrote.uncounted:
        return counted
    without = nmsg("{count:n} bureau not counted", "{count:n} bureaux not counted", wrote.uncounted)
    return msg("{signatures} ({missing})", signatures=counted, missing=without)


def show_listed(listed: ListedNight, wrote: Summary, seed: int, code: str, out: Console) -> None:
    """Which day of which list it is: what happens on it, what was assumed, what of the list was not used."""
    said = [*listed.told]
    failing = listed.failing(seed)
    if failing:
        said.append(
            nmsg(
                "a machine fails in {count:n} bureau: {bureaux}",
                "a machine fails in {count:n} bureaux: {bureaux}",
                len(failing),
                bureaux=some_of(failing, _NAMED),
            )
        )
    elif listed.planned.circumstances.breakdowns is not None:
        said.append(msg("no machine fails on this day"))
    if listed.planned.circumstances.patience is not None:
        said.append(
            nmsg(
                "{count:n} person leaves before voting",
                "{count:n} people leave before voting",
                wrote.lost,
            )
        )
    show_notes(out, code, msg("Day {day:n} of the plan:", day=listed.planned.day), said)
    show_notes(out, code, msg("Read: {path}", path=listed.source.path), [listed.source.note])
    for heading, notes in (
        (msg("Assumed:"), listed.assumptions),
        (msg("Not used of the list:"), listed.source.unused),
    ):
        if notes:
            show_notes(out, code, heading, notes)
