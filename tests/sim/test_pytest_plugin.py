"""The example in the plugin's documentation runs, and fails where it should."""

import subprocess
import sys
import textwrap
from pathlib import Path

from sim import pytest_plugin

ROOT = Path(__file__).resolve().parents[2]


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_example.py").write_text(code, encoding="utf-8")
    options = ["-q", "-p", "sim.pytest_plugin", "--strict-markers", "--rootdir", str(folder)]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder / "test_example.py")],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def example() -> str:
    assert pytest_plugin.__doc__
    lines = pytest_plugin.__doc__.splitlines()
    return textwrap.dedent("\n".join(line for line in lines if line.startswith("    ") or not line))


def test_the_documented_example_passes(tmp_path: Path) -> None:
    done = run(tmp_path, example())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


def test_what_the_fixtures_hold(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
from protocol.module import parse

def test_image(module_image):
    result = parse(module_image).closing.polls[0]
    assert (list(result.tallies[:3]), result.blank, result.cast) == ([3, 2, 0], 1, 6)

def test_night_without_marker(election_night):
    assert (election_night / "manifest.json").exists()

def test_must_fail(esf1):
    assert esf1.voters == 1
""",
    )
    assert "1 failed, 2 passed" in done.stdout, done.stdout + done.stderr
