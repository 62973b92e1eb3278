"""The voter's display, 4 lines of 40 characters: one text for each state of the machine, in French if no other."""

from __future__ import annotations

from machine.configuration import ConfiguredPoll
from machine.esf1 import Machine
from machine.states import State
from protocol.words import Text, language, msg, pmsg

WIDTH, HEIGHT = 40, 4
"""Characters of a line of the display, and its lines."""

_FIXED: dict[State, tuple[Text, Text, Text]] = {
    State.OFF: ("", "", ""),
    State.SELF_TEST: (msg("SELF-TEST"), msg("Electronic urn not recognised"), msg("Machine out of order")),
    State.TEST: (msg("TEST MODE"), msg("No vote counts"), msg("Two keys: check of the counters")),
    State.READY: (msg("COUNTERS AT ZERO"), msg("The poll is not open"), msg("Two keys: opening of the poll")),
}


def display(machine: Machine, code: str = "fr") -> tuple[str, str, str, str]:
    """Render the voter's display: four lines, each of exactly 40 characters.

    Args:
        machine: in any state.
        code: of the language.
    """
    words = language(code)
    battery = machine.on_battery and machine.state is not State.OFF
    texts = (*_texts(machine), msg("ON BATTERY: no printer, no lamp") if battery else "")
    one, two, three, four = (words.show(text)[:WIDTH].ljust(WIDTH) for text in texts)
    return one, two, three, four


def _texts(machine: Machine) -> tuple[Text, Text, Text]:
    """The first three lines."""
    state = machine.state
    if state in _FIXED:
        return _FIXED[state]
    if state in (State.ENABLED, State.SELECTED):
        return _voting(machine)
    voters = msg("Voters: {voters}", voters=machine.voters)
    if state is State.RESULTS:
        first = machine.results()[0]  # the ticket has every counter of every poll
        return msg("RESULTS"), msg("Votes: {cast}, of these blank: {blank}", cast=first.cast, blank=first.blank), voters
    heads = {
        State.OPEN: (msg("POLL OPEN"), msg("Please go to the bureau")),
        State.CAST: (msg("VOTED"), msg("Your vote is stored")),
        State.CLOSED: (msg("POLL CLOSED"), msg("The counters can be read")),
    }
    return (*heads[state], voters)


def _voting(machine: Machine) -> tuple[Text, Text, Text]:
    polls = machine.configuration.polls
    asked = next(poll for poll in polls if poll.number == machine.poll)
    place = {"poll": polls.index(asked) + 1, "polls": len(polls)}
    if machine.state is State.ENABLED:
        resumed = msg("Power cut: no vote was stored, vote") if machine.resumed else ""
        return msg("VOTE, POLL {poll} OF {polls}", **place), msg("One key for each choice, or BLANC"), resumed
    head = msg("YOUR CHOICE, POLL {poll} OF {polls}", **place)
    return head, _choice(machine, asked), msg("VALIDER to vote, CORRIGER to change")


def _choice(machine: Machine, asked: ConfiguredPoll) -> Text:
    choice = machine.selection
    return f"{choice} {asked.choices[choice - 1]}" if choice else pmsg("a key of the machine", "BLANK")
