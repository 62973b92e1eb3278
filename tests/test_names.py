"""One name for one thing, in the whole project, and nothing too long to be read at once."""

import ast
import re
from collections import Counter, defaultdict

import pytest

from tests.sources import PACKAGES, sources

FILE_LINES, FUNCTION_LINES, ROOM_FILES = 600, 60, 22
"""At most, of a file of the packages, of a function, and of a room."""
ALL = (*PACKAGES, "bench")
OF_PYTHON = {"module", "modules", "import_module", "__module__", "ModuleType", "ModuleNotFoundError"}
OF_THE_FORMATS = {"module_serial", "module_seal", "module_digest", "modules"}
"""Fields of records and messages, and the folder of a night, which the library's keywords are named after."""


def test_every_class_has_a_name_of_its_own() -> None:
    found = defaultdict(list)
    for path, text in sources(packages=ALL):
        for name in re.findall(r"^ *class (\w+)", text, re.MULTILINE):
            found[name].append(path)
    assert len(found) > 100
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_the_urn_is_called_urn() -> None:
    """A module is what Python imports. Only the formats keep the word for the urn, where their fields have it."""
    found = set()
    for path, text in sources("(?i)module", ALL):
        for node in ast.walk(ast.parse(text)):
            for field in ("name", "id", "attr", "arg"):
                name = getattr(node, field, None)
                if isinstance(name, str) and "module" in name.lower() and name not in OF_PYTHON | OF_THE_FORMATS:
                    found.add(f"{path}: {name}")
    assert found == set()


@pytest.mark.check(2)
def test_a_file_is_one_idea_and_a_function_fits_on_a_screen() -> None:
    long = []
    for path, text in sources(packages=ALL):
        lines = len(text.splitlines())
        if lines > FILE_LINES:
            long.append(f"{path}: {lines} lines")
        for node in ast.walk(ast.parse(text)) if lines > FUNCTION_LINES else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{path}:{node.lineno}: {node.name} has {lines} lines")
    assert long == []


def test_a_room_has_some_twenty_files() -> None:
    rooms = Counter(path.rpartition("/")[0] for path, _ in sources(packages=(*ALL, "tests")))
    assert {room: count for room, count in rooms.items() if count > ROOM_FILES} == {}


def test_texts_are_messages_and_nothing_else() -> None:
    """Languages side by side in the code were there before `protocol.words`."""
    assert list(sources(r"\bsay\(|\bBilingual\b|\bin_language\b|\.french\b", ALL)) == []


def test_accents_are_taken_off_in_one_place() -> None:
    assert [path for path, _ in sources("unicodedata.combining", ALL)] == ["protocol/words.py"]
