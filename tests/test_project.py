"""The project itself: locks, packaging, import directions."""

import importlib.metadata
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.programs import run
from tests.sources import ROOT, put_text

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = ["machine", "protocol", "regard", "sim", "verify"]
PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]


def compiled() -> dict[str, tuple[list[str], list[str]]]:
    """The extras and groups of pyproject.toml that `make lock` makes each lock for, beside the dependencies."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return {
        name: (re.findall(r"--extra (\w+)", options), re.findall(r"--group (\w+)", options))
        for name, options in re.findall(r"^\tcompile (\w+) (.*) pyproject\.toml$", makefile, re.MULTILINE)
    }


LOCKS = compiled()


def locked(name: str) -> list[tuple[Requirement, list[str]]]:
    """Each entry of a lock: the requirement and its hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    entries = []
    for line in text.replace("\\\n", "").splitlines():
        requirement, *hashes = line.split(" --hash=")
        entries.append((Requirement(requirement.strip()), [digest.strip() for digest in hashes]))
    return entries


def environment(python: str, system: str = "linux") -> dict[str, str]:
    """Environment of markers, on CPython of that version."""
    return {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "extra": "",
    }


def group(name: str) -> Iterator[str]:
    """The requirements of a dependency group, those of the groups that it includes as well."""
    for item in PROJECT["dependency-groups"][name]:
        if isinstance(item, str):
            yield item
        else:
            yield from group(item["include-group"])


def wanted(name: str) -> list[Requirement]:
    """List the requirements of pyproject.toml for the environment of a lock."""
    extras, groups = LOCKS[name]
    texts: list[str] = list(PROJECT["project"]["dependencies"])
    for extra in extras:
        texts += PROJECT["project"]["optional-dependencies"][extra]
    for each in groups:
        texts += group(each)
    return [Requirement(text) for text in texts]


def test_every_lock_is_compiled_and_every_extra_locked() -> None:
    assert {*LOCKS, "lock"} == {path.stem for path in (ROOT / "requirements").glob("*.txt")}
    assert {extra for extras, _ in LOCKS.values() for extra in extras} == {*PROJECT["project"]["optional-dependencies"]}


@pytest.mark.parametrize("name", [*LOCKS, "lock"])
def test_lock_pins_one_version_with_hashes(name: str) -> None:
    entries = locked(name)
    assert entries
    for requirement, hashes in entries:
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert requirement.url is None
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), requirement


@pytest.mark.parametrize("name", [*LOCKS, "lock"])
def test_lock_names_no_address_and_no_path(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert not re.search(r"://|#|/|^--?[a-z]", text, re.MULTILINE)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", LOCKS)
def test_lock_covers_what_pyproject_asks_for(name: str, python: str) -> None:
    for system in ("linux", "darwin", "win32"):
        env = environment(python, system)
        pins: dict[str, list[Version]] = {}
        for pin, _ in locked(name):
            if pin.marker is None or pin.marker.evaluate(env):
                pins.setdefault(canonicalize_name(pin.name), []).append(Version(str(pin.specifier).removeprefix("==")))
        assert all(len(versions) == 1 for versions in pins.values())
        for requirement in wanted(name):
            if requirement.marker is None or requirement.marker.evaluate(env):
                (version,) = pins[canonicalize_name(requirement.name)]
                assert requirement.specifier.contains(version), requirement


BY_PYTHON = ("numpy",)
"""Packages of which the oldest Python has another version than the newest."""


def test_locks_agree_with_each_other() -> None:
    """They are installed into one environment, in any order."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for name in LOCKS:
        for requirement, _ in locked(name):
            version = str(requirement.specifier)
            key = (canonicalize_name(requirement.name), version if requirement.name in BY_PYTHON else "")
            first = seen.setdefault(key, (name, version))
            assert version == first[1], f"{requirement.name}: {name} has {version}, {first[0]} has {first[1]}"


def test_makefile_tries_the_pythons_that_the_locks_cover() -> None:
    """Newest first; and pyproject.toml says the same."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    tried = re.search(r"^PYTHONS := (.*)$", makefile, re.MULTILINE)
    assert tried
    assert tried[1].split() == [*(f"python{python}" for python in reversed(PYTHONS)), "python3"]
    assert f"({PYTHONS[0].replace('.', ', ')}) <= sys.version_info[:2] <= ({PYTHONS[-1].replace('.', ', ')})" in (
        makefile
    )
    stated = [
        text.rpartition(" ")[2]
        for text in PROJECT["project"]["classifiers"]
        if re.fullmatch(r".* :: Python :: 3\.\d+", text)
    ]
    assert stated == PYTHONS
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"


def test_citation_says_what_the_project_says() -> None:
    """The keys that Citation File Format 1.2.0 asks for, and no value that another file contradicts."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= citation.keys()
    assert citation["type"] == "software"
    project = PROJECT["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    heading = f"## [{project['version']}] - {citation['date-released']}\n"
    assert heading in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert citation["authors"] == [{"name": author["name"]} for author in project["authors"]]
    known = "cff-version message title type authors version date-released license keywords abstract"
    assert citation.keys() <= set(known.split())


def test_installed_version_is_the_stated_one() -> None:
    assert importlib.metadata.version("regard") == PROJECT["project"]["version"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel that `pip install .` would build, made without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_wheel_holds_the_packages_with_their_data_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected |= {
        f"regard/documentation/{path.relative_to(ROOT / 'docs').as_posix()}"
        for path in (ROOT / "docs").rglob("*")
        if path.suffix in (".md", ".json", ".h")
    }
    held = {name for name in wheel.namelist() if not name.startswith("regard-")}
    assert held == expected
    assert "regard/documentation/reference/findings.schema.json" in held
    assert {name.partition("/")[0] for name in held} == set(PACKAGES)
    assert {f"{package}/py.typed" for package in PACKAGES} <= held


def test_wheel_installs_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    folder = f"regard-{PROJECT['project']['version']}.dist-info"
    assert "regard = regard.start:main" in wheel.read(f"{folder}/entry_points.txt").decode()
    assert wheel.read(f"{folder}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()


def lint_imports(folder: Path, code: int) -> str:
    """Hold the packages in a folder against the contracts of the pyproject.toml beside them."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    return run([*command, "--no-cache"], code, cwd=folder)[0]


def test_imports_go_one_way() -> None:
    lint_imports(ROOT, 0)


@pytest.mark.check(5)
@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("protocol", "machine"),
        ("protocol", "verify"),
        ("machine", "sim"),
        ("machine", "verify"),
        ("sim", "verify"),
        ("sim", "regard"),
        ("verify", "machine"),
        ("verify", "sim"),
        ("verify", "regard"),
        ("regard", "tests"),
        ("regard", "bench"),
        ("protocol", "pickle"),
        ("regard", "requests"),
        ("verify.model", "verify.read"),
        ("verify.read", "verify.align"),
        ("verify.rules", "verify.audit"),
    ],
)
def test_an_import_the_wrong_way_is_seen(tmp_path: Path, importer: str, imported: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    rooms = (path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    for room in rooms:
        (tmp_path / room).parent.mkdir(parents=True, exist_ok=True)
        own = (room.parent if room.name == "__init__.py" else room.with_suffix("")).as_posix().replace("/", ".")
        put_text(tmp_path / room, f"import {imported}\n" if own == importer else "")
    assert f"{importer} -> {imported}" in lint_imports(tmp_path, 1)
