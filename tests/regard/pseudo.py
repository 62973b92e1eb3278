"""A language that is made from the catalogue: no ASCII letter is left in its texts, and each stands in brackets.

What a program says in it and is still plain is no message, or was made a text before it was shown.
"""

import contextlib
import re
import struct
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

from protocol import words
from verify.read.layouts.built_in import built_in

CODE = "xx"
_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ",
)
_VALUES = re.compile(r"(\{[^}]*\}|%\(\w+\)[sr]|%[sr%])")
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|«[^»]*»|“[^”]*”|\bregard [a-z]+")
"""Text of a file or a command line, which is shown as it is."""


@cache
def _titles() -> re.Pattern[str]:
    """Titles of layouts, which their entries bring in languages of their own."""
    return re.compile(
        "|".join(
            sorted({r"\s+".join(map(re.escape, title.split())) for each in built_in() for title in each.title.values()})
        )
    )


def accent(text: str) -> str:
    """A text in the language, with its values as they are."""
    parts = _VALUES.split(text)
    parts[::2] = [part.translate(_LETTERS) for part in parts[::2]]
    accented = "".join(parts)
    lines = accented.rstrip("\n")
    return f"⟦{lines}⟧{accented.removeprefix(lines)}"


@contextlib.contextmanager
def only_language(folder: Path) -> Iterator[str]:
    """Leave no catalogue but that of the language, which is made in a folder."""
    install(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "LOCALE", folder)
        words.language.cache_clear()
        yield CODE
    words.language.cache_clear()


@pytest.fixture
def pseudo_language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The only language that there is, for one test."""
    with only_language(tmp_path_factory.mktemp("locale")) as code:
        yield code


def install(folder: Path) -> None:
    """Write the catalogue of the language into a folder of catalogues: one file, and nothing else."""
    target = folder / CODE / "LC_MESSAGES" / f"{words.DOMAIN}.mo"
    target.parent.mkdir(parents=True)
    header = "Content-Type: text/plain; charset=utf-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
    translated = {
        key: "\0".join(map(accent, key.rpartition("\x04")[2].split("\0"))) if key else header for key in catalogue()
    }
    target.write_bytes(_compiled(sorted(translated.items())))


def catalogue() -> dict[str, str]:
    """Texts and translations of the French catalogue; `make lint` checks that it is complete."""
    data = (words.LOCALE / "fr" / "LC_MESSAGES" / f"{words.DOMAIN}.mo").read_bytes()
    _, _, count, *tables = struct.unpack_from("<5I", data)
    keys, texts = (
        [_text(data, *struct.unpack_from("<2I", data, table + 8 * at)) for at in range(count)] for table in tables
    )
    return dict(zip(keys, texts, strict=True))


def _text(data: bytes, length: int, start: int) -> str:
    return data[start : start + length].decode()


def _compiled(pairs: list[tuple[str, str]]) -> bytes:
    """A catalogue as gettext reads it: magic, version, count, two tables of lengths and places, the texts."""
    count, place = len(pairs), 28 + 16 * len(pairs)
    numbers: list[int] = []
    texts = b""
    for side in range(2):
        for pair in pairs:
            data = pair[side].encode()
            numbers += [len(data), place + len(texts)]
            texts += data + b"\0"
    return struct.pack(f"<{7 + 4 * count}I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, place, *numbers) + texts


def vocabulary() -> frozenset[str]:
    """Every word of the texts in English and in French, as far as it is written in ASCII."""
    texts = (text for key, translated in catalogue().items() if key for text in (key, translated))
    return frozenset(word for text in texts for word in re.findall(r"[a-z]{3,}", _VALUES.sub(" ", text).lower()))


def plain(text: str, known: Collection[str], allowed: Collection[str] = ()) -> list[str]:
    """The English and French words in a text; quotations, names of files, options and keys are none.

    Nor is the ending of a name that a line was broken in, as ``.urn``.
    """
    tokens = re.split(r"[\s⟦⟧]+", _titles().sub(" ", _QUOTED.sub(" ", text)))
    bare = (token.strip("()[]{},;:.!?…*→") for token in tokens if not re.fullmatch(r"\.[a-z]+", token))
    return [
        token
        for token in bare
        if re.fullmatch(r"[A-Za-z][a-z]{2,}(?:'s)?", token) and token.lower() in known and token not in allowed
    ]
