"""PVs that are entered by hand: asked about, entered twice, written at once, and read by `regard verify` as is."""

import csv
import json
import multiprocessing
import os
import re
import threading
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.locked_files import create_locked
from protocol.output_refusals import OutputRefused
from regard.api import audit, load
from regard.serve import entry_journal
from regard.serve.case_folder import CaseFolder
from regard.serve.entries import (
    CLOCKS,
    COUNTS,
    LIST,
    PV,
    Entry,
    EntryPlace,
    as_document,
    differing,
    from_document,
    questions,
    read_entry,
)
from regard.serve.entry_journal import JOURNAL, EntryJournal, EntryState, SavedMeanwhile, Saving
from tests.regard.serve.running import Answer, Client
from tests.sources import put_text
from verify.model.cases import Sure
from verify.model.findings import Severity

PLACE = EntryPlace("77001", "Essai-sur-Marne", "0001", 1)
KEY = PLACE.key
GOOD = {
    "commune": "Essai-sur-Marne",
    "insee": "77001",
    "bureau": "0001",
    "scrutin": "1",
    "ouverture": "8h",
    "cloture": "19:00",
    "registered": "1 012",
    "proxies": "3",
    "signatures": "702",
    "votes_found": "702",
    "blank": "10",
    "null": "0",
    "valid": "692",
    "choice-0": "ZOLA Émile",
    "votes-0": "400",
    "choice-1": "CURIE Marie",
    "votes-1": "292",
    "observations": "néant",
    "page": "3",
    "auteur": "Anne",
    "version": "0",
}


WHERE = {name: GOOD[name] for name in ("commune", "insee", "bureau", "scrutin")}
ADDRESS = "/entry?insee=77001&commune=Essai-sur-Marne&bureau=0001"
LISTED = (
    "insee,commune,departement,circonscription,bureau,inscrits,comptage,ouverture,cloture\n"
    "77001,Essai-sur-Marne,77,,{},1012,machine,08:00,19:00\n"
)


def entry(**changes: str) -> Entry:
    found, wrong = read_entry({**GOOD, **changes})
    assert not wrong
    return found


def asked(**changes: str) -> list[str]:
    return list(map(str, questions(entry(**changes))))


def state(client: Client) -> EntryState:
    return client.entered()[KEY].state


def version(page: str) -> str:
    (found,) = re.findall(r'name="version" value="(\d+)"', page)
    return str(found)


def enter(client: Client, **changes: str) -> Answer:
    """Send the good PV with these changes."""
    return client.post("/enter", {**GOOD, **changes})


def save(client: Client, **changes: str) -> int:
    return enter(client, **changes).status


def rows(folder: Path, table: str = "saisie-pv.csv") -> list[str]:
    """The lines of a table of entries."""
    return (folder / table).read_text("utf-8-sig").splitlines()


def test_a_good_pv_is_asked_nothing() -> None:
    assert asked() == []
    assert asked(signatures="", votes_found="", blank="", registered="", cloture="", proxies="") == []
    assert asked(**{"votes-1": ""}) == []  # not all of them are noted


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"blank": "11"}, "Blank, null and valid votes make 703, and the votes found are 702."),
        ({"votes-1": "293"}, "The votes by choice make 693, and the valid votes are 692."),
        ({"signatures": "700"}, "702 votes found and 700 signatures: does the PV say so?"),
        ({"proxies": "703"}, "703 proxies, more than the 702 signatures."),
        ({"cloture": "08:00"}, "The closing (08:00) is not after the opening (08:00)."),
    ],
)
def test_what_does_not_fit_is_asked_about(changes: dict[str, str], question: str) -> None:
    assert asked(**changes) == [question]


def test_more_than_the_registered_voters_is_asked_about() -> None:
    assert asked(registered="702") == []
    assert asked(registered="701") == [
        "signatures: 702, more than the 701 registered voters.",
        "votes found: 702, more than the 701 registered voters.",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bureau": " "}, "bureau"),
        ({"insee": "", "commune": ""}, "commune"),
        ({"scrutin": "6"}, "scrutin"),
        ({"signatures": "1.000"}, "signatures"),
        ({"signatures": "-1"}, "signatures"),
        ({"signatures": "9" * 39}, "signatures"),
        ({"cloture": "25:61"}, "cloture"),
        ({"ouverture": "25:00"}, "ouverture"),
        ({"insee": "ABC"}, "insee"),
        ({"insee": "2C001"}, "insee"),
        ({"votes-1": "x"}, "votes-1"),
        ({"choice-1": ""}, "votes-1"),
        ({"choice-1": "ZOLA Émile"}, "votes-1"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_saved(
    client: Client, folder: Path, changes: dict[str, str], field: str
) -> None:
    fields = {**GOOD, **changes}
    _, wrong = read_entry(fields)
    assert list(wrong) == [field]
    answer = enter(client, **changes)
    assert answer.status == 422
    assert f'id="wrong-{field}"' in answer.text
    for name, typed in fields.items():
        if typed.strip() and name not in ("version", "scrutin"):
            assert unescape(answer.text).count(typed) >= 1, name
    assert list(folder.iterdir()) == []


def test_what_was_entered_is_read_by_verify_as_it_is(client: Client, folder: Path) -> None:
    assert save(client) == 303
    assert sorted(path.name for path in folder.iterdir()) == [JOURNAL, "saisie-pv.csv", "saisie-voix.csv"]
    evidence = load(folder)
    lined = evidence.columns
    assert lined.records is not None
    assert lined.votes is not None
    counts = {name: int(lined.records[name].values[0, 0]) for name in COUNTS[PV]}
    assert counts == {
        "registered": 1012, "proxies": 3, "signatures": 702, "votes_found": 702, "blank": 10, "null": 0, "valid": 692,
    }  # fmt: skip
    assert sorted(lined.votes.values[0, 0].tolist()) == [292, 400]
    assert [int(lined.records[name].values[0, 0]) for name in CLOCKS] == [480, 1140]
    assert [each.used.value for each in evidence.inputs] == ["whole", "whole"]
    result = audit(folder)
    assert [found.code for found in result.findings if found.severity >= Severity.WARNING] == []
    assert "saisie-pv.csv PVs ● used" in client.get("/").plain


def test_a_pv_that_was_typed_comes_before_a_table_of_others(client: Client, folder: Path) -> None:
    """Whatever their names: the first is used, and the other version is told."""
    text = (
        "Code INSEE;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés\n77001;0001;1012;702;702;10;0;629\n"
    )
    put_text(folder / "Résultats.csv", text)
    assert save(client) == 303
    records = load(folder).columns.records
    assert records is not None
    assert int(records["valid"].values[0, 0]) == 692
    assert "R226" in [found.code for found in audit(folder).findings]


def test_blank_is_not_zero_in_what_is_written(client: Client, folder: Path) -> None:
    save(client, null="", proxies="0")
    row = rows(folder)[1]
    assert row == "77001;Essai-sur-Marne;0001;1;08:00;19:00;1012;0;702;702;10;;692;néant;3"


def test_a_french_spreadsheet_opens_the_tables_with_their_columns(client: Client, folder: Path) -> None:
    """Semicolons and the mark of UTF-8; a remark with many commas or semicolons stays one cell for us as well."""
    remark = ", ".join(map(str, range(40))) + ";"
    save(client, observations=remark)
    for name in ("saisie-pv.csv", "saisie-voix.csv"):
        data = (folder / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbfCode INSEE;Commune;Bureau;Scrutin;")
        assert data.count(b"\r\n") == data.count(b"\n")
    lined = load(folder).columns
    assert lined.records is not None
    assert int(lined.records["votes_found"].values[0, 0]) == 702
    (row,) = csv.DictReader(rows(folder), delimiter=";")
    assert row["Observations"] == remark


def test_a_doubtful_pv_does_not_count_until_it_is_confirmed(client: Client, folder: Path) -> None:
    answer = enter(client, signatures="700")
    assert answer.status == 422
    assert "702 votes found and 700 signatures: does the PV say so?" in answer.plain
    assert client.entered() == {}
    assert not (folder / "saisie-pv.csv").exists()
    assert save(client, signatures="700", version=version(answer.text), sure="1") == 303
    assert state(client) is EntryState.ONCE
    assert "R201" in [found.code for found in audit(folder).findings]


def test_a_correction_that_is_doubtful_leaves_what_counts(client: Client, folder: Path) -> None:
    save(client)
    before = (folder / "saisie-pv.csv").read_bytes()
    assert save(client, signatures="700", version="1") == 422
    assert (folder / "saisie-pv.csv").read_bytes() == before
    assert save(client, observations="RAS", version="1") == 303
    assert b"RAS" in (folder / "saisie-pv.csv").read_bytes()


def test_a_second_entry_is_blind(client: Client) -> None:
    save(client)
    first, second = (client.get(ADDRESS + more).text for more in ("", "&second=1"))
    assert all(f'value="{typed}"' in first for typed in ("702", "400", "08:00"))
    assert not any(f'value="{typed}"' in second for typed in ("702", "400", "08:00"))
    assert "néant</textarea>" not in second
    assert "ZOLA Émile" in second  # who can be voted for is no secret


def test_entered_twice_alike(client: Client, folder: Path) -> None:
    save(client)
    assert save(client, page="", auteur="Bruno", second="1", version="1") == 303
    assert state(client) is EntryState.TWICE
    assert "entered twice alike Anne, Bruno" in client.get("/entries").plain


def test_differences_are_settled_field_by_field(client: Client, folder: Path) -> None:
    save(client)
    answer = enter(client, blank="11", valid="691", second="1", version="1", **{"votes-1": "291"})
    assert (answer.status, state(client)) == (303, EntryState.DIFFERS)
    assert b";10;0;692;" in (folder / "saisie-pv.csv").read_bytes()
    page = client.get(answer.headers["Location"])
    assert re.findall(r"<legend><bdi>([^<]*)", page.text) == ["blank votes", "valid votes", "CURIE Marie"]
    chosen = {"choose-0": "second", "choose-1": "first", "choose-2": "other", "typed-2": "290"}
    assert client.post("/settled", {**WHERE, "version": "1", **chosen}).status == 409
    assert client.post("/settled", {**WHERE, "version": "2", "choose-0": "second"}).status == 422
    names = {"name-0": "blank", "name-1": "valid", "name-2": "voix CURIE Marie"}
    wrong = client.post("/settled", {**WHERE, "version": "2", **chosen, **names, "typed-2": "29O"})
    assert wrong.status == 422
    assert 'id="wrong-2" class="wrong">a whole number is expected, or nothing<' in wrong.text
    assert 'name="typed-2" value="29O"' in wrong.text
    assert re.findall(r'value="(\w+)"[^>]* checked', wrong.text) == ["second", "first", "other"]
    meanwhile = client.post("/settled", {**WHERE, "version": "1", **chosen, **names})
    assert meanwhile.status == 409
    assert "Somebody saved this PV meanwhile, and nothing was saved here" in meanwhile.plain
    assert re.findall(r'value="(\w+)"[^>]* checked', meanwhile.text) == ["second", "first", "other"]
    assert state(client) is EntryState.DIFFERS
    assert client.post("/settled", {**WHERE, "version": "2", **chosen}).status == 303
    assert state(client) is EntryState.SETTLED
    assert b";11;0;692;" in (folder / "saisie-pv.csv").read_bytes()
    assert b"CURIE Marie;290" in (folder / "saisie-voix.csv").read_bytes()
    assert client.post("/settled", {**WHERE, "bureau": "0009", "version": "2", **chosen}).status == 404


def test_two_pages_of_one_pv_a_lost_update_is_told(client: Client, folder: Path) -> None:
    assert save(client) == 303
    answer = enter(client, valid="690", blank="12", observations="RAS")
    assert answer.status == 409
    assert "This PV is entered already, by Anne. What you typed is below and is not saved" in answer.plain
    assert "blank votes 10 12" in answer.plain
    assert b";10;0;692;n" in (folder / "saisie-pv.csv").read_bytes()
    assert save(client, blank="12", valid="690", version=version(answer.text), **{"votes-1": "290"}) == 303
    assert b";12;0;690;n" in (folder / "saisie-pv.csv").read_bytes()


def test_a_second_entry_beside_another_saving_is_told_and_stays_blind(client: Client) -> None:
    save(client)
    answer = enter(client, blank="12", second="1")
    assert answer.status == 409
    assert "Somebody else saved this PV meanwhile." in answer.plain
    assert "saved meanwhile" not in answer.plain.replace("saved this PV meanwhile", "")
    assert client.entered()[KEY].second is None


def test_two_servers_on_one_folder_lose_nothing(folder: Path) -> None:
    journals = [EntryJournal(CaseFolder(folder)) for _ in range(3)]

    def work(journal: EntryJournal, first: int) -> None:
        for number in range(first, 30, len(journals)):
            journal.save(Saving.FIRST, entry(bureau=f"{number:04}"), "", 0)

    threads = [threading.Thread(target=work, args=each) for each in zip(journals, range(3), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(journals[0].entered()) == 30
    assert len(rows(folder)) == 31
    lost: list[object] = []
    for journal in journals:
        try:
            journal.save(Saving.FIRST, entry(bureau="0000"), "", 1)
        except SavedMeanwhile as error:
            lost.append(error.now.version)
    assert lost == [2, 2]


def _save_and_die(folder: Path) -> None:
    EntryJournal(CaseFolder(folder)).save(Saving.FIRST, entry(bureau="0002"), "", 0)
    os._exit(9)


def test_a_crash_loses_nothing_that_was_entered(folder: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_save_and_die, args=(folder,))
    process.start()
    process.join()
    assert process.exitcode == 9
    journal = EntryJournal(CaseFolder(folder))
    assert [key[1] for key in journal.entered()] == ["0002"]
    with (folder / JOURNAL).open("ab") as file:  # a line that was being written
        file.write(b'{"saving": "first", "wh')
    assert [key[1] for key in journal.entered()] == ["0002"]
    journal.save(Saving.FIRST, entry(bureau="0003"), "", 0)
    assert [key[1] for key in EntryJournal(CaseFolder(folder)).entered()] == ["0002", "0003"]


def test_a_crash_between_journal_and_tables_is_made_good(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = EntryJournal(CaseFolder(folder))
    with monkeypatch.context() as patch:
        patch.setattr(CaseFolder, "write_table", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            journal.save(Saving.FIRST, entry(), "", 0)
    assert KEY in journal.entered()
    journal.save(Saving.FIRST, entry(bureau="0002"), "", 0)
    assert len(rows(folder)) == 3


def test_a_table_that_was_changed_elsewhere_is_left_and_the_entry_kept(client: Client, folder: Path) -> None:
    save(client)
    table = folder / "saisie-pv.csv"
    table.write_bytes(table.read_bytes().replace(b"702", b"999"))
    answer = enter(client, bureau="0002")
    assert answer.status == 409
    assert "saisie-pv.csv was changed by another program" in answer.plain
    assert b"999" in table.read_bytes()
    assert len(client.entered()) == 2
    table.rename(folder / "corrige.csv")
    assert save(client, bureau="0003") == 303
    assert len(table.read_text("utf-8").splitlines()) == 4


def test_a_journal_that_somebody_holds_is_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_journal, "_PATIENCE", 0.2)
    held = create_locked(folder / JOURNAL, folder / JOURNAL)
    journal = EntryJournal(CaseFolder(folder))
    with pytest.raises(OutputRefused):
        journal.save(Saving.FIRST, entry(), "", 0)
    monkeypatch.setattr(entry_journal, "_PATIENCE", 60)
    threading.Timer(0.2, held.close).start()
    journal.save(Saving.FIRST, entry(), "", 0)
    assert KEY in journal.entered()


def test_links_in_the_place_of_our_files_are_not_followed(client: Client, folder: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"victim")
    for name in (JOURNAL, "saisie-pv.csv", "colonnes.csv", "suites.csv"):
        (folder / name).symlink_to(victim)
    assert save(client) == 400
    assert victim.read_bytes() == b"victim"


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A0", "+cmd", "@SUM(A1)", "-x"])
def test_a_choice_that_a_spreadsheet_would_run_is_harmless(client: Client, folder: Path, name: str) -> None:
    save(client, observations=name, **{"choice-0": name})
    for table in ("saisie-pv.csv", "saisie-voix.csv"):
        assert f";{name}" not in (folder / table).read_text("utf-8")
    lined = load(folder).columns
    assert name in lined.contests.contests[0].choices


@given(data=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_journal_is_read_without_an_error(data: bytes) -> None:
    entry_journal._replay(data)


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"place": [1, 2, 3, 4]}, {**as_document(entry()), "counts": {"blank": -1}},
     {**as_document(entry()), "counts": {"blank": True}}, {**as_document(entry()), "votes": {"x": 1.5}},
     {**as_document(entry()), "texts": {"page": 3}}, {**as_document(entry()), "place": ["a", "b", "c", "d"]}],
)  # fmt: skip
def test_a_line_that_is_no_entry_is_left_out(document: object) -> None:
    assert from_document(document) is None


def test_an_entry_survives_the_journal() -> None:
    assert from_document(as_document(entry())) == entry()


def test_what_two_entries_differ_in() -> None:
    assert differing(entry(), entry(page="9", observations=" néant ")) == []
    assert differing(entry(), entry(blank="")) == ["blank"]
    assert differing(entry(), entry(**{"choice-1": "X"})) == ["voix CURIE Marie", "voix X"]


def test_the_form_has_the_choices_of_the_list_and_of_pvs_before(client: Client, folder: Path) -> None:
    save(client)
    (folder / "saisie-pv.csv").unlink()
    (folder / "saisie-voix.csv").unlink()
    assert "ZOLA Émile" in client.get("/entry?insee=77001&commune=Essai-sur-Marne&bureau=0007").text
    put_text(folder / "choix.csv", "scrutin,circonscription,panneau,choix,type\n1,,1,HUGO Victor,candidat\n")
    put_text(folder / "univers.csv", LISTED.format("0007").replace("Essai-sur-Marne", "Essai"))
    client.changed()
    page = client.get("/entry?insee=77001&bureau=0007").text
    assert '<input type="hidden" name="choice-0" value="HUGO Victor">' in page
    assert 'name="commune" value="Essai"' in page
    order = [page.index(f'name="{name}"') for name in ("ouverture", "registered", "signatures", "votes_found", "valid")]
    assert order == sorted(order)


@pytest.mark.parametrize("given_version", ["", "-1", "x", "1" * 20])
def test_a_form_without_its_version_is_refused(client: Client, folder: Path, given_version: str) -> None:
    assert save(client, version=given_version) == 400
    assert list(folder.iterdir()) == []


def test_codes_of_corsica_are_taken_in_small_letters_too() -> None:
    assert entry(insee="2a004").place.insee == "2A004"


@pytest.mark.parametrize(
    "changes",
    [{"insee": ""}, {"bureau": "1"}, {"insee": "", "commune": "ESSAI SUR MARNE", "bureau": "01"}, {"commune": ""}],
)
def test_a_pv_that_is_entered_already_is_asked_about(client: Client, folder: Path, changes: dict[str, str]) -> None:
    save(client, insee="" if changes == {"commune": ""} else "77001")
    put_text(folder / "univers.csv", LISTED.format("0001"))
    client.changed()
    client.get("/")
    answer = enter(client, **changes)
    assert answer.status == 422
    assert "This bureau is entered already, as Essai-sur-Marne" in answer.plain
    (link,) = re.findall(r'href="(/entry\?insee=[^"]*)"', answer.text)
    assert 'value="702"' in client.get(unescape(link)).text
    assert len(client.entered()) == 1
    assert save(client, **changes, another="1") == 303
    assert len(client.entered()) == 2


NAMED = "Commune;Bureau;Émargements;Votes trouvés\nEssai-sur-Marne;{};702;702\nEssai-sur-Marne;0002;5;5\n"
CODED = "Code INSEE;Commune;Bureau;Émargements;Votes trouvés\n77001;Essai-sur-Marne;{};702;702\n"


@pytest.mark.parametrize(("name", "table"), [("pv.csv", NAMED), ("pv.csv", CODED), ("univers.csv", LISTED)])
@pytest.mark.parametrize("typed", [{"bureau": "1"}, {"bureau": "01", "insee": "", "commune": "ESSAI SUR MARNE"}])
def test_a_bureau_that_the_evidence_has_under_another_code_is_asked_about(
    client: Client, folder: Path, name: str, table: str, typed: dict[str, str]
) -> None:
    put_text(folder / name, table.format("0001"))
    client.changed()
    answer = enter(client, **typed)
    assert answer.status == 422
    asked = f"The evidence has bureau 0001 of Essai-sur-Marne, and {typed['bureau']} was typed."
    assert asked in answer.plain
    assert (f"Bureau {typed['bureau']} is not on the official list." in answer.plain) == (table is LISTED)
    assert 'value="1 012"' in answer.text
    assert client.entered() == {}
    assert save(client, **typed, listed="same") == 303
    [place] = [each.place for each in client.entered().values()]
    assert (place.insee, place.bureau) == (typed.get("insee", "77001"), "0001")


def test_a_bureau_that_is_another_one_stays_as_it_was_typed(client: Client, folder: Path) -> None:
    put_text(folder / "pv.csv", NAMED.format("0001"))
    client.changed()
    fields = {"bureau": "1", "listed": "other", "blank": "11"}
    answer = enter(client, **fields)  # asked about its sums, and no more about its bureau
    assert "The evidence has bureau" not in answer.plain
    assert '<input type="hidden" name="listed" value="other">' in answer.text
    assert save(client, **fields, sure="1", version=version(answer.text)) == 303
    assert [key[1] for key in client.entered()] == ["1"]


@pytest.mark.parametrize(
    "table", [NAMED.format("0001") + "Essai-sur-Marne;1;5;5\n", CODED.format("1"), NAMED.format("10")]
)
def test_a_bureau_that_the_evidence_writes_so_is_not_asked_about(client: Client, folder: Path, table: str) -> None:
    put_text(folder / "pv.csv", table)
    client.changed()
    assert save(client, bureau="1") == 303


@pytest.mark.parametrize("changes", [{"bureau": "0010"}, {"insee": "77002"}, {"scrutin": "2"}])
def test_another_pv_is_not_taken_for_it(client: Client, changes: dict[str, str]) -> None:
    save(client)
    assert save(client, **changes) == 303


def test_a_pv_is_taken_away_again_and_the_journal_keeps_it(client: Client, folder: Path) -> None:
    save(client)
    save(client, bureau="0002")
    before = (folder / JOURNAL).read_bytes()
    page = client.get("/entries").text
    assert page.count('action="/remove"') == 2
    assert client.post("/remove", {**WHERE, "version": "2"}).status == 409
    assert client.post("/remove", {**WHERE, "version": "1"}).status == 303
    assert [key[1] for key in client.entered()] == ["0002"]
    assert (folder / JOURNAL).read_bytes().startswith(before)
    assert len(rows(folder)) == 2
    assert client.post("/remove", {**WHERE, "version": "1"}).status == 404
    assert client.post("/remove", {**WHERE, "bureau": "0002", "version": "1"}).status == 303
    assert [path.name for path in folder.iterdir()] == [JOURNAL]
    assert save(client) == 303
    assert client.entered()[KEY].version == 3
    assert save(client, version="1") == 409  # a page from before it was taken away


def test_who_entered_it_stands_in_the_correction_and_not_in_a_second_entry(client: Client) -> None:
    save(client)
    assert 'name="auteur" value="Anne"' in client.get(ADDRESS).text
    assert 'name="auteur" value=""' in client.get(f"{ADDRESS}&second=1").text


def names_of(page: str) -> list[tuple[str, bool]]:
    """The choices of a form, and whether their names are fixed; rows without a name left out."""
    found = re.findall(r'<input (type="hidden" )?name="choice-\d+" value="([^"]+)"', page)
    return [(unescape(name), bool(fixed)) for fixed, name in found]


def test_a_choice_that_was_taken_away_stays_nowhere(client: Client, folder: Path) -> None:
    """A name that was misspelt in the only PV that has it can be corrected: in a draft, in an entry, in the tables."""
    answer = enter(client, signatures="700", **{"choice-1": "CURIE Maire"})
    assert names_of(answer.text) == [("ZOLA Émile", False), ("CURIE Maire", False)]
    answer = enter(client, signatures="700", version=version(answer.text))
    assert names_of(answer.text) == [("ZOLA Émile", False), ("CURIE Marie", False)]
    assert save(client, version=version(answer.text), **{"choice-2": "HUGO", "votes-2": "0"}) == 303
    page = client.get(ADDRESS).text
    assert ("HUGO", False) in names_of(page)
    assert save(client, version=version(page)) == 303
    for address in (ADDRESS, "/entry?insee=77001&bureau=0002"):
        assert {name for name, _ in names_of(client.get(address).text)} == {"ZOLA Émile", "CURIE Marie"}
    assert "HUGO" not in (folder / "saisie-voix.csv").read_text("utf-8")


def test_a_choice_without_votes_is_none_of_the_poll(client: Client, folder: Path) -> None:
    save(client)
    assert save(client, bureau="0002", **{"choice-2": "HUGO", "votes-2": ""}) == 303
    assert "HUGO" not in (folder / "saisie-voix.csv").read_text("utf-8")
    assert "HUGO" not in client.get("/entry?insee=77001&bureau=0003").text
    assert names_of(client.get("/entry?insee=77001&bureau=0003").text) == [("ZOLA Émile", True), ("CURIE Marie", True)]


def test_choices_of_another_poll_do_not_stay_in_the_form(client: Client, folder: Path) -> None:
    """The form was made for the first poll; what was typed in it stays, and nothing else does."""
    put_text(
        folder / "choix.csv",
        "scrutin,circonscription,panneau,choix,type\n1,,1,HUGO,candidat\n1,,2,SAND,candidat\n2,,1,VERNE,candidat\n",
    )
    put_text(folder / "univers.csv", LISTED.format("0007").replace("Essai-sur-Marne", "Essai"))
    put_text(
        folder / "election.toml",
        'id = "x"\ndate = 2026-03-15\n[[scrutins]]\nnumero = 1\nnom = "a"\n[[scrutins]]\nnumero = 2\nnom = "b"\n',
    )
    client.changed()
    page = client.get("/entry").text
    assert names_of(page) == [("HUGO", True), ("SAND", True)]
    offered = dict(re.findall(r'name="((?:choice|offered)-\d+)" value="([^"]+)"', page))
    form = {"commune": "Essai", "insee": "77001", "bureau": "0007", "scrutin": "2", "version": "0", **offered}
    answer = client.post("/enter", {**form, "signatures": "x", "votes-0": "7", "votes-1": ""})
    assert answer.status == 422
    assert names_of(answer.text) == [("VERNE", True), ("HUGO", False)]
    assert client.post("/enter", {**form, "votes-0": "", "votes-1": ""}).status == 303
    assert client.entered()["77001", "0007", 2, PV].latest == Entry(
        EntryPlace("77001", "Essai", "0007", 2),
        dict.fromkeys(COUNTS[PV]),
        dict.fromkeys(CLOCKS, ""),
        {"observations": "", "page": ""},
    )


def test_what_cannot_be_written_comes_back_with_all_that_was_typed(client: Client, folder: Path) -> None:
    save(client)
    table = folder / "saisie-pv.csv"
    table.write_bytes(table.read_bytes().replace(b"702", b"999"))
    changes = {"blank": "12", "valid": "690", "votes-1": "290"}
    answer = enter(client, **changes, version="1")
    assert answer.status == 409
    assert "saisie-pv.csv was changed by another program" in answer.plain
    for typed in ("12", "690", "ZOLA Émile", "290", "Anne"):
        assert f'value="{typed}"' in answer.text
    table.rename(folder / "corrige.csv")
    assert save(client, **changes, version=version(answer.text)) == 303


def test_a_pv_that_was_taken_away_meanwhile_can_be_entered_anew(client: Client) -> None:
    save(client)
    client.post("/remove", {**WHERE, "version": "1"})
    answer = enter(client, version="1")
    assert answer.status == 409
    assert "This PV was taken away meanwhile." in answer.plain
    assert save(client, version=version(answer.text)) == 303


def test_a_field_that_is_missing_is_not_called_unreadable(client: Client) -> None:
    answer = enter(client, bureau="", insee="", commune="")
    assert "2 fields are missing or cannot be read, and nothing was saved: see below." in answer.plain
    assert "The bureau is needed, and the commune or its INSEE code." in client.get("/entry").plain


def test_the_link_of_a_bureau_leads_to_a_form_that_is_saved(client: Client, folder: Path) -> None:
    header = "Commune;Bureau;Inscrits;Émargements;Bulletins trouvés;Blancs;Nuls;Suffrages exprimés"
    rows = (f"Saint-Étienne-du-Bois;000{number};1012;702;702;10;0;692" for number in (1, 2))
    put_text(folder / "pv du soir.csv", "\n".join([header, *rows, ""]))
    (commune,) = re.findall(r'href="(/bureaux\?commune[^"]+)"', client.get("/bureaux").text)
    bureau, _ = re.findall(r'href="(/bureau\?[^"]+)"', client.get(commune).text)
    link, of_list = re.findall(r'href="(/entry\?[^"]+)"', client.get(unescape(bureau)).text)
    assert "Enter a sign-in count" in client.get(unescape(of_list)).plain
    form = client.get(unescape(link)).text
    typed = dict(re.findall(r'name="(commune|insee|bureau)" value="([^"]*)"', unescape(form)))
    assert typed == {"commune": "Saint-Étienne-du-Bois", "insee": "", "bureau": "0001"}
    assert save(client, **typed, known="1") == 303
    assert client.get(commune).text.count('href="/bureau?') == 2


def test_a_commune_is_offered_and_written_as_the_evidence_has_it(client: Client, folder: Path) -> None:
    put_text(folder / "pv du soir.csv", "Commune;Bureau;Émargements;Votes trouvés\nSaint-Étienne-du-Bois;2;702;702\n")
    client.changed()
    assert 'name="commune" value="Saint-Étienne-du-Bois"' in client.get("/entry").text
    assert save(client, insee="", commune="St Etienne du Bois", bureau="7") == 303
    assert [place[1] for place in client.entered()] == ["7"]
    assert {each.place.commune for each in client.entered().values()} == {"Saint-Étienne-du-Bois"}


@pytest.mark.parametrize(
    ("typed", "left"), [({}, 0), ({"bureau": "1"}, 0), ({"bureau": "1", "valid": "1"}, 1), ({"bureau": "2"}, 1)]
)
def test_what_was_unfinished_of_a_pv_goes_when_it_is_saved_in_another_form(
    client: Client, typed: dict[str, str], left: int
) -> None:
    client.post("/draft", {**GOOD, **typed, "draft": "a" * 16, "auto": "1"})
    kept = len(list(client.server.desk.drafts.all()))
    assert save(client, draft="b" * 16) == 303
    assert (kept, len(list(client.server.desk.drafts.all()))) == (1, left)


def test_what_is_wrong_with_a_place_can_be_put_right(client: Client) -> None:
    page = enter(client, insee="77 001 bis", known="1")
    assert page.status == 422
    assert " readonly" not in page.text
    assert " readonly" not in client.get("/entry?insee=&bureau=0001").text
    assert " readonly" in client.get("/entry?insee=77001&bureau=0001").text


OF_LIST = {"commune": "Essai-sur-Marne", "insee": "77001", "bureau": "0001", "scrutin": "1", "piece": LIST}


def test_a_sign_in_count_is_compared_with_the_pv(client: Client, folder: Path) -> None:
    """It is an entry of its own beside the PV's; blank is not zero."""
    assert save(client, signatures="") == 303
    answer = client.post("/enter", {**OF_LIST, "version": "0", "signatures": "699", "page": "p. 12", "auteur": "Bob"})
    assert answer.status == 303
    assert rows(folder, "saisie-emargements.csv") == [
        "Code INSEE;Commune;Bureau;Scrutin;Inscrits;Émargements;Page",
        "77001;Essai-sur-Marne;0001;1;;699;p. 12",
    ]
    (found,) = [each for each in audit(folder).findings if each.code == "R201"]
    assert (found.left.value, found.right.value) == (699, 702)
    assert "p. 12" in str(found.left.source)
    assert "saisie-emargements.csv sign-in counts ● used" in client.get("/").plain
    page = unescape(client.get("/entries").plain)
    assert re.search(r"0001 The PV 1 entered once", page)
    assert re.search(r"0001 The sign-in list 1 entered once Bob", page)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"pages-1": "20", "report-1": "20", "pages-2": "19", "report-2": "39", "signatures": "39"}, ""),
        ({"pages-1": "20", "pages-2": "19", "report-2": "39", "signatures": "39"}, ""),
        ({"signatures": "39"}, ""),
        ({"pages-1": "20", "pages-3": "19", "signatures": "39"}, "Page 2 has no count."),
        (
            {"pages-1": "20", "report-1": "20", "pages-2": "19", "report-2": "40", "signatures": "39"},
            "Carried over after page 2: 40, and the pages up to it make 39.",
        ),
        (
            {"pages-1": "20", "report-1": "21", "pages-2": "19", "report-2": "40", "signatures": "39"},
            "Carried over after page 1: 21, and the pages up to it make 20.",
        ),
        (
            {"pages-1": "20", "report-1": "19", "pages-2": "19", "report-2": "39", "signatures": "39"},
            "Carried over after page 1: 19, and the pages up to it make 20.",
        ),
        ({"pages-1": "20", "signatures": "21"}, "The pages make 20 signatures, and the total is 21."),
        ({"pages-1": "20"}, "The total of signatures is empty; the pages make 20."),
        ({"pages-1": "0", "signatures": "0"}, ""),
    ],
)
def test_pages_and_carry_overs_of_a_list_are_checked(typed: dict[str, str], said: str) -> None:
    found, wrong = read_entry({**OF_LIST, **typed})
    assert not wrong
    assert list(map(str, questions(found))) == ([said] if said else [])
    assert from_document(json.loads(json.dumps(as_document(found)))) == found


def test_what_is_unfinished_is_kept_until_it_is_saved_or_thrown_away(client: Client, folder: Path) -> None:
    page = client.get("/entry").text
    (draft,) = re.findall(r'name="draft" value="(\w+)"', page)
    typed = {**GOOD, "draft": draft, "bureau": "", "valid": "69Z"}
    assert client.post("/draft", {**typed, "auto": "1"}).text == '{"refused":""}'
    assert f'href="/entry?draft={draft}"' in client.get("/entries").text
    assert f'href="/entry?draft={draft}"' in client.get("/entry").text
    again = client.get(f"/entry?draft={draft}")
    assert "This entry is unfinished" in again.plain
    assert all(f'value="{each}"' in unescape(again.text) for each in ("69Z", "400", "ZOLA Émile", "Anne", draft))
    assert client.get("/").plain.count("another file") == 0  # it is no evidence
    assert save(client, draft=draft) == 303
    assert list(folder.glob(".brouillon-*")) == []
    other = client.post("/draft", {**typed, "draft": "0123456789abcdef"})
    assert other.headers["Location"] == "/entry?draft=0123456789abcdef"
    assert client.post("/drop", {"draft": "0123456789abcdef"}).status == 303
    assert list(folder.glob(".brouillon-*")) == []
    for odd in ("", "../../x", "0123456789ABCDEF"):
        assert client.post("/draft", {**typed, "draft": odd}).status == 303
    assert client.post("/draft", {**OF_LIST, "draft": draft, "version": "0", "auteur": "Anne"}).status == 303
    assert list(folder.glob(".brouillon-*")) == []  # nothing was typed


def test_any_draft_is_read_without_an_error(client: Client, folder: Path) -> None:
    odd = {
        "version": "٣",
        "scrutin": "x",
        "piece": "y",
        "pages-1": "z",
        "pages-x": "1",
        "report-": "2",
        "bureau": "<b>",
    }
    for data in (b"", b"[]", b"{", b'{"bureau": 1}', b"\xff", b"[" * 99999, json.dumps(odd).encode()):
        (folder / ".brouillon-0123456789abcdef.json").write_bytes(data)
        assert client.get("/entries").status == 200
        for query in ("", "&piece=liste"):
            assert client.get(f"/entry?draft=0123456789abcdef{query}").status == 200, data


def test_the_next_bureau_is_offered_with_commune_and_author(client: Client, folder: Path) -> None:
    """By the list where there is one, else by its number; those that were entered, or given, are passed over."""
    answer = enter(client, bureau="0009")
    client.cookie += "; " + answer.headers["Set-Cookie"].partition(";")[0]
    page = client.get(answer.headers["Location"])
    assert "0009 saved; next: 0010" in page.plain
    values = dict(re.findall(r'name="(commune|insee|bureau|auteur)" value="([^"]*)"', page.text))
    assert values == {"commune": "Essai-sur-Marne", "insee": "77001", "bureau": "0010", "auteur": "Anne"}
    assert " readonly" not in page.text
    header = "insee,commune,departement,circonscription,bureau,inscrits,comptage,ouverture,cloture\n"
    rows = "".join(
        f"77001,Essai-sur-Marne,77,,{code},900,machine,08:00,19:00\n" for code in ("2", "9B", "0009", "30", "31")
    )
    put_text(folder / "univers.csv", header + rows)
    put_text(folder / "pv.csv", "Code INSEE;Commune;Bureau;Votes trouvés\n77001;Essai-sur-Marne;31;7\n")
    client.changed()
    client.get("/")
    following = []
    for code in ("9B", "30", "2"):
        following.append(enter(client, bureau=code).headers["Location"])
    assert [re.findall(r"bureau=(\w+)", each) for each in following] == [["30"], ["2"], []]


def test_every_field_has_a_hint_beside_it(client: Client) -> None:
    for piece, count in (("pv", 9), (LIST, 2)):
        page = client.get(f"/entry?piece={piece}").text
        hints = re.findall(r'<span id="hint-\w+" class="hint">([^<]*)</span>', page)
        assert len(hints) == count
        assert all(hints)
    assert "the total of the machine" in client.get("/entry").plain


def test_a_sheet_to_count_a_list_has_its_pages_and_its_place(client: Client, folder: Path) -> None:
    title = "Élection municipale – scrutin du dimanche 15 mars 2026 – 1er tour"
    put_text(folder / "mairie.csv", f"{title}\n\nCommune;Bureau;Émargements\nEssai-sur-Marne;1;702\n")
    page = client.get("/count-sheet?insee=77001&bureau=0001&commune=Essai-sur-Marne&pages=3")
    assert re.findall(r'<tr><th scope="row">(\d+)</th>', page.text) == ["1", "2", "3"]
    assert "Commune: Essai-sur-Marne Bureau: 0001 Vote of: Sunday 15 March 2026" in page.plain
    (link,) = re.findall(r'href="(/entry\?[^"]*)">Enter a sign-in count', unescape(page.text))
    assert 'name="piece" value="liste"' in client.get(link).text
    for odd, rows in (("0", 1), ("999", 200), ("x", 40), ("9" * 30, 40)):
        assert client.get(f"/count-sheet?pages={odd}").text.count('<th scope="row">') == rows


@pytest.mark.parametrize("found", [702, 720])
def test_a_pv_that_was_typed_again_confirms_what_other_pieces_tell(client: Client, folder: Path, found: int) -> None:
    """A certain slip of a table of PVs stays certain beside the right PV typed; so does one that is in both."""
    head = "Code INSEE;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés\n"
    put_text(folder / "Résultats.csv", f"{head}77001;0001;1012;702;720;10;0;692\n77001;0002;900;500;500;4;0;496\n")
    put_text(folder / "emargements.csv", "insee;bureau;emargements\n77001;0001;702\n77001;0002;500\n")
    [alone] = [case for case in audit(folder).cases if case.detail.corrections]
    save(client, votes_found=str(found))
    [case] = [case for case in audit(folder).cases if case.detail.corrections]
    assert (alone.sure, case.sure, case.cause) == (Sure.CERTAIN, Sure.CERTAIN, alone.cause)
    assert {(each.was, each.becomes) for each in case.detail.corrections} == {(720, 702)}
