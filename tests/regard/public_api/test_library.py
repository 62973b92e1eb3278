"""`import regard`: what a program gets, and what it costs before it is used."""

import hashlib
import io
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas
import polars
import pyarrow
import pytest
import xlsxwriter
from pyarrow import csv

import regard
from protocol.urn.image import DTYPE
from regard import cli
from regard.language import show
from regard.reports.rows import figure
from tests.protocol.urn.module_images import example
from tests.regard.calling import CommandLine
from tests.regard.public_api.guide_programs import PROGRAMS
from tests.regard.test_verify_night import damaged_night
from tests.sources import ROOT, new_file
from tests.verify.night_builder import CURIE, export_file, small_night

GUIDE = ROOT / "docs" / "guide" / "library.md"


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """Damaged in ways that each have their finding, with a figure that is missing."""
    night = damaged_night()
    night.row("pv.csv", "0002")["blancs"] = ""
    night.write(tmp_path / "night")
    return tmp_path / "night"


def test_every_public_name_is_there_and_no_other_module_takes_its_place() -> None:
    for name in regard.__all__:
        assert getattr(regard, name) is not None
        assert name in dir(regard)
        assert not (Path(regard.__file__).parent / f"{name}.py").exists()
    assert regard.__version__ == version("regard")
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        regard.nothing  # noqa: B018


def test_importing_it_loads_nothing() -> None:
    code = "import sys; before = set(sys.modules); import regard; print(*sorted(set(sys.modules) - before))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["regard"]


def test_the_guide_says_what_is_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = GUIDE.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    examples = list(re.finditer(r"^```python\n(?!# \w+\.py$)(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert len(examples) == text.count("```python") - len(PROGRAMS.findall(text))
    for example_ in examples:
        above = text[: example_.start(1)].count("\n")  # so that a failure names the line of the guide
        exec(compile("\n" * above + example_[1], str(GUIDE), "exec"), names)  # noqa: S102
    for name in regard.__all__:
        assert re.search(rf"\b{name}\b", text), name


def test_an_audit_finds_what_the_command_finds(night: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    result = regard.audit(night)
    code = cli.main(["verify", str(night), "--json", "-", "--lang", "en"])
    said = json.loads(capsysbinary.readouterr().out)
    assert result.exit_code() == code == 1
    assert {name: result.count(name[:-1]) for name in ("errors", "warnings", "infos")} == {
        name: said["summary"][name] for name in ("errors", "warnings", "infos")
    }
    assert [finding.code for finding in result.findings] == [each["code"] for each in said["findings"]]
    assert result.findings[0].code == said["findings"][0]["code"]
    assert [used.sha256 for used in result.inputs] == [each["sha256"] for each in said["inputs"]]
    assert result.coverage.bureaux == said["coverage"]["bureaux"]
    errors, warnings, cases = result.count("error"), result.count("warning"), len(result.cases)
    assert repr(result).startswith(f"<Result: {errors} error, {warnings} warning, ")
    assert repr(result).endswith(f"; {cases} cases in 5 bureaux>")
    assert repr(regard.load(night)) == f"<Evidence: 5 bureaux, {len(result.inputs)} files>"


def test_findings_are_a_table_in_the_language_asked_for(night: Path, language: str) -> None:
    findings = regard.audit(night, language=language).findings
    table = findings.to_arrow()
    assert table.column_names == list(regard.FINDINGS)
    assert len(findings) == table.num_rows
    for row, finding in zip(table.to_pylist(), findings, strict=True):
        place = (finding.insee or None, finding.bureau or None)
        assert (row["code"], row["insee"], row["bureau"]) == (finding.code, *place)
        assert row["severity"] == finding.severity.name.lower()
        assert row["message"] == show(language, finding.message)
    assert table.schema.field("insee").type == pyarrow.string()
    assert table.schema.field("left_value").type == pyarrow.int64()


def test_a_missing_figure_is_null_and_a_whole_number_stays_whole(night: Path) -> None:
    figures = regard.audit(night).figures
    assert figures.to_arrow().column_names == list(regard.FIGURES)
    (row,) = (row for row in figures.to_arrow().to_pylist() if row["bureau"] == "0002")
    assert row["record_blank"] is None
    assert row["tabulation_registered"] is None
    assert row["record_null"] == 0
    frame = figures.to_pandas().set_index("bureau")
    assert str(frame["record_blank"].dtype) == "Int64"
    assert frame["record_blank"].isna().tolist() == [bureau == "0002" for bureau in frame.index]
    assert frame["insee"].tolist() == [row["insee"] for row in figures.to_polars().to_dicts()]
    assert figures.to_polars()["record_blank"].null_count() == 1


def test_published_figures_are_those_of_the_first_file_that_has_the_bureau(tmp_path: Path) -> None:
    for file, town, votes in (("a.csv", "Gap", 500), ("b.csv", "Gap", 501), ("c.csv", "Foix", 400)):
        (tmp_path / file).write_text(f"Commune;Bureau;Inscrits;Votants;Exprimés\n{town};1;900;{votes};{votes - 9}\n")
    paths = [tmp_path / file for file in ("a.csv", "b.csv", "c.csv")]
    frame = regard.load(published=paths).figures.to_pandas().set_index("commune")
    assert frame["published_votes_found"].to_dict() == {"Gap": 500, "Foix": 400}


def test_other_libraries_take_the_tables_as_they_are(night: Path) -> None:
    result = regard.audit(night)
    for table in (result.findings, result.figures, regard.read_exports(night / "exports")):
        assert pyarrow.table(table).equals(table.to_arrow())
        assert polars.DataFrame(table).equals(table.to_polars())


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_a_package_that_is_missing_is_named(night: Path, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = regard.load(night).figures
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(regard.RegardError, match=f"needs {package}, which is not installed: pip install {package}"):
        getattr(figures, f"to_{package}")()


def test_single_files_are_given_by_keyword(night: Path) -> None:
    result = regard.audit(
        pv=night / "pv.csv", emargements=str(night / "emargements.csv"), published=night / "publie.txt"
    )
    assert result.coverage.kinds.keys() == {"pv", "emargements", "publie"}
    more = regard.load(night, pv=night / "pv.csv", exports=[night / "exports" / export_file("0001")])
    assert [used.path for used in more.inputs if used.kind == "exports"] == [f"exports/{export_file('0001')}"]


@pytest.mark.parametrize("columns", ["Compteur=votes_found", ["Compteur=votes_found"]])
def test_what_a_column_is_can_be_said(columns: str | list[str]) -> None:
    path = new_file("pv.csv", "Bureau;Émargements;Compteur;Page\n0001;700;702;1\n")
    table = regard.load(pv=path, columns=columns).figures.to_arrow()
    assert table.column("record_votes_found").to_pylist() == [702]


def test_one_sheet_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "pv.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, votes in (("T1", 702), ("T2", 688)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ("Bureau", "Émargements", "Votes trouvés"))
            sheet.write_row(1, 0, ("0001", "700", votes))
    for sheets in ("T2", ["T2"]):
        table = regard.load(pv=path, sheets=sheets).figures.to_arrow()
        assert table.column("record_votes_found").to_pylist() == [688]


def test_loaded_evidence_is_audited_again_and_again(night: Path) -> None:
    evidence = regard.load(night)
    assert evidence.bureaux == 5
    assert list(regard.audit(evidence).findings) == list(regard.audit(night).findings)
    with pytest.raises(TypeError, match="give files to load"):
        regard.audit(evidence, pv=night / "pv.csv")


def test_progress_is_told(night: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    regard.audit(night, progress=lambda step, done: steps.append(step))
    assert {"pv", "publie", "rules"} <= set(steps)
    counts: list[tuple[int, int]] = []
    regard.simulate(tmp_path / "n", communes="77513", progress=lambda done, of: counts.append((done, of)))
    assert counts[-1] == (3, 3)


YEARS_THAT_ARE_NONE: tuple[object, ...] = (0, False, "", "2022", 2022.0, 2020)
SEEDS_THAT_ARE_NONE: tuple[object, ...] = (True, 1.5, -1, "1")
COMMUNES_THAT_ARE_NONE: tuple[object, ...] = ([], 77513)
WORKERS_THAT_ARE_NONE: tuple[object, ...] = (0, -1, 1.5, True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        *(({"year": value}, "year: one of 2017, 2021, 2022") for value in YEARS_THAT_ARE_NONE),
        *(({"communes": value}, "communes: INSEE codes, such as") for value in COMMUNES_THAT_ARE_NONE),
        *(({"seed": value}, "seed: a whole number from 0 to ") for value in SEEDS_THAT_ARE_NONE),
        *(({"workers": value}, "workers: a whole number from 1") for value in WORKERS_THAT_ARE_NONE),
        ({"faults": ""}, "expected none, default, or NAME=RATE, got nothing"),
        ({"way_up": " , "}, "expected none, default, or NAME=RATE, got"),
        ({"mixed": "lyon"}, "mixed: one of"),
        ({"election": "2024-P1"}, "election: one of"),
    ],
)
def test_what_no_night_can_be_is_refused_before_anything_is_written(
    given: dict[str, Any], said: str, tmp_path: Path
) -> None:
    """Nothing that is false is taken for what is not given; a night without faults can be had by no rates as well."""
    with pytest.raises((ValueError, regard.RegardError), match=said):
        regard.simulate(tmp_path / "n", **({"communes": "77513"} | given))
    assert list(tmp_path.iterdir()) == []


def test_no_rates_are_no_faults_and_numbers_of_numpy_are_numbers(tmp_path: Path) -> None:
    regard.simulate(tmp_path / "n", communes="77513", faults={}, year=np.int64(2022), seed=np.uint8(3))  # type: ignore[arg-type]
    assert (tmp_path / "n" / "verite.csv").read_text("utf-8").count("\n") == 1


def test_what_cannot_be_done_is_an_error_with_a_sentence(night: Path) -> None:
    for given, said in (
        ({}, "give a folder or at least one file"),
        ({"pv": night / "not.csv"}, "not.csv: does not exist"),
        ({"other_round": night / "not.csv", "pv": night / "pv.csv"}, "not.csv: does not exist"),
        ({"published": [night / "publie.txt", night / "not.txt"]}, "not.txt: does not exist"),
    ):
        with pytest.raises(regard.RegardError, match=said):
            regard.audit(**given)
    with pytest.raises(regard.RegardError, match="nowhere: does not exist"):
        regard.read_exports("nowhere")
    with pytest.raises(TypeError, match="no such evidence: records; there is files, exports, modules, pv"):
        regard.load(records=night / "pv.csv")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="language: one of 'en', 'fr', got 'de'"):
        regard.audit(night, language="de")
    with pytest.raises(ValueError, match="severity: one of"):
        regard.audit(night).count("fatal")


def test_simulate_writes_what_the_command_writes(tmp_path: Path, cli: CommandLine) -> None:
    wrote = regard.simulate(tmp_path / "a", communes=["77513"], faults={"voted-twice": 0.01}, seed=3)
    options = ["--communes", "77513", "--faults", "voted-twice=0.01", "--seed", "3", "--workers", "1"]
    cli("simulate", tmp_path / "b", *options)
    assert wrote.bureaux == 3
    one, other = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "a", tmp_path / "b")
    )
    assert one == other
    with pytest.raises(regard.RegardError, match="holds a night already"):
        regard.simulate(tmp_path / "a", communes="77513")


def test_exports_are_a_table_with_their_verdicts_and_problems(tmp_path: Path) -> None:
    small_night().write(tmp_path)
    folder = tmp_path / "exports"
    good = (folder / export_file("0001")).read_bytes()
    (folder / "z-batch.esf").write_bytes(
        good + bytes([good[0]]) + good[1:300] + bytes([good[300] ^ 1]) + good[301:] + good[:100]
    )
    exports = regard.read_exports(folder)
    rows = exports.to_arrow().to_pylist()
    assert len(exports) == len(rows)
    first = next(row for row in rows if row["bureau"] == "0001")
    assert first["file"] == str(folder / export_file("0001"))
    assert (first["offset"], first["verdict"], first["insee"]) == (0, "OK", "77001")
    assert first["opening"].isoformat() == "2022-04-10T08:00:00"
    assert sum(first["tallies"]) == first["tally_sum"] == first["cast"] - first["blank"]
    assert len(first["tallies"]) == first["choices"] == 3
    assert re.fullmatch("[0-9a-f]{64}", first["choices_digest"])
    assert rows[-1]["verdict"] == "CHECKSUM"
    assert rows[-1]["offset"] == len(good)
    (problem,) = exports.problems
    assert problem.startswith(f"{folder / 'z-batch.esf'} at byte {2 * len(good) + 100}: cut short: expected")
    assert "cut short" in regard.read_exports([folder / "z-batch.esf"]).problems[0]


def test_urns_are_a_table_of_what_was_recounted(tmp_path: Path) -> None:
    (tmp_path / "a.urn").write_bytes(example())
    (tmp_path / "b.urn").write_bytes(b"\0" + example()[1:])
    (tmp_path / "c.urn").write_bytes(example()[:100])
    urns = regard.read_urns(tmp_path)
    assert len(urns) == 2
    *polls, unknown = urns.to_arrow().to_pylist()
    assert [row["poll"] for row in polls] == list(range(1, len(polls) + 1))
    for row in polls:
        assert row["verdict"] == "OK"
        assert len(row["tallies"]) == row["choices"]
        assert sum(row["tallies"]) + row["blank"] == row["cast"] == row["closed_cast"]
    assert unknown["file"].endswith("b.urn")
    assert unknown["verdict"] == "MAGIC"
    assert all(value is None for name, value in unknown.items() if name not in ("file", "verdict"))
    assert "c.urn: image at byte 100: expected 65536 bytes, got 100 bytes" in urns.problems[0]


def test_an_image_without_a_poll_is_in_the_table_all_the_same(tmp_path: Path) -> None:
    image = bytearray(example())
    whole = regard.read_urns(_written(tmp_path / "whole.urn", image)).to_arrow().to_pylist()
    np.frombuffer(image, DTYPE)["configuration"]["polls"] = np.zeros((), DTYPE["configuration"]["polls"].base)
    (row,) = regard.read_urns(_written(tmp_path / "none.urn", image)).to_arrow().to_pylist()
    assert row["verdict"] == "VALUE"
    assert row["poll"] is row["choices"] is row["cast"] is row["tallies"] is None
    assert (row["insee"], row["opening"], row["enablings"]) == tuple(
        whole[0][name] for name in ("insee", "opening", "enablings")
    )


def _written(path: Path, data: bytes | bytearray) -> Path:
    path.write_bytes(data)
    return path


def test_tables_of_nothing_have_the_types_of_tables_of_something(tmp_path: Path) -> None:
    (tmp_path / "a.urn").write_bytes(example())
    (tmp_path / "none").mkdir()
    small_night().write(tmp_path / "night")
    for read, something in ((regard.read_urns, tmp_path / "a.urn"), (regard.read_exports, tmp_path / "night/exports")):
        assert read(tmp_path / "none").to_arrow().schema.equals(read(something).to_arrow().schema)


def test_a_choice_is_named_in_the_findings(night: Path) -> None:
    assert any(finding.field == CURIE for finding in regard.audit(night).findings)


def test_published_results_have_the_votes_of_every_choice_and_compare_says_what_differs(tmp_path: Path) -> None:
    """Four bureaux and three choices; one figure is other in the second file, one count is missing in it."""
    for name, cure, blank in (("a", 7, "2"), ("b", 9, "")):
        (tmp_path / f"{name}.csv").write_text(
            "Code INSEE;Commune;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;CURIE Marie;ZOLA Émile\n"
            f"77001;Essai;0001;100;20;{blank};1;17;{cure};10\n77001;Essai;0002;90;11;0;0;11;5;6\n",
            "utf-8",
        )
    read = regard.results(tmp_path / "a.csv")
    places, votes = read.to_arrow().to_pylist(), read.votes.to_arrow().to_pylist()
    assert len(read) == len(places) == 2
    assert [(each["bureau"], each["choice"], each["votes"]) for each in votes] == [
        ("0001", "CURIE Marie", 7),
        ("0001", "ZOLA Émile", 10),
        ("0002", "CURIE Marie", 5),
        ("0002", "ZOLA Émile", 6),
    ]
    assert (places[0]["registered"], places[0]["blank"], places[0]["signatures"]) == (100, 2, None)
    assert read.sources.to_arrow().to_pylist()[0]["places"] == 2
    blank = regard.results([tmp_path / "b.csv"]).to_arrow().to_pylist()
    assert [each["blank"] for each in blank] == [None, 0]
    found = regard.compare(tmp_path / "a.csv", tmp_path / "b.csv")
    assert ("CURIE Marie", 7, 9) in {
        (each["field"], each["left"], each["right"]) for each in found.to_arrow().to_pylist()
    }
    assert [(each["code"], each["rows"], each["figures"]) for each in found.by_place] == [("Essai", 1, 2)]
    totals = {each["field"]: (each["choice"], each["total"], each["known"], each["of"]) for each in read.totals}
    assert totals["votes_found"] == (False, 31, 2, 2)
    assert totals["CURIE Marie"] == (True, 12, 2, 2)
    assert list(read.findings) == []
    wrong, *_ = regard.results(tmp_path / "b.csv").findings
    assert (wrong["row"], wrong["bureau"], wrong["field"]) == (2, "0001", "valid")
    assert (wrong["published"], wrong["expected"], wrong["how"]) == (17, 19, "sum of the votes")
    assert "Differences: " in repr(found)
    assert "<td>CURIE Marie</td>" in found._repr_html_()
    with pytest.raises(regard.RegardError):
        regard.results(tmp_path / "none.csv")


def test_dumps_are_read_from_bytes_as_from_files(tmp_path: Path, urn_image: bytes) -> None:
    small_night().write(tmp_path)
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "one.urn").write_bytes(urn_image)
    for folder, read in (("exports", regard.read_exports), ("modules", regard.read_urns)):
        paths = sorted((tmp_path / folder).iterdir())
        from_files = read(paths).to_arrow().drop_columns("file")
        assert read([path.read_bytes() for path in paths]).to_arrow().drop_columns("file") == from_files
        assert read(memoryview(paths[0].read_bytes())).to_arrow()["verdict"].to_pylist() == ["OK"]
        with paths[0].open("rb") as file:
            assert read([file]).to_arrow()["file"].to_pylist() == ["<bytes 1>"]
        assert read(b"nothing of the kind").problems
    with pytest.raises(TypeError, match="bytes or a path is expected, got text"):
        regard.read_exports(io.StringIO("text"))


FRAMES: dict[str, Callable[[pyarrow.Table], Any]] = {
    "arrow": lambda table: table,
    "pandas": lambda table: table.to_pandas(),
    "polars": polars.DataFrame,
}


@pytest.mark.parametrize("library", FRAMES)
def test_frames_are_read_as_files_are(night: Path, library: str) -> None:
    """Figures that are missing make a column of decimals in pandas; codes keep their zeros."""
    names = {"pv": "pv.csv", "emargements": "emargements.csv", "voix": "voix.csv"}
    texts = csv.ConvertOptions(column_types=dict.fromkeys(("insee", "bureau"), pyarrow.string()))
    tables = {name: csv.read_csv(night / file, convert_options=texts) for name, file in names.items()}
    frames = {name: FRAMES[library](table) for name, table in tables.items()}
    results = regard.results(night / "publie.txt")
    given = regard.audit(**frames, published=FRAMES[library](results.to_arrow()), other_round=frames["pv"])
    files = regard.audit(
        pv=night / "pv.csv",
        emargements=night / "emargements.csv",
        voix=night / "voix.csv",
        published=night / "publie.txt",
        other_round=night / "pv.csv",
    )
    figures = ["insee", "bureau", *(name for name in regard.FIGURES if name.startswith(("record", "sign_in", "publ")))]
    assert given.figures.to_arrow().select(figures) == files.figures.to_arrow().select(figures)
    assert given.coverage.kinds == files.coverage.kinds
    used = next(each for each in given.inputs if each.kind == "emargements")
    rows = [tables["emargements"].column_names, *zip(*tables["emargements"].to_pydict().values(), strict=True)]
    data = "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows).encode()
    assert (used.path, used.size, used.sha256) == (
        "<emargements frame as CSV>",
        len(data),
        hashlib.sha256(data).hexdigest(),
    )
    again = regard.audit(files=[frames["pv"], (night / "emargements.csv").read_bytes()])
    assert [(each.kind, each.path) for each in again.inputs] == [
        ("pv", "<files frame as CSV>"),
        ("emargements", "<files bytes 2>"),
    ]
    (wide,) = regard.results(FRAMES[library](tables["pv"])).sources
    assert (wide["file"], wide["places"]) == ("<frame 1 as CSV>", 5)
    same = regard.compare(FRAMES[library](results.votes.to_arrow()), night / "publie.txt")
    assert len(same) == 0
    assert same.places >= 5


def test_one_frame_may_be_given_as_two_kinds_and_what_is_wrong_names_its_column() -> None:
    frame = pyarrow.table({"Bureau": ["1", "2"], "Votes trouvés": [10, 20], "ZOLA": [4, 9], "CURIE": ["6", "elf"]})
    both, copied = regard.audit(pv=frame, voix=frame), regard.audit(pv=frame, published=frame)
    assert "the same bytes as <pv frame as CSV>" in show("en", copied.inputs[-1].note)
    assert [each.path for each in both.inputs] == ["<pv frame as CSV>"]
    assert "<pv frame as CSV> row 3, CURIE: expected a whole number" in next(
        show("en", each.message) for each in both.findings if each.code == "I113"
    )
    for column, said in (
        (pyarrow.array([[1], [2]]), "<pv frame as CSV>, column Votes: expected a column of texts or numbers, got list"),
        (pyarrow.array([b"1", b"\xff"]), "column Votes: .* got binary"),
    ):
        with pytest.raises(regard.RegardError, match=said):
            regard.audit(pv=pyarrow.table({"Bureau": ["1", "2"], "Votes": column}))
    mixed = pandas.DataFrame({"Bureau": ["1", "2"], "Votes": pandas.Series([1, "a"], dtype=object)})
    with pytest.raises(regard.RegardError, match="<pv frame as CSV>, column Votes: expected a column of texts"):
        regard.load(pv=mixed)
    with pytest.raises(regard.RegardError, match="<frame 1 as CSV>, column Votes"):
        regard.results(mixed)


def test_corrections_and_comparisons_are_tables(night: Path) -> None:
    result = regard.audit(night)
    rows = list(result.corrections)
    own = [(case.number, case.sure.value, each) for case in result.cases for each in case.detail.corrections]
    found = [row for row in rows if row["reading"] is None]
    assert own
    assert [(row["case"], row["sure"], row["bureau"], row["was"], row["becomes"]) for row in found] == [
        (number, sure, each.place.bureau, figure(each.was), figure(each.becomes)) for number, sure, each in own
    ]
    assert len(rows) - len(found) == sum(
        len(reading.corrections) for case in result.cases for reading in case.detail.readings
    )
    why = ("names", "blank", "no_row", "no_rule")
    for row, line in zip(result.compared, result.ledger.lines, strict=True):
        assert (row["quantity"], row["left"], row["right"]) == (line.quantity, line.left, line.right)
        assert (row["figures"], row["compared"]) == (line.figures, line.compared)
        assert sum(row[name] for name in why) == sum(line.why.values()) == row["figures"] - row["compared"]
    assert [row["piece"] for row in result.uncompared] == [each.piece for each in result.ledger.uncompared]


def test_everything_shows_itself_at_a_prompt_and_in_a_notebook(night: Path) -> None:
    result, evidence = regard.audit(night), regard.load(night)
    published = regard.results(night / "publie.txt")
    tables: list[Any] = [result.cases, result.findings, result.corrections, result.compared, result.uncompared]
    tables += [
        result.figures,
        published,
        published.votes,
        regard.read_exports(night / "exports"),
        regard.read_urns(b"none"),
    ]
    for value in (result, evidence, *tables, regard.compare(night / "publie.txt", night / "publie.txt")):
        assert re.fullmatch(rf"<{type(value).__name__}: .+>", repr(value))
        assert value._repr_html_().startswith(f"<p>{type(value).__name__}: ")
    assert repr(result.uncompared).endswith(" rows: quantity, piece, figures, of, bounded>")
    assert repr(published).endswith(
        " rows: table, file, level, row, insee, department, region, commune, constituency, bureau, …>"
    )
    for picture, mark in ((result.gaps(), "gap-dots-title"), (result.pieces(), "piece-strip-title")):
        assert picture is not None
        assert repr(picture) == f"<Picture: {len(picture.svg):,} bytes of SVG>"
        drawn = ElementTree.fromstring(picture._repr_svg_())  # noqa: S314 - drawn here
        assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
        assert mark in picture.svg.decode()
    assert regard.audit(published=night / "publie.txt").gaps() is None
    for table in (published, regard.read_exports(night / "exports")):
        assert (table.units["registered"], table.units["blank"]) == ("voters", "votes")


def test_what_it_gives_goes_to_another_process_and_back(night: Path) -> None:
    result = regard.audit(night)
    copy = pickle.loads(pickle.dumps(result))  # noqa: S301
    assert list(copy.findings) == list(result.findings)
    assert list(copy.cases) == list(result.cases)
    assert copy.figures.to_arrow() == result.figures.to_arrow()
    evidence = pickle.loads(pickle.dumps(regard.load(night)))  # noqa: S301
    assert list(regard.audit(evidence).findings) == list(result.findings)
    exports = regard.read_exports(night / "exports")
    for given in (result.findings, result.cases, result.compared, regard.results(night / "publie.txt").votes, exports):
        assert pickle.loads(pickle.dumps(given)).to_arrow() == given.to_arrow()  # noqa: S301
