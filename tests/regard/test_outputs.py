"""Outputs of commands: never over inputs, never through a link; one that fails takes no other along."""

import hashlib
import json
import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol import files
from protocol.files import Output
from protocol.output_refusals import OutputRefused
from regard.cli import main
from regard.outputs import Outputs
from tests.programs import run
from tests.protocol.urn.module_images import example
from tests.regard.calling import CommandLine
from tests.regard.test_verify_night import damaged_night, plain_environment
from tests.sources import ROOT, put_text
from tests.verify.night_builder import small_night

__all__ = ["plain_environment"]  # a fixture

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")


@pytest.fixture
def night() -> Path:
    return damaged_night().write()


def digests(folder: Path) -> dict[str, str]:
    """Every file, with the SHA-256 of what stands there."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def regard(*arguments: str | Path) -> int:
    return main([*map(str, arguments), "--lang", "en"])


def spelt(command: list[str | Path]) -> str:
    """A command as a sentence on it begins: those of a group with its name."""
    return " ".join(map(str, command[: 2 if command[0] in ("lab", "study") else 1]))


def test_no_report_replaces_what_is_read(night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.urn").write_bytes(example())
    other = small_night().write(tmp_path / "other")
    pv, publie, image, thresholds = (
        night / "pv.csv",
        night / "publie.txt",
        tmp_path / "m.urn",
        other.with_name("t.toml"),
    )
    thresholds.write_text("votes_per_hour = 150\n")
    commands: list[list[str | Path]] = [
        ["verify", "--pv", pv, "--csv", pv],
        ["verify", night, "--json", pv],
        ["verify", night, "--csv", publie],
        ["verify", night, "--json", tmp_path / "night" / "exports" / ".." / "pv.csv"],
        ["verify", night, "--thresholds", thresholds, "--json", thresholds],
        ["verify", night, "--other-round", other, "--json", other / "pv.csv"],
        ["verify", night, other, "--json", other / "pv.csv"],
        ["verify", night, other, "--csv", night / "new.csv"],
        ["verify", "--published", publie, "--exports", night / "exports", "--csv", night / "exports" / "new.csv"],
        ["results", publie, "--json", publie],
        ["results", "--compare", publie, publie, "--json", publie],
        ["study", "precision", night, "--json", pv],
        ["study", "precision", night, "--json", night / "new.json"],
        ["study", "score", night, "--json", night / "pv.csv"],
        ["lab", "export", image, "-o", image, "--force"],
    ]
    (night / "verite.csv").write_text("faute,insee,bureau,scrutin,piece,champ,effet,detail\n")
    before = digests(tmp_path)
    for command in commands:
        for force in ([], ["--force"]):
            if force and (command[0] in ("results", "lab") or "new" in str(command[-1])):
                continue
            assert regard(*command, *force) == 2, command
            shown = capsys.readouterr()
            assert shown.err.startswith(f"regard {spelt(command)}: "), command
            assert shown.err.count("\n") == 1
            assert shown.out == ""  # said before the work, not after
            assert digests(tmp_path) == before, command


def test_a_new_file_among_the_evidence_takes_force(night: Path, cli: CommandLine) -> None:
    cli("verify", night, "--json", night / "new.json", code=2)
    assert "--force" in cli.err
    before = digests(night)
    cli("verify", night, "--json", night / "new.json", "--force", code=1)
    after = digests(night)
    assert json.loads((night / "new.json").read_bytes())["tool"] == "regard"
    assert {path: digest for path, digest in after.items() if path in before} == before
    cli("verify", night, "--json", night / "new.json", "--force", code=2)
    assert digests(night) == after


@POSIX
def test_what_is_no_regular_file_is_left_as_it_is(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.urn").write_bytes(example())
    target = tmp_path / "target"
    target.write_bytes(b"evidence")
    (tmp_path / "link").symlink_to(target)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    commands: list[list[str | Path]] = [
        ["verify", night, "--json"],
        ["verify", night, "--csv"],
        ["verify", night, night, "--json"],
        ["results", night / "publie.txt", "--json"],
        ["study", "precision", night, "--json"],
        ["export", tmp_path / "m.urn", "-o"],
    ]
    for command in commands:
        for name, said in (("link", "a link"), ("pipe", "a pipe"), ("folder", "a folder"), ("/dev/null", "a device")):
            assert regard(*command, tmp_path / name) == 2, command
            assert said in capsys.readouterr().err
    assert target.read_bytes() == b"evidence"
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "pipe").is_fifo()
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--json", ""], "--json: give the name of a file"),
        (["--json", "-", "--csv", "-"], "--json, --csv: only one of them can be standard output"),
        (["--json", "a.json", "--csv", "./a.json"], "--json and --csv name the same file"),
        (["--json", "none/a.json"], "there is no folder none"),
    ],
)
def test_outputs_that_cannot_be_meant(
    options: list[str],
    said: str,
    night: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cli: CommandLine,
) -> None:
    monkeypatch.chdir(tmp_path)
    for nights in ([night], [night, night]):
        cli("verify", *nights, *options, code=2)
        assert said in cli.err
        assert cli.out == ""
    assert not list(tmp_path.glob("*.json"))


@POSIX
def test_standard_output_that_is_closed_is_said(night: Path) -> None:
    script = f"'{sys.executable}' -m regard verify \"$0\" --json - --lang en >&-"
    _, said = run(["bash", "-c", script, str(night)], 2)
    assert said == "regard verify: --json -: standard output is closed: name a file\n"


@pytest.mark.check(4)
@POSIX
@pytest.mark.parametrize("several", [False, True])
def test_a_report_that_fails_takes_no_other_along(night: Path, tmp_path: Path, several: bool) -> None:
    nights = [night, night] if several else [night]
    options: list[str | Path] = ["--json", tmp_path / "a.json", "--csv", tmp_path / "a.csv"]
    script = "ulimit -f $0; trap '' XFSZ; exec \"$@\" --lang en --workers 1"
    command = [sys.executable, "-m", "regard", "verify", *nights, *options]
    summary, _ = run(["bash", "-c", script, "unlimited", *command], 1)
    sizes = {path.suffix: path.stat().st_size for path in tmp_path.glob("a.*")}
    limit = sizes[".csv"] // 1024 + 1
    assert sizes[".json"] > limit * 1024
    for path in tmp_path.glob("a.*"):
        path.unlink()
    shown, said = run(["bash", "-c", script, str(limit), *command], 2)
    assert shown == summary
    assert "a.json" in said or "File too large" in said
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".json" and "package" not in path.name] == []
    assert (tmp_path / "a.csv").stat().st_size == sizes[".csv"]


def test_two_runs_into_one_file(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    with Output(tmp_path / "a.json"):
        cli("verify", night, "--json", tmp_path / "a.json", code=2)
    assert "another process" in cli.err
    cli("verify", night, "--json", tmp_path / "a.json", code=1)


def test_what_renders_badly_takes_no_other_along(
    night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine
) -> None:
    def broken(*_: object) -> Iterator[str]:
        raise ZeroDivisionError("x")

    monkeypatch.setattr("regard.reports.json_report._finding_lines", broken)
    monkeypatch.delenv("REGARD_TRACEBACK", raising=False)
    cli("verify", night, "--json", tmp_path / "a.json", "--csv", tmp_path / "a.csv", code=2)
    assert " cases." in cli.out
    assert "ZeroDivisionError" in cli.err
    assert (tmp_path / "a.csv").is_file()
    assert not (tmp_path / "a.json").exists()


@POSIX
def test_names_of_outputs_are_printed_clean(tmp_path: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "x\x1b[2J\x07"
    (tmp_path / "m.urn").write_bytes(example())
    fewest = ["--communes", "34192", "--faults", "none"]
    commands = [
        ["export", "m.urn", "-o", name],
        ["export", "m.urn", "-o", f"{name}/y"],
        ["template", f"{name}2"],
        ["simulate", f"{name}3", *fewest],
        ["simulate", f"{name}3", *fewest],
        ["verify", f"{name}3", "--json", f"{name}/y"],
        ["verify", f"{name}3", "--json", f"{name}.json"],
        ["verify", f"{name}4"],
    ]
    for command in commands:
        cli(*command, code=None)
        assert "\x1b" not in cli.out + cli.err, command
        assert "\x07" not in cli.out + cli.err, command


def test_a_scheduler_goes_with_several_nights(night: Path, cli: CommandLine) -> None:
    cli("verify", night, "--scheduler", "tcp://127.0.0.1:9", code=2)
    assert (cli.out, cli.err) == ("", "regard verify: --scheduler goes with several folders only\n")


def test_a_night_is_not_written_over_what_it_is_replayed_from(tmp_path: Path, cli: CommandLine) -> None:
    night = tmp_path / "night"
    cli("simulate", night, "--communes", "34192", "--faults", "none", "--workers", "1")
    before = digests(night)
    (tmp_path / "list.csv").symlink_to(night / "univers.csv")
    outside = tmp_path / "pr22_t1.txt"
    outside.write_bytes((night / "publie.txt").read_bytes())
    machines: list[str | Path] = ["--machines", tmp_path / "list.csv"]
    for published, more in ((night / "publie.txt", machines[:0]), (outside, machines)):
        date = ["--date", "2022-04-10"]
        cli("replay", published, night, "--force", *date, *more, code=2)
        assert "the folder that is to be written" in cli.err
    assert digests(night) == before


def reports(night: Path, folder: Path) -> list[list[str | Path]]:
    """Every command that writes a report, with its file as the last word."""
    scored = folder / "scored"
    nights: list[list[str | Path]] = [["verify", night], ["verify", night, night]]
    tables = [[*words, option, folder / f"{len(words)}{option}"] for words in nights for option in ["--xlsx"]]
    assert regard("simulate", scored, "--communes", "34192", "--faults", "none", "--workers", "1") == 0
    return [
        ["verify", night, "--json", folder / "one.json"],
        ["verify", night, "--csv", folder / "one.csv"],
        ["verify", night, night, "--json", folder / "many.json"],
        ["verify", night, night, "--csv", folder / "many.csv"],
        *tables,
        ["results", night / "publie.txt", "--json", folder / "results.json"],
        ["results", "--compare", night / "publie.txt", night / "publie.txt", "--json", folder / "compared.json"],
        ["study", "precision", night, "--json", folder / "precision.json"],
        ["study", "score", scored, "--json", folder / "score.json"],
    ]


@pytest.mark.check(11)
def test_only_what_regard_wrote_is_replaced_without_being_asked(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in reports(night, tmp_path):
        target = Path(command[-1])
        target.write_bytes(b"")  # with nothing in it, as `mktemp` makes it
        first = regard(*command)
        written = target.read_bytes()
        assert first in (0, 1), command
        assert regard(*command) == first, command  # its own report is
        assert target.read_bytes() == written
        capsys.readouterr()
        target.write_bytes(b"the only copy of my thesis")
        assert regard(*command) == 2, command
        shown = capsys.readouterr()
        assert shown.err == (
            f"regard {spelt(command)}: {target} is there already and is not regard's: name another file, or replace it "
            "with --force\n"
        )
        assert shown.out == ""  # said before the work
        assert target.read_bytes() == b"the only copy of my thesis"
        assert regard(*command, "--force") == first, command
        assert target.read_bytes() == written


def writing(night: Path, folder: Path) -> list[list[str | Path]]:
    """Commands that write; the last word is what they write."""
    (folder / "m.urn").write_bytes(example())
    put_text(folder / "town.csv", "Bureau;Inscrits\n1;900\n")
    reports = {"--json": "a.json", "--csv": "a.csv", "--xlsx": "a.xlsx", "--report": "a.html"}
    return [
        ["verify", night, *(word for option, name in reports.items() for word in (option, folder / name))],
        ["plan", folder / "town.csv", "--days", "50", "--report", folder / "plan.html"],
        ["template", folder / "tables"],
        ["keys", "new", "-o", folder / "key"],
        ["live", night, "--speed", "0", "--store", folder / "store"],
        ["seal", night, "--key", folder / "key", "-o", folder / "sealed"],
        ["export", folder / "m.urn", "-o", folder / "a.esf"],
    ]


@POSIX
def test_a_full_disk_is_said_and_leaves_nothing(
    night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The system takes so many bytes of a file and no more; libraries hide that behind errors of their own."""
    import resource

    temporary, room = tmp_path / "temporary", 20
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    commands = writing(night, tmp_path)
    before = digests(tmp_path)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    for command in commands:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, limit[1]))
        try:
            code = regard(*command)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        said = capsys.readouterr().err
        assert code == 2, (command, said)
        assert "bug" not in said, (command, said)
        assert digests(tmp_path) == before, command
        assert str(command[-1]) in said
        assert regard(*command) in (0, 1), (command, capsys.readouterr())  # the same command, when there is room
        capsys.readouterr()
        before = digests(tmp_path)


def test_what_takes_the_place_of_an_output_meanwhile_is_left_as_it_is(night: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    with Outputs({"--json": target}) as outputs:
        target.write_bytes(b"the only copy of my thesis")
        outputs.write("--json", lambda: b"{}")
        assert outputs.end(Namespace(command="verify", lang="en"), 0) == 2
    assert target.read_bytes() == b"the only copy of my thesis"


@pytest.mark.parametrize("first", ["matrice.md", "matrix.md", "matrix.csv"])
def test_the_matrix_replaces_itself_only(first: str, tmp_path: Path) -> None:
    ours = ROOT / "docs" / "studies" / first
    (tmp_path / first).write_bytes(ours.read_bytes())
    with Outputs({first: tmp_path / first}) as outputs:
        assert outputs.wants(first)
    (tmp_path / first).write_bytes(b"# The matrix of somebody else\n")
    with pytest.raises(OutputRefused):
        Outputs({first: tmp_path / first})


@pytest.mark.parametrize("several", [False, True])
def test_a_disk_that_gives_back_other_bytes_keeps_every_report_from_its_name(
    several: bool, night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine
) -> None:
    options = ("--json", "--csv")
    targets = [tmp_path / f"a{option}" for option in options]
    words = [word for pair in zip(options, targets, strict=True) for word in pair]
    nights = [night, night] if several else [night]
    monkeypatch.setattr(files, "hash_stored", lambda file: "0" * 64)
    cli("verify", *nights, *words, "--workers", "1", code=2)
    assert (
        cli.err.count("the disk gives back other bytes than were written") == len(options) + 2
    )  # and what stands beside CSV and Parquet
    assert not [target for target in targets if target.exists()]
