"""Proofs: as they are written, and what is found in them when something does not hold."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.sealing.folder import SealedFolder
from protocol.sealing.keys import NoteKeyKind, PrivateKey, PublicKey, make_key, sign
from protocol.sealing.leaves import Leaf, parse_leaf
from protocol.sealing.log import SealedLog
from protocol.sealing.notes import SignedCheckpoint
from protocol.sealing.proofs import MAX_PROOF, ProofFault, check_proof, figure_of, parse_proof, proof_bytes
from protocol.sealing.seal_error import SealError
from tests.protocol.sealing.samples import ORIGIN, a_leaf, key, leaves

KEY = key()
GOOD = {"registered": 958, "signatures": 727, "blank": 10, "votes:MACRON Emmanuel": 401, "votes:2": 314}


def sealed(entries: list[Leaf], keys: list[PrivateKey]) -> SealedFolder:
    """A folder in memory."""
    log = SealedLog()
    log.append(entries)
    head = log.head(ORIGIN)
    return SealedFolder(
        Path(), log, tuple(each.public for each in keys), (SignedCheckpoint(head, sign(head.text, keys, 7)),)
    )


NIGHT = sealed(leaves(5), [KEY])
PROOF = NIGHT.prove_leaf(0)


def fault(data: bytes, keys: list[PublicKey] | None = None, figures: dict[str, int] | None = None) -> ProofFault | None:
    check = check_proof(data, [KEY.public] if keys is None else keys, figures)
    assert (check.why is None) is (check.fault is None)
    return check.fault


def test_a_proof_as_it_stands_in_a_file() -> None:
    lines = PROOF.decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "extra " + base64.b64encode(a_leaf("0001", 401).canonical()).decode()
    assert lines[2] == "index 0"
    assert [base64.b64decode(each) for each in lines[3:6]] == NIGHT.log.tree.path(0)
    assert lines[6:9] == ["", ORIGIN, "5"]
    assert lines[10] == ""
    assert lines[11].startswith(f"— {ORIGIN} ")
    assert lines[12:] == [""]
    assert parse_proof(PROOF).data == PROOF
    assert len(PROOF) < 1500


def test_every_leaf_has_a_proof_that_holds_for_it() -> None:
    for count in (1, 2, 3, 7, 8, 9):
        night = sealed(leaves(count), [KEY])
        for index in range(count):
            check = check_proof(night.prove_leaf(index), [KEY.public])
            assert (check.fault, check.leaf) == (None, leaves(count)[index])


def test_figures_that_are_not_those_of_the_leaf() -> None:
    check = check_proof(PROOF, [KEY.public], GOOD | {"registered": 959, "votes:2": 313, "proxies": 1})
    assert (check.fault, check.differing) == (ProofFault.FIGURES, ("registered", "votes:2", "proxies"))


def test_a_choice_is_meant_by_its_name_or_number_where_it_is_the_only_one() -> None:
    leaf = parse_leaf(a_leaf("0001").canonical())
    assert figure_of(leaf, "votes:1") == figure_of(leaf, "votes:MACRON Emmanuel") == 400
    assert figure_of(leaf, "votes:None") is None
    assert figure_of(leaf, "votes") is None
    twice = Leaf(leaf.election, "1", "1", votes=(leaf.votes[0], leaf.votes[0]))
    assert figure_of(twice, "votes:1") is None


def test_no_key_no_verdict() -> None:
    other = key("other.example")
    assert fault(PROOF, []) is ProofFault.KEY
    unsigned = check_proof(PROOF, None, {"registered": -1})
    assert (unsigned.fault, unsigned.signed) == (ProofFault.FIGURES, ())
    assert fault(PROOF, [key().public]) is ProofFault.KEY
    assert fault(PROOF, [other.public]) is ProofFault.KEY
    # One that signed, but under another name than the log's.
    both = sealed(leaves(), [KEY, other]).prove_leaf(0)
    assert fault(both, [other.public]) is ProofFault.KEY
    assert check_proof(both, [KEY.public, other.public]).signed == ((ORIGIN, 0), ("other.example", 0))
    assert fault(both) is None


def test_a_witness_whose_signature_does_not_hold() -> None:
    witness = make_key("witness.example", NoteKeyKind.ED25519_COSIGNATURE)
    note = sealed(leaves(), [KEY, witness]).newest.note
    ours, theirs = note.signatures
    assert check_proof(PROOF, [KEY.public, witness.public]).signed == ((ORIGIN, 0),)
    good = proof_bytes(NIGHT.log.leaves[0], 0, NIGHT.log.tree.path(0), note.data)
    assert check_proof(good, [KEY.public, witness.public]).signed == ((ORIGIN, 0), ("witness.example", 7))
    damaged = type(theirs)(theirs.name, theirs.id, theirs.signature[:-1] + bytes([theirs.signature[-1] ^ 1]))
    bad = proof_bytes(NIGHT.log.leaves[0], 0, NIGHT.log.tree.path(0), type(note)(note.text, (ours, damaged)).data)
    assert fault(bad, [KEY.public, witness.public]) is ProofFault.SIGNATURE
    assert fault(bad) is None


@pytest.mark.parametrize("kind", NoteKeyKind)
def test_a_log_signs_with_any_kind_of_key(kind: NoteKeyKind) -> None:
    signer = make_key(ORIGIN, kind)
    proof = sealed(leaves(), [signer]).prove_leaf(3)
    assert fault(proof, [signer.public], {"registered": 958}) is None
    assert fault(proof) is ProofFault.KEY
    assert fault(PROOF, [signer.public]) is ProofFault.KEY


def replaced(leaf: bytes) -> bytes:
    return proof_bytes(leaf, 0, NIGHT.log.tree.path(0), NIGHT.newest.note.data)


def test_the_code_of_each_fault() -> None:
    head = NIGHT.newest.note.data
    path, leaf = NIGHT.log.tree.path(0), NIGHT.log.leaves[0]
    assert fault(b"") is ProofFault.FORMAT
    assert fault(PROOF.replace(b"@v1", b"@v2")) is ProofFault.FORMAT
    assert fault(PROOF[:-1]) is ProofFault.FORMAT
    assert fault(PROOF + b"\n") is ProofFault.FORMAT
    assert fault(replaced(b"")) is ProofFault.LEAF
    assert fault(replaced(leaf + b" ")) is ProofFault.LEAF
    assert fault(replaced(a_leaf("0001", 402).canonical())) is ProofFault.PATH
    assert fault(proof_bytes(leaf, 1, path, head)) is ProofFault.PATH
    assert fault(proof_bytes(leaf, 5, path, head)) is ProofFault.PATH
    assert fault(proof_bytes(leaf, 0, path[:-1], head)) is ProofFault.PATH
    assert fault(proof_bytes(leaf, 0, [*path, path[0]], head)) is ProofFault.PATH
    assert fault(proof_bytes(leaf, 0, path[::-1], head)) is ProofFault.PATH
    assert fault(PROOF.replace(b"\n5\n", b"\n6\n")) is ProofFault.SIGNATURE
    assert fault(PROOF.replace(f"\n{ORIGIN}\n5".encode(), b"\nx\n5")) is ProofFault.KEY
    assert fault(PROOF, figures={"registered": 1}) is ProofFault.FIGURES


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"extra ", b"extra"),
        (b"extra ", b"extra  "),
        (b"extra eyJi", b"extra eyJi!"),
        (b"index 0", b"index 00"),
        (b"index 0", b"index -1"),
        (b"index 0", b"index"),
        (b"index 0\n", b""),
        (b"index 0\n", b"index 0\nindex 0\n"),
        (b"index 0\n", b"index 0\nAAAA\n"),
        (b"index 0\n", b"index 0\n" + b"A" * 43 + b"=\n" + b"\xff\n"),
        (b"index 0\n", b"index 0\n" + (b"A" * 43 + b"=\n") * 64),
        (b"index 0\n", b"index 0\r\n"),
        (b"index 0\n", b"index 0\n" + b"A" * MAX_PROOF),
    ],
)
def test_what_is_no_proof(old: bytes, new: bytes) -> None:
    assert PROOF.count(old) == 1
    assert fault(PROOF.replace(old, new)) is ProofFault.FORMAT
    with pytest.raises(SealError):
        parse_proof(PROOF.replace(old, new))


@given(st.integers(0, len(PROOF) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found(at: int, change: int) -> None:
    assert fault(PROOF[:at] + bytes([PROOF[at] ^ change]) + PROOF[at + 1 :]) is not None


@given(st.binary() | st.binary().map(lambda data: PROOF[:50] + data) | st.binary().map(lambda data: PROOF + data))
def test_any_bytes_are_a_proof_or_have_a_fault(data: bytes) -> None:
    assert (fault(data) is None) is (data == PROOF)


@given(st.data())
def test_any_changed_digit_leaf_order_or_key_is_found(draw: st.DataObject) -> None:
    count = draw.draw(st.integers(2, 20))
    entries = leaves(count)
    night, index = sealed(entries, [KEY]), draw.draw(st.integers(0, count - 1))
    assert fault(night.prove_leaf(index)) is None
    leaf, path, head = night.log.leaves[index], night.log.tree.path(index), night.newest.note.data
    digits = [at for at, byte in enumerate(leaf) if chr(byte).isdigit()]
    at = draw.draw(st.sampled_from(digits))
    digit = draw.draw(st.sampled_from([each for each in b"0123456789" if each != leaf[at]]))
    changed = leaf[:at] + bytes([digit]) + leaf[at + 1 :]
    assert fault(proof_bytes(changed, index, path, head)) in (ProofFault.LEAF, ProofFault.PATH)
    other = draw.draw(st.integers(0, count - 1).filter(lambda number: number != index))
    assert fault(proof_bytes(night.log.leaves[other], index, path, head)) is ProofFault.PATH
    assert fault(proof_bytes(leaf, other, path, head)) is ProofFault.PATH
    entries[index], entries[other] = entries[other], entries[index]
    unordered = SealedLog([each.canonical() for each in entries])
    assert unordered.tree.root() != night.log.tree.root()
    assert fault(proof_bytes(leaf, other, unordered.tree.path(other), head)) is ProofFault.PATH
    assert fault(proof_bytes(leaf, index, path, sealed(leaves(count), [key()]).newest.note.data)) is ProofFault.KEY
