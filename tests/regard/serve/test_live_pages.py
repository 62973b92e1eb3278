"""The page of a live night: how it stands while it comes in, in both languages; and of a store that is damaged."""

import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from regard.cli import main
from regard.language import exact_decimal
from regard.live.points import LivePoint
from regard.live.store import LiveFinding, LiveStore, StoreRefused
from regard.live.totals import STEP
from regard.serve.live_pages import HEIGHT, WIDTH, LiveServer, live_curve
from tests.programs import HANG
from tests.regard.browser import complaints, needs_chromium, new_page, obstacles, press, reads, sees
from tests.regard.live.live_nights import about, leaf_of, made_up, note
from tests.regard.live.test_live_store import change

NIGHT = made_up(300)
ABOUT = {**about(NIGHT), "title": "Essai <b>du soir</b>"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LiveStore]:
    """A night of which a hundred returns are in and the first edition is sealed."""
    with LiveStore(tmp_path / "store", ABOUT) as writing:
        first = NIGHT.editions[0]
        writing.commit(NIGHT.returns[: first.size], NIGHT.found_between(0, first.size))
        writing.commit(seal=(first.second, note))
        writing.commit(NIGHT.returns[first.size : 100], NIGHT.found_between(first.size, 100))
        yield writing


@contextmanager
def serving(path: Path, code: str = "en") -> Iterator[LiveServer]:
    server = LiveServer(path, code)
    thread = threading.Thread(target=server.run, name="live page")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(HANG)
        assert not thread.is_alive()


def ask(server: LiveServer, path: str, *, cookie: bool = True, host: str = "") -> tuple[int, str, str]:
    """Status, words and policy of a page."""
    headers = {"Host": host or server.keys.hosts[0]}
    if cookie:
        headers["Cookie"] = f"{server.keys.cookie}={server.keys.session}"
    with closing(http.client.HTTPConnection("127.0.0.1", server.keys.port, timeout=HANG)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        return answer.status, " ".join(re.sub(r"<[^>]*>", " ", text).split()), answer.headers["Content-Security-Policy"]


def test_it_shows_how_the_night_stands(store: LiveStore) -> None:
    with serving(store.path) as server:
        status, words, policy = ask(server, "/")
        assert status == 200
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "100 of 300 returns" in words
        missing = sorted(f"Ville-{each.key[:5]} 0001" for each in NIGHT.returns[100:])
        assert f"Bureaux that are awaited: 200 {' '.join(missing[:40])} … and 160 more" in words
        leaves = [json.loads(each.leaf) for each in NIGHT.returns[:100]]
        registered = sum(leaf["figures"]["registered"] for leaf in leaves)
        assert f"registered voters {registered:,}" in words
        votes = [sum(leaf["votes"][at]["votes"] for leaf in leaves) for at in (0, 1)]
        percent = f"{exact_decimal('en', Fraction(100 * votes[0], sum(votes)))} %"
        assert f"DURAND Anne {votes[0]:,} {percent} PETIT Luc {votes[1]:,}" in words
        for each in NIGHT.found_between(0, 100):
            assert f"{each.place['en']} {each.said['en']}" in words
        assert "■ error 2" in words
        assert store.root().hex() not in words
        assert store.last_seal is not None
        assert store.last_seal.root.hex() in words
        assert "All returns are in." not in words
        store.commit(NIGHT.returns[100:], NIGHT.found_between(100, 300), (NIGHT.editions[-1].second, note))
        status, words, _ = ask(server, "/now")
        assert "300 of 300 returns" in words
        assert "awaited" not in words
        assert "earlier edition" not in words
        assert "All returns are in." in words
        assert "■ error 6" in words
        assert "Essai" not in words


def test_editions_that_are_not_shown_are_counted(tmp_path: Path) -> None:
    with LiveStore(tmp_path / "store", ABOUT) as writing:
        for at, each in enumerate(NIGHT.returns[:9]):
            writing.commit([each])
            writing.commit(seal=(60 * at, note))
        with serving(writing.path) as server:
            words = ask(server, "/now")[1]
    assert words.count("Root of the tree") == 1
    assert "3 earlier editions are in the store." in words


def test_it_is_in_the_language_asked_for(store: LiveStore) -> None:
    with serving(store.path, "fr") as server:
        words = ask(server, "/")[1]
        assert "100 résultats sur 300" in words
        assert "quelque chose dans 10000/0001/1" in words
        assert "Ce qui a été constaté" in words
        assert "Essai &lt;b&gt;du soir&lt;/b&gt;" in words


@pytest.mark.parametrize("path", ["/", "/now"])
def test_nobody_else_sees_it(store: LiveStore, path: str) -> None:
    with serving(store.path) as server:
        assert ask(server, path, cookie=False)[0] == 403
        assert ask(server, path, host="example.org")[0] == 421
        assert ask(server, "/nowhere")[0] == 404
        assert "The night cannot be shown" in ask(server, "/nowhere")[1]


def test_a_store_that_is_damaged_is_said_on_the_page(store: LiveStore) -> None:
    with serving(store.path) as server:
        change(store.path, "UPDATE returns SET leaf = CAST('[1]' AS BLOB) WHERE number = 50")
        status, words, _ = ask(server, "/")
        assert "this store is damaged (return 50 is missing or no return)" in words
        assert status == 200
        assert "section" not in ask(server, "/now")[1]


@pytest.mark.parametrize(
    "leaf", [b"{", b"[1]", b'{"figures":{"valid":-1},"votes":[]}', b'{"figures":{},"votes":[{"name":"a","votes":"1"}]}']
)
def test_a_leaf_that_is_none_is_said(tmp_path: Path, leaf: bytes) -> None:
    with LiveStore(tmp_path / "store", ABOUT) as writing:
        writing.commit([replace(NIGHT.returns[0], leaf=leaf)])
    with serving(tmp_path / "store") as server:
        assert "return 0 is missing or no return" in ask(server, "/")[1]


def test_a_finding_of_a_severity_that_there_is_not_is_said(tmp_path: Path) -> None:
    with LiveStore(tmp_path / "store", ABOUT) as writing:
        writing.commit(findings=[LiveFinding("a", 0, 0, "grave", {}, {})])
    with serving(tmp_path / "store") as server:
        assert "a finding that is none" in ask(server, "/")[1]


def test_a_store_with_nothing_yet(tmp_path: Path) -> None:
    LiveStore(tmp_path / "store", ABOUT).close()
    with serving(tmp_path / "store") as server:
        words = ask(server, "/")[1]
        assert "There is nothing to draw yet." in words
        assert "Nothing so far." in words
        assert "None so far." in words


def test_serve_says_where_there_is_no_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--live", str(tmp_path / "nothing"), "--lang", "en"]) == 2
    assert "there is no store of a live night here" in capsys.readouterr().err
    (tmp_path / "text").write_text("a", "utf-8")
    assert main(["serve", "--live", str(tmp_path / "text"), "--lang", "fr"]) == 2
    assert "ce n'est pas un fichier d'une soirée" in capsys.readouterr().err
    with pytest.raises(StoreRefused):
        LiveServer(tmp_path / "text", "en")


def test_curves_are_exact_and_within_the_picture() -> None:
    assert live_curve([]) is None
    assert live_curve([LivePoint(5), LivePoint(5)]) is None
    points = [
        LivePoint(1000, 0, 200),
        LivePoint(1500, 50, 200, {}, {"A": 30, "B": 10}),
        LivePoint(2000, 200, 200, {}, {"A": 60, "B": 40}),
    ]
    curve = live_curve(points)
    assert curve is not None
    assert (curve.first, curve.last, curve.top) == (1000, 2000, 80)
    assert curve.coverage == f"0,{HEIGHT} 0,150 300,113 600,0 {WIDTH},{HEIGHT}"
    assert [(line.name, line.points) for line in curve.lines] == [("A", "300,10 600,38"), ("B", "300,104 600,75")]
    many = live_curve([LivePoint(STEP * at, at, 1000, {}, {"A": 1}) for at in range(1001)])
    assert many is not None
    assert len(many.coverage.split()) <= 154
    assert many.coverage.endswith(f"600,0 {WIDTH},{HEIGHT}")


@contextmanager
def shown(browser: Browser, server: LiveServer, width: int = 1200) -> Iterator[Page]:
    page = new_page(browser, viewport={"width": width, "height": 900})
    wrong = complaints(page, server.address.partition("?")[0])
    page.goto(server.address)
    yield page
    page.context.close()
    assert wrong == []


@needs_chromium
def test_it_grows_without_being_loaded_again(chromium: Browser, store: LiveStore) -> None:
    with serving(store.path) as server, shown(chromium, server) as page:
        sees(page, "100 of 300 returns")
        page.evaluate("window.stays = true")
        page.get_by_text("The newest checkpoint, signed").click()
        page.locator("h1").click()
        page.evaluate("document.activeElement.blur()")
        store.commit(NIGHT.returns[100:200], NIGHT.found_between(100, 200))
        sees(page, "200 of 300 returns")
        size = store.count()
        store.commit(NIGHT.returns[200:], NIGHT.found_between(200, 300), (NIGHT.editions[-1].second, note))
        assert size == 200
        sees(page, "All returns are in.")
        expect(page.get_by_role("status")).to_contain_text("300 leaves")
        reads(page, "#live-note pre", "300 ")
        assert page.evaluate("window.stays")
        press(page, "Français")
        sees(page, "300 résultats sur 300")


@pytest.mark.check(4)
@needs_chromium
@pytest.mark.parametrize("code", ["en", "fr"])
def test_nothing_is_in_the_way_of_anybody(chromium: Browser, store: LiveStore, code: str) -> None:
    """axe-core finds nothing, light or dark; on a phone nothing scrolls sideways."""
    with serving(store.path, code) as server, shown(chromium, server, 390) as page:
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert obstacles(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@needs_chromium
def test_hostile_names_do_nothing(chromium: Browser, tmp_path: Path) -> None:
    script = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    leaf = leaf_of("10000", [3, 4]).replace(b"DURAND Anne", script.encode())
    finding = LiveFinding("a", 1, NIGHT.returns[0].second, "error", {"en": script}, {"en": script})
    with LiveStore(tmp_path / "store", {**ABOUT, "title": script}) as writing:
        writing.commit([replace(NIGHT.returns[0], leaf=leaf), NIGHT.returns[1]], [finding])
    with serving(tmp_path / "store") as server, shown(chromium, server) as page:
        reads(page, "h1", "<img src=x")
        assert page.locator("img, main script").count() == 0
