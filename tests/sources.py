"""Source files of the packages, for tests of what stands in them; and files that tests write."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
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
