"""`regard lab inspect`: what a person sees of a dump, whole or damaged. Golden files in `golden/`.

After a wanted change: ``REGARD_GOLDEN=write python -m pytest tests/regard/test_inspect.py``, and read the difference.
"""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.export import record as export
from protocol.export.record import RecordVerdict
from regard.cli import main
from regard.reports.record_fields import SHORT, VERDICTS
from tests.programs import HANG
from tests.protocol.export.records import FROZEN, changed, checked, frozen
from tests.protocol.urn.module_images import example
from tests.regard.calling import CommandLine
from tests.sources import new_file, put_text

GOLDEN = Path(__file__).parent / "golden"
ONE, TWO, THREE = (frozen(name) for name in FROZEN)
BAD = changed(changed(changed(ONE, "poll", 9), "bureau", b"\x1b[31m\0x"), "tallies", 5, 16)[:572] + b"abcd"
IMAGE = example()

CASES = {
    "one": ("one.esf", ONE, 0),
    "batch": ("batch.esf", ONE + TWO + THREE + b"junk" + changed(ONE, "round", 7) + ONE[:100], 1),
    "cut": ("cut.esf", ONE[:301], 1),
    "wrong": ("wrong.esf", BAD, 1),
    "no-magic": ("no-magic.esf", b"\0" + ONE[1:], 1),
    "picture": ("picture.esf", b"\x89PNG\r\n\x1a\n" + bytes(range(200)), 1),
    "empty": ("empty.esf", b"", 1),
    "image": ("urn.urn", IMAGE, 0),
    "image-cut": ("cut.urn", IMAGE[:700], 1),
    "image-wrong": ("wrong.urn", IMAGE[:0x8005] + bytes([IMAGE[0x8005] & 0xFB ^ 1]) + IMAGE[0x8006:], 1),
}


def inspect(path: Path, *options: str) -> list[str]:
    return ["lab", "inspect", str(path), "--verbose", *options]


@pytest.mark.parametrize("name", CASES)
def test_what_is_seen(
    name: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine
) -> None:
    file, data, code = CASES[name]
    monkeypatch.chdir(tmp_path)
    Path(file).write_bytes(data)
    cli(*inspect(Path(file), "--lang", language), code=code)
    golden = GOLDEN / f"inspect-{name}.{language}.txt"
    if os.environ.get("REGARD_GOLDEN") == "write":
        golden.write_bytes(cli.out.encode())
    assert cli.out.encode() == golden.read_bytes()


@pytest.mark.parametrize("name", ["urn.urn", "without a known ending"])
def test_an_image_that_lost_its_mark_is_still_an_image(name: str, tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / name).write_bytes(b"\0" + IMAGE[1:])
    cli(*inspect(tmp_path / name, "--lang", "en"), code=1)
    out = cli.out
    assert "Module image, version 1" in out
    assert "what the town hall programmed [FAILS]" in out
    assert "not an export" not in out


@pytest.mark.parametrize("name", CASES)
def test_it_fits_in_80_columns_and_is_plain_in_a_pipe(name: str) -> None:
    for language in ("fr", "en"):
        text = (GOLDEN / f"inspect-{name}.{language}.txt").read_text("utf-8")
        assert all(len(line) <= 80 and line == line.rstrip() for line in text.split("\n"))
        assert "\x1b" not in text


def test_every_byte_of_a_record_is_shown_and_every_field_named() -> None:
    text = (GOLDEN / "inspect-one.en.txt").read_text("utf-8")
    shown = []
    lines = text.splitlines()
    for line in lines[next(at for at, line in enumerate(lines) if line.startswith(" offset")) + 1 :]:
        cell = line[9:32].strip()
        shown.append(bytes(int(cell[5:])) if " x " in cell else bytes.fromhex(cell) if line[:33].strip() else b"")
    assert b"".join(shown) == ONE
    assert all(name in text for name in export.MEANING)


def test_one_record_of_a_batch(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "batch.esf").write_bytes(ONE + TWO)
    cli(*inspect(tmp_path / "batch.esf", "--record", "2", "--lang", "en"))
    assert "record 2, byte 576: the bytes are intact, which says nothing about the content" in cli.out
    assert "    708  30 31 2E 31 00 00 00 00  bureau: 01.1 (code of the bureau de vote:" in cli.out


@pytest.mark.parametrize(
    ("number", "said"),
    [("0", "a whole number from 1"), ("3", "record 3: there are 2"), ("-1", "a whole number from 1")],
)
def test_a_record_that_is_not_there(number: str, said: str, tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "batch.esf").write_bytes(ONE + TWO)
    cli(*inspect(tmp_path / "batch.esf", f"--record={number}", "--lang", "en"), code=2)
    assert said in cli.err


def test_the_first_screen_of_a_damaged_batch_has_what_is_wrong(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "batch.esf").write_bytes(changed(ONE, "poll", 0) * 3 + b"junk")
    cli("lab", "inspect", tmp_path / "batch.esf", code=1)
    assert "4 things that could not be read" in cli.out
    assert len(cli.out.splitlines()) <= 40


def test_what_cannot_be_read_is_a_sentence(tmp_path: Path, cli: CommandLine) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    with (tmp_path / "huge.esf").open("wb") as file:
        file.truncate(10 * 2**30)
    for name in ("none.esf", "pipe", "circle", "huge.esf", "."):
        for language in ("fr", "en"):
            cli(*inspect(tmp_path / name, "--lang", language), code=2)
            assert cli.out == ""
            assert len(cli.err.splitlines()) == 1


def test_a_hostile_name_and_text_cannot_write_on_the_screen(cli: CommandLine) -> None:
    path = new_file("a\x1b]0;title\x07\u202e\n.esf", changed(ONE, "model", b"\x1b[2J\x9b1m"))
    cli(*inspect(path, "--lang", "en"), code=1)
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(cli.out)


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals")
@pytest.mark.parametrize("plain", [False, True])
def test_colours_are_for_a_terminal_that_wants_them(plain: bool, tmp_path: Path) -> None:
    (tmp_path / "bad.esf").write_bytes(BAD)
    import pty

    above, below = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"TERM": "xterm-256color"} | ({"NO_COLOR": "1"} if plain else {})
    command = [sys.executable, "-m", "regard", *inspect(tmp_path / "bad.esf", "--lang", "en")]
    with subprocess.Popen(command, stdout=below, env=environment, cwd=Path(__file__).parents[2]) as process:
        os.close(below)
        seen = b""
        try:
            while more := os.read(above, 65536):
                seen += more
        except OSError:  # Linux says so when the other end is closed
            pass
        assert process.wait(HANG) == 1, seen
    os.close(above)
    assert b"poll: 9" in seen
    assert (b"\x1b[1;31m" in seen) is not plain


def test_every_word_is_there_in_both_languages() -> None:
    assert set(VERDICTS) == set(SHORT) == set(RecordVerdict)
    for words in (export.MEANING, VERDICTS, SHORT):
        assert all(map(str, words.values()))


@settings(max_examples=60)
@given(
    st.one_of(
        st.binary(max_size=700),
        st.tuples(st.integers(0, 575), st.binary(max_size=40)).map(
            lambda edit: ONE[: edit[0]] + edit[1] + ONE[edit[0] + len(edit[1]) :]
        ),
        st.tuples(st.integers(8, 571), st.binary(max_size=40)).map(
            lambda edit: checked((ONE[: edit[0]] + edit[1] + ONE[edit[0] + len(edit[1]) :])[:576])
        ),
        st.tuples(st.integers(0, 3000), st.binary(max_size=40)).map(
            lambda edit: IMAGE[: edit[0]] + edit[1] + IMAGE[edit[0] + len(edit[1]) :]
        ),
    ),
    st.sampled_from(["fr", "en"]),
)
def test_any_bytes_are_shown(tmp_path: Path, data: bytes, language: str) -> None:
    (tmp_path / "any").write_bytes(data)
    assert main(inspect(tmp_path / "any", "--lang", language)) in (0, 1)


def test_a_picture_of_the_memory_marks_each_slot_that_fails_in_both_banks(tmp_path: Path, cli: CommandLine) -> None:
    image = bytearray(IMAGE)
    image[0x8000:0x8400] = bytes(range(256)) * 4  # more odd slots than the screen lists
    (tmp_path / "urn.urn").write_bytes(image)
    cli("lab", "inspect", tmp_path / "urn.urn", "--svg", tmp_path / "map.svg", code=1)
    assert "Choix A" in cli.out
    picture = ElementTree.parse(tmp_path / "map.svg").getroot()  # noqa: S314 - written by regard
    rows = [each.attrib for each in picture.iter("{http://www.w3.org/2000/svg}rect") if each.get("y")]
    wrong = sum(int(row["width"]) for row in rows if row["fill"] == "#c0341d" and row["height"] == "6")
    assert wrong // 12 >= 2 * 250
    assert {"first copy of the votes", "second copy of the votes", "counters"} <= {
        str(each.text).split(",")[0] for each in picture if each.tag[-4:] == "text"
    }


def test_a_vote_that_neither_copy_has_is_said_beside_the_machines_own_count(tmp_path: Path, cli: CommandLine) -> None:
    data = bytearray(IMAGE)
    for bank in (0x8000, 0xC000):
        data[bank : bank + 4] = b"\x5a" * 4
    (tmp_path / "urn.urn").write_bytes(data)
    cli("lab", "inspect", tmp_path / "urn.urn", code=1)
    assert "1 vote readable in neither copy and not counted" in cli.said
    assert "counted again: 2 (the votes in the image), 3 (the machine's closing entry)" in cli.said


def test_a_picture_is_of_a_module_image(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "one.esf").write_bytes(ONE)
    cli("lab", "inspect", tmp_path / "one.esf", "--svg", tmp_path / "map.svg", code=2)
    assert "module images only" in cli.err
    assert not (tmp_path / "map.svg").exists()


@pytest.mark.parametrize(
    ("start", "name"),
    [
        ('<?xml version="1.0"?><Cvr xmlns="http://tempuri.org/CVRDesign.xsd"></Cvr>', "Hart Verity"),
        ("RowNumber,BoxID,BoxPosition,BallotID,PrecinctID\n1,1,1,1,1\n", "Clear Ballot"),
        ('\ufeff"Cast Vote Record","Precinct","Ballot Style"\n1,A,B\n', "ES&S"),
        ('<?xml version="1.0"?><cdf:CastVoteRecordReport xmlns:cdf="urn:x">', "NIST SP 1500-103"),
        ("<CastVoteRecordReport><Manufacturer>Unisyn Voting Solutions</Manufacturer>", "Unisyn"),
    ],
)
@pytest.mark.parametrize("command", [["lab", "inspect"], ["totals"], ["verify"], ["results"]])
def test_formats_that_are_not_read_are_called_by_name(
    command: list[str], start: str, name: str, tmp_path: Path, cli: CommandLine
) -> None:
    put_text(tmp_path / "cvr", start)
    assert name in cli(*command, tmp_path / "cvr", code=2)
