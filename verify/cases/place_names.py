"""The place of a case, for people: its commune, its bureaux, and the poll where a day has several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from protocol.words import Text, msg, nmsg, series
from verify.model.rule_results import Named

_DEPARTMENT = re.compile(r"[0-9]{2}|2[AB]|9[78][0-9]|Z[A-Z]")
"""The code of a département, in the place of a commune's."""
_SOME = 4
"""Bureaux, and runs of them, that are named."""


def listed(names: Iterable[Text]) -> Text:
    """Names one after another, the last after “and”."""
    every = list(names)
    if len(every) < 2:
        return every[0] if every else ""
    return msg("{some} and {last}", some=series(every[:-1]), last=every[-1])


def commune_of(insee: str, name: str) -> str:
    """A commune by its name and its code, or by one of them where there is no other."""
    name = name.strip()
    return f"{name} ({insee})" if name and name.casefold() != insee.casefold() else name or insee


def place_of(places: Sequence[Named], communes: Mapping[str, str], several: bool = False) -> Text:
    """Name the place of a case for people: up to two communes and their bureaux; empty where it is of no place.

    Args:
        places: of the case.
        communes: names by INSEE code.
        several: whether the day has several polls, so that the first one has to be named as well.
    """
    places = [each for each in places if each.insee] or places  # a cell that cannot be read is of none
    insee = list(dict.fromkeys(each.insee for each in places))
    if len(insee) == 2:
        return listed(place_of([each for each in places if each.insee == code], communes, several) for code in insee)
    if len(insee) > 2:
        bureaux = len({(each.insee, each.bureau) for each in places if each.bureau})
        where = nmsg("{count:n} commune", "{count:n} communes", len(insee))
        if all(map(_DEPARTMENT.fullmatch, insee)):
            where = nmsg("{count:n} département", "{count:n} départements", len(insee))
        if not bureaux:
            return where
        return nmsg("{count:n} bureau in {where}", "{count:n} bureaux in {where}", bureaux, where=where)
    if not insee:
        return ""
    commune: Text = communes.get(insee[0]) or insee[0]
    if _DEPARTMENT.fullmatch(insee[0]):
        commune = msg("département {code}", code=insee[0])
    bureaux_there = bureaux_of(places, several)
    if not bureaux_there:
        return commune
    return series((commune, bureaux_there)) if commune else bureaux_there


def bureaux_of(places: Sequence[Named], several: bool = False) -> Text:
    """The bureaux of a commune that a case is of, with the poll where the day has several; empty for none."""
    codes = bureau_codes(places, several)
    count = len({each.bureau for each in places if each.bureau})
    return nmsg("bureau {codes}", "bureaux {codes}", count, codes=codes) if count else ""


def bureau_codes(places: Sequence[Named], several: bool = False) -> Text:
    """The same without the word before them; what is said of no poll is of all of them."""
    codes = list(dict.fromkeys(each.bureau for each in places if each.bureau))
    shown_codes = _runs(codes)
    polls = sorted({each.poll for each in places if each.bureau} - {0})
    other = not several and {each.poll for each in places} != {*polls[-1:]} - {1}  # than one poll, and not the first
    if not codes or not polls or other:
        return shown_codes
    if len(polls) == 1:
        return msg("{codes}, poll {poll}", codes=shown_codes, poll=polls[0])
    return msg("{codes}, polls {polls}", codes=shown_codes, polls=listed(map(str, polls)))


def with_place(place: Text, said: Text) -> Text:
    """Put the place of a case in front of its sentence."""
    return msg("{place}: {text}", place=place, text=said) if place else said


def _runs(codes: Sequence[str]) -> Text:
    """Codes with those that follow one another as “0003 to 0006”, the first of many."""
    runs: list[list[str]] = []
    for code in codes:
        last = runs[-1][-1] if runs else ""
        if last.isdecimal() and code == str(int(last) + 1).zfill(len(last)):
            runs[-1].append(code)
        else:
            runs.append([code])
    named: list[tuple[Text, int]] = []
    for run in runs:
        if len(run) > 2:
            named.append((msg("{first} to {last}", first=run[0], last=run[-1]), len(run)))
        else:
            named += [(code, 1) for code in run]
    if len(named) <= _SOME:
        return listed(text for text, _ in named)
    said = series(text for text, _ in named[:_SOME])
    return nmsg("{said} and {count:n} more", "{said} and {count:n} more", sum(n for _, n in named[_SOME:]), said=said)
