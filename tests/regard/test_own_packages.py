"""regard beside other projects and distributions: its packages have common names; it says when one is not its own."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from regard import own_packages
from tests import programs
from tests.sources import ROOT

PACKAGES = ("protocol", "machine", "sim", "verify")
START = "import sys; from regard.start import main; sys.exit(main())"
STRANGER = "raise SystemExit('code of a stranger was run')\n"
COMMANDS = [("-c", START), ("-m", "regard")]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """regard as an installation lays it out, to be damaged."""
    folder = tmp_path / "site"
    for package in (*PACKAGES, "regard"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(*arguments: str, path: Path | str, cwd: Path, ends: int = 0, language: str = "en") -> tuple[str, str]:
    """Output of Python with ``path`` before all else."""
    env = {**os.environ, "PYTHONPATH": str(path), "REGARD_LANG": language, "PYTHONDONTWRITEBYTECODE": "1"}
    return programs.run([sys.executable, *arguments], ends, cwd=cwd, env=env)


def test_every_package_of_ours_is_known_by_its_mark() -> None:
    assert own_packages.PACKAGES == PACKAGES
    own_packages.check()
    for package in PACKAGES:
        text = (ROOT / package / "__init__.py").read_bytes()
        assert own_packages.MARK in text


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_package_that_another_distribution_has_overwritten(
    installed: Path, package: str, command: tuple[str, str]
) -> None:
    place = installed / package / "__init__.py"
    place.write_text(STRANGER)
    out, err = run(*command, "rules", path=installed, cwd=installed, ends=2)
    assert out == ""
    assert err.startswith(f"regard: {installed / package} is not the package that came with regard")
    assert "virtual environment (python -m venv), pipx or uv tool" in err
    assert err.count("\n") == 1
    place.unlink()
    assert run(*command, "rules", path=installed, cwd=installed, ends=2) == (out, err)
    said = run(*command, "rules", path=installed, cwd=installed, ends=2, language="fr_FR.UTF-8")[1]
    assert said.startswith(f"regard : {installed / package} n'est pas le paquet venu avec regard")


@pytest.mark.parametrize("command", COMMANDS)
def test_an_intact_copy_runs(installed: Path, command: tuple[str, str]) -> None:
    assert "R201" in run(*command, "rules", "R201", path=installed, cwd=installed)[0]


def test_a_module_that_is_found_first_is_named(installed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "sim.py").write_text(STRANGER)
    path = f"{other}{os.pathsep}{installed}"
    said = f"{other / 'sim.py'} hides the package `sim` of regard"
    assert run("-c", START, "rules", path=path, cwd=tmp_path, ends=2)[1].startswith(f"regard: {said}")
    assert f"ForeignPackage: {said}" in run("-c", "import regard; regard.audit", path=path, cwd=tmp_path, ends=1)[1]
    assert run("-c", "import regard; print(regard.__version__)", path=path, cwd=tmp_path)[0]


def test_a_module_that_is_loaded_already_is_named(tmp_path: Path) -> None:
    code = (
        "import sys, types; sys.modules['verify'] = m = types.ModuleType('verify'); m.__file__ = '/x/verify.py'\n"
        "import regard\ntry:\n    regard.load\nexcept ImportError as error:\n    print(error)"
    )
    assert run("-c", code, path=ROOT, cwd=tmp_path)[0].startswith("/x/verify.py hides the package `verify`")


@pytest.mark.check(6)
@pytest.mark.parametrize("way", ["module", "script"])
def test_the_command_works_in_a_folder_with_modules_of_any_name(tmp_path: Path, way: str) -> None:
    """A night, a project, a folder of downloads: nothing is imported from where the command is started."""
    for name in (*PACKAGES, "rich", "numpy"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(STRANGER)
    for name in ("json.py", "rich.py"):
        (tmp_path / name).write_text(STRANGER)
    script = tmp_path / "bin" / "regard"  # as `pip install` writes it: a file in a folder of its own
    script.parent.mkdir()
    script.write_text(START)
    command = ["-m", "regard"] if way == "module" else [str(script)]
    run(*command, "simulate", "night", "--communes", "77513", "--workers", "2", path=ROOT, cwd=tmp_path)
    assert "3 bureaux" in run(*command, "verify", "night", "--fail-on", "never", path=ROOT, cwd=tmp_path)[0]


def test_a_worker_that_starts_anew_keeps_its_path(tmp_path: Path) -> None:
    """It runs the module again under another name, with the path that it was given."""
    code = (
        "import runpy, sys\nbefore = list(sys.path)\n"
        "runpy.run_module('regard.__main__', run_name='__mp_main__')\nprint(sys.path == before)"
    )
    assert run("-c", code, path=f"{tmp_path}{os.pathsep}{ROOT}", cwd=tmp_path)[0] == "True\n"
