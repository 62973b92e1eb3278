"""I, integrity: each code with a case in which it fires and one in which it does not."""

from pathlib import Path

import pytest

from protocol.export.record import MAGIC
from protocol.urn.image import SPANS, Section, slot_bytes
from regard.language import show
from tests.protocol.export.records import changed, checked
from tests.sources import new_file, put_text
from tests.verify.evidence.test_by_itself import fail_in, raising
from tests.verify.night_builder import (
    CURIE,
    INSEE,
    LOVELACE,
    PUBLISHED,
    ZOLA,
    Night,
    audited,
    export_file,
    export_place,
    findings,
    grave,
    only,
    quiet,
    says,
    small_night,
)
from tests.verify.night_urn_images import FILE as URN
from tests.verify.night_urn_images import FREE, A, complement, night_with_urn, put, slot_where, urn_image
from verify.align import lining_up
from verify.model.findings import Finding, Severity
from verify.rules import CHECKS

NAME = export_file("0001")
FILE = f"exports/{NAME}"


def test_i101(night: Night) -> None:
    night.exports["photo.png"] = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
    wanted = MAGIC.hex(" ")
    found = night.fires(
        "I101", "", ("exports/photo.png@0", "89 50 4e 47 0d 0a 1a 0a"), ("exports/photo.png", wanted), poll=0
    )
    assert found.level == "file"


def test_i101_for_a_bureau_by_the_name_of_the_file(night: Night) -> None:
    night.exports[NAME] = b"insee,bureau\n"
    night.fires(
        "I101", "0001", (f"{FILE}@0", "69 6e 73 65 65 2c 62 75"), (FILE, MAGIC.hex(" "))
    )  # and not that it has no export


def test_i102(night: Night) -> None:
    night.exports[NAME] = changed(night.exports[NAME], "format_version", 2)
    night.fires("I102", "0001", (f"{FILE}@0", "00 02"), (FILE, "1"))
    night.exports[NAME] = changed(night.exports[NAME], "format_version", 1)
    night.only()


def test_i102_for_a_record_of_another_length(night: Night) -> None:
    night.exports[NAME] = changed(night.exports[NAME], "format_version", 2) + bytes(24)
    night.fires("I102", "0001", (f"{FILE}@0", "version 2"), (FILE, "version 1"))


@pytest.mark.parametrize(("size", "at"), [(575, 575), (8, 8), (1, 0), (0, 0)])
def test_i103_cut_short(night: Night, size: int, at: int) -> None:
    night.exports[NAME] = night.exports[NAME][:size]
    [found] = night.only("I103" if size in (575, 8, 0) else "I101")
    assert (found.insee, found.bureau, found.left.source) == (INSEE, "0001", f"{FILE}@{at}")


def test_i103(night: Night) -> None:
    night.exports[NAME] += b"\r\n"
    night.fires(
        "I103", "0001", (f"{FILE}@576", "0d 0a"), (FILE, "the end of the file")
    )  # and the export itself is used
    night.exports[NAME] = night.exports[NAME][:576]
    night.only()


def test_i103_for_a_record_that_states_another_length(night: Night) -> None:
    night.exports[NAME] = changed(night.exports[NAME], "record_length", 577)
    [found] = night.only("I103")
    assert (found.bureau, found.left.value) == ("0001", "02 41")


def test_i104(night: Night) -> None:
    data = bytearray(night.exports[NAME])
    data[259] ^= 4  # in the first tally
    night.exports[NAME] = bytes(data)
    night.fires(
        "I104", "0001", (f"{FILE}@0", data[572:].hex().upper()), (FILE, checked(bytes(data))[572:].hex().upper())
    )  # and nothing else is lost
    night.exports[NAME] = checked(bytes(data))
    night.quiet("I104")


def test_i104_is_one_finding_a_file_however_many_records_are_spoilt(night: Night) -> None:
    batch = bytearray(b"".join(night.exports.values()))
    for record in (0, 2):
        batch[576 * record + 300] ^= 1
    night.exports = {"all.esf": bytes(batch)}
    found, *lost = night.only("I104", "C101", "C101")
    assert (found.left.source, found.insee, found.details["times"]) == ("exports/all.esf@0", "", 2)
    assert [one.bureau for one in lost] == ["0001", "0003"]  # a second machine's export was lost


@pytest.mark.parametrize("at", [0, 5, 9, 11, 50, 130, 147, 200, 260, 515, 575])
def test_one_bit_anywhere_is_one_finding_and_loses_nothing_else(night: Night, at: int) -> None:
    data = bytearray(night.exports[NAME])
    data[at] ^= 1
    night.exports[NAME] = bytes(data)
    code = "I101" if at < 8 else "I102" if at < 10 else "I103" if at < 12 else "I104"
    [found] = night.only(code)
    assert (found.insee, found.bureau) == (INSEE, "0001")


def test_i105(night: Night) -> None:
    night.exports[NAME] = changed(night.exports[NAME], "reserved", b"\1", 59)
    night.fires(
        "I105", "0001", (f"{FILE}@0", "not zero"), ("format", "zero"), Severity.WARNING
    )  # and it counts: its checksum is right


def test_i111(night: Night) -> None:
    names = list(night.exports)
    first, second, *rest = night.exports.values()
    night.exports = {"all.esf": b"".join((first, b"?" * 7, second, *rest))}
    found = night.fires(
        "I111", "", ("exports/all.esf@576", "3f " * 7 + "89"), ("exports/all.esf", MAGIC.hex(" ")), poll=0
    )  # and every export was found
    assert found.details == {"times": 1, "bytes": 7}

    night.exports = {"all.esf": b"".join((first, second[:300], *rest))}
    damaged, lost = night.only("I103", "C101")
    assert (damaged.left.source, lost.bureau) == ("exports/all.esf@876", "0002")

    night.exports = dict(zip(names, (first, second, *rest), strict=True))
    night.quiet("I111")


@pytest.mark.parametrize(
    ("name", "value", "place", "expected", "got"),
    [
        ("cast", 2**28, 0, "0 to 268435455", str(2**28)),
        ("round", 3, 0, "1 to 2", "3"),
        ("date", 20220431, 0, "a date as YYYYMMDD", "20220431"),
        ("choices", 65, 0, "1 to 64", "65"),
        ("tallies", 1, 12, "zero beyond the number of choices", "1"),
        ("bureau", b"00\0" + b"1", 0, "printable ASCII, then zeros only", "30 30 00 31 00 00 00 00"),
    ],
)
def test_i112(night: Night, name: str, value: int | bytes, place: int, expected: str, got: str) -> None:
    night.exports[NAME] = changed(night.exports[NAME], name, value, place)
    found = night.fires("I112", "0001", (f"{FILE}@0", got), (FILE, expected))
    assert found.field == name


def test_i112_not_for_the_largest_value_that_is_allowed(night: Night) -> None:
    night.exports[NAME] = changed(night.exports[NAME], "enablings", 2**28 - 1)
    night.quiet("I112")


def test_i113(night: Night) -> None:
    night.row("pv.csv", "0002")["blancs"] = "dix-sept"
    wanted = "a whole number from 0 up, or nothing"
    found = night.fires("I113", "0002", ("pv.csv:3", "“dix-sept”"), ("pv.csv", wanted))
    assert (found.level, found.field) == ("bureau", "blancs")


@pytest.mark.parametrize("file", ["pv.csv", "emargements.csv", "voix.csv"])
def test_i113_names_the_bureau_of_a_cell_and_the_commune_of_several(night: Night, file: str) -> None:
    column = {"pv.csv": "votes_trouves", "emargements.csv": "inscrits", "voix.csv": "voix"}[file]
    night.row(file, "0002")[column] = "4?2"
    [found] = night.only("I113")
    assert (found.insee, found.bureau, found.poll) == (INSEE, "0002", 1)
    night.row(file, "0001")[column] = "illisible"
    [found] = night.only("I113")
    assert (found.insee, found.bureau) == (INSEE, "")
    assert (found.details["times"], found.level) == (2, "file")


def test_a_row_of_two_polls_that_cannot_be_read_is_of_its_bureau() -> None:
    night = small_night(polls=2)
    night.row("pv.csv", "0002", poll=2)["blancs"] = "?"
    [found] = night.only("I113")
    assert (found.bureau, found.poll) == ("0002", 2)


def test_i113_is_one_finding_a_file_and_column(night: Night) -> None:
    for bureau in ("0001", "0002", "0004"):
        night.row("pv.csv", bureau)["blancs"] = "-1"
    night.row("pv.csv", "0001")["cloture"] = "19 heures"
    first, second = night.only("I113", "I113")
    assert {first.field: first.details["times"], second.field: second.details["times"]} == {"blancs": 3, "cloture": 1}


def test_i113_for_votes_for_no_choice_in_two_bureaux_is_one_finding_of_none(night: Night) -> None:
    for bureau in ("0001", "0002"):
        night.row("voix.csv", bureau, choice=LOVELACE)["choix"] = "BABBAGE Charles"
    place = night.place("voix.csv", "0001", choice="BABBAGE Charles")
    found = night.fires("I113", "", (place, "BABBAGE Charles (103)"), ("choix.csv", f"{ZOLA}; {CURIE}; {LOVELACE}"))
    assert found.details["times"] == 2


def test_i113_not_for_a_choice_written_otherwise(night: Night) -> None:
    for row in night.tables["voix.csv"]:
        row["choix"] = {ZOLA: "Émile ZOLA", CURIE: "Mme CURIE", LOVELACE: "ada lovelace"}[row["choix"]]
    night.only()


def test_i113_for_a_poll_that_there_is_not(night: Night) -> None:
    night.row("emargements.csv", "0004")["scrutin"] = "un"
    bad, lacks = night.only("I113", "C105")
    says(bad, "I113", "", ("emargements.csv:5", "“un”"), ("emargements.csv", "a poll of this day: 1"), poll=0)
    assert "il fallait un scrutin de ce jour : 1 ; le fichier contient : « un »." in show("fr", bad.message)
    assert "expected a poll of this day: 1, found “un”." in show("en", bad.message)
    assert lacks.bureau == "0004"


def test_i114(night: Night) -> None:
    night.tables["pv.csv"] += [dict(night.row("pv.csv", bureau)) for bureau in ("0001", "0002")]
    found = night.fires("I114", "", ("pv.csv:7", f"{INSEE} 0001 again"), ("pv.csv", "each bureau once"), poll=0)
    assert f"found {INSEE} 0001 again, {INSEE} 0002 in row 8. Another row is used." in show("en", found.message)
    small_night(polls=2).quiet("I114")  # a row for each poll is none too many


def test_a_bureau_twice_in_a_file_with_other_figures_is_one_finding_and_one_case(night: Night) -> None:
    night.tables["pv.csv"].append(night.row("pv.csv", "0001") | {"blancs": "99"})
    night.fires("R226", "0001", ("pv.csv:2", 20), ("pv.csv:7", 99))  # the first row is used, and both figures are told
    night.tables["pv.csv"] += [night.row("pv.csv", "0001") | {"blancs": "98"}, dict(night.row("pv.csv", "0002"))]
    result = night.run()
    first, second, same = only(result, "R226", "R226", "I114")  # a third row as well; and what is no other figure
    says(first, "R226", "0001", ("pv.csv:2", 20), ("pv.csv:7", 99))
    says(second, "R226", "0001", ("pv.csv:2", 20), ("pv.csv:8", 98))
    says(same, "I114", "", ("pv.csv:9", f"{INSEE} 0002 again"), ("pv.csv", "each bureau once"), poll=0)
    assert [(case.cause.name, case.piece) for case in result.cases if case.severity > Severity.INFO] == [
        ("two-versions", "pv"),
        ("row-doubled", "pv"),
    ]
    used = next(used for used in result.inputs if used.path == "pv.csv")
    assert "3 rows or cells that could not be used" in show("en", used.why)


@pytest.mark.parametrize("file", ["univers.csv", "emargements.csv"])
def test_i114_in_other_files(night: Night, file: str) -> None:
    night.tables[file].append(dict(night.row(file, "0001")))
    [found] = night.only("I114")
    assert found.left.source == f"{file}:7"


def test_i114_for_a_choice(night: Night) -> None:
    night.tables["voix.csv"].append(dict(night.row("voix.csv", "0001", choice=ZOLA)))
    named = f"{INSEE} 0001, “{ZOLA}” again"
    night.fires("I114", "", ("voix.csv:17", named), ("voix.csv", "each choice once a bureau"), poll=0)


def test_all_choices_of_a_bureau_twice_are_named_as_so_many_rows_of_it(night: Night) -> None:
    rows = [dict(row) for row in night.tables["voix.csv"] if row["bureau"] == "0001"]
    night.tables["voix.csv"] += rows
    [found] = night.only("I114")
    assert f"found {INSEE} 0001, “{rows[0]['choix']}” again, and 2 more rows." in show("en", found.message)


def test_of_a_choice_twice_with_other_votes_the_first_row_is_used_and_both_are_told(night: Night) -> None:
    night.tables["voix.csv"].append(night.row("voix.csv", "0001", choice=ZOLA) | {"voix": "7"})
    night.fires("R226", "0001", ("voix.csv:2", 301), ("voix.csv:17", 7))


def test_i114_in_the_published_file(night: Night) -> None:
    night.published[PUBLISHED].append(night.publish("0001"))
    again = f"{INSEE} 0001 again, as in row 2"
    night.fires("I114", "", (f"{PUBLISHED}:7", again), (PUBLISHED, "each bureau once"), poll=0)


def test_nothing_of_a_damaged_export_is_counted(night: Night) -> None:
    night.exports[NAME] = night.exports[NAME][:400] + b"\1" + night.exports[NAME][401:]
    evidence = night.load()
    assert evidence.exports is not None
    assert evidence.exports.counts.cast.values[:, 0].tolist()[0] < 0
    assert export_place("0002") == "exports/77001-0002-1-1.esf@0"
    assert night.infos("C104") == []


def of_urn(night: Night, code: str) -> Finding:
    """The finding of a code about the urn of bureau 0001; its broken seals fire as well."""
    found = grave(night.run())
    assert {one.code for one in found} <= {code, "I106", "M103"}
    assert {(one.insee, one.bureau) for one in found} == {(INSEE, "0001")}
    return next(one for one in found if one.code == code)


@pytest.mark.parametrize("section", [Section.ZERO_CHECKS, Section.LOG, Section.CHOICES])
def test_i106(section: Section) -> None:
    def damage(image: bytearray) -> None:
        image[SPANS[section][1] - 1] ^= 1

    found = night_with_urn(damage).fires("I106", "0001", (URN, "fails"), (URN, "good"), poll=0)
    assert found.field == section.name.lower()
    night_with_urn().quiet("I106")


def test_i107_repaired() -> None:
    def damage(image: bytearray) -> None:
        slot = slot_where(image, lambda raw: raw != FREE)
        put(image, slot, bytes(image[A + 4 * slot : A + 4 * slot + 4]), bytes(4))

    found = of_urn(night_with_urn(damage), "I107")
    says(found, "I107", "0001", (URN, 1), (URN, 0), Severity.WARNING, poll=0)
    night_with_urn(damage).quiet("M103")  # it still counts


def test_i107() -> None:
    def damage(image: bytearray) -> None:
        put(image, slot_where(image, lambda raw: raw != FREE), b"\1\2\3\4", bytes(4))

    night = night_with_urn(damage)
    found = of_urn(night, "I107")
    says(found, "I107", "0001", (URN, 1), (URN, 0), poll=0)
    assert found.details["got"] == "01 02 03 04 / 00 00 00 00"
    assert any(one.code == "M103" for one in night.run().findings)
    night_with_urn().quiet("I107")


def test_i108() -> None:
    def damage(image: bytearray) -> None:
        put(image, slot_where(image, FREE.__eq__), slot_bytes(1, 9), complement(slot_bytes(1, 9)))

    says(of_urn(night_with_urn(damage), "I108"), "I108", "0001", (URN, 1), (URN, 0), poll=0)
    night_with_urn().quiet("I108")


def test_i109() -> None:
    def damage(image: bytearray) -> None:
        image[SPANS[Section.MARKS][0] + 100] = 0xFE

    says(of_urn(night_with_urn(damage), "I109"), "I109", "0001", (URN, 1), (URN, 0), poll=0)
    night_with_urn().quiet("I109")


def test_i110() -> None:
    def damage(image: bytearray) -> None:
        put(image, slot_where(image, FREE.__eq__), b"\1\2\xff\xff", FREE)

    found = of_urn(night_with_urn(damage), "I110")
    says(found, "I110", "0001", (URN, 1), (URN, 0), poll=0)
    assert found.details["got"] == "01 02 ff ff / ff ff ff ff"
    night_with_urn().quiet("I110")


@pytest.mark.parametrize(("content", "code"), [(b"", "I103"), (b"\0" * 65536, "I101"), (b"?" * 70000, "I103")])
def test_another_file_in_the_place_of_a_module(night: Night, content: bytes, code: str) -> None:
    night.raw[URN] = content
    [found] = night.only(code)
    assert found.left.source.startswith(URN)


@pytest.mark.parametrize("kept", [0, 700, 65_535])
def test_a_cut_image_is_told_of_its_bureau_and_not_as_missing_too(kept: int) -> None:
    night = night_with_urn()
    night.raw[URN] = urn_image()[:kept]
    result = night.run()
    [found] = [one for one in result.findings if URN in one.left.source or (one.code, one.bureau) == ("C113", "0001")]
    assert (found.code, found.insee, found.bureau, found.level) == ("I103", INSEE, "0001", "bureau")


def test_i120(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lining_up, "_votes", raising(MemoryError()))
    [found] = small_night().only("I120")
    assert (found.left.source, found.left.value, found.level) == ("voix.csv", "MemoryError", "file")
    assert "voix.csv could not be checked: MemoryError" in show("en", found.message)
    assert "voix.csv n'a pas pu être contrôlé : MemoryError" in show("fr", found.message)
    monkeypatch.undo()
    small_night().quiet("I120")


def test_i121(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_in(monkeypatch, next(one for one in CHECKS if one.codes == ("M101",)), IndexError("out of bounds"))
    [found] = small_night().only("I121")
    assert (found.field, found.left.value, found.level) == ("M101", "IndexError: out of bounds", "nation")
    assert "M101 could not be applied to all of the evidence: IndexError" in show("en", found.message)
    assert "M101 n'a pas pu être appliquée à toutes les pièces : IndexError" in show("fr", found.message)
    monkeypatch.undo()
    small_night().quiet("I121")


def test_i122() -> None:
    folder = small_night().write()
    empty = new_file("empty.csv", "Bureau;Émargements;Votes trouvés\n0001;;\n")
    result = audited(folder, records=(folder / "pv.csv", empty))
    [found] = only(result, "I122")
    assert (found.left.source, found.level) == (str(empty), "file")
    assert "nothing of it is used: nothing filled in" in show("en", found.message)
    quiet(audited(folder, records=(folder / "pv.csv",)), "I122")


def test_i113_says_what_else_cannot_be_read(tmp_path: Path) -> None:
    rows = "".join(f"Essai;{number};1000;70O;700\n" for number in range(1, 12))
    put_text(tmp_path / "pv.csv", f"Commune;Bureau;Inscrits;Émargements;Votants\n{rows}")
    result = audited(records=(tmp_path / "pv.csv",))
    [found] = findings(result, "I113")
    assert "found “70O”, the same in rows 3, 4, 5, 6, 7, 8, 9, 10" in str(found.message)
    assert str(found.message).endswith(", and 2 more rows.")
    assert found.details["times"] == 11
