"""`regard verify` as a person uses it: exit codes, reports, terminals; nothing in a file reaches the screen."""

import csv
import hashlib
import io
import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.programs import HANG, run
from tests.regard.calling import CommandLine
from tests.sources import ROOT, new_file, put_text
from tests.verify.night_builder import CURIE, PUBLISHED, Night, export_file, small_night
from tests.verify.published import samples

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads((ROOT / "docs" / "reference" / "findings.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
ESCAPE = "\x1b]0;taken\x07\x1b[2J\x1b[31m\u202e\u009b1m"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No language, colour or width from whoever runs the tests; and an error of ours is not made into a sentence."""
    for name in ("REGARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REGARD_TRACEBACK", "1")


def damaged_night() -> Night:
    night = small_night()
    night.sign("0001", 2)
    night.add("voix.csv", "0002", "voix", 1, choice=CURIE)
    del night.exports[export_file("0A11")]
    night.publish("0004").counts["Nuls"] += 1
    night.exports["photo.png"] = b"\x89PNG\r\n\x1a\n" + bytes(100)
    return night


def gap_night() -> Night:
    night = small_night()
    night.sign("0001", 2)
    night.row("pv.csv", "0001")["observations"] = "Écart de deux."
    return night


def as_json(cli: CommandLine, *arguments: str | Path) -> dict[str, Any]:
    document = cli.document("verify", *arguments, code=None)
    VALIDATOR.validate(document)
    assert isinstance(document, dict)
    return document


# Exit codes


@pytest.mark.parametrize(
    ("night", "least", "code"),
    [
        (small_night, None, 0),
        (small_night, "error", 0),
        (small_night, "warning", 0),
        (small_night, "never", 0),
        (gap_night, None, 0),
        (gap_night, "error", 0),
        (gap_night, "warning", 1),
        (gap_night, "never", 0),
        (damaged_night, None, 1),
        (damaged_night, "error", 1),
        (damaged_night, "warning", 1),
        (damaged_night, "never", 0),
    ],
)
def test_exit_codes(night: Any, least: str | None, code: int, cli: CommandLine) -> None:
    folder = night().write()
    cli("verify", folder, *(("--fail-on", least) if least else ()), code=code)


def test_nothing_given(cli: CommandLine) -> None:
    cli("verify", code=2)
    assert cli.err == "regard verify: give a folder or at least one file\n"
    cli("verify", "--lang", "fr", code=2)
    assert cli.err == "regard verify : donner un dossier ou au moins un fichier\n"


@pytest.mark.parametrize("option", ["", "--pv", "--voix", "--emargements", "--published", "--exports"])
def test_what_does_not_exist(tmp_path: Path, cli: CommandLine, option: str) -> None:
    missing = tmp_path / "nothing"
    cli("verify", *([option] if option else []), missing, code=2)
    assert cli.err == f"regard verify: {missing}: does not exist\n"
    assert cli.out == ""


def test_an_empty_folder(tmp_path: Path, cli: CommandLine) -> None:
    cli("verify", tmp_path, code=2)
    assert re.fullmatch(r"regard verify: [^\n]+\n", cli.err)
    assert cli.out == ""


@pytest.mark.parametrize("option", ["--pv", "--voix", "--emargements", "--published", "--exports"])
def test_nothing_but_a_picture(cli: CommandLine, option: str) -> None:
    picture = new_file("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(300))
    cli("verify", option, picture, code=2)
    assert re.fullmatch(r"regard verify: [^\n]+\n", cli.err)
    assert "picture.png" in cli.err or option == "--exports"


def test_a_report_that_cannot_be_written(tmp_path: Path, cli: CommandLine) -> None:
    folder = small_night().write()
    cli("verify", folder, "--json", tmp_path / "no" / "such.json", code=2)
    assert "there is no folder" in cli.err


def test_wrong_usage(cli: CommandLine) -> None:
    for arguments in (["--fail-on", "info"], ["--lang", "de"], ["--pv"], ["--nothing"]):
        cli("verify", *arguments, code=2)


# JSON and CSV


@pytest.mark.parametrize("make", [small_night, gap_night, damaged_night])
def test_json_is_as_the_schema_says(cli: CommandLine, make: Any, language: str) -> None:
    folder = make().write()
    document = as_json(cli, folder, "--lang", language)
    assert document["language"] == language
    for severity, name in (("error", "errors"), ("warning", "warnings"), ("info", "infos")):
        assert document["summary"][name] == sum(one["severity"] == severity for one in document["findings"])
    known = document["coverage"]["rules"]
    assert not set(known["checked"]) & set(known["not_checked"])


def test_json_of_damaged_and_partial_evidence(cli: CommandLine) -> None:
    night = small_night(polls=2, by_constituency=True)
    night.row("pv.csv", "0001")["votes_trouves"] = ""
    night.row("pv.csv", "0002")["nuls"] = "x"
    night.raw["election.toml"] = b"\xff"
    night.exports[export_file("0001")] = b"?"
    folder = night.write()
    as_json(cli, folder)
    as_json(cli, "--pv", folder / "pv.csv")
    as_json(cli, "--published", folder / PUBLISHED)
    as_json(cli, "--exports", folder / "exports")


def test_the_schema_is_a_schema_and_rejects_what_it_does_not_know(cli: CommandLine) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = as_json(cli, damaged_night().write())
    document["findings"][0]["left"] = document["findings"][0]["left"]["value"]
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(document)


@pytest.mark.parametrize(
    ("language", "conclusion", "steps"),
    [("fr", "Dans les bureaux", "Votes au-delà des émargements"), ("en", "In the bureaux", "Votes beyond")],
)
def test_sentences_in_the_details_are_in_the_language_asked_for(
    cli: CommandLine, language: str, conclusion: str, steps: str
) -> None:
    night = small_night()
    night.sign("0001", -1)
    document = as_json(cli, night.write(), "--lang", language)
    [found] = [one for one in document["findings"] if one["code"] == "V501"]
    details = found["details"]
    assert details["verdict"] == "not material"  # a word for programs
    assert details["conclusion"].startswith(conclusion)
    assert steps in details["steps"]
    assert f"{details['conclusion']} {details['steps']}" in found["message"]


@pytest.mark.parametrize(
    ("language", "left_out", "unused", "joint"),
    [
        ("fr", "= votes trouvés, probablement ; 1 ligne sans bureau ni", "] non utilisé", " ; "),
        ("en", "= votes found, probably; 1 row without bureau and figures left out / [", "] not used", "; "),
    ],
)
def test_what_was_read_as_what_is_said_in_the_language_asked_for(
    tmp_path: Path, cli: CommandLine, language: str, left_out: str, unused: str, joint: str
) -> None:
    table = "Commune|N° bureau|Émargements|Votants\nA|'0001|5|6\nLu et approuvé|||\n"
    (tmp_path / "pv.xlsx").write_bytes(samples.workbook({"PV": table, "Notes": "Lire ceci\n"}))
    arguments = ("--pv", tmp_path / "pv.xlsx", "--lang", language)
    used = as_json(cli, *arguments)["inputs"][0]
    in_json = used["note"]
    cli("verify", *arguments, "--csv", "-", "--verbose", code=None)
    rows = csv.DictReader(cli.out.removeprefix("\ufeff").splitlines(), delimiter={"fr": ";", "en": ","}[language])
    [row] = [row for row in rows if row["code"] == "input"]
    assert row["message"] == f"{in_json}{joint}{used['why']}"
    assert used["used"] == "part"
    assert left_out in in_json
    assert in_json.endswith(unused)
    assert left_out in cli.complained


def test_an_absence_is_null_and_never_a_number(cli: CommandLine) -> None:
    night = small_night()
    night.add("pv.csv", "0001", "nuls", 1)
    night.row("pv.csv", "0001")["emargements"] = ""
    night.row("pv.csv", "0001")["votes_trouves"] = ""
    night.drop("emargements.csv", "0001")
    document = as_json(cli, night.write())
    [found] = [one for one in document["findings"] if one["code"] == "R209"]
    assert (found["left"]["value"], found["right"]["value"], found["details"]["gap"]) == (1, None, None)


def test_only_json_on_standard_output(cli: CommandLine) -> None:
    cli("verify", damaged_night().write(), "--json", "-", code=1)
    assert json.loads(cli.out)["tool"] == "regard"
    assert "To be settled" in cli.err  # the summary is still there to be read


def test_only_csv_on_standard_output(tmp_path: Path, cli: CommandLine) -> None:
    cli("verify", damaged_night().write(), "--csv", "-", "--json", tmp_path / "f.json", code=None)
    rows = list(csv.DictReader(io.StringIO(cli.out.removeprefix("\ufeff"), newline="")))
    document = json.loads((tmp_path / "f.json").read_bytes())
    assert [row["code"] for row in rows] == [
        *(one["code"] for one in document["findings"]),
        *("input" for _ in document["inputs"]),
    ]
    for row, found in zip(rows, document["findings"], strict=False):
        value = found["left"]["value"]
        assert row["left_value"] == ("" if value is None else str(value))
        assert row["message"] == found["message"]


@pytest.mark.parametrize(
    ("options", "start"),
    [
        (("--lang", "fr"), b"\xef\xbb\xbfcase;code;severity;"),
        (("--lang", "en"), b"\xef\xbb\xbfcase,code,severity,"),
    ],
)
def test_the_csv_is_what_the_spreadsheets_of_the_language_open(
    tmp_path: Path, options: tuple[str, ...], start: bytes, cli: CommandLine
) -> None:
    folder, one, many = damaged_night().write(), tmp_path / "one.csv", tmp_path / "many.csv"
    for _ in range(2):  # and regard knows it as its own
        cli("verify", folder, "--csv", one, *options, code=None)
    cli("verify", folder, folder, "--csv", many, "--workers", "1", *options, code=None)
    assert one.read_bytes().startswith(start)
    night = b"night" + start[-1:]
    assert many.read_bytes().startswith(start.replace(b"case", night + b"case"))
    rows = csv.reader(io.StringIO(one.read_bytes().decode("utf-8-sig"), newline=""), delimiter=start[-1:].decode())
    assert len({len(row) for row in rows}) == 1


def test_every_input_is_named_with_its_sha256(cli: CommandLine) -> None:
    folder = damaged_night().write()
    named = {used["path"]: used["sha256"] for used in as_json(cli, folder)["inputs"]}
    there = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert named == there


def test_the_truth_of_a_simulated_night_is_never_opened(cli: CommandLine) -> None:
    night = small_night()
    night.raw["verite.csv"] = b"\0"
    document = as_json(cli, night.write())
    [used] = [used for used in document["inputs"] if used["path"] == "verite.csv"]
    assert (used["sha256"], used["used"], used["why"]) == (None, "none", "never opened: no evidence")
    assert document["summary"]["errors"] == 0


def test_evidence_is_never_changed(tmp_path: Path, cli: CommandLine) -> None:
    def state(folder: Path) -> dict[str, tuple[bytes, int]]:
        return {
            str(path): (path.read_bytes() if path.is_file() else b"", path.stat().st_mtime_ns)
            for path in [folder, *folder.rglob("*")]
        }

    folder = damaged_night().write(tmp_path / "night")
    before = state(folder)
    for path in folder.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    cli("verify", folder, "--json", tmp_path / "f.json", "--csv", tmp_path / "f.csv", code=None)
    assert state(folder) == before
    written = ["f-cases.csv", "f-inputs.csv", "f.csv", "f.json", "night"]
    assert sorted(path.name for path in tmp_path.iterdir()) == written


# Hostile names and cells


def hostile_night() -> Night:
    night = small_night()
    for row in night.tables["voix.csv"]:
        row["choix"] = f"=cmd|' /C calc'!A0{ESCAPE}" if row["choix"] == CURIE else row["choix"]
    night.tables["pv.csv"].append(night.row("pv.csv", "0001") | {"bureau": f"@SUM(1){ESCAPE}", "insee": f"+1{ESCAPE}"})
    night.tables["univers.csv"].append(
        night.row("univers.csv", "0001") | {"bureau": f"=1{ESCAPE}", "insee": f"-2{ESCAPE}", "commune": ESCAPE}
    )
    night.row("pv.csv", "0002")["blancs"] = f"=1+1{ESCAPE}"
    night.exports[f"=a{ESCAPE}.esf"] = b"?"
    night.exports["\udcff\udcfe.esf"] = b"?"
    night.exports["[red]bold[-].esf"] = b"?"
    return night


FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def test_nothing_in_a_file_reaches_the_terminal_as_a_command(cli: CommandLine, language: str) -> None:
    cli("verify", hostile_night().write(), "--lang", language, code=1)
    assert not FORBIDDEN.search(cli.out)
    assert cli.err == ""


def test_nor_where_there_is_nothing_to_check(tmp_path: Path, cli: CommandLine) -> None:
    folder = tmp_path / "night"
    folder.mkdir()
    put_text(folder / f"publie.{ESCAPE}", f"{ESCAPE};x\n1;2\n")
    put_text(folder / "pv.csv", f"insee,{ESCAPE}\n")
    put_text(folder / "election.toml", f'"{ESCAPE}')
    for given in ((folder,), (tmp_path / ESCAPE,), ("--pv", folder / "pv.csv")):
        cli("verify", *given, code=2)
        assert not FORBIDDEN.search(cli.err)
        assert cli.out == ""


def test_no_cell_of_the_csv_is_a_formula(tmp_path: Path, cli: CommandLine) -> None:
    cli("verify", hostile_night().write(), "--csv", tmp_path / "f.csv", code=None)
    rows = list(csv.reader(io.StringIO((tmp_path / "f.csv").read_text("utf-8"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'=") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [cell for cell in cells if FORBIDDEN.search(cell)]


def test_hostile_names_are_valid_json(cli: CommandLine) -> None:
    document = as_json(cli, hostile_night().write())
    assert any("\udcff" in used["path"] for used in document["inputs"])
    assert any("\x1b" in found["bureau"] or "\x1b" in found["left"]["source"] for found in document["findings"])


# Terminals, pipes, languages


def in_terminal(*arguments: str | Path, **environment: str) -> str:
    """Run the program on a pseudo-terminal; returns its output."""
    control, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "regard", "verify", *map(str, arguments)],
        cwd=ROOT,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "en_GB.UTF-8"} | environment,
    )
    os.close(terminal)
    shown = b""
    while select.select([control], [], [], HANG)[0]:
        try:
            more = os.read(control, 65536)
        except OSError:
            break
        if not more:
            break
        shown += more
    os.close(control)
    assert process.wait(HANG) == 1, shown
    return shown.decode().replace("\r\n", "\n")


def piped(*arguments: str | Path, **environment: str) -> str:
    command = [sys.executable, "-m", "regard", "verify", *arguments]
    out, err = run(command, 1, cwd=ROOT, env={"PATH": os.environ["PATH"]} | environment)
    assert err == ""
    return out


COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-7]")
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.mark.check(6)
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_terminal_of_any_width(width: int, language: str) -> None:
    folder = damaged_night().write()
    shown = in_terminal(folder, "--verbose", "--lang", language, COLUMNS=str(width))
    assert COLOUR.search(shown)
    # progress, where it took long, comes back to the start of its line
    lines = re.split("[\r\n]", CODES.sub("", shown))
    assert max(map(len, lines)) <= min(width, 110)
    assert "Traceback" not in shown
    for code in ("C101", "I101", "R204", "R207", "T301", "R202"):
        assert code in shown


@pytest.mark.check(3)
def test_no_colours_where_they_are_not_wanted() -> None:
    folder = damaged_night().write()
    assert not COLOUR.search(in_terminal(folder, NO_COLOR="1"))
    assert "\x1b" not in in_terminal(folder, TERM="dumb")
    assert "\x1b" not in piped(folder)


@pytest.mark.check(3)
def test_a_pipe_is_as_wide_as_columns_says() -> None:
    folder = damaged_night().write()
    assert piped(folder, COLUMNS="80") == piped(folder)
    assert max(map(len, piped(folder, COLUMNS="60").splitlines())) <= 60


@pytest.mark.parametrize(
    ("environment", "arguments", "language"),
    [
        ({}, (), "en"),
        ({"LANG": "fr_FR.UTF-8"}, (), "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US.UTF-8"}, (), "en"),
        ({"LANG": "en_US.UTF-8", "REGARD_LANG": "fr"}, (), "fr"),
        ({"LANG": "fr_FR.UTF-8"}, ("--lang", "en"), "en"),
        ({"LANG": "C"}, ("--lang=fr",), "fr"),
    ],
)
def test_languages(
    cli: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    arguments: tuple[str, ...],
    language: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    cli("verify", damaged_night().write(), *arguments, code=None)
    assert ("À éclaircir" in cli.out) == (language == "fr")
    assert ("To be settled" in cli.out) == (language == "en")


def test_output_that_cannot_show_accents_does_not_fail() -> None:
    folder = damaged_night().write()
    assert "A eclaircir" in piped(folder, PYTHONIOENCODING="ascii", LANG="C", REGARD_LANG="fr")


# Golden files: what people see. To make them anew after a change that was meant: REGARD_GOLDEN=write


@pytest.mark.parametrize(("name", "make"), [("clean", small_night), ("damaged", damaged_night)])
def test_the_summary(
    tmp_path: Path,
    cli: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    make: Any,
    language: str,
) -> None:
    make().write(tmp_path / "night")
    monkeypatch.chdir(tmp_path)
    cli("verify", "night", "--lang", language, code=None)
    golden = GOLDEN / f"verify-{name}.{language}.txt"
    if os.environ.get("REGARD_GOLDEN") == "write":
        put_text(golden, cli.out)
    assert cli.out == golden.read_text("utf-8")
