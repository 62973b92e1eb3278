"""`regard show`: one bureau's card, with every figure of it side by side."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import Message, msg
from regard.commands.evidence_options import add_evidence, add_reading, sources_of
from regard.language import add_language, show, spoken

if TYPE_CHECKING:
    from verify.model.universe import Universe


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, spoken(parser))
    parser.add_argument(
        "folder",
        metavar=text(msg("PATH")),
        type=Path,
        nargs="+",
        help=text(msg("a night's folder, or files, each read for what it is")),
    )
    parser.add_argument("commune", metavar=text(msg("COMMUNE")), help=text(msg("INSEE code or name of the commune")))
    parser.add_argument("bureau", metavar=text(msg("BUREAU")), help=text(msg("code of the bureau: 0001, or 1")))
    add_evidence(parser, text)
    add_reading(parser, text)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Show the card, in every poll of the day.

    Returns:
        0, 1 where something was found in this bureau, 2 where there is no such bureau.

    Raises:
        NothingReadable: there is nothing to look at.
    """
    from regard.commands.verify import examine
    from regard.reports.bureau_card import cards
    from regard.reports.card_screen import show_card
    from regard.terminal import complain, console
    from verify.model.findings import Severity

    sources, _ = sources_of(args)
    evidence, result = examine(sources, args.lang)
    unit = _find(evidence.universe, args.commune, args.bureau)
    if isinstance(unit, Message):
        complain(args.lang, "show", unit)
        return 2
    grave = False
    for card in cards(evidence, result, unit):
        show_card(card, result, args.lang, console())
        grave |= any(result.findings[at].severity >= Severity.ERROR for at in card.findings)
    return int(grave)


def _find(universe: Universe, commune: str, bureau: str) -> int | Message:
    """The index of a bureau, or what is wrong with its names."""
    import difflib

    import numpy as np

    from protocol.accents import without_accents
    from verify.cases.wording import bureau_codes
    from verify.model.holds import Named

    insee = commune.upper()
    if insee not in set(universe.insee.tolist()):
        names = {without_accents(name).casefold(): code for name, code in zip(*_names(universe), strict=True) if name}
        wanted = without_accents(commune).casefold()
        found = names.get(wanted)
        if found is None:
            near = difflib.get_close_matches(wanted, names, 1, 0.6)
            if near:
                return msg(
                    "{commune}: no such commune; near: {near} ({insee})",
                    commune=commune,
                    near=str(universe.commune[universe.insee == names[near[0]]][0]),
                    insee=names[near[0]],
                )
            return msg("{commune}: no such commune in this evidence", commune=commune)
        insee = found
    code = bureau if universe.has(insee, bureau) else universe.nearest(insee, bureau)
    bare = None if code is None else code.lstrip("0").casefold()
    if code is None or bare != bureau.strip().lstrip("0").casefold():
        if code is None:
            codes = bureau_codes([Named(insee, each) for each in universe.bureau[universe.insee == insee].tolist()])
            return msg(
                "{bureau}: no such bureau in {insee}, which has {codes}", bureau=bureau, insee=insee, codes=codes
            )
        return msg("{bureau}: no such bureau in {insee}; near: {near}", bureau=bureau, insee=insee, near=code)
    return int(universe.find(np.array([insee]), np.array([code]))[0])


def _names(universe: Universe) -> tuple[list[str], list[str]]:
    """Name and INSEE code of the commune of every bureau."""
    return universe.commune.tolist(), universe.insee.tolist()
