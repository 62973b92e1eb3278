"""Leaves made from a night's evidence and from published results: which figure is taken, and what is said of it."""

import hashlib
from pathlib import Path

from protocol.sealing.leaves import Leaf, LeafElection, LeafVotes
from regard.sealing.gathering import Sealable, of_evidence, of_results
from tests.sources import new_file
from tests.verify.night_builder import (
    CHOICES,
    CURIE,
    DAY,
    INSEE,
    PUBLISHED,
    Night,
    export_file,
    loaded,
    published_bytes,
    small_night,
)

ELECTION = LeafElection("essai-2022", DAY, 1)


def gathered(night: Night) -> Sealable:
    folder = night.write()
    return of_evidence(loaded(folder), folder)


def leaf_of(sealable: Sealable, bureau: str, poll: str = "1") -> Leaf:
    [found] = [each for each in sealable.leaves if each.bureau == bureau and each.poll == poll]
    return found


def test_the_leaf_of_a_machine_bureau() -> None:
    night = small_night()
    sealable = gathered(night)
    assert leaf_of(sealable, "0001") == Leaf(
        ELECTION,
        INSEE,
        "0001",
        "1",
        {
            "registered": 900,
            "signatures": 626,
            "votes_found": 626,
            "blank": 20,
            "null": 0,
            "valid": 606,
            "proxies": 7,
        },
        {
            "registered": "pv",
            "signatures": "emargements",
            "votes_found": "pv",
            "blank": "pv",
            "null": "pv",
            "valid": "pv",
            "proxies": "pv",
            "votes": "pv",
        },
        tuple(
            LeafVotes(name, votes, at) for at, (name, votes) in enumerate(zip(CHOICES, (301, 202, 103), strict=True), 1)
        ),
        {"export": hashlib.sha256(night.exports[export_file("0001")]).hexdigest()},
    )
    assert (len(sealable.leaves), sealable.empty) == (5, 0)
    names = [each.name for each in sealable.inputs]
    assert {"pv.csv", "voix.csv", "emargements.csv", PUBLISHED, f"exports/{export_file('0A11')}"} <= set(names)
    assert [hashlib.sha256(night.files()["pv.csv"]).hexdigest()] == [
        s.sha256 for s in sealable.inputs if s.name == "pv.csv"
    ]


def test_the_parts_of_a_day_have_a_digest_each() -> None:
    night = small_night()
    digests = leaf_of(gathered(night), "0003").digests
    assert digests == {
        "export": hashlib.sha256(night.exports[export_file("0003", 1, 1)]).hexdigest(),
        "export-2": hashlib.sha256(night.exports[export_file("0003", 1, 2)]).hexdigest(),
    }


def test_a_file_of_several_bureaux_has_no_digest_in_a_leaf() -> None:
    """Else whatever changes for one of them would change the leaves of all."""
    night = small_night()
    night.exports = {"all.esf": b"".join(night.exports.values())}
    assert leaf_of(gathered(night), "0001").digests == {}


def test_figures_are_taken_from_the_first_source_that_has_them() -> None:
    night = small_night()
    night.drop("pv.csv", "0001")
    night.drop("voix.csv", "0001")
    night.drop("pv.csv", "0004")
    night.drop("voix.csv", "0004")
    night.drop("emargements.csv", "0002")
    found = gathered(night)
    machine, paper, signed = (leaf_of(found, each) for each in ("0001", "0004", "0002"))
    assert machine.sources == {
        "registered": "emargements",
        "signatures": "emargements",
        "votes_found": "machine",
        "blank": "machine",
        "null": "published",
        "valid": "published",
        "votes": "machine",
    }
    assert [each.votes for each in machine.votes] == [301, 202, 103]
    assert paper.sources["votes"] == paper.sources["votes_found"] == "published"
    assert paper.figures["votes_found"] == 420
    assert signed.sources["signatures"] == "pv"


def test_votes_on_paper_beside_a_machine_are_in_the_leaf() -> None:
    night = small_night()
    for column in ("votes_trouves", "exprimes", "emargements"):
        night.add("pv.csv", "0001", column, 4)
    for row in night.tables["pv.csv"]:
        row["papier"] = "4" if row["bureau"] == "0001" else ""
    night.add("emargements.csv", "0001", "emargements", 4)
    night.add("voix.csv", "0001", "voix", 4, choice=CURIE)
    del night.published[PUBLISHED]
    found = gathered(night)
    assert leaf_of(found, "0001").figures["paper"] == 4


def test_a_bureau_without_figures_has_no_leaf() -> None:
    night = small_night()
    for file in ("pv.csv", "voix.csv", "emargements.csv"):
        night.drop(file, "0004")
    night.published[PUBLISHED] = [row for row in night.published[PUBLISHED] if row.bureau != "0004"]
    found = gathered(night)
    assert sorted(each.bureau for each in found.leaves) == ["0001", "0002", "0003", "0A11"]
    assert found.empty == 1


def test_every_poll_has_its_leaves() -> None:
    found = gathered(small_night(polls=2))
    assert len(found.leaves) == 10
    assert [each.name for each in leaf_of(found, "0001", "2").votes] == ["SAND George", "HUGO Victor"]


def test_choices_without_an_official_list_have_no_number() -> None:
    night = small_night()
    del night.tables["choix.csv"]
    assert {each.choice for each in leaf_of(gathered(night), "0001").votes} == {None}


def test_a_file_of_published_results() -> None:
    night = small_night()
    path = new_file("resultats.2022.txt", published_bytes(night.published[PUBLISHED]))
    found = of_results(path)
    assert found is not None
    assert found.leaves[0].place == ("1", INSEE, "0001")
    leaf = leaf_of(found, "0004")
    assert leaf.election == LeafElection("resultats.2022")
    assert leaf.figures == {"registered": 640, "votes_found": 420, "blank": 8, "null": 5, "valid": 407}
    assert set(leaf.sources.values()) == {"published"}
    assert [each.votes for each in leaf.votes] == [201, 140, 66]
    assert [each.choice for each in leaf.votes] == [1, 2, 3]
    [source] = found.inputs
    assert (source.name, source.sha256) == (path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def test_what_takes_more_than_reading_is_left_to_the_loading_of_a_night(tmp_path: Path) -> None:
    night = small_night()
    path = tmp_path / "publie.txt"
    rows = night.published[PUBLISHED]
    path.write_bytes(published_bytes([*rows, rows[0]]))
    assert of_results(path) is None
    assert of_results(night.write()) is None
    path.write_bytes(b"a;b\n1;2\n")
    assert of_results(path) is None


def test_the_second_round_of_2017_adds_up_to_the_official_figures(real_data: Path) -> None:
    found = of_results(real_data / "2017-presidentielle-2_par_bureau_large.csv.gz")
    assert found is not None
    assert len(found.leaves) == 69_242
    assert sum(each.figures["registered"] for each in found.leaves) == 47_568_693
    votes: dict[str, int] = {}
    for leaf in found.leaves:
        for each in leaf.votes:
            votes[each.name] = votes.get(each.name, 0) + (each.votes or 0)
    assert votes == {"MACRON": 20_743_128, "LE PEN": 10_638_475}
