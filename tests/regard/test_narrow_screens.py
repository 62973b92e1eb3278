"""Every command at 40, 60 and 80 columns: no line is wider, and none is broken at a forbidden place."""

import re
import shutil
from pathlib import Path

import pytest

from protocol.words import languages
from regard.cli import COMMANDS, main
from sim import bureaux
from sim.bureaux import choose
from sim.nights.night import simulate
from tests.regard.calling import CommandLine
from tests.regard.test_verify_night import plain_environment
from tests.sources import put_text

__all__ = ["plain_environment"]  # a fixture

WIDTHS = ("40", "60", "80")
ROW = re.compile(r"\n\S* {2,}\S.* {2,}\d+ *\n.*\Z")
"""The end of a table's row, of which a name goes on below: « Bourge » and « s »."""
ASTRAY = re.compile(r"^\s*[:;?!»%‰](?:\s|$)|«\s*$|\d\s*\n\s*(?:min|kB|ko|s|h)\b(?!['’])", re.MULTILINE)
"""Punctuation that begins a line, a quotation mark that ends one; a unit on another line than its number."""
HELP_ONLY = {"serve", "live", "read", "emulate", "ports", "calibrate", "completion", "forecast"}
"""Commands that need a port, hours or data of others, last until they are ended, or write for programs."""
SLOW = {"matrix"}
"""Commands that are looked at where it is narrowest only."""
SHOWN: dict[str, tuple[str, ...]] = {
    "demo": ("demo NEW",),
    "simulate": ("simulate NEW --communes 77513",),
    "replay": ("replay NIGHT/publie.txt NEW --date 10/04/2022 --round 1",),
    "verify": ("verify NIGHT", "verify NIGHT --verbose", "verify --pv NIGHT/pv.csv", "verify --pv PV --columns"),
    "show": ("show NIGHT 77513 1",),
    "layouts": ("layouts", "layouts ge-precincts"),
    "inspect": ("inspect NIGHT/exports/77513-0001-1-1.esf", "inspect NIGHT/modules/77513-0001-1.urn"),
    "export": ("export NIGHT/modules/77513-0001-1.urn -o NEW",),
    "totals": ("totals NIGHT/exports",),
    "results": ("results NIGHT/publie.txt", "results --compare NIGHT/publie.txt NIGHT/publie.txt"),
    "template": ("template NEW", "template NEW --plan"),
    "keys": ("keys new --name essai -o NEW",),
    "seal": ("seal NIGHT -o NEW --key KEY",),
    "prove": ("prove SEALED 77513 1 -o NEW",),
    "check": ("check PROOF --key KEY.vkey",),
    "next": ("next NIGHT",),
    "witness": ("witness SEALED --plan --shift 100",),
    "changes": ("changes SEALED SEALED --key KEY.vkey",),
    "precision": ("precision NIGHT",),
    "plan": ("plan TOWN --days 50 --patience 10 --scenario polls=2",),
    "audit": ("audit plan NIGHT/publie.txt --election presidentielle --round 1",),
    "score": ("score NIGHT",),
    "queue": ("queue --replications 20",),
    "matrix": ("matrix --seeds 1 --fault hour-missing -o NEW",),
    "rules": ("rules", "rules R201"),
    "faults": ("faults",),
    "help": ("help",),
}
"""Arguments of each command; capitals stand for files made before, `NEW` for a new one."""
OPTION = re.compile(r"  --[a-z-]+ \S+ \[")
"""Text that argparse never breaks: an option that takes several values, in the list of options."""
LONG = re.compile(r"[^ ]{18,}")
"""Text that is never broken, on however narrow a screen: a path, a key, an option with what it takes."""


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs of the commands, by the names that stand for them."""
    folder = tmp_path_factory.mktemp("given")
    rates = {"voted-twice": 0.002, "hour-missing": 0.5, "dump-bit-rot": 0.5}
    simulate(folder / "night", seed=4, year=2022, communes=choose(2022, ["77513"]), rates=rates, workers=1)
    put_text(folder / "town.csv", "Bureau;Inscrits;Machines\n1;800;1\n2;1200;1\n3;1500;2\n")
    put_text(folder / "pv.csv", "Bureau;Inscrits;Émargements;Bidule\n0001;1000;700;702\n")
    for words in (
        f"keys new --name essai -o {folder / 'key'}",
        f"seal {folder / 'night'} -o {folder / 'sealed'} --key {folder / 'key'}",
        f"prove {folder / 'sealed'} 77513 1 -o {folder / 'proof'}",
    ):
        assert main(words.split()) == 0
    return folder


def shown(words: str, language: str, given: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Text of a command on both outputs."""
    new = folder / "new"
    for made in folder.glob("new*"):
        shutil.rmtree(made) if made.is_dir() else made.unlink()
    for name, file in (("NEW", new), *((name.upper(), given / name) for name in ("night", "sealed", "key", "proof"))):
        words = words.replace(name, str(file))
    words = words.replace("TOWN", str(given / "town.csv")).replace("PV ", f"{given / 'pv.csv'} ")
    capsys.readouterr()
    command, *arguments = words.split()
    assert main([*COMMANDS[command].spell(command).split(), *arguments, "--lang", language]) in (0, 1)
    said = capsys.readouterr()
    return said.out + said.err


def astray(said: str, width: int) -> list[str]:
    """Lines that are too wide although they could be broken, or are broken where they must not be."""
    lines = said.splitlines()
    wide = [line for line in lines if len(line) > width and not LONG.search(line) and not OPTION.match(line)]
    return wide + [found[0] for found in ASTRAY.finditer(said) if not ROW.search(said[: found.end()])]


def test_every_command_is_looked_at() -> None:
    assert {*SHOWN, *HELP_ONLY} == set(COMMANDS)
    assert not set(SHOWN) & HELP_ONLY


@pytest.mark.check(7)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", SHOWN)
def test_what_a_command_shows(
    command: str,
    width: str,
    given: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if command in SLOW and width != WIDTHS[0]:
        return
    monkeypatch.setenv("COLUMNS", width)
    if command == "demo":  # the night of the nation says the same in larger numbers
        monkeypatch.setattr(bureaux, "choose", lambda year, codes: choose(year, codes or ["77513", "92076"]))
    for language in ("fr",) if command in SLOW else languages():
        for words in SHOWN[command]:
            said = shown(words, language, given, tmp_path, capsys)
            assert said.strip()
            assert astray(said, int(width)) == [], (words, language)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command(command: str, width: str, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for language in languages():
        cli(command, "--help", "--lang", language)
        assert astray(cli.out, int(width)) == []
