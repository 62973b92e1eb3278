"""Installs regard from this folder, without internet, and starts it. Needs Python alone, none of its packages."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = Path(os.environ.get("REGARD_HOME") or Path.home() / ".regard")
PYTHONS = (3, 11), (3, 15)
FRENCH = not next(filter(None, map(os.environ.get, ("REGARD_LANG", "LC_ALL", "LANG"))), "fr").lower().startswith("en")


def say(french: str, english: str) -> None:
    """A line, in the language of the computer."""
    print(french if FRENCH else english, flush=True)


def wrong_files() -> list[str]:
    """The files of this folder that are not what SHA256SUMS says."""
    found = []
    for line in (HERE / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = HERE / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            found.append(name)
    return found


def program(name: str) -> Path:
    """A program of the environment that regard is installed into."""
    return PLACE / ("Scripts" if os.name == "nt" else "bin") / (f"{name}.exe" if os.name == "nt" else name)


def install() -> int:
    """Check the files and install them; 0, or 2 where that cannot be done."""
    wrong = wrong_files()
    if wrong:
        say("Ces fichiers sont abîmés ou manquent, rien n'est installé :", "Damaged or missing, nothing is installed:")
        print("\n".join(f"  {name}" for name in wrong))
        return 2
    say(f"Installation dans {PLACE} …", f"Installing into {PLACE} …")
    venv.create(PLACE, with_pip=True, clear=True)
    command = [str(program("python")), "-m", "pip", "install", "--quiet", "--no-index", "--no-cache-dir"]
    [wheel] = (HERE / "wheels").glob("regard-*.whl")  # by its path, so that regard knows where it came from
    command += ["--disable-pip-version-check", "--find-links", str(wheel.parent), f"{wheel}[pdf,report,serve]"]
    if subprocess.run(command, check=False).returncode:  # noqa: S603 - the pip of the environment just made
        version = ".".join(map(str, sys.version_info[:2]))
        say(
            f"Impossible : ce dossier n'a pas les fichiers pour Python {version} sur cet ordinateur.",
            f"Impossible: this folder lacks the files for Python {version} on this computer.",
        )
        return 2
    return 0


def main() -> int:
    """Install regard where it is not yet, or not from this folder, and run it with the words given."""
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        say("Il faut Python 3.11 ou plus récent.", "Python 3.11 or newer is needed.")
        return 2
    mark, sums = PLACE / "installed", (HERE / "SHA256SUMS").read_bytes()
    if not mark.is_file() or mark.read_bytes() != sums:
        code = install()
        if code:
            return code
        mark.write_bytes(sums)
    words = sys.argv[1:]
    if not words:
        say("regard s'ouvre dans le navigateur ; Ctrl-C y met fin.", "regard opens in the browser; Ctrl-C ends it.")
        words = ["serve", "--open", str(Path.home() / "regard")]
    return subprocess.run([str(program("regard")), *words], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
