"""Leaves, keys and hypothesis strategies for seals."""

import datetime
import string
from pathlib import Path

from hypothesis import strategies as st

from protocol.quantities import Quantity
from protocol.sealing.keys import PrivateKey, make_key
from protocol.sealing.leaves import FIGURES, MAX_COUNT, Leaf, LeafElection, LeafVotes

AT = datetime.datetime(2017, 5, 7, 21, 30, tzinfo=datetime.UTC)
ORIGIN = "seal.example/night"
ELECTION = LeafElection("2017-presidentielle-2", datetime.date(2017, 5, 7), 2)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
counts = st.integers(0, MAX_COUNT)
words = st.text(string.ascii_lowercase, min_size=1, max_size=8)
elections = st.builds(LeafElection, texts, st.none() | st.dates(), st.none() | st.integers(0, 9))
any_leaf = st.builds(
    Leaf,
    elections,
    texts,
    texts,
    texts,
    st.dictionaries(st.sampled_from(sorted(FIGURES)), counts),
    st.dictionaries(st.sampled_from(sorted(Quantity)), words),
    st.lists(st.builds(LeafVotes, texts, st.none() | counts, st.none() | counts), max_size=4).map(tuple),
    st.dictionaries(words, st.text("0123456789abcdef", min_size=64, max_size=64), max_size=3),
    st.none() | st.integers(0, 2**40),
)


def key(name: str = ORIGIN) -> PrivateKey:
    return make_key(name)


def a_leaf(bureau: str, macron: int = 400, poll: str = "1", insee: str = "76351") -> Leaf:
    figures = {"registered": 958, "signatures": 727, "votes_found": 727, "blank": 10, "null": 2, "valid": 715}
    sources = {"registered": "pv", "signatures": "emargements", "votes_found": "pv", "votes": "pv"}
    votes = (LeafVotes("MACRON Emmanuel", macron, 1), LeafVotes("LE PEN Marine", 715 - macron, 2))
    return Leaf(ELECTION, insee, bureau, poll, figures, sources, votes, {"export": "0a" * 32})


def leaves(count: int = 5) -> list[Leaf]:
    return [a_leaf(f"{number:04}", 400 + number) for number in range(1, count + 1)]


def files_of(folder: Path) -> dict[str, bytes]:
    """All files of a sealed folder."""
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
