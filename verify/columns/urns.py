"""The urns beside the exports read from them: what both say is held against the rest once, as the export's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.evidence_kinds import EvidenceKind
from verify.model.evidence import LinedEvidence
from verify.model.machine_evidence import ExportLines, UrnLines
from verify.model.universe import Universe


@dataclass(frozen=True, slots=True)
class UrnExports:
    """The exports of the urns at hand, where there are any."""

    urns: UrnLines
    exports: ExportLines | None

    def have(self, image: int, name: str, value: object, poll: int = 0) -> bool:
        """Check that an export of an urn carries the same value.

        Args:
            image: of the urn.
            name: of the field.
            value: the urn's.
            poll: number of the poll whose export is looked at, 0 for any.
        """
        if self.exports is None:
            return False
        records = self.urns.export[image] if not poll else self.urns.export[image, poll - 1 : poll]
        return any(self.exports.columns[name][record] == value for record in records[records >= 0].tolist())


def urn_exports(evidence: LinedEvidence) -> UrnExports | None:
    """The urns and their exports; None without urns."""
    return None if evidence.urns is None else UrnExports(evidence.urns, evidence.exports)


@dataclass(frozen=True, slots=True)
class SharedSerial:
    """One serial number in two bureaux or parts of a day, of which the second is an urn's.

    Attributes:
        name: of the number.
        serial: the number.
        image: index of the urn.
        first_place, first_piece: where it stands first.
        keys: the keys of the urn's bureau and of the first one.
    """

    name: str
    serial: str
    image: int
    first_place: str
    first_piece: EvidenceKind
    keys: tuple[str, str]


_HOLDER = np.dtype([("serial", "S12"), ("unit", "i8"), ("part", "i8"), ("image", "?"), ("row", "i8")])


def shared_serials(evidence: LinedEvidence) -> list[SharedSerial] | None:
    """Serial numbers of urns that another bureau or part has as well; None without urns.

    The number of an urn is that of a part, the number of a machine that of a bureau. Every urn is named but those of
    the first export that has the number, or else of the first urn; not one whose own export has it too.
    """
    sources, urns, exports = evidence.once(urn_exports), evidence.urns, evidence.exports
    if sources is None or urns is None:
        return None
    found = []
    for name in ("module_serial", "machine_serial"):
        holders = np.concatenate([_holders(source, name, source is urns) for source in (exports, urns)])
        for serial in _shared(holders):
            first, *others = holders[holders["serial"] == serial]
            if first["image"] or exports is None:
                place, piece = urns.place(int(first["row"])), EvidenceKind.URNS
            else:
                place, piece = exports.place(int(first["row"])), EvidenceKind.EXPORTS
            for holder in others:
                same = (holder["unit"], holder["part"]) == (first["unit"], first["part"])
                image = int(holder["row"])
                if not same and holder["image"] and not sources.have(image, name, serial):
                    keys = _key(evidence.universe, holder), _key(evidence.universe, first)
                    found.append(SharedSerial(name, serial.decode("ascii"), image, place, piece, keys))
    return found


def _key(universe: Universe, holder: np.void) -> str:
    return str(universe.key[int(holder["unit"])])


def _holders(source: ExportLines | UrnLines | None, name: str, is_image: bool) -> npt.NDArray[np.void]:
    """Every export or image with a serial number, in the order of the list of bureaux."""
    if source is None:
        return np.zeros(0, _HOLDER)
    rows = np.flatnonzero(source.used)
    holders = np.zeros(len(rows), _HOLDER)
    holders["serial"], holders["unit"] = source.columns[name][rows], source.unit[rows]
    holders["part"] = source.columns["part"][rows] if name == "module_serial" else 0
    holders["image"], holders["row"] = is_image, rows
    return np.sort(holders[holders["serial"] != b""], order=["unit", "part"], kind="stable")


def _shared(holders: npt.NDArray[np.void]) -> npt.NDArray[np.bytes_]:
    """Serial numbers that more than one have."""
    each = np.unique(holders[["serial", "unit", "part"]])["serial"]
    return np.asarray(np.unique(each[1:][each[1:] == each[:-1]]), "S12")
