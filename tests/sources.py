"""Source files of the packages, for tests of what stands in them; and files and folders that tests write."""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTHING: Mapping[str, str | bytes] = {}
_FOLDERS = tempfile.TemporaryDirectory(prefix="regard-tests-")
PACKAGES = ("machine", "protocol", "regard", "sim", "verify")


@cache
def _texts(package: str) -> dict[str, str]:
    paths = sorted((ROOT / package).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def sources(having: str = "", packages: Sequence[str] = PACKAGES) -> Iterator[tuple[str, str]]:
    """Yield path and text of each source file in which a pattern matches: parsing all of them takes seconds."""
    for package in packages:
        yield from (item for item in _texts(package).items() if re.search(having, item[1]))


def put_text(path: Path, text: str) -> Path:
    """Write a text in UTF-8 and return its path."""
    path.write_text(text, encoding="utf-8")
    return path


def put_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files of these names into a folder, texts in UTF-8, and return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def new_folder(files: Mapping[str, str | bytes] = NOTHING) -> Path:
    """A new folder with these files, for a test to which it does not matter where they are; gone after the session."""
    folder = Path(tempfile.mkdtemp(dir=_FOLDERS.name), "night")
    folder.mkdir()
    return put_files(folder, files)


def new_file(name: str, content: str | bytes) -> Path:
    """A file of this name and content, in a new folder."""
    return new_folder({name: content}) / name
