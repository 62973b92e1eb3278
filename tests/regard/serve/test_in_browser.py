"""The page of a case in a real Chromium: the whole path, by keyboard, without its script, on a phone, in the dark."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from regard.commands.planning.simulate import simulate
from regard.serve.security import LOOPBACK
from tests.programs import HANG
from tests.regard.browser import LEVELS, complaints, headed, needs_chromium, new_page, obstacles, press, reads, sees
from tests.regard.serve.conftest import PV
from tests.regard.serve.running import Client, serving
from tests.regard.test_interruption import until
from tests.sources import put_text

pytestmark = needs_chromium
COLOURS = ("color-contrast", "link-in-text-block")
RUNS = {
    1280: (("light", LEVELS), ("dark", {"runOnly": list(COLOURS)})),
    390: (("light", {**LEVELS, "rules": {name: {"enabled": False} for name in COLOURS}}),),
}
"""Runs of axe-core by width. Light and dark differ in colours alone, and widths in anything else."""
DOUBTFUL = "the server responded with a status of 422"
"""Message of the console on a PV that comes back with a question."""


@contextmanager
def opened(browser: Browser, client: Client, width: int = 1200, **options: object) -> Iterator[Page]:
    """The page of a case in a window of its own, in which nothing may go wrong and nothing comes from elsewhere."""
    page = new_page(browser, viewport={"width": width, "height": 900}, **options)
    wrong = complaints(page, f"http://{LOOPBACK}:{client.keys.port}/")
    page.goto(client.server.address)
    assert client.keys.token not in page.url
    yield page
    page.context.close()
    assert [each for each in wrong if DOUBTFUL not in each] == []


def payload(name: str, data: bytes) -> FilePayload:
    """A file that is chosen in a form."""
    return {"name": name, "mimeType": "text/csv", "buffer": data}


def settled(client: Client) -> None:
    """When nothing is left to be compared."""
    client.server.desk.examiner.look()
    assert client.server.desk.examiner.wait(HANG)


def renewed(page: Page, client: Client) -> None:
    """When nothing is left to be compared, and the page has looked again by itself: else it may at any time."""
    settled(client)
    expect(page.locator("#progress")).to_have_attribute("data-busy", "0")


def go(page: Page, client: Client, path: str) -> None:
    renewed(page, client)
    page.goto(f"http://{client.keys.hosts[0]}{path}")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A simulated night with faults, and a PV entered twice with differences, served."""
    folder = tmp_path_factory.mktemp("served") / "night"
    simulate(folder, communes=["77513"], seed=5)
    with serving(folder) as client:
        place = {"commune": "Ville", "insee": "77513", "bureau": "0001", "scrutin": "1"}
        client.post("/enter", {**place, "version": "0", "signatures": "7"})
        client.post("/enter", {**place, "version": "1", "second": "1", "signatures": "9"})
        client.post("/draft", {**place, "draft": "0123456789abcdef", "version": "2", "blank": "x"})
        client.get("/")
        yield client


def paths(client: Client) -> list[str]:
    """An address of every page."""
    desk = client.get("/").text
    file = desk.split('href="/file?id=')[1].split('"')[0]
    place = "insee=77513&commune=Ville&bureau=0001"
    return [
        *("/", f"/file?id={file}", "/bureaux", "/bureaux?commune=77513", "/bureau?insee=77513&bureau=0001"),
        *(
            "/cases",
            "/cases/1",
            "/hand-on",
            "/election",
            "/entries",
            f"/entry?{place}",
            f"/entry?{place}&second=1",
            f"/settle?{place}",
            f"/entry?{place}&piece=liste",
            "/entry?draft=0123456789abcdef",
            f"/count-sheet?{place}&pages=3",
            "/nowhere",
        ),
    ]


@pytest.mark.check(4)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_whole_path(chromium: Browser, client: Client, folder: Path, width: int) -> None:
    """Files, columns, bureaux, a bureau, its PV, a case, what became of it, the report; in both languages."""
    settled(client)
    with opened(chromium, client, width) as page:
        sees(page, "There is nothing in the folder yet.")
        table = payload("PV du soir.csv", PV.replace("Bulletins trouvés", "Zut").encode())
        expect(page.get_by_role("button", name="Take them in")).to_be_hidden()
        sees(page, "They are taken in as soon as they are chosen.")
        page.get_by_label("Give files").set_input_files([table])
        sees(page, "PV du soir.csv is in the folder now")
        renewed(page, client)
        press(page, "PV du soir.csv", "link")
        page.get_by_label("Zut").select_option("votes_found")
        with page.expect_navigation():
            press(page, "Keep this")
        renewed(page, client)
        expect(page.get_by_label("Zut")).to_have_value("votes_found")
        press(page, "Bureaux", "link")
        press(page, "Essai-sur-Marne", "link")
        press(page, "0001 contradict each other", "link")
        press(page, "Case 1", "link")
        headed(page, "Case 1: Essai-sur-Marne, bureau 0001")
        page.get_by_label("Remark").fill("Vu au PV")
        page.get_by_label("Status").select_option("explained")
        press(page, "Keep this")
        sees(page, "explained: Vu au PV")  # the page looks again by itself
        renewed(page, client)
        press(page, "Typing in", "link")
        press(page, "Enter a PV", "link")
        for label, value in {
            "Commune": "Autre-Ville",
            "INSEE code": "77002",
            "Bureau": "0002",
            "registered": "500",
        }.items():
            page.get_by_label(label).fill(value)
        for label, value in {
            "signatures": "300",
            "votes found": "301",
            "blank": "1",
            "null": "0",
            "valid": "299",
        }.items():
            page.get_by_label(label).fill(value)
        page.get_by_label("Name of choice 1", exact=True).fill("ZOLA Émile")
        page.get_by_label("Votes of choice 1", exact=True).fill("299")
        page.get_by_label("Who enters it").fill("Anne")
        reads(page, "#sums", "Blank, null and valid votes make 300, and the votes found are 301.")
        page.get_by_label("votes found").fill("300")
        page.get_by_label("votes found").blur()
        expect(page.locator("#sums")).to_have_text("The sums fit as far as they are typed.")
        page.get_by_label("Votes of choice 1", exact=True).fill("l92")  # unreadable: no sum is right with it
        page.get_by_label("Votes of choice 1", exact=True).blur()
        expect(page.locator("#sums")).to_have_text("")
        page.get_by_label("Votes of choice 1", exact=True).fill("299")
        press(page, "Save")
        sees(page, "Bureau 0002 saved; next: 0003")
        renewed(page, client)
        expect(page.get_by_label("Bureau", exact=True)).to_have_value("0003")
        expect(page.get_by_label("Who enters it")).to_have_value("Anne")
        page.get_by_label("votes found").fill("77")
        press(page, "Overview", "link")  # a click, and nothing is lost
        headed(page, "Overview")
        until(lambda: list(folder.glob(".brouillon-*")), "no draft")  # the page that is left sends it
        press(page, "Typing in", "link")
        page.get_by_role("link", name="77002 0003", exact=False).or_(
            page.get_by_role("link", name="Autre-Ville 0003")
        ).click()
        expect(page.get_by_label("votes found")).to_have_value("77")
        renewed(page, client)
        press(page, "Français")
        headed(page, "Saisir un PV")
        press(page, "À transmettre", "link")
        with page.expect_download() as download:
            press(page, "le rapport, en un fichier", "link")
        assert download.value.suggested_filename == "dossier.html"
    assert "299" in (folder / "saisie-voix.csv").read_text("utf-8")


def test_files_are_dropped(chromium: Browser, client: Client, folder: Path) -> None:
    settled(client)
    with opened(chromium, client) as page:
        data = page.evaluate_handle(
            "text => { const data = new DataTransfer(); data.items.add(new File([text], 'pv.csv')); return data; }", PV
        )
        page.dispatch_event("#drop", "dragover", {"dataTransfer": data})
        expect(page.locator("#drop")).to_contain_class("over")
        page.dispatch_event("#drop", "drop", {"dataTransfer": data})
        sees(page, "pv.csv is in the folder now")
    assert (folder / "pv.csv").read_bytes() == PV.encode()


def test_the_page_follows_what_is_being_compared(chromium: Browser, client: Client, folder: Path) -> None:
    examiner = client.server.desk.examiner
    settled(client)
    with opened(chromium, client) as page:
        put_text(folder / "pv.csv", PV)
        examiner.busy = True
        page.goto(f"http://{client.keys.hosts[0]}/")
        sees(page, "The files are being compared")
        examiner.changed()
        sees(page, "To be settled: 1 irregularity that remains.")


def test_what_is_being_done_on_the_page_is_not_thrown_away(chromium: Browser, client: Client, folder: Path) -> None:
    """Half-typed text outlives the end of a comparison."""
    settled(client)
    put_text(folder / "pv.csv", PV)
    client.changed()
    settled(client)
    client.server.desk.examiner.busy = True
    with opened(chromium, client) as page:
        page.goto(f"http://{client.keys.hosts[0]}/cases")
        page.get_by_label("Commune or bureau").fill("Essai")
        client.changed()
        sees(page, "The files have been compared.")
        expect(page.get_by_label("Commune or bureau")).to_have_value("Essai")
        press(page, "Look again", "link")
        expect(page.get_by_role("link", name="Case 1")).to_be_visible()


def test_by_keyboard_alone(chromium: Browser, with_pv: Client, folder: Path) -> None:
    settled(with_pv)
    with opened(chromium, with_pv) as page:
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("To the content")
        expect(page.locator(":focus")).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        go(page, with_pv, "/entry?insee=77002&commune=Autre-Ville&bureau=0007")
        page.locator("#field-ouverture").focus()
        for typed in ("08:00", "19:00", "500", "0", "300", "300", "1", "0", "299", "ZOLA Émile", "299"):
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.name") == "choice-1"
        page.locator("#field-auteur").focus()
        page.keyboard.press("Enter")
        expect(page.locator(":focus")).to_have_text("Save")
        page.keyboard.press("Enter")
        sees(page, "0007 saved; next: 0008")
        go(page, with_pv, "/")
        page.locator(".tile a").first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Bureau 0001")
        go(page, with_pv, "/cases")
        reached = set()
        for _ in range(30):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 6)"))
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none" or page.evaluate("document.activeElement === document.body")
        assert {"Overvi", "Bureau", "Cases", "Typing", "França", "Show t", "Case 1"} <= reached
    assert "ZOLA" in (folder / "saisie-voix.csv").read_text("utf-8")


def test_without_its_script(chromium: Browser, client: Client, folder: Path) -> None:
    with opened(chromium, client, java_script_enabled=False) as page:
        page.get_by_label("Give files").set_input_files([payload("pv.csv", PV.encode())])
        with page.expect_navigation():
            press(page, "Take them in")
        settled(client)
        page.goto(f"http://{client.keys.hosts[0]}/")  # without a script no page looks again by itself
        sees(page, "To be settled: 1 irregularity that remains.")
        page.goto(f"http://{client.keys.hosts[0]}/entry?insee=77001&commune=Essai-sur-Marne&bureau=0009")
        page.get_by_label("signatures").fill("7")
        page.get_by_label("votes found").fill("9")
        press(page, "Save")
        expect(page.get_by_role("alert")).to_contain_text("9 votes found and 7 signatures: does the PV say so?")
        page.get_by_label("It stands so in the PV").check()
        press(page, "Save")
        sees(page, "0009 saved; next: 0010")
        page.get_by_label("votes found").fill("77")
        page.get_by_label("votes found").press("Enter")  # nothing counts by a slip
        sees(page, "This entry is unfinished")
        expect(page.get_by_label("votes found")).to_have_value("77")
        page.goto(f"http://{client.keys.hosts[0]}/entry?insee=77001&commune=Essai-sur-Marne&bureau=0001&piece=liste")
        page.get_by_text("Page by page, to check").click()
        page.get_by_label("Signatures on page 1", exact=True).fill("7")
        page.get_by_label("Carried over after page 1", exact=True).fill("8")
        page.locator("#field-signatures").fill("7")
        press(page, "Save")
        expect(page.get_by_role("alert")).to_contain_text(
            "Carried over after page 1: 8, and the pages up to it make 7."
        )


@pytest.mark.check(25)
@pytest.mark.parametrize(("code", "width"), list(zip(["en", "fr"], RUNS, strict=True)))
def test_nothing_is_in_the_way_of_anybody(chromium: Browser, night: Client, code: str, width: int) -> None:
    """No violation of WCAG 2.2 AA that axe-core finds on any page, at both widths, light and dark."""
    page = new_page(chromium, color_scheme="light", viewport={"width": width, "height": 800})
    page.goto(night.server.address)
    if code == "fr":
        press(page, "Français")
    expect(page.locator("html")).to_have_attribute("lang", code)
    found = {}
    for path in paths(night):
        go(page, night, path)
        assert page.locator("html").get_attribute("lang") == code
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        for scheme, options in RUNS[width]:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found[path, scheme] = obstacles(page, options)
    page.context.close()
    assert not any(found.values()), found


@pytest.mark.check(2)
def test_hostile_names_and_cells_do_nothing(chromium: Browser, client: Client, folder: Path) -> None:
    settled(client)
    script = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    table = f'Commune,Bureau,Émargements,Votes trouvés,"{script}"\n"{script}","{script[:40]}",7,9,{script}\n'
    with opened(chromium, client) as page:
        given = payload(f"{script}.csv", table.encode())
        page.get_by_label("Give files").set_input_files([given])
        reads(page, "#given", "<img src=x onerror=alert(1)>")
        for path in ("/", "/bureaux", "/cases", "/cases/1"):
            go(page, client, path)
            assert page.locator("img, main script").count() == 0
        go(page, client, "/")
        with page.expect_navigation():
            page.locator("table a").first.click()
        assert page.locator("img, main script").count() == 0


def test_another_site_can_do_nothing(chromium: Browser, client: Client, folder: Path) -> None:
    """A form and a picture on a page of another origin, in a browser that has the cookie."""
    settled(client)  # else the first page looks again by itself, and may come in the place of the other site's
    page = new_page(chromium)
    page.goto(client.server.address)
    address = f"http://{client.keys.hosts[0]}"
    page.route(
        "http://other.example/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{address}/language"><input name="key" value="{client.keys.form}">'
            f'<input name="language" value="fr"><button>go</button></form><iframe src="{address}/"></iframe>',
        ),
    )
    page.goto("http://other.example/")
    assert [frame.url for frame in page.frames if "Overview" in frame.content()] == []
    press(page, "go")
    headed(page, "This page is not open")
    page.goto(f"{address}/")
    headed(page, "Overview")
    page.context.close()


def test_a_large_town_and_many_communes_are_shown_by_place(chromium: Browser, client: Client, folder: Path) -> None:
    """1,420 bureaux in a commune are one page of tiles; of 300 communes one is searched."""
    rows = [f"75056,Paris,{number:04},500,300,{300 + (number % 97 == 0)}" for number in range(1420)]
    rows += [f"{1000 + 7 * number:05},Commune {number},0001,500,300,300" for number in range(300)]
    header = "Code INSEE,Commune,Bureau,Inscrits,Émargements,Votes trouvés\n"
    put_text(folder / "pv.csv", header + "\n".join(rows) + "\n")
    client.changed()
    with opened(chromium, client) as page:
        go(page, client, "/bureaux")
        expect(page.locator("tbody tr")).to_have_count(200)
        page.get_by_role("textbox", name="Commune").fill("Paris")
        with page.expect_navigation():
            press(page, "Show these")
        press(page, "Paris", "link")
        expect(page.locator(".tile")).to_have_count(1420)  # waits: a click goes on before its page is whole
        expect(page.locator(".tile.error, .tile.warning")).to_have_count(15)
        go(page, client, "/cases?place=Paris")
        expect(page.get_by_role("status").last).to_contain_text("of 15 cases")
