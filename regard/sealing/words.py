"""Words of seals and proofs: sources of figures, faults of a proof, and figures as people type them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from protocol.errors import RegardError
from protocol.quantities import Quantity, quantity_of
from protocol.sealing.leaves import FIGURES, MAX_COUNT, Leaf
from protocol.sealing.proofs import ProofFault
from protocol.words import Message, Text, cited, languages, msg, pmsg, series, without_accents
from regard.arguments import Refused
from regard.language import show
from regard.sealing.gathering import SOURCE_KINDS

EDITION_LABELS: dict[str, Message] = {
    "night": pmsg("edition", "night"),
    "provisional": pmsg("edition", "provisional"),
    "definitive": pmsg("edition", "definitive"),
}
"""Editions that have a name in every language; any other is called as it is."""
ADVICE: dict[ProofFault, Message] = {
    ProofFault.FORMAT: msg("The file is damaged, or is no proof. Ask for it again."),
    ProofFault.LEAF: msg("The figures in the file are damaged, or are not there. Ask for the proof again."),
    ProofFault.PATH: msg(
        "These figures are not at this place in this log, or the file was changed. Rely on none of it."
    ),
    ProofFault.KEY: msg(
        "Who published this is not known. Give the log's public key with --key; take it from another place than the "
        "proof."
    ),
    ProofFault.SIGNATURE: msg(
        "The head of the log was changed, or the key is not the one that signed it. Rely on none of it."
    ),
    ProofFault.FIGURES: msg("What was published for this bureau is not what you have. Keep both, and ask the bureau."),
}
"""Advice on a check that does not hold."""
OWN_KEY = msg(
    "No key was given: signatures were checked with the key in the sealed folder itself only. Who published this is "
    "not known. Give the log's public key with --key; take it from another place than the folder."
)
"""Worth of a sealed folder's signatures if nobody gave its key."""
LIMITS = msg(
    "This says that these figures were published like this in the log. It does not say that they are true, nor that no "
    "later leaf replaces them: that is seen in the published list of leaves."
)


def source_label(name: str) -> Text:
    """Label a source of figures, in a column of them."""
    return SOURCE_KINDS[name].heading if name in SOURCE_KINDS else name


def source_name(name: str) -> Text:
    """A source of figures in a sentence."""
    return SOURCE_KINDS[name].one if name in SOURCE_KINDS else name


def edition_label(name: str) -> Text:
    """Label an edition."""
    return EDITION_LABELS.get(name, name)


def edition_of(typed: str) -> str:
    """The edition that is meant by its name, in whatever language."""
    called = {show(code, label).casefold(): name for name, label in EDITION_LABELS.items() for code in languages()}
    return called.get(typed.strip().casefold(), typed)


_VOTES = {"votes", Quantity.VOTES.column}
_ALSO = {"votants": Quantity.VOTES_FOUND, "voters": Quantity.VOTES_FOUND}
"""Name of « votes found » in published results."""
_LEAST, _LONGEST, _MOST = 3, 60, 3
"""Characters that are looked for within names and compared with them, and how many names are said."""


def stated_figure(text: str) -> tuple[str, int]:
    """One figure: a quantity by its name or its column, or the votes of a choice by its name or number.

    Raises:
        Refused: it is none.
    """
    name, equals, number = text.rpartition("=")
    digits = number.strip()
    if not equals or not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(MAX_COUNT)):
        raise Refused(msg("expected a figure as NAME=NUMBER, got {text}", text=cited(text)))
    head, colon, choice = name.strip().partition(":")
    if colon and head.casefold() in _VOTES and choice.strip():
        return f"votes:{choice.strip()}", int(digits)
    plain = without_accents(name.strip()).casefold().replace(" ", "_")
    quantity = _ALSO.get(plain) or quantity_of(plain) or next((each for each in FIGURES if each == plain), None)
    if quantity is None or quantity not in FIGURES:
        known = series(sorted(each.column for each in FIGURES))
        said = msg("{name} is no figure of a leaf: {known}, or voix:NAME", name=cited(name), known=known)
        near = _near(without_accents(head).replace("_", " "), choice.strip())
        raise Refused(msg("{said}; did you mean {near}?", said=said, near=cited(near)) if near else said)
    return str(quantity), int(digits)


def stated_figures(figures: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Figures by name.

    Raises:
        RegardError: one is given twice.
    """
    found = dict(figures)
    if len(found) < len(figures):
        names = [name for name, _ in figures]
        twice = next(name for name in names if names.count(name) > 1)
        raise RegardError(msg("{name} is given twice: give each figure once", name=cited(twice)))
    return found


def _near(head: str, choice: str) -> str:
    """The name that was probably meant; empty where none is near."""
    if choice:
        known = {each: f"{each}:{choice}" for each in sorted(_VOTES)}
    else:
        names = [*_ALSO, *(name for each in sorted(FIGURES) for name in (each.column, each.value))]
        known = {name.replace("_", " "): name for name in names}
    found = get_close_matches(head[:_LONGEST], known, 1, 0.6)
    return known[found[0]] if found else ""


def near_choices(leaf: Leaf, choice: str) -> list[str]:
    """Names of choices of a leaf that were probably meant: those that have what was given in them, else the nearest."""
    names = {without_accents(each.name): each.name for each in leaf.votes if each.name}
    wanted = without_accents(choice)[:_LONGEST]
    bare = wanted.replace(" ", "")
    found = [name for name in names if len(bare) >= _LEAST and bare in name.replace(" ", "")]
    return [names[name] for name in found[:_MOST] or get_close_matches(wanted, names, _MOST, 0.6)]
