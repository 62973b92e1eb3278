"""The form for the election: it writes `election.toml`, shows what is there, and refuses what contradicts it."""

import datetime
import re
from html import unescape
from pathlib import Path

import pytest

from protocol.election import election_toml, read_election
from regard.api import load
from regard.commands.planning.simulate import simulate
from tests.regard.serve.conftest import PV
from tests.regard.serve.running import Answer, Client, serving
from tests.sources import put_text

GOOD = {"kind-1": "municipales_listes", "seats-1": "29", "date": "2026-03-15", "round": "1"}


def version(page: str) -> str:
    """The version that the form of an election was made from."""
    (form,) = re.findall(r'<form id="election".*?</form>', page, re.DOTALL)
    (found,) = re.findall(r'name="version" value="([^"]*)"', form)
    return str(found)


def save(client: Client, **changes: str) -> Answer:
    page = client.get("/election").text
    return client.post("/election/save", {**GOOD, "version": version(page), **changes})


def is_kept(page: Answer, typed: dict[str, str]) -> bool:
    text = unescape(page.text)
    chosen = all(f'value="{typed[name]}" selected' in text for name in ("kind-1", "round"))
    return chosen and all(f'name="{name}" value="{typed[name]}"' in text for name in ("seats-1", "date"))


def test_the_desk_asks_which_election_it_is_and_the_audit_knows_it(with_pv: Client, folder: Path) -> None:
    page = with_pv.get("/")
    assert "The folder does not say which election it is." in page.plain
    answer = with_pv.post("/election/save", {**GOOD, "version": version(page.text), "date": "15/03/2026"})
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    found = read_election(folder / "election.toml")
    assert (found.id, found.date, found.round) == ("municipales_listes-2026", datetime.date(2026, 3, 15), 1)
    assert [(poll.number, poll.type, poll.seats) for poll in found.polls] == [(1, "municipales_listes", 29)]
    assert (found.name, found.polls[0].name) == ("Municipal elections, by lists, 2026", "Municipal elections, by lists")
    assert load(folder).columns.election == found
    desk = with_pv.get("/")
    said = "Municipal elections, by lists (29 seats), first round, Sunday 15 March 2026."
    assert said in desk.plain
    assert 'id="election"' not in desk.text
    assert "election.toml what the election is ● used" in desk.plain
    assert "Municipal elections, first round, Sunday 15 March 2026" in with_pv.get("/hand-on").plain


def test_what_is_there_is_shown_and_can_be_corrected(with_pv: Client, folder: Path) -> None:
    assert save(with_pv).status == 303
    page = with_pv.get("/election")
    assert "As the folder says: municipal elections, by lists (29 seats), first round" in page.plain
    assert is_kept(page, GOOD)
    assert save(with_pv, **{"round": "2", "date": "2026-03-22", "seats-1": ""}).status == 303
    found = read_election(folder / "election.toml")
    assert (found.date, found.round, found.polls[0].seats) == (datetime.date(2026, 3, 22), 2, None)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"kind-1": ""}, "kind-1", "choose what was voted on"),
        ({"kind-1": "tombola"}, "kind-1", "choose what was voted on"),
        ({"kind-1": "europeennes", "round": "2"}, "kind-1", "there is one round only in this kind of election"),
        ({"date": ""}, "date", "no day as 2026-03-15 or 15/03/2026"),
        ({"date": "31/02/2026"}, "date", "the calendar has no such day"),
        ({"date": "2199-03-17"}, "date", "this day is yet to come"),
        ({"round": "3"}, "round", "choose the round"),
        ({"seats-1": "many"}, "seats-1", "a whole number from 1 to 1,000 is expected, or nothing"),
        ({"seats-1": "0"}, "seats-1", "a whole number from 1 to 1,000 is expected, or nothing"),
        ({"kind-1": "presidentielle"}, "seats-1", "one contest of this kind of election does not fill several seats"),
    ],
)
def test_what_cannot_be_comes_back_as_it_was_typed(
    with_pv: Client, folder: Path, changes: dict[str, str], field: str, said: str
) -> None:
    answer = save(with_pv, **changes)
    assert answer.status == 422
    (shown,) = re.findall(rf'<span id="wrong-{field}" class="wrong">([^<]*)</span>', answer.text)
    assert said in unescape(shown)
    for name, typed in {**GOOD, **changes}.items():
        if typed and typed not in ("3", "tombola"):
            assert f'value="{typed}"' in answer.text, name
    assert not (folder / "election.toml").exists()


def test_a_day_that_is_no_sunday_is_asked_about(with_pv: Client, folder: Path) -> None:
    answer = save(with_pv, date="2026-03-14")
    assert answer.status == 422
    assert "Saturday 14 March 2026 is not a Sunday: is it really the day of the vote?" in answer.plain
    (sure,) = re.findall(r'name="sure" value="([^"]+)"', answer.text)
    assert save(with_pv, date="2026-03-13", sure=sure).status == 422
    assert save(with_pv, date="2026-03-14", sure=sure).status == 303
    assert read_election(folder / "election.toml").date == datetime.date(2026, 3, 14)


def test_two_pages_are_told_of_each_other(with_pv: Client, folder: Path) -> None:
    before = version(with_pv.get("/election").text)
    assert save(with_pv).status == 303
    answer = with_pv.post("/election/save", {**GOOD, "seats-1": "33", "version": before})
    assert answer.status == 409
    assert "election.toml was changed meanwhile, and nothing was saved" in answer.plain
    assert is_kept(answer, {**GOOD, "seats-1": "33"})
    assert read_election(folder / "election.toml").polls[0].seats == 29


def test_a_file_that_cannot_be_read_is_left_as_it_is(with_pv: Client, folder: Path) -> None:
    put_text(folder / "election.toml", "id =")
    with_pv.changed()
    page, said = with_pv.get("/election"), "election.toml cannot be read, and is left as it is"
    assert said in page.plain
    assert 'id="election"' not in page.text
    answer = with_pv.post("/election/save", {**GOOD, "version": ""})
    assert answer.status == 409
    assert said in answer.plain
    assert (folder / "election.toml").read_text("utf-8") == "id ="


def test_a_file_of_somebody_else_can_be_corrected_and_what_is_lost_is_said(with_pv: Client, folder: Path) -> None:
    text = '# of the town\nid = "x"\nouverture = "09:00"\ndate = 2026-03-22\n[[scrutins]]\nnumero = 1\nnom = "a"\n'
    put_text(folder / "election.toml", text)
    with_pv.changed()
    assert "saving writes it anew, without its comments and unknown keys" in with_pv.get("/election").plain
    assert save(with_pv).status == 303
    found = read_election(folder / "election.toml")
    assert (found.id, found.opening, found.date) == ("x", "09:00", datetime.date(2026, 3, 15))
    assert "saving writes it anew" not in with_pv.get("/election").plain


@pytest.mark.parametrize("changes", [{"seats-1": "many"}, {"date": "x", "seats-1": "many"}, {"date": "2026-03-14"}])
def test_the_first_field_to_correct_has_the_focus(with_pv: Client, changes: dict[str, str]) -> None:
    assert "autofocus" not in with_pv.get("/election").text
    (field,) = re.findall(r'<(?:input|select)[^>]* name="([^"]+)"[^>]* autofocus', save(with_pv, **changes).text)
    assert field == ("seats-1" if "seats-1" in changes else "sure")


def test_what_the_exports_say_is_filled_in_and_not_contradicted(tmp_path: Path) -> None:
    folder = tmp_path / "night"
    simulate(folder, communes=["77513"], seed=5)
    true = read_election(folder / "election.toml")
    (folder / "election.toml").unlink()
    with serving(folder) as client:
        page = client.get("/")
        assert f'name="date" value="{true.date.isoformat()}"' in page.text
        good = {"kind-1": "presidentielle", "date": true.date.isoformat(), "round": str(true.round), "seats-1": ""}
        wrong = {
            "date": "2022-04-24",
            "round": "2" if true.round == 1 else "1",
            "kind-1": "municipales_candidats",
        }
        for name, value in wrong.items():
            answer = client.post("/election/save", {**good, "version": version(page.text), name: value})
            assert answer.status == 422
            assert re.findall(r'<span id="wrong-([\w-]+)"', answer.text) == [name]
        assert client.post("/election/save", {**good, "version": version(page.text)}).status == 303
        assert read_election(folder / "election.toml").id == true.id
        client.get("/")
        found = client.server.desk.compared()
        assert "A101" not in {each.code for each in found.result.findings}


@pytest.mark.parametrize(
    ("title", "kind", "number"),
    [
        ("Élection présidentielle, 2e tour", "presidentielle", 2),
        ("Élections municipales du 15 mars 2026, 1er tour", "municipales_listes", 1),
    ],
)
def test_what_a_title_says_is_filled_in(client: Client, folder: Path, title: str, kind: str, number: int) -> None:
    put_text(folder / "pv.csv", f"{title}\n{PV}")
    page = client.get("/")
    assert "What its files say of it is filled in" in page.plain
    text = client.get("/election").text
    assert f'value="{kind}" selected' in text
    assert f'value="{number}" selected' in text


def test_screens_that_are_off_are_asked_for_on_the_page(with_pv: Client, folder: Path) -> None:
    path = folder / "seuils.toml"
    for asked, one_in in (("1", 20), ("", 0), ("1", 20)):
        assert with_pv.post("/election/screens", {"screens": asked}).status == 303
        page = with_pv.get("/election")
        assert ('name="screens" value="1" checked' in page.text) is path.exists() is bool(asked)
        assert load(folder).columns.thresholds.screen_one_in == one_in
    put_text(path, "screen_one_in = 100\ngap_votes = 5\n")
    page = with_pv.get("/election")
    assert "The thresholds are those of seuils.toml in the folder." in page.plain
    assert with_pv.post("/election/screens", {}).status == 409
    assert load(folder).columns.thresholds.gap_votes == 5
    put_text(path, "gap_votes = -1\n")
    with_pv.changed()
    assert "○ not used expected a whole number from 0 up, got -1" in with_pv.get("/").plain


def test_every_poll_of_the_day_has_its_kind(client: Client, folder: Path) -> None:
    put_text(folder / "pv.csv", PV)
    client.changed()
    assert "Poll 2: what was voted on" in client.get("/").plain
    fields = {"kind-1": "departementales", "kind-2": "regionales", "seats-1": "", "seats-2": "43"}
    assert save(client, **fields, date="2021-06-20").status == 303
    found = read_election(folder / "election.toml")
    assert [(poll.number, poll.type, poll.seats) for poll in found.polls] == [
        (1, "departementales", None),
        (2, "regionales", 43),
    ]
    assert (folder / "election.toml").read_bytes() == election_toml(found)
    page = client.get("/election")
    assert "As the folder says: departmental elections, regional elections (43 seats), first round" in page.plain
    assert "Poll 3: what was voted on" in page.plain
    assert save(client, **fields, date="2021-06-20", **{"seats-3": "7"}).status == 422
    assert save(client, **{**fields, "seats-2": "44"}, date="2021-06-20").status == 303
    assert read_election(folder / "election.toml").polls[1].seats == 44
