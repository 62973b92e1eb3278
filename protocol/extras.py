"""Packages that only some commands need: what is missing of them, and how to get it from where this copy came from."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from protocol.errors import RegardError
from protocol.words import Message, Text, msg, series

EXTRAS = {
    "report": {"docx": "python-docx", "typst": "typst"},
    "serve": {"python_multipart": "python-multipart", "starlette": "starlette", "uvicorn": "uvicorn"},
    "pdf": {"pdfplumber": "pdfplumber"},
    "cluster": {"dask": "dask", "distributed": "distributed"},
    "machines": {"asn1tools": "asn1tools", "cryptography": "cryptography", "msgspec": "msgspec"},
    "seal": {"cryptography": "cryptography", "segno": "segno"},
}
"""Package of each module, by the extra of `pyproject.toml` that has it."""
_ROOT = Path(__file__).resolve().parent.parent


class ExtraMissing(RegardError):
    """Packages are not installed that only some commands need."""


def need(extra: str, *modules: str, instead: Text = "") -> None:
    """Make sure, before any work, that modules of an extra are installed.

    Args:
        extra: the extra.
        modules: those of its modules that are needed; all of them by default.
        instead: sentence on what can be done without them.

    Raises:
        ExtraMissing: one is not; the sentence names all packages of the extra that are missing.
    """
    if lacks(extra, *modules):
        raise ExtraMissing(say_missing(extra, instead))


def lacks(extra: str, *modules: str) -> bool:
    """Check whether a module of an extra is not installed; of all of them by default."""
    return any(find_spec(module) is None for module in modules or EXTRAS[extra])


def say_missing(extra: str, instead: Text = "") -> Message:
    """Name the packages of an extra that are not installed, and the command that installs them."""
    missing = [package for module, package in EXTRAS[extra].items() if find_spec(module) is None]
    said = msg(
        "not installed here: {packages}. To install: {command}", packages=series(missing), command=_command(extra)
    )
    return msg("{missing}. {instead}", missing=said, instead=instead) if instead else said


def _command(extra: str) -> str:
    """The command that installs an extra beside this copy of regard."""
    import shutil

    beside = Path(sys.executable).parent
    found = shutil.which("pip")
    pip = "pip" if found is not None and Path(found).parent == beside else f'"{sys.executable}" -m pip'
    source = _source()
    if source is None:
        return f'{pip} install "regard[{extra}]"'
    if source.is_dir():
        return f'{pip} install "{source}[{extra}]"'
    return f'{pip} install --find-links "{source.parent}" "{source}[{extra}]"'


def _source() -> Path | None:
    """The folder or the wheel that this copy was installed from (PEP 610), or runs in; None for an index."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        stated = json.loads(distribution("regard").read_text("direct_url.json") or "{}").get("url", "")
    except (PackageNotFoundError, ValueError):
        return _ROOT if (_ROOT / "pyproject.toml").is_file() else None
    url = urlsplit(stated)
    path = Path(url2pathname(url.path)) if url.scheme == "file" else None
    return path if path is not None and path.exists() else None
