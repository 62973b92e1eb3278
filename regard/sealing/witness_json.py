"""Witnesses and changes between editions for programs: every figure, probabilities as exact fractions, histories."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from protocol.sealing.folder import SealedFolder
from protocol.sealing.seal_error import encode64
from protocol.words import Text
from regard.language import show
from regard.sealing.changes import ChangedBureau, EditionAt, EditionChanges, EditionHistory
from regard.sealing.places import place_json
from regard.sealing.witness_plan import WitnessFrame, WitnessPlan, WitnessWorth
from regard.sealing.witnesses import KeptProof, UnknownBureau, Witnessed, WitnessedBureau


def changes_document(
    first: EditionAt, second: EditionAt, found: EditionHistory, changes: EditionChanges
) -> dict[str, Any]:
    """All that was found."""
    return {
        "tool": "regard",
        "editions": [_edition(each) for each in (first, second)],
        "history": {
            "state": found.state.value,
            "consistency": [encode64(each) for each in found.proof],
            "evidence": [each.data.decode() for each in found.evidence],
            "first_leaf_that_differs": found.differs,
            "cosigned": [{"witness": name, "at": list(times)} for name, *times in found.cosigned],
        },
        "documents": [
            {"name": each.given.name, "sha256": each.given.sha256, "read": each.read, "table": each.table}
            for each in changes.documents
        ],
        "totals": [
            {"poll": poll, "figure": name.value, "choice": choice, "before": before, "after": after}
            for poll, (name, choice), before, after in changes.totals
        ],
        "unexplained": len(changes.unexplained),
        "changed": [_changed_bureau(each) for each in changes.bureaux],
    }


def _edition(edition: EditionAt) -> dict[str, Any]:
    head = edition.signed.checkpoint
    return {
        "edition": edition.edition.name,
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "key": edition.sealed.keys[0].vkey,
        "sealed": edition.edition.sealed.isoformat(),
    }


def _changed_bureau(bureau: ChangedBureau) -> dict[str, Any]:
    return {
        **place_json(bureau.place),
        "leaf": {"before": bureau.before, "after": bureau.after},
        "unexplained": bureau.unexplained,
        "figures": [
            {
                "figure": each.name.value,
                "choice": each.choice,
                "before": each.before,
                "after": each.after,
                "sources": list(each.sources),
                "documents": list(each.documents),
            }
            for each in bureau.figures
        ],
    }


_LONGEST = 2**12
"""Bits of a denominator that is written out."""


def plan_document(sealed: SealedFolder, frame: WitnessFrame, plan: WitnessPlan) -> dict[str, Any]:
    """A plan: what is assumed, how many sheets are needed, and which bureaux are drawn."""
    return {"tool": "regard", **_log(sealed), **_frame(frame), "plan": _plan(plan)}


def statement_document(
    sealed: SealedFolder, frame: WitnessFrame, found: Witnessed, worth: WitnessWorth, language: str
) -> dict[str, Any]:
    """A statement: every bureau with a sheet, every proof, and their coverage."""
    return {
        "tool": "regard",
        **_log(sealed),
        **_frame(frame),
        "bureaux_with_sheets": [_bureau(each) for each in found.bureaux],
        "not_in_the_log": [_unknown(each, language) for each in found.unknown],
        "proofs": [_proof(each, language) for each in found.proofs],
        "not_used": [show(language, each) for each in found.left],
        "covered": {"bureaux": worth.agreeing, "valid": worth.valid, "can_be_moved_elsewhere": worth.elsewhere},
        "plan": None if worth.plan is None else _plan(worth.plan),
        "missing": [place_json(each) for each in worth.missing],
        "probability_holds": worth.holds,
    }


def _log(sealed: SealedFolder) -> dict[str, Any]:
    head = sealed.newest.checkpoint
    return {"log": {"origin": head.origin, "size": head.size, "root": head.root.hex()}}


def _frame(frame: WitnessFrame) -> dict[str, Any]:
    return {
        "poll": frame.poll,
        "bureaux": len(frame.valid),
        "bureaux_without_votes": frame.without,
        "valid": sum(frame.valid.values()),
        "at_most": {"share": _exact(frame.most.share), "votes": frame.most.votes},
    }


def _plan(plan: WitnessPlan) -> dict[str, Any]:
    return {
        "shift": plan.shift,
        "probability": _exact(plan.probability),
        "sheets": plan.count,
        "altered": plan.altered,
        "seen": None if plan.impossible else _exact(plan.seen),
        "sheets_by_probability": [{"probability": _exact(wanted), "sheets": count} for wanted, count in plan.sheets],
        "seed": plan.seed,
        "drawn": [place_json(each) for each in plan.places],
    }


def _exact(share: Fraction) -> dict[str, Any]:
    """A share: nearly, and as one whole number over another where that is not too long for programs."""
    short = share.denominator.bit_length() <= _LONGEST
    return {"value": float(share), "fraction": str(share) if short else None}


def _bureau(bureau: WitnessedBureau) -> dict[str, Any]:
    return {
        **place_json(bureau.place),
        "leaf": bureau.index,
        "state": bureau.state.value,
        "compared": bureau.compared,
        "not_in_the_leaf": bureau.lacking,
        "complete": bureau.complete,
        "where": list(bureau.where),
        "figures": [
            {
                "figure": figure.name.value,
                "choice": figure.choice,
                "state": figure.state.value,
                "log": figure.sealed,
                "sheets": [{"value": value, "where": where} for value, where in figure.stated],
                "as_in_leaf": figure.earlier,
            }
            for figure in bureau.figures
        ],
    }


def _unknown(unknown: UnknownBureau, language: str) -> dict[str, str]:
    return {
        "poll": unknown.poll,
        "insee": unknown.insee,
        "bureau": unknown.bureau,
        "nearest": unknown.nearest,
        "where": unknown.where,
        "why": show(language, unknown.why),
    }


def _proof(proof: KeptProof, language: str) -> dict[str, Any]:
    check = proof.check
    why: Text | None = check.why
    return {
        "file": proof.name,
        "state": proof.state.value,
        "fault": None if check.fault is None else check.fault.value,
        "why": None if why is None else show(language, why),
        "leaf": check.index,
        "size": None if check.checkpoint is None else check.checkpoint.size,
        "leaf_now": proof.now,
        **({} if check.leaf is None else place_json(check.leaf.place)),
    }
