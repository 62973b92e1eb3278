"""Each figure of published results is in a total, in a problem, or in a column that is said not to be used."""

import csv
import dataclasses
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest

from protocol.errors import RegardError
from protocol.opening import OpenedFile
from protocol.quantities import Quantity
from tests.verify.published import samples
from verify.model.identity import is_stated
from verify.model.published import COUNTS, Published
from verify.read.published.cells import is_figure
from verify.read.results_files import parse_all
from verify.read.tables import headers

TABLE = """Commune;N° bureau;Inscrits;Votants;Abstentions;Blancs;Nuls;Exprimés;Procurations;DURAND;PETIT
Essai;1;400;300;100;12;0;288;5;188;100
Essai;2;90;80;10;0;2;78;1;40;38
"""
LONG = """Commune;N° bureau;Inscrits;Votants;Candidat;Voix
Essai;1;400;300;DURAND;188
Essai;1;400;300;PETIT;100
"""
SAMPLES = {
    **samples.TEXTS,
    "table": TABLE,
    "table long": LONG,
    "workbook": samples.DEPARTMENTS_2022,
    "workbook 2017": samples.CONSTITUENCIES_2017,
    "workbook nation": samples.NATION_2017,
}
HEADED = [name for name in SAMPLES if not name.startswith(("ministry-2012", "ministry-2007", "workbook "))]
PARAMETERS = [pytest.param(name, marks=[pytest.mark.check(4)] if "workbook" in name else []) for name in SAMPLES]
"""Workbooks are read in a process of their own, which takes its time."""
SPELLINGS = {
    Quantity.REGISTERED: "électeurs inscrits",
    Quantity.ABSTENTIONS: "Abstentions",
    Quantity.VOTES_FOUND: "bulletins trouvés dans l'urne",
    Quantity.BLANK: "bulletins blancs",
    Quantity.NULL: "bulletins nuls",
    Quantity.VALID: "suffrages exprimés",
    Quantity.SIGNATURES: "Émargements",
    Quantity.PROXIES: "Procurations",
}
Rows = list[list[str]]


def rows_of(name: str) -> Rows:
    """The rows of a sample; of JSON the names and then the values of each record."""
    text = SAMPLES[name]
    if text.startswith("["):
        records = [record["fields"] for record in json.loads(text)]
        return [list(records[0]), *([str(value) for value in record.values()] for record in records)]
    delimiter = "|" if name.startswith("workbook") else max(";,", key=text.split("\n", 1)[0].count)
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def read(rows: Rows, name: str) -> list[Published] | str:
    """Read the rows; returns the reason if nothing is read."""
    data: str | bytes
    if name.endswith("json"):
        data = json.dumps([{"fields": dict(zip(rows[0], row, strict=False))} for row in rows[1:]])
    elif name.startswith("workbook"):
        sheets = {"France entière" if name == "workbook nation" else "Feuille": "\n".join(map("|".join, rows))}
        data = samples.workbook(sheets)
    else:
        out = io.StringIO()
        csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
        data = out.getvalue()
    try:
        return parse_all(OpenedFile(Path("r.txt"), data.encode() if isinstance(data, str) else data))
    except RegardError as error:
        return str(error)


def seen(found: list[Published] | str) -> str:
    """Everything that is known of results but their bytes."""
    names = [field.name for field in dataclasses.fields(Published) if field.name not in ("sha256", "_made")]
    with np.printoptions(threshold=10_000):
        return found if isinstance(found, str) else repr([[getattr(each, name) for name in names] for each in found])


def other(cell: str) -> str:
    """Another figure in place of one, with its last digit changed; any other cell as it is."""
    digit = re.compile(r"[0-9](?=[^0-9]*$)")
    return digit.sub(lambda found: str((int(found[0]) + 1) % 10), cell) if is_figure(cell) else cell


@pytest.mark.check(2)
@pytest.mark.parametrize("name", PARAMETERS)
def test_no_figure_changes_unseen(name: str) -> None:
    rows = rows_of(name)
    before = seen(read(rows, name))
    assert before.startswith("["), before
    for column in range(max(map(len, rows))):
        changed = [[other(cell) if at == column else cell for at, cell in enumerate(row)] for row in rows]
        found = read(changed, name)
        header = rows[0][column] if name in HEADED and column < len(rows[0]) else ""
        unused = [] if isinstance(found, str) else [each for table in found for each in table.unused]
        no_figure = header in unused or headers.is_other(header) or is_stated(header)
        assert changed == rows or no_figure or seen(found) != before, (column, header)


@pytest.mark.check(2)
@pytest.mark.parametrize("name", [each for each in PARAMETERS if each.values[0] in HEADED])
def test_a_count_is_read_or_said_wherever_its_column_stands(name: str) -> None:
    rows = rows_of(name)
    for column in range(len(rows[0]) + 1):
        quantity = COUNTS[column % len(COUNTS)]
        cells = [SPELLINGS[quantity], *["7"] * (len(rows) - 1)]
        found = read([[*row[:column], cell, *row[column:]] for row, cell in zip(rows, cells, strict=True)], name)
        for table in [] if isinstance(found, str) else found:
            said = SPELLINGS[quantity] in table.unused or table.problems
            assert said or (table.counts[quantity] == 7).all(), (column, quantity)
            assert SPELLINGS[quantity] not in table.labels
