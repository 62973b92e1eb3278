"""Sealing the 69,242 bureaux of the second round of 2017, and all their proofs beside pymerkle.

All in time of processors, which other work on the machine disturbs least. The whole process of `regard seal`, with all
its threads; totals of its leaves against the official ones. Then, in one process, a path for every leaf and its check,
as a ratio to pymerkle on the same tree, of which a sample is taken; and whole proofs, with their leaf and signature.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
import warnings
from pathlib import Path

from bench.timing import Times, in_turn, measure, real_data, table, verdict

RESULTS = "2017-presidentielle-2_par_bureau_large.csv.gz"
OFFICIAL = {"registered": 47_568_693, "MACRON": 20_743_128, "LE PEN": 10_638_475}
BUREAUX = 69_242
ROUNDS, SAMPLE, WHOLE = 3, 500, 2000
BOUND_SEAL, BOUND_ALL, BOUND_PROOF, BOUND_PEER = 2.0, 1.5, 1.0, 0.2


def totals(leaves: list[bytes]) -> dict[str, int]:
    """Registered voters and votes by choice, as anyone adds them up from the published leaves."""
    found = dict.fromkeys(OFFICIAL, 0)
    for line in leaves:
        leaf = json.loads(line)
        found["registered"] += leaf["figures"]["registered"]
        for each in leaf["votes"]:
            found[each["name"]] += each["votes"]
    return found


def paths(leaves: list[bytes]) -> dict[str, Times]:
    """A path for every leaf, made and checked; of pymerkle for a sample of them."""
    import pymerkle

    from protocol.sealing.tree import HashTree, hash_leaves, root_of_path

    hashes = hash_leaves(leaves)
    peer = pymerkle.InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        peer.append_entry(leaf)
    tree, size = HashTree(hashes), len(leaves)
    root = tree.root()
    assert peer.get_root() == root

    def ours() -> None:
        for index in range(size):
            leaf = hashes[32 * index : 32 * index + 32]
            assert root_of_path(index, size, leaf, tree.path(index)) == root

    def theirs() -> None:
        for index in range(0, size, size // SAMPLE):
            pymerkle.verify_inclusion(peer.get_leaf(index + 1), root, peer.prove_inclusion(index + 1))

    sample = len(range(0, size, size // SAMPLE))
    return in_turn({"regard": (size, ours), "pymerkle": (sample, theirs)}, ROUNDS, time.process_time_ns)


def whole_proofs(folder: Path) -> Times:
    """Proofs as files, made and checked, each with its leaf and its signature."""
    from protocol.sealing.folder import read_sealed
    from protocol.sealing.proofs import check_proof

    sealed = read_sealed(folder)
    chosen = range(0, len(sealed.log.leaves), len(sealed.log.leaves) // WHOLE)

    def every() -> None:
        for index in chosen:
            assert check_proof(sealed.prove_leaf(index), sealed.keys).fault is None

    return in_turn({"proofs": (len(chosen), every)}, ROUNDS, time.process_time_ns)["proofs"]


def main() -> bool:
    """Seal, prove, check; whether all bounds held."""
    if (results := real_data(RESULTS)) is None:
        return False
    warnings.simplefilter("ignore", DeprecationWarning)
    with tempfile.TemporaryDirectory() as place:
        folder, key = Path(place) / "sealed", Path(place) / "k"
        measure(["-m", "regard", "keys", "new", "-o", str(key)])
        taken = []
        for _ in range(ROUNDS):
            shutil.rmtree(folder, ignore_errors=True)
            command = ["-m", "regard", "seal", str(results), "-o", str(folder), "--key", str(key)]
            taken.append(measure(command).processor)
        leaves = (folder / "leaves.jsonl").read_bytes().splitlines()
        assert (len(leaves), totals(leaves)) == (BUREAUX, OFFICIAL)
        every, proofs = paths(leaves), whole_proofs(folder)
    print(table(every, "pymerkle", "path, made and checked"))
    together = every["regard"].best * BUREAUX / 1e9
    held = [
        verdict("the whole process of regard seal, seconds of processors", min(taken), BOUND_SEAL),
        verdict("all 69,242 paths made and checked, seconds", together, BOUND_ALL),
        verdict("the same as a ratio to pymerkle", every["regard"].best / every["pymerkle"].best, BOUND_PEER),
        verdict("a whole proof made and checked, ms", proofs.best / 1e6, BOUND_PROOF),
    ]
    return all(held)
