"""A format as a C header, made from its construct definition: for readers in C, and for a third reading in tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import construct
import numpy as np

from protocol.export import record as export
from protocol.export.dtypes import dtype_of, flatten
from protocol.urn import image as urn
from protocol.urn.meaning import MEANING
from protocol.words import Text
from regard.templates import render

TEMPLATE = Path(__file__).with_name("c_header.h.j2")

_NUMBERS = {1: "uint8_t", 2: "uint16_t", 4: "uint32_t", 8: "uint64_t"}
_RESERVED = """
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await
co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do
double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable
namespace new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast
requires restrict return short signed sizeof static static_assert static_cast struct switch template this
thread_local throw true try typedef typeid typename typeof typeof_unqual union unsigned using virtual void volatile
wchar_t while xor xor_eq
"""
KEYWORDS = frozenset(_RESERVED.split())
"""The reserved words of C (to C23) and of C++ (to C++23) without those that begin with an underscore."""


@dataclass(frozen=True, slots=True)
class CStruct:
    """A struct of a header: its name, its members as they stand there, and its size in bytes."""

    name: str
    members: list[str]
    size: int


def c_name(field: str) -> str:
    """The name of a field in a header: its own, with an underscore after it where C or C++ reserves that word."""
    return f"{field}_" if field in KEYWORDS else field


def result_export() -> str:
    """The header of the result export: the text of ``docs/reference/esf.h``."""
    constants = {
        "ESF_VERSION": export.VERSION,
        "ESF_RECORD_LENGTH": export.RECORD_LENGTH,
        "ESF_MAX_CHOICES": export.MAX_CHOICES,
        "ESF_MAX_COUNT": export.MAX_COUNT,
    }
    return header("esf", "Result export (.esf), version 1", export.RECORD, constants, export.MEANING)


def urn_image() -> str:
    """The header of the module image: the text of ``docs/reference/urn.h``."""
    constants = {
        "URN_VERSION": urn.VERSION,
        "URN_IMAGE_SIZE": urn.IMAGE_SIZE,
        "URN_SLOTS": urn.SLOTS,
        "URN_SLOT_SIZE": urn.SLOT_SIZE,
    }
    return header("urn", "Module image (.urn), version 1", urn.IMAGE, constants, MEANING)


def header(
    name: str,
    title: str,
    definition: construct.Construct[Any, Any],
    constants: Mapping[str, int],
    meaning: Mapping[str, Text],
) -> str:
    """The text of a header with one struct for a fixed-size definition, and one for each struct inside it.

    Args:
        name: of the format: the struct becomes ``<name>_record``.
        title: what the first comment says it is.
        definition: of which `dtype_of` knows the numpy equivalent.
        constants: numbers to define, by name.
        meaning: of the fields, by their path in the definition: ``field``, ``struct.field``.
    """
    structs: list[CStruct] = []
    _add_struct(structs, f"{name}_record", dtype_of(definition), "", meaning)
    return render(TEMPLATE, title=title, guard=f"{name.upper()}_H", constants=constants, structs=structs)


def _add_struct(
    structs: list[CStruct], name: str, dtype: np.dtype[Any], path: str, meaning: Mapping[str, Text]
) -> None:
    members = []
    end = 0
    for field, (kind, offset, *_) in (dtype.fields or {}).items():
        if offset > end:
            members.append(f"uint8_t padding_{end}[{offset - end}];")
        end = offset + kind.itemsize
        text = str(meaning.get(path + field, "")).replace("`", "").replace("*/", "* /")
        comment = f"  /* {offset:4}{': ' if text else ''}{text} */"
        members.append(f"{_member(structs, name, field, kind, path, meaning)};{comment}")
    if dtype.itemsize > end:
        members.append(f"uint8_t padding_{end}[{dtype.itemsize - end}];")
    structs.append(CStruct(name, members, dtype.itemsize))


def _member(
    structs: list[CStruct], parent: str, field: str, kind: np.dtype[Any], path: str, meaning: Mapping[str, Text]
) -> str:
    base, shape = flatten(kind)
    if base.fields is not None:
        name = f"{parent.removesuffix('_record')}_{field}"
        _add_struct(structs, name, base, f"{path}{field}.", meaning)
    elif base.kind == "V":
        name, shape = ("char" if field in export.TEXTS else "uint8_t"), (*shape, base.itemsize)
    else:
        name = _NUMBERS[base.itemsize]
    return f"{name} {c_name(field)}{''.join(f'[{length}]' for length in shape)}"
