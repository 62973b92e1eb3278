"""C, completeness: each code with a case in which it fires and one in which it does not."""

import dataclasses

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
    cases_of,
    codes_of,
    export_file,
    export_place,
    figures,
    findings,
    grave,
    grave_cases,
    infos,
    input_of,
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


def test_the_clean_night_has_neither_errors_nor_warnings() -> None:
    for polls, by_constituency in ((1, False), (1, True), (2, False), (2, True), (5, True)):
        small_night(polls, by_constituency).only()


def test_c101(night: Night) -> None:
    place = night.place("univers.csv", "0001")
    del night.exports[export_file("0001")]
    night.fires("C101", "0001", (place, "0001"), ("exports", None))

    night.incomplete()
    result = night.run()
    only(result)
    says(infos(result, "C101")[0], "C101", "0001", (place, "0001"), ("exports", None), INFO)


def test_c101_counts_the_machines_of_the_sealing_record(night: Night) -> None:
    del night.exports[export_file("0003", part=2)]
    night.fires(
        "C101", "0003", (night.place("univers.csv", "0003"), "0003"), ("exports", None)
    )  # and half a day's votes are held against nothing

    night = small_night()
    del night.exports[export_file("0003", part=1)]
    assert [one.bureau for one in night.only("C101")] == ["0003"]


def test_c101_is_silent_where_the_damaged_file_is_named_for_the_bureau(night: Night) -> None:
    name = export_file("0001")
    night.exports[name] = night.exports[name][:-1]
    assert [one.bureau for one in night.only("I103")] == ["0001"]


def test_c101_asks_each_poll_and_no_paper_bureau() -> None:
    night = small_night(polls=2)
    del night.exports[export_file("0002", poll=2)]
    night.fires("C101", "0002", (night.place("univers.csv", "0002"), "0002"), ("exports", None), poll=2)

    night = small_night()
    night.exports.clear()
    night.raw["exports/.keep"] = b""  # the folder is there, and empty
    assert [one.bureau for one in night.only(*["C101"] * 4)] == ["0001", "0002", "0003", "0A11"]


def test_c101_without_a_folder_of_exports(night: Night) -> None:
    night.exports.clear()
    assert [one.bureau for one in night.only(*["C101"] * 4)] == ["0001", "0002", "0003", "0A11"]
    night.incomplete()
    night.quiet("C101")


def test_c102(night: Night) -> None:
    night.change_export("0001", bureau="1")
    night.exports["a copy.esf"] = night.exports.pop(export_file("0001"))
    night.fires(
        "C102", "1", ("exports/a copy.esf@0", f"{INSEE} 1"), ("univers.csv", "0001"), poll=0, insee=INSEE
    )  # and no C101 for the bureau that it names


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
    night: Night, insee: str, bureau: str, nearest: str | None
) -> None:
    night.change_export("0001", insee=insee, bureau=bureau)
    night.exports["one more.esf"] = night.exports[export_file("0001")]
    night.exports[export_file("0001")] = small_night().exports[export_file("0001")]
    [found] = night.only("C102")
    assert (found.left.value, found.right.value) == (f"{insee} {bureau}", nearest)


def test_c102_needs_an_official_list(night: Night) -> None:
    night.raw["univers.csv"] = None
    night.quiet("C102")


def test_c103(night: Night) -> None:
    night.exports["z.esf"] = night.exports[export_file("0001")]
    night.change_export("0001", blank=21, cast=627, voters=627, enablings=629)
    result = night.run()
    found = findings(result, "C103")[0]
    says(found, "C103", "0001", (export_place("0001"), 627), ("exports/z.esf@0", 626))
    assert codes_of(result.findings) >= {"R201", "R208"}  # the first one counts
    quiet(result, "C104")


def test_c103_for_an_urn_that_was_exported_twice(night: Night) -> None:
    """Only the time of the export differs: what differs is named, and it is no error."""
    night.exports["z.esf"] = night.exports[export_file("0001")]
    night.change_export("0001", export=civil_time.seconds(DAY, 20))
    result = night.run()
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
    night: Night, values: dict[str, object], field: str, shown: tuple[object, object]
) -> None:
    night.exports["z.esf"] = night.exports[export_file("0001")]
    night.change_export("0001", **values)  # type: ignore[arg-type]
    found = night.findings("C103")[0]
    assert (found.field, found.left.value, found.right.value) == (field, *shown)


def test_c103_not_for_two_parts_or_two_polls_of_a_bureau() -> None:
    result = small_night(polls=2).run()  # bureau 0003 has two machines
    quiet(result, "C103")
    quiet(result, "C104")


def test_c104(night: Night) -> None:
    night.exports["z.esf"] = night.exports[export_file("0001")]
    result = night.run()
    only(result)
    [found] = infos(result, "C104")
    says(found, "C104", "0001", (export_place("0001"), 626), ("exports/z.esf@0", 626), INFO)


@pytest.mark.parametrize(("code", "file"), [("C105", "emargements.csv"), ("C106", "pv.csv")])
def test_a_sheet_without_a_bureau(night: Night, code: str, file: str) -> None:
    night.drop(file, "0004")
    night.fires(code, "0004", (night.place("univers.csv", "0004"), "0004"), (file, None))

    night.incomplete()
    result = night.run()
    only(result)
    assert [one.bureau for one in infos(result, code)] == ["0004"]

    night.tables[file].clear()
    night.election = small_night().election
    assert len([one for one in night.findings(code) if one.severity > INFO]) == 5

    night.raw[file] = None  # not given at all: declared complete, so it lacks everywhere
    assert len([one for one in night.findings(code) if one.severity > INFO]) == 5
    night.incomplete()  # not given at all, and nothing was promised: coverage says so
    night.quiet(code)


def test_c105(night: Night) -> None:
    night.row("emargements.csv", "0002")["emargements"] = ""  # left blank, which is not zero
    night.fires(
        "C105", "0002", (night.place("univers.csv", "0002"), "0002"), (night.place("emargements.csv", "0002"), BLANK)
    )


def test_c106() -> None:
    night = small_night(polls=2)
    night.drop("pv.csv", "0002", poll=2)
    night.fires("C106", "0002", (night.place("univers.csv", "0002"), "0002"), ("pv.csv", None), poll=2)


def test_c107(night: Night) -> None:
    night.published[PUBLISHED].remove(night.publish("0002"))
    [found] = night.only("C107")
    assert found.right.source.endswith(PUBLISHED)
    says(found, "C107", "0002", (night.place("univers.csv", "0002"), "0002"), (PUBLISHED, None))

    night.incomplete()
    [found] = night.only("C107")
    assert found.severity == Severity.WARNING


def test_c107_not_for_a_commune_that_the_file_does_not_cover(night: Night) -> None:
    night.published[PUBLISHED].remove(night.publish("0A11"))
    night.fires(
        "C107", "0A11", (night.place("univers.csv", "0A11"), "0A11"), (PUBLISHED, None)
    )  # declared complete, it should have all of the list
    night.incomplete()
    night.quiet("C107")


@pytest.mark.parametrize("file", ["emargements.csv", "pv.csv", "voix.csv"])
def test_c108(night: Night, file: str) -> None:
    for row in night.tables[file]:
        row["bureau"] = "1" if row["bureau"] == "0001" else row["bureau"]
    result = night.run()
    [found] = only(result, "C108")  # and not that the bureau has no row as well
    says(found, "C108", "0001", (f"{file}:2", f"{INSEE} 1"), ("univers.csv", "0001"), poll=0)


def test_c108_of_a_row_of_no_poll_of_the_day() -> None:
    """The bureau that it probably means lacks nothing in any of the polls."""
    night = small_night(polls=2)
    row = night.row("emargements.csv", "0001") | {"bureau": "1", "scrutin": "3"}
    for poll in (1, 2):
        night.drop("emargements.csv", "0001", poll)
    night.tables["emargements.csv"].append(row)
    codes = [one.code for one in grave(night.run())]
    assert "C108" in codes
    assert "C105" not in codes


def test_c108_in_the_published_file(night: Night) -> None:
    night.publish("0002").bureau = "0022"
    night.fires("C108", "0002", (f"{PUBLISHED}:3", f"{INSEE} 0022"), ("univers.csv", "0002"), poll=0)


def test_c108_not_for_codes_that_lost_their_zeros_in_a_published_file(night: Night) -> None:
    for row in night.published[PUBLISHED]:
        row.bureau = row.bureau.lstrip("0")
    night.only()


@pytest.mark.parametrize("file", ["emargements.csv", "pv.csv", "voix.csv"])
def test_c108_not_where_a_spreadsheet_took_the_zeros_of_a_whole_file(night: Night, file: str) -> None:
    for row in night.tables[file]:
        row["bureau"] = row["bureau"].lstrip("0")
    result = night.run()
    only(result)
    used = input_of(result, file)
    assert str(used.note) == "codes of bureaux without their zeros"


def test_c108_without_a_near_bureau(night: Night) -> None:
    night.tables["pv.csv"].append(night.row("pv.csv", "0001") | {"insee": "12345", "bureau": "zzz"})
    night.fires("C108", "zzz", ("pv.csv:7", "12345 zzz"), ("univers.csv", None), poll=0, insee="12345")


def test_c111(night: Night) -> None:
    night.drop("pv.csv", "0004")
    night.drop("voix.csv", "0004", choice=ZOLA)
    night.incomplete()
    found = {one.field: one for one in night.findings("C111")}
    shown = {name: (one.left.value, one.right.value, one.left.source) for name, one in found.items()}
    assert shown == {
        "exports": (4, 4, "exports"),
        "emargements": (5, 5, "emargements.csv"),
        "pv": (4, 5, "pv.csv"),
        "voix": (5, 5, "voix.csv"),
        "publie": (5, 5, PUBLISHED),
    }
    assert {(one.severity, one.level, one.right.source) for one in found.values()} == {(INFO, "nation", "univers.csv")}


def test_c109(night: Night) -> None:
    night.change_export("0002", module_serial="U00011")
    for row in night.tables["univers.csv"]:
        row["module"] = ""  # so that nothing is held against the sealing record
    first, second = (export_place("0001"), f"{INSEE}/0001"), (export_place("0002"), f"{INSEE}/0002")
    found = night.fires("C109", "0002", first, second, poll=0)
    assert (found.field, found.details) == ("module_serial", {"serial": "U00011"})


def test_c109_not_for_two_polls_of_one_machine_nor_where_no_serial_is_known() -> None:
    small_night(polls=2).quiet("C109")
    night = small_night()
    for row in night.tables["univers.csv"]:
        row["machine"] = row["machine"] if row["bureau"] == "0003" else ""  # it tells how many machines there were
    for bureau in ("0001", "0002"):
        night.change_export(bureau, machine_serial="")
    night.quiet("C109")


@pytest.mark.parametrize("name", ["TOTAL", "Total commune", "Sous-total", "ENSEMBLE", "totaux"])
def test_c110(night: Night, name: str) -> None:
    rows = night.tables["pv.csv"]
    counts = [name for name, cell in rows[0].items() if cell.isdigit() and name not in ("insee", "bureau", "scrutin")]
    sums = {column: str(sum(int(row[column]) for row in rows)) for column in counts}
    rows.append(rows[0] | sums | {"bureau": name})
    result = night.run()
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
    [found] = night.infos("C110")
    assert f"({name}, commune 95637) and no bureau" in show("en", found.message)


def test_c110_not_for_a_code_that_only_contains_the_letters(night: Night) -> None:
    night.tables["pv.csv"].append(night.row("pv.csv", "0001") | {"bureau": "CROTOT"})
    result = night.run()
    quiet(result, "C110")
    only(result, "C108")


def test_c112(night: Night, change: int) -> None:
    night.add("pv.csv", "0003", "votes_trouves", change)
    night.add("pv.csv", "0003", "exprimes", change)
    result = night.run()
    found = findings(result, "C112")[0]
    says(found, "C112", "0003", (night.place("pv.csv", "0003"), 1044 + change), (export_place("0003"), 1044))
    assert (found.details["parts"], found.details["paper"]) == (2, 0)
    quiet(result, "R206")


def test_c113() -> None:
    night = night_with_urn()
    result = night.run()
    only(result)
    assert [one.bureau for one in infos(result, "C113")] == ["0002", "0003", "0A11"]

    night.election = dataclasses.replace(night.election, complete=night.election.complete | {"modules"})
    found, *_ = night.only("C113", "C113", "C113")
    says(found, "C113", "0002", (night.place("univers.csv", "0002"), "0002"), ("modules", None))


def test_c113_counts_the_machines_of_the_sealing_record() -> None:
    """Two images of one part are one; a bureau sealed with two machines has to have two."""
    night = night_with_urn()
    night.raw["modules/copy.urn"] = night.raw[URN_FILE]
    assert "0001" not in {one.bureau for one in night.infos("C113")}
    night.raw["univers.csv"] = night.files()["univers.csv"].replace(b",M00011,", b",M00011+M00012,")
    assert "0001" in {one.bureau for one in night.infos("C113")}


def test_c114() -> None:
    night = small_night(by_constituency=True)
    for row in night.tables["choix.csv"]:
        row["circonscription"] = row["circonscription"].replace("9201", "9202")
    found = night.fires("C114", "", (night.place("univers.csv", "0A11"), "9201"), ("choix.csv", "9202"), poll=1)
    assert (found.level, found.details["bureaux"]) == ("file", 1)
    assert "have not been checked" in str(found.message)
    small_night(by_constituency=True).quiet("C114")


@pytest.mark.parametrize("file", ["univers.csv", "choix.csv"])
def test_c114_where_only_zeros_differ(file: str) -> None:
    """Said once, as a warning, and everything is compared."""
    night = small_night(by_constituency=True)
    for name in ("univers.csv", "choix.csv"):
        for row in night.tables[name]:
            row["circonscription"] = ("0" if name != file else "") + row["circonscription"][1:]
    night.add("voix.csv", "0002", "voix", 1, choice="ZOLA7701 Émile")
    found = {one.code: one for one in grave(night.run()) if one.code != "C115"}
    assert set(found) == {"C114", "R207", "R210", "T301"}
    assert found["C114"].severity is Severity.WARNING
    assert "one is taken for the other" in str(found["C114"].message)
    assert "l'une est prise pour l'autre" in show("fr", found["C114"].message)


def test_c115() -> None:
    night = small_night(by_constituency=True)
    place = night.change_export("0001", constituency="9201")
    night.fires("C115", "0001", (place, "9201"), (night.place("univers.csv", "0001"), "7701"))
    night.change_export("0001", constituency="7701")
    night.only()


@pytest.mark.parametrize("carried", ["1", "01", "7701", "", "07701"])
def test_c115_not_for_another_way_to_write_it(carried: str) -> None:
    night = small_night(by_constituency=True)
    night.change_export("0001", constituency=carried)
    night.only()


def test_c107_for_every_bureau_without_any_published_file(night: Night) -> None:
    night.raw[PUBLISHED] = None
    found, *_ = night.only(*["C107"] * 5)
    says(found, "C107", "0001", (night.place("univers.csv", "0001"), "0001"), ("", None))
    night.incomplete()
    night.quiet("C107")

    night = small_night(2)
    night.raw["publie.2.txt"] = None
    assert {one.poll for one in night.only(*["C107"] * 5)} == {2}


@pytest.mark.parametrize("file", ["pv.csv", "emargements.csv", PUBLISHED])
def test_no_lack_is_reported_where_the_whole_file_could_not_be_used(night: Night, file: str) -> None:
    night.raw[file] = b"\x89PNG"
    [found] = night.only("I113")
    assert found.left.source.startswith(file)


def test_c116() -> None:
    """All that names the poll is named at once, and nothing else is said of it."""
    night = small_night(2)
    night.election = dataclasses.replace(night.election, polls=night.election.polls[:1])
    night.raw["publie.2.txt"] = None
    found = night.fires("C116", "", ("choix.csv", "2"), ("election.toml", "1"), poll=2)
    assert found.level == "file"
    assert found.details["rows"] == "choix.csv (2), emargements.csv (5), pv.csv (5), voix.csv (10), exports (5)"
    small_night(2).quiet("C116")


def test_c116_for_an_election_of_another_poll(night: Night) -> None:
    polls = (dataclasses.replace(night.election.polls[0], number=2),)
    night.election = dataclasses.replace(night.election, polls=polls)
    [found] = night.only("C116")
    assert figures(found) == ("1", "2")


@pytest.mark.parametrize("dump", ["export", "image", "seal"])
def test_c117(dump: str) -> None:
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
    result = night.run()
    found, *others = findings(result, "C117")
    assert not others
    says(found, "C117", "0001", (place, serial), (night.place("univers.csv", "0001"), "papier"), poll=0)
    there, of = result.coverage.kinds.get("modules", (0, 0))
    assert there <= of  # an image of a bureau on paper is none of the machine bureaux' images


def test_c118(night: Night) -> None:
    night.drop("voix.csv", "0002", choice=LOVELACE)
    found = night.fires("C118", "0002", (night.place("voix.csv", "0002", choice=ZOLA), 2), ("choix.csv", 3))
    assert LOVELACE in show("en", found.message)
    assert LOVELACE in show("fr", found.message)
    night.incomplete()
    assert [one.bureau for one in night.infos("C118")] == ["0002"]

    night = small_night()
    night.row("voix.csv", "0002", choice=ZOLA)["voix"] = ""
    [found] = night.only("C118")
    assert (found.left.value, found.details["names"]) == (2, ZOLA)
    night.row("voix.csv", "0002", choice=ZOLA)["voix"] = "0"  # a zero is a count
    night.quiet("C118")


def test_c118_for_a_choice_without_a_row_anywhere(night: Night) -> None:
    night.tables["voix.csv"] = [row for row in night.tables["voix.csv"] if row["choix"] != CURIE]
    found = night.fires("C118", "", ("voix.csv", 0), ("choix.csv", 5), poll=1)
    assert (found.level, found.field) == ("file", CURIE)


def test_c118_not_where_the_votes_stand_under_another_name(night: Night) -> None:
    for bureau in ("0001", "0002"):
        night.row("voix.csv", bureau, choice=CURIE)["choix"] = "Monsieur X"
    [found] = night.only("I113")  # one label, however many bureaux
    assert (found.level, found.details["times"]) == ("file", 2)


def test_c119(night: Night) -> None:
    night.drop("voix.csv", "0002")
    night.fires("C119", "0002", ("voix.csv", 0), (night.place("pv.csv", "0002"), 1))
    night.incomplete()
    assert [one.bureau for one in night.infos("C119")] == ["0002"]

    night = small_night()
    night.tables["voix.csv"] = []
    night.raw["voix.csv"] = b"insee,bureau,scrutin,choix,voix\n"
    [found] = night.only("C119")
    assert (found.level, found.left, found.right.value) == ("file", Side("voix.csv", 0), 5)


@pytest.mark.parametrize("column", ["inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes"])
def test_c120(night: Night, column: str) -> None:
    night.row("pv.csv", "0004")[column] = ""
    found = night.fires("C120", "0004", (night.place("pv.csv", "0004"), None), ("univers.csv", "0004"))
    assert found.field == quantity_of(column)
    night.incomplete()
    assert [one.bureau for one in night.infos("C120")] == ["0004"]


def test_c120_names_all_that_a_row_leaves_blank_at_once(night: Night) -> None:
    night.row("pv.csv", "0001").update(blancs="", exprimes="", nuls="")
    [found] = night.only("C120")
    assert str(found.details["columns"]) == "blank votes, valid votes"  # a machine takes no null votes
    night.row("emargements.csv", "0002").update(inscrits="")
    assert len(night.only("C120", "C120")) == 2


def test_c121(night: Night) -> None:
    for row in night.tables["pv.csv"]:
        row["blancs"] = ""
    found = night.fires("C121", "", ("pv.csv", 0), ("pv.csv", 5), poll=0)
    assert (found.level, found.field) == ("file", "blank")
    night.incomplete()
    assert [one.field for one in night.infos("C121")] == ["blank"]


def test_c121_for_a_sign_in_sheet_and_not_also_each_bureau(night: Night) -> None:
    for row in night.tables["emargements.csv"]:
        row["emargements"] = ""
    [found] = night.only("C121")
    assert (found.left.source, found.field) == ("emargements.csv", "signatures")


def test_c121_not_for_the_null_votes_of_machines(night: Night) -> None:
    night.row("univers.csv", "0004")["comptage"] = "machine"
    night.incomplete()
    for row in night.tables["pv.csv"]:
        row["nuls"] = ""
    result = night.run()
    quiet(result, "C121")
    quiet(result, "C120")


def test_c122(night: Night) -> None:
    first, second, _ = night.tables["choix.csv"]
    second["panneau"] = first["panneau"]
    found = night.fires("C122", "", ("choix.csv:2", ZOLA), ("choix.csv:3", CURIE), poll=1)
    assert (found.level, found.details["panel"]) == ("file", 1)
    second["type"] = "retire"  # and no longer on the panel
    night.quiet("C122")
    small_night(2, by_constituency=True).quiet("C122")


def test_c122_for_a_choice_that_is_there_twice(night: Night) -> None:
    night.tables["choix.csv"].append(night.tables["choix.csv"][0] | {"panneau": "4"})
    [found] = night.only("C122")
    assert (found.left, found.right) == (Side("choix.csv:2", ZOLA), Side("choix.csv:5", ZOLA))


@pytest.mark.parametrize("kind", ["retirer", "?", "candidature"])
def test_a_type_of_choice_that_is_not_known_is_named(night: Night, kind: str) -> None:
    night.tables["choix.csv"][1]["type"] = kind
    [found] = night.only("I113")
    assert found.left == Side("choix.csv:3", cited(kind))
    assert show("en", found.right.value) == "one of candidat, binome, liste, retire"


@pytest.mark.parametrize("kind", ["", "Candidate", "binôme", "LISTE", "listes", "candidats"])
def test_types_of_choices_as_people_write_them(night: Night, kind: str) -> None:
    night.tables["choix.csv"][1]["type"] = kind
    night.only()


@pytest.mark.parametrize("kind", ["retiré", "Retirée", "RETIRES", "retirées"])
def test_choices_that_are_withdrawn_as_people_write_it(night: Night, kind: str) -> None:
    night.tables["choix.csv"][1]["type"] = kind
    [contest] = night.load().contests.contests
    assert contest.gone == (CURIE,)


@pytest.mark.parametrize(
    ("column", "cell", "wanted"),
    [("panneau", "", msg("the number of the panel")), ("scrutin", "un", msg("the number of a poll"))],
)
def test_what_is_missing_in_a_list_of_choices_is_named(column: str, cell: str, wanted: Message) -> None:
    night = small_night(2)
    night.tables["choix.csv"][2][column] = cell
    found = [one for one in night.findings("I113") if one.left.source == "choix.csv:4"]
    assert [one.right.value for one in found] == [wanted]
    assert show("fr", wanted) != str(wanted)


def test_c123(night: Night) -> None:
    for bureau in ("0001", "0002"):
        night.row("univers.csv", bureau)["ouverture"] = "23:59"
    place = night.place("univers.csv", "0001")
    found = night.fires("C123", "", (place, "23:59"), (place, "19:00"), poll=0)
    assert (found.level, found.details["bureaux"]) == ("file", 2)

    night = small_night()
    night.election = dataclasses.replace(night.election, opening="19:00", closing="08:00")
    [found] = night.only("C123")
    assert (found.left, found.right) == (Side("election.toml", "19:00"), Side("election.toml", "08:00"))
    night.row("univers.csv", "0001")["cloture"] = "24:30"  # after midnight
    assert len(night.only("C123", "M107")) == 2


def same_votes_in_both_parts(night: Night) -> None:
    """Part 2 of bureau 0003 with the votes of part 1, which is 2 votes more."""
    first = export.parse(night.exports[export_file("0003")])
    names = ("cast", "blank", "voters", "enablings", "cancellations", "tallies")
    night.change_export("0003", 1, 2, **{name: getattr(first, name) for name in names})


@pytest.mark.parametrize("records", [True, False])
def test_c124(night: Night, records: bool) -> None:
    """One finding, and not also that the day does not add up, choice by choice and against the signatures."""
    same_votes_in_both_parts(night)
    if not records:
        night.raw |= {"pv.csv": None, "voix.csv": None}
        night.election = dataclasses.replace(night.election, complete=frozenset({"exports", "emargements"}))
    result = night.run()
    [found] = only(result, "C124")
    says(found, "C124", "0003", (export_place("0003"), 523), (export_place("0003", 1, 2), 523))
    assert (found.details["first"], found.details["second"]) == ("M00031", "M00032")
    assert not {"V501", "V502", "P401"} & codes_of(result.findings)


def test_c124_not_for_a_few_votes(night: Night) -> None:
    for part in (1, 2):
        night.change_export("0003", 1, part, cast=3, blank=0, voters=3, enablings=5, tallies=(1, 1, 1))
    night.quiet("C124")


def test_a_gap_of_a_pv_shows_although_its_parts_do_not_make_it_up(night: Night) -> None:
    same_votes_in_both_parts(night)
    night.add("emargements.csv", "0003", "emargements", -1)
    night.row("pv.csv", "0003")["emargements"] = "1043"
    found = {one.code: one for one in grave(night.run())}
    assert set(found) == {"C124", "R201", "R204"}
    assert (found["R201"].left.value, found["R201"].right.value) == (1043, 1044)


def test_all_that_stands_under_one_code_that_is_not_on_the_list_is_one_case(night: Night) -> None:
    night.drop("univers.csv", "0003")
    result = night.run()
    codes = {found.code for found in result.findings if found.bureau == "0003" and found.severity > Severity.INFO}
    assert codes == {"C102", "C108"}
    cases = grave_cases(result)
    assert [case.cause.name for case in cases] == ["code-unknown"]


def test_rows_of_a_commune_that_the_list_has_not_are_one_case(night: Night) -> None:
    others = [row | {"insee": "77002"} for row in night.tables["pv.csv"] if row["insee"] == INSEE]
    night.tables["pv.csv"] += others
    result = night.run()
    unknown = [case for case in result.cases if case.first.code == "C108"]
    assert [(case.cause.name, len(case.findings)) for case in unknown] == [("code-unknown", len(others))]


def test_rows_of_a_commune_that_stand_under_a_code_like_its_own_are_one_case_with_what_it_lacks(night: Night) -> None:
    moved = [row for row in night.tables["pv.csv"] if row["insee"] == INSEE]
    for row in moved:
        row["insee"] = "77002"
        one_more(row)
    result = night.run()
    [case] = cases_of(result, "booked-elsewhere")
    codes = [result.findings[at].code for at in case.findings]
    assert (codes.count("C108"), codes.count("C106")) == (len(moved), len(moved))


def test_c127(night: Night) -> None:
    for row in night.tables["pv.csv"]:
        row["date"] = "2022-04-10"
    night.quiet("C127")
    for row in night.tables["pv.csv"]:
        row["date"] = "04/10/2022"
    [found] = night.only("C127")
    assert found.left == Side("pv.csv", "2022-10-04")
    assert found.right == Side("election.toml", "2022-04-10")


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
def test_c128(night: Night, files: tuple[str, ...], listed: bool) -> None:
    night.incomplete()
    if not listed:
        night.raw["univers.csv"] = None
    before = night.run()
    quiet(before, "C128")
    under_another_code(night, *files)
    result = night.run()
    found = only(result, *["C128"] * len(files))
    assert {str(each.left.value) for each in found} == {OTHER}
    assert sorted(each.left.source for each in found) == sorted(files)
    assert [case.cause.name for case in result.cases if case.severity > Severity.INFO] == ["booked-elsewhere"]
    assert len(result.coverage.groups) == len(before.coverage.groups)


def test_c128_not_of_other_figures(night: Night) -> None:
    under_another_code(night, "pv.csv")
    for row in night.tables["pv.csv"]:
        one_more(row)
    night.quiet("C128")
