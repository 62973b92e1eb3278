"""What is said of several bureaux together: how sure it is, in which of two pieces, and all their corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from protocol.words import msg
from verify.cases.wording import in_piece
from verify.explanations.side_by_side import SideBySide
from verify.model.cases import CaseDetail, Sure
from verify.model.code_order import by_number


def sure_of_group(sure: Sure, rivals: Sequence[int]) -> Sure:
    """How sure a bureau's part is of a group of which all bureaux together tell which of several pieces it is in.

    Args:
        sure: how sure it is by itself.
        rivals: other pieces in which all of it may be as well.
    """
    if rivals:
        return Sure.OPEN
    return Sure.LIKELY if sure is Sure.OPEN else sure


def in_either(grid: SideBySide, bureaux: int, piece: int, rivals: Sequence[int]) -> CaseDetail:
    """What is said of so many bureaux in a piece, of which a rival may be wrong just as well."""
    said = msg(
        "{count:n} bureaux have figures of one another {there} or {or_there}; nothing tells in which of the two",
        count=bureaux,
        there=in_piece(grid.pieces[piece].kind),
        or_there=in_piece(grid.pieces[rivals[0]].kind),
    )
    return CaseDetail(said=said)


def together(details: Sequence[CaseDetail]) -> CaseDetail:
    """What is said of all bureaux of a group; corrections of the piece that is blamed come before their copies."""
    corrections = [each for detail in details for each in detail.corrections]
    corrections.sort(key=lambda each: (each.copied, each.place.insee, by_number(each.place.bureau)))
    number = min(len(detail.readings) for detail in details)
    readings = [tuple(each for detail in details for each in detail.readings[at]) for at in range(number)]
    return replace(details[0], corrections=tuple(corrections), values={}, readings=tuple(readings))
