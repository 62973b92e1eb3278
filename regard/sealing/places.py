"""Paths of sealed folders, and search for a bureau in them."""

from __future__ import annotations

from pathlib import Path

from protocol.errors import RegardError
from protocol.night import ELECTION
from protocol.output_refusals import OutputRefused
from protocol.sealing.folder import CHECKPOINTS, SEALED, SealedFolder
from protocol.sealing.log import Place
from protocol.words import msg, series
from regard.outputs import check_replaceable
from regard.paths import existing

_NAMED = 8


class NotSealed(RegardError):
    """A bureau or a poll that is not among what was sealed."""


def sealed_folder(given: Path) -> Path:
    """The sealed folder of a night or of a file of results; or what was given, where it is one."""
    if (given / CHECKPOINTS).is_dir():
        return given
    return given / SEALED if given.is_dir() else given.with_name(f"{given.name}.{SEALED}")


def existing_sealed(given: Path) -> Path:
    """The sealed folder; refuse a path without one.

    Raises:
        NotThere: what was given does not exist.
        NotSealed: there is none.
    """
    folder = sealed_folder(existing(given))
    if not (folder / CHECKPOINTS).is_dir():
        raise NotSealed(msg("{path} is not sealed: regard seal {path}", path=given))
    return folder


def evidence_of(given: Path) -> Path:
    """Path of the evidence of a sealed folder, as `regard seal` lays it down; any other path is returned."""
    whole = given.resolve()
    if whole.name == SEALED:
        return whole.parent
    ending = f".{SEALED}"
    return whole.with_name(whole.name.removesuffix(ending)) if whole.name.endswith(ending) else whole


def never_replaced(given: Path) -> list[Path]:
    """Paths that no output may have: the sealed folder, and its evidence without regard's own files.

    Args:
        given: a night, a file of results, or the sealed folder of either.
    """
    evidence = evidence_of(given)
    beside = sorted(evidence.iterdir()) if evidence.is_dir() else [evidence]
    return [sealed_folder(given), *(path for path in beside if not _is_own(path))]


def _is_own(path: Path) -> bool:
    try:
        check_replaceable(path)
    except OutputRefused:
        return False
    return True


def key_path(given: Path) -> Path:
    """Path of the key of some evidence: beside it, and never in the folder of a night."""
    whole = given.resolve()
    folder = whole.parent
    if whole.is_file() and (folder / ELECTION).exists():
        return folder.with_name(f"{folder.name}.{whole.name}.key")
    return whole.with_name(f"{whole.name}.key") if given.name in ("", "..") else given.with_name(f"{given.name}.key")


def find_place(sealed: SealedFolder, commune: str, bureau: str, poll: str | None) -> Place:
    """The bureau and poll that are meant: `1` means `0001` where no other is, and nothing else is guessed.

    Raises:
        NotSealed: there is no such one, or several.
    """
    of_commune = [place for place in sealed.log.latest if place[1] == commune.upper()]
    if not of_commune:
        raise NotSealed(msg("{commune}: no such commune among what is sealed: give its INSEE code", commune=commune))
    codes = list(dict.fromkeys(place[2] for place in of_commune))
    meant = [code for code in codes if code == bureau] or [code for code in codes if bare(code) == bare(bureau)]
    if len(meant) != 1:
        shown = series([*codes[:_NAMED], *(["…"] if len(codes) > _NAMED else [])])
        raise NotSealed(
            msg(
                "{bureau}: no such bureau sealed in {commune}; there are {codes}",
                bureau=bureau,
                commune=commune,
                codes=shown,
            )
        )
    polls = [place for place in of_commune if place[2] == meant[0] and poll in (None, place[0])]
    if len(polls) != 1:
        there = series(place[0] for place in of_commune if place[2] == meant[0])
        raise NotSealed(msg("say which poll with --poll: {polls}", polls=there))
    return polls[0]


def place_json(place: Place) -> dict[str, str]:
    """A bureau and poll for programs."""
    return dict(zip(("poll", "insee", "bureau"), place, strict=True))


def bare(code: str) -> str:
    """A bureau's code as it is compared where another spelling may be meant: without zeros before it."""
    return code.strip().lstrip("0").casefold()
