"""Every text field of every input, hostile, comes out harmless in everything that is handed on.

One test for all: a place of an input, a text, and every output. The text has a formula, a mark-up, what rewrites a
terminal, what turns the direction of writing, and what ends a cell, a string or a comment; or it is very long.
"""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from regard.cli import main
from regard.dossier.contents import build
from regard.dossier.printed import as_pdf
from tests.regard.dossier.reports import TakenApart, examined
from tests.regard.reports.test_formulas import running
from tests.regard.test_verify_night import FORBIDDEN, damaged_night, plain_environment
from tests.verify.night_builder import CURIE, Night
from tests.verify.test_follow_ups import row, rows

__all__ = ["plain_environment"]  # a fixture
MARK = "<script>alert(1)</script>"
HOSTILE = f"=cmd|'/C calc'!A0{MARK}\"'>&amp;]]><!--\u202e\u2066\x1b[2J\x1b]0;x\x07\x9b1m;@SUM(1),-1+1\t=1"
LONG = f"<b>{'é' * 10_000}"
Put = Callable[[Night, str], None]
SEPARATORS = str.maketrans(";\t\x85", "   ")
"""Characters that end a cell or a line of the ministry's text, which is not quoted."""
ASCII = re.compile(r"[^ -~]")


def cell(file: str, column: str, bureau: str = "0001") -> Put:
    def put(night: Night, text: str) -> None:
        night.row(file, bureau)[column] = text

    return put


def every(file: str, column: str, old: str) -> Put:
    def put(night: Night, text: str) -> None:
        for each in night.tables[file]:
            each[column] = text if each[column] == old else each[column]

    return put


def further_row(file: str, column: str) -> Put:
    def put(night: Night, text: str) -> None:
        night.tables[file].append(night.tables[file][0] | {column: text})

    return put


def header(file: str) -> Put:
    def put(night: Night, text: str) -> None:
        for each in night.tables[file]:
            each[text] = "7"

    return put


def published(field: str) -> Put:
    def put(night: Night, text: str) -> None:
        text = text.translate(SEPARATORS).encode("latin-1", "replace").decode("latin-1")
        for each in night.published["publie.txt"]:
            if field == "choix":
                each.votes = {text if name == CURIE else name: votes for name, votes in each.votes.items()}
            else:
                setattr(each, field, text if field == "commune" or each.bureau == "0001" else each.bureau)

    return put


def export(field: str, most: int) -> Put:
    def put(night: Night, text: str) -> None:
        night.change_export("0001", **{field: ASCII.sub("", text)[:most]})

    return put


def election(key: str) -> Put:
    def put(night: Night, text: str) -> None:
        written = night.files()["election.toml"].decode()
        value = json.dumps(text, ensure_ascii=True)
        if key == "unknown":
            written = f"{value} = {value}\n{written}"
        elif key == "wrong":
            written = written.replace('ouverture = "08:00"', f"ouverture = {value}")
        else:
            written = re.sub(rf'(?m)^{key} = "[^"]*"', lambda _: f"{key} = {value}", written)
        night.raw["election.toml"] = written.encode()

    return put


def follow_up(column: str) -> Put:
    def put(night: Night, text: str) -> None:
        night.raw["suites.csv"] = rows(row("0001", **{column: text}) if column != "statut" else row("0001", text))

    return put


def meanings(night: Night, text: str) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([("colonne", "sens"), (text, text), (text, "nuls")])
    night.raw["colonnes.csv"] = written.getvalue().encode()


def manifest(night: Night, text: str) -> None:
    night.raw["manifest.json"] = json.dumps({"files": {text: text, "pv.csv": text}}).encode()


def file_name(folder: str, ending: str) -> Put:
    def put(night: Night, text: str) -> None:
        name = text.replace("/", "-").encode()[:200].decode("utf-8", "ignore")
        night.raw[f"{folder}{name}{ending}"] = f"{text};Émargements\n1;2\n".encode()

    return put


def workbook(night: Night, text: str) -> None:
    """PVs in a workbook: the name of a sheet, headers, names of communes and remarks."""
    text = "".join(sign for sign in text if sign.isprintable() or sign in "\u202e\u2066")
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = made.add_worksheet(re.sub(r"[\\/?*\[\]:']", "", text)[:31])
    lines = (
        ("Commune", "Bureau", "Inscrits", "Émargements", "Votes trouvés", "Observations", text),
        (text, "0001", 900, 600, 603, text, 3),
        (text, text, 900, 600, 603, text, text),
    )
    for at, line in enumerate(lines):
        sheet.write_row(at, 0, line)
    made.add_worksheet("autre").write_string(0, 0, text)
    made.close()
    night.raw["pv du soir.xlsx"] = target.getvalue()


def records_of_a_portal(night: Night, text: str) -> None:
    records = [{text: text, "commune": text, "bureau": text, "inscrits": 900, "votants": text}]
    night.raw["portail.json"] = json.dumps(records).encode()


def feed(night: Night, text: str) -> None:
    safe = re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text).replace("&", "&amp;").replace("<", "&lt;")
    night.raw["feed/com.xml"] = f"<Election><Scrutin>{safe}</Scrutin><Commune>{safe}</Commune></Election>".encode()


def companions(night: Night, text: str) -> None:
    night.raw["verite.csv"] = f"{text}\n".encode()
    file_name("tickets/", ".txt")(night, text)


PLACES: dict[str, Put] = {
    "list: commune": every("univers.csv", "commune", "Essai-sur-Marne"),
    "list: département": cell("univers.csv", "departement"),
    "list: circonscription": cell("univers.csv", "circonscription"),
    "list: counting": cell("univers.csv", "comptage"),
    "list: hours": cell("univers.csv", "ouverture"),
    "list: serials and seals": cell("univers.csv", "machine"),
    "list: another commune and bureau": further_row("univers.csv", "bureau"),
    "list: code of a commune": further_row("univers.csv", "insee"),
    "choices: name": every("choix.csv", "choix", CURIE),
    "choices: contest": every("choix.csv", "circonscription", ""),
    "choices: type": every("choix.csv", "type", "candidat"),
    "sign-ins: count": cell("emargements.csv", "emargements"),
    "sign-ins: bureau": further_row("emargements.csv", "bureau"),
    "sign-ins: poll": cell("emargements.csv", "scrutin"),
    "PVs: remark": cell("pv.csv", "observations"),
    "PVs: count": cell("pv.csv", "nuls"),
    "PVs: bureau": further_row("pv.csv", "bureau"),
    "PVs: header": header("pv.csv"),
    "PVs: workbook": workbook,
    "votes: choice": every("voix.csv", "choix", CURIE),
    "votes: commune": further_row("voix.csv", "insee"),
    "results: commune": published("commune"),
    "results: bureau": published("bureau"),
    "results: choice": published("choix"),
    "results: JSON": records_of_a_portal,
    "results: feed": feed,
    "exports: model": export("model", 32),
    "exports: serial": export("machine_serial", 8),
    "exports: election": export("election", 8),
    "exports: bureau": export("bureau", 4),
    "election: name": election("nom"),
    "election: id": election("id"),
    "election: unknown key": election("unknown"),
    "election: wrong value": election("wrong"),
    "follow-ups: remark": follow_up("remarque"),
    "follow-ups: author": follow_up("auteur"),
    "follow-ups: piece": follow_up("piece"),
    "follow-ups: date": follow_up("date"),
    "follow-ups: status": follow_up("statut"),
    "meanings of columns": meanings,
    "manifest": manifest,
    "name of a dump": file_name("exports/", ".esf"),
    "name of a module image": file_name("modules/", ".urn"),
    "name of a table": file_name("", ".csv"),
    "name of a file of no known kind": file_name("", ".jpg"),
    "name of a folder": lambda night, text: file_name(f"{text[:60].replace('/', '-')}/", ".csv")(night, text),
    "companions": companions,
}


NOT_SHOWN = {
    "choices: contest",
    "PVs: remark",
    "results: commune",
    "results: choice",
    "results: feed",
    "companions",
}
"""Places whose text is in no report: what is not at odds with anything there, or is never opened."""


def handed_on(folder: Path, target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Write everything that can be handed on of a night, and look at each of it."""
    wanted = {"csv": "f.csv", "xlsx": "f.xlsx", "json": "f.json", "report": "r.html"}
    options = [word for name, file in wanted.items() for word in (f"--{name}", str(target / file))]
    assert main(["verify", str(folder), *options, "--verbose", "--force", "--lang", "fr"]) == 1
    letters = ("--html", str(target / "l.html"), "--docx", str(target / "l.docx"), "--date", "2022-04-10")
    assert main(["next", str(folder), *letters, "--election", "presidentielle", "--force", "--lang", "fr"]) == 0
    said = capsys.readouterr()
    for shown in (said.out, said.err):
        assert not FORBIDDEN.search(shown)
        assert not set("\u202e\u2066\x1b").intersection(shown)
    for table in target.glob("*.csv"):
        data = table.read_bytes()
        assert running(data) == [], table.name
        assert not FORBIDDEN.search(data.decode("utf-8-sig").replace("\r\n", "\n")), table.name
    for document in target.glob("*.json"):
        json.loads(document.read_bytes())
    for page in ("r.html", "l.html"):
        data = (target / page).read_bytes()
        apart = TakenApart(data)
        assert not [names for _, names in apart.elements if any(name.startswith("on") for name in names)]
        assert MARK.encode() not in data
        assert not FORBIDDEN.search(data.decode()), page
    for archive in ("f.xlsx", "l.docx"):
        with zipfile.ZipFile(target / archive) as files:
            for name in files.namelist():
                if name.endswith((".xml", ".rels")):
                    text = files.read(name)
                    ElementTree.fromstring(text)  # noqa: S314 - our own bytes
                    assert not FORBIDDEN.search(text.decode().replace("\r\n", "\n").replace("\t", " ")), name
                    assert b'TargetMode="External"' not in text
                    assert not re.search(rb"<f[ >]|<hyperlink", text), name


def printed(folder: Path) -> None:
    pdf = as_pdf(build(*examined(folder), "fr", {}))
    assert pdf.startswith(b"%PDF-")
    assert not re.search(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|URI)\b", pdf)


TOGETHER = [list(PLACES)[first::6] for first in range(6)]
"""Every place once, six to eight in one night."""


@pytest.mark.check(7)
@pytest.mark.parametrize("text", [HOSTILE, LONG], ids=["hostile", "long"])
@pytest.mark.parametrize("places", TOGETHER, ids=lambda places: places[0])
def test_such_a_text_in_many_places_comes_out_harmless(
    places: list[str], text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = damaged_night()
    for place in places:
        PLACES[place](night, text)
    (tmp_path / "out").mkdir()
    handed_on(night.write(), tmp_path / "out", capsys)
    assert (tmp_path / "out" / "r.html").stat().st_size < 2**21


@pytest.mark.check(50)
@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_text_comes_out_harmless(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night = damaged_night()
    PLACES[place](night, HOSTILE)
    (tmp_path / "out").mkdir()
    handed_on(night.write(tmp_path / "night"), tmp_path / "out", capsys)
    printed(tmp_path / "night")
    tables = [path.read_text("utf-8", "replace") for path in (tmp_path / "out").glob("*.csv")]
    with zipfile.ZipFile(tmp_path / "out" / "f.xlsx") as book:
        tables += [book.read(name).decode() for name in book.namelist() if "sheet" in name]
    reached = any(part in text for text in tables for part in ("alert(1)", "=cmd"))
    assert reached or place in NOT_SHOWN
