"""Commands about sealed nights, run for tests: what they print, and what they write as JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regard.cli import main


class Ran:
    """Result of a command: its code, its text on one line, and its document."""

    def __init__(self, code: int, said: str, document: dict[str, Any]) -> None:
        self.code, self.said, self.document = code, " ".join(said.split()), document


Run = Callable[..., Ran]


def runner(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Make a runner of a command, with ``--json`` to a file in a folder."""

    def run(*words: str | Path, language: str = "en") -> Ran:
        out = folder / f"{command}.json"
        out.unlink(missing_ok=True)
        code = main([command, *map(str, words), "--lang", language, "--json", str(out)])
        shown = capsys.readouterr()
        document = json.loads(out.read_text("utf-8")) if out.exists() else {}
        return Ran(code, shown.out + shown.err, document)

    return run
