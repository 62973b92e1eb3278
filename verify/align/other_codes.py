"""Communes that a piece of evidence has under another code than the others: the same bureaux with the same figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from verify.align.lists import Files
from verify.model.amiss import OtherCode
from verify.model.exports import text
from verify.model.figures import Ints, Texts, sum_groups
from verify.model.published import Level, Published
from verify.read.sheet import Sheet

_FEW = 3
"""Figures that have to be the same at least …"""
_OF_TEN = 9
"""… and of ten."""
_MOST = 2**18
"""Pairs of communes that are compared; where there are more a piece is of other places."""

_Bureaux = Mapping[str, Mapping[str, int]]
"""The figures of the bureaux of a commune, by the code of the bureau without zeros and the name of the count."""


_Columns = tuple[Texts, Texts, Mapping[str, Ints]]
"""The code of the commune and of the bureau of each row, and its counts by name."""


@dataclass(frozen=True, slots=True)
class _NamingPiece:
    """What names bureaux.

    Attributes:
        kind: of the evidence; None for the official list.
        name: of its file.
        communes: their codes.
        columns: makes its columns.
        at: the name of its sheet among the files, or the index of published results; None for what stays as it is.
    """

    kind: EvidenceKind | None
    name: str
    communes: set[str]
    columns: Callable[[], _Columns]
    at: str | int | None

    def bureaux(self, communes: set[str]) -> dict[str, _Bureaux]:
        """The bureaux of some communes; of rows that name one again the first."""
        if not communes:
            return {}
        found: dict[str, dict[str, dict[str, int]]] = {}
        insee, bureau, counted = self.columns()
        for row in np.flatnonzero(np.isin(insee, sorted(communes))).tolist():
            counts = {name: int(values[row]) for name, values in counted.items() if values[row] >= 0}
            found.setdefault(str(insee[row]), {}).setdefault(str(bureau[row]).lstrip("0"), counts)
        return dict(found)


def with_one_code(files: Files) -> tuple[OtherCode, ...]:
    """Give such communes, in the files, the code that the list or more of the others have; which they were.

    A piece without figures that any other one has follows one that has the same bureaux under the same code.
    """
    pieces = _pieces(files)
    codes = [piece.communes - {""} for piece in pieces]
    official = codes[0] if pieces and pieces[0].kind is None else None
    found: list[OtherCode] = []
    left: list[tuple[_NamingPiece, str, _Bureaux]] = []
    decided: dict[tuple[str, frozenset[str]], tuple[_NamingPiece, str]] = {}
    for at, piece in enumerate(pieces):
        others = set().union(*(each for number, each in enumerate(codes) if number != at))
        strange, lacking = codes[at] - (others if official is None else official), others - codes[at]
        if piece.at is None or not 0 < len(strange) * len(lacking) <= _MOST:
            continue
        references = [(other, other.bureaux(lacking & each)) for other, each in zip(pieces, codes, strict=True)]
        for code, bureaux in piece.bureaux(strange).items():
            same = [
                (other, right)
                for number, (other, theirs) in enumerate(references)
                for right in theirs
                if _are_same(bureaux, theirs[right]) and _is_right(right, code, codes, official, earlier=number < at)
            ]
            if len({right for _, right in same}) == 1:
                found.append(_recode(files, piece, code, *same[0], len(bureaux)))
                decided[code, frozenset(bureaux)] = same[0]
            else:
                left.append((piece, code, bureaux))
    for piece, code, bureaux in left:
        if (known := decided.get((code, frozenset(bureaux)))) is not None:
            found.append(_recode(files, piece, code, *known, len(bureaux)))
    return tuple(found)


def _are_same(ours: _Bureaux, theirs: _Bureaux) -> bool:
    """Whether nearly all bureaux and figures are the same; those of zero say nothing."""
    bureaux = ours.keys() & theirs.keys()
    if 10 * len(bureaux) < _OF_TEN * max(len(ours), len(theirs)):
        return False
    both = [(count, theirs[code].get(name, -1)) for code in bureaux for name, count in ours[code].items()]
    both = [(one, other) for one, other in both if other >= 0 and (one or other)]
    same = sum(one == other for one, other in both)
    return same >= _FEW and 10 * same >= _OF_TEN * len(both)


def _is_right(right: str, code: str, codes: Sequence[set[str]], official: set[str] | None, *, earlier: bool) -> bool:
    """Whether the list has a code, or else more pieces have it than the other one, or as many and a better one."""
    if official is not None:
        return right in official
    ours, theirs = (sum(each in own for own in codes) for each in (code, right))
    return theirs > ours or (theirs == ours and earlier)


def _recode(files: Files, piece: _NamingPiece, code: str, against: _NamingPiece, right: str, bureaux: int) -> OtherCode:
    if isinstance(piece.at, str):
        sheet = files.sheets[piece.at]
        files.sheets[piece.at] = sheet.with_texts("insee", _replaced(sheet.texts["insee"], code, right))
    elif piece.at is not None:
        table = files.published[piece.at]
        files.published[piece.at] = replace(table, insee=_replaced(table.insee, code, right))
    return OtherCode(piece.name, piece.kind, against.name, against.kind, code, right, bureaux)


def _replaced(codes: Texts, code: str, right: str) -> Texts:
    return np.where(codes == code, right, codes)


def _pieces(files: Files) -> list[_NamingPiece]:
    """The official list, and the evidence that names communes, the best first."""
    found = []
    for table in (night.UNIVERSE, night.RECORDS, night.SIGNATURES, night.VOTES):
        sheet = files.sheets.get(table.kind)
        if sheet is not None and len(sheet) and {"insee", "bureau"} <= sheet.texts.keys():
            kind, at = (None, None) if table is night.UNIVERSE else (table.kind.piece, table.kind.value)
            communes = set(sheet.coded("insee").labels)
            found.append(_NamingPiece(kind, sheet.file, communes, partial(_of_sheet, sheet), at))
    if files.reading is not None:
        whole = files.reading.columns[files.reading.verdict == 0]
        communes = {code.decode("ascii") for code in np.unique(whole["insee"])}
        found.append(_NamingPiece(EvidenceKind.EXPORTS, night.EXPORTS, communes, partial(_of_exports, whole), None))
    for number, results in enumerate(files.published):
        if results.level is Level.BUREAU and len(results.row):
            communes = set(np.unique(results.insee).tolist())
            columns = partial(_of_results, results)
            found.append(_NamingPiece(EvidenceKind.PUBLISHED, results.file, communes, columns, number))
    return found


def _of_sheet(sheet: Sheet) -> _Columns:
    """The columns of a table; of votes by choice the valid votes of each bureau."""
    insee, bureau = (np.asarray(sheet.texts[name], np.str_) for name in ("insee", "bureau"))
    if Quantity.VOTES not in sheet.counts:
        return insee, bureau, {name: sheet.counts[name] for name in VOTERS if name in sheet.counts}
    keys = np.strings.add(np.strings.add(insee, "/"), bureau)
    _, first, of = np.unique(keys, return_index=True, return_inverse=True)
    votes = sum_groups(sheet.counts[Quantity.VOTES], of.reshape(-1), len(first))
    return insee[first], bureau[first], {Quantity.VALID: votes}


def _of_exports(records: npt.NDArray[np.void]) -> _Columns:
    registered = np.asarray(records["registered"], np.int64)
    return text(records["insee"]), text(records["bureau"]), {Quantity.REGISTERED: registered}


def _of_results(results: Published) -> _Columns:
    return results.insee, results.bureau, {name: results.counts[name] for name in VOTERS}
