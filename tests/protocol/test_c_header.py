"""The C header: the same offsets for a C compiler as for numpy, and another reading of module images."""

import importlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

import construct
import numpy as np
import pytest

from protocol import module
from protocol.c_header import header, module_image, result_export
from protocol.export import DTYPE
from tests.protocol.module_images import example


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
@pytest.mark.parametrize(
    ("text", "dtype", "name"), [(result_export(), DTYPE, "esf"), (module_image(), module.DTYPE, "urn")]
)
def test_a_compiler_sees_the_same_offsets(text: str, dtype: np.dtype[Any], name: str, tmp_path: Path) -> None:
    (tmp_path / "format.h").write_text(text, encoding="utf-8")
    checks = [f'_Static_assert(sizeof({name}_record) == {dtype.itemsize}, "size");']
    for field, (_, offset, *_) in (dtype.fields or {}).items():
        checks.append(f'_Static_assert(offsetof({name}_record, {field}) == {offset}, "{field}");')
    lines = ["#include <stddef.h>", '#include "format.h"', '#include "format.h"', *checks]
    (tmp_path / "check.c").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = ["cc", "-std=c11", "-Wall", "-Wextra", "-Wpadded", "-Werror", "-fsyntax-only", "check.c"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def same(third: Any, quick: Any, path: str) -> int:
    """Compare what dissect.cstruct and numpy read, field by field; returns how many values there were."""
    if quick.dtype.names and quick.shape:
        return sum(same(third[number], quick[number], f"{path}[{number}]") for number in range(len(quick)))
    if quick.dtype.names:
        return sum(same(getattr(third, name), quick[name], f"{path}.{name}") for name in quick.dtype.names)
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
    cstruct.load(module_image(), compiled=True)
    noise = np.random.default_rng(1).bytes(module.IMAGE_SIZE)
    for image in (example(), noise):
        assert same(cstruct.urn_record(image), np.frombuffer(image, module.DTYPE)[0], "") > 1000


def test_padding_has_a_name_of_its_own() -> None:
    definition = construct.Struct(
        "a" / construct.Byte, construct.Padding(3), "b" / construct.Int32ub, construct.Padding(4)
    )
    text = header("x", "Test", definition, {}, {"a": "`one` */ two"})
    assert "uint8_t padding_1[3];" in text
    assert "uint8_t padding_8[4];" in text
    assert "/*    0: one * / two */" in text
