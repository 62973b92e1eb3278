"""Evidence is opened in one place: what else in the packages opens a file to read has its reason here."""

import ast

from tests.sources import sources

OPENS = frozenset(
    (
        *("open", "fdopen", "mmap", "read_bytes", "read_text", "open_text", "open_binary", "copyfile", "copyfileobj"),
        *("ZipFile", "TarFile", "GzipFile", "BZ2File", "LZMAFile", "is_zipfile", "unpack_archive"),
        *("loadtxt", "genfromtxt", "fromfile", "fromregex", "memmap", "open_memmap"),
        *("from_path", "load_workbook", "from_file", "memory_map", "OSFile", "read_table", "read_csv", "read_json"),
    )
)
"""Functions and classes that open a file by its name, of the standard library, numpy, pyarrow and python-calamine."""
OPEN_OF = frozenset(("open", "load", "connect"))
"""Functions of modules that open files: `gzip.open`, `json.load`, `numpy.load`, `sqlite3.connect`."""
MODULES = frozenset(
    ("gzip", "bz2", "lzma", "tarfile", "codecs", "io", "os", "tomllib", "json", "np", "numpy", "sqlite3")
)
PRESENT = frozenset(("BytesIO", "StringIO", "py_buffer", "BufferReader"))
"""Of these, what is opened is in memory already."""
ELSEWHERE = {
    "protocol/opening.py": "the way in itself",
    "protocol/bu/schema.py": "the formats of the Brazilian urna, which are part of regard",
    "protocol/extras.py": "the record of where regard was installed from",
    "protocol/files.py": "the way out: what was written is read back before it is renamed",
    "protocol/plug_ins.py": "the lists of entry points of what is installed",
    "protocol/line/serial_port.py": "the line to a reading unit",
    "protocol/locked_files.py": "the way out: what is written is locked",
    "verify/rulebook/catalogue.py": "the texts of the rules, which are part of regard",
    "verify/rulebook/causes.py": "the texts of the causes, which are part of regard",
    "verify/read/feed/elements.py": "the layout of the feed, which is part of regard",
    "verify/read/layouts/built_in.py": "the layouts, which are part of regard",
    "verify/read/tables/headers.py": "the words of headers, which are part of regard",
    "verify/read/aggregated/columns.py": "the wordings of the tables of all elections, which are part of regard",
    "verify/read/aggregated/elections.py": "the known numbers of bureaux, which are part of regard",
    "verify/read/published/sums.py": "the régions, which are part of regard",
    "machine/conditions.py": "the conditions of the law, which are part of regard",
    "sim/tables.py": "tables of data, which are part of regard",
    "sim/executors.py": "nothing, in a process whose parent has gone",
    "regard/live/store.py": "the store of a live night, which is a database of its own",
    "regard/streams.py": "nothing, in place of a closed standard stream",
    "regard/own_packages.py": "whether the packages beside regard are its own",
    "regard/reference/documents.py": "the documents, which are part of regard",
    "regard/templates.py": "the style and the script of the report, which are part of regard",
    "regard/commands/sealing/check.py": "the page that checks proofs, which is part of regard",
    "regard/letters/law.py": "the table of the law, which is part of regard",
    "regard/letters/forms.py": "the text document that was just made, in memory",
    "regard/pdf.py": "the templates of what is printed, which are part of regard",
    "regard/serve/hand_on.py": "the workbook that was just made, to send it",
    "regard/reference/columns_document.py": "the schema of findings, which is part of regard",
    "regard/docs.py": "the documents, while they are generated from the source tree",
    "regard/catalogues.py": "the translations, while they are made in the source tree",
}
"""Files of the packages that open something else than evidence, and what."""


def opening(tree: ast.AST) -> list[int]:
    """Lines that open a file to read it."""
    return [call.lineno for call in ast.walk(tree) if isinstance(call, ast.Call) and _opens(call)]


def _opens(call: ast.Call) -> bool:
    function, given = call.func, [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(function, ast.Name):
        name, owner = function.id, ""
    elif isinstance(function, ast.Attribute):
        name, owner = function.attr, getattr(function.value, "id", "")
    else:
        return False
    if any(isinstance(each, ast.Call) and _name(each) in PRESENT for each in given):
        return False
    if owner in MODULES and name in OPEN_OF:
        return True
    if name == "open" and isinstance(function, ast.Attribute):  # a path's takes a mode at most
        return all(isinstance(each, ast.Constant) for each in given)
    return name in OPENS


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_evidence_is_opened_in_one_place() -> None:
    named = rf"\b({'|'.join(OPENS | OPEN_OF)})\("
    found = {path: lines for path, text in sources(named) if (lines := opening(ast.parse(text)))}
    assert found.keys() == ELSEWHERE.keys(), found


def test_what_opens_a_file_to_read_is_seen() -> None:
    for line in (
        "open(path)",
        "open(path, 'rb')",
        "io.open(path)",
        "os.open(path, flags)",
        "os.fdopen(descriptor, 'rb')",
        "path.open('rb')",
        "path.open(encoding='utf-8')",
        "(folder / name).open()",
        "self._path.open()",
        "path.read_bytes()",
        "(folder / name).read_text(encoding='utf-8')",
        "numpy.loadtxt(path)",
        "np.load(path)",
        "np.fromfile(path, np.uint8)",
        "np.memmap(path)",
        "gzip.open(path)",
        "tomllib.load(file)",
        "json.load(file)",
        "zipfile.ZipFile(path)",
        "ZipFile(path)",
        "lzma.LZMAFile(path)",
        "CalamineWorkbook.from_path(path)",
        "arrow.read_csv(path)",
        "parquet.read_table(path)",
        "shutil.copyfile(path, other)",
        "sqlite3.connect(path)",
    ):
        assert opening(ast.parse(line)) == [1]


def test_what_reads_from_memory_is_not() -> None:
    for line in (
        "open_evidence(path)",
        "zipfile.ZipFile(io.BytesIO(data))",
        "archive.open(info)",
        "machine.open(moment)",
        "self._urn.open(moment)",
        "arrow.read_csv(pa.py_buffer(memoryview(data)[start:]), options)",
        "CalamineWorkbook.from_filelike(io.BytesIO(data))",
        "json.loads(data)",
        "tomllib.loads(text)",
        "np.frombuffer(data, np.uint8)",
        "csv.reader(lines)",
    ):
        assert opening(ast.parse(line)) == []
