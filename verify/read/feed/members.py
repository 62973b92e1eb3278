"""The files of a feed: those of an archive, or of a folder as a mirror keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from protocol.errors import InputError, cause
from protocol.opening import TooLargeError, list_files, open_evidence
from protocol.words import Message, Text, msg, nmsg
from verify.model.published import Published, UnknownLayout
from verify.read.bounds import MAX_FEED
from verify.read.feed.belonging import Member
from verify.read.feed.elements import MAX_XML, is_xml, parse
from verify.read.feed.gathered import gather
from verify.read.rows import NOT_READ

NO_RESULTS = msg("neither results nor an index of them")


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file of a folder.

    Attributes:
        path: where it is.
        size: in bytes.
        sha256: None where it was not read.
        why: why nothing of it was used; empty where it was.
    """

    path: Path
    size: int
    sha256: str | None
    why: Text = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A folder that was read.

    Attributes:
        results: by level and round.
        files: every file in it but hidden ones.
    """

    results: list[Published]
    files: list[FeedFile]


def of_archive(members: Sequence[Member], archive: str, sha256: str) -> list[Published]:
    """The results of a feed whose files are of one archive, or of a single file of it.

    Raises:
        InputError: not one of them holds results.
    """
    problems = [problem for member in members for problem in member.document.problems]
    found = gather(members, archive, sha256, problems)
    if found:
        empty = (InputError(each.shown, None, None, _WANTED, NO_RESULTS) for each in members if _is_empty(each))
        return [found[0].with_problems(empty), *found[1:]]
    if problems:
        raise problems[0]
    got = msg("an index only") if any(member.document.index for member in members) else NO_RESULTS
    raise InputError(archive, None, None, _WANTED, got)


_WANTED = msg("results of the ministry's feed")


def _is_empty(member: Member) -> bool:
    return not (member.document.places or member.document.index or member.document.problems)


def read_folder(folder: Path, progress: Callable[[int], object] = lambda done: None) -> Feed:
    """The results of a feed in a folder, at any depth.

    Args:
        folder: where its files are.
        progress: called with how many files are read.

    Raises:
        UnknownLayout: no file in it holds results.
        InputError: the folder cannot be read.
    """
    members: list[Member] = []
    files: list[FeedFile] = []
    problems: list[InputError] = []
    for number, path in enumerate(_paths(folder, problems), 1):
        shown = str(path)
        try:
            if path.is_dir() and not path.is_symlink():
                raise InputError(
                    shown, None, None, msg("a folder that can be read"), msg("a folder that cannot be listed")
                )
            file = open_evidence(path, MAX_XML, folder)
        except InputError as error:
            size = error.size if isinstance(error, TooLargeError) else 0
            said = error.said
            files.append(FeedFile(path, size, None, said))
            problems.append(error)
            continue
        why: Text = ""
        if is_xml(file.data):
            document = parse(file.data, shown)
            members.append(Member(path.relative_to(folder).as_posix(), shown, file.sha256, document))
            problems += document.problems
            why = NO_RESULTS if not (document.places or document.index) else ""
        else:
            why = msg("no XML of the ministry's feed")
        files.append(FeedFile(path, len(file.data), file.sha256, why))
        progress(number)
    found = gather(members, str(folder), "", problems)
    if not found:
        raise UnknownLayout(folder, _nothing(members, problems))
    left = {flaw.place for flaw in found[0].flaws if flaw.code == "T320"}
    return Feed(found, [replace(file, why=_OTHER) if str(file.path) in left else file for file in files])


_OTHER = msg("of another election than the others")


def _nothing(members: Sequence[Member], problems: Sequence[InputError]) -> Message:
    if problems:
        return msg("no results in this folder: {problem}", problem=problems[0].message)
    return nmsg(
        "no results of the ministry's feed in this folder ({count:n} XML file)",
        "no results of the ministry's feed in this folder ({count:n} XML files)",
        len(members),
    )


def _paths(folder: Path, problems: list[InputError]) -> Iterator[Path]:
    """The files below a folder in the order of their names, without hidden ones.

    Raises:
        InputError: the folder cannot be read.
    """
    try:
        next(folder.iterdir(), None)  # `list_files` would give the folder itself as the one that cannot be listed
    except OSError as error:
        raise InputError(str(folder), None, None, msg("a folder that can be read"), cause(error)) from error
    paths = list_files(folder)
    if len(paths) > MAX_FEED:
        expected = msg("at most {most:n} files in a folder", most=MAX_FEED)
        problems.append(InputError(str(folder), None, None, expected, NOT_READ))
    yield from paths[:MAX_FEED]
