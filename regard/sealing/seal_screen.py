"""Seals and proofs, for people and for programs: what was sealed, what a proof holds and whether it does hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rich.table import Table

from protocol.quantities import Quantity
from protocol.sealing.folder import KEYS, SealedFolder
from protocol.sealing.leaves import Leaf, leaf_number
from protocol.sealing.log import Appended
from protocol.sealing.notes import Checkpoint
from protocol.sealing.proofs import ProofCheck, ProofFault, figure_of
from protocol.sealing.seal_error import encode64
from protocol.words import Text, cited, first_of, msg, nmsg, series
from regard.language import show
from regard.reports.screen import Printer, grid
from regard.sealing.gathering import Sealable
from regard.sealing.words import ADVICE, LIMITS, OWN_KEY, edition_label, near_choices, source_label

_NAMED = 8
"""Places that a sentence names."""
T = TypeVar("T")


class SealedScreen(Printer):
    """Screen of seals: the first of many lines, and of whom the key is."""

    most_shown = 12
    """Places named of a longer list; ``--json`` has all of them."""

    def own_key(self) -> None:
        """Say that only the folder itself names the owner of the log."""
        self.print(OWN_KEY, style="bold yellow")

    def _some(self, items: Iterable[T]) -> Iterator[T]:
        """The first few, then how many more there are."""
        every = list(items)
        yield from every[: self.most_shown]
        if (more := len(every) - self.most_shown) > 0:
            self.print(nmsg("… and {count:n} more (--json)", "… and {count:n} more (--json)", more), indent=2)


@dataclass(frozen=True, slots=True)
class SealReport:
    """Result of sealing.

    Attributes:
        sealable: what was found in it.
        appended: what was new of that.
        sealed: the folder as it is now.
        key: the file of the private key.
        made: whether that was made for this seal.
    """

    sealable: Sealable
    appended: Appended
    sealed: SealedFolder
    key: Path
    made: bool


class SealScreen(SealedScreen):
    """Screen of what was sealed."""

    def show(self, report: SealReport) -> None:
        """Say what was sealed, with which key, and what to do next."""
        sealed, appended, sealable = report.sealed, report.appended, report.sealable
        head = sealed.newest.checkpoint
        self.print(
            nmsg(
                "{path}: {count:n} leaf is sealed, of {places:n} bureau and poll.",
                "{path}: {count:n} leaves are sealed, of {places:n} bureaux and polls.",
                head.size,
                path=sealed.folder,
                places=len(sealed.log.latest),
            ),
            "bold",
        )
        if not appended.new and not appended.replaced:
            self.print(msg("Nothing has changed since the last seal: nothing was added."))
        else:
            self.print(
                msg(
                    "New: {new:n}. Replacing an earlier leaf: {replaced:n}. Unchanged: {unchanged:n}.",
                    new=len(appended.new),
                    replaced=len(appended.replaced),
                    unchanged=appended.unchanged,
                )
            )
        if appended.replaced:
            places = (f"{insee} {bureau}" for _, insee, bureau in dict.fromkeys(appended.replaced))
            self.print(msg("Replaced: {places}.", places=first_of(places, _NAMED)))
        if appended.absent:
            count = len(appended.absent)
            absent = nmsg(
                "{count:n} bureau that was sealed before is not in this evidence: its leaf stays.",
                "{count:n} bureaux that were sealed before are not in this evidence: their leaves stay.",
                count,
            )
            self.print(absent, "yellow")
        if sealable.empty:
            said = nmsg(
                "{count:n} bureau of the list has no figures yet, and no leaf.",
                "{count:n} bureaux of the list have no figures yet, and no leaf.",
                sealable.empty,
            )
            self.print(said, "yellow")
        self.print(
            msg("Edition: {name}. Log: {origin}.", name=edition_label(sealed.editions[-1].name), origin=head.origin)
        )
        self.print(msg("Root: {root}", root=encode64(head.root)))
        if report.made:
            self.print(
                msg(
                    "A key was made: {path}. Whoever has it can seal under this name: keep it secret.",
                    path=report.key,
                )
            )
        self.print(
            msg(
                "Publish the folder as it is, and {key} in a second place as well.",
                key=f"{sealed.folder}/{KEYS}",
            )
        )


class ProofScreen(SealedScreen):
    """Screen of a proof, and of whether it holds."""

    def show(self, check: ProofCheck, figures: Mapping[str, int]) -> None:
        """The leaf, what was compared with it, and the verdict."""
        if check.leaf is not None and check.fault not in (ProofFault.PATH, ProofFault.SIGNATURE):
            self._leaf(check.leaf, figures)
        if check.fault is None and check.checkpoint is not None and check.index is not None:
            self._holds(check, check.checkpoint, check.index, len(figures))
        elif check.fault is not None:
            self._fails(check, check.fault, figures)

    def _leaf(self, leaf: Leaf, figures: Mapping[str, int]) -> None:
        election = leaf.election
        date = [] if election.date is None else [election.date.isoformat()]
        turn = [] if election.round is None else [msg("round {round}", round=election.round)]
        place = msg(
            "Commune {insee}, bureau {bureau}, poll {poll}", insee=leaf.insee, bureau=leaf.bureau, poll=leaf.poll
        )
        self.print(series([election.id, *date, *turn]))
        self.print(place, "bold")
        table = grid({}, {"justify": "right"}, {}, {})
        for name in Quantity:
            if name in leaf.figures:
                self._row(table, name.label, leaf.figures[name], leaf.sources.get(name), figures.get(name))
        for each in leaf.votes:
            shown = each.name if each.choice is None else f"{each.choice}. {each.name}"
            given = figures.get(f"votes:{each.name}", figures.get(f"votes:{each.choice}"))
            self._row(table, shown, each.votes, leaf.sources.get("votes"), given)
        self.draw(table)
        if leaf.replaces is not None:
            self.print(msg("It replaces leaf {index} of the same bureau.", index=leaf_number(leaf.replaces)))

    def _row(self, table: Table, label: Text, value: int | None, source: str | None, given: int | None) -> None:
        said: Text = "" if source is None else source_label(source)
        differs = given is not None and given != value
        told = msg("you have {given}", given=self.number(given)) if differs and given is not None else ""
        shown = msg("missing") if value is None else self.number(value)
        cells = map(self.text, (label, shown, said, told))
        table.add_row(*cells, style="bold red" if differs else "")

    def _holds(self, check: ProofCheck, head: Checkpoint, index: int, count: int) -> None:
        at = {"index": leaf_number(index), "size": head.size, "origin": head.origin}
        if check.signed:
            self.print(msg("The proof holds: leaf {index:n} of {size:n} of the log {origin}.", **at), "bold green")
            self.print(msg("Signed by {names}.", names=series(name for name, _ in check.signed)))
        else:
            self.print(msg("The path holds: leaf {index:n} of {size:n} of a log called {origin}.", **at), "bold")
            self.print(msg("Signatures were not checked, as no key was given."), "bold yellow")
            self.print(ADVICE[ProofFault.KEY])
        if count:
            self.print(
                nmsg(
                    "{count:n} figure that you gave is that of the leaf.",
                    "{count:n} figures that you gave are those of the leaf.",
                    count,
                )
            )
        self.print(LIMITS)

    def _fails(self, check: ProofCheck, fault: ProofFault, figures: Mapping[str, int]) -> None:
        said = msg("The proof does not hold: {why}.", why=check.why or "")
        if fault is ProofFault.KEY:
            said = msg("The figures are in the log of the proof, but the log is not vouched for: {why}.", why=check.why)
        elif fault is ProofFault.FIGURES:
            said = msg("The proof holds, but not for these figures.")
        self.print(said, "bold red")
        for name in check.differing:
            if check.leaf is not None and figure_of(check.leaf, name) is None:
                self.print(self._unknown(check.leaf, name, figures[name]))
        self.print(ADVICE[fault])

    def _unknown(self, leaf: Leaf, name: str, given: int) -> Text:
        """A figure that the leaf does not have, and the choices that may have been meant."""
        said = msg("{name}: not in the leaf, you have {given}", name=figure_label(name), given=self.number(given))
        _, colon, choice = name.partition(":")
        near = near_choices(leaf, choice) if colon else []
        return msg("{said}; did you mean {near}?", said=said, near=series(map(cited, near))) if near else said


def figure_label(name: str) -> Text:
    """Label a figure that was given: a quantity, or the votes of a choice."""
    head, colon, choice = name.partition(":")
    return msg("votes of {choice}", choice=choice) if colon else Quantity[head.upper()].label


def proof_json(check: ProofCheck, language: str) -> dict[str, object]:
    """The outcome of a proof as JSON; ``fault`` is the code, null where the proof holds."""
    head, leaf = check.checkpoint, check.leaf
    return {
        "tool": "regard",
        "holds": check.fault is None,
        "vouched": bool(check.signed),
        "fault": check.fault and check.fault.value,
        "why": None if check.why is None else show(language, check.why),
        "origin": head and head.origin,
        "size": head and head.size,
        "root": head and encode64(head.root),
        "index": check.index,
        "signed": [{"name": name, "time": at or None} for name, at in check.signed],
        "differing": list(check.differing),
        "leaf": leaf and json.loads(leaf.canonical()),
    }
