"""CONTRIBUTING.md is followed to the letter: its code put where its steps say, its commands run, the new thing used."""

import csv
import json
import re
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import run
from tests.sources import ROOT, put_text
from tests.verify.night_builder import small_night

COPIED = ("machine", "protocol", "regard", "sim", "verify", "docs", "tests", "pyproject.toml")
REFERENCE = Path("docs", "reference")
STEP = re.compile(r"^\d+\. (.*?)(?=^\d+\. |\Z)", re.MULTILINE | re.DOTALL)
PASSED = re.compile(r"^tests/\S+::(\S+) PASSED", re.MULTILINE)
BLOCK = re.compile(r"^   ```(\w+)\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)
MAKE = {
    "docs": ("regard.docs",),
    "catalogues": ("regard.catalogues",),
    "test": ("pytest", "-v", "-p", "no:cacheprovider"),
}
"""Commands of the targets that the guide names, once `.venv` is there."""


def steps(heading: str) -> list[str]:
    """The steps below a heading of the third level."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    [section] = re.findall(rf"^### {heading}\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL)
    return STEP.findall(section)


def blocks(step: str) -> Iterator[tuple[str, str]]:
    """The language and the lines of each block of a step."""
    for language, lines in BLOCK.findall(step):
        yield language, textwrap.dedent(lines)


def follow(step: str, folder: Path, unfinished: bool) -> str:
    """Do what a step says in a source tree; gives what its commands printed."""
    printed = ""
    for language, block in blocks(step):
        if language == "sh":
            for line in block.splitlines():
                for command in commands(line):
                    fails = unfinished and "regard.catalogues" in command
                    printed += "".join(run([sys.executable, "-m", *command], int(fails), folder))
            continue
        name = step[1 : step.index("`", 1)]  # a step that has code begins with the file
        file = folder / name
        if language == "diff":
            put_text(file, patched(file.read_text("utf-8"), block))
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            between = "\n\n" if file.suffix == ".py" else "\n"
            before = file.read_text("utf-8") + between if file.exists() else ""
            put_text(file, before + block)
    return printed


def commands(line: str) -> Iterator[list[str]]:
    """A command of the guide as arguments for ``python -m``."""
    program, *arguments = shlex.split(line)
    if program == "regard":
        yield [program, *arguments]
        return
    assert program == "make"
    given = [word for each in arguments if each.startswith("ARGS=") for word in shlex.split(each[5:])]
    yield from ([*MAKE[each], *given] for each in arguments if not each.startswith("ARGS="))


def patched(text: str, diff: str) -> str:
    """A text with a change: the lines with ``+`` come between those with a blank, which stand there once."""
    lines = diff.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] == " ")
    assert text.count(old) == 1, f"stands there {text.count(old)} times:\n{old}"
    return text.replace(old, "".join(line[1:] for line in lines))


def followed(heading: str, folder: Path, unfinished: bool = False) -> str:
    """Follow all steps below a heading in a copy of the source tree; gives all that was printed."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    return "".join(follow(step, folder, unfinished) for step in steps(heading))


def passed(shown: str) -> set[str]:
    """The names of the tests that passed, as what was printed has them."""
    return set(PASSED.findall(shown))


def regard(folder: Path, *arguments: str | Path, code: int = 0) -> str:
    """Output of a command of the copy."""
    return "".join(run([sys.executable, "-m", "regard", *arguments], code, folder))


@pytest.mark.check(20)
def test_a_rule_fires(tmp_path: Path) -> None:
    night = small_night()
    night.row("pv.csv", "0002")["observations"] = "Un émargement de trop."
    folder = night.write(tmp_path / "night")
    assert "R299" not in regard(ROOT, "verify", folder, "--lang", "en")
    tree = tmp_path / "tree"
    tree.mkdir()
    tried = passed(followed("A rule", tree))
    assert "test_r299" in tried
    shown = regard(tree, "verify", folder, "--verbose", "--lang", "en", "--json", tmp_path / "findings.json")
    assert "1  The PV mentions a gap that there is not" in shown
    document = json.loads((tmp_path / "findings.json").read_bytes())
    [found] = (each for each in document["findings"] if each["code"] == "R299")
    assert found["bureau"] == "0002"
    assert found["message"].endswith("votes for 546 signatures, and the PV mentions a gap.")
    assert "Le PV mentionne un écart qui n'existe pas" in (tree / REFERENCE / "regles.md").read_text("utf-8")


@pytest.mark.check(15)
def test_a_layout_is_read(tmp_path: Path) -> None:
    tried = passed(followed("A layout of published results", tmp_path))
    assert "test_essai" in tried
    assert [name for name in tried if name.endswith("[city-essai]")]  # what every layout has to pass
    file = tmp_path / "results.csv"
    file.write_text("N° DU BUREAU;ÉLECTEURS;ENVELOPPES;BLANCS;NULS;SUFFRAGES;ZOLA;CURIE\n1;900;626;20;0;606;301;305\n")
    assert "the town's data, as Essai-sur-Marne publishes it" not in regard(ROOT, "results", file, "--lang", "en")
    for language, said in (("en", "the town's data, as Essai"), ("fr", "les données de la ville, telles qu'Essai")):
        shown = regard(tmp_path, "results", file, "--lang", language)
        assert said in shown
        assert "626" in shown
    assert "Essai-sur-Marne" in (tmp_path / REFERENCE / "known-layouts.md").read_text("utf-8")


@pytest.mark.check(15)
def test_a_fault_is_simulated(tmp_path: Path) -> None:
    assert "test_a_rounded_count_ends_in_zero" in passed(followed("A fault", tmp_path))
    with (tmp_path / "rounded" / "matrix.csv").open(encoding="utf-8", newline="") as file:
        caught = {row["evidence"]: int(row["caught"]) for row in csv.DictReader(file) if row["fault"]}
    assert caught["published"] == 0
    assert caught["pv"] > 0
    arguments = ("--communes", "77513", "--faults", "roll-rounded=1", "--workers", "1", "--seed", "1")
    regard(tmp_path, "simulate", tmp_path / "night", *arguments)
    truth = (tmp_path / "night" / "verite.csv").read_text("utf-8")
    assert "le nombre est arrondi à la dizaine" in truth


@pytest.mark.check(10)
def test_a_language_is_spoken(tmp_path: Path) -> None:
    shown = followed("A language", tmp_path, unfinished=True)
    assert "regard.po (it): not translated: 'Fewer votes than signatures'" in shown
    assert "R201 Più voti che firme" in shown
    assert "Basis: Code électoral" in shown  # not translated
    assert "Più voti che firme" in (tmp_path / REFERENCE / "rules.it.md").read_text("utf-8")
