"""The programs in the guides run as they stand, are short, and are typed for strict checkers."""

import ast
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from protocol.export.record import build
from tests.programs import run
from tests.protocol.export.records import PRESIDENTIAL
from tests.regard.public_api.guide_programs import GUIDES, programs, run_program
from tests.sources import ROOT, put_text

MOST = 25
"""Lines of a program."""
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_program_is_short() -> None:
    for name in programs():
        assert programs()[name].count("\n") <= MOST


@pytest.mark.check(15)
def test_programs_are_typed_for_mypy_in_its_strict_mode(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    for name, text in programs().items():
        put_text(tmp_path / name, text)
    run([sys.executable, "-m", "mypy", "--strict", "--config-file=", *programs()], cwd=tmp_path)


def test_real_results_are_a_frame_and_a_plot(real_data: Path, capsys: Printed) -> None:
    """Of every choice a bar, whose text has its votes in Paris."""
    run_program("votes.py", real_data / "2022-presidentielle-t2-paris-city.csv")
    assert "[899 rows x 2 columns]" in capsys.readouterr().out
    drawn = ElementTree.parse("votes.svg").getroot()  # noqa: S314 - drawn here
    assert [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")] == [
        "macron_emmanuel: 802,879",
        "le_pen_marine: 138,343",
    ]


def test_a_thousand_exports_are_the_same_in_another_reader(tmp_path: Path, capsys: Printed) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for number in range(1000):
        changed: dict[str, Any] = {
            "bureau": f"{number:04}",
            "blank": 40 + number,
            "cast": 801 + number,
            "voters": 801 + number,
        }
        (exports / f"{number:04}.esf").write_bytes(build(dataclasses.replace(PRESIDENTIAL, **changed)))
    run_program("other_reader.py", ROOT / "docs" / "reference" / "esf.h", exports)
    votes = sum(801 + number for number in range(1000))
    assert capsys.readouterr().out == f"1000 exports, equal in both readers: {votes} votes\n"
    damaged = bytearray((exports / "0007.esf").read_bytes())
    damaged[256 + 3] ^= 1
    (exports / "0007.esf").write_bytes(damaged)
    with pytest.raises(AssertionError, match="<bytes 8>"):
        run_program("other_reader.py", ROOT / "docs" / "reference" / "esf.h", exports)


@pytest.mark.check(5)
def test_several_nations_are_made_by_dask(tmp_path: Path) -> None:
    put_text(tmp_path / "nations.py", programs()["nations.py"])
    out, _ = run([sys.executable, "nations.py", "77513"], cwd=tmp_path)
    assert "open-gap" in out
    assert out.endswith("1 errors in 4 nights\n")
    assert sorted(path.name for path in tmp_path.glob("night-*")) == [f"night-{seed}" for seed in range(4)]


def test_every_cell_of_the_notebook_shows_something() -> None:
    """A cell's last line is shown as a notebook shows it: as a drawing, a table or text."""
    notebook = json.loads((GUIDES / "notebook.ipynb").read_text("utf-8"))
    names: dict[str, Any] = {}
    kinds = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == []
        *lines, last = ast.parse("".join(cell["source"])).body
        assert isinstance(last, ast.Expr)
        exec(compile(ast.Module(lines, []), "notebook", "exec"), names)  # noqa: S102
        shown = eval(compile(ast.Expression(last.value), "notebook", "eval"), names)  # noqa: S307
        kinds.append(next((name for name in ("_repr_svg_", "_repr_html_") if hasattr(shown, name)), "__repr__"))
        assert len(getattr(shown, kinds[-1])()) > 4
    assert kinds.count("_repr_svg_") == 2
    assert kinds.count("_repr_html_") == len(kinds) - 3
