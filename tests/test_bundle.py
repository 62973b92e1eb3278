"""The folder for a computer without internet: its starter installs nothing that is not what the checksums say.

That it installs and runs without a network, `.ci/run` shows, as only it may fetch wheels.
"""

import hashlib
import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from bundle.bill import write_bill
from bundle.making import PLATFORMS, PYTHONS, SUMS, BundleFailed, make
from tests.programs import run
from tests.sources import ROOT, put_text

STARTER = ROOT / "bundle" / "starter"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the starter and one file that is no wheel at all."""
    found = tmp_path / "bundle"
    shutil.copytree(STARTER, found)
    (found / "wheels").mkdir()
    (found / "wheels" / "regard-1-py3-none-any.whl").write_bytes(b"no wheel")
    files = sorted(path for path in found.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(found).as_posix()}" for path in files]
    put_text(found / SUMS, "\n".join(sums) + "\n")
    return found


def start(folder: Path, code: int, language: str = "en") -> str:
    environment = {"REGARD_HOME": str(folder.parent / "place"), "REGARD_LANG": language, "PYTHONUTF8": "1"}
    return run([sys.executable, folder / "demarrer.py", "--version"], code, env=environment)[0]


@pytest.mark.parametrize("name", ["wheels/regard-1-py3-none-any.whl", "LISEZ-MOI.txt"])
@pytest.mark.parametrize("gone", [False, True])
def test_a_damaged_or_missing_file_is_named_and_nothing_is_installed(name: str, gone: bool, folder: Path) -> None:
    if gone:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(b"changed")
    said = start(folder, 2)
    assert "Damaged or missing, nothing is installed:" in said
    assert f"  {name}" in said.splitlines()
    assert not (folder.parent / "place").exists()


@pytest.mark.check(3)
def test_a_folder_without_the_wheels_of_this_python_says_so(folder: Path) -> None:
    said = start(folder, 2, "fr")
    assert "n'a pas les fichiers pour Python" in said
    assert not (folder.parent / "place" / "installed").exists()


METADATA = {
    "regard-1.0-py3-none-any": "Name: regard\nVersion: 1.0\nLicense-Expression: Apache-2.0\n",
    "numpy-2.1-cp313-linux": "Name: numpy\nVersion: 2.1\nClassifier: License :: OSI Approved :: BSD License\n",
    "numpy-2.1-cp313-win": "Name: numpy\nVersion: 2.1\nClassifier: License :: OSI Approved :: BSD License\n",
    "Old_Thing-3-py3-none-any": "Name: Old_Thing\nVersion: 3\nLicense: MIT\n  and more\n",
    "bare-4-py3-none-any": "Name: bare\nVersion: 4\n",
}


def test_the_bill_names_every_wheel_with_its_licence_and_checksum(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name, text in METADATA.items():
        with zipfile.ZipFile(wheels / f"{name}.whl", "w") as archive:
            archive.writestr(f"{name.partition('-')[0]}.dist-info/METADATA", f"Metadata-Version: 2.4\n{text}")
    written = write_bill(tmp_path, "regard").read_bytes()
    bill = json.loads(written)
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    own, others = bill["metadata"]["component"], bill["components"]
    assert (own["type"], own["purl"]) == ("application", "pkg:pypi/regard@1.0")
    assert [each["purl"] for each in others] == ["pkg:pypi/bare@4", "pkg:pypi/numpy@2.1", "pkg:pypi/old-thing@3"]
    assert [each.get("licenses") for each in (own, *others)] == [
        [{"expression": "Apache-2.0"}],
        None,
        [{"license": {"name": "BSD License"}}],
        [{"license": {"name": "MIT"}}],
    ]
    files = [file for each in (own, *others) for file in each["externalReferences"]]
    assert sorted(file["url"] for file in files) == sorted(f"wheels/{path.name}" for path in wheels.iterdir())
    for file in files:
        [digest] = file["hashes"]
        content = hashlib.sha256((tmp_path / file["url"]).read_bytes()).hexdigest()
        assert (digest["alg"], digest["content"]) == ("SHA-256", content)
    assert write_bill(tmp_path, "regard").read_bytes() == written


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BundleFailed, match="is not empty"):
        make(tmp_path, list(PLATFORMS), list(PYTHONS))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_starter_needs_nothing_but_python() -> None:
    text = (STARTER / "demarrer.py").read_text("utf-8")
    names = {line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert names <= {*sys.stdlib_module_names, "__future__"}


@pytest.mark.parametrize("name", ["demarrer.bat", "demarrer.sh"])
def test_what_is_clicked_on_starts_it_from_any_folder(name: str) -> None:
    text = (STARTER / name).read_text("utf-8")
    assert "demarrer.py" in text
    assert "%~dp0" in text or "dirname" in text


@pytest.mark.skipif(sys.platform == "win32", reason="the program that stands in for regard is a shell script")
def test_the_starter_opens_a_case_in_a_folder_of_its_own(tmp_path: Path, folder: Path) -> None:
    """Not among the wheels, where a double click begins."""
    place, home = tmp_path / "place", tmp_path / "home"
    (place / "bin").mkdir(parents=True)
    (place / "installed").write_bytes((folder / SUMS).read_bytes())
    regard = place / "bin" / "regard"
    put_text(regard, '#!/bin/sh\necho "$@"\n')
    regard.chmod(0o755)
    environment = {"REGARD_HOME": str(place), "REGARD_LANG": "en", "HOME": str(home)}
    said = run([sys.executable, folder / "demarrer.py"], cwd=folder, env=environment)[0]
    assert said.splitlines()[-1] == f"serve --open {home / 'regard'}"


def test_a_command_of_the_windows_starter_runs_once() -> None:
    """`a && b || c` would run `c` as well where `b` ends with 1, as it does with findings."""
    text = (STARTER / "demarrer.bat").read_text("utf-8")
    assert "||" not in text
    assert text.count("%*") == 1
