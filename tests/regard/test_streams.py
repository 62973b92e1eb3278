"""Standard streams that are closed, full or no longer read; and what `python -m regard` imports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from regard.streams import _enduring
from tests.regard.test_verify_night import damaged_night
from tests.sources import ROOT
from tests.verify.night_builder import small_night

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")


@pytest.fixture
def nights() -> tuple[Path, Path]:
    """One without errors, one with."""
    return small_night().write(), damaged_night().write()


def shell(command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command of a shell, in which ``regard`` is ours and ``$1`` the first argument."""
    words = ["bash", "-c", f"set -o pipefail; regard() {{ '{sys.executable}' -m regard \"$@\"; }}; {command}", "bash"]
    given = {**os.environ, "LC_ALL": "C.UTF-8"}  # bash warns of a locale that the machine has not
    return subprocess.run(
        [*words, *map(str, arguments)], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )


@pytest.mark.check(5)
def test_a_reader_that_has_gone_changes_no_exit_code(nights: tuple[Path, Path], tmp_path: Path) -> None:
    for code, tail in ((0, "| true"), (0, "| head -c 10"), (0, "2>&1 >/dev/null | true"), (1, "| head -1")):
        done = shell(f'regard verify "$1" {tail}', nights[code])
        assert (done.returncode, done.stderr) == (code, ""), tail
    done = shell('regard verify "$1" --json - --csv "$2" | true', nights[1], tmp_path / "findings.csv")
    assert done.returncode == 1
    assert (tmp_path / "findings.csv").read_text().count("\n") > 3  # what else was asked for is not lost
    assert shell("regard rules | true").returncode == 0
    assert shell("regard --help | true").returncode == 0
    several = shell('regard verify "$1" "$2" --workers 1 | true', *nights)
    assert (several.returncode, several.stderr) == (1, "")


@pytest.mark.check(3)
def test_closed_streams_lose_nothing_else(nights: tuple[Path, Path], tmp_path: Path) -> None:
    for streams in (">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
        target = tmp_path / "findings.json"
        done = shell(f'regard verify "$1" --json "$2" {streams}', nights[1], target)
        assert done.returncode == 1, streams
        assert target.read_text().startswith('{\n "tool": "regard"')
        assert target.read_text().endswith("]\n}\n")
        target.unlink()
    shown = shell('regard verify "$1" 2>&-', nights[1]).stdout
    assert shown == shell('regard verify "$1"', nights[1]).stdout
    assert len(shown) > 500


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_under_the_summary_is_said_once(nights: tuple[Path, Path], tmp_path: Path) -> None:
    done = shell('regard verify "$1" --json "$2" >/dev/full', nights[0], tmp_path / "findings.json")
    assert done.returncode == 2
    assert done.stderr == "regard verify: No space left on device\n"
    assert (tmp_path / "findings.json").stat().st_size > 500


@pytest.mark.parametrize(
    ("system", "asked", "encoding"), [("win32", "", "utf-8"), ("win32", "cp1252", "cp1252"), ("linux", "", "cp1252")]
)
def test_windows_gets_utf_8_where_output_is_redirected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, asked: str, encoding: str
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", asked)
    monkeypatch.setattr(sys, "platform", system)
    with (tmp_path / "out.txt").open("w", encoding="cp1252") as file:
        stream = _enduring(file)
        stream.write("émargés\n")
        stream.flush()
        assert (tmp_path / "out.txt").read_bytes().decode(encoding) == "émargés\n"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "1\u202f362 − 4 → 8, « élus » à Łódź, Œ ≥ 2\u202f‰ №"),
        ("cp1252", "1 362 - 4 > 8, « élus » à Lódz, Œ >= 2 ‰ ?"),
        ("ascii", '1 362 - 4 > 8, " elus " a Lodz, OE >= 2 ? ?'),
    ],
)
def test_figures_and_signs_are_readable_in_any_code_page(encoding: str, shown: str) -> None:
    code = (
        "import sys; from regard.streams import prepare; prepare();"
        "text = '1\\u202f362 \\u2212 4 \\u2192 8, \\xab \\xe9lus \\xbb \\xe0 "
        "\\u0141\\xf3d\\u017a, \\u0152 \\u2265 2\\u202f\\u2030 \\u2116';"
        "print(text); print(text, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout.decode(encoding) == done.stderr.decode(encoding) == shown + "\n"


@pytest.mark.check(3)
@pytest.mark.parametrize("name", ["rich.py", "argparse.py", "numpy.py", "verify/__init__.py", "protocol/__init__.py"])
def test_nothing_is_imported_from_the_current_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("raise SystemExit('imported from the current folder')\n")
    for command in (["rules", "R201"], ["verify", "."]):
        done = subprocess.run(
            [sys.executable, "-m", "regard", *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert "current folder" not in done.stdout + done.stderr
        assert done.returncode == (0 if command[0] == "rules" else 2)
