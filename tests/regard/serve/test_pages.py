"""Pages state what `regard verify` states: the desk, a file column by column, the bureaux, the cases."""

import csv
import errno
import io
import os
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.words import Clause, Text, language, msg, series
from regard.api import audit, load
from regard.commands.planning.simulate import simulate
from regard.reports.inputs import TAKEN
from regard.serve.case_folder import CaseFolder
from regard.serve.desk_pages import file_id
from regard.serve.examining import BureauState, CaseGroup, CasesWanted, ExaminedCase, states_of
from regard.serve.pages import _sentence
from tests.programs import HANG
from tests.regard.serve.conftest import PV
from tests.regard.serve.running import Client, place_said, serving
from tests.sources import put_text
from tests.verify.night_builder import INSEE, small_night
from verify import audit as checks
from verify.model.findings import Severity
from verify.model.use import COLUMNS, COMPANION, OURS, READING
from verify.rulebook.causes import CaseKind

PV_ID = file_id("pv du soir.csv")
SCRIPT = "<script>alert('Ém')</script>"


@pytest.fixture(scope="module")
def a_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A simulated night with faults, served."""
    folder = tmp_path_factory.mktemp("served") / "night"
    simulate(folder, communes=["68224", "76351"], seed=3)
    with serving(folder) as client:
        client.get("/")
        yield client


def columns(page: str) -> dict[str, str]:
    """The number of each column in the form, by its header."""
    return {name: number for number, name in re.findall(r'id="column-(\d+)-name"><bdi>([^<]*)', page)}


def test_an_empty_folder_is_a_case_to_begin(client: Client) -> None:
    page = client.get("/")
    assert page.status == 200
    assert "There is nothing in the folder yet." in page.plain
    assert "No bureau is known yet" in client.get("/bureaux").plain
    assert "Nothing has been compared yet." in client.get("/cases").plain
    assert client.get("/cases/1").status == 404


def test_the_desk_says_what_each_file_was_taken_for(with_pv: Client, folder: Path) -> None:
    put_text(folder / "notes.csv", "a;b\n1;2\n")
    page = with_pv.get("/").plain
    assert "pv du soir.csv PVs ● used" in page
    assert "notes.csv another file ○ not used" in page
    assert "To be settled: 1 irregularity that remains." in page
    assert "◐ agree, but a piece is missing: 2 ■ contradict each other: 1" in page


def test_a_column_is_put_right_and_the_command_line_says_the_same(with_pv: Client, folder: Path) -> None:
    path = folder / "pv du soir.csv"
    put_text(path, path.read_text("utf-8").replace("Bulletins trouvés", "Zut"))
    page = with_pv.get(f"/file?id={PV_ID}")
    assert "Zut" in page.plain
    fields = {f"column-{at}": "votes_found" if name == "Zut" else "?" for name, at in columns(page.text).items()}
    (version,) = re.findall(r'name="version" value="([^"]*)"', page.text)
    answer = with_pv.post("/columns", {**fields, "id": PV_ID, "version": version})
    assert (answer.status, answer.headers["Location"]) == (303, f"/file?id={PV_ID}")
    assert (folder / "colonnes.csv").read_text("utf-8-sig") == "colonne;sens\nZut;votes_found\n"
    again = with_pv.get(f"/file?id={PV_ID}").text
    assert '<option value="votes_found" selected>' in again
    assert "To be settled: 1 irregularity that remains." in with_pv.get("/").plain
    result = audit(folder)
    assert [found.code for found in result.findings if found.severity >= Severity.WARNING] == ["R204", "R201"]
    (version,) = re.findall(r'name="version" value="([^"]*)"', again)
    fields = dict.fromkeys(fields, "?")
    assert with_pv.post("/columns", {**fields, "id": PV_ID, "version": version}).status == 303
    assert (folder / "colonnes.csv").read_text("utf-8-sig") == "colonne;sens\n"
    assert "colonnes.csv what columns mean ○ not used nothing filled in" in with_pv.get("/").plain
    assert not [each.path for each in audit(folder).inputs if each.unread]


def test_columns_put_right_are_those_of_the_files_that_are_named(with_pv: Client, folder: Path) -> None:
    put_text(folder / "pv de la mairie.csv", (folder / "pv du soir.csv").read_text("utf-8") + "\n")
    counts = {"votes_found": "500", "signatures": "500", "blank": "3", "null": "2", "valid": "495"}
    typed = {"insee": "77003", "commune": "Trois-Ville", "bureau": "0001", "scrutin": "1", "version": "0", **counts}
    assert with_pv.post("/enter", typed).status == 303
    found = with_pv.get(f"/file?id={PV_ID}")
    assert "Holds as well for: pv de la mairie.csv" in found.plain
    assert "saisie-pv.csv" not in found.plain
    fields = {f"column-{columns(found.text)['Blancs']}": "null", f"column-{columns(found.text)['Nuls']}": "blank"}
    assert with_pv.post("/columns", {**fields, "id": PV_ID, "version": ""}).status == 303
    rows = {(row["insee"], row["bureau"]): row for row in load(folder).figures.to_arrow().to_pylist()}
    shown = {place: (row["record_blank"], row["record_null"]) for place, row in rows.items()}
    assert shown[("77003", "0001")] == (3, 2)
    assert shown[("77001", "0001")] == (0, 10)


def test_a_table_in_the_nights_own_form_has_the_columns_of_that_form(with_pv: Client, folder: Path) -> None:
    put_text(folder / night.RECORDS.file, ";".join(night.RECORDS.header) + "\n")
    assert "Holds as well for: pv.csv" in with_pv.get(f"/file?id={PV_ID}").plain


def test_what_to_do_about_columns_is_done_on_the_page(with_pv: Client, folder: Path) -> None:
    path = folder / "pv du soir.csv"
    put_text(path, path.read_text("utf-8").replace("Observations", "Votes trouvés").replace("néant", "17"))
    said = "In the list of its columns, say what each one is, or leave it out."
    for page in (with_pv.get("/"), with_pv.get(f"/file?id={PV_ID}")):
        assert page.plain.count(said) == 1
        assert "--map" not in page.plain
        assert "--columns" not in page.plain


def test_columns_of_what_was_entered_here_are_never_put_right(with_pv: Client, folder: Path) -> None:
    typed = {"insee": "77003", "commune": "Trois-Ville", "bureau": "0001", "scrutin": "1", "version": "0", "blank": "3"}
    assert with_pv.post("/enter", typed).status == 303
    page = with_pv.get(f"/file?id={file_id('saisie-pv.csv')}")
    assert "nothing that is said of columns of other files changes them" in page.plain
    assert "<select" not in page.text.partition("<main")[2]
    sent = {"column-10": "null", "id": file_id("saisie-pv.csv"), "version": ""}
    assert with_pv.post("/columns", sent).status == 400
    assert not (folder / "colonnes.csv").exists()


def test_columns_changed_meanwhile_are_said_and_not_lost(with_pv: Client, folder: Path) -> None:
    page = with_pv.get(f"/file?id={PV_ID}").text
    (version,) = re.findall(r'name="version" value="([^"]*)"', page)
    put_text(folder / "colonnes.csv", "colonne,sens\nX,blank\n")
    number = columns(page)["Observations"]
    answer = with_pv.post("/columns", {"column-0": "-", f"column-{number}": "choix", "id": PV_ID, "version": version})
    assert answer.status == 409
    assert "colonnes.csv was changed meanwhile" in answer.plain
    assert (folder / "colonnes.csv").read_text("utf-8") == "colonne,sens\nX,blank\n"
    assert re.findall(r'<option value="([^"]+)" selected>', answer.text) == ["-", "choix"]
    (version,) = re.findall(r'name="version" value="([^"]*)"', answer.text)
    assert with_pv.post("/columns", {"column-0": "-", "id": PV_ID, "version": version}).status == 303


def test_a_table_of_columns_with_more_than_the_page_writes_is_left_as_it_is(with_pv: Client, folder: Path) -> None:
    put_text(folder / "colonnes.csv", "colonne,sens,remarque\nX,blank,relu\n")
    page = with_pv.get(f"/file?id={PV_ID}").text
    (version,) = re.findall(r'name="version" value="([^"]*)"', page)
    assert with_pv.post("/columns", {"column-0": "-", "id": PV_ID, "version": version}).status == 409
    assert (folder / "colonnes.csv").read_text("utf-8") == "colonne,sens,remarque\nX,blank,relu\n"


@pytest.mark.parametrize("fields", [{"column-0": "abstentions"}, {"id": "../x"}, {"id": "pv du soir.csv"}])
def test_what_no_form_of_the_page_sends_is_refused(with_pv: Client, folder: Path, fields: dict[str, str]) -> None:
    with_pv.get("/")
    assert with_pv.post("/columns", {"id": PV_ID, "version": "", **fields}).status in (400, 404)
    assert not (folder / "colonnes.csv").exists()


def test_a_header_is_written_so_that_no_spreadsheet_runs_it(with_pv: Client, folder: Path) -> None:
    path = folder / "pv du soir.csv"
    put_text(path, path.read_text("utf-8").replace("Observations", "=cmd"))
    page = with_pv.get(f"/file?id={PV_ID}").text
    number = columns(page)["=cmd"]
    fields = {f"column-{number}": "observations", "id": PV_ID, "version": ""}
    assert with_pv.post("/columns", fields).status == 303
    assert (folder / "colonnes.csv").read_text("utf-8-sig") == "colonne;sens\n =cmd;observations\n"
    assert "remarks" in with_pv.get(f"/file?id={PV_ID}").plain
    assert audit(folder).inputs[0].path == "colonnes.csv"
    evidence = with_pv.server.desk.examiner.latest()
    (given,) = [each for each in evidence.inputs if each.path == path.name]
    assert [column.meaning for column in given.sheets[0].columns if column.header == "=cmd"] == ["observations"]


@pytest.mark.parametrize("text", [SCRIPT, '"><img src=x onerror=alert(1)>', "\u202etxt.exe", "\x1b[31m", "x" * 10_000])
def test_a_hostile_text_is_harmless_on_every_page(client: Client, folder: Path, text: str) -> None:
    table = io.StringIO()
    csv.writer(table).writerows(
        [
            ["Commune", "Bureau", "Émargements", "Votes trouvés", "Exprimés", text, "Zut " + text],
            [text, text[:50], 7, 9, 9, 9, 1],
        ]
    )
    put_text(folder / "pv.csv", table.getvalue())
    for path in ("/", f"/file?id={file_id('pv.csv')}", "/bureaux", "/cases", "/cases/1"):
        page = client.get(path)
        assert page.status == 200, path
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert not set("\u202e\x1b") & set(page.text)
        assert "x" * 1001 not in re.sub(r'(href|value)="[^"]*"', "", page.text)
    insee = re.findall(r'href="(/bureaux\?commune=[^"]*)"', client.get("/bureaux").text)
    assert [client.get(unescape(each)).status for each in insee] == [200]


@pytest.mark.check(2)
def test_every_case_has_a_card_with_its_figures_and_sources(a_night: Client) -> None:
    found = a_night.server.desk.compared()
    for case in found.result.cases:
        page = a_night.get(f"/cases/{case.number}")
        assert page.status == 200
        for position in case.findings:
            finding = found.result.findings[position]
            assert finding.code in page.text
            for side in (finding.left, finding.right):
                assert place_said(side.source) in unescape(page.text)
        boxes = page.text.partition('<ul class="sides">')[2].partition("</ul>")[0].split("<li")[1:]
        assert len(boxes) == len({re.sub("<strong>.*?</strong>|</?span[^>]*>", "", each) for each in boxes})
    assert a_night.get(f"/cases/{len(found.result.cases) + 1}").status == 404


def test_two_counts_are_called_by_their_names_and_law_is_written_as_in_letters(a_night: Client) -> None:
    found = a_night.server.desk.compared()
    positions = {code: at for at, code in enumerate(each.code for each in found.result.findings)}
    number = next(each.number for each in found.result.cases if positions["R204"] in each.findings)
    page = a_night.get(f"/cases/{number}")
    assert set(re.findall(r"<span><bdi>([^<]*)</bdi></span><strong>", page.text)) == {"signatures", "votes found"}
    assert page.plain.replace("\xa0", " ").count("Code électoral, art. R. 62") == 1


def test_cases_are_filtered_and_sorted(a_night: Client) -> None:
    found = a_night.server.desk.compared()
    every = list(found.result.cases)
    index = found.cases
    read = index.find(CasesWanted()).tolist()
    assert [(int(index.group[at]), at) for at in read] == sorted((int(index.group[at]), at) for at in range(len(every)))
    for group in CaseGroup:
        assert index.find(CasesWanted(group=group)).tolist() == [at for at in read if index.group[at] == group]
    assert {every[at].cause.kind for at in index.find(CasesWanted(group=CaseGroup.REREAD)).tolist()} == {
        CaseKind.REREAD
    }
    hundred = found.result.cases[int(index.find(CasesWanted(group=CaseGroup.HUNDRED))[0])]
    assert max(found.result.findings.keys().apart[list(hundred.findings)]) >= 100
    for sure in {case.sure for case in every}:
        assert index.find(CasesWanted(sure=sure)).tolist() == [case.number - 1 for case in every if case.sure is sure]
    havre = index.find(CasesWanted(place="le havre")).tolist()
    assert havre == [case.number - 1 for case in every if case.first.insee == "76351"]
    assert 0 < len(havre) < len(every)
    bureau = every[havre[0]].first.bureau
    assert havre[0] in index.find(CasesWanted(place=f"havre {bureau.lower()}"))
    assert index.find(CasesWanted(place="nowhere")).tolist() == []
    places = [(every[at].first.insee, every[at].first.bureau) for at in index.find(CasesWanted(order="place"))]
    assert places == sorted(places)
    apart = index.apart[index.find(CasesWanted(order="apart"))].tolist()
    assert apart == sorted(apart, reverse=True)
    shown = a_night.get("/cases?group=IRREGULARITY&place=havre&order=place").plain
    assert f"of {len(every)} cases" in shown
    together = index.lines.together[min(index.lines.together)]
    line = rf'href="/cases\?place={every[together.numbers[0] - 1].first.insee}">{len(together.numbers)} cases'
    assert re.search(line, a_night.get("/cases?group=IRREGULARITY").text)
    assert a_night.get("/cases?group=1&sure=&order=?&page=-1").status == 200
    assert a_night.get("/cases?page=99999999999999999999").status == 200


def test_bureaux_are_as_grave_as_their_findings(a_night: Client) -> None:
    found = a_night.server.desk.compared()
    gravest: dict[tuple[str, str], int] = {}
    for finding in found.result.findings:
        place = finding.insee, finding.bureau
        gravest[place] = max(gravest.get(place, 0), finding.severity)
    expected = {Severity.ERROR: BureauState.ERROR, Severity.WARNING: BureauState.WARNING}
    shown = {(insee, code): state for insee in ("68224", "76351") for code, state in found.states.bureaux(insee)}
    assert len(shown) == len(found.states.universe)
    for place, state in shown.items():
        assert state is expected.get(Severity(gravest.get(place, 1)), BureauState.AGREES)
    assert sum(found.states.counts()) == len(shown)
    page = a_night.get("/bureaux?commune=76351")
    assert page.text.count('<li class="tile') == sum(insee == "76351" for insee, _ in shown)
    assert a_night.get("/bureaux?commune=99999").status == 404
    assert "Le Havre" in a_night.get("/bureaux").plain


def test_a_folder_that_changes_is_compared_anew(with_pv: Client, folder: Path) -> None:
    assert "■ contradict each other: 1" in with_pv.get("/").plain
    path = folder / "pv du soir.csv"
    put_text(path, path.read_text("utf-8").replace("700;702", "702;702"))
    with_pv.server.desk.examiner._looked = -1.0
    assert "◐ agree, but a piece is missing: 3" in with_pv.get("/").plain


def test_what_is_being_done_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    examiner = client.server.desk.examiner
    assert examiner.wait(HANG)
    monkeypatch.setattr(examiner, "busy", True)
    monkeypatch.setattr(examiner, "_step", ("exports", 1200))
    monkeypatch.setattr(examiner, "_since", time.monotonic() - 10_000)
    page = client.ask("GET", "/").plain
    assert re.search(r"The files are being compared, since 10,0\d\d s: reading exports \(1,200\)\.", page)
    assert '"busy":true' in client.ask("GET", "/progress").text


def test_another_language_is_chosen_on_the_page(client: Client) -> None:
    assert '<html lang="en">' in client.get("/").text
    answer = client.post("/language", {"language": "fr", "back": "/cases?group=REREAD"})
    assert answer.headers["Location"] == "/cases?group=REREAD"
    client.cookie += "; " + answer.headers["Set-Cookie"].partition(";")[0]
    page = client.get("/")
    assert '<html lang="fr">' in page.text
    assert "Comparer" in page.plain or "dossier" in page.plain


def test_the_language_of_the_command_is_that_of_the_page(folder: Path) -> None:
    with serving(folder, "fr") as client:
        assert '<html lang="fr">' in client.get("/").text
        assert '<html lang="fr">' in client.ask("GET", "/", headers={"Cookie": None}).text


def test_a_page_that_shows_what_is_old_says_that_more_is_coming(
    with_pv: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the comparison ends between the moment when a page looks for what was found and that when it is made."""
    with_pv.get("/")
    examiner = with_pv.server.desk.examiner
    old = examiner.latest()

    def old_and_then_done() -> ExaminedCase:
        assert examiner.wait(HANG)
        return old

    monkeypatch.setattr(examiner, "latest", old_and_then_done)
    put_text(folder / "second.csv", PV.replace("7700", "7800"))
    examiner.changed()
    page = with_pv.ask("GET", "/").text
    assert "second.csv" not in page
    assert 'data-busy="1"' in page


def test_a_folder_that_cannot_be_written_is_said_on_every_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is typed; and what is typed in a page from before comes back."""
    put_text(folder / "pv du soir.csv", PV)
    with serving(folder) as client:
        before = client.get("/cases/1")
        assert "Nothing can be saved in this folder" not in client.get("/").plain
        with monkeypatch.context() as patch:
            close(patch, folder)
            for path in (
                "/",
                "/bureaux",
                "/cases",
                "/cases/1",
                "/entry",
                "/entries",
                f"/file?id={PV_ID}",
                "/hand-on",
            ):
                assert "Nothing can be saved in this folder (Read-only file system)" in client.get(path).plain, path
            assert 'type="file"' not in client.get("/").text
            forms = {"/": 1, "/cases/1": 1, "/entry": 1, "/election": 2, f"/file?id={PV_ID}": 1}
            closed = {path: client.get(path).text.count(' disabled aria-describedby="closed">') for path in forms}
            assert closed == forms
            fields = dict(re.findall(r'name="(case-\w+)" value="([^"]*)"', before.text))
            answer = client.post("/cases/1/follow", {**fields, "status": "explained", "remarque": "Vu"})
            assert answer.status == 409
            assert ">Vu</textarea>" in answer.text
        assert "Nothing can be saved in this folder" not in client.get("/").plain
        assert sorted(path.name for path in folder.iterdir()) == ["pv du soir.csv"]


def close(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the system refuse every new file in a folder, as it refuses them to whoever has no right to it."""
    opened = os.open

    def refuse(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT and folder in Path(path).parents:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return opened(path, flags, mode)

    patch.setattr("protocol.locked_files.os.open", refuse)
    patch.setattr(CaseFolder, "is_open", lambda _: False)


def test_sentences_begin_with_a_capital_and_names_of_files_stay_as_they_are(client: Client, folder: Path) -> None:
    put_text(folder / "pv du soir.csv", PV.replace("0002;", "2;"))
    put_text(
        folder / "univers.csv",
        "insee,commune,departement,circonscription,bureau,inscrits,comptage,ouverture,cloture\n"
        "77001,Essai-sur-Marne,77,,0001,1012,machine,08:00,19:00\n",
    )
    client.changed()
    said = re.findall(r"</h3>\n<p>([^<]*)", client.get("/cases").text)
    assert any(each.startswith("pv du soir.csv") for each in said)
    assert not any(each[0].islower() for each in said if not each.startswith("pv du soir.csv"))
    assert re.search(r'for="field-registered">Registered', client.get("/entry").text)
    style = client.get("/static/page.css").text
    assert "text-transform" not in style


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (msg("read it again"), "Read it again"),
        (msg("{field}: {count}", field=msg("signatures"), count=1), "Signatures: 1"),
        (msg("{file} names it", file="pv du soir.csv"), "pv du soir.csv names it"),
        (msg("{told} (so)", told=Clause(msg("{file} names it.", file="pv.csv"))), "pv.csv names it (so)"),
        (series([msg("one"), "two"]), "One, two"),
        (series(["de la Tour", msg("two")]), "de la Tour, two"),
        (series([]), ""),
        ("pv.csv", "pv.csv"),
    ],
)
def test_only_words_of_ours_get_a_capital(said: Text, shown: str) -> None:
    assert _sentence(language("en"), said) == shown


def test_lines_in_french_do_not_break_before_a_colon(folder: Path) -> None:
    put_text(folder / "pv du soir.csv", PV)
    with serving(folder, "fr") as client:
        text = client.get("/cases/1").text
        assert "Cas 1\u00a0: <bdi>Essai-sur-Marne" in text
        typed = client.post("/enter", {"version": "0", "observations": "néant ; rien : « a »"}).text
        assert "néant ; rien : « a »</textarea>" in typed


def test_every_kind_of_file_is_named_in_words() -> None:
    root = Path(__file__).resolve().parents[3]
    found = {COMPANION, READING, OURS, COLUMNS, night.FOLLOW_UP.file, *EvidenceKind}
    for path in (root / "verify").rglob("*.py"):
        found |= set(
            re.findall(
                r'(?:Input\(|\.read\(|\.read_found\(|not_used\(|unusable\(|replace\(\w+, kind=)\s*"([^"]+)"',
                path.read_text("utf-8"),
            )
        )
    assert found >= {"dump", "election", "manifest", "thresholds", "columns", "other round", "folder", "file"}
    for kind in found:
        assert kind in TAKEN, kind


def test_a_bureau_with_a_figure_to_read_again_is_not_in_agreement() -> None:
    night = small_night()
    night.add("pv.csv", "0002", "inscrits", -9)
    evidence = night.load()
    result = checks.run(evidence)
    assert {case.severity for case in result.cases if case.places[0].bureau == "0002"} == {Severity.INFO}
    assert dict(states_of(evidence, result).bureaux(INSEE))["0002"] is BureauState.WARNING


def test_a_bureau_that_lacks_a_piece_is_not_in_agreement() -> None:
    night = small_night()
    night.drop("emargements.csv", "0002")
    night.incomplete()
    evidence = night.load()
    states = states_of(evidence, checks.run(evidence))
    assert [state for code, state in states.bureaux(INSEE) if code in ("0001", "0002")] == [
        BureauState.AGREES,
        BureauState.LACKING,
    ]
