"""Set-up of a process of the command before anything is loaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from regard import start

CODE = """
import os, sys
sys.argv = ["regard", "--version"]
from regard.start import main
main()
import numpy
print(os.environ["OPENBLAS_NUM_THREADS"], len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
@pytest.mark.parametrize(("wished", "due"), [(None, "1"), ("2", "2")])
def test_linear_algebra_has_one_thread_unless_more_are_wished(wished: str | None, due: str) -> None:
    asked = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    asked |= {} if wished is None else {"OPENBLAS_NUM_THREADS": wished}
    done = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True, env=asked)
    threads, running = done.stdout.splitlines()[-1].split()
    assert threads == due
    assert wished or running == "1"


class _Stopped:
    """A module during whose import, or run, Ctrl-C is pressed."""

    def __init__(self, *, loaded: bool) -> None:
        if loaded:
            self.main = self._stop

    def _stop(self) -> int:
        raise KeyboardInterrupt

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


@pytest.mark.parametrize("loaded", [False, True])
def test_ctrl_c_before_a_command_has_begun_shows_no_traceback(monkeypatch: pytest.MonkeyPatch, loaded: bool) -> None:
    monkeypatch.setitem(sys.modules, "regard.cli", _Stopped(loaded=loaded))
    assert start.main() == 130
