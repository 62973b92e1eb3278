"""The process that reads workbooks: what it may take, what it may send back, and that it ends with who asked."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from protocol.errors import InputError
from tests.programs import HANG
from tests.sources import new_file
from tests.verify.evidence import hostile_files
from verify.model.published import UnknownLayout
from verify.read.results_files import read_all
from verify.read.spreadsheets import workbook_cells

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits and deaths as Linux has them")
FOLDER = str(Path(__file__).parents[3])
LIMITED = "import sys, time; sys.path.insert(0, sys.argv[1]); from verify.read import own_process as w; "
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()  # its limits are set
time.sleep(0.5)  # and it has come to what it is busy with
print(child.pid, flush=True)
time.sleep(1000)
"""


def child(code: str) -> list[str]:
    return [sys.executable, "-c", LIMITED + code, FOLDER]


@linux
def test_it_has_so_much_processor_time_and_memory() -> None:
    """`SIGXCPU` ends what does not come back; what asks for more memory than the bound is refused it."""
    busy = "w.seconds = lambda size: 1; w.limit(0)\nwhile True: pass"
    with subprocess.Popen(child(busy), stdin=subprocess.PIPE) as process:
        assert process.wait(HANG) == -signal.SIGXCPU
    large = "w.limit(0)\ntry: bytearray(w.memory(0))\nexcept MemoryError: sys.exit(7)"
    with subprocess.Popen(child(large), stdin=subprocess.PIPE) as process:
        assert process.wait(HANG) == 7


@linux
def test_it_ends_with_its_parent_however_that_one_ends() -> None:
    code = LIMITED + "w.limit(0); import ctypes; print(flush=True); ctypes.PyDLL(None).sleep(1000)"  # no thread runs
    with subprocess.Popen([sys.executable, "-c", PARENT, code, FOLDER], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        number = int(parent.stdout.readline())
        assert _runs(number)
        parent.kill()
    end = time.monotonic() + HANG
    while _runs(number):
        assert time.monotonic() < end, "it goes on"
        time.sleep(0.02)


def _runs(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(") ")[2]
    except FileNotFoundError:
        return False
    return not state.startswith(("Z", "X"))  # a dead one waits to be asked for by whoever has taken it over


def test_it_ends_when_nobody_wants_its_cells_any_more() -> None:
    with subprocess.Popen(child("w.limit(0); time.sleep(1000)"), stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(HANG) == 1


def test_no_more_is_taken_from_it_than_a_workbook_of_its_size_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    path = new_file(
        "r.xlsx", hostile_files.workbook([hostile_files.square(26)], hostile_files.texts(b"<si><t>abc</t></si>"))
    )
    with pytest.raises(UnknownLayout):  # all of it is read
        read_all(path)
    monkeypatch.setattr(workbook_cells, "output", lambda _: 1000 - 2**16)  # beside what the last line may have
    with pytest.raises(InputError, match="a file readable in 300 s and within bounds"):
        read_all(path)


def test_it_writes_no_more_than_that(tmp_path: Path) -> None:
    """A text of the greatest length in many cells is few bytes in the file."""
    path = tmp_path / "r.xlsx"
    texts = hostile_files.texts(b"<si><t>" + b"x" * workbook_cells.TEXT_LIMIT + b"</t></si>")
    path.write_bytes(hostile_files.workbook([hostile_files.square(26)] * 4, texts))
    with pytest.raises(InputError, match="more text than a workbook of its size holds"):
        read_all(path)
