"""Invented returns of a night, as many as are asked for, and the stores that they go into."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np

from regard.cli import main
from regard.live.night import Evening, EveningClock, editions, feed
from regard.live.points import write_awaited
from regard.live.store import LiveFinding, LiveReturn, LiveSeal, LiveStore, StoreReader

ABOUT = {"kind": "night", "format": "1"}


def made_up(number: int, seed: int = 1, every: int = 300) -> Evening:
    """An evening of so many bureaux, one in fifty with a finding."""
    random = np.random.default_rng(seed)
    seconds = np.sort(19 * 3600 + random.integers(0, 3 * 3600, number)).tolist()
    returns, found = [], []
    for at, second in enumerate(seconds):
        valid = random.multinomial(random.integers(100, 900), (0.55, 0.45)).tolist()
        leaf = leaf_of(f"{10000 + at:05}", valid)
        key = f"{10000 + at:05}/0001/1"
        returns.append(LiveReturn(key, second, leaf, sha256(leaf).hexdigest()))
        if at % 50 == 0:
            said = {"en": f"something in {key}", "fr": f"quelque chose dans {key}"}
            found.append(LiveFinding(f"case {at}", at + 1, second, "error", {"en": key, "fr": key}, said))
    return Evening(returns, found, editions(seconds, every))


def leaf_of(insee: str, votes: list[int], blank: int = 3) -> bytes:
    """A canonical leaf of a bureau."""
    valid = sum(votes)
    leaf = {
        "bureau": "0001",
        "figures": {"blank": blank, "null": 0, "registered": valid + 200, "valid": valid, "votes_found": valid + blank},
        "insee": insee,
        "votes": [
            {"choice": at, "name": name, "votes": count}
            for at, (name, count) in enumerate(zip(("DURAND Anne", "PETIT Luc"), votes, strict=True), 1)
        ],
    }
    return json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode()


def about(evening: Evening) -> dict[str, str]:
    """Subject of the store of such an evening."""
    awaited = write_awaited({each.key: f"Ville-{each.key[:5]}" for each in evening.returns})
    return {**ABOUT, "awaited": awaited, "evening": evening.digest(), "due": str(len(evening.returns))}


def at_once(start: int) -> EveningClock:
    """A clock that waits for nothing."""
    return EveningClock(start, 0, lambda: 0.0, lambda seconds: None)


def note(size: int, root: bytes) -> str:
    """Stand-in for a signed checkpoint."""
    return f"{size} {root.hex()}"


def play(path: Path, evening: Evening, acknowledge: Callable[[int], None] = lambda size: None) -> None:
    """Feed a store, or go on feeding it, to the end of the evening."""
    with LiveStore(path, about(evening)) as store:
        feed(store, evening, at_once, note, acknowledge)


def content(path: Path) -> tuple[list[LiveReturn], list[LiveFinding], list[tuple[int, int, bytes, str]]]:
    """All that a store holds but the time of the clock on the wall."""
    with StoreReader(path) as store:
        returns = [each for _, each in store.returns()]
        return returns, [each for _, each in store.found()], list(map(_without_time, store.seals()))


def _without_time(seal: LiveSeal) -> tuple[int, int, bytes, str]:
    return seal.size, seal.second, seal.root, seal.note


def come_in(night: Path, store: Path, *options: str) -> int:
    """Let a night come in as fast as can be."""
    return main(["live", str(night), "--store", str(store), "--speed", "0", "--lang", "en", *options])
