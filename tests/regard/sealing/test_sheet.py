"""The sheet for the wall: its figures, its codes, in two languages, with many choices and hostile names."""

import io
import re
from pathlib import Path

import numpy as np
import pypdf
import pytest
import segno
from playwright.sync_api import Browser

from regard.sealing.codes import HEAD, MOST_PARTS, PART, WHOLE, code_svg, code_texts
from regard.sealing.sheet import printable, sheet_bytes
from tests.regard.browser import needs_chromium, obstacles
from tests.regard.calling import CommandLine
from tests.regard.sealing.small_log import LISTS, leaf_of, proof_of
from tests.regard.sealing.test_checker_page import NAMES
from tests.sources import new_file
from tests.verify.night_builder import INSEE, small_night

STEP = re.compile(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?")


def has(svg: bytes, text: str) -> bool:
    """Compare a drawn code, and the blank space around it, with the squares of the code of a text."""
    drawing = svg.decode()
    width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawing)[0])
    squares = np.zeros((height, width), np.bool_)
    x = y = 0.0
    for step, first, second in STEP.findall(drawing.split('stroke="#000" d="')[1]):
        if step == "h":
            squares[int(y), int(x) : int(x) + int(first)] = True
            x += int(first)
        else:
            x, y = (float(first), float(second)) if step == "M" else (x + float(first), y + float(second))
    code = segno.make_qr(text.encode(), error="l", mode="byte")
    return np.array_equal(squares, np.pad(np.array(list(code.matrix), np.bool_), 4))


def text_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("names", [(), ("A", "B"), tuple(f"Candidat {at}" for at in range(12))])
def test_the_code_is_the_proof(names: tuple[str, ...]) -> None:
    proof = proof_of(leaf_of(names))
    values, pictures = printable(proof, "en")
    assert len(values["codes"]) == 1
    [picture] = pictures.values()
    assert has(picture, proof.decode())
    assert not has(picture, proof.decode().swapcase())


def test_what_is_too_long_for_one_code_is_in_several() -> None:
    proof = proof_of(leaf_of(LISTS))
    assert len(proof) > WHOLE
    texts, pictures = code_texts(proof), printable(proof, "en")[1].values()
    assert all(map(has, pictures, texts))
    assert len(texts) == len(pictures) > 2
    heads = [text.partition("\n")[0].split(" ") for text in texts]
    assert {(head[0], head[2]) for head in heads} == {(HEAD, heads[0][2])}
    assert [head[1] for head in heads] == [f"{at + 1}/{len(texts)}" for at in range(len(texts))]
    parts = [text.partition("\n")[2] for text in texts]
    assert "".join(parts).encode() == proof
    assert all(part.strip() == part for part in parts[:-1])


@pytest.mark.parametrize("size", [WHOLE - 1, WHOLE, WHOLE + 1, PART * MOST_PARTS])
def test_every_size_has_codes_up_to_a_limit(size: int) -> None:
    texts = code_texts((b"abcd\n" * size)[:size])
    assert (len(texts) == 1) is (size <= WHOLE)
    assert all(has(code_svg(text), text) for text in texts)
    assert (
        "".join(text.partition("\n")[2] if len(texts) > 1 else text for text in texts).encode()
        == (b"abcd\n" * size)[:size]
    )


def test_what_would_take_too_many_codes_has_none() -> None:
    assert code_texts(b"x" * (PART * MOST_PARTS + 1)) == ()
    assert code_texts(b"a " * WHOLE) == ()  # every part would begin or end with a blank
    proof = proof_of(leaf_of(["x" * 300] * 38))
    pages = text_of(sheet_bytes(proof, "en", ".pdf"))
    assert "The proof is too long for codes: take its file" in " ".join(pages)


ENGLISH = (
    *("Published figures of bureau 0001", "Le Havre (INSEE code 76351)", "7 May 2017", "Registered voters 1,958"),
    *("How to check it", "not from this sheet", "that they were published like this", "entry 712 of 1,234"),
)
FRENCH = (
    *("Chiffres publiés du bureau 0001", "Le Havre (code INSEE 76351)", "7 mai 2017", "Inscrits 1 958"),
    *("Comment vérifier", "pas sur cette feuille", "ont été publiés ainsi", "entrée 712 sur 1 234"),
)


@pytest.mark.parametrize(("code", "said"), [("en", ENGLISH), ("fr", FRENCH)])
def test_what_stands_on_it(code: str, said: tuple[str, ...]) -> None:
    sheet, names = proof_of(leaf_of(replaces=5)), ("Le Havre", "Élection essai")
    [page] = text_of(sheet_bytes(sheet, code, ".pdf", *names))
    html = " ".join(re.sub("<[^>]*>", " ", sheet_bytes(sheet, code, ".html", *names).decode()).split())
    for text in (*said, "Élection essai", "MACRON Emmanuel 100", "LE PEN Marine 101", "727", "715"):
        for whole in (page, html):
            assert text in re.sub("[\u00a0\u202f]", " ", whole), text


def test_what_is_missing_is_said() -> None:
    values, _ = printable(proof_of(leaf_of(figures={"valid": 7})), "en")
    assert dict(values["figures"])["Valid votes"] == "7"
    assert dict(values["figures"])["Signatures"] == "missing"
    assert dict(printable(proof_of(leaf_of(figures={"proxies": 3})), "en")[0]["figures"])["Proxies"] == "3"
    assert "Proxies" not in dict(values["figures"])


def test_many_lists_go_to_a_second_page_at_most() -> None:
    pages = text_of(sheet_bytes(proof_of(leaf_of(LISTS)), "en", ".pdf", "Le Havre"))
    assert len(pages) == 2
    assert all(name in pages[0] for name in LISTS)
    assert "QR code 4 of 4" in pages[1]
    assert "Published figures of bureau 0001 · Le Havre" in pages[1]


@pytest.mark.parametrize("code", ["en", "fr"])
def test_hostile_names_are_text(code: str) -> None:
    proof = proof_of(leaf_of([*NAMES, "x" * 300], bureau=NAMES[4]))
    html = sheet_bytes(proof, code, ".html", NAMES[0], NAMES[6]).decode()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    pages = text_of(sheet_bytes(proof, code, ".pdf", NAMES[0], NAMES[6]))
    assert "#panic" in pages[0]
    assert "{{ 7*7 }}" in " ".join(pages)


@pytest.mark.check(5)
@needs_chromium
@pytest.mark.parametrize("names", [("A", "B"), LISTS])
def test_the_page_in_a_browser(chromium: Browser, names: tuple[str, ...]) -> None:
    file = new_file("sheet.html", sheet_bytes(proof_of(leaf_of(names)), "fr", ".html", "Le Havre"))
    page = chromium.new_page(viewport={"width": 390, "height": 900})
    page.goto(file.as_uri())
    assert obstacles(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    width = page.locator("figure svg").first.bounding_box()
    assert width is not None
    assert width["width"] > 250
    assert len(text_of(page.pdf(prefer_css_page_size=True))) <= (1 if len(names) < 12 else 4)
    page.close()


@pytest.mark.usefixtures("english")
def test_regard_prove_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine) -> None:
    monkeypatch.chdir(tmp_path)
    small_night().write(Path("night"))
    cli("seal", "night")
    for name in ("a.pdf", "a.pdf", "a.html"):  # it may replace its own
        cli("prove", "night", INSEE, "1", "-o", "p.tlog-proof", "--sheet", name)
    assert "a.html: the sheet for the wall" in cli.out
    html = Path("a.html").read_text("utf-8")
    assert "Essai-sur-Marne" in html
    svg = re.search(r"<svg.*?</svg>", html)
    assert svg is not None
    assert has(svg[0].encode(), Path("p.tlog-proof").read_text("utf-8"))
    [page] = text_of(Path("a.pdf").read_bytes())
    assert f"Essai-sur-Marne (INSEE code {INSEE})" in page
    cli("prove", "night", INSEE, "1", "-o", "p", "--sheet", "b.html", "--commune-name", "Ici")
    assert f"Ici (INSEE code {INSEE})" in Path("b.html").read_text("utf-8")
    cli("prove", "night", INSEE, "1", "-o", "p", "--sheet", "b.doc", code=2)
    Path("mine.html").write_text("mine")
    cli("prove", "night", INSEE, "1", "-o", "p", "--sheet", "mine.html", code=2)
    assert Path("mine.html").read_text() == "mine"


def test_the_commune_has_its_name_from_whatever_was_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine
) -> None:
    monkeypatch.chdir(tmp_path)
    small_night().write(Path("night"))
    Path("publie.txt").write_bytes((Path("night") / "publie.txt").read_bytes())
    for given in ("night", "publie.txt"):
        cli("seal", given)
    command = ["prove", "-o", "p.tlog-proof", "--sheet", "a.html", "--lang", "en"]
    for given in ("night", "night/sealed", "publie.txt", "publie.txt.sealed"):
        cli(*command, given, INSEE, "1")
        assert f"Essai-sur-Marne (INSEE code {INSEE})" in Path("a.html").read_text("utf-8"), given
    monkeypatch.chdir(tmp_path / "night" / "sealed")
    cli(*command, ".", INSEE, "1", "--force")
    assert "Essai-sur-Marne" in Path("a.html").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    Path("publie.txt").unlink()
    cli(*command, "publie.txt.sealed", INSEE, "1")
    assert f"Commune with the INSEE code {INSEE}" in Path("a.html").read_text("utf-8")


def test_regard_check_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        cli("check", "--page", "checker.html")
    assert "open it in a browser" in cli.out
    assert Path("checker.html").read_text("utf-8").startswith("<!doctype html>")
    cli("check", code=2)
    assert "give a proof to be checked" in cli.err
    Path("p").write_bytes(proof_of(leaf_of()))
    cli("check", "p", "--page", "other.html", code=2)
    cli("check", "--page", "other.txt", code=2)
    assert not Path("other.html").exists()
