"""A short run of both checkers on good and forged proofs, and what the second one is made of against its standards."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page

from protocol.sealing.proofs import ProofCheck, ProofFault
from tests.fuzz import checkers
from tests.fuzz._forging import KINDS, ORDER, SMALL
from tests.fuzz._guided import Effort
from tests.regard.browser import needs_chromium

pytestmark = needs_chromium
SIGNED = """([key, message, signature, way]) => {
  const {isKey, isSigned, fromBase64: bytes} = regardChecker;
  return isKey(bytes(key)) && isSigned(bytes(key), bytes(message), bytes(signature), way);
}"""
RFC_8032 = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto(checkers.PAGE.as_uri())
    yield page
    page.close()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.check(3)
def test_both_checkers_agree(page: Page) -> None:
    said: list[str] = []
    assert checkers.compare(page, Effort(10 * len(KINDS)), 3, said.append) == 0, said
    found = Counter[str]()
    for line in said:
        found[line.split()[-1]] += int(line.split()[1])
    assert set(found) == {"valid", *ProofFault}


@pytest.mark.parametrize("fault", [None, ProofFault.FORMAT])
def test_a_checker_that_is_wrong_is_found_out(
    page: Page, monkeypatch: pytest.MonkeyPatch, fault: ProofFault | None
) -> None:
    monkeypatch.setattr(checkers, "check_proof", lambda *_: ProofCheck(fault))
    assert checkers.compare(page, Effort(12), 1, lambda _: None) > 5


@pytest.mark.parametrize("way", checkers.WAYS)
def test_public_vectors(page: Page, real_data: Path, way: str) -> None:
    file = real_data / "merkle_vectors" / "transparency-dev_merkle_518.jsonl"
    vectors = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    vectors = [each for each in vectors if each["path"].startswith("inclusion/")]
    assert len(vectors) == 98
    wrong = page.evaluate(
        """async ([vectors, way]) => {
          const {rootOf, fromBase64, toBase64} = regardChecker, wrong = [];
          for (const each of vectors) {
            const path = (each.proof || []).map(fromBase64), leaf = fromBase64(each.leafHash);
            const good = [leaf, ...path].every(hash => hash.length === 32);
            const root = good ? await rootOf(BigInt(each.leafIdx), BigInt(each.treeSize), leaf, path, way) : null;
            if ((root !== null && toBase64(root) === each.root) === each.wantErr) wrong.push(each.path);
          }
          return wrong;
        }""",
        [vectors, way],
    )
    assert wrong == []


def test_plain_hashes(page: Page) -> None:
    random = np.random.default_rng(1)
    data = [random.bytes(size) for size in (*range(260), 1000, 4096)]
    found = page.evaluate(
        """data => data.map(regardChecker.fromBase64).map(each =>
          [regardChecker.plainSha256(each), regardChecker.plainSha512(each)].map(regardChecker.toBase64))""",
        [base64_of(each) for each in data],
    )
    assert found == [[base64_of(make(each).digest()) for make in (hashlib.sha256, hashlib.sha512)] for each in data]


@pytest.mark.parametrize("way", checkers.WAYS)
def test_signatures(page: Page, way: str) -> None:
    def signed(key: bytes, message: bytes, signature: bytes) -> Any:
        return page.evaluate(SIGNED, [*map(base64_of, (key, message, signature)), way])

    for key, message, signature in (tuple(map(bytes.fromhex, each)) for each in RFC_8032):
        assert signed(key, message, signature) is True
        assert signed(key, message + b"x", signature) is False
        greater = int.from_bytes(signature[32:], "little") + ORDER
        assert signed(key, message, signature[:32] + greater.to_bytes(32, "little")) is False
    random = np.random.default_rng(1)
    for size in range(20):
        private, message = Ed25519PrivateKey.from_private_bytes(random.bytes(32)), random.bytes(size * 20)
        key, signature = private.public_key().public_bytes_raw(), private.sign(message)
        assert signed(key, message, signature) is True
        at = int(random.integers(512))
        changed = bytearray(signature)
        changed[at // 8] ^= 1 << at % 8
        assert signed(key, message, bytes(changed)) is False
    for point in SMALL:
        assert signed(point, b"", point + bytes(32)) is False
        assert signed(point, b"", SMALL[1] + bytes(32)) is False


def test_a_leaf_that_is_not_the_sealed_one_is_found_out(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if both checkers took a proof in which the leaf is another one, that is really in the log."""
    monkeypatch.setattr(checkers, "SEALED_ANEW", ())
    assert checkers.compare(page, Effort(40, only=("leaf",)), 2026, lambda _: None) > 0
