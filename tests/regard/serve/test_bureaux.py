"""The list of bureaux: searched, by state, and a page at a time however long it is."""

import re
from pathlib import Path

import pytest

from regard.serve.bureau_pages import MOST_COMMUNES, MOST_TILES
from tests.regard.serve.running import Client

HEADER = "Code INSEE,Commune,Bureau,Inscrits,Émargements,Votes trouvés\n"


def give(client: Client, folder: Path, rows: list[str]) -> None:
    (folder / "pv.csv").write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
    client.changed()


def codes(client: Client, path: str) -> list[str]:
    """The communes of a page and of those that follow it."""
    found: list[str] = []
    while path:
        page = client.get(path.replace("&amp;", "&")).text
        found += (some := re.findall(r'/bureaux\?commune=(\w+)"', page))
        assert len(some) <= MOST_COMMUNES
        path = next(iter(re.findall(r'<a href="([^"]*)">Next page', page)), "")
    return found


@pytest.fixture
def many(client: Client, folder: Path) -> Client:
    """450 communes in two départements; every ninth has a gap that its PV does not mention."""
    rows = [f"{59001 + 2 * n:05},Commune {n},0001,500,300,{300 + (n % 9 == 0)}" for n in range(400)]
    rows += [f"{1000 + n:05},L'Île {n},0001,500,300,300" for n in range(50)]
    give(client, folder, rows)
    return client


def test_communes_a_page_at_a_time(many: Client) -> None:
    page = many.get("/bureaux").plain
    assert "450 communes, page 1 of 3" in page
    assert "◐ agree, but a piece is missing: 405 ▲ to look at: 45" in page
    found = codes(many, "/bureaux?state=")
    assert found == sorted(set(found))
    assert len(found) == 450


def test_communes_are_searched_by_name_code_and_state(many: Client) -> None:
    assert codes(many, "/bureaux?place=l%27%C3%AEle") == [f"{1000 + n:05}" for n in range(50)]
    assert codes(many, "/bureaux?place=%C3%8Ele+49") == ["01049"]
    assert codes(many, "/bureaux?place=01007") == ["01007"]
    assert len(codes(many, "/bureaux?state=ERROR")) + len(codes(many, "/bureaux?state=WARNING")) == 45
    page = many.get("/bureaux?place=nowhere")
    assert "0 communes" in page.plain
    assert "<table" not in page.text
    assert 'value="nowhere"' in page.text


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=99999999", "page=" + "9" * 400, "page=x", "page=%C2%B2", "state=X"],
)
def test_a_query_that_asks_for_nothing_shows_something(many: Client, query: str) -> None:
    assert many.get(f"/bureaux?{query}").status == 200
    assert many.get(f"/cases?{query}").status == 200


def test_the_bureaux_of_a_commune_a_page_at_a_time(client: Client, folder: Path) -> None:
    give(client, folder, [f"75056,Paris,{number:04},500,300,300" for number in range(1, MOST_TILES + 501)])
    first = client.get("/bureaux?commune=75056")
    assert first.text.count('<li class="tile') == MOST_TILES
    assert "page 1 of 2" in first.plain
    (following,) = re.findall(r'<a href="([^"]*)">Next page', first.text)
    second = client.get(following.replace("&amp;", "&")).text
    assert second.count('<li class="tile') == 500
    assert ">2500<" in second
