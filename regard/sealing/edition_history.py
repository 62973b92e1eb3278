"""Relation of two editions of a log: only grown, split in two, rewritten, or of another log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from protocol.errors import RegardError
from protocol.sealing.checkpoints import SignedCheckpoint
from protocol.sealing.editions import SealedEdition
from protocol.sealing.folder import SealedFolder
from protocol.sealing.keys import PublicKey
from protocol.sealing.notes import Note
from protocol.sealing.proofs import ProofFault, check_signatures
from protocol.sealing.seal_error import encode64
from protocol.sealing.tree import is_continued
from protocol.words import cited, msg, series
from regard.sealing.words import edition_label


class HistoryState(StrEnum):
    """Relation of the later edition to the earlier one, the gravest last."""

    SAME = "same"
    CONTINUED = "continued"
    """The leaves of the later one begin with those of the earlier one, and a proof shows it."""
    OTHER_LOG = "other-log"
    """The two are signed by different keys: nothing holds one to the other."""
    REWRITTEN = "rewritten"
    """Signed by one key, and the later one does not begin with the leaves of the earlier one."""
    SPLIT = "split"
    """Two checkpoints of one size, signed by one key, with different roots."""


@dataclass(frozen=True, slots=True)
class EditionAt:
    """One edition of a sealed folder: all of it up to a checkpoint.

    Attributes:
        sealed: the folder.
        at: index of the checkpoint.
    """

    sealed: SealedFolder
    at: int

    @property
    def signed(self) -> SignedCheckpoint:
        """Its checkpoint."""
        return self.sealed.checkpoints[self.at]

    @property
    def size(self) -> int:
        """Its leaves."""
        return self.signed.checkpoint.size

    @property
    def edition(self) -> SealedEdition:
        """Its last edition."""
        return [each for each in self.sealed.editions if each.size == self.size][-1]

    @property
    def leaves(self) -> Sequence[bytes]:
        """Its leaves."""
        return self.sealed.log.leaves[: self.size]


@dataclass(frozen=True, slots=True)
class EditionHistory:
    """Relation of two editions.

    Attributes:
        state: that.
        proof: the hashes that show that the later one continues the earlier one; made and checked.
        evidence: two signed notes that cannot both be right; none where the log only grew.
        differs: index of the first leaf that is not the same in both, where there is one.
        cosigned: by witness, the time at which it signed each edition; None where it did not, or not validly.
    """

    state: HistoryState
    proof: tuple[bytes, ...] = ()
    evidence: tuple[Note, ...] = ()
    differs: int | None = None
    cosigned: tuple[tuple[str, int | None, int | None], ...] = ()

    @property
    def grew(self) -> bool:
        """True if the log only grew."""
        return self.state in (HistoryState.SAME, HistoryState.CONTINUED)

    @property
    def all_cosigned(self) -> bool:
        """True if every required witness signed both editions."""
        return all(None not in times for _, *times in self.cosigned)


def find_edition(sealed: SealedFolder, wanted: str | None, before: int | None = None) -> EditionAt:
    """An edition of a folder by its name or its number of leaves.

    Args:
        sealed: the folder.
        wanted: of several editions of one name the last one is meant; None for the newest.
        before: look only at editions with fewer leaves than this.

    Raises:
        RegardError: there is none.
    """
    sizes = [each.checkpoint.size for each in sealed.checkpoints]
    there = [each for each in sealed.editions if before is None or each.size < before]
    found = [each.size for each in there if wanted in (None, each.name, str(each.size))]
    if found:
        return EditionAt(sealed, sizes.index(found[-1]))
    known = series(
        msg("{name} ({size:n} leaves)", name=edition_label(each.name), size=each.size) for each in sealed.editions
    )
    if wanted is None:
        raise RegardError(msg("{folder}: no earlier edition; there is {known}", folder=sealed.folder, known=known))
    raise RegardError(
        msg("{folder}: no edition {name}; there is {known}", folder=sealed.folder, name=cited(wanted), known=known),
    )


def history(first: EditionAt, second: EditionAt, witnesses: Sequence[PublicKey] = ()) -> EditionHistory:
    """Compare the second edition with the first one.

    Raises:
        RegardError: the second one is the earlier one.
    """
    cosigned = tuple((each.name, _cosigned(first, each), _cosigned(second, each)) for each in witnesses)
    own, other = first.sealed.keys[0], second.sealed.keys[0]
    if own != other:
        return EditionHistory(HistoryState.OTHER_LOG, differs=_first_difference(first, second), cosigned=cosigned)
    if (split := _split(first.sealed, second.sealed)) is not None:
        return EditionHistory(HistoryState.SPLIT, (), split, _first_difference(first, second), cosigned)
    earlier, later = first.signed.checkpoint, second.signed.checkpoint
    if later.size < earlier.size:
        if first.sealed.log.tree.root(later.size) == later.root:
            raise RegardError(msg("the second edition is the earlier one: name them the other way round"))
    else:
        tree = second.sealed.log.tree.first(later.size)
        proof = tuple(tree.consistency(earlier.size))
        if is_continued(earlier.size, earlier.root, later.size, later.root, proof):
            same = earlier.size == later.size
            return EditionHistory(HistoryState.SAME if same else HistoryState.CONTINUED, proof, cosigned=cosigned)
    notes = (first.signed.note, second.signed.note)
    return EditionHistory(HistoryState.REWRITTEN, (), notes, _first_difference(first, second), cosigned)


def _split(one: SealedFolder, other: SealedFolder) -> tuple[Note, Note] | None:
    """Two checkpoints of one size with different roots; the earliest such."""
    of_one = {each.checkpoint.size: each for each in one.checkpoints}
    for each in other.checkpoints:
        before = of_one.get(each.checkpoint.size)
        if before is not None and before.checkpoint.root != each.checkpoint.root:
            return before.note, each.note
    return None


def _first_difference(first: EditionAt, second: EditionAt) -> int | None:
    pairs = zip(first.leaves, second.leaves, strict=False)
    differs = next((index for index, (one, other) in enumerate(pairs) if one != other), None)
    # one may be cut short
    return min(first.size, second.size) if differs is None and second.size < first.size else differs


def _cosigned(edition: EditionAt, witness: PublicKey) -> int | None:
    """The time at which a witness signed an edition."""
    found = check_signatures(edition.signed, (*edition.sealed.keys, witness))
    return None if isinstance(found, ProofFault) else dict(found).get(witness.name)


def proof_text(first: EditionAt, second: EditionAt, found: EditionHistory) -> bytes:
    """Text that others check: the proof that the log only grew, else the two contradictory notes.

    The proof is in the form in which a log hands it to a witness (C2SP tlog-witness): ``old`` and the size of the
    earlier edition, the hashes in base 64, an empty line, the later checkpoint.
    """
    if found.evidence:
        return b"\n".join(each.data for each in found.evidence)
    lines = [f"old {first.size}", *map(encode64, found.proof), "", ""]
    return "\n".join(lines).encode() + second.signed.note.data
