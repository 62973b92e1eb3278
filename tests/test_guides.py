"""The guides for people: every command in them, in their order, in a folder where there is nothing else."""

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.regard.public_api.guide_programs import programs
from tests.sources import ROOT, put_text

GUIDES = ROOT / "docs" / "guide"
EVERY = [
    ("auditor", "en"),
    ("auditeur", "fr"),
    ("lab", "en"),
    ("labo", "fr"),
    ("office", "en"),
    ("mairie", "fr"),
    ("hatch", "en"),
    ("trappe", "fr"),
]
UNTIL_STOPPED = frozenset(("emulate", "serve"))
PORT = "7100"
"""The one in the guides; here a free one stands in its place."""
SPACES = str.maketrans("\u00a0\u202f", "  ")
"""Spaces that do not break, which a guide has no need of."""


def blocks(guide: str) -> Iterator[tuple[str, str, str]]:
    """Each block of code: its kind, its text, and the last name in backticks before it."""
    text = (GUIDES / f"{guide}.md").read_text("utf-8")
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        names = re.findall(r"`([\w./]+)`", re.sub(r"^```.*?^```$", "", text[: found.start()], flags=re.S | re.M))
        yield found[1], found[2], names[-1] if names else ""


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextmanager
def started(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """A program that goes on until it is stopped, once it has said that it listens."""
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), f"{command} said nothing"
        yield
    finally:
        process.kill()
        process.communicate()


@pytest.mark.check(60)
@pytest.mark.parametrize(("guide", "language"), EVERY)
def test_every_command_of_a_guide_runs(guide: str, language: str, tmp_path: Path) -> None:
    """Each typed line is typed, shown text appears, named files are written."""
    port, said, commands = free_port(), "", 0
    environment = {**os.environ, "REGARD_LANG": language, "PYTHONUTF8": "1"}
    with ExitStack() as stack:
        for kind, text, name in blocks(guide):
            if kind == "text":
                assert " ".join(text.split()) in " ".join(said.translate(SPACES).split()), text  # in lines of any width
            elif kind in ("csv", "toml"):
                assert name.endswith(kind), name
                put_text(tmp_path / name, text)
            elif kind == "python":  # a program, whose own test runs it
                assert text in programs().values()
            else:
                assert kind == "sh", kind
                said = ""
                for line in text.replace(PORT, port).splitlines():
                    words = shlex.split(line)
                    assert words[0] == "regard", line
                    command = [sys.executable, "-m", "regard", *words[1:]]
                    commands += 1
                    if not set(words[1:3]).isdisjoint(UNTIL_STOPPED):  # of a group or not
                        stack.enter_context(started(command, tmp_path, environment))
                        continue
                    ended = subprocess.run(
                        command, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8"
                    )
                    assert ended.returncode in ((0, 1) if words[1] == "verify" else (0,)), (line, ended.stderr)
                    assert not ended.stderr, (line, ended.stderr)
                    said += "\n".join(each.rstrip() for each in ended.stdout.splitlines()) + "\n"
                    written = [words[at + 1] for at, word in enumerate(words) if word in ("-o", "--html", "--report")]
                    assert all((tmp_path / each).stat().st_size > 0 for each in written), line
    assert commands >= 4
