"""Fills the folder: the project's own wheel, those of what it needs by its lock, the starter, a bill, the checksums."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bundle.bill import write_bill

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("pdf", "report", "serve")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_GLIBC = tuple(f"manylinux_2_{minor}_x86_64" for minor in (5, 12, 17, 24, 26, 27, 28, 31, 34))
PLATFORMS = {
    "linux": ("x86_64-unknown-linux-gnu", (*_GLIBC, "manylinux2014_x86_64", "manylinux2010_x86_64")),
    "windows": ("x86_64-pc-windows-msvc", ("win_amd64",)),
    "macos-arm": ("aarch64-apple-darwin", ("macosx_14_0_arm64",)),
    "macos-intel": ("x86_64-apple-darwin", ("macosx_13_0_x86_64",)),
}
"""By name: what the resolver calls it, and the tags of the wheels that run there."""
SUMS = "SHA256SUMS"


class BundleFailed(Exception):
    """A wheel cannot be had, or the folder is not empty."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A finished bundle: number of wheels, bytes of all files."""

    wheels: int
    size: int


def make(folder: Path, platforms: Sequence[str], pythons: Sequence[str]) -> Bundle:
    """Make the folder.

    Raises:
        BundleFailed: there is something in it, or a wheel cannot be had.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BundleFailed(f"{folder} is not empty")
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels.resolve()))
    with tempfile.TemporaryDirectory() as scratch:
        for platform in platforms:
            for python in pythons:
                _fetch(platform, python, wheels, Path(scratch))
    for name in sorted((ROOT / "bundle" / "starter").iterdir()):
        shutil.copy(name, folder / name.name)
    write_bill(folder, "regard")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files
    ]
    (folder / SUMS).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return Bundle(sum(path.suffix == ".whl" for path in files), sum(path.stat().st_size for path in files))


def _fetch(platform: str, python: str, wheels: Path, scratch: Path) -> None:
    """Fetch what regard needs on one platform and Python: by version and hash as the widest lock has them."""
    target, tags = PLATFORMS[platform]
    wanted = scratch / f"{platform}-{python}.txt"
    extras = [word for extra in EXTRAS for word in ("--extra", extra)]
    _run(
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes", "--only-binary", ":all:"),
        *("--no-header", "--no-annotate", "--python-platform", target, "--python-version", python, *extras),
        *("--constraints", "requirements/lint.txt", "pyproject.toml", "--output-file", str(wanted)),
    )
    _run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"),
        *("--only-binary", ":all:", "--implementation", "cp", "--python-version", python),
        *("--abi", f"cp{python.replace('.', '')}", "--abi", "abi3", "--abi", "none"),
        *(word for tag in (*tags, "any") for word in ("--platform", tag)),
        *("--dest", str(wheels), "-r", str(wanted)),
    )


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))  # noqa: S603
    if done.returncode:
        raise BundleFailed(f"{' '.join(command[:6])} …\n{done.stdout}{done.stderr}".strip())
