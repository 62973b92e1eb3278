"""Evidence that is damaged, hostile or another file: one finding a cause, with its place; the rest is checked."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.words import cited
from regard.cli import main
from regard.language import show
from tests.verify.night_builder import (
    INSEE,
    LOVELACE,
    PUBLISHED,
    ZOLA,
    Night,
    audited,
    codes_of,
    export_file,
    figures,
    findings,
    grave,
    input_of,
    only,
    quiet,
    small_night,
)
from verify import audit
from verify.audit import Audit
from verify.model.findings import Finding
from verify.model.rule_results import Side

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
SHEETS = ("univers.csv", "choix.csv", "emargements.csv", "pv.csv", "voix.csv")
COUNT = "a whole number from 0 up, or nothing"


def workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def text(night: Night, file: str) -> str:
    return night.files()[file].decode()


def rewritten(night: Night, change: Callable[[str], str], *files: str) -> Night:
    """The night with the text of some files changed."""
    night.raw |= {file: change(text(night, file)).encode() for file in files}
    return night


def input_problems(result: Audit) -> list[Finding]:
    return findings(result, "I113")


# Files that are not what their name says


@pytest.mark.parametrize("file", [*SHEETS, "election.toml", PUBLISHED])
@pytest.mark.parametrize(
    "content", [PICTURE, b"", b"\0" * 2000, workbook(), b"\xff\xfe" + "insee;bureau".encode("utf-16-le"), b"\n\n\n"]
)
def test_another_file_is_one_finding_and_the_rest_is_checked(night: Night, file: str, content: bytes) -> None:
    night.incomplete()
    night.raw[file] = content
    result = night.run()
    [found] = [one for one in input_problems(result) if one.left.source.startswith(file)]
    assert found.field
    assert found.left.value
    assert found.right.value
    assert [one.code for one in grave(result)].count("I113") == 1
    assert result.coverage.bureaux == 5
    used = input_of(result, file)  # its bytes are named although they are of no use
    assert (used.size, str(used.note)) == (len(content), "not used")
    assert used.sha256


@pytest.mark.parametrize("content", [PICTURE, b"", workbook(), b"insee,bureau\n"])
def test_another_file_in_the_place_of_an_export(night: Night, content: bytes) -> None:
    night.exports[export_file("0001")] = content
    [found] = night.only("I103" if not content else "I101")
    assert (found.insee, found.bureau) == (INSEE, "0001")


def test_the_sheets_of_a_night_in_each_others_places() -> None:
    for file in SHEETS:
        for other in SHEETS:
            if file == other:
                continue
            night = small_night()
            night.incomplete()
            night.raw[file] = night.files()[other]
            result = night.run()
            if {file, other} == {"pv.csv", "emargements.csv"} and file == "emargements.csv":
                quiet(result, "I113")  # a PV has all that a sign-in sheet has; its signatures are taken
                continue
            [found] = input_problems(result)
            assert found.left.source.startswith(file)
            assert "columns" in str(found.right.value)


def test_a_record_given_as_the_sign_in_sheet_says_nothing_wrong() -> None:
    folder = small_night().write()
    result = audited(signatures=(folder / "pv.csv",))
    assert grave(result) == []
    assert result.coverage.bureaux == 5


# Text files as people and spreadsheets write them


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n", "\n,,\n", "\n \n", "\n , ,\u00a0\n"])
def test_other_line_ends_and_empty_rows(end: str) -> None:
    rewritten(small_night(), lambda text: text.replace("\n", end), *SHEETS).only()


def test_every_cell_in_quotes_and_columns_in_another_order() -> None:
    def quoted(text: str) -> str:
        rows = [line.split(",") for line in text.splitlines()]
        return "".join(",".join(f'"{cell}"' for cell in reversed(row)) + "\n" for row in rows)

    rewritten(small_night(), quoted, "emargements.csv").only()


@pytest.mark.parametrize("cell", ["-626", "six", "999999999999"])
def test_cells_that_are_no_counts(night: Night, cell: str) -> None:
    night.row("pv.csv", "0002")["procurations"] = cell
    [found] = night.only("I113")
    assert found.left == Side(night.place("pv.csv", "0002"), cited(cell))
    assert (found.field, figures(found)[1]) == ("procurations", COUNT)


def test_a_missing_column_names_itself_and_what_is_there(night: Night) -> None:
    night.incomplete()
    rewritten(night, lambda text: text.replace("votes_trouves", "autre"), "pv.csv")
    [found] = input_problems(night.run())
    assert (found.left.source, found.field) == ("pv.csv:1", "votes_trouves")
    assert "insee | bureau | scrutin" in str(found.left.value)
    assert "Votes trouvés" in str(found.right.value)


@pytest.mark.parametrize("column", ["procurations", "observations"])
def test_a_column_that_may_be_missing(column: str) -> None:
    night = rewritten(small_night(), lambda text: text.replace(column, "autre", 1), "pv.csv")
    night.quiet("I113")


def test_further_columns_are_kept_out_of_the_way() -> None:
    def wider(text: str) -> str:
        head, *rows = text.splitlines()
        return "\n".join([head + ",,note,note", *(row + ",,=1+1,x" for row in rows)])

    rewritten(small_night(), wider, *SHEETS).only()


def test_a_column_that_is_there_twice_counts_once() -> None:
    def twice(text: str) -> str:
        head, *rows = text.splitlines()
        return "\n".join([f"{head},emargements", *(f"{row},1" for row in rows)])

    result = rewritten(small_night(), twice, "emargements.csv").run()
    quiet(result, "R201")


def test_short_and_long_rows_are_named(night: Night) -> None:
    lines = text(night, "voix.csv").splitlines()
    lines[3] = lines[3].rsplit(",", 1)[0]
    lines[5] += ",,more"
    night.raw["voix.csv"] = "\n".join(lines).encode()
    [found] = night.only("I113")
    assert (found.left.source, *figures(found)) == ("voix.csv:4", "4 cells", "5 cells")
    assert found.details["times"] == 2


# Quotes, long cells, zero bytes


def test_quotes_that_are_never_closed_cost_one_row(night: Night) -> None:
    night.incomplete()
    night.row("pv.csv", "0002")["observations"] = "@"
    rewritten(night, lambda text: text.replace("@", '"un électeur'), "pv.csv")
    result = night.run()
    [found] = only(result, "I113")
    assert (found.left.source, figures(found)[1]) == ("pv.csv:3", "quotes that are closed")
    assert result.coverage.kinds["pv"] == (4, 5)


def test_a_stray_quote_in_the_header(night: Night) -> None:
    night.incomplete()
    rewritten(night, lambda text: '"' + text, "pv.csv")
    [found] = input_problems(night.run())
    assert found.left.source == "pv.csv:1"


def test_many_stray_quotes_end_soon(night: Night) -> None:
    night.incomplete()
    rewritten(night, lambda text: text + '"\n' * 200_001, "pv.csv")
    assert input_problems(night.run())


@pytest.mark.parametrize("size", [9_000, 130_000, 300_000])
def test_a_cell_of_many_characters(night: Night, size: int) -> None:
    night.incomplete()
    night.row("pv.csv", "0004")["bureau"] = "x" * size
    result = night.run()
    assert codes_of(grave(result)) <= {"I113", "C108"}
    assert result.coverage.kinds["pv"] == (4, 5)


@pytest.mark.check(2)
def test_one_long_cell_does_not_cost_its_length_in_every_row(night: Night) -> None:
    rows = "".join(f"{INSEE},{number},1,900,1\n" for number in range(10_000))
    rows += f"{INSEE},{'x' * 100_000},1,900,1\n"
    night.raw["emargements.csv"] = ("insee,bureau,scrutin,inscrits,emargements\n" + rows).encode()
    found = input_problems(night.run())
    assert [(one.left.source, one.field) for one in found] == [("emargements.csv:10002", "bureau")]
    assert "characters" in str(found[0].right.value)


def test_a_zero_byte_is_no_text(night: Night) -> None:
    night.incomplete()
    rewritten(night, lambda text: text.replace("0002", "00\x002"), "pv.csv")
    [found] = input_problems(night.run())
    assert found.left.source == "pv.csv:3"
    assert "zero byte" in str(found.left.value)


@pytest.mark.parametrize("file", ["univers.csv", "choix.csv"])
def test_a_list_that_is_a_header_only_is_no_list(night: Night, file: str) -> None:
    night.incomplete()
    rewritten(night, lambda text: text.splitlines()[0], file)
    result = night.run()
    assert result.coverage.bureaux == 5
    assert result.coverage.official is (file != "univers.csv")
    [found] = only(result, "I113")
    assert (found.left.source, figures(found)[0]) == (file, "a header only")


def test_a_header_and_nothing_else(night: Night) -> None:
    night.incomplete()
    rewritten(night, lambda text: text.splitlines()[0], "emargements.csv", "pv.csv", "voix.csv")
    result = night.run()
    only(result)
    assert {kind: there for kind, (there, _) in result.coverage.kinds.items()} == {
        "exports": 4,
        "emargements": 0,
        "pv": 0,
        "voix": 0,
        "publie": 5,
    }


@pytest.mark.parametrize("official", [True, False])
def test_more_choices_than_any_panel_has(night: Night, official: bool) -> None:
    like = night.row("voix.csv", "0001")
    night.tables["voix.csv"] += [like | {"choix": f"CHOIX {number}", "voix": "0"} for number in range(3000)]
    panel = night.tables["choix.csv"][0]
    night.tables["choix.csv"] += [panel | {"panneau": str(n + 4), "choix": f"CHOIX {n}"} for n in range(3000)]
    if not official:
        night.raw["choix.csv"] = None
    night.raw["exports/none.esf"] = b""
    evidence = night.load()
    assert evidence.contests.width == 64
    found = [one for one in input_problems(audit.run(evidence)) if one.field == "choix" and not one.bureau]
    assert [one.left.value for one in found] == ["3003"]


def test_more_bureaux_than_any_nation_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.align.bureaux.MAX_BUREAUX", 3)
    result = small_night().run()
    assert result.coverage.bureaux == 3
    assert [figures(one)[0] for one in input_problems(result)] == ["5; the first are used"]


# Things that are no files


@pytest.mark.parametrize("name", [*SHEETS, "election.toml", PUBLISHED, "manifest.json"])
@pytest.mark.parametrize("kind", ["folder", "loop", "dangling", "pipe"])
def test_what_is_no_file_is_named_and_never_waited_for(night: Night, name: str, kind: str) -> None:
    night.incomplete()
    night.raw[name] = None
    path = night.write() / name
    if kind == "folder":
        path.mkdir()
    elif kind == "loop":
        path.symlink_to(name)
    elif kind == "dangling":
        path.symlink_to("nowhere")
    else:
        os.mkfifo(path)
    result = audited(path.parent)
    [found] = only(result, "I113")
    assert (found.left.source, found.insee) == (name, "")
    assert result.coverage.bureaux == 5


def test_exports_that_are_no_files() -> None:
    folder = small_night().write() / "exports"
    (folder / "loop.esf").symlink_to("loop.esf")
    (folder / "up").symlink_to("..")
    os.mkfifo(folder / "pipe.esf")
    result = audited(folder.parent)
    found = only(result, "I103", "I103", "I103")
    assert {one.left.source for one in found} == {f"exports/{name}@0" for name in ("loop.esf", "pipe.esf", "up")}


def test_exports_that_are_a_file(night: Night) -> None:
    night.exports.clear()
    night.raw["exports"] = b"x"
    result = night.run()
    [found] = only(result, "I113")  # as of a table that cannot be used: no bureau is said to lack its export
    assert (found.left.source, *figures(found)) == ("exports", "a file", "a folder")
    night.raw.pop("exports")
    assert codes_of(grave(night.run())) == {"C101"}


@pytest.mark.parametrize("name", ["exports", "modules"])
@pytest.mark.parametrize("target", ["nowhere", "../elsewhere"])
def test_folders_that_are_links_out_or_to_nowhere(tmp_path: Path, name: str, target: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.txt").write_bytes(b"nobody's business")
    night = small_night()
    night.incomplete()
    night.exports.clear()
    folder = night.write()
    (folder / name).symlink_to(target)
    result = audited(folder)
    [found] = input_problems(result)
    assert found.left.source == name
    assert [used.path for used in result.inputs if "secret" in used.path] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything: run as another user to see this")
@pytest.mark.parametrize("name", ["pv.csv", "election.toml", PUBLISHED, f"exports/{export_file('0001')}"])
def test_a_file_that_may_not_be_read(night: Night, tmp_path: Path, name: str) -> None:
    night.incomplete()
    path = night.write(tmp_path / "night") / name
    path.chmod(0)
    [found] = only(audited(tmp_path / "night"), "I103" if "/" in name else "I113")
    assert found.left.source.startswith(name)


def test_junk_among_the_exports_takes_no_time_and_no_memory() -> None:
    folder = small_night().write()
    (folder / "exports" / "photo.png").write_bytes(PICTURE)
    (folder / "exports" / "empty.esf").touch()
    with (folder / "exports" / "huge.esf").open("wb") as file:
        file.truncate(10 * 2**30)
    result = audited(folder)
    found = only(result, "I101", "I103", "I103")
    assert [one.left.source.split("@")[0] for one in found] == [
        "exports/photo.png",
        "exports/empty.esf",
        "exports/huge.esf",
    ]
    used = input_of(result, "exports/huge.esf")
    assert (used.size, used.sha256) == (10 * 2**30, None)


@pytest.mark.parametrize("name", ["pv.csv", PUBLISHED, "election.toml"])
def test_a_sparse_file_of_ten_gigabytes(night: Night, name: str) -> None:
    night.incomplete()
    folder = night.write()
    with (folder / name).open("r+b") as file:
        file.truncate(10 * 2**30)
    [found] = only(audited(folder), "I113")
    assert found.left.source == name


# election.toml


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id = ",
        b"id = 7\n",
        b'id = "x"\ndate = "10 avril 2022"\n[[scrutins]]\nnumero = 1\nnom = "x"\n',
        b'id = "x"\ndate = 2022-04-10T00:00:00\n[[scrutins]]\nnumero = 1\nnom = "x"\n',
        b'id = "x"\ndate = 2022-04-10\n',
        b'id = "x"\ndate = 2022-04-10\nscrutins = 3\n',
        b'id = "x"\ndate = 2022-04-10\nscrutins = [1]\n',
        b'id = "x"\ndate = 2022-04-10\n[[scrutins]]\nnumero = 6\nnom = "x"\n',
        b'id = "x"\ndate = 2022-04-10\n[[scrutins]]\nnumero = true\nnom = "x"\n',
        b'id = "essai-2022"\ndate = 2022-04-10\ncomplet = ["tout"]\n[[scrutins]]\nnumero = 1\nnom = "x"\n',
        b'id = "essai-2022"\ndate = 2022-04-10\ncomplet = "pv"\n[[scrutins]]\nnumero = 1\nnom = "x"\n',
        b"x = " + b"[" * 20_000,
        b"\xff\xfe",
    ],
)
def test_an_election_that_is_wrong(night: Night, content: bytes) -> None:
    night.drop("pv.csv", "0001")
    night.raw["election.toml"] = content
    result = night.run()
    [found] = only(result, "I113")  # what was declared complete is not known, so nothing is
    assert found.left.source in ("election.toml", "election.toml:1")


def test_no_election() -> None:
    night = small_night(polls=2)
    night.raw["election.toml"] = None
    night.only()


# Any bytes at all

_BYTES = st.one_of(
    st.binary(max_size=300),
    st.text(st.sampled_from("0123456789,;\"\n\r\t =-'éA\0"), max_size=300).map(str.encode),
)


@pytest.mark.check(6)
@settings(max_examples=120)
@given(
    st.sampled_from(
        [*SHEETS, "election.toml", PUBLISHED, "recap.csv", "manifest.json", f"exports/{export_file('0001')}"]
    ),
    _BYTES,
    st.booleans(),
)
def test_any_bytes_in_any_file(capsys: pytest.CaptureFixture[str], file: str, content: bytes, appended: bool) -> None:
    night = small_night()
    night.raw[file] = (night.files().get(file, b"") if appended else b"") + content
    folder = night.write()
    assert main(["verify", str(folder)]) in (0, 1, 2)
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "This is a bug" not in told


@pytest.mark.check(5)
@settings(max_examples=120)
@given(
    st.sampled_from(SHEETS),
    st.integers(0, 10**6),
    st.sampled_from(["", " ", "-1", "999999999", "1", "0", "TOTAL", "\u202e", "é", "=1", "x" * 70, '"', "77001", "2"]),
)
def test_any_cell_with_anything_in_it(file: str, which: int, cell: str) -> None:
    night = small_night(polls=2)
    rows = night.tables[file]
    row = rows[which % len(rows)]
    row[list(row)[which // len(rows) % len(row)]] = cell
    result = night.run()
    for found in result.findings:
        assert show("fr", found.message)
        assert show("en", found.message)


def test_votes_beside_a_choice_that_is_unknown_still_count(night: Night) -> None:
    night.row("voix.csv", "0001", choice=LOVELACE)["choix"] = "???"
    night.add("voix.csv", "0001", "voix", 1, choice=ZOLA)
    assert codes_of(grave(night.run())) >= {"I113", "R207"}
