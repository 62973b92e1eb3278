"""The C header: the same offsets for a C compiler as for numpy, and another reading of module images."""

import importlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import construct
import numpy as np
import pytest

from protocol.export.record import DTYPE
from protocol.urn import image as urn
from regard.reference.c_header import KEYWORDS, c_name, header, result_export, urn_image
from tests.protocol.urn.module_images import example
from tests.sources import put_text

HEADERS = [(result_export(), DTYPE, "esf"), (urn_image(), urn.DTYPE, "urn")]
COMPILERS = [
    ("cc", ("-std=c99",), "check.c"),
    ("cc", ("-std=c11", "-Wpadded"), "check.c"),
    ("c++", ("-std=c++98", "-Wno-long-long"), "check.cpp"),
    ("c++", ("-std=c++17", "-Wpadded"), "check.cpp"),
]


def places(dtype: np.dtype[Any], shown: str) -> Iterator[tuple[str, int, int]]:
    """Every field of a struct and of the structs in it, as C writes it: offset and size."""
    for field, (kind, offset, *_) in (dtype.fields or {}).items():
        name = f"{shown}{c_name(field)}"
        yield name, offset, kind.itemsize
        if kind.base.fields is not None:
            inner = f"{name}{'[0]' * len(kind.shape)}."
            yield from ((path, offset + at, size) for path, at, size in places(kind.base, inner))


@pytest.mark.parametrize(("compiler", "options", "source"), COMPILERS, ids=lambda value: str(value))
@pytest.mark.parametrize(("text", "dtype", "name"), HEADERS, ids=("esf", "urn"))
def test_a_compiler_sees_the_same_offsets(
    text: str, dtype: np.dtype[Any], name: str, compiler: str, options: tuple[str, ...], source: str, tmp_path: Path
) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"there is no {compiler} here")
    put_text(tmp_path / "format.h", text)
    found = list(places(dtype, ""))
    checks = [f"CHECK(sizeof({name}_record) == {dtype.itemsize});"]
    checks += [f"CHECK(offsetof({name}_record, {path}) == {offset});" for path, offset, _ in found]
    checks += [f"CHECK(sizeof((({name}_record *)0)->{path}) == {size});" for path, _, size in found]
    unique = "#define JOIN(a, b) a##b\n#define NAME(line) JOIN(check_, line)"
    checked = "#define CHECK(holds) extern char NAME(__LINE__)[(holds) ? 1 : -1]"  # as C99 has no static assertion
    lines = ["#include <stddef.h>", '#include "format.h"', '#include "format.h"', unique, checked, *checks]
    put_text(tmp_path / source, "\n".join(lines) + "\n")
    command = [compiler, *options, "-pedantic", "-Wall", "-Wextra", "-Wno-invalid-offsetof", "-Werror", "-fsyntax-only"]
    run = subprocess.run([*command, source], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("text", [text for text, *_ in HEADERS], ids=("esf", "urn"))
def test_no_name_is_a_word_that_c_or_cpp_reserves(text: str) -> None:
    code = re.sub(r"/\*.*?\*/|^#.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    words = set(re.findall(r"[A-Za-z_]\w*", code))
    assert len(words) > 20
    assert words & KEYWORDS == {"typedef", "struct", "char"}


def test_a_field_named_like_a_keyword_gets_an_underscore() -> None:
    assert (c_name("export"), c_name("register"), c_name("exports")) == ("export_", "register_", "exports")


def same(third: Any, quick: Any, path: str) -> int:
    """Compare what dissect.cstruct and numpy read, field by field; returns how many values there were."""
    if quick.dtype.names and quick.shape:
        return sum(same(third[number], quick[number], f"{path}[{number}]") for number in range(len(quick)))
    if quick.dtype.names:
        return sum(same(getattr(third, c_name(name)), quick[name], f"{path}.{name}") for name in quick.dtype.names)
    if quick.dtype.kind == "V":
        assert flat(third) == quick.tobytes(), path
        return 1
    assert np.array(third).tolist() == quick.tolist(), path
    return int(quick.size)


def flat(value: Any) -> bytes:
    """The bytes of arrays of any depth."""
    if isinstance(value, bytes):
        return bytes(value)
    return b"".join(bytes([each]) if isinstance(each, int) else flat(each) for each in value)


def test_dissect_reads_the_same_values_of_module_images() -> None:
    cstruct = importlib.import_module("dissect.cstruct").cstruct(endian=">")
    cstruct.load(urn_image(), compiled=True)
    noise = np.random.default_rng(1).bytes(urn.IMAGE_SIZE)
    for image in (example(), noise):
        assert same(cstruct.urn_record(image), np.frombuffer(image, urn.DTYPE)[0], "") > 1000


def test_padding_has_a_name_of_its_own() -> None:
    definition = construct.Struct(
        "a" / construct.Byte, construct.Padding(3), "b" / construct.Int32ub, construct.Padding(4)
    )
    text = header("x", "Test", definition, {}, {"a": "`one` */ two"})
    assert "uint8_t padding_1[3];" in text
    assert "uint8_t padding_8[4];" in text
    assert "/*    0: one * / two */" in text
