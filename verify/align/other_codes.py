"""Communes that a piece of evidence has under another code than the others: the same bureaux with the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from verify.align.lists import Files
from verify.model.amiss import OtherCode
from verify.model.exports import text
from verify.model.figures import Ints, Texts
from verify.model.published import Level
from verify.read.published.sums import sum_groups

_FEW = 3
"""Figures that have to be the same at least …"""
_OF_TEN = 9
"""… and of ten."""
_MOST = 1000
"""Communes of a piece that nothing else names which are looked at; where there are more it is of other places."""

_Bureaux = Mapping[str, Mapping[str, int]]
"""The figures of the bureaux of a commune, by the code of the bureau without zeros and the name of the count."""


@dataclass(frozen=True, slots=True)
class _NamingPiece:
    """What names bureaux, as columns of shape ``(n,)``.

    Attributes:
        kind: of the evidence; None for the official list.
        name: of its file.
        insee, bureau: of each row.
        counts: by name of the count.
        at: the name of its sheet among the files, or the index of published results; None for what stays as it is.
    """

    kind: EvidenceKind | None
    name: str
    insee: Texts
    bureau: Texts
    counts: Mapping[str, Ints]
    at: str | int | None

    def bureaux(self, communes: set[str]) -> dict[str, _Bureaux]:
        """The bureaux of some communes; of rows that name one again the first."""
        found: dict[str, dict[str, dict[str, int]]] = {}
        for row in np.flatnonzero(np.isin(self.insee, sorted(communes))).tolist():
            counts = {name: int(values[row]) for name, values in self.counts.items() if values[row] >= 0}
            of = found.setdefault(str(self.insee[row]), {})
            of.setdefault(str(self.bureau[row]).lstrip("0"), counts)
        return dict(found)


def with_one_code(files: Files) -> tuple[OtherCode, ...]:
    """Give such communes, in the files, the code that the list or more of the others have; which they were.

    A piece without figures that any other one has follows one that has the same bureaux under the same code.
    """
    pieces = _pieces(files)
    codes = [set(np.unique(piece.insee).tolist()) - {""} for piece in pieces]
    official = codes[0] if pieces and pieces[0].kind is None else None
    found: list[OtherCode] = []
    left: list[tuple[_NamingPiece, str, _Bureaux]] = []
    decided: dict[tuple[str, frozenset[str]], tuple[_NamingPiece, str]] = {}
    for at, piece in enumerate(pieces):
        others = set().union(*(each for number, each in enumerate(codes) if number != at))
        strange, lacking = codes[at] - (others if official is None else official), others - codes[at]
        if piece.at is None or not lacking or not 0 < len(strange) <= _MOST:
            continue
        references = [(other, other.bureaux(lacking & codes[number])) for number, other in enumerate(pieces[:at])]
        references += [(other, other.bureaux(lacking)) for other in pieces[at + 1 :]]
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
    listed = (night.UNIVERSE, night.RECORDS, night.SIGNATURES, night.VOTES)
    for table in listed:
        sheet = files.sheets.get(table.kind)
        if sheet is None or not len(sheet) or "insee" not in sheet.texts or "bureau" not in sheet.texts:
            continue
        insee, bureau = (np.asarray(sheet.texts[name], np.str_) for name in ("insee", "bureau"))
        kind, at = (None, None) if table is night.UNIVERSE else (table.kind.piece, table.kind.value)
        counts: dict[str, Ints] = {name: sheet.counts[name] for name in VOTERS if name in sheet.counts}
        if table is night.VOTES:
            insee, bureau, counts = _by_bureau(insee, bureau, sheet.counts["votes"])
        found.append(_NamingPiece(kind, sheet.file, insee, bureau, counts, at))
    if files.reading is not None:
        whole = files.reading.columns[files.reading.verdict == 0]
        counts = {Quantity.REGISTERED: np.asarray(whole["registered"], np.int64)}
        exports = (text(whole["insee"]), text(whole["bureau"]), counts, None)
        found.append(_NamingPiece(EvidenceKind.EXPORTS, night.EXPORTS, *exports))
    for number, results in enumerate(files.published):
        if results.level is Level.BUREAU and len(results.row):
            own = {name: values for name, values in results.counts.items() if name in VOTERS}
            found.append(_NamingPiece(EvidenceKind.PUBLISHED, results.file, results.insee, results.bureau, own, number))
    return found


def _by_bureau(insee: Texts, bureau: Texts, votes: Ints) -> tuple[Texts, Texts, dict[str, Ints]]:
    """Votes by choice as the valid votes of bureaux."""
    keys = np.strings.add(np.strings.add(insee, "/"), bureau)
    _, first, of = np.unique(keys, return_index=True, return_inverse=True)
    return insee[first], bureau[first], {Quantity.VALID: sum_groups(votes, of.reshape(-1), len(first))}
