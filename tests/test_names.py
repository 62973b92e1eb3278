"""One name for one thing, in the whole project."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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
