"""Places of figures, for people."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Text as Words
from protocol.words import hold, msg, release, wrap
from regard.language import number, say_error, show
from regard.printing import MOST_WIDE, print_text, width_of_a_pipe

_FROM_THE_START = re.compile(r"(?<=\S)@0(?=[\s,.;:)]|$)")


def without_start(text: str) -> str:
    """A text that does not say of a dump that it begins with its file, as nearly all do; else its byte stays."""
    return _FROM_THE_START.sub("", text)


@contextlib.contextmanager
def progress_bar(language: str, what: Words, unit: Words) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, on a terminal only; yields what to call with the number done and that of all."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TimeRemainingColumn  # noqa: PLC0415 - only on a terminal

    begin, of, end = (show(language, each) for each in (what, msg("of"), unit))

    class Count(ProgressColumn):
        def render(self, task: Task) -> Text:
            done, total = (number(language, round(value or 0)) for value in (task.completed, task.total))
            return Text(f"{begin}: {done} {of} {total} {end}")

    with Progress(Count(), BarColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(begin, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


def console(file: IO[str] | None = None) -> Console:
    """A console for ``file`` (standard output): colours on a terminal only, never wider than is good to read.

    Where the output is not a terminal the width is 80, so that it is the same wherever it is made, or that of COLUMNS
    where somebody sets it.
    """
    stream = file or sys.stdout
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS" or value.isascii()}
    found = _Console(file=stream, highlight=False, markup=False, emoji=False, _environ=environment)
    found.width = min(found.width, MOST_WIDE) if found.is_terminal else width_of_a_pipe()
    return found


def recorder(width: int) -> Console:
    """A console of so many characters a line that shows nothing and keeps what a terminal with colours would show."""
    return _Console(
        file=io.StringIO(),
        record=True,
        force_terminal=True,
        color_system="truecolor",
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )


_BLANKS_AT_END = re.compile(r" +$", re.MULTILINE)


class _Console(Console):
    """A console whose lines break where `protocol.words` says, in paragraphs and in the cells of tables.

    Where the output is no terminal no line ends with blanks, as those of tables do.
    """

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as `rich` does."""
        if self.is_terminal:
            super().print(*objects, **options)
            return
        with self.capture() as captured:
            super().print(*objects, **options)
        self.file.write(_BLANKS_AT_END.sub("", captured.get()))
        self.file.flush()

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        found = self.render_str(renderable) if isinstance(renderable, str) else renderable
        if not isinstance(found, Text):
            yield from super().render(found, options)
            return
        held = found.copy()
        held.plain = hold(found.plain, (options or self.options).max_width)
        for segment in super().render(held, options):
            yield segment._replace(text=release(segment.text))


def print_words(out: Console, text: str, style: str = "", indent: str = "") -> None:
    """Print a text in lines that are broken between words only, so that paths and commands can be copied."""
    for line in wrap(text, out.width, indent, break_long_words=False):
        out.print(Text(line), style=style, soft_wrap=True)


def print_said(language: str, said: object) -> None:
    """Print a message as `print_text` does, safe to show."""
    print_text(_clean_lines(show(language, said)))


def clean(text: str) -> str:
    """Text from a file, safe to show: control and direction characters, which could rewrite a screen, are replaced."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else c for c in text)


def complain(args: argparse.Namespace, said: Exception | Words) -> None:
    """Say on standard error what went wrong with a command, which is among its arguments, or what it was given."""
    about = say_error(args.lang, said) if isinstance(said, Exception) else said
    text = show(args.lang, msg("{command}: {said}", command=f"regard {args.command}", said=about))
    complain_as_it_is(_clean_lines(text))


def _clean_lines(text: str) -> str:
    return "\n".join(map(clean, text.split("\n")))


def complain_as_it_is(text: str) -> None:
    """Say something on standard error: in lines of a terminal's width, elsewhere as it is, for whoever searches it."""
    if sys.stderr.isatty():
        print_text(text, sys.stderr)
    else:
        print(text, file=sys.stderr, flush=True)


STEPS: dict[str, Words] = {
    EvidenceKind.EXPORTS: msg("reading exports"),
    EvidenceKind.URNS: msg("reading and recounting modules"),
    EvidenceKind.PUBLISHED: msg("reading published results"),
    "rules": msg("applying the rules"),
    "dumps": msg("reading dumps"),
    "reading": msg("reading"),
    "parts": msg("looking for elections"),
    "elections": msg("election"),
}
"""Steps of long work, by the names that it reports them under."""


@contextlib.contextmanager
def step_line(language: str) -> Iterator[Callable[[str, int], None]]:
    """A line on standard error that says what is being done; on a terminal only, and only after a second."""
    if not sys.stderr.isatty():
        yield lambda step, done: None
        return
    started = time.monotonic()
    status = Console(stderr=True, markup=False).status("")

    def report(step: str, done: int) -> None:
        if time.monotonic() - started < 1:
            return
        count = f" {done:,}" if done else ""
        status.update(show(language, STEPS.get(step, step)) + count)
        status.start()

    try:
        yield report
    finally:
        status.stop()
