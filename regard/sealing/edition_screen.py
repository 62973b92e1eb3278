"""Changes between two editions, shown and as JSON: whether the log only grew, totals, and what changed where."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from protocol.sealing.leaves import leaf_number
from protocol.sealing.seal_error import encode64
from protocol.words import Message, Plural, Text, msg, nmsg, series
from regard.language import number
from regard.reports.screen import FOLDED, WHOLE, grid
from regard.sealing.changes import ChangedBureau, ChangedFigure, EditionAt, EditionChanges, EditionHistory, HistoryState
from regard.sealing.places import place_json
from regard.sealing.seal_screen import SealedScreen
from regard.sealing.witness_screen import bureau_named, figure_named
from regard.sealing.words import edition_label, source_name

_NARROW = 60
HISTORY = {
    HistoryState.SAME: msg("Both are one edition: the same leaves, the same root."),
    HistoryState.CONTINUED: msg(
        "The log only grew: its first {earlier:n} leaves are those of the earlier edition. The proof of that was made "
        "and checked ({hashes:n} hashes)."
    ),
    HistoryState.OTHER_LOG: msg("They are signed by different keys: nothing holds one log to the other."),
    HistoryState.REWRITTEN: msg(
        "The history was rewritten: both are signed by the log's key, and the later edition does not begin with the "
        "leaves of the earlier one. The two signed notes are the evidence (-o writes them)."
    ),
    HistoryState.SPLIT: msg(
        "The log has two histories: two checkpoints of one size, signed by its key, with different roots. The two "
        "signed notes are the evidence (-o writes them)."
    ),
}


class EditionScreen(SealedScreen):
    """Screen of the changes between two editions."""

    most_shown = 20

    def show(self, first: EditionAt, second: EditionAt, found: EditionHistory, changes: EditionChanges) -> None:
        """Everything, the history first."""
        for label, edition in ((msg("Earlier"), first), (msg("Later"), second)):
            self.print(
                msg(
                    "{label}: {name}, {size:n} leaves of {origin}",
                    label=label,
                    name=edition_label(edition.edition.name),
                    size=edition.size,
                    origin=edition.signed.checkpoint.origin,
                ),
                style="bold",
            )
        self._history(first, found)
        for name, *times in found.cosigned:
            self._cosigned(name, times)
        self.print()
        if not changes.bureaux:
            self.print(msg("No leaf changed."), style="green")
            return
        self._totals(changes)
        self._documents(changes)
        self._bureaux(changes)

    def _history(self, first: EditionAt, found: EditionHistory) -> None:
        said = HISTORY[found.state]
        values = {"earlier": first.size, "hashes": len(found.proof)}
        self.print(Message(said.text, values), style="green" if found.grew else "bold red")
        if found.differs is not None:
            self.print(msg("The first leaf that differs: {index}.", index=leaf_number(found.differs)))

    def _cosigned(self, name: str, times: Iterable[int | None]) -> None:
        """Print the times at which a witness signed both editions."""
        shown = [msg("no") if at is None else _moment(at) if at else msg("yes, without a time") for at in times]
        said = msg("Witness {name}: earlier {before}, later {after}.", name=name, before=shown[0], after=shown[1])
        self.print(said, style="red" if None in times else "")

    def _totals(self, changes: EditionChanges) -> None:
        """Sums that changed; of each poll, where there are several."""
        several = len({poll for poll, *_ in changes.totals}) > 1
        moved = [each for each in changes.totals if each[2] != each[3]]
        if not moved:
            self.print(msg("No total changed."))
            return
        heads = map(self.text, (msg("before"), msg("after"), msg("difference")))
        right = ({"header": head, "justify": "right", **WHOLE} for head in heads)
        table = grid({"header": self.text(msg("total")), **FOLDED}, *right, show_header=True)
        for poll, name, before, after in moved:
            label = figure_named(*name)
            said = msg("poll {poll}: {label}", poll=poll, label=label) if several else label
            cells = (self.number(before), self.number(after), _signed(self.language, after - before))
            table.add_row(self.text(said), *cells)
        self.draw(table)
        self.print()

    def _documents(self, changes: EditionChanges) -> None:
        for each in self._some(changes.documents):
            values = {"name": each.given.name, "digest": each.given.sha256[:16]}
            if each.read and not each.table:
                self.print(msg("Document: {name} ({digest}…)", **values))
                continue
            if each.table:
                said = msg(
                    "Document {name} ({digest}…): the figures of most of its bureaux did not change; it is a table "
                    "of the edition, and explains nothing",
                    **values,
                )
            else:
                said = msg(
                    "Document {name} ({digest}…): not there, another file, or without figures of bureaux; it explains "
                    "nothing here",
                    **values,
                )
            self.print(said, style="yellow")

    def _bureaux(self, changes: EditionChanges) -> None:
        new = [each for each in changes.bureaux if each.before is None]
        gone = [each for each in changes.bureaux if each.after is None]
        both = [each for each in changes.bureaux if each.before is not None and each.after is not None]
        changed = [each for each in both if each.figures]
        if new:
            self.print(nmsg("{count:n} bureau is new.", "{count:n} bureaux are new.", len(new)))
        if gone:
            said = nmsg("{count:n} bureau is no longer there.", "{count:n} bureaux are no longer there.", len(gone))
            self.print(said, style="red")
            for each in self._some(gone):
                self.print(bureau_named(each.place), style="red", indent=2)
        if changed:
            said = nmsg("{count:n} bureau changed.", "{count:n} bureaux changed.", len(changed))
            self.print(said, style="bold")
            if changes.unexplained:
                said = nmsg(
                    "The change of {count:n} bureau is stated by no document: ask for one.",
                    "The changes of {count:n} bureaux are stated by no document: ask for one.",
                    len(changes.unexplained),
                )
                self.print(said, style="bold red")
        for each in self._some(sorted(changed, key=lambda bureau: not bureau.unexplained)):
            self._bureau(each)
        if others := len(both) - len(changed):
            said = nmsg(
                "{count:n} leaf differs in other fields only (election, documents, sources): its figures are the same.",
                "{count:n} leaves differ in other fields only (election, documents, sources): their figures are the "
                "same.",
                others,
            )
            self.print(said)

    def _bureau(self, bureau: ChangedBureau) -> None:
        self.print(bureau_named(bureau.place), style="red" if bureau.unexplained else "", indent=2)
        for figure in bureau.figures:
            self.print(_changed(figure), indent=4)


def _changed(figure: ChangedFigure) -> Message:
    """A figure before and after, with its source and the document that states it."""
    values = {
        "figure": figure_named(figure.name, figure.choice),
        "before": _known(figure.before),
        "after": _known(figure.after),
        "why": msg("stated by {documents}", documents=series(figure.documents))
        if figure.documents
        else msg("stated by no document"),
    }
    if figure.sources[0] != figure.sources[1]:
        sources = [source_name(source) if source else msg("nothing") for source in figure.sources]
        return msg(
            "{figure}: {before} → {after}, taken from {old} before and from {new} now; {why}",
            old=sources[0],
            new=sources[1],
            **values,
        )
    return msg("{figure}: {before} → {after}; {why}", **values)


def _known(value: int | None) -> Text | int:
    return msg("missing") if value is None else Plural(value)


def _signed(code: str, value: int) -> str:
    return f"{'+' if value > 0 else '−' if value else ''}{number(code, abs(value))}"


def _moment(at: int) -> str:
    return datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


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
