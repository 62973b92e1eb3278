"""Files are written in one place: what else in the packages opens one to write has its reason here."""

import ast

from tests.sources import sources

MODES = {"w", "a", "x", "+"}
WRITERS = ("write_text", "write_bytes", "NamedTemporaryFile", "mkstemp", "copyfile")
WRITING = ("protocol", "sim", "verify", "regard")
ELSEWHERE = {
    "protocol/locked_files.py": "the way out itself",
    "protocol/files.py": "the way out itself",
    "sim/nights/folder.py": "in a folder of its own, which it has just made",
    "regard/live/store.py": "to a database, which SQLite writes; only where an output may be written",
    "regard/studies/trials.py": "in a temporary folder",
    "regard/streams.py": "to nowhere, in place of a closed standard stream",
    "sim/executors.py": "to nowhere, in a process whose parent has gone",
}


MADE_ELSEWHERE = {
    "protocol/output_refusals.py": "the way out itself",
    "sim/nights/folder.py": "in a folder of its own, which it has just made",
    "regard/serve/case_folder.py": "in the folder of a case, where nothing has that name",
    "regard/commands/checking/serve.py": "of the case that the person works on, at the place that was named",
    "regard/studies/trials.py": "in a temporary folder",
    "regard/pictures.py": "in the source tree",
    "regard/docs.py": "in the source tree",
}


def writing(tree: ast.AST) -> list[int]:
    """Lines that open a file to write to it."""
    found = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        texts = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        opened = name == "open" and any(len(text) <= 3 and MODES & set(text) for text in texts)
        made = name == "open" and any("O_WRONLY" in ast.dump(each) or "O_RDWR" in ast.dump(each) for each in given)
        made |= ast.unparse(call.func) == "sqlite3.connect"
        if opened or made or name in WRITERS:
            found.append(call.lineno)
    return found


def test_files_are_written_in_one_place() -> None:
    named = rf"\b(open|connect|{'|'.join(WRITERS)})\("
    found = {path: lines for path, text in sources(named, WRITING) if (lines := writing(ast.parse(text)))}
    assert found.keys() <= ELSEWHERE.keys(), found


def test_folders_are_made_in_one_place() -> None:
    """That place follows no link."""
    found = {path for path, _ in sources(r"\.mkdir\(", WRITING)}
    assert found == MADE_ELSEWHERE.keys()


def test_what_opens_a_file_to_write_is_seen() -> None:
    for line in (
        "path.write_text('x')",
        "open(path, 'w')",
        "path.open('r+b')",
        "path.open(mode='ab')",
        "os.open(path, os.O_RDWR | os.O_CREAT)",
        "shutil.copyfile(a, b)",
        "sqlite3.connect(path)",
    ):
        assert writing(ast.parse(line)) == [1], line
    for line in ("open(path)", "path.open('rb')", "os.open(path, _FLAGS)", "webbrowser.open('https://a+b')"):
        assert writing(ast.parse(line)) == [], line
