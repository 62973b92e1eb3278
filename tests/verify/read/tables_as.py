"""One table in every form in which tables are given: text, workbooks, Parquet, JSON, each by itself or in a zip."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.parquet

from tests.verify.published import samples

KINDS = ("csv", "xlsx", "ods", "parquet", "json")
FORMS = (*KINDS, *(f"{kind}.zip" for kind in KINDS))


def as_kind(text: str, form: str) -> bytes:
    """A text with `;` in another form.

    Args:
        text: its first row is its header.
        form: of `FORMS`.
    """
    kind, _, packed = form.partition(".")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    if kind == "csv":
        data = text.encode()
    elif kind in ("xlsx", "ods"):
        sheet = "\n".join("|".join(row) for row in rows)
        data = (samples.workbook if kind == "xlsx" else samples.ods)({"Feuille 1": sheet})
    elif kind == "parquet":
        data = parquet(rows)
    else:
        data = json.dumps([dict(zip(rows[0], row, strict=True)) for row in rows[1:]]).encode()
    return zipped({f"a.{kind}": data}) if packed else data


def parquet(rows: list[list[str]], **options: object) -> bytes:
    """Rows below a header as Parquet: whole numbers as numbers, empty cells as nothing."""
    columns = list(zip(*rows[1:], strict=True))
    arrays = []
    for cells in columns:
        filled = [cell for cell in cells if cell]
        whole = bool(filled) and all(cell.isdecimal() and (cell == "0" or cell[0] != "0") for cell in filled)
        values = [None if not cell else int(cell) if whole else cell for cell in cells]
        arrays.append(pa.array(values, pa.int32() if whole else pa.string()))
    out = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(arrays, names=rows[0]), out, **options)
    return out.getvalue()


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Files in a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
