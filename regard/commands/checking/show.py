"""`regard show`: one bureau's card, with every figure of it side by side."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable

from protocol.errors import RegardError
from protocol.words import Series, msg, series, without_accents
from regard.commands.checking.given import sources_of
from regard.commands.checking.verify import examine
from regard.reports.card_screen import show_card
from regard.reports.screen import Printer
from regard.terminal import console
from regard.views.bureaux import cards
from regard.views.case_view import CaseViews
from regard.views.saying import Speaker
from verify.cases.place_names import bureau_codes, commune_of
from verify.model.findings import Severity
from verify.model.rule_results import Named
from verify.model.universe import Universe

_FEWEST, _LONGEST, _NAMED = 3, 80, 8
"""Letters typed that are looked for within names, and that are looked at; communes that are named at most."""


_TWICE = msg(
    "Several rows bear this name and this bureau, and there is no INSEE code. Only the first row is shown. If they are "
    "of two communes, write the INSEE code of each into the table."
)


def run(args: argparse.Namespace) -> int:
    """Show the card, in every poll of the day.

    Returns:
        0, 1 where an error was found in this bureau.

    Raises:
        RegardError: there is no such bureau.
        NothingReadable: there is nothing to look at.
    """
    sources, _ = sources_of(args)
    evidence, result = examine(sources, args.lang)
    unit = _find(evidence.universe, args.commune, args.bureau)
    grave, out, views = False, Printer(args.lang, console()), CaseViews(result, Speaker(args.lang), evidence=evidence)
    for card in cards(evidence, result, unit):
        show_card(card, views, out)
        if card.insee == card.commune and any(result.findings[at].code == "R226" for at in card.findings):
            out.print(_TWICE, "yellow")
        grave |= any(result.findings[at].severity >= Severity.ERROR for at in card.findings)
    return int(grave)


def _find(universe: Universe, commune: str, bureau: str) -> int:
    """The index of a bureau.

    Raises:
        RegardError: there is none of these names.
    """
    insee = _commune(universe, commune)
    code = bureau if universe.has(insee, bureau) else universe.nearest(insee, bureau)
    if code is None:
        codes = bureau_codes([Named(insee, each) for each in universe.bureau[universe.insee == insee].tolist()])
        raise RegardError(
            msg("{bureau}: no such bureau in {insee}, which has {codes}", bureau=bureau, insee=insee, codes=codes)
        )
    if code.lstrip("0").casefold() != bureau.strip().lstrip("0").casefold():
        raise RegardError(
            msg("{bureau}: no such bureau in {insee}; did you mean {near}?", bureau=bureau, insee=insee, near=code)
        )
    return universe.index(insee, code)


def _commune(universe: Universe, commune: str) -> str:
    """The code of a commune given by its code or its whole name. None is guessed.

    Raises:
        RegardError: there is none, or several; it names those that may be meant.
    """
    codes, names = universe.insee.tolist(), universe.commune.tolist()
    if commune.upper() in codes:
        return commune.upper()
    called: dict[str, dict[str, str]] = {}
    for code, name in dict(zip(codes, names, strict=True)).items():
        called.setdefault(_plain(without_accents(name)), {})[code] = commune_of(code, name)
    wanted = _plain(without_accents(commune))
    of = called.get(wanted, {}) if wanted else {}
    if len(of) == 1:
        return next(iter(of))
    if of:
        raise RegardError(
            msg(
                "{commune}: several communes bear this name; give the code of one: {found}",
                commune=commune,
                found=_listed(of.values()),
            )
        )
    near = [shown for name in _near(wanted, called) for shown in called[name].values()]
    if near:
        raise RegardError(
            msg("{commune}: no commune of this name; similar: {near}", commune=commune, near=_listed(near))
        )
    raise RegardError(msg("{commune}: no commune of this name in this evidence", commune=commune))


def _near(wanted: str, names: Iterable[str]) -> list[str]:
    """Names that have what was typed as words of them, then within them, then those written nearly so."""
    if not wanted:
        return []
    every = [name for name in names if name]
    found = [name for name in every if f" {wanted} " in f" {name} "]
    if len(wanted) >= _FEWEST:
        found += [name for name in every if wanted in name]
    return list(dict.fromkeys([*found, *difflib.get_close_matches(wanted[:_LONGEST], every, 3, 0.6)]))


def _plain(name: str) -> str:
    """A name without what is written in several ways: signs between its words, and which blanks."""
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())


def _listed(names: Iterable[str]) -> Series:
    """The first of some communes."""
    shown = list(names)
    return series([*shown[:_NAMED], *(["…"] if len(shown) > _NAMED else [])])
