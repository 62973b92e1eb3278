"""The page of one bureau, what became of a case, and what is handed on."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook

from regard.api import audit
from regard.commands.planning.simulate import simulate
from regard.dossier.contents import build
from regard.serve.case_pages import CaseIdentity, find_again
from regard.views.bureaux import cards
from tests.regard.serve.conftest import PV
from tests.regard.serve.running import Answer, Client, place_said, serving
from tests.sources import put_text


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A simulated night with faults, served."""
    folder = tmp_path_factory.mktemp("served") / "night"
    simulate(folder, communes=["77513"], seed=5)
    with serving(folder) as client:
        client.get("/")
        yield client


def test_a_bureau_has_every_figure_side_by_side_with_its_differences(night: Client) -> None:
    found = night.server.desk.compared()
    for unit, bureau in enumerate(found.evidence.universe.bureau.tolist()):
        page = night.get(f"/bureau?insee=77513&bureau={bureau}")
        assert page.status == 200
        (card,) = cards(found.evidence, found.result, unit)
        marks = page.text.count('<span class="shape" aria-hidden="true">≠</span>')
        assert marks == sum(row.differs for row in card.rows)
        for row in card.rows:
            for cell in row.cells:
                assert not cell.source or place_said(cell.source) in unescape(page.text)
        for number in card.cases:
            assert f'href="/cases/{number}"' in page.text
    assert night.get("/bureau?insee=77513&bureau=9999").status == 404
    assert night.get("/bureau").status == 404


def test_a_figure_that_a_case_is_about_is_marked_where_one_piece_alone_has_it(with_pv: Client, folder: Path) -> None:
    put_text(folder / "pv du soir.csv", PV.replace(";799;", ";789;"))
    page = with_pv.get("/bureau?insee=77001&bureau=0002").plain
    assert "≠" not in page
    assert "•to look at: valid votes" in page


def test_where_there_are_two_polls_a_bureau_says_of_which_each_case_is(tmp_path: Path) -> None:
    simulate(tmp_path / "night", year=2021, communes=["77513"], seed=5, faults={"hour-missing": 0.5})
    with serving(tmp_path / "night") as client:
        client.get("/")
        found = client.server.desk.compared()
        place = next(iter(next(iter(found.result.cases)).places))
        page = unescape(client.get(f"/bureau?insee=77513&bureau={place.bureau}").text)
    assert re.search(r"Case \d+<span class=.place.>.*bureau\xa0" + place.bureau + r", poll\xa0[12]<", page)


def test_a_bureau_shows_its_dump_byte_by_byte_and_its_ticket(night: Client) -> None:
    folder = night.server.desk.folder.path
    page = night.get("/bureau?insee=77513&bureau=0001")
    data = (folder / "exports" / "77513-0001-1-1.esf").read_bytes()
    bytes_shown = "".join(re.findall(r"<td><code>([0-9A-F ]+)</code>", page.text)).replace(" ", "")
    assert bytes_shown.startswith(data[:64].hex().upper())
    assert "tallies[0]" in page.text
    first_line = (folder / "tickets" / "77513-0001-1.txt").read_text("utf-8").splitlines()[0].strip()
    assert first_line in unescape(page.text)


def test_a_damaged_dump_says_where(night: Client, folder: Path) -> None:
    source = night.server.desk.folder.path
    (folder / "exports").mkdir()
    data = bytearray((source / "exports" / "77513-0001-1-1.esf").read_bytes())
    data[-1] ^= 1
    (folder / "exports" / "77513-0001-1-1.esf").write_bytes(data)
    (folder / "univers.csv").write_bytes((source / "univers.csv").read_bytes())
    (folder / "tickets").symlink_to(source / "tickets")
    with serving(folder) as client:
        page = client.get("/bureau?insee=77513&bureau=0001")
        assert "checksum differs" in page.plain
        assert '<tr class="differs"><td class="number">' in page.text
        assert "Ticket" not in page.plain  # the folder of tickets leads elsewhere


def identity(page: Answer) -> dict[str, str]:
    """The hidden fields by which a card's form says what case it is of."""
    return {
        unescape(name): unescape(value) for name, value in re.findall(r'name="(case-\w+)" value="([^"]*)"', page.text)
    }


def send(client: Client, number: int, **fields: str) -> Answer:
    shown = identity(client.get(f"/cases/{number}"))
    assert len(shown) == 7
    return client.post(f"/cases/{number}/follow", {**shown, "status": "explained", **fields})


def follow(client: Client, number: int, **fields: str) -> int:
    return send(client, number, **fields).status


def rows_of(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=delimiter))


def test_the_page_of_a_case_says_what_the_report_says(night: Client) -> None:
    found = night.server.desk.compared()
    cards = build(found.evidence, found.result, "en").first
    assert any(card.change for card in cards)
    for card in cards:
        page = unescape(night.get(f"/cases/{card.number}").plain)
        said = (card.where, card.said, card.what_to_do, card.change, *(place_said(each.where) for each in card.figures))
        assert [each for each in said if " ".join(each.split()) not in page] == []


def test_what_became_of_a_case_is_a_row_that_verify_reads(with_pv: Client, folder: Path) -> None:
    assert follow(with_pv, 1, remarque="Vu au PV", piece="scan 3", auteur="Anne", count="2") == 303
    assert (folder / "suites.csv").read_bytes().startswith(b"\xef\xbb\xbfinsee;bureau;")
    rows = rows_of(folder / "suites.csv")
    assert [(row["insee"], row["bureau"], row["statut"], row["nombre"]) for row in rows] == [
        ("77001", "0001", "explique", "2")
    ]
    result = audit(folder)
    (followed,) = result._result.followed
    assert followed.cases == (1,)
    assert (followed.follow_up.remark, followed.state.value) == ("Vu au PV", "same")
    page = with_pv.get("/cases/1").plain
    assert "Explained, 2 votes: Vu au PV (Anne" in page
    assert follow(with_pv, 1, status="contested", remarque="=1+1") == 303
    assert len(rows_of(folder / "suites.csv")) == 2
    assert ";=1+1" not in (folder / "suites.csv").read_text("utf-8")


def test_what_is_settled_has_its_own_heading_and_its_bureau_is_done(with_pv: Client, folder: Path) -> None:
    """Until the figures that it was settled with are others; what is contested is not done."""
    assert "Cases settled: 0 of 1" in with_pv.get("/").plain
    assert follow(with_pv, 1, remarque="Vu au PV", auteur="Anne", status="explained") == 303
    page = with_pv.get("/").plain
    assert "✓ settled: 1" in page
    assert "Cases settled: 1 of 1" in page
    board = unescape(with_pv.get("/cases?group=SETTLED").plain)
    assert "Settled (1)" in board
    assert re.search(r"→ Explained: Vu au PV \(Anne; \d{4}-\d\d-\d\d\)", board)
    answer = send(with_pv, 1, remarque="Non", auteur="Bob", status="contested")
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    again = with_pv.ask("GET", "/cases/1", headers={"Cookie": f"{with_pv.cookie}; {cookie}"})
    assert 'name="auteur" value="Bob"' in again.text  # who says so is asked once
    assert "■ contradict each other: 1" in with_pv.get("/").plain
    assert follow(with_pv, 1, remarque="Si", auteur="Anne", status="settled") == 303
    path = folder / "pv du soir.csv"
    put_text(path, path.read_text("utf-8").replace("700;702", "690;702"))
    with_pv.changed()
    assert "Cases settled: 0 of 1" in with_pv.get("/").plain


def test_two_bureaux_alike_in_everything_have_a_place_and_are_settled_there(client: Client, folder: Path) -> None:
    head = "Code INSEE;Commune;Bureau;Inscrits;Émargements;Bulletins trouvés;Blancs;Nuls;Suffrages exprimés;A;B"
    rows = [f"77001;Essai-sur-Marne;000{at};900;700;700;0;0;700;400;300" for at in (1, 2)]
    rows.append("77001;Essai-sur-Marne;0003;800;512;512;2;0;510;200;310")
    put_text(folder / "pv.csv", "\n".join([head, *rows, ""]))
    client.changed()
    page = unescape(client.get("/cases").plain)
    assert "Indications in no case" in page
    assert (
        "bureau\xa00002" in page.partition("Indications in no case")[2]
        or "0002" in page.partition("Indications in no case")[2]
    )
    assert "Indications in no case" not in client.get("/cases?place=nowhere").plain
    [address, *_] = re.findall(r'href="(/indications/\d+)"', client.get("/cases").text)
    shown = identity(client.get(address))
    assert shown["case-code"] == "P405"
    said = {"status": "explained", "remarque": "Vu au PV", "auteur": "Anne"}
    assert client.post(f"{address}/follow", {**shown, **said, "count": "x"}).status == 422
    assert client.post(f"{address}/follow", {**shown, **said}).status == 303
    [row] = rows_of(folder / "suites.csv")
    assert (row["constat"], row["statut"], row["remarque"]) == ("P405", "explique", "Vu au PV")
    for page in ("/cases", address):
        assert re.search(r"Explained: Vu au PV \(Anne; \d{4}-\d\d-\d\d\)", unescape(client.get(page).plain))
    assert client.get("/indications/9999").status == 404
    gone = client.post(f"{address}/follow", {**shown, **said, "case-bureau": "0009"})
    assert gone.status == 409
    assert f'action="{address}/follow"' in gone.text


def test_the_page_of_a_gap_names_the_decision_on_its_kind(with_pv: Client) -> None:
    assert "A judge did this sum" in with_pv.get("/cases/1").plain
    assert "Conseil constitutionnel" in with_pv.get("/cases/1").plain


TYPED = {"remarque": "Vu au PV « bis »", "piece": "scan 3", "auteur": "Anne", "count": "2", "status": "contested"}


def is_kept(page: Answer, **changed: str) -> bool:
    """Check that all typed text is in the form again."""
    typed = {**TYPED, **changed}
    text = unescape(page.text)
    return (
        f'rows="2" maxlength="500">{typed["remarque"]}</textarea>' in text
        and f'value="{typed["status"]}" selected>' in text
        and all(f'name="{name}" value="{typed[name]}"' in text for name in ("piece", "auteur", "count"))
    )


@pytest.mark.parametrize("count", ["many", "-1", "1,5", "9" * 20])
def test_a_count_that_is_none_comes_back_with_all_that_was_typed(with_pv: Client, folder: Path, count: str) -> None:
    answer = send(with_pv, 1, **{**TYPED, "count": count})
    assert answer.status == 422
    assert is_kept(answer, count=count)
    assert '<span id="wrong-count" class="wrong">a whole number is expected, or nothing</span>' in answer.text
    assert 'aria-invalid="true" aria-describedby="wrong-count"' in answer.text
    assert "Case 1: Essai-sur-Marne, bureau 0001" in answer.plain
    assert not (folder / "suites.csv").exists()
    again = with_pv.post("/cases/1/follow", {**identity(answer), **TYPED})
    assert (again.status, again.headers["Location"]) == (303, "/cases/1")
    assert [row["remarque"] for row in rows_of(folder / "suites.csv")] == [TYPED["remarque"]]


def test_more_votes_than_there_are_voters_are_asked_about(with_pv: Client, folder: Path) -> None:
    answer = send(with_pv, 1, **{**TYPED, "count": "5 000"})
    assert answer.status == 422
    assert is_kept(answer, count="5 000")
    question = "5,000 votes, and 1,012 registered voters where the case is: is that the number?"
    assert f"{question} Nothing was saved yet." in answer.plain
    assert "0 fields" not in answer.plain
    assert not (folder / "suites.csv").exists()
    (sure,) = re.findall(r'name="sure" value="([^"]+)"', answer.text)
    shown = identity(answer)
    other = with_pv.post("/cases/1/follow", {**shown, **TYPED, "count": "6000", "sure": sure})  # said of one number
    assert "6,000 votes" in other.plain
    assert with_pv.post("/cases/1/follow", {**shown, **TYPED, "count": "5000", "sure": sure}).status == 303
    assert follow(with_pv, 1, **{**TYPED, "count": "1012"}) == 303
    assert [row["nombre"] for row in rows_of(folder / "suites.csv")] == ["5000", "1012"]


def test_a_status_that_is_none_comes_back_as_well(with_pv: Client, folder: Path) -> None:
    answer = send(with_pv, 1, **{**TYPED, "status": "x"})
    assert answer.status == 422
    assert "choose a status" in answer.plain
    assert not (folder / "suites.csv").exists()


@pytest.mark.parametrize("changed", [{"case-code": "Z999"}, {"case-cause": "x"}, {"case-poll": "9"}])
def test_a_form_of_no_case_is_refused(with_pv: Client, folder: Path, changed: dict[str, str]) -> None:
    shown = identity(with_pv.get("/cases/1"))
    assert with_pv.post("/cases/1/follow", {**shown, **TYPED, **changed}).status == 400
    assert with_pv.post("/cases/1/follow", TYPED).status == 400
    assert not (folder / "suites.csv").exists()


def change(client: Client, folder: Path, *pairs: tuple[str, str]) -> None:
    """Change the table of PVs, and have it compared anew."""
    path = folder / "pv du soir.csv"
    text = path.read_text("utf-8")
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    put_text(path, text)
    client.changed()
    client.get("/")


def test_a_case_that_has_only_another_number_by_now_is_kept_under_it(with_pv: Client, folder: Path) -> None:
    """A larger gap came in another bureau, so that the case is the second one."""
    shown = identity(with_pv.get("/cases/1"))
    change(with_pv, folder, ("0002;998;800;800;1;0;799", "0002;998;800;850;1;0;849"))
    assert identity(with_pv.get("/cases/1"))["case-bureau"] == "0002"
    answer = with_pv.post("/cases/1/follow", {**shown, **TYPED})
    assert (answer.status, answer.headers["Location"]) == (303, "/cases/2")
    assert [row["bureau"] for row in rows_of(folder / "suites.csv")] == ["0001"]


def test_a_case_with_other_figures_by_now_keeps_what_was_typed(with_pv: Client, folder: Path) -> None:
    shown = identity(with_pv.get("/cases/1"))
    change(with_pv, folder, ("1012;700;702", "1012;699;702"))
    answer = with_pv.post("/cases/1/follow", {**shown, **TYPED})
    assert answer.status == 409
    assert is_kept(answer)
    assert "This case is not found any more as it was" in answer.plain
    assert not (folder / "suites.csv").exists()
    assert with_pv.post("/cases/1/follow", {**shown, **TYPED, "gone": "1"}).status == 303
    assert [row["chiffres"] for row in rows_of(folder / "suites.csv")] == ["700 / 702"]
    (followed,) = audit(folder)._result.followed
    assert followed.state.value == "changed"


def test_a_case_that_is_gone_keeps_what_was_typed_and_can_be_kept_all_the_same(with_pv: Client, folder: Path) -> None:
    shown = identity(with_pv.get("/cases/1"))
    change(with_pv, folder, ("1012;700;702", "1012;702;702"), ("0002;998;800;800;1;0;799", "0002;998;800;850;1;0;849"))
    answer = with_pv.post("/cases/1/follow", {**shown, **TYPED})
    assert answer.status == 409
    assert is_kept(answer)
    assert "This case is not found any more" in answer.plain
    assert "It was about: Essai-sur-Marne 0001" in answer.plain
    assert "700 / 702" in answer.plain
    large = with_pv.post("/cases/1/follow", {**shown, **TYPED, "case-figures": quote("1299 / 1302")})
    assert "1,299 / 1,302" in large.plain
    assert not (folder / "suites.csv").exists()
    fields = {**identity(answer), **TYPED, "gone": "1"}
    wrong = with_pv.post("/cases/1/follow", {**fields, "count": "many"})
    assert wrong.status == 422
    assert is_kept(wrong, count="many")
    kept = with_pv.post("/cases/1/follow", fields)
    assert (kept.status, kept.headers["Location"]) == (303, "/cases")
    (followed,) = audit(folder)._result.followed
    assert (followed.state.value, followed.follow_up.remark) == ("gone", TYPED["remarque"])


def test_a_table_that_cannot_be_added_to_keeps_what_was_typed(with_pv: Client, folder: Path) -> None:
    with_pv.get("/")
    put_text(folder / "suites.csv", "insee;bureau;statut\n77001;0001;regle\n")
    answer = send(with_pv, 1, **TYPED)
    assert answer.status == 409
    assert is_kept(answer)
    assert "suites.csv has other columns than this page writes" in answer.plain
    assert (folder / "suites.csv").read_text("utf-8") == "insee;bureau;statut\n77001;0001;regle\n"


def test_every_case_of_a_night_is_found_again_by_what_it_is(night: Client) -> None:
    found = night.server.desk.compared()
    for case in found.result.cases:
        shown = CaseIdentity.of(case)
        assert CaseIdentity.read({name: quote(value, safe="") for name, value in shown.fields().items()}) == shown
        assert find_again(found, shown) == case


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><b', "\x1b[31m\u202e", "x" * 1500, "a%20b & c"])
def test_a_case_of_a_place_of_any_name_is_found_again(client: Client, folder: Path, name: str) -> None:
    with (folder / "pv.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Commune", "Bureau", "Émargements", "Votes trouvés"], [name, name[:50], 7, 9]])
    assert follow(client, 1, **TYPED) == 303
    (followed,) = audit(folder)._result.followed
    assert followed.cases == (1,)


HEADER = "insee,bureau,scrutin,constat,chiffres,statut,remarque,nombre,piece,auteur,date"
ROW = "77001,0001,,,,regle,déjà vu,,,,"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_table_goes_on_in_the_form_that_it_has(
    with_pv: Client, folder: Path, delimiter: str, mark: str, end: str
) -> None:
    before = (mark + end.join((HEADER, ROW)).replace(",", delimiter)).encode()
    (folder / "suites.csv").write_bytes(before)
    assert follow(with_pv, 1, remarque="un, deux; trois") == 303
    data = (folder / "suites.csv").read_bytes()
    assert data.startswith(before + end.encode())
    assert data.count(b"\r\n") == (3 if end == "\r\n" else 0)
    assert [row["remarque"] for row in rows_of(folder / "suites.csv", delimiter)] == ["déjà vu", "un, deux; trois"]
    assert [each.follow_up.remark for each in audit(folder)._result.followed] == ["déjà vu", "un, deux; trois"]


def test_a_table_in_the_encoding_of_windows_goes_on_in_it(with_pv: Client, folder: Path) -> None:
    before = f"{HEADER}\r\n{ROW}\r\n".replace(",", ";").encode("cp1252")
    (folder / "suites.csv").write_bytes(before)
    assert follow(with_pv, 1, remarque="relevé") == 303
    assert (folder / "suites.csv").read_bytes().decode("cp1252").count("relevé") == 1
    after = (folder / "suites.csv").read_bytes()
    assert follow(with_pv, 1, remarque="中") == 409
    assert (folder / "suites.csv").read_bytes() == after


def test_the_report_is_that_of_verify(with_pv: Client, folder: Path) -> None:
    with_pv.get("/")
    answer = with_pv.get("/report.html")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dossier.html"'
    assert "Essai-sur-Marne" in answer.text
    findings = json.loads(with_pv.get("/report.json").text)
    assert len(findings["cases"]) == len(audit(folder).cases)
    assert 'href="/report.html"' in with_pv.get("/hand-on").text
    assert with_pv.get("/report.pdf").data.startswith(b"%PDF")
    book = CalamineWorkbook.from_filelike(io.BytesIO(with_pv.get("/report.xlsx").data))
    assert len(book.get_sheet_by_index(0).to_python()) == 1 + len(findings["cases"])
    assert len(with_pv.get("/report.csv").text.splitlines()) == 1 + len(findings["findings"])
    assert with_pv.get("/report.exe").status == 404


ELECTION = """id = "municipales_listes-2026"
nom = "Municipal elections"
date = 2026-03-15
tour = 1
[[scrutins]]
numero = 1
nom = "Municipal elections"
type = "municipales_listes"
"""


@pytest.fixture
def with_vote(with_pv: Client, folder: Path) -> Client:
    """The folder says what was voted on."""
    put_text(folder / "election.toml", ELECTION)
    with_pv.changed()
    with_pv.get("/")
    return with_pv


def test_letters_are_those_of_next(with_vote: Client) -> None:
    starts = {"html": b"<!doctype html>", "pdf": b"%PDF", "docx": b"PK"}
    for form, start in starts.items():
        answer = with_vote.get(f"/letters?form={form}")
        assert answer.status == 200
        assert answer.data.lower().startswith(start.lower())
        assert answer.headers["Content-Disposition"] == f'attachment; filename="suites-a-donner.{form}"'
    signed = with_vote.get("/letters?form=html&author=Marie++Curie")
    assert "Essai-sur-Marne" in signed.text
    assert "Marie Curie" in signed.text
    assert "regard-author=Marie%20Curie" in signed.headers["Set-Cookie"]
    assert "Municipal elections, first round, Sunday 15 March 2026" in with_vote.get("/hand-on").plain


def test_where_nothing_says_the_vote_it_is_asked_for_in_one_place(with_pv: Client) -> None:
    with_pv.get("/")
    for address, status in (("/hand-on", 200), ("/letters?form=html", 400)):
        page = with_pv.get(address)
        assert page.status == status
        assert "Nothing in the folder says what was voted on, and when. Say it" in page.plain
        assert 'href="/election"' in page.text
        assert 'action="/letters"' not in page.text


def test_letters_of_another_vote_than_the_folders_are_refused(with_vote: Client) -> None:
    answer = with_vote.get("/letters?election=presidentielle")
    assert answer.status == 400
    assert "No letter was written." in answer.plain


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("31/02/2026", "“31/02/2026”: the calendar has no such day"),
        ("15 brumaire 2026", "“15 brumaire 2026”: no day as 2026-03-15 or 15/03/2026"),
    ],
)
def test_a_day_that_is_none_comes_back_with_all_that_was_chosen(with_vote: Client, day: str, said: str) -> None:
    answer = with_vote.get(f"/letters?proclaimed={quote(day)}&form=docx")
    assert answer.status == 400
    assert f'value="{day}"' in answer.text
    assert '"docx" selected' in answer.text
    wrong = dict(re.findall(r'<span id="wrong-(\w+)" class="wrong">([^<]*)</span>', unescape(answer.text)))
    assert wrong == {"proclaimed": said}
    before = with_vote.get("/letters?proclaimed=2026-03-01")
    assert before.status == 400
    assert "The result cannot have been proclaimed before the vote" in before.plain


def test_a_day_is_typed_as_the_language_writes_it(night: Client) -> None:
    for date in ("2022-04-13", "13/04/2022"):
        assert night.get(f"/letters?proclaimed={date}&form=html").status == 200
    page = Client(night.server)
    page.cookie = f"{night.cookie}; regard-language=fr"
    text = page.get("/hand-on").text.replace("\u00a0", " ")
    assert 'placeholder="JJ/MM/AAAA"' in text
    assert "Un délai part du jour de la proclamation pour : élections législatives, élections sénatoriales," in text
    assert "avant la clôture de ce PV" in text


def test_nothing_is_handed_on_of_nothing(client: Client) -> None:
    assert client.get("/report.html").status == 404
    assert client.get("/letters?election=municipales&date=2026-03-15").status == 404
    assert "Nothing has been compared yet." in client.get("/hand-on").plain
    assert client.get("/report.json").status == 404


@pytest.mark.parametrize("code", ["<b>1", "../x", "a/b", "é", "x" * 300])
def test_a_bureau_of_any_code_has_its_page(client: Client, folder: Path, code: str) -> None:
    put_text(folder / "pv.csv", f"Code INSEE,Bureau,Émargements,Votes trouvés\n77001,{code},7,9\n")
    (link,) = re.findall(r'href="(/bureau\?insee=[^"]*)"', client.get("/bureaux?commune=77001").text)
    assert link == f"/bureau?insee=77001&amp;bureau={quote(code, safe='')}"
    page = client.get(unescape(link))
    assert page.status == 200
    assert "<b>1" not in page.text
