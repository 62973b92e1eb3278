"""A format as a C header, made from its construct definition: for readers in C, and for a third reading in tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import construct
import numpy as np

from protocol import export, module, module_meaning
from protocol.dtypes import dtype_of

_NUMBERS = {1: "uint8_t", 2: "uint16_t", 4: "uint32_t", 8: "uint64_t"}


def result_export() -> str:
    """The header of the result export: the text of ``docs/esf.h``."""
    constants = {
        "ESF_VERSION": export.VERSION,
        "ESF_RECORD_LENGTH": export.RECORD_LENGTH,
        "ESF_MAX_CHOICES": export.MAX_CHOICES,
        "ESF_MAX_COUNT": export.MAX_COUNT,
    }
    return header("esf", "Result export (.esf), version 1", export.RECORD, constants, export.MEANING)


def module_image() -> str:
    """The header of the module image: the text of ``docs/urn.h``."""
    constants = {
        "URN_VERSION": module.VERSION,
        "URN_IMAGE_SIZE": module.IMAGE_SIZE,
        "URN_SLOTS": module.SLOTS,
        "URN_SLOT_SIZE": module.SLOT_SIZE,
    }
    meaning = {path: english for path, (english, _) in module_meaning.MEANING.items()}
    return header("urn", "Module image (.urn), version 1", module.IMAGE, constants, meaning)


def header(
    name: str,
    title: str,
    definition: construct.Construct[Any, Any],
    constants: Mapping[str, int],
    meaning: Mapping[str, str],
) -> str:
    """The text of a header with one struct for a fixed-size definition, and one for each struct inside it.

    Args:
        name: of the format: the struct becomes ``<name>_record``.
        title: what the first comment says it is.
        definition: of which `dtype_of` knows the numpy equivalent.
        constants: numbers to define, by name.
        meaning: of the fields, by their path in the definition: ``field``, ``struct.field``.
    """
    structs: list[str] = []
    record = f"{name}_record"
    _add_struct(structs, record, dtype_of(definition), "", meaning)
    lines = [
        f"/* {title}. A model: the vendor's own layout is not public.",
        " * Generated from the definition of the format. All numbers are big-endian: swap them on other machines.",
        " * Fields are aligned to their size, so that no compiler has anything to pad. Text is padded with zeros. */",
        f"#ifndef {name.upper()}_H",
        f"#define {name.upper()}_H",
        "",
        "#include <stdint.h>",
        "",
        *(f"#define {constant} {value}" for constant, value in constants.items()),
        "",
        *structs,
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _add_struct(structs: list[str], name: str, dtype: np.dtype[Any], path: str, meaning: Mapping[str, str]) -> None:
    members = []
    end = 0
    for field, (kind, offset, *_) in (dtype.fields or {}).items():
        if offset > end:
            members.append(f"    uint8_t padding_{end}[{offset - end}];")
        end = offset + kind.itemsize
        text = meaning.get(path + field, "").replace("`", "").replace("*/", "* /")
        comment = f"  /* {offset:4}{': ' if text else ''}{text} */"
        members.append(f"    {_member(structs, name, field, kind, path, meaning)};{comment}")
    if dtype.itemsize > end:
        members.append(f"    uint8_t padding_{end}[{dtype.itemsize - end}];")
    structs.append("\n".join(["typedef struct {", *members, f"}} {name};  /* {dtype.itemsize} bytes */", ""]))


def _member(
    structs: list[str], parent: str, field: str, kind: np.dtype[Any], path: str, meaning: Mapping[str, str]
) -> str:
    base, shape = kind.base, kind.shape
    if base.fields is not None:
        name = f"{parent.removesuffix('_record')}_{field}"
        _add_struct(structs, name, base, f"{path}{field}.", meaning)
    elif base.kind == "V":
        name, shape = ("char" if field in export.TEXTS else "uint8_t"), (*shape, base.itemsize)
    else:
        name = _NUMBERS[base.itemsize]
    return f"{name} {field}{''.join(f'[{length}]' for length in shape)}"
