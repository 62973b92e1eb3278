"""XML of unknown origin as a tree of elements, within bounds; of a damaged file what stands before the damage.

Nothing outside a file is ever asked for: a document type is refused, and with it every entity.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from xml.parsers import expat

from protocol.errors import cause
from protocol.words import Message, Text, msg

MAX_ELEMENTS = 2**20
MAX_DEPTH = 64
"""Elements one inside another; the ministry's feed has 11."""
MAX_TEXT = 1024
"""Characters in an element; of a longer text one more is kept."""


@dataclass(slots=True)
class Element:
    """An element without the prefixes of names.

    Attributes:
        line: at which it starts, from 1.
        text: before the first element in it.
        is_whole: whether its end was read.
    """

    name: str
    line: int
    attributes: dict[str, str]
    parent: Element | None
    text: str = ""
    children: list[Element] = field(default_factory=list)
    is_whole: bool = False


class RefusedError(Exception):
    """The rest of a file is not read, from a line on."""

    def __init__(self, expected: Message, got: Text, line: int = 0) -> None:
        super().__init__()
        self.expected, self.got, self.line = expected, got, line


@dataclass(frozen=True, slots=True)
class ReadXml:
    """The elements of a file.

    Attributes:
        root: None where there is none.
        wrong: what is wrong with the rest, and in which line; None for nothing.
        is_cut: whether it ends before its end.
    """

    root: Element | None
    wrong: RefusedError | None = None
    is_cut: bool = False


def read_tree(data: bytes) -> ReadXml:
    """The elements of a file as far as possible."""
    top = Element("", 0, {}, None)
    around, count = [top], 0
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        for number, most, expected in (
            (count, MAX_ELEMENTS, msg("at most {most:n} elements", most=MAX_ELEMENTS)),
            (len(around), MAX_DEPTH, msg("at most {most:n} elements one inside another", most=MAX_DEPTH)),
        ):
            if number > most:
                raise RefusedError(expected, msg("more"))
        local = {_local(key): value for key, value in attributes.items()}
        element = Element(_local(name), parser.CurrentLineNumber, local, around[-1])
        around[-1].children.append(element)
        around.append(element)

    def end(_: str) -> None:
        around.pop().is_whole = True

    def text(data: str) -> None:
        if not around[-1].children and len(around[-1].text) <= MAX_TEXT:
            around[-1].text += data[: MAX_TEXT + 1]

    def doctype(*_: object) -> None:
        raise RefusedError(msg("XML without a document type"), msg("a document type"))

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = doctype
    parser.buffer_text = True
    wrong, is_cut = None, False
    try:
        parser.Parse(data, True)
    except RefusedError as refused:
        wrong = refused
    except expat.ExpatError as error:
        is_cut = len(around) > 1 and error.code in _ENDED
        wrong = RefusedError(msg("well-formed XML"), msg("one that was cut short") if is_cut else cause(error))
    except (LookupError, ValueError) as error:  # an encoding that there is not, or that is none of text
        wrong = RefusedError(msg("XML in an encoding that is known"), cause(error))
    if wrong is not None:
        wrong.line = max(parser.CurrentLineNumber, 1)
    root = next(iter(top.children), None)
    if root is not None:
        root.parent = None
    return ReadXml(root, wrong, is_cut)


def _local(name: str) -> str:
    return sys.intern(name.rpartition(":")[2])


_ENDED = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
"""Errors of expat on a file that ends too early."""
