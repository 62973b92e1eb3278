"""The second checker in a real Chromium: by keyboard, on a phone, in the dark, in two languages, hostile proofs."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Browser, FilePayload, Page, expect

from protocol.sealing.leaves import LeafVotes
from regard.sealing.codes import code_texts
from tests.fuzz.checkers import PAGE
from tests.regard.browser import complaints, needs_chromium, obstacles, press, reads, sees
from tests.regard.calling import CommandLine
from tests.regard.letters import hostile
from tests.regard.sealing.small_log import FIGURES, KEY, LISTS, OTHER_KEY, leaf_of, proof_of

pytestmark = needs_chromium
NAMES = tuple(name for name in hostile.NAMES if name != "\udcff")  # half a character is in no leaf
GOOD = "These figures are in the list sealed by seal.example/night."
BARCODES = """
globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return globalThis.codes.shift().map(rawValue => ({rawValue})); }
};
"""
CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 64});
  const pen = canvas.getContext("2d");
  const draw = () => { pen.fillRect(0, 0, 64, 64); requestAnimationFrame(draw); };
  draw();
  return globalThis.camera = canvas.captureStream(10);
};
"""


@contextmanager
def opened(
    browser: Browser,
    width: int = 1000,
    script: str = "",
    page_file: Path = PAGE,
    locale: str = "en-GB",
    **options: object,
) -> Iterator[Page]:
    """The page in a window of its own: nothing goes wrong, nothing is asked for, nothing is kept."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale, **options)  # type: ignore[arg-type]
    if script:
        context.add_init_script(script)
    page = context.new_page()
    wrong = complaints(page, page_file.as_uri())
    page.goto(page_file.as_uri())
    yield page
    bases = page.evaluate("async () => (await indexedDB.databases()).length")
    kept = page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
    assert [*kept, bases] == ["", 0, 0, 0]
    context.close()
    assert wrong == []


def payload(data: bytes, name: str = "76351-0001.tlog-proof", kind: str = "") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def give(page: Page, data: bytes, key: str = "") -> None:
    """A proof as a file, and the line of a key."""
    if key:
        page.locator("#vkey").fill(key)
    page.locator("#file").set_input_files([payload(data)])
    reads(page, "#told", ".tlog-proof")
    expect(page.locator(".answer")).to_be_visible()


def answers(page: Page, said: str) -> None:
    """The answer begins with this sentence."""
    expect(page.locator(".answer p").first).to_have_text(said)


def check(page: Page) -> None:
    page.locator("#form button[type=submit]").first.click()


def test_a_proof_with_its_key_and_figures(chromium: Browser) -> None:
    with opened(chromium) as page:
        give(page, proof_of(leaf_of()), KEY.public.vkey)
        answers(page, GOOD)
        expect(page.locator(".answer")).to_have_class("answer good")
        said = re.sub("[\u2068\u2069]", "", page.locator(".answer").inner_text())
        assert "bureau 0001 of the commune with the INSEE code 76351, poll 1, 7 May 2017, round 2." in said
        reads(page, ".checks", "number 712 of 1,234 in the list, by its hashes")
        reads(page, ".checks", "The figures on the wall: none was typed")
        page.get_by_label("On the wall: Registered voters").fill("1 958")
        page.get_by_label("On the wall: LE PEN Marine").fill("101")
        check(page)
        reads(page, ".answer", "The 2 figures that were typed are the published ones.")
        expect(page.locator("td.good")).to_have_count(2)


def test_a_figure_that_differs_and_one_that_is_none(chromium: Browser) -> None:
    with opened(chromium) as page:
        give(page, proof_of(leaf_of()), KEY.public.vkey)
        blank = page.get_by_label("On the wall: Blank votes")
        blank.fill("11")
        check(page)
        answers(page, "The figures on the wall are not those in the proof.")
        expect(page.locator(".answer")).to_have_class("answer bad")
        sees(page, "0 of 1 figure typed is the published one")
        expect(blank).to_have_attribute("aria-invalid", "true")
        blank.fill("ten")
        check(page)
        sees(page, "A field holds something that is not a number.")
        assert "in the list sealed" not in page.locator(".answer").inner_text()
        blank.fill("10")
        check(page)
        answers(page, GOOD)


def test_without_a_key_it_says_so(chromium: Browser) -> None:
    with opened(chromium) as page:
        give(page, proof_of(leaf_of()))
        expect(page.locator(".answer")).to_have_class("answer open")
        expect(page.locator(".answer p").first).to_contain_text("who sealed it was not checked")
        expect(page.locator(".checks .open").first).to_contain_text("Who signed the head of the list")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (OTHER_KEY.public.vkey, "The key that was given did not seal this list."),
        ("nobody", "What was given is not a public key"),
        (KEY.public.vkey + "\n" + OTHER_KEY.public.vkey, GOOD),
    ],
)
def test_keys(chromium: Browser, key: str, said: str) -> None:
    with opened(chromium) as page:
        give(page, proof_of(leaf_of()), key)
        reads(page, ".answer", said)


def test_what_it_does_not_say_stands_there_always(chromium: Browser) -> None:
    with opened(chromium) as page:
        expect(page.locator("#limits li")).to_have_count(3)
        give(page, proof_of(leaf_of(replaces=12)), KEY.public.vkey)
        expect(page.locator("#limits li")).to_have_count(4)
        reads(page, "#limits", "This entry takes the place of entry 13.")


def test_french_and_english(chromium: Browser) -> None:
    with opened(chromium, locale="fr-CA") as page:
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        expect(page.locator("h1")).to_have_text("Vérifier les chiffres d'un bureau")
        give(page, proof_of(leaf_of()), KEY.public.vkey)
        reads(page, ".answer", "Ces chiffres figurent dans la liste scellée par")
        reads(page, ".answer", "7 mai 2017, tour 2")
        press(page, "English")
        answers(page, GOOD)
        assert page.title() == "Check the figures of a bureau"


@pytest.mark.parametrize(("language", "locale", "title"), [("fr", "en-GB", "Vérifier"), ("en", "fr-FR", "Check")])
def test_it_begins_in_the_language_it_was_written_in(
    chromium: Browser, tmp_path: Path, language: str, locale: str, title: str, cli: CommandLine
) -> None:
    file = tmp_path / "checker.html"
    cli("check", "--page", file, "--lang", language)
    with opened(chromium, page_file=file, locale=locale) as page:
        expect(page.locator("html")).to_have_attribute("lang", language)
        reads(page, "h1", title)


def test_both_languages_have_the_same_texts(chromium: Browser) -> None:
    with opened(chromium) as page:
        english, french = page.evaluate("[regardChecker.TEXTS.en, regardChecker.TEXTS.fr]")
    assert english.keys() == french.keys()
    assert english["kinds"].keys() == french["kinds"].keys()
    for name, text in english.items():
        assert text != french[name] or name in ("abstentions", "bureau", "date", "of_date"), name
        holes = [set(re.findall(r"\{\w+\}", str(each))) for each in (text, french[name])]
        assert holes[0] == holes[1], name


@pytest.mark.check(10)
@pytest.mark.parametrize("language", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way_of_anybody(chromium: Browser, language: str, scheme: str) -> None:
    with opened(chromium, locale=language, color_scheme=scheme) as page:
        for key, wall, state in (("", "", "open"), (KEY.public.vkey, "10", "good"), (KEY.public.vkey, "11", "bad")):
            give(page, proof_of(leaf_of(NAMES, replaces=3)), key)
            page.locator("#figures input").nth(3).fill(wall)
            check(page)
            expect(page.locator(".answer")).to_have_class(f"answer {state}")
            assert obstacles(page) == []


@pytest.mark.check(3)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_does_not_scroll_sideways(chromium: Browser, width: int) -> None:
    with opened(chromium, width, locale="fr-FR") as page:
        give(page, proof_of(leaf_of([*NAMES, "x" * 300])), KEY.public.vkey)
        page.locator("#figures input").first.fill("7")
        check(page)
        expect(page.locator("td.bad")).not_to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_sources_and_documents_have_names(chromium: Browser) -> None:
    with opened(chromium, locale="fr-FR") as page:
        kinds = dict.fromkeys(("export", "urn", "export-2", "other-2"), "0a" * 32)
        give(page, proof_of(leaf_of(sources=dict.fromkeys(FIGURES, "emargements"), digests=kinds)))
        reads(page, "#details", "Inscrits : liste d'émargement")
        for said in ("export de résultat :", "export de résultat 2 :", "image d'urne :", "other-2 :"):
            reads(page, "#details", said)


def test_hostile_names_are_text(chromium: Browser) -> None:
    with opened(chromium) as page:
        leaf = leaf_of(votes=tuple(LeafVotes(name, 1, at) for at, name in enumerate(NAMES)), bureau="<b>1</b>")
        give(page, proof_of(leaf), KEY.public.vkey)
        assert page.locator("#figures tbody th bdi").all_text_contents()[-len(NAMES) :] == list(NAMES)
        assert page.locator("b, img, a").count() == 0


def test_by_keyboard(chromium: Browser) -> None:
    with opened(chromium) as page:
        for text in (proof_of(leaf_of()).decode(), KEY.public.vkey):
            for _ in range(20):
                page.keyboard.press("Tab")
                if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
                    break
            page.keyboard.insert_text(text)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Check"
        page.keyboard.press("Enter")
        answers(page, GOOD)
        page.keyboard.press("Tab")
        page.keyboard.type("1958")
        page.keyboard.press("Enter")
        sees(page, "The figure that was typed is the published one.")


def test_what_a_phone_read_may_have_lost_its_last_line_end(chromium: Browser) -> None:
    proof = proof_of(leaf_of())
    with opened(chromium) as page:
        page.locator("#vkey").fill(KEY.public.vkey)
        page.locator("#text").fill(f"\n {proof.decode().strip()} ")
        check(page)
        answers(page, GOOD)
        give(page, proof.replace(b"\n", b"\r\n"))
        reads(page, ".answer", "This is not a proof")
        reads(page, ".answer", "Line 1")


def test_parts_in_any_order(chromium: Browser) -> None:
    proof = proof_of(leaf_of(LISTS))
    texts = code_texts(proof)
    assert len(texts) > 2
    with opened(chromium) as page:
        page.locator("#vkey").fill(KEY.public.vkey)
        page.locator("#text").fill("\n".join(text.strip() for text in texts[1:]))
        check(page)
        reads(page, "#told", "Missing: 1.")
        page.locator("#text").fill("\n\n".join(text.strip() for text in reversed(texts)))
        check(page)
        answers(page, GOOD)
        other = code_texts(proof_of(leaf_of(LISTS), index=3))
        page.locator("#text").fill("\n".join([*texts[1:], other[0]]))
        check(page)
        reads(page, ".answer", "parts of different proofs")


def test_a_photograph_of_the_code(chromium: Browser) -> None:
    """As in a browser that reads codes; that of Linux does not."""
    picture = io.BytesIO()
    segno.make_qr("x").save(picture, kind="png")
    whole, parts = proof_of(leaf_of()), code_texts(proof_of(leaf_of(LISTS)))
    with opened(chromium, script=BARCODES) as page:
        page.locator("#vkey").fill(KEY.public.vkey)
        page.evaluate("codes => { globalThis.codes = codes; }", [[], [whole.decode()], *([part] for part in parts)])
        photograph = payload(picture.getvalue(), "sheet.png", "image/png")
        page.locator("#file").set_input_files([photograph])
        reads(page, "#told", "No code was found")
        page.locator("#file").set_input_files([photograph])
        answers(page, GOOD)
        for at in range(1, len(parts)):
            page.locator("#file").set_input_files([photograph])
            reads(page, "#told", f"{at} of {len(parts)} codes read")
        page.locator("#file").set_input_files([photograph])
        expect(page.locator("#figures tbody tr")).to_have_count(len(LISTS) + 6)
        answers(page, GOOD)


def test_the_camera(chromium: Browser) -> None:
    """A camera that is drawn: it shows nothing at first, then the code, and is let go after it."""
    with opened(chromium, script=BARCODES + CAMERA) as page:
        page.locator("#vkey").fill(KEY.public.vkey)
        page.evaluate("codes => { globalThis.codes = codes; }", [[], [], [proof_of(leaf_of()).decode()]])
        press(page, "Read the code with the camera")
        answers(page, GOOD)
        expect(page.locator("#video")).to_be_hidden()
        assert page.evaluate("[codes.length, camera.getTracks().map(each => each.readyState)]") == [0, ["ended"]]
        page.evaluate("globalThis.codes = { shift: () => [] }")
        press(page, "Read the code with the camera")
        expect(page.locator("#video")).to_be_visible()
        press(page, "Stop the camera")
        expect(page.locator("#video")).to_be_hidden()


def test_a_camera_that_is_not_given(chromium: Browser) -> None:
    refused = "navigator.mediaDevices.getUserMedia = async () => { throw new Error('Permission denied'); };"
    with opened(chromium, script=BARCODES + refused) as page:
        press(page, "Read the code with the camera")
        expect(page.locator("#told")).to_have_text("The camera could not be used: Permission denied")


def test_a_file_that_is_dropped(chromium: Browser) -> None:
    with opened(chromium) as page:
        page.locator("#vkey").fill(KEY.public.vkey)
        given = page.evaluate_handle(
            """text => {
              const given = new DataTransfer();
              given.items.add(new File([text], "a.tlog-proof"));
              return given;
            }""",
            proof_of(leaf_of()).decode(),
        )
        page.dispatch_event("#drop", "dragover", {"dataTransfer": given})
        expect(page.locator("#drop")).to_have_class("drop over")
        page.dispatch_event("h1", "drop", {"dataTransfer": given})
        expect(page.locator("#drop")).to_have_class("drop")
        answers(page, GOOD)


def test_a_browser_that_reads_no_codes_says_what_to_do(chromium: Browser) -> None:
    with opened(chromium, script="delete globalThis.BarcodeDetector;") as page:
        reads(page, "#file-hint", "read the code with the phone's own camera")
        expect(page.locator("#camera")).to_be_hidden()
        page.locator("#file").set_input_files([payload(b"\x89PNG", "sheet.png", "image/png")])
        reads(page, "#told", "copy the text and paste it")


def test_files_that_are_no_proof(chromium: Browser) -> None:
    with opened(chromium) as page:
        check(page)
        reads(page, ".answer", "There is no proof yet")
        for data in (b"\xff\xfe", b"x", b"c2sp.org/tlog-proof@v1\n"):
            give(page, data)
            reads(page, ".answer", "This is not a proof")
        page.locator("#file").set_input_files([payload(bytes(2**20 + 1), "long.bin")])
        expect(page.locator("#told")).to_have_text("This file is too long to be a proof: long.bin")


def test_the_page_is_one_file() -> None:
    text = Path(PAGE).read_text("utf-8")
    for word in ("http:", "https:", " src=", "import(", "fetch(", "innerHTML", "localStorage", "eval("):
        assert word not in text, word
