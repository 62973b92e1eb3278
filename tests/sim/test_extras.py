"""Packages installed beside regard do not change a night."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

EXTRAS = ("isal", "pandas", "polars", "dask", "distributed", "asn1tools", "cryptography", "msgspec")


def simulate(folder: Path, absent: tuple[str, ...]) -> dict[str, str]:
    """SHA-256 of every file of a night that is simulated where ``absent`` cannot be imported."""
    asked = ["simulate", str(folder), "--communes", "34324,77513", "--workers", "1", "--mixed", "studies"]
    code = f"""
import sys
sys.modules.update(dict.fromkeys({absent!r}))
from regard.cli import main
sys.exit(main({asked!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.check(2)
def test_a_night_has_the_same_bytes_whatever_is_installed_beside_regard(tmp_path: Path) -> None:
    with_all = simulate(tmp_path / "with", ())
    without = simulate(tmp_path / "without", EXTRAS)
    assert with_all == without
    assert {"manifest.json", "verite.csv", "jour.csv"} <= with_all.keys()
