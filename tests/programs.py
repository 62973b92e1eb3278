"""Programs under test, each in a process of its own: only a hang is too slow, and a failure shows all that was said."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

HANG = 300.0
"""Seconds after which a process or a thread counts as hung: many times what it needs beside other work."""


def finish(process: subprocess.Popen[str], code: int = 0) -> tuple[str, str]:
    """Wait for a process to end with this exit code; returns its output and its error output."""
    try:
        out, err = process.communicate(timeout=HANG)
        ended = f"ended with {process.returncode}, expected {code}"
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        ended = f"did not end within {HANG:.0f} s"
    assert process.returncode == code, f"{process.args!r} {ended}\nstdout:\n{out}\nstderr:\n{err}"
    return out, err


def run(
    command: Sequence[str | Path], code: int = 0, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Start a program and `finish` it."""
    return finish(
        subprocess.Popen(
            command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        ),
        code,
    )
