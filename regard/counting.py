"""How far a long computation is, on a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from protocol.words import msg
from regard.language import number, show


@contextlib.contextmanager
def progress_bar(what: str, unit: str, language: str = "en") -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, on a terminal only; yields what to call with the number done and that of all."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Count(ProgressColumn):
        def render(self, task: Task) -> Text:
            done, total = (number(language, round(value or 0)) for value in (task.completed, task.total))
            return Text(f"{what}: {done} {show(language, msg('of'))} {total} {unit}")

    with Progress(Count(), BarColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)
