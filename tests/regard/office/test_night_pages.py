"""`jour.html` and `verite.html`: what is on them, in which language, and what is not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from protocol.output_refusals import OutputRefused
from protocol.words import language
from regard.cli import main
from regard.office.night_pages import day_page, night_pages, truth_page
from sim.bureaux import choose
from sim.evidence import Truth
from sim.faults.catalogue import all_faults
from sim.nights.night import simulate
from sim.nights.summary import DayOfPlan, NightTold
from tests.regard.office.nights import BUREAU, passage, told
from tests.sim.nights import FEW, rows

EN, FR = language("en"), language("fr")
LOST = Truth("dump-lost", "76351", "0001", "exports", "fichier", None, "perdu")


def shown(page: bytes) -> str:
    """Text of a page, without its pictures."""
    text = re.sub(r"<(style|svg)\b.*?</\1>", "", page.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def night(folder: Path, code: str, workers: int = 1, **options: object) -> Path:
    given = {"seed": 5, "year": 2022, "rates": {"voted-twice": 0.01}} | options
    simulate(folder, communes=choose(2022, FEW), workers=workers, pages=night_pages(code), **given)  # type: ignore[arg-type]
    return folder


@pytest.mark.parametrize("code", ["en", "fr"])
def test_pages_are_the_same_on_any_number_of_processes_and_stand_alone(tmp_path: Path, code: str) -> None:
    one, two = (night(tmp_path / str(number), code, number) for number in (1, 2))
    for name in ("jour.html", "verite.html"):
        text = (one / name).read_text("utf-8")
        assert text == (two / name).read_text("utf-8")
        assert f'<html lang="{code}"' in text
        assert not re.search(r'(src|href)=(?!"#)|@import|https?://|<script', text)


def test_only_the_pages_are_in_a_language(tmp_path: Path) -> None:
    english, french = night(tmp_path / "en", "en"), night(tmp_path / "fr", "fr")
    differ = {
        path.name
        for path in english.rglob("*")
        if path.is_file() and path.read_bytes() != (french / path.relative_to(english)).read_bytes()
    }
    assert differ == {"jour.html", "verite.html"}


def test_the_truth_is_apart_and_with_the_pages_in_no_manifest(tmp_path: Path) -> None:
    folder = night(tmp_path / "night", "en")
    listed = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    assert {"verite.csv", "verite.html", "jour.html"}.isdisjoint(listed)
    day, truth = ((folder / name).read_text("utf-8") for name in ("jour.html", "verite.html"))
    effect = EN.show(all_faults()["voted-twice"].effect)
    assert effect in unescape(truth)
    assert effect not in unescape(day)
    assert all(word not in day for word in ("voted-twice", "verite"))
    assert "holds a night already" in refused(tmp_path / "night")
    assert main(["simulate", str(folder), "--communes", "77513", "--force", "--lang", "en"]) == 0
    (folder / "mine.html").write_text("mine")
    assert "holds mine.html beside" in refused(folder, force=True)


def refused(folder: Path, *, force: bool = False) -> str:
    with pytest.raises(OutputRefused, match="holds") as raised:
        night(folder, "en", force=force)
    return str(raised.value)


def test_a_replayed_night_has_the_truth_of_its_way_up_and_no_day(tmp_path: Path) -> None:
    published = night(tmp_path / "night", "fr") / "publie.txt"
    words = ["replay", str(published), str(tmp_path / "again"), "--date", "2022-04-10", "--workers", "1"]
    assert main([*words, "--way-up", "entry-digit=1", "--lang", "fr"]) == 0
    truth = rows(tmp_path / "again", "verite.csv")
    text = (tmp_path / "again" / "verite.html").read_text("utf-8")
    assert truth
    assert all(f'<td class="text">{line["faute"]}</td>' in text for line in truth)
    assert not (tmp_path / "again" / "jour.html").exists()
    assert main([*words, "--force"]) == 0
    assert not (tmp_path / "again" / "verite.html").exists()


@pytest.mark.parametrize(
    ("waits", "english", "french"),
    [
        (
            [4.0],
            "People waited 1 min on average, and nowhere more than 15 minutes: the longest wait was 4 min "
            "(bureau 0001).",
            "On a attendu 1 min en moyenne, et nulle part plus de 15 minutes : l'attente la plus longue a été de "
            "4 min (bureau 0001).",
        ),
        (
            [4.0, 15.0, 60.0],
            "People waited 6 min 35 s on average; in 1 of 3 bureaux there was a wait of more than 15 minutes: "
            "60 min (bureau 0003).",
            "On a attendu 6 min 35 s en moyenne ; dans 1 bureau sur 3, l'attente a dépassé 15 minutes : 60 min "
            "(bureau 0003).",
        ),
        (
            [16.0, 180.0],
            "People waited 24 min 30 s on average; in 2 of 2 bureaux there was a wait of more than 15 minutes, the "
            "longest of 180 min (bureau 0002).",
            "On a attendu 24 min 30 s en moyenne ; dans 2 bureaux sur 2, l'attente a dépassé 15 minutes, la plus "
            "longue étant de 180 min (bureau 0002).",
        ),
    ],
)
def test_one_sentence_says_how_the_day_was(waits: list[float], english: str, french: str) -> None:
    assert english in shown(day_page(told(waits), EN))
    assert french in shown(day_page(told(waits), FR)).replace("\xa0", " ")


def test_the_town_is_named_where_there_is_one() -> None:
    assert "Le Havre: 2 bureaux" in shown(day_page(told([1.0, 2.0]), EN))
    days = [(BUREAU, passage(1.0)), (replace(BUREAU, insee="29019", commune="Brest"), passage(1.0))]
    assert "essai 2 bureaux Nobody voted" in shown(day_page(NightTold("essai", days, []), EN))


def test_nobody_comes() -> None:
    empty = NightTold("x", [(replace(BUREAU, registered=0), passage(0, queue=0, people=0))], [])
    assert "Nobody voted on this day." in shown(day_page(empty, EN))


def test_those_who_left_are_said() -> None:
    text = shown(day_page(told([4.0, 16.0], lost=330), EN))
    assert "660 people left a queue before voting" in text
    assert "People waited 5 min on average" in text  # a quarter of 4 and of 16 on average, of half the people
    assert "left a queue" not in shown(day_page(told([4.0]), EN))


def test_the_worst_five_and_every_hour_are_tables() -> None:
    text = shown(day_page(told([float(minutes) for minutes in range(1, 13)]), EN))
    worst = text[text.index("The bureaux with the longest waits") :]
    assert re.findall(r" (\d{4}) \d{3}", worst) == ["0012", "0011", "0010", "0009", "0008"]
    assert "0012 656 1 12.0 3.0 12 19:07" in worst
    hours = text[text.index("Longest queue of all") : text.index("The bureaux with the longest waits")]
    assert "8:00 720 1.6 1 1" in hours
    assert "14:00 720 1.6 12 12" in hours


def test_names_are_shown_and_not_run() -> None:
    hostile = "<script>alert(1)</script>\u202e"
    days = [(replace(BUREAU, commune=hostile, code=code), passage(30.0)) for code in ("0001", hostile)]
    other = (replace(BUREAU, insee="99999"), passage(3.0))
    for page in (
        day_page(NightTold(hostile, [*days, other], []), EN),
        truth_page(NightTold(hostile, days, [replace(LOST, bureau=hostile)]), EN),
    ):
        assert b"<script" not in page
        assert "\u202e" not in page.decode()
        assert b"&lt;script&gt;alert(1)" in page


def test_a_fault_is_said_with_what_it_does_how_often_and_where() -> None:
    lines = [LOST, replace(LOST, bureau="0002"), *(replace(LOST, bureau=f"{at:04}") for at in range(2, 60))]
    page = truth_page(NightTold("x", [(BUREAU, passage(1.0))], lines), FR)
    text = shown(page)
    assert FR.show(all_faults()["dump-lost"].effect) in text
    assert "60 anomalies dans 59 bureaux." in text
    assert "Le Havre 0001, Le Havre 0002, Le Havre 0003" in text
    assert "Le Havre 0040 et 19 autres" in text
    assert "Nothing." in shown(truth_page(told([1.0]), EN))


def test_the_page_says_which_day_of_a_plan_it_is() -> None:
    here = NightTold("x", [(BUREAU, passage(1.0))], [])
    assert "of the plan" not in shown(day_page(here, EN))
    day = DayOfPlan(3, 7, ("two polls",), [BUREAU.key], changed=False)
    text = shown(day_page(replace(here, day=day), FR))
    assert "Journée 3 du plan avec la graine 7 : mêmes personnes, mêmes pannes. " in text
    assert "Ce qui vaut ce jour-là : two polls." in text
    assert f"Une machine tombe en panne dans 1 bureau : {BUREAU.code}." in text
    faulty = shown(day_page(replace(here, day=replace(day, failing=(), changed=True)), EN))
    assert "same people and failures; faults that were put into the night can change it." in faulty
    assert "A machine fails" not in faulty


def test_all_that_share_the_longest_wait_are_named_or_counted() -> None:
    assert "(bureau 0002, bureau 0003)" in shown(day_page(told([4.0, 9.0, 9.0]), EN))
    assert "(bureau 0001, bureau 0002 et 1 de plus)" in shown(day_page(told([9.0, 9.0, 9.0]), FR)).replace("\xa0", " ")
