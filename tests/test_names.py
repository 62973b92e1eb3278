"""One name for one thing, in the whole project, and nothing too long to be read at once."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES, FUNCTION_LINES = 600, 60
"""At most, of a file of the packages and of a function."""
PACKAGES = ("machine", "protocol", "sim", "verify", "regard", "bench")
OF_PYTHON = {"module", "modules", "import_module", "__module__", "ModuleType", "ModuleNotFoundError"}
OF_THE_FORMATS = {"module_serial", "module_seal", "module_digest", "modules"}
"""Fields of records and messages, and the folder of a night, which the library's keywords are named after."""


def parsed() -> Iterator[tuple[str, ast.Module]]:
    """Every source file of the packages and the benchmarks."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_every_class_has_a_name_of_its_own() -> None:
    found = defaultdict(list)
    for path, tree in parsed():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(path)
    assert len(found) > 100
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_the_urn_is_called_urn() -> None:
    """A module is what Python imports. Only the formats keep the word for the urn, where their fields have it."""
    found = set()
    for path, tree in parsed():
        for node in ast.walk(tree):
            for field in ("name", "id", "attr", "arg"):
                name = getattr(node, field, None)
                if isinstance(name, str) and "module" in name.lower() and name not in OF_PYTHON | OF_THE_FORMATS:
                    found.add(f"{path}: {name}")
    assert found == set()


def test_a_file_is_one_idea_and_a_function_fits_on_a_screen() -> None:
    long = []
    for path, tree in parsed():
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            long.append(f"{path}: {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{path}:{node.lineno}: {node.name} has {lines} lines")
    assert long == []


@pytest.mark.parametrize("written", [r"\bsay\(", r"\bBilingual\b", r"\bin_language\b", r"\.french\b"])
def test_texts_are_messages_and_nothing_else(written: str) -> None:
    """Languages side by side in the code were there before `protocol.words`."""
    found = [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(written, path.read_text("utf-8"))
    ]
    assert found == []


def test_accents_are_taken_off_in_one_place() -> None:
    found = [path for path, _ in parsed() if "unicodedata.combining" in (ROOT / path).read_text("utf-8")]
    assert found == ["protocol/accents.py"]
