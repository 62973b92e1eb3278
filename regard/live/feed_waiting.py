"""A folder in which nothing is of the ministry's feed: refused, or waited for with a word now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from protocol.words import Message, Text, msg, nmsg
from regard.live.feed_editions import why_unusable
from regard.live.feed_files import FeedFiles, NotTaken
from verify.read.feed.elements import parse

_AGAIN = 300.0
"""Seconds after which it is said again that nothing of the feed is there."""
_NAMED = 5
"""Files that are named, each with why it is not of the feed."""


def look_for_feed(folder: Path) -> list[Message] | None:
    """Look for a file of the feed; None where one is there, else what is wrong with the first files that are.

    Raises:
        InputError: the folder cannot be read.
    """
    files = _why_not(folder)
    said: list[Message] = []
    more = 0
    for name, why in files:
        if why is None:
            return None
        if len(said) < _NAMED:
            said.append(msg("{path}: {why}", path=name, why=why))
        else:
            more += 1
    if more:
        said.append(nmsg("{count:n} more file is not of the feed", "{count:n} more files are not of the feed", more))
    return said


def _why_not(folder: Path) -> Iterator[tuple[str, Text | None]]:
    """Each file, and why it is not of the feed; None where it is."""
    for file in FeedFiles(folder, {}).take(at_once=True):
        if isinstance(file, NotTaken):
            yield file.name, file.why
            continue
        document = parse(file.data, file.name)
        if document.places or document.index:
            yield file.name, None
        elif document.problems:
            first = document.problems[0]
            yield file.name, first.said
        else:
            yield file.name, why_unusable(document)


class FeedWait:
    """Says at once, and now and then, that nothing of a feed is there and what is waited for.

    Args:
        folder: of the feed.
        say: shows a sentence.
        clock: gives seconds.
    """

    def __init__(self, folder: Path, say: Callable[[Text], None], clock: Callable[[], float]) -> None:
        self._folder, self._say, self._clock = folder, say, clock
        self._said: float | None = None

    def look(self, *, there: bool) -> None:
        """Say it where it is so, and was not said a short time ago.

        Args:
            there: whether something of the feed was taken.

        Raises:
            InputError: the folder cannot be read.
        """
        now = self._clock()
        if there or (self._said is not None and now - self._said < _AGAIN):
            return
        self._said = now
        if look_for_feed(self._folder) is None:
            return
        said = msg(
            "{path}: nothing of the ministry's feed is there yet. Its XML files (an index, and results by département "
            "or circonscription) are waited for; Ctrl-C ends it.",
            path=self._folder,
        )
        self._say(said)
