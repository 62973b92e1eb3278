"""What pages share that need nothing else to be read: no network, no other file, and no script to be of use."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

_STYLE = Path(__file__).parent / "dossier" / "html" / "report.css"


def source(path: Path) -> str:
    """A style or a script of ours, without what only indents it."""
    return "\n".join(_lines(path.read_text(encoding="utf-8")))


def style_sheet() -> str:
    """How our pages look."""
    return source(_STYLE)


def policy(style: str, script: str | None = None) -> str:
    """What a browser may do with a page: use the style and the script that stand in it, and nothing else."""
    scripts = "" if script is None else f" script-src '{_digest(script)}';"
    return f"default-src 'none'; style-src '{_digest(style)}';{scripts} base-uri 'none'; form-action 'none'"


def pack(page: str) -> bytes:
    """The bytes of a page, without what only indents it."""
    return ("\n".join(_lines(page)) + "\n").encode("utf-8", "replace")


def _lines(text: str) -> list[str]:
    return list(filter(None, map(str.strip, text.split("\n"))))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
