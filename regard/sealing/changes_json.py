"""Changes between editions for programs: history with its proof or its evidence, bureaux, totals, documents."""

from __future__ import annotations

from typing import Any

from protocol.sealing.seal_error import encode64
from regard.sealing.changes import ChangedBureau, EditionChanges
from regard.sealing.edition_history import EditionAt, EditionHistory


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
        "changed": [_bureau(each) for each in changes.bureaux],
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


def _bureau(bureau: ChangedBureau) -> dict[str, Any]:
    poll, insee, number = bureau.place
    return {
        "poll": poll,
        "insee": insee,
        "bureau": number,
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
