"""What was sealed, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.sealing.folder import KEYS, SealedFolder
from protocol.sealing.log import Appended, Place
from protocol.sealing.seal_error import encode64
from protocol.words import Text, msg, nmsg, series
from regard.language import show
from regard.sealing.gathering import Sealable
from regard.sealing.places import place_json
from regard.sealing.words import edition_label
from regard.terminal import clean

if TYPE_CHECKING:
    from rich.console import Console

_NAMED = 8


@dataclass(frozen=True, slots=True)
class SealReport:
    """What a seal did.

    Attributes:
        given: what was sealed, as it was given.
        sealable: what was found in it.
        appended: what was new of that.
        sealed: the folder as it is now.
        key: the file of the private key.
        made: whether that was made for this seal.
    """

    given: Path
    sealable: Sealable
    appended: Appended
    sealed: SealedFolder
    key: Path
    made: bool


def show_seal(report: SealReport, language: str, out: Console) -> None:
    """Say what was sealed, with which key, and what to do next."""

    def tell(said: Text, style: str = "") -> None:
        out.print(clean(show(language, said)), style=style)

    sealed, appended, sealable = report.sealed, report.appended, report.sealable
    head = sealed.newest.checkpoint
    tell(
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
        tell(msg("Nothing has changed since the last seal: nothing was added."))
    else:
        tell(
            msg("New: {new:n}. Replacing an earlier leaf: {replaced:n}. As before: {unchanged:n}.", **_counts(appended))
        )
    if appended.replaced:
        tell(msg("Replaced: {places}.", places=_places(appended.replaced)))
    if appended.absent:
        count = len(appended.absent)
        absent = nmsg(
            "{count:n} bureau that was sealed before is not in this evidence: its leaf stays.",
            "{count:n} bureaux that were sealed before are not in this evidence: their leaves stay.",
            count,
        )
        tell(absent, "yellow")
    for said in _gaps(sealable):
        tell(said, "yellow")
    tell(msg("Edition: {name}. Log: {origin}.", name=edition_label(sealed.editions[-1].name), origin=head.origin))
    tell(msg("Root: {root}", root=encode64(head.root)))
    if report.made:
        tell(
            msg(
                "A key was made: {path}. Who has it can seal in this name: keep it, and give it to nobody.",
                path=report.key,
            )
        )
    tell(
        msg("To publish: the folder as it is, and {key} a second time at another place.", key=f"{sealed.folder}/{KEYS}")
    )


def _gaps(sealable: Sealable) -> Iterator[Text]:
    """What is to be said of bureaux without figures, and of those whose sources differ."""
    if sealable.empty:
        yield nmsg(
            "{count:n} bureau of the list has no figures yet, and no leaf.",
            "{count:n} bureaux of the list have no figures yet, and no leaf.",
            sealable.empty,
        )
    if sealable.differing:
        yield nmsg(
            "{count:n} bureau has two sources that differ; its leaf says which one it has. regard verify shows them.",
            "{count:n} bureaux have two sources that differ; their leaves say which one they have. "
            "regard verify shows them.",
            sealable.differing,
        )


def _counts(appended: Appended) -> dict[str, int]:
    return {"new": len(appended.new), "replaced": len(appended.replaced), "unchanged": appended.unchanged}


def _places(places: Sequence[Place]) -> Text:
    shown = [f"{insee} {bureau}" for _, insee, bureau in dict.fromkeys(places)]
    return series([*shown[:_NAMED], *(["…"] if len(shown) > _NAMED else [])])


def seal_json(report: SealReport) -> dict[str, object]:
    """The same for programs."""
    sealed, head = report.sealed, report.sealed.newest.checkpoint
    return {
        "tool": "regard",
        "folder": str(sealed.folder),
        "edition": sealed.editions[-1].name,
        "origin": head.origin,
        "size": head.size,
        "root": encode64(head.root),
        "new": len(report.appended.new),
        "unchanged": report.appended.unchanged,
        "replaced": [place_json(place) for place in report.appended.replaced],
        "absent": [place_json(place) for place in report.appended.absent],
        "differing": report.sealable.differing,
        "empty": report.sealable.empty,
        "key": str(report.key),
    }
