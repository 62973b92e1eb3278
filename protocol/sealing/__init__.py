"""Seals over figures: an append-only log of leaves, one a bureau and poll, its signed checkpoints, and proofs from it.

Specified in ``docs/reference/proof.md``. The formats are those of C2SP (signed-note, tlog-checkpoint, tlog-cosignature,
tlog-proof), of RFC 6962 and RFC 9162 (hash tree) and of RFC 8785 (canonical JSON).
"""
