"""Exports and module images as dumps: the votes counted, what was checked of them, and each that is not counted."""

from pathlib import Path

import pytest

from protocol.dumps.checks import CheckVerdict, DumpCheck
from protocol.dumps.layouts import LAYOUTS, DumpReading
from protocol.dumps.tallies import TallyKind
from protocol.urn.limits import locate
from tests.protocol.export.records import changed, frozen
from tests.protocol.urn.module_images import closed
from tests.protocol.urn.module_violations import changed as changed_image
from tests.protocol.urn.module_violations import put, whole

LAYOUT = {layout.name: layout for layout in LAYOUTS}
ONE, PART = frozen("presidential"), changed(frozen("presidential"), "part", 2)


def read(name: str, folder: Path, **files: bytes) -> DumpReading:
    for stem, content in files.items():
        (folder / stem).write_bytes(content)
    return LAYOUT[name].read(sorted(folder.iterdir()))


def made(reading: DumpReading) -> list[tuple[str, CheckVerdict, int]]:
    return [(check.code, check.verdict, check.times) for check in reading.checks]


def votes(reading: DumpReading, kind: TallyKind) -> list[int]:
    rows = reading.tallies.rows
    return list(rows["votes"][rows["kind"] == kind].tolist())


def test_parts_of_a_day_are_added_and_their_roll_is_not(tmp_path: Path) -> None:
    reading = read("esf1-export", tmp_path, a=ONE, b=PART)
    assert votes(reading, TallyKind.CHOICE) == [898, 624]
    assert votes(reading, TallyKind.BLANK) == [80]
    assert [choice.name for choice in reading.tallies.choices] == ["1", "2"]
    assert reading.tallies.counts[["registered", "ballots"]].tolist() == [(1207, 1602)]
    assert [contest.name for contest in reading.tallies.contests] == ["2022-presidentielle tour 2"]
    assert made(reading) == [("I104", CheckVerdict.HOLDS, 2), ("M101", CheckVerdict.HOLDS, 2)]
    assert not reading.problems


def test_contests_of_several_polls_have_their_number_and_no_faulty_record_makes_several(tmp_path: Path) -> None:
    faulty = changed(changed(ONE, "poll", 2), "round", 3)
    [contest] = read("esf1-export", tmp_path, a=ONE + faulty).tallies.contests
    assert contest.name == "2022-presidentielle tour 2"
    both = read("esf1-export", tmp_path, a=ONE + frozen("departmental")).tallies.contests
    assert [each.name.partition(" tour ")[2] for each in both] == ["2 scrutin 1", "1 scrutin 2 29-08"]


def test_what_does_not_add_up_and_what_is_not_counted_is_named(tmp_path: Path) -> None:
    unlike, cut = changed(ONE, "blank", 41), ONE[:-1] + b"\0"
    reading = read("esf1-export", tmp_path, a=unlike + cut, b=changed(changed(ONE, "round", 3), "part", 0), c=ONE[:100])
    assert made(reading) == [("I104", CheckVerdict.HOLDS, 2), ("M101", CheckVerdict.FAILS, 1)]
    failed: DumpCheck = reading.checks[1]
    assert (failed.unit, failed.left, failed.right) == ("77513/0004", "802", "801")
    assert [bool(file.taken_for) for file in reading.files] == [True, False, False]
    said = {(Path(problem.file).name, str(problem.expected), str(problem.got)) for problem in reading.problems}
    whole = "a record without fault at byte 576", "a checksum that is not that of its bytes"
    assert ("a", *whole) in said
    assert ("b", "1 to 2 in the field round of the record at byte 0", "3") in said
    assert {name for name, *_ in said} == {"a", "b", "c"}


def test_images_are_counted_with_their_labels_and_failing_sections_named(tmp_path: Path) -> None:
    good = closed(3, 2, voters=10).image()
    wrong = bytearray(closed(3, 2, voters=10, serial="U-2").image())
    wrong[0x500:0x504] = b"\0\1\2\3"
    reading = read("esf1-urn", tmp_path, a=good, b=bytes(wrong), c=b"short")
    assert made(reading) == [
        ("I106", CheckVerdict.FAILS, 1),
        ("I106", CheckVerdict.HOLDS, 1),
        ("M103", CheckVerdict.HOLDS, 4),
    ]
    assert str(reading.checks[0].text) == "checksum: log"
    assert Path(reading.checks[0].source).name == "b"
    assert sum(votes(reading, TallyKind.CHOICE) + votes(reading, TallyKind.BLANK)) == 2 * 2 * 9
    assert [choice.name for choice in reading.tallies.choices] == [f"Choix {number}" for number in (1, 2, 3, 1, 2)]
    assert [bool(file.taken_for) for file in reading.files] == [True, True, False]
    assert [Path(problem.file).name for problem in reading.problems] == ["c"]


def test_a_choice_that_the_closing_entry_has_more_of_than_are_stored_is_named(tmp_path: Path) -> None:
    place = locate("closing.polls.tallies", (1, 0))[1]
    more = put(place, (99).to_bytes(4, "big"))
    sealed, damaged = changed_image(more, checksums=False), bytearray(whole())
    more(damaged)
    [differs] = [each for each in read("esf1-urn", tmp_path, a=sealed).checks if each.verdict is CheckVerdict.FAILS]
    assert (differs.code, str(differs.text), str(differs.right)) == ("M103", "poll 2, Choix 1, counted again", "99")
    codes = made(read("esf1-urn", tmp_path, a=bytes(damaged)))
    assert codes == [("M103", CheckVerdict.NOT_CHECKED, 1), ("I106", CheckVerdict.FAILS, 1)]


@pytest.mark.parametrize(
    ("layout", "ending", "head"), [("esf1-export", "ESF", ONE), ("esf1-urn", "Urn", closed(1).image())]
)
def test_a_dump_is_known_by_its_mark_or_by_its_ending(layout: str, ending: str, head: bytes) -> None:
    recognise = LAYOUT[layout].recognise
    assert recognise(head[:4096], "x.bin")
    assert recognise(b"", f"x.{ending}")
    assert not recognise(b"", "x.bin")
