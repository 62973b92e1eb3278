"""C, completeness: each code with a case in which it fires and one in which it does not."""

import dataclasses
from pathlib import Path

import pytest

from protocol import civil_time
from protocol.export import record as export
from protocol.quantities import quantity_of
from protocol.words import Message, cited, msg
from regard.language import show
from tests.verify.night_builder import (
    CURIE,
    DAY,
    INSEE,
    LOVELACE,
    OTHER_INSEE,
    PUBLISHED,
    ZOLA,
    Night,
    export_file,
    export_place,
    grave,
    infos,
    only,
    quiet,
    says,
    small_night,
)
from tests.verify.night_urn_images import FILE as URN_FILE
from tests.verify.night_urn_images import night_with_urn
from verify.model.figures import BLANK
from verify.model.findings import Severity
from verify.model.rule_results import Side

INFO = Severity.INFO


def test_the_clean_night_has_neither_errors_nor_warnings(tmp_path: Path) -> None:
    for polls, by_constituency in ((1, False), (1, True), (2, False), (2, True), (5, True)):
        only(small_night(polls, by_constituency).run(tmp_path))


def test_c101(tmp_path: Path) -> None:
    night = small_night()
    place = night.place("univers.csv", "0001")
    del night.exports[export_file("0001")]
    [found] = only(night.run(tmp_path), "C101")
    says(found, "C101", "0001", (place, "0001"), ("exports", None))

    night.incomplete()
    result = night.run(tmp_path)
    only(result)
    says(infos(result, "C101")[0], "C101", "0001", (place, "0001"), ("exports", None), INFO)


def test_c101_counts_the_machines_of_the_sealing_record(tmp_path: Path) -> None:
    night = small_night()
    del night.exports[export_file("0003", part=2)]
    [found] = only(night.run(tmp_path), "C101")  # and half a day's votes are held against nothing
    says(found, "C101", "0003", (night.place("univers.csv", "0003"), "0003"), ("exports", None))

    night = small_night()
    del night.exports[export_file("0003", part=1)]
    assert [one.bureau for one in only(night.run(tmp_path), "C101")] == ["0003"]


def test_c101_is_silent_where_the_damaged_file_is_named_for_the_bureau(tmp_path: Path) -> None:
    night = small_night()
    name = export_file("0001")
    night.exports[name] = night.exports[name][:-1]
    assert [one.bureau for one in only(night.run(tmp_path), "I103")] == ["0001"]


def test_c101_asks_each_poll_and_no_paper_bureau(tmp_path: Path) -> None:
    night = small_night(polls=2)
    del night.exports[export_file("0002", poll=2)]
    [found] = only(night.run(tmp_path), "C101")
    says(found, "C101", "0002", (night.place("univers.csv", "0002"), "0002"), ("exports", None), poll=2)

    night = small_night()
    night.exports.clear()
    night.raw["exports/.keep"] = b""  # the folder is there, and empty
    assert [one.bureau for one in only(night.run(tmp_path), *["C101"] * 4)] == ["0001", "0002", "0003", "0A11"]


def test_c101_without_a_folder_of_exports(tmp_path: Path) -> None:
    night = small_night()
    night.exports.clear()
    assert [one.bureau for one in only(night.run(tmp_path), *["C101"] * 4)] == ["0001", "0002", "0003", "0A11"]
    night.incomplete()
    quiet(night.run(tmp_path), "C101")


def test_c102(tmp_path: Path) -> None:
    night = small_night()
    night.change_export("0001", bureau="1")
    night.exports["a copy.esf"] = night.exports.pop(export_file("0001"))
    [found] = only(night.run(tmp_path), "C102")  # and no C101 for the bureau that it names
    says(found, "C102", "1", ("exports/a copy.esf@0", f"{INSEE} 1"), ("univers.csv", "0001"), poll=0, insee=INSEE)


@pytest.mark.parametrize(
    ("insee", "bureau", "nearest"),
    [
        (INSEE, "1", "0001"),
        (INSEE, "000A", None),
        (INSEE, "00002", "0002"),
        (OTHER_INSEE, "0a11", "0A11"),
        (OTHER_INSEE, "A11", "0A11"),
        ("99999", "0001", None),
        (INSEE, "", None),
    ],
)
def test_c102_names_the_bureau_that_was_probably_meant(
    tmp_path: Path, insee: str, bureau: str, nearest: str | None
) -> None:
    night = small_night()
    night.change_export("0001", insee=insee, bureau=bureau)
    night.exports["one more.esf"] = night.exports[export_file("0001")]
    night.exports[export_file("0001")] = small_night().exports[export_file("0001")]
    [found] = only(night.run(tmp_path), "C102")
    assert (found.left.value, found.right.value) == (f"{insee} {bureau}", nearest)


def test_c102_needs_an_official_list(tmp_path: Path) -> None:
    night = small_night()
    night.raw["univers.csv"] = None
    quiet(night.run(tmp_path), "C102")


def test_c103(tmp_path: Path) -> None:
    night = small_night()
    night.exports["z.esf"] = night.exports[export_file("0001")]
    night.change_export("0001", blank=21, cast=627, voters=627, enablings=629)
    result = night.run(tmp_path)
    found = next(one for one in result.findings if one.code == "C103")
    says(found, "C103", "0001", (export_place("0001"), 627), ("exports/z.esf@0", 626))
    assert {one.code for one in result.findings} >= {"R201", "R208"}  # the first one counts
    quiet(result, "C104")


def test_c103_for_an_urn_that_was_exported_twice(tmp_path: Path) -> None:
    """Only the time of the export differs: what differs is named, and it is no error."""
    night = small_night()
    night.exports["z.esf"] = night.exports[export_file("0001")]
    night.change_export("0001", export=civil_time.seconds(DAY, 20))
    result = night.run(tmp_path)
    only(result)
    [found] = infos(result, "C103")
    shown = ("2022-04-10 20:00:00", "2022-04-10 19:10:00")
    says(found, "C103", "0001", (export_place("0001"), shown[0]), ("exports/z.esf@0", shown[1]), Severity.INFO)
    assert (found.field, found.details) == ("export", {"fields": 1})
    assert "export 2022-04-10 20:00:00, puis 2022-04-10 19:10:00" in show("fr", found.message)


@pytest.mark.parametrize(
    ("values", "field", "shown"),
    [
        ({"machine_seal": "X1"}, "machine_seal", ("X1", "S00011")),
        ({"opening": None}, "opening", (None, "2022-04-10 08:00:00")),
        ({"tallies": (300, 203, 103)}, "votes", (300, 301)),
    ],
)
def test_c103_names_what_differs(
    tmp_path: Path, values: dict[str, object], field: str, shown: tuple[object, object]
) -> None:
    night = small_night()
    night.exports["z.esf"] = night.exports[export_file("0001")]
    night.change_export("0001", **values)  # type: ignore[arg-type]
    found = next(one for one in grave(night.run(tmp_path)) if one.code == "C103")
    assert (found.field, found.left.value, found.right.value) == (field, *shown)


def test_c103_not_for_two_parts_or_two_polls_of_a_bureau(tmp_path: Path) -> None:
    result = small_night(polls=2).run(tmp_path)  # bureau 0003 has two machines
    quiet(result, "C103")
    quiet(result, "C104")


def test_c104(tmp_path: Path) -> None:
    night = small_night()
    night.exports["z.esf"] = night.exports[export_file("0001")]
    result = night.run(tmp_path)
    only(result)
    [found] = infos(result, "C104")
    says(found, "C104", "0001", (export_place("0001"), 626), ("exports/z.esf@0", 626), INFO)


def test_c104_within_one_batch_file(tmp_path: Path) -> None:
    night = small_night()
    batch = b"".join(night.exports.values())
    night.exports = {"all.esf": batch + batch[:576]}
    result = night.run(tmp_path)
    only(result)
    [found] = infos(result, "C104")
    says(found, "C104", "0001", ("exports/all.esf@0", 626), (f"exports/all.esf@{len(batch)}", 626), INFO)


@pytest.mark.parametrize(("code", "file"), [("C105", "emargements.csv"), ("C106", "pv.csv")])
def test_a_sheet_without_a_bureau(tmp_path: Path, code: str, file: str) -> None:
    night = small_night()
    night.drop(file, "0004")
    [found] = only(night.run(tmp_path), code)
    says(found, code, "0004", (night.place("univers.csv", "0004"), "0004"), (file, None))

    night.incomplete()
    result = night.run(tmp_path)
    only(result)
    assert [one.bureau for one in infos(result, code)] == ["0004"]

    night.tables[file].clear()
    night.election = small_night().election
    assert len([one for one in night.run(tmp_path).findings if one.code == code and one.severity > INFO]) == 5

    night.raw[file] = None  # not given at all: declared complete, so it lacks everywhere
    assert len([one for one in night.run(tmp_path).findings if one.code == code and one.severity > INFO]) == 5
    night.incomplete()  # not given at all, and nothing was promised: coverage says so
    quiet(night.run(tmp_path), code)


def test_c105(tmp_path: Path) -> None:
    night = small_night()
    night.row("emargements.csv", "0002")["emargements"] = ""  # left blank, which is not zero
    [found] = only(night.run(tmp_path), "C105")
    says(
        found,
        "C105",
        "0002",
        (night.place("univers.csv", "0002"), "0002"),
        (night.place("emargements.csv", "0002"), BLANK),
    )


def test_c106(tmp_path: Path) -> None:
    night = small_night(polls=2)
    night.drop("pv.csv", "0002", poll=2)
    [found] = only(night.run(tmp_path), "C106")
    says(found, "C106", "0002", (night.place("univers.csv", "0002"), "0002"), ("pv.csv", None), poll=2)


def test_c107(tmp_path: Path) -> None:
    night = small_night()
    night.published[PUBLISHED].remove(night.publish("0002"))
    [found] = only(night.run(tmp_path), "C107")
    assert found.right.source.endswith(PUBLISHED)
    says(found, "C107", "0002", (night.place("univers.csv", "0002"), "0002"), (PUBLISHED, None))

    night.incomplete()
    result = night.run(tmp_path)
    only(result)
    assert [one.bureau for one in infos(result, "C107")] == ["0002"]


def test_c107_not_for_a_commune_that_the_file_does_not_cover(tmp_path: Path) -> None:
    night = small_night()
    night.published[PUBLISHED].remove(night.publish("0A11"))
    [found] = only(night.run(tmp_path / "complete"), "C107")  # declared complete, it should have all of the list
    says(found, "C107", "0A11", (night.place("univers.csv", "0A11"), "0A11"), (PUBLISHED, None))
    night.incomplete()
    quiet(night.run(tmp_path / "a part"), "C107")


@pytest.mark.parametrize("file", ["emargements.csv", "pv.csv", "voix.csv"])
def test_c108(tmp_path: Path, file: str) -> None:
    night = small_night()
    for row in night.tables[file]:
        row["bureau"] = "1" if row["bureau"] == "0001" else row["bureau"]
    result = night.run(tmp_path)
    [found] = only(result, "C108")  # and not that the bureau has no row as well
    says(found, "C108", "0001", (f"{file}:2", f"{INSEE} 1"), ("univers.csv", "0001"), poll=0)


def test_c108_of_a_row_of_no_poll_of_the_day(tmp_path: Path) -> None:
    """The bureau that it probably means lacks nothing in any of the polls."""
    night = small_night(polls=2)
    row = night.row("emargements.csv", "0001") | {"bureau": "1", "scrutin": "3"}
    for poll in (1, 2):
        night.drop("emargements.csv", "0001", poll)
    night.tables["emargements.csv"].append(row)
    codes = [one.code for one in grave(night.run(tmp_path))]
    assert "C108" in codes
    assert "C105" not in codes


def test_c108_in_the_published_file(tmp_path: Path) -> None:
    night = small_night()
    night.publish("0002").bureau = "0022"
    [found] = only(night.run(tmp_path), "C108")
    says(found, "C108", "0002", (f"{PUBLISHED}:3", f"{INSEE} 0022"), ("univers.csv", "0002"), poll=0)


def test_c108_not_for_codes_that_lost_their_zeros_in_a_published_file(tmp_path: Path) -> None:
    night = small_night()
    for row in night.published[PUBLISHED]:
        row.bureau = row.bureau.lstrip("0")
    only(night.run(tmp_path))


@pytest.mark.parametrize("file", ["emargements.csv", "pv.csv", "voix.csv"])
def test_c108_not_where_a_spreadsheet_took_the_zeros_of_a_whole_file(tmp_path: Path, file: str) -> None:
    night = small_night()
    for row in night.tables[file]:
        row["bureau"] = row["bureau"].lstrip("0")
    result = night.run(tmp_path)
    only(result)
    [used] = [used for used in result.inputs if used.path == file]
    assert str(used.note) == "codes of bureaux without their zeros"


def test_c108_without_a_near_bureau(tmp_path: Path) -> None:
    night = small_night()
    night.tables["pv.csv"].append(night.row("pv.csv", "0001") | {"insee": "12345", "bureau": "zzz"})
    [found] = only(night.run(tmp_path), "C108")
    says(found, "C108", "zzz", ("pv.csv:7", "12345 zzz"), ("univers.csv", None), poll=0, insee="12345")


def test_c111(tmp_path: Path) -> None:
    night = small_night()
    night.drop("pv.csv", "0004")
    night.drop("voix.csv", "0004", choice=ZOLA)
    night.incomplete()
    found = {one.field: one for one in night.run(tmp_path).findings if one.code == "C111"}
    shown = {name: (one.left.value, one.right.value, one.left.source) for name, one in found.items()}
    assert shown == {
        "exports": (4, 4, "exports"),
        "emargements": (5, 5, "emargements.csv"),
        "pv": (4, 5, "pv.csv"),
        "voix": (5, 5, "voix.csv"),
        "publie": (5, 5, PUBLISHED),
    }
    assert {(one.severity, one.level, one.right.source) for one in found.values()} == {(INFO, "nation", "univers.csv")}


def test_c109(tmp_path: Path) -> None:
    night = small_night()
    night.change_export("0002", module_serial="U00011")
    for row in night.tables["univers.csv"]:
        row["module"] = ""  # so that nothing is held against the sealing record
    [found] = only(night.run(tmp_path), "C109")
    first, second = (export_place("0001"), f"{INSEE}/0001"), (export_place("0002"), f"{INSEE}/0002")
    says(found, "C109", "0002", first, second, poll=0)
    assert (found.field, found.details) == ("module_serial", {"serial": "U00011"})


def test_c109_not_for_two_polls_of_one_machine_nor_where_no_serial_is_known(tmp_path: Path) -> None:
    quiet(small_night(polls=2).run(tmp_path), "C109")
    night = small_night()
    for row in night.tables["univers.csv"]:
        row["machine"] = row["machine"] if row["bureau"] == "0003" else ""  # it tells how many machines there were
    for bureau in ("0001", "0002"):
        night.change_export(bureau, machine_serial="")
    quiet(night.run(tmp_path), "C109")


@pytest.mark.parametrize("name", ["TOTAL", "Total commune", "Sous-total", "ENSEMBLE", "totaux"])
def test_c110(tmp_path: Path, name: str) -> None:
    night = small_night()
    rows = night.tables["pv.csv"]
    counts = [name for name, cell in rows[0].items() if cell.isdigit() and name not in ("insee", "bureau", "scrutin")]
    sums = {column: str(sum(int(row[column]) for row in rows)) for column in counts}
    rows.append(rows[0] | sums | {"bureau": name})
    result = night.run(tmp_path)
    only(result)
    [found] = infos(result, "C110")
    assert not result.cases
    says(found, "C110", "", ("pv.csv:7", name), ("univers.csv", None), Severity.INFO, poll=0)
    assert found.level == "file"
    commune = f"{night.row('univers.csv', '0001')['commune']} ({INSEE})"
    assert f"pv.csv ligne 7 est une ligne de total ({name}, commune {commune}) et non un bureau" in show(
        "fr", found.message
    )
    rows[-1]["insee"] = "95637"  # of none of the list
    [found] = infos(night.run(tmp_path), "C110")
    assert f"({name}, commune 95637) and no bureau" in show("en", found.message)


def test_c110_not_for_a_code_that_only_contains_the_letters(tmp_path: Path) -> None:
    night = small_night()
    night.tables["pv.csv"].append(night.row("pv.csv", "0001") | {"bureau": "CROTOT"})
    result = night.run(tmp_path)
    quiet(result, "C110")
    only(result, "C108")


@pytest.mark.parametrize("change", [-1, 1])
def test_c112(tmp_path: Path, change: int) -> None:
    night = small_night()
    night.add("pv.csv", "0003", "votes_trouves", change)
    night.add("pv.csv", "0003", "exprimes", change)
    result = night.run(tmp_path)
    found = next(one for one in result.findings if one.code == "C112")
    says(found, "C112", "0003", (night.place("pv.csv", "0003"), 1044 + change), (export_place("0003"), 1044))
    assert (found.details["parts"], found.details["paper"]) == (2, 0)
    quiet(result, "R206")


def test_c113(tmp_path: Path) -> None:
    night = night_with_urn()
    result = night.run(tmp_path)
    only(result)
    assert [one.bureau for one in infos(result, "C113")] == ["0002", "0003", "0A11"]

    night.election = dataclasses.replace(night.election, complete=night.election.complete | {"modules"})
    found, *_ = only(night.run(tmp_path), "C113", "C113", "C113")
    says(found, "C113", "0002", (night.place("univers.csv", "0002"), "0002"), ("modules", None))


def test_c113_counts_the_machines_of_the_sealing_record(tmp_path: Path) -> None:
    """Two images of one part are one; a bureau sealed with two machines has to have two."""
    night = night_with_urn()
    night.raw["modules/copy.urn"] = night.raw[URN_FILE]
    assert "0001" not in {one.bureau for one in infos(night.run(tmp_path / "one"), "C113")}
    night.raw["univers.csv"] = night.files()["univers.csv"].replace(b",M00011,", b",M00011+M00012,")
    assert "0001" in {one.bureau for one in infos(night.run(tmp_path / "two"), "C113")}


def test_c114(tmp_path: Path) -> None:
    night = small_night(by_constituency=True)
    for row in night.tables["choix.csv"]:
        row["circonscription"] = row["circonscription"].replace("9201", "9202")
    [found] = only(night.run(tmp_path), "C114")
    says(found, "C114", "", (night.place("univers.csv", "0A11"), "9201"), ("choix.csv", "9202"), poll=1)
    assert (found.level, found.details["bureaux"]) == ("file", 1)
    assert "have not been checked" in str(found.message)
    quiet(small_night(by_constituency=True).run(tmp_path), "C114")


@pytest.mark.parametrize("file", ["univers.csv", "choix.csv"])
def test_c114_where_only_zeros_differ(tmp_path: Path, file: str) -> None:
    """Said once, as a warning, and everything is compared."""
    night = small_night(by_constituency=True)
    for name in ("univers.csv", "choix.csv"):
        for row in night.tables[name]:
            row["circonscription"] = ("0" if name != file else "") + row["circonscription"][1:]
    night.add("voix.csv", "0002", "voix", 1, choice="ZOLA7701 Émile")
    found = {one.code: one for one in grave(night.run(tmp_path)) if one.code != "C115"}
    assert set(found) == {"C114", "R207", "R210", "T301"}
    assert found["C114"].severity is Severity.WARNING
    assert "one is taken for the other" in str(found["C114"].message)
    assert "l'une est prise pour l'autre" in show("fr", found["C114"].message)


def test_c115(tmp_path: Path) -> None:
    night = small_night(by_constituency=True)
    place = night.change_export("0001", constituency="9201")
    [found] = only(night.run(tmp_path), "C115")
    says(found, "C115", "0001", (place, "9201"), (night.place("univers.csv", "0001"), "7701"))
    night.change_export("0001", constituency="7701")
    only(night.run(tmp_path))


@pytest.mark.parametrize("carried", ["1", "01", "7701", "", "07701"])
def test_c115_not_for_another_way_to_write_it(tmp_path: Path, carried: str) -> None:
    night = small_night(by_constituency=True)
    night.change_export("0001", constituency=carried)
    only(night.run(tmp_path))


def test_c107_for_every_bureau_without_any_published_file(tmp_path: Path) -> None:
    night = small_night()
    night.raw[PUBLISHED] = None
    found, *_ = only(night.run(tmp_path), *["C107"] * 5)
    says(found, "C107", "0001", (night.place("univers.csv", "0001"), "0001"), ("", None))
    night.incomplete()
    quiet(night.run(tmp_path), "C107")

    night = small_night(2)
    night.raw["publie.2.txt"] = None
    assert {one.poll for one in only(night.run(tmp_path), *["C107"] * 5)} == {2}


@pytest.mark.parametrize("file", ["pv.csv", "emargements.csv", PUBLISHED])
def test_no_lack_is_reported_where_the_whole_file_could_not_be_used(tmp_path: Path, file: str) -> None:
    night = small_night()
    night.raw[file] = b"\x89PNG"
    [found] = only(night.run(tmp_path), "I113")
    assert found.left.source.startswith(file)


def test_c116(tmp_path: Path) -> None:
    """All that names the poll is named at once, and nothing else is said of it."""
    night = small_night(2)
    night.election = dataclasses.replace(night.election, polls=night.election.polls[:1])
    night.raw["publie.2.txt"] = None
    [found] = only(night.run(tmp_path), "C116")
    says(found, "C116", "", ("choix.csv", "2"), ("election.toml", "1"), poll=2)
    assert found.level == "file"
    assert found.details["rows"] == "choix.csv (2), emargements.csv (5), pv.csv (5), voix.csv (10), exports (5)"
    quiet(small_night(2).run(tmp_path), "C116")


@pytest.mark.parametrize("file", ["pv.csv", "emargements.csv", "voix.csv"])
def test_c116_for_one_file(tmp_path: Path, file: str) -> None:
    """And not also that the bureaux of these rows lack them."""
    night = small_night()
    for row in night.tables[file]:
        row["scrutin"] = "3"
    [found] = only(night.run(tmp_path), "C116")
    says(found, "C116", "", (f"{file}:2", "3"), ("election.toml", "1"), poll=3)
    [used] = [used for used in night.run(tmp_path).inputs if used.path == file]
    assert used.used.value == "part"


def test_c116_for_an_election_of_another_poll(tmp_path: Path) -> None:
    night = small_night()
    polls = (dataclasses.replace(night.election.polls[0], number=2),)
    night.election = dataclasses.replace(night.election, polls=polls)
    [found] = only(night.run(tmp_path), "C116")
    assert (found.left.value, found.right.value) == ("1", "2")


@pytest.mark.parametrize("dump", ["export", "image", "seal"])
def test_c117(tmp_path: Path, dump: str) -> None:
    night = night_with_urn()
    row = night.row("univers.csv", "0001")
    row["comptage"] = "papier"
    serial = row["machine"]
    if dump != "seal":
        row |= dict.fromkeys(("machine", "module", "scelle_machine", "scelle_module"), "")
    if dump != "export":
        del night.exports[export_file("0001")]
    if dump == "seal":
        night.raw[URN_FILE] = None
        place, serial = night.place("univers.csv", "0001"), row["scelle_module"]
    else:
        place = export_place("0001") if dump == "export" else URN_FILE
    result = night.run(tmp_path)
    found, *others = [one for one in result.findings if one.code == "C117"]
    assert not others
    says(found, "C117", "0001", (place, serial), (night.place("univers.csv", "0001"), "papier"), poll=0)
    there, of = result.coverage.kinds.get("modules", (0, 0))
    assert there <= of  # an image of a bureau on paper is none of the machine bureaux' images


def test_c118(tmp_path: Path) -> None:
    night = small_night()
    night.drop("voix.csv", "0002", choice=LOVELACE)
    [found] = only(night.run(tmp_path), "C118")
    says(found, "C118", "0002", (night.place("voix.csv", "0002", choice=ZOLA), 2), ("choix.csv", 3))
    assert LOVELACE in show("en", found.message)
    assert LOVELACE in show("fr", found.message)
    night.incomplete()
    assert [one.bureau for one in infos(night.run(tmp_path), "C118")] == ["0002"]

    night = small_night()
    night.row("voix.csv", "0002", choice=ZOLA)["voix"] = ""
    [found] = only(night.run(tmp_path), "C118")
    assert (found.left.value, found.details["names"]) == (2, ZOLA)
    night.row("voix.csv", "0002", choice=ZOLA)["voix"] = "0"  # a zero is a count
    quiet(night.run(tmp_path), "C118")


def test_c118_for_a_choice_without_a_row_anywhere(tmp_path: Path) -> None:
    night = small_night()
    night.tables["voix.csv"] = [row for row in night.tables["voix.csv"] if row["choix"] != CURIE]
    [found] = only(night.run(tmp_path), "C118")
    says(found, "C118", "", ("voix.csv", 0), ("choix.csv", 5), poll=1)
    assert (found.level, found.field) == ("file", CURIE)


def test_c118_not_where_the_votes_stand_under_another_name(tmp_path: Path) -> None:
    night = small_night()
    for bureau in ("0001", "0002"):
        night.row("voix.csv", bureau, choice=CURIE)["choix"] = "Monsieur X"
    [found] = only(night.run(tmp_path), "I113")  # one label, however many bureaux
    assert (found.level, found.details["times"]) == ("file", 2)


def test_c119(tmp_path: Path) -> None:
    night = small_night()
    night.drop("voix.csv", "0002")
    [found] = only(night.run(tmp_path), "C119")
    says(found, "C119", "0002", ("voix.csv", 0), (night.place("pv.csv", "0002"), 1))
    night.incomplete()
    assert [one.bureau for one in infos(night.run(tmp_path), "C119")] == ["0002"]

    night = small_night()
    night.tables["voix.csv"] = []
    night.raw["voix.csv"] = b"insee,bureau,scrutin,choix,voix\n"
    [found] = only(night.run(tmp_path), "C119")
    assert (found.level, found.left, found.right.value) == ("file", Side("voix.csv", 0), 5)


@pytest.mark.parametrize("column", ["inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes"])
def test_c120(tmp_path: Path, column: str) -> None:
    night = small_night()
    night.row("pv.csv", "0004")[column] = ""
    [found] = only(night.run(tmp_path), "C120")
    says(found, "C120", "0004", (night.place("pv.csv", "0004"), None), ("univers.csv", "0004"))
    assert found.field == quantity_of(column)
    night.incomplete()
    assert [one.bureau for one in infos(night.run(tmp_path), "C120")] == ["0004"]


def test_c120_names_all_that_a_row_leaves_blank_at_once(tmp_path: Path) -> None:
    night = small_night()
    night.row("pv.csv", "0001").update(blancs="", exprimes="", nuls="")
    [found] = only(night.run(tmp_path), "C120")
    assert str(found.details["columns"]) == "blank votes, valid votes"  # a machine takes no null votes
    night.row("emargements.csv", "0002").update(inscrits="")
    assert len(only(night.run(tmp_path), "C120", "C120")) == 2


def test_c121(tmp_path: Path) -> None:
    night = small_night()
    for row in night.tables["pv.csv"]:
        row["blancs"] = ""
    [found] = only(night.run(tmp_path), "C121")
    says(found, "C121", "", ("pv.csv", 0), ("pv.csv", 5), poll=0)
    assert (found.level, found.field) == ("file", "blank")
    night.incomplete()
    assert [one.field for one in infos(night.run(tmp_path), "C121")] == ["blank"]


def test_c121_for_a_sign_in_sheet_and_not_also_each_bureau(tmp_path: Path) -> None:
    night = small_night()
    for row in night.tables["emargements.csv"]:
        row["emargements"] = ""
    [found] = only(night.run(tmp_path), "C121")
    assert (found.left.source, found.field) == ("emargements.csv", "signatures")


def test_c121_not_for_the_null_votes_of_machines(tmp_path: Path) -> None:
    night = small_night()
    night.row("univers.csv", "0004")["comptage"] = "machine"
    night.incomplete()
    for row in night.tables["pv.csv"]:
        row["nuls"] = ""
    result = night.run(tmp_path)
    quiet(result, "C121")
    quiet(result, "C120")


def test_c122(tmp_path: Path) -> None:
    night = small_night()
    first, second, _ = night.tables["choix.csv"]
    second["panneau"] = first["panneau"]
    [found] = only(night.run(tmp_path), "C122")
    says(found, "C122", "", ("choix.csv:2", ZOLA), ("choix.csv:3", CURIE), poll=1)
    assert (found.level, found.details["panel"]) == ("file", 1)
    second["type"] = "retire"  # and no longer on the panel
    quiet(night.run(tmp_path), "C122")
    quiet(small_night(2, by_constituency=True).run(tmp_path), "C122")


def test_c122_for_a_choice_that_is_there_twice(tmp_path: Path) -> None:
    night = small_night()
    night.tables["choix.csv"].append(night.tables["choix.csv"][0] | {"panneau": "4"})
    [found] = only(night.run(tmp_path), "C122")
    assert (found.left, found.right) == (Side("choix.csv:2", ZOLA), Side("choix.csv:5", ZOLA))


@pytest.mark.parametrize("kind", ["retirer", "?", "candidature"])
def test_a_type_of_choice_that_is_not_known_is_named(tmp_path: Path, kind: str) -> None:
    night = small_night()
    night.tables["choix.csv"][1]["type"] = kind
    [found] = only(night.run(tmp_path), "I113")
    assert found.left == Side("choix.csv:3", cited(kind))
    assert show("en", found.right.value) == "one of candidat, binome, liste, retire"


@pytest.mark.parametrize("kind", ["", "Candidate", "binôme", "LISTE", "listes", "candidats"])
def test_types_of_choices_as_people_write_them(tmp_path: Path, kind: str) -> None:
    night = small_night()
    night.tables["choix.csv"][1]["type"] = kind
    only(night.run(tmp_path))


@pytest.mark.parametrize("kind", ["retiré", "Retirée", "RETIRES", "retirées"])
def test_choices_that_are_withdrawn_as_people_write_it(tmp_path: Path, kind: str) -> None:
    night = small_night()
    night.tables["choix.csv"][1]["type"] = kind
    [contest] = night.load(tmp_path).contests.contests
    assert contest.gone == (CURIE,)


@pytest.mark.parametrize(
    ("column", "cell", "wanted"),
    [("panneau", "", msg("the number of the panel")), ("scrutin", "un", msg("the number of a poll"))],
)
def test_what_is_missing_in_a_list_of_choices_is_named(tmp_path: Path, column: str, cell: str, wanted: Message) -> None:
    night = small_night(2)
    night.tables["choix.csv"][2][column] = cell
    found = [one for one in night.run(tmp_path).findings if one.code == "I113" and one.left.source == "choix.csv:4"]
    assert [one.right.value for one in found] == [wanted]
    assert show("fr", wanted) != str(wanted)


def test_c123(tmp_path: Path) -> None:
    night = small_night()
    for bureau in ("0001", "0002"):
        night.row("univers.csv", bureau)["ouverture"] = "23:59"
    [found] = only(night.run(tmp_path), "C123")
    place = night.place("univers.csv", "0001")
    says(found, "C123", "", (place, "23:59"), (place, "19:00"), poll=0)
    assert (found.level, found.details["bureaux"]) == ("file", 2)

    night = small_night()
    night.election = dataclasses.replace(night.election, opening="19:00", closing="08:00")
    [found] = only(night.run(tmp_path), "C123")
    assert (found.left, found.right) == (Side("election.toml", "19:00"), Side("election.toml", "08:00"))
    night.row("univers.csv", "0001")["cloture"] = "24:30"  # after midnight
    assert len(only(night.run(tmp_path), "C123", "M107")) == 2


def same_votes_in_both_parts(night: Night) -> None:
    """Part 2 of bureau 0003 with the votes of part 1, which is 2 votes more."""
    first = export.parse(night.exports[export_file("0003")])
    names = ("cast", "blank", "voters", "enablings", "cancellations", "tallies")
    night.change_export("0003", 1, 2, **{name: getattr(first, name) for name in names})


@pytest.mark.parametrize("records", [True, False])
def test_c124(tmp_path: Path, records: bool) -> None:
    """One finding, and not also that the day does not add up, choice by choice and against the signatures."""
    night = small_night()
    same_votes_in_both_parts(night)
    if not records:
        night.raw |= {"pv.csv": None, "voix.csv": None}
        night.election = dataclasses.replace(night.election, complete=frozenset({"exports", "emargements"}))
    result = night.run(tmp_path)
    [found] = only(result, "C124")
    says(found, "C124", "0003", (export_place("0003"), 523), (export_place("0003", 1, 2), 523))
    assert (found.details["first"], found.details["second"]) == ("M00031", "M00032")
    assert not {"V501", "V502", "P401"} & {one.code for one in result.findings}


def test_c124_for_a_copy_with_the_other_machines_numbers(tmp_path: Path) -> None:
    night = small_night()
    whole = export.parse(night.exports[export_file("0003")])
    night.exports[export_file("0003", 1, 2)] = export.build(dataclasses.replace(whole, part=2))
    only(night.run(tmp_path), "C124")


def test_c124_not_for_a_few_votes(tmp_path: Path) -> None:
    night = small_night()
    for part in (1, 2):
        night.change_export("0003", 1, part, cast=3, blank=0, voters=3, enablings=5, tallies=(1, 1, 1))
    quiet(night.run(tmp_path), "C124")


def test_a_gap_of_a_pv_shows_although_its_parts_do_not_make_it_up(tmp_path: Path) -> None:
    night = small_night()
    same_votes_in_both_parts(night)
    night.add("emargements.csv", "0003", "emargements", -1)
    night.row("pv.csv", "0003")["emargements"] = "1043"
    found = {one.code: one for one in grave(night.run(tmp_path))}
    assert set(found) == {"C124", "R201", "R204"}
    assert (found["R201"].left.value, found["R201"].right.value) == (1043, 1044)


def test_all_that_stands_under_one_code_that_is_not_on_the_list_is_one_case(tmp_path: Path) -> None:
    night = small_night()
    night.drop("univers.csv", "0003")
    result = night.run(tmp_path)
    codes = {found.code for found in result.findings if found.bureau == "0003" and found.severity > Severity.INFO}
    assert codes == {"C102", "C108"}
    cases = [case for case in result.cases if case.severity > Severity.INFO]
    assert [case.cause.name for case in cases] == ["code-unknown"]


def test_rows_of_a_commune_that_the_list_has_not_are_one_case(tmp_path: Path) -> None:
    night = small_night()
    others = [row | {"insee": "77002"} for row in night.tables["pv.csv"] if row["insee"] == INSEE]
    night.tables["pv.csv"] += others
    result = night.run(tmp_path)
    unknown = [case for case in result.cases if case.first.code == "C108"]
    assert [(case.cause.name, len(case.findings)) for case in unknown] == [("code-unknown", len(others))]


def test_rows_of_a_commune_that_stand_under_a_code_like_its_own_are_one_case_with_what_it_lacks(tmp_path: Path) -> None:
    night = small_night()
    moved = [row for row in night.tables["pv.csv"] if row["insee"] == INSEE]
    for row in moved:
        row["insee"] = "77002"
        one_more(row)
    result = night.run(tmp_path)
    [case] = [case for case in result.cases if case.cause.name == "booked-elsewhere"]
    codes = [result.findings[at].code for at in case.findings]
    assert (codes.count("C108"), codes.count("C106")) == (len(moved), len(moved))


def test_c127(tmp_path: Path) -> None:
    night = small_night()
    for row in night.tables["pv.csv"]:
        row["date"] = "2022-04-10"
    quiet(night.run(tmp_path), "C127")
    for row in night.tables["pv.csv"]:
        row["date"] = "04/10/2022"
    [found] = only(night.run(tmp_path), "C127")
    assert (found.left.source, found.left.value) == ("pv.csv", "2022-10-04")
    assert (found.right.source, found.right.value) == ("election.toml", "2022-04-10")


OTHER = "77999"


def one_more(row: dict[str, str]) -> None:
    row |= {
        name: str(int(row[name]) + 1) for name in ("inscrits", "emargements", "votes_trouves", "blancs", "exprimes")
    }


def under_another_code(night: Night, *files: str) -> None:
    for file in files:
        for row in night.tables.get(file, ()):
            row["insee"] = OTHER if row["insee"] == INSEE else row["insee"]
    if PUBLISHED in files:
        rows = night.published[PUBLISHED]
        night.published[PUBLISHED] = [
            dataclasses.replace(row, insee=OTHER) if row.insee == INSEE else row for row in rows
        ]


@pytest.mark.parametrize(
    ("files", "listed"),
    [
        (("pv.csv",), True),
        (("emargements.csv",), False),
        ((PUBLISHED,), True),
        ((PUBLISHED,), False),
        (("pv.csv", "voix.csv", "emargements.csv", PUBLISHED), True),
    ],
)
def test_c128(tmp_path: Path, files: tuple[str, ...], listed: bool) -> None:
    night = small_night()
    night.incomplete()
    if not listed:
        night.raw["univers.csv"] = None
    before = night.run(tmp_path / "before")
    quiet(before, "C128")
    under_another_code(night, *files)
    result = night.run(tmp_path / "after")
    found = only(result, *["C128"] * len(files))
    assert {str(each.left.value) for each in found} == {OTHER}
    assert sorted(each.left.source for each in found) == sorted(files)
    assert [case.cause.name for case in result.cases if case.severity > Severity.INFO] == ["booked-elsewhere"]
    assert len(result.coverage.groups) == len(before.coverage.groups)


def test_c128_not_of_other_figures(tmp_path: Path) -> None:
    night = small_night()
    under_another_code(night, "pv.csv")
    for row in night.tables["pv.csv"]:
        one_more(row)
    quiet(night.run(tmp_path), "C128")
