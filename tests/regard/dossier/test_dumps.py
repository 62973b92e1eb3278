"""Dumps of other machines in a report: each check under the heads of its columns, on the page and on paper."""

import re
from pathlib import Path

import pypdf
import pytest

from protocol.bu.schema import FormatVersion
from protocol.dumps.tallies import DumpContest, TallyBuilder, TallyKind
from regard.cli import main
from regard.reports import dumps
from tests.protocol.bu.days import write_day
from tests.protocol.bu.qr_texts import write_qr_texts

TOPICS = {str(topic) for topic in dumps.TOPICS.values()}


@pytest.fixture
def day(tmp_path: Path) -> Path:
    made = write_day(tmp_path / "day", FormatVersion.V2022)
    (tmp_path / "day" / "qr.txt").write_text("\n".join(write_qr_texts(made)), encoding="latin-1")
    return tmp_path / "day"


def test_the_columns_of_the_page(day: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    assert main(["verify", "--exports", str(day), "--report", str(out), "--lang", "en"]) == 0
    text = out.read_text("utf-8")
    (heads,) = re.findall(
        r"<tr>((?:<th scope=\"col\">[^<]*</th>)+)</tr></thead>\s*<tbody>\s*<tr><th scope=\"row\">Not", text
    )
    assert re.findall(r">([^<]+)</th>", heads) == ["Outcome", "What was checked", "About", "Where"]
    rows = re.findall(r"<th scope=\"row\">Holds</th><td>([^<]*)</td><td>([^<]*)</td>", text)
    assert {about for _, about in rows} <= TOPICS
    assert any(told.startswith("Signature of each line of votes") for told, _ in rows)


def test_the_columns_on_paper(day: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.pdf"
    assert main(["verify", "--exports", str(day), "--report", str(out), "--lang", "en"]) == 0
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(out).pages).split())
    assert "Outcome What was checked About Where" in text
    row = text[text.index("Signature of each line") :]
    assert row.index("not who signed") < row.index("Integrity") < row.index("Holds")


def test_contests_without_a_ballot_are_not_listed() -> None:
    builder = TallyBuilder(("unit",))
    unit = builder.unit("1")
    names = ("voted in", "on cards of no voter", "on no card", "a roll and no ballot")
    contests = [builder.contest(DumpContest(f"{number}", name)) for number, name in enumerate(names)]
    builder.add(unit, contests[0], TallyKind.BLANK, 3)
    builder.count(unit, contests[0], ballots=3)
    builder.count(unit, contests[1], ballots=0)
    builder.count(unit, contests[3], registered=7, ballots=0)
    tallies = builder.finish()
    assert [tallies.contests[at].name for at in tallies.contests_voted_in()] == ["voted in", "a roll and no ballot"]


def test_a_case_without_figures_has_no_table_of_them(tmp_path: Path, real_data: Path) -> None:
    out, text = tmp_path / "r.html", real_data / "other_machines" / "brazil_bu" / "qr_manual_2016_simulado.txt"
    given = ["verify", "--exports", str(text), "--report", str(out), "--lang", "en"]
    assert main(given) == 0
    page = out.read_text("utf-8")
    assert "D117" in page
    assert ">nothing<" not in page
    assert "was taken from" not in page  # no list of bureaux is there
