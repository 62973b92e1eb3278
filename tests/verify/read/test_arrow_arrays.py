"""Arrow's numbers as numpy's are what Arrow itself makes of them, without the import of pandas."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from verify.read.arrow_arrays import absent_in, fill, numbers_of

TYPES = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
FLOATS = [pa.float32(), pa.float64()]


@pytest.mark.parametrize("kind", [*TYPES, *FLOATS, pa.time32("s")], ids=str)
def test_numbers_of_every_width_and_of_a_part(kind: pa.DataType) -> None:
    values = [number % 120 for number in range(100)]
    array = pa.array(values, pa.int32() if kind == pa.time32("s") else kind).cast(kind)
    assert numbers_of(array).tolist() == values
    assert numbers_of(array.slice(13, 40)).tolist() == values[13:53]
    assert numbers_of(array[:0]).tolist() == []


def test_what_is_absent_is_so_in_a_part_as_well() -> None:
    values = [None if number % 7 == 3 else number for number in range(100)]
    array = pa.array(values, pa.int32())
    for start, length in ((0, 100), (3, 90), (8, 16), (17, 1), (3, 1), (99, 1), (50, 0)):
        part = array.slice(start, length)
        due = values[start : start + length]
        assert fill(part, -1).tolist() == [-1 if each is None else each for each in due]
        absent = absent_in(part)
        assert (absent is None) == (None not in due)
        assert absent is None or absent.tolist() == [each is None for each in due]
    assert np.isnan(fill(pa.array([None, 1.5], pa.float32()), np.nan)).tolist() == [True, False]
    assert array.null_count == 14  # nothing was written into it


def test_nothing_imports_pandas_where_it_is_installed() -> None:
    pytest.importorskip("pandas")
    code = (
        "import sys; import pyarrow.parquet as parquet, pyarrow as pa, pyarrow.compute as compute, numpy as np, io\n"
        "from verify.read.arrow_arrays import array_of, fill\n"
        "numbers = compute.divide(array_of(np.arange(5)), array_of(np.arange(1, 6)))\n"
        "fill(compute.if_else(compute.less(numbers, numbers), numbers, numbers), -1)\n"
        "sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
