"""The bureaux of a town's own list as a night has them: with a commune, a département, and codes that modules hold."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from machine.configuration import TEXT_LIMITS
from protocol.insee import departement_of
from protocol.urn.image import SLOTS
from protocol.words import Message, Text, cited, msg, without_accents
from sim.bureaux import YEARS, Bureau, machine_communes
from sim.errors import UnfitTown
from sim.queues.town import Circumstances, TownBureau
from sim.tables import rows_of

NOWHERE = "00"
"""Département of communes whose place the list does not say."""
_INSEE = re.compile(r"([0-9]{2}|2[AB])[0-9]{3}")
_OTHERWISE = str.maketrans({"œ": "oe", "Œ": "Oe", "’": "'"})
"""Letters of French that published results, which are ISO-8859-1, have not."""
_UNFIT = re.compile(r'[;"\x00-\x1f\x7f-\x9f]')
"""Characters that no name of a commune has, and no published file could hold."""


@dataclass(frozen=True, slots=True)
class Town:
    """Listed bureaux, each with the one that a night has of it, and what was assumed of their communes."""

    bureaux: tuple[tuple[TownBureau, Bureau], ...]
    assumptions: tuple[Text, ...]

    @property
    def hours(self) -> tuple[int, int]:
        """Opening and closing of most of them."""
        ((hours, _),) = Counter((bureau.opening, bureau.closing) for _, bureau in self.bureaux).most_common(1)
        return hours

    def communes(self) -> list[tuple[Bureau, ...]]:
        """The bureaux of each commune, both in order of their codes."""
        found: dict[str, list[Bureau]] = {}
        for _, bureau in sorted(self.bureaux, key=lambda each: each[1].key):
            found.setdefault(bureau.insee, []).append(bureau)
        return [tuple(bureaux) for bureaux in found.values()]


def town(listed: Sequence[TownBureau], circumstances: Circumstances, insee: str | None = None) -> Town:
    """The bureaux of a list as a night has them.

    Args:
        listed: the rows, at least one. INSEE code and name of the commune may be empty.
        circumstances: whose hours, where they have some.
        insee: code of the commune of the rows that name none.

    Raises:
        UnfitTown: a code or name that the formats of a night cannot hold, or a bureau that is there twice.
    """
    if insee is not None and all(each.insee or each.commune for each in listed):
        raise UnfitTown(msg("the list says itself which commune each bureau is of: leave out {code}", code=insee))
    codes, assumptions = _codes(listed, insee)
    found: dict[tuple[str, str], TownBureau] = {}
    bureaux = []
    for each in listed:
        bureau = _bureau(each, codes[each.insee, each.commune], circumstances)
        if found.setdefault(bureau.key, each) is not each:
            raise UnfitTown(msg("bureau {code} of {insee} is there twice", code=cited(each.code), insee=bureau.insee))
        bureaux.append((each, bureau))
    return Town(tuple(bureaux), tuple(assumptions))


@functools.cache
def departement_names() -> dict[str, str]:
    """Their names, by code."""
    return {row["departement"]: row["nom"] for row in rows_of("departements.csv")}


@functools.cache
def of_departements() -> dict[str, str]:
    """Their names after a noun in French, by code: ``de l'Orne``."""
    return {
        row["departement"]: row["de"] + ("" if row["de"].endswith("'") else " ") + row["nom"]
        for row in rows_of("departements.csv")
    }


@functools.cache
def _known() -> dict[str, str]:
    """The names of the communes that have voted on machines, by INSEE code."""
    return {commune.insee: commune.name for year in YEARS for commune in machine_communes(year)}


def _codes(
    listed: Sequence[TownBureau], insee: str | None
) -> tuple[dict[tuple[str, str], tuple[str, str]], list[Message]]:
    """INSEE code and name for each pair of both in the list, and what was assumed."""
    by_name = {without_accents(name): code for code, name in _known().items()}
    named = {each.insee: each.commune for each in listed if each.insee and each.commune}
    codes: dict[tuple[str, str], tuple[str, str]] = {}
    assumptions = []
    unknown = 0
    for each in listed:
        pair = each.insee, each.commune
        if pair in codes:
            continue
        code = each.insee or (by_name.get(without_accents(each.commune.strip()), "") if each.commune else insee or "")
        if not code:
            unknown += 1
            code = f"{NOWHERE}{unknown:03}"
            assumptions.append(_made_up(each.commune, code))
        elif not each.insee and each.commune:
            assumptions.append(msg("INSEE code of {commune}: {code}, by its name", commune=each.commune, code=code))
        codes[pair] = code, each.commune or named.get(code) or _known().get(code) or f"Commune {code}"
    return codes, assumptions


def _made_up(commune: str, code: str) -> Message:
    if commune:
        return msg("the list does not say the INSEE code of {commune}: {code}, made up", commune=commune, code=code)
    return msg("the list does not say which commune it is of: INSEE code {code}, made up", code=code)


def _bureau(listed: TownBureau, commune: tuple[str, str], circumstances: Circumstances) -> Bureau:
    insee, name = commune
    opening, closing = circumstances.hours(listed)
    bureau = Bureau(
        insee=insee,
        commune=name.translate(_OTHERWISE),
        departement=departement_of(insee),
        departement_name=departement_names().get(departement_of(insee), ""),
        constituency="",
        constituency_name="",
        code=listed.code,
        registered=listed.registered,
        machines=listed.machines,
        opening=opening,
        closing=closing,
    )
    _check(bureau)
    return bureau


def _check(bureau: Bureau) -> None:
    if not _INSEE.fullmatch(bureau.insee):
        raise UnfitTown(msg("INSEE code {code}: five characters are expected, such as 76351", code=cited(bureau.insee)))
    if bureau.departement != NOWHERE and not bureau.departement_name:
        raise UnfitTown(
            msg(
                "INSEE code {code}: there is no département {departement}",
                code=bureau.insee,
                departement=bureau.departement,
            )
        )
    if (sign := _UNFIT.search(bureau.commune)) is not None:
        raise UnfitTown(
            msg(
                "the commune's name {name} has a {sign} in it, which published results cannot hold",
                name=cited(bureau.commune),
                sign=cited(sign[0]),
            )
        )
    most = TEXT_LIMITS["bureau"]
    if not 0 < len(bureau.code) <= most or not bureau.code.isascii() or not bureau.code.isprintable():
        raise UnfitTown(
            msg(
                "bureau {code}: a module has room for a code of {most} characters, letters without accents and digits",
                code=cited(bureau.code),
                most=most,
            )
        )
    if bureau.machines and bureau.registered > SLOTS * bureau.machines:
        raise UnfitTown(
            msg(
                "bureau {code}: {registered:n} registered voters, and its machines hold {room:n} votes together",
                code=bureau.code,
                registered=bureau.registered,
                room=SLOTS * bureau.machines,
            )
        )
