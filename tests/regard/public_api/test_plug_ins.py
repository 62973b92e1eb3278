"""Plug-ins of another package: a rule, a layout and a dump, as the guide shows them; and broken ones."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.programs import run
from tests.sources import ROOT, put_text
from tests.verify.night_builder import small_night

RESULTS = "n° du bureau;électeurs;enveloppes;suffrages;DURAND Anne;PETIT Luc\n12;400;300;288;188;100\n"
TICKET = "ESSAI TICKET\n1;DURAND;12\n1;PETIT;30\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The guide's package, with its entry points as an installation writes them."""
    text = (ROOT / "docs" / "guide" / "plug-ins.md").read_text("utf-8")
    folder = tmp_path / "site"
    for name, content in re.findall(r"^`(\S+)`\n\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        put_text(folder / name, content)
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    metadata = folder / "regard_essai-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: regard-essai\nVersion: 1.0\n")
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in project["entry-points"].items()
    )
    put_text(metadata / "entry_points.txt", "\n".join(groups))
    return folder


def commands(package: Path, *words: str) -> tuple[str, str]:
    """What several commands say, in one process where the package is installed; their exit codes are in the output."""
    code = "import sys; from regard.cli import main\n"
    code += "".join(f"print('ends', main({each.split()!r}))\n" for each in words)
    return run([sys.executable, "-c", code], 0, env={"PYTHONPATH": f"{ROOT}:{package}", "COLUMNS": "300"})


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A night whose bureau 0001 has 650 votes found, a town's results, and a ticket."""
    night = small_night()
    night.row("pv.csv", "0001")["votes_trouves"] = "650"
    night.write(tmp_path / "night")
    put_text(tmp_path / "essai.csv", RESULTS)
    put_text(tmp_path / "ticket.txt", TICKET)
    return tmp_path


RULES = '[{code}]\nseverity = "{severity}"\nneeds = []\ntitle = "t"\ntext = "t"\nwhat_to_do = "w"\n'
FIRST_ENTRY = min((ROOT / "verify" / "read" / "layouts" / "entries").glob("*.toml"))
CHECK = "from verify.model.checks import check\n\n@check('X202')\ndef one() -> None:\n    pass\n"
DUMP = (
    "from protocol.dumps.layouts import DumpLayout\nfrom protocol.words import titled\n"
    'LAYOUT = DumpLayout({name!r}, titled({{"en": "T"}}), "{reader}")\n'
    "\ndef recognise(head, name):\n    return {code}\n"
)
BROKEN = {
    ("regard.rules", "cannot be imported"): ({"__init__.py": "import no_such_module\n"}, "no_such_module"),
    ("regard.rules", "a check of another rule"): (
        {"__init__.py": CHECK, "rules.toml": RULES.format(code="X201", severity="info")},
        "X202",
    ),
    ("regard.rules", "a rule of ours"): (
        {"rules.toml": RULES.format(code="R201", severity="info")},
        "expected a code from X001 to X999",
    ),
    ("regard.rules", "an error"): ({"rules.toml": RULES.format(code="X203", severity="error")}, "warning or info"),
    ("regard.rules", "a rule of the guide"): (
        {"rules.toml": RULES.format(code="X101", severity="info")},
        "has this code",
    ),
    ("regard.rules", "no rules"): ({"rules.toml": "["}, "TOMLDecodeError"),
    ("regard.layouts", "no layout"): ({"a.toml": 'name = "a"\nnonsense = 1\n'}, "nonsense"),
    ("regard.layouts", "no entries"): ({}, "expected a module with entries"),
    ("regard.layouts", "a layout of ours"): (
        {"a.toml": FIRST_ENTRY.read_text("utf-8")},
        "there is a layout of this name",
    ),
    ("regard.dumps", "no dump"): ({"__init__.py": "LAYOUT = 1\n"}, "expected a DumpLayout"),
    ("regard.dumps", "a dump of ours"): (
        {"__init__.py": DUMP.format(name="bu", reader="json", code="True")},
        "there is a layout of this name",
    ),
    ("regard.dumps", "no reader"): (
        {"__init__.py": DUMP.format(name="x", reader="no_reader", code="True")},
        "no_reader",
    ),
    ("regard.dumps", "cannot recognise"): (
        {"__init__.py": DUMP.format(name="y", reader="broken_12", code="1 // 0")},
        "ZeroDivisionError",
    ),
    ("regard.dumps", "cannot read"): (
        {"__init__.py": DUMP.format(name="z", reader="broken_13", code="b'BREAK' in head")},
        "has no attribute 'read'",
    ),
}


def test_those_of_the_guide_work_beside_broken_ones_which_are_said(package: Path, given: Path) -> None:
    points = ""
    for number, ((group, _), (files, _)) in enumerate(BROKEN.items()):
        folder = package / f"broken_{number}"
        folder.mkdir()
        for name, content in ({"__init__.py": ""} | files).items():
            put_text(folder / name, content)
        value = f"broken_{number}:LAYOUT" if group == "regard.dumps" else f"broken_{number}"
        points += f"[{group}]\nn{number:02} = {value}\n"
    metadata = package / "broken-2.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 2.0\n")
    put_text(metadata / "entry_points.txt", points)
    put_text(given / "break.txt", "BREAK")
    said, errors = commands(
        package,
        "rules X101 --lang en",
        f"results {given}/essai.csv --lang en",
        "layouts city-essai --lang en",
        f"totals {given}/ticket.txt {given}/break.txt --lang en",
        f"verify --pv {given}/night/pv.csv --emargements {given}/night/emargements.csv --lang fr",
    )
    assert said.count("ends") == 5
    assert "650 votes trouvés : un multiple de 50." in said
    assert "The votes found are a round number" in said
    assert "the town's data, as Essai-sur-Marne publishes it" in said
    assert "188" in said
    assert "Essai's ticket" in said
    assert re.search(r"PETIT\s+30", said)
    assert "its plug-in failed" in said + errors
    assert "essai" not in errors
    assert "Traceback" not in errors
    for number, ((_, name), (_, says)) in enumerate(BROKEN.items()):
        lines = [line for line in errors.splitlines() if re.search(rf"n{number:02} (of|de) broken 2.0", line)]
        assert lines, name
        assert says in lines[0], name


def test_a_program_is_warned(package: Path) -> None:
    put_text(package / "regard_essai" / "rounded" / "rules.toml", "[")
    code = "import sys; from verify.rulebook.catalogue import rules; assert 'X101' not in rules()"
    _, errors = run([sys.executable, "-c", code], 0, env={"PYTHONPATH": f"{ROOT}:{package}"})
    assert "PlugInWarning: plug-in essai of regard-essai 1.0 is left out: TOMLDecodeError" in errors
