"""A language that is made from the catalogue: no ASCII letter is left in its texts, and each stands in brackets.

What a program says in it and is still plain is no message, or was made a text before it was shown.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterator
from pathlib import Path

from protocol import words

CODE = "xx"
_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ",
)
_VALUES = re.compile(r"(\{[^}]*\}|%\(\w+\)[sr]|%[sr%])")


def accent(text: str) -> str:
    """A text in the language, with its values as they are."""
    parts = _VALUES.split(text)
    parts[::2] = [part.translate(_LETTERS) for part in parts[::2]]
    return "⟦" + "".join(parts) + "⟧"


def install(folder: Path) -> None:
    """Write the catalogue: one file in the folder of its language."""
    target = folder / CODE / "LC_MESSAGES" / f"{words.DOMAIN}.mo"
    target.parent.mkdir(parents=True)
    pairs = [(key, key if not key else _translated(key)) for key in sorted(_keys())]
    header = "Content-Type: text/plain; charset=utf-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
    target.write_bytes(_compiled([(key, text if key else header) for key, text in pairs]))


def _keys() -> Iterator[str]:
    """What the French catalogue translates; `make lint` holds that this is every text there is."""
    data = (words.LOCALE / "fr" / "LC_MESSAGES" / f"{words.DOMAIN}.mo").read_bytes()
    _, _, count, table = struct.unpack_from("<4I", data)
    for at in range(count):
        length, start = struct.unpack_from("<2I", data, table + 8 * at)
        yield data[start : start + length].decode()


def _translated(key: str) -> str:
    return "\0".join(map(accent, key.rpartition("\x04")[2].split("\0")))


def _compiled(pairs: list[tuple[str, str]]) -> bytes:
    """A catalogue as gettext reads it: magic, version, count, two tables of lengths and places, the texts."""
    count, place = len(pairs), 28 + 16 * len(pairs)
    tables: tuple[list[int], list[int]] = ([], [])
    texts = b""
    for table, side in zip(tables, range(2), strict=True):
        for pair in pairs:
            data = pair[side].encode()
            table += [len(data), place + len(texts)]
            texts += data + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count)
    return head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + texts


def vocabulary() -> frozenset[str]:
    """Every word of the English texts."""
    found = (re.findall(r"[a-z]{3,}", _VALUES.sub(" ", key).lower()) for key in _keys())
    return frozenset(word for found_in in found for word in found_in)


def plain(text: str, known: Collection[str], allowed: Collection[str] = ()) -> list[str]:
    """The English words that stand in a text; what looks like a name of a file, an option or a key is none."""
    tokens = (token.strip("⟦⟧()[]{}«»,;:.!?\"'…*→-") for token in re.split(r"[\s⟦⟧]+", text))
    return [
        token
        for token in tokens
        if re.fullmatch(r"[A-Za-z][a-z]{2,}(?:'s)?", token) and token.lower() in known and token not in allowed
    ]
