"""Names of columns, whatever their case, accents and punctuation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from protocol.accents import without_accents


def plain(name: str) -> str:
    """A column's name in small letters without accents and punctuation, ``%`` in front where it has one."""
    words = re.sub(r"[^0-9a-z]+", " ", without_accents(name[:200].replace("°", " ")))
    return ("% " if "%" in name else "") + words.strip()


def read_title(head: Sequence[Sequence[str]], *names: str) -> str:
    """What the first row below the header says in the columns of these plain names: the title of a feed."""
    if len(head) < 2:
        return ""
    values = dict(zip(map(plain, head[0]), head[1], strict=False))
    return " ".join(" ".join(values.get(name, "") for name in names).split())
