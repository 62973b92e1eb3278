"""Names of columns, whatever their case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence


def plain(name: str) -> str:
    """A column's name in small letters without accents and punctuation, ``%`` in front where it has one."""
    letters = unicodedata.normalize("NFKD", name[:200].replace("°", " ")).casefold()
    words = re.sub(r"[^0-9a-z]+", " ", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    return ("% " if "%" in name else "") + words.strip()


def said(head: Sequence[Sequence[str]], *names: str) -> str:
    """What the first row below the header says in the columns of these plain names: the title of a feed."""
    if len(head) < 2:
        return ""
    values = dict(zip(map(plain, head[0]), head[1], strict=False))
    return " ".join(" ".join(values.get(name, "") for name in names).split())
