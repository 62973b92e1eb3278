"""Both checkers of proofs on the same good and forged ones: the verdicts and their codes are equal.

The second checker runs in Chromium, by the browser's own cryptography and by its plain JavaScript. For each forged
proof there is a good one, which has to be accepted. No forged proof may be accepted for another leaf.
"""

import base64
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

import regard.sealing
from protocol.sealing.keys import parse_vkey
from protocol.sealing.proofs import ProofFault, check_proof
from protocol.sealing.seal_error import SealError
from tests.fuzz._forging import KINDS
from tests.fuzz._guided import Effort
from tests.fuzz._proofs import Case, draw
from tests.regard.browser import CHROMIUM

PAGE = Path(regard.sealing.__file__).with_name("checker.html")
WAYS = ("own", "plain")
"""Ways in which the page computes: with what the browser has, and without."""
SEALED_ANEW = ("leaf",)
"""Kinds with other leaves that are in the log, by its own key. Of all others no other leaf may be accepted."""
_BATCH = 250
_CHECK = """async ([cases, way]) => {
  const {check, keyOf, fromBase64} = regardChecker, found = [];
  for (const [data, lines, figures] of cases) {
    const keys = await Promise.all(lines.map(line => keyOf(line, way)));
    if (keys.includes(null)) { found.push("key"); continue; }
    const {code, signed} = await check(fromBase64(data), keys, figures, way);
    found.push(code || (signed?.unknown ? "open" : ""));
  }
  return found;
}"""


def in_python(case: Case) -> str:
    """The code of the first checker; empty where all holds."""
    try:
        keys = [parse_vkey(line) for line in case.keys]
    except SealError:
        return "key"
    return check_proof(case.data, keys, case.figures).fault or ""


def in_page(page: Page, cases: Sequence[Case], way: str) -> list[str]:
    """The codes of the second checker; ``open`` where this browser cannot check a signature by ML-DSA, as it says."""
    given: list[Any] = [
        [base64.b64encode(case.data).decode(), list(case.keys), [list(each) for each in case.figures.items()]]
        for case in cases
    ]
    return list(page.evaluate(_CHECK, [given, way]))


@contextmanager
def opened() -> Iterator[Page]:
    """The page of the second checker in a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(PAGE.as_uri())
        yield page
        browser.close()


def run(effort: Effort, seed: int, report: Callable[[str], object]) -> int:
    """Good proofs, and as many forged ones of all kinds; returns on how many the checkers do not agree."""
    with opened() as page:
        return compare(page, effort, seed, report)


def compare(page: Page, effort: Effort, seed: int, report: Callable[[str], object]) -> int:
    """Do what `run` does, in an open page."""
    kinds = [name for name in KINDS if name in effort.only or not effort.only]
    failed, codes, left = 0, Counter[tuple[str, str]](), effort.numbers()
    while numbers := list(islice(left, _BATCH)):
        tried: list[tuple[str, int, Case, bytes]] = []
        for number in numbers:
            made, name = draw(random := np.random.default_rng([seed, number])), kinds[number % len(kinds)]
            leaf = b"\nextra " + base64.b64encode(made.extra) + b"\n"
            tried += [("good", number, made.case, leaf), (name, number, KINDS[name](made, random), leaf)]
        cases = [case for _, _, case, _ in tried]
        verdicts = zip(map(in_python, cases), *(in_page(page, cases, way) for way in WAYS), strict=True)
        for (name, number, case, leaf), found in zip(tried, verdicts, strict=True):
            codes[name, found[0] or "valid"] += 1
            kept = name in SEALED_ANEW or leaf in case.data
            same = {each for each in found if each != "open" or found[0] not in ("", ProofFault.SIGNATURE)}
            if len(same) > 1 or (name == "good" and found[0]) or not (found[0] or kept):
                failed += 1
                report(f"{name}, number {number}: {' / '.join(each or 'valid' for each in found)}")
    for (name, code), count in sorted(codes.items()):
        report(f"{name}: {count} {code}")
    return failed
