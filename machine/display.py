"""The voter's display, 4 lines of 40 characters, in French and in English: one text for each state of the machine."""

from __future__ import annotations

from collections.abc import Callable

from machine.configuration import Poll
from machine.esf1 import Machine
from machine.states import State

WIDTH, HEIGHT = 40, 4
LANGUAGES = ("fr", "en")

_TEXTS: dict[State, dict[str, tuple[str, str, str]]] = {
    State.OFF: {"fr": ("", "", ""), "en": ("", "", "")},
    State.SELF_TEST: {
        "fr": ("AUTO-TEST", "Urne électronique non reconnue", "Machine hors service"),
        "en": ("SELF-TEST", "Electronic urn not recognised", "Machine out of order"),
    },
    State.TEST: {
        "fr": ("MODE ESSAI", "Aucun vote ne compte", "Deux clés : vérification des compteurs"),
        "en": ("TEST MODE", "No vote counts", "Two keys: check of the counters"),
    },
    State.READY: {
        "fr": ("COMPTEURS À ZÉRO", "Le scrutin n'est pas ouvert", "Deux clés : ouverture du scrutin"),
        "en": ("COUNTERS AT ZERO", "The poll is not open", "Two keys: opening of the poll"),
    },
    State.OPEN: {
        "fr": ("SCRUTIN OUVERT", "Présentez-vous au bureau", "Votants : {voters}"),
        "en": ("POLL OPEN", "Please go to the bureau", "Voters: {voters}"),
    },
    State.ENABLED: {
        "fr": ("VOTEZ, SCRUTIN {poll} SUR {polls}", "Une touche par choix, ou BLANC", "{resumed}"),
        "en": ("VOTE, POLL {poll} OF {polls}", "One key for each choice, or BLANC", "{resumed}"),
    },
    State.SELECTED: {
        "fr": ("VOTRE CHOIX, SCRUTIN {poll} SUR {polls}", "{choice}", "VALIDER, ou CORRIGER"),
        "en": ("YOUR CHOICE, POLL {poll} OF {polls}", "{choice}", "VALIDER to vote, CORRIGER to change"),
    },
    State.CAST: {
        "fr": ("A VOTÉ", "Votre vote est enregistré", "Votants : {voters}"),
        "en": ("VOTED", "Your vote is stored", "Voters: {voters}"),
    },
    State.CLOSED: {
        "fr": ("SCRUTIN CLOS", "Les compteurs peuvent être lus", "Votants : {voters}"),
        "en": ("POLL CLOSED", "The counters can be read", "Voters: {voters}"),
    },
    State.RESULTS: {
        "fr": ("RÉSULTATS", "{results}", "Votants : {voters}"),
        "en": ("RESULTS", "{results}", "Voters: {voters}"),
    },
}
_BATTERY = {"fr": "SUR BATTERIE : ni imprimante, ni lampe", "en": "ON BATTERY: no printer, no lamp"}
_BLANK = {"fr": "BLANC", "en": "BLANK"}
_RESUMED = {"fr": "Coupure : vote non enregistré, votez", "en": "Power cut: no vote was stored, vote"}
_RESULTS = {"fr": "Votes : {cast}, dont blancs : {blank}", "en": "Votes: {cast}, of these blank: {blank}"}


def display(machine: Machine, language: str = "fr") -> tuple[str, str, str, str]:
    """What stands on the voter's display now: four lines, each of exactly 40 characters.

    Args:
        machine: in any state.
        language: ``fr`` or ``en``.
    """
    first, second, third = _TEXTS[machine.state][language]
    last = _BATTERY[language] if machine.on_battery and machine.state is not State.OFF else ""
    values: dict[str, Callable[[], str]] = {
        "{voters}": lambda: str(machine.voters),
        "{poll}": lambda: str(_number(machine)),
        "{polls}": lambda: str(len(machine.configuration.polls)),
        "{choice}": lambda: _choice(machine, language),
        "{resumed}": lambda: _RESUMED[language] if machine.resumed else "",
        "{results}": lambda: _results(machine, language),
    }
    lines = []
    for line in (first, second, third, last):
        for place, value in values.items():
            if place in line:
                line = line.replace(place, value())
        lines.append(line[:WIDTH].ljust(WIDTH))
    one, two, three, four = lines
    return one, two, three, four


def _asked(machine: Machine) -> Poll:
    polls = machine.configuration.polls
    return next(poll for poll in polls if poll.number == machine.poll)


def _number(machine: Machine) -> int:
    """Which of the day's polls is asked for, counted from 1."""
    return machine.configuration.polls.index(_asked(machine)) + 1


def _choice(machine: Machine, language: str) -> str:
    choice = machine.selection
    return f"{choice} {_asked(machine).choices[choice - 1]}" if choice else _BLANK[language]


def _results(machine: Machine, language: str) -> str:
    """The sums of the first poll; the ticket has every counter of every poll."""
    first = machine.results()[0]
    return _RESULTS[language].format(cast=first.cast, blank=first.blank)
