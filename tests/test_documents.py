"""The documents that people write against the code: commands, options, targets, rules, links."""

import re
import shlex
import sys
from functools import cache
from pathlib import Path

import pytest

from bench.__main__ import benchmarks
from regard.api import Given
from regard.cli import COMMANDS, GROUPS, build_parser
from tests.each import for_each
from tests.programs import run
from tests.sources import ROOT, sources
from verify.materiality.kinds import ElectionKind
from verify.rulebook.catalogue import rules

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
EVERY = for_each({path.relative_to(ROOT).as_posix(): path for path in DOCUMENTS})
SPEED = ROOT / "docs" / "studies" / "speed.md"
NAMING = {".j2", ".md", ".po", ".py", ".toml"}
PAIRS = [
    ("../README.md", "../LISEZMOI.md"),
    ("guide/auditor.md", "guide/auditeur.md"),
    ("guide/case-page.md", "guide/page-dossier.md"),
    ("guide/cases.md", "guide/cas.md"),
    ("guide/evidence.md", "guide/pieces.md"),
    ("guide/hatch.md", "guide/trappe.md"),
    ("guide/lab.md", "guide/labo.md"),
    ("guide/layouts.md", "guide/presentations.md"),
    ("guide/limits.md", "guide/limites.md"),
    ("guide/live.md", "guide/soiree.md"),
    ("guide/materiality.md", "guide/calcul-du-juge.md"),
    ("guide/office.md", "guide/mairie.md"),
    ("guide/other-machines.md", "guide/autres-machines.md"),
    ("guide/threats.md", "guide/menaces.md"),
    ("studies/matrix.md", "studies/matrice.md"),
    ("reference/proof.md", "reference/preuve.md"),
    ("reference/rules.md", "reference/regles.md"),
    ("reference/security.md", "reference/securite.md"),
]


def test_verify_names_no_maker_but_in_the_rulebook() -> None:
    makers = r"(?i)\b(dominion|brazil\w*|brésil\w*|tse|urna|boletim|colorado|arapahoe)\b"
    assert [path for path, _ in sources(makers, ["verify"])] == []


def code(path: Path) -> list[str]:
    """Every line of a block of code and all code within a text."""
    text = path.read_text("utf-8")
    lines = [line.strip() for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@cache
def options(command: str) -> frozenset[str]:
    """The options of a command."""
    parser = build_parser(command, "en")
    return frozenset(
        option
        for one in (parser, parser.command(COMMANDS[command].spell(command).split()))
        for action in one._actions
        for option in action.option_strings
    )


@cache
def fuzz_help() -> str:
    return run([sys.executable, "-m", "tests.fuzz", "--help"], cwd=ROOT)[0]


def written(line: str) -> list[str]:
    """The options in a line, as they are written."""
    return [word.partition("=")[0] for word in shlex.split(line, comments=True) if re.match("-{1,2}[a-z]", word)]


@EVERY
def test_every_command_and_option_is_there(path: Path) -> None:
    everywhere = frozenset(re.findall("--[a-z]+", fuzz_help())).union(*map(options, COMMANDS))
    for line in code(path):
        if line.startswith("--"):
            assert set(written(line)) <= everywhere, line
        elif found := re.match(rf"regard (?:(?:{'|'.join(GROUPS)}) )?(\S+)", line):
            command = found[1]
            assert command in {*COMMANDS, "--help", "--version"}, line
            if command in COMMANDS:
                assert line.startswith(f"regard {COMMANDS[command].spell(command)}"), line
            assert set(written(line)) <= (options(command) if command in COMMANDS else {"--help", "--version"}), line


@EVERY
def test_every_target_of_make_is_there(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^(\w+):.*## ", makefile, re.MULTILINE)
    for line in code(path):
        if found := re.match(r"make (\w+)", line):
            assert found[1] in targets, line


def test_every_target_of_make_is_told() -> None:
    makefile, text = ((ROOT / name).read_text("utf-8") for name in ("Makefile", "CONTRIBUTING.md"))
    targets = re.findall(r"^(\w+):.*## ", makefile, re.MULTILINE)
    assert sorted(re.findall(r"^\| `make (\w+)` \|", text, re.MULTILINE)) == sorted(set(targets) - {"help"})


@EVERY
def test_every_rule_is_there(path: Path) -> None:
    named = set(re.findall(r"(?<![\w.])[CAIMRTPV][1-9]\d\d(?![\w%])", path.read_text("utf-8")))
    example = {"R299"} if path.name == "CONTRIBUTING.md" else set()
    assert named - example <= rules().keys(), named - rules().keys()


@EVERY
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        to = path.parent / name if name else path
        assert to.exists(), target
        headings = re.findall(r"^#+ (.+)$", to.read_text("utf-8"), re.MULTILINE) if anchor else []
        assert not anchor or anchor in {re.sub(r"[^\w\- ]", "", text).lower().replace(" ", "-") for text in headings}


def test_documents_are_named_where_they_are() -> None:
    """In code, tests and documents, by their path from the root of the source tree."""
    missing = []
    for path in sorted(each for each in ROOT.rglob("*") if each.suffix in NAMING and ".venv" not in each.parts):
        named = re.findall(r"\bdocs/[\w./]*\w\.\w+", path.read_text("utf-8"))
        missing += [(path.relative_to(ROOT).as_posix(), name) for name in named if not (ROOT / name).is_file()]
    assert missing == []


def test_every_document_has_a_name_of_its_own() -> None:
    """`regard help` finds them by it, whatever folder they are in."""
    names = [path.name for path in (ROOT / "docs").rglob("*") if path.is_file()]
    assert len(names) == len(set(names)) > 0


def test_every_benchmark_is_there() -> None:
    assert set() < set(re.findall(r"`bench (\w+)`", SPEED.read_text("utf-8"))) <= benchmarks().keys()


def test_every_harness_of_the_fuzzing_is_told() -> None:
    [known] = re.findall(r"\{([\w,]+)\}", fuzz_help())[:1]
    [told] = re.findall(r"`python -m tests.fuzz NAME`.*?\n\n", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
    assert set(known.split(",")) <= set(re.findall(r"`(\w+)`", told))


@pytest.mark.parametrize(("english", "french"), PAIRS)
def test_both_languages_tell_the_same(english: str, french: str) -> None:
    """The same number of sections and rows of tables; the same options, rules and code in them."""
    one, other = ((ROOT / "docs" / name).read_text("utf-8") for name in (english, french))
    for pattern in (r"^#+ ", r"^\|", r"^- ", r"^```"):
        assert len(re.findall(pattern, one, re.MULTILINE)) == len(re.findall(pattern, other, re.MULTILINE)), pattern
    for pattern in (r"`(--[a-z-]+)", r"(?<![\w.])[CAIMRTPV][1-9]\d\d(?![\w%])", r"`([a-z]+(?:-[a-z]+)+)`"):
        assert sorted(re.findall(pattern, one)) == sorted(re.findall(pattern, other)), pattern


@pytest.mark.parametrize("guide", ["evidence.md", "pieces.md"])
def test_the_guides_tell_every_option_of_verify(guide: str) -> None:
    told = set(re.findall(r"`(--[a-z-]+)", (ROOT / "docs" / "guide" / guide).read_text("utf-8")))
    assert told >= {option for option in options("verify") if option.startswith("--")} - {
        "--help",
        "--version",
        "--lang",
    }


def test_every_kind_of_election_is_told() -> None:
    text = (ROOT / "docs" / "guide" / "materiality.md").read_text("utf-8")
    [kinds] = re.findall(r"^\| `type` in .*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert re.findall(r"^\| `(\w+)` \|", kinds, re.MULTILINE) == [kind.value for kind in ElectionKind]


def test_the_keywords_of_an_audit_are_told() -> None:
    text = (ROOT / "docs" / "guide" / "library.md").read_text("utf-8")
    [keywords] = re.findall(r"^\| keyword .*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    told = re.findall("`([a-z_]+)`", "".join(row.split("|")[1] for row in keywords.splitlines()))
    assert set(told) == set(Given.__annotations__)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_room_is_there(name: str) -> None:
    for room in re.findall(r"`([a-z]+/(?:[a-z]+/)?)`", (ROOT / name).read_text("utf-8")):
        assert any(
            (ROOT / above / room).is_dir() for above in ("", "protocol", "sim", "verify", "verify/read", "regard")
        ), room


@pytest.mark.check(25)
@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("LISEZMOI.md", "fr")])
def test_the_readme_shows_the_demo_as_it_ends(name: str, language: str, tmp_path: Path) -> None:
    """Every line in its order, with others between them only where it says so."""
    [example] = re.findall(r"```\n([13]\. .*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    said = run([sys.executable, "-m", "regard", "demo", "demo", "--lang", language], cwd=tmp_path)[0]
    lines = [line.rstrip() for line in said.translate({0xA0: " ", 0x202F: " "}).splitlines()]
    for part in example.rstrip("\n").split("…\n"):
        whole = part.splitlines()
        assert any(lines[at : at + len(whole)] == whole for at in range(len(lines))), part
    files = re.findall(r"^   (demo/\S+)", example, re.MULTILINE)
    assert files
    for file in files:
        assert (tmp_path / file).exists(), file
