"""`regard help`: every document is there without a network, in an installation as in a source tree."""

import ast
import json
import os
import pty
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.words import language, languages
from regard.cli import COMMANDS, GROUPS
from regard.reference import documents
from tests.programs import run
from tests.regard.calling import CommandLine
from tests.sources import PACKAGES, ROOT, sources


@pytest.fixture(autouse=True)
def one_line_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence is looked for as a whole; how lines are broken is another test's."""
    monkeypatch.setenv("COLUMNS", "9999")


def test_the_list_has_every_document_with_its_heading(cli: CommandLine) -> None:
    cli("help")
    english = cli.out
    cli("help", "--lang", "fr")
    french = cli.out
    listed = dict(re.findall(r"^  (\S+) +(.+)$", english + french, re.MULTILINE))
    for path in (ROOT / "docs").glob("*/*.md"):
        heading = re.search(r"^# (.+)$", path.read_text("utf-8"), re.MULTILINE)
        assert heading
        assert re.sub(r" \(en anglais.*\)$", "", listed[path.stem]) == heading[1]
    assert "The rules" in english
    assert "Les règles" not in english
    assert "Les règles" in french
    assert "The rules" not in french
    assert "An election night on disk (en anglais)" in french
    assert re.search(r"^  troubleshooting .*work \(en anglais et en français\)$", french, re.MULTILINE)
    assert re.search(r"^  autres-machines +Relevés d'autres machines$", french, re.MULTILINE)
    assert "other-machines" not in french
    assert "autres-machines" not in english
    assert "in English" not in english


@pytest.mark.parametrize(
    ("topic", "language", "file"),
    [
        ("evidence", "en", "evidence.md"),
        ("evidence", "fr", "pieces.md"),
        ("pieces", "en", "pieces.md"),
        ("format", "fr", "format.md"),
        ("docs/reference/rules.md", "fr", "regles.md"),
        ("findings.schema.json", "fr", "findings.schema.json"),
        ("esf.h", "en", "esf.h"),
    ],
)
def test_in_a_pipe_a_document_is_as_it_stands(cli: CommandLine, topic: str, language: str, file: str) -> None:
    (path,) = (ROOT / "docs").rglob(file)
    text = path.read_text("utf-8")
    cli("help", topic, "--lang", language)
    assert cli.out == (text[text.index("# ") :] if path.suffix == ".md" else text)


def test_what_a_document_is_made_from_is_not_shown(cli: CommandLine, language: str) -> None:
    for topic in ("next", "cases", "rules"):
        cli("help", topic, "--lang", language)
        assert cli.out.startswith("# ")


def test_commands_are_told_in_one_form_of_the_verb(cli: CommandLine) -> None:
    shown = ""
    for words in ([], *([name] for name in GROUPS)):
        cli("--lang", "fr", *words, "--help")
        shown += cli.out
    verbs = re.findall(r"^ {2,4}[a-z]+ +(\S+)", shown, re.MULTILINE)
    assert len(verbs) == len(COMMANDS) + len(GROUPS)
    assert not [verb for verb in verbs if verb.endswith(("er", "rire", "dire", "ir"))]


@pytest.mark.usefixtures("english")
def test_on_a_terminal_it_is_laid_out_and_goes_through_the_pager(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", "sed -e 's/^/page: /'")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    shown: list[bytes] = []

    def read(terminal: int) -> bytes:
        shown.append(os.read(terminal, 4096))
        return shown[-1]

    assert pty.spawn([sys.executable, "-m", "regard", "help", "evidence"], read) == 0
    text = b"".join(shown).decode()
    assert re.search(r"page: +Giving what you have", text)
    assert "# Giving" not in text
    capfd.readouterr()


def test_a_command_is_a_topic_too(cli: CommandLine) -> None:
    cli("help", "score")
    assert cli.out.startswith("usage: regard study score")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "regard help: “evidenze”: no such topic; did you mean evidence? `regard help` lists them\n"),
        (
            "fr",
            "regard help : « evidenze » : sujet inconnu ; vouliez-vous dire evidence ? "
            "« regard help » en donne la liste\n",
        ),
    ],
)
def test_an_unknown_topic_names_the_nearest(cli: CommandLine, language: str, text: str) -> None:
    cli("help", "evidenze", "--lang", language, code=2)
    assert cli.err == text


def texts() -> Iterator[tuple[str, str]]:
    """Yield file and text of what names a document in the code, docstrings apart, and in each language."""
    for path, text in sources(r"docs/|regard help "):
        tree = ast.parse(text)
        alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
                yield path, node.value
    for code in languages():
        yield from ((code, text) for text in vars(language(code).catalogue).get("_catalog", {}).values())


def test_messages_name_documents_by_their_topic() -> None:
    """`docs/` is not there where regard is installed; what documents say of themselves is not meant."""
    made = {"regard/studies/matrix_document.py"}  # how it is written anew
    topics = {*documents.documents(), *COMMANDS, "TOPIC", "SUJET", "COMMAND", "COMMANDE"}
    named = set()
    for file, text in texts():
        assert file in made or not re.search(r"\bdocs/", text), (file, text)
        named |= set(re.findall(r"regard help ([\w.-]*\w)", text))
    assert named <= topics
    assert {"matrice", "matrix", "pieces", "evidence"} <= named


def test_the_schema_names_every_quantity_that_a_figure_can_be_of() -> None:
    from verify.model import labels

    schema = json.loads(documents.documents()["findings.schema.json"].text())
    _, named = schema["$defs"]["quantity"]["anyOf"]
    assert named["enum"] == [str(name) for name in labels.FIELDS]


def test_schemas_carry_the_version_that_reports_have() -> None:
    from regard.reports.json_report import FORMAT_VERSION

    for topic in ("findings.schema.json", "nights.schema.json"):
        schema = json.loads(documents.documents()[topic].text())
        assert schema["$id"] == f"urn:regard:schema:{topic.partition('.')[0]}:{FORMAT_VERSION}"
        assert schema["properties"]["format_version"]["const"] == FORMAT_VERSION
        assert "format_version" in schema["required"]


def test_documents_are_found_where_they_are_installed(tmp_path: Path) -> None:
    """As in a wheel: beside the code, and no `docs/` anywhere."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "docs", tmp_path / "regard" / "documentation")
    command = [sys.executable, "-m", "regard", "help", "evidence", "--lang", "en"]
    out, _ = run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert out == (tmp_path / "regard" / "documentation" / "guide" / "evidence.md").read_text("utf-8")
