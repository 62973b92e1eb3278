"""Text that a spreadsheet would run: cells that begin like a formula, and parts that would be cells by themselves.

A spreadsheet that opens a file with another separator than the one it was written with takes cells apart, quotes or
not: ``Foo;=HYPERLINK(1)`` is then a formula beside ``Foo``.
"""

from __future__ import annotations

import re

from protocol.output_refusals import OutputRefused
from protocol.words import cited, msg

SIGNS = "=+-@＝＋－＠"
"""What a formula begins with; the wide ones for spreadsheets of East Asia."""
_STARTS = frozenset(f"{SIGNS}\t\r")
_BEGINS = f"[{re.escape(SIGNS)}]"
_ANYWHERE = re.compile(rf"(^[\s\"']*|[;,|\t\r\n][\"']*)(?={_BEGINS})")
_INSIDE = re.compile(rf"[;,|\t\r\n][\"']*{_BEGINS}")


def space_formula(text: str) -> str:
    """The text with a space in front where it begins like a formula: the readers of evidence do not see it."""
    return f" {text}" if text[:1] in _STARTS and text else text


def check_name(name: str) -> None:
    """Refuse a name of which a part would run where the cell is taken apart. No space in front helps against that.

    Raises:
        OutputRefused: there is such a part.
    """
    if _INSIDE.search(name):
        raise OutputRefused(
            msg(
                "the name {name} has a part that a spreadsheet would run as a formula: no table is written with it",
                name=cited(name),
            ),
        )


def quote_formulas(text: str) -> str:
    """The text with an apostrophe before whatever would run, for files that only people read."""
    return _ANYWHERE.sub(r"\1'", text)
