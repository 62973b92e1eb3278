"""`regard witness`: sheets and proofs against a sealed night, how many must agree, and what they are worth."""

import csv
import io
from collections.abc import Iterable
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest

from protocol.sealing.folder import read_sealed
from protocol.sealing.leaves import Leaf
from regard.sealing.witness_plan import chance_of_missing
from tests.protocol.sealing.samples import a_leaf, key
from tests.regard.calling import CommandLine
from tests.regard.sealing.commands import Run, runner
from tests.regard.sealing.sealed_nights import seal, town, two_departments, with_votes
from tests.sources import put_text

HEADER = ("insee", "bureau", "inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
CHOICES = ("MACRON Emmanuel", "LE PEN Marine")


def sheet(leaves: Iterable[Leaf]) -> str:
    """The figures of leaves as somebody types them."""
    lines = [";".join((*HEADER, *CHOICES))]
    for leaf in leaves:
        counts = (leaf.figures[name] for name in ("registered", "signatures", "votes_found", "blank", "null", "valid"))
        lines.append(";".join(map(str, (leaf.insee, leaf.bureau, *counts, *(each.votes for each in leaf.votes)))))
    return "\n".join(lines) + "\n"


@pytest.fixture
def night(tmp_path: Path) -> Path:
    folder = tmp_path / "night"
    seal(folder, two_departments())
    return folder


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner("witness", tmp_path, capsys)


def proof_of(night: Path, bureau: str) -> bytes:
    sealed = read_sealed(night / "sealed")
    return sealed.prove_leaf(sealed.log.latest["1", "76351", bureau])


def wrote(folder: Path, text: str, name: str = "sheets.csv") -> Path:
    return put_text(folder / name, text)


def test_sheets_that_agree(night: Path, tmp_path: Path, run: Run) -> None:
    found = run(night, "--sheets", wrote(tmp_path, sheet(town(3))))
    assert found.code == 0
    assert "3 bureaux agree in all their votes." in found.said
    assert "cover 3 of 12 bureaux and 2,145 of 8,580 valid votes (25 %)" in found.said
    assert (
        "They were not drawn by lot, and say nothing of the other bureaux: there 6,435 votes can be moved."
        in found.said
    )
    assert found.document["covered"] == {"bureaux": 3, "valid": 2145, "can_be_moved_elsewhere": 6435}
    assert [each["state"] for each in found.document["bureaux_with_sheets"]] == ["agrees"] * 3
    assert found.document["probability_holds"] is False


def test_a_figure_that_differs_is_said_with_both_values(night: Path, tmp_path: Path, run: Run) -> None:
    sheets = [with_votes(a_leaf("0001", 401), 399), *town(3)[1:]]
    found = run(night, "--sheets", wrote(tmp_path, sheet(sheets).replace(";10;2;715;", ";11;2;715;", 1)))
    assert found.code == 1
    assert "2 bureaux agree in all their votes, 1 does not agree" in found.said
    assert "blank votes: 11 (sheets.csv:2) on the sheet, 10 in the log (leaf 5)." in found.said
    assert "votes for “MACRON Emmanuel”: 399 (sheets.csv:2) on the sheet, 401 in the log (leaf 5)." in found.said
    [_, wrong] = found.document["bureaux_with_sheets"][0]["figures"]
    assert (wrong["log"], wrong["sheets"]) == (401, [{"value": 399, "where": "sheets.csv:2"}])
    assert found.document["covered"]["bureaux"] == 2


def test_two_sheets_that_contradict_each_other(night: Path, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    wrote(folder, sheet(town(2)), "anne.csv")
    wrote(folder, sheet([with_votes(a_leaf("0001", 401), 410)]), "luc.csv")
    found = run(night, "--sheets", folder)
    assert found.code == 1
    assert "the sheets differ, 401 (anne.csv:2), 410 (luc.csv:2); the log has 401 (leaf 5)." in found.said
    states = {each["bureau"]: each["state"] for each in found.document["bureaux_with_sheets"]}
    assert states == {"0001": "contradicted", "0002": "agrees"}


def test_one_file_may_have_a_bureau_twice(night: Path, tmp_path: Path, run: Run) -> None:
    once, twice = town(1), [*town(1), with_votes(a_leaf("0001", 401), 410)]
    assert run(night, "--sheets", wrote(tmp_path, sheet([*once, *once]))).code == 0
    found = run(night, "--sheets", wrote(tmp_path, sheet(twice)))
    assert found.code == 1
    assert "the sheets differ, 401 (sheets.csv:2), 410 (sheets.csv:3)" in found.said


def test_a_sheet_without_all_votes_agrees_as_far_as_it_goes(night: Path, tmp_path: Path, run: Run) -> None:
    text = "insee;bureau;inscrits;exprimes;MACRON Emmanuel\n76351;0001;958;715;401\n"
    found = run(night, "--sheets", wrote(tmp_path, text))
    assert found.code == 0
    assert "0 bureaux agree in all their votes, 1 as far as its sheet goes" in found.said
    assert found.document["covered"]["bureaux"] == 0
    [bureau] = found.document["bureaux_with_sheets"]
    assert (bureau["state"], bureau["complete"], bureau["compared"]) == ("agrees", False, 3)


def test_codes_without_their_zeros_and_bureaux_that_the_log_does_not_have(
    night: Path, tmp_path: Path, run: Run
) -> None:
    text = sheet(town(1)).replace("0001", "1") + "76351;0099;958;727;727;10;2;715;400;315\n75101;1;9;;;;;;;\n"
    found = run(night, "--sheets", wrote(tmp_path, text))
    assert found.code == 1
    assert "1 bureau agrees in all its votes, 2 are not in the log" in found.said
    assert "commune 76351, bureau 0099: this bureau is not in the log" in found.said
    assert "commune 75101, bureau 1: no bureau of this commune and poll is in the log" in found.said


def test_a_choice_that_the_leaf_does_not_have(night: Path, tmp_path: Path, run: Run) -> None:
    text = sheet(town(1)).replace("LE PEN Marine", "DUPONT Jean")
    found = run(night, "--sheets", wrote(tmp_path, text))
    assert found.code == 1
    assert "votes for “DUPONT Jean”: 314 (sheets.csv:2) on the sheet; the log has no such choice" in found.said


def test_a_sheet_of_a_leaf_that_was_replaced(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "night"
    signer = seal(folder, town())
    before = proof_of(folder, "0002")
    kept = proof_of(folder, "0003")
    seal(folder, [town()[0], with_votes(town()[1], 390)], "provisional", signer=signer)
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    wrote(sheets, sheet(town(2)))
    (sheets / "76351-0002.tlog-proof").write_bytes(before)
    (sheets / "76351-0003.tlog-proof").write_bytes(kept)
    found = run(folder, "--sheets", sheets)
    assert found.code == 1
    assert "402 (sheets.csv:3) on the sheet, as in leaf 2; leaf 9 took its place, with 390." in found.said
    assert "76351-0002.tlog-proof: it proves leaf 2; leaf 9 took its place since" in found.said
    assert "Proofs: 1 of 2 hold and are the last word of the log on their bureaux." in found.said
    states = {each["file"]: each["state"] for each in found.document["proofs"]}
    assert states == {"76351-0002.tlog-proof": "replaced", "76351-0003.tlog-proof": "holds"}


def test_a_proof_is_no_sheet(night: Path, tmp_path: Path, run: Run) -> None:
    proof = proof_of(night, "0002")
    (tmp_path / "a.tlog-proof").write_bytes(proof)
    found = run(night, "--sheets", tmp_path / "a.tlog-proof")
    assert found.code == 0
    assert found.document["covered"]["bureaux"] == 0
    assert "A proof is the log's own word" in found.said


def test_a_proof_from_another_history_is_a_split_view(night: Path, tmp_path: Path, run: Run) -> None:
    other = tmp_path / "other"
    signer = seal(other, [with_votes(leaf, 300) for leaf in two_departments()])
    one = tmp_path / "one"
    seal(one, two_departments(), signer=signer)
    proof = proof_of(other, "0002")
    (tmp_path / "a.tlog-proof").write_bytes(proof)
    found = run(one, "--sheets", tmp_path / "a.tlog-proof")
    assert found.code == 1
    assert "two histories were published" in found.said
    assert found.document["proofs"][0]["state"] == "split"
    # the same proof, and a log of another key: nothing can be said but that
    found = run(night, "--sheets", tmp_path / "a.tlog-proof")
    assert (found.code, found.document["proofs"][0]["fault"]) == (1, "key")


def test_a_proof_of_a_later_log_and_one_that_was_changed(tmp_path: Path, run: Run) -> None:
    older, newer = tmp_path / "older", tmp_path / "newer"
    signer = seal(older, town())
    seal(newer, town(), signer=signer)
    seal(newer, [*town(), a_leaf("0009")], "provisional", signer=signer)
    proof = proof_of(newer, "0002")
    (tmp_path / "a.tlog-proof").write_bytes(proof)
    found = run(older, "--sheets", tmp_path / "a.tlog-proof")
    assert (found.code, found.document["proofs"][0]["state"]) == (1, "later")
    assert "it is of a log of 9 leaves, and there are fewer here" in found.said
    (tmp_path / "a.tlog-proof").write_bytes(proof.replace(b"index 1", b"index 2"))
    found = run(newer, "--sheets", tmp_path / "a.tlog-proof")
    assert (found.code, found.document["proofs"][0]["fault"]) == (1, "path")


def test_what_is_not_read_is_named_and_nothing_at_all_is_an_error(night: Path, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\0")
    found = run(night, "--sheets", folder)
    assert found.code == 2
    assert "not used: photo.jpg: an image, which is not read" in found.said
    wrote(folder, sheet(town(1)))
    found = run(night, "--sheets", folder)
    assert found.code == 0
    assert found.document["not_used"] == ["photo.jpg: an image, which is not read: type its figures in"]


def test_a_link_out_of_the_sheets_is_not_followed(night: Path, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    put_text(tmp_path / "secret.txt", "Mot de passe;1\n")
    (tmp_path / "others").mkdir()
    wrote(tmp_path / "others", sheet(town(1)))
    (folder / "link.csv").symlink_to(tmp_path / "secret.txt")
    (folder / "link.tlog-proof").symlink_to(tmp_path / "secret.txt")
    (folder / "more").symlink_to(tmp_path / "others")
    found = run(night, "--sheets", folder)
    assert found.code == 2
    assert "passe" not in found.said
    assert all("got a link" in said for said in found.document["not_used"])
    assert len(found.document["not_used"]) == 3


def test_a_plan_is_the_hypergeometric_one(night: Path, run: Run) -> None:
    """Of 12 bureaux with 715 valid votes each, 1,500 votes need three; 7 drawn ones meet one of them in 95 %."""
    found = run(night, "--plan", "--shift", "1500")
    assert found.code == 0
    made = found.document["plan"]
    assert (made["altered"], made["sheets"]) == (3, 7)
    assert made["seen"]["fraction"] == str(1 - chance_of_missing(12, 3, 7))
    assert chance_of_missing(12, 3, 7) <= Fraction(1, 20) < chance_of_missing(12, 3, 6)
    assert "Draw 7 bureaux by lot." in found.said
    assert "probability of 95.45 % at least" in found.said
    assert "the lead of one over the other changes by 3,000" in found.said


def test_the_bound_of_a_bureau_is_an_assumption_that_is_said(night: Path, run: Run) -> None:
    share = run(night, "--plan", "--shift", "1500", "--at-most", "20 %")
    assert share.document["plan"]["altered"] == 11  # a fifth of 715 votes is 143
    assert "up to 20 % of the valid votes can be moved" in share.said
    votes = run(night, "--plan", "--shift", "1500", "--at-most", "500")
    assert votes.document["plan"]["altered"] == 3
    assert "up to 500 votes can be moved" in votes.said


def test_a_shift_that_is_impossible_has_neither_probability_nor_drawing(night: Path, tmp_path: Path, run: Run) -> None:
    """A sign for per cent that was forgotten: 20 votes of each of 12 bureaux are 240."""
    listed = tmp_path / "drawn.csv"
    asked = ("--shift", "241", "--at-most", "20", "--seed", "4711")
    found = run(night, "--plan", *asked, "-o", listed)
    assert (found.code, listed.exists()) == (1, False)
    assert "All bureaux together have less room than that: no such shift can be made." in found.said
    assert 'for a share of the valid votes write --at-most "20 %".' in found.said
    assert "is not written: no bureau was drawn" in found.said
    for word in ("probability", "Draw", "0 bureaux"):
        assert word not in found.said
    made = found.document["plan"]
    assert (made["sheets"], made["altered"], made["seen"], made["drawn"]) == (None, None, None, [])
    sheets = run(night, "--sheets", wrote(tmp_path, sheet(town(3))), *asked)
    assert "no such shift can be made" in sheets.said
    assert "probability" not in sheets.said
    assert run(night, "--plan", "--shift", "240", *asked[2:]).document["plan"]["altered"] == 12
    share = run(night, "--plan", "--shift", "9000")
    assert (share.code, "write --at-most" in share.said) == (1, False)


def test_the_drawing_is_one_that_anybody_can_do_again(night: Path, run: Run) -> None:
    found = run(night, "--plan", "--shift", "1500", "--seed", "4711")
    places = [("1", leaf.insee, leaf.bureau) for leaf in two_departments()]
    lots = sorted(places, key=lambda place: sha256("".join(f"{each}\n" for each in ("4711", *place)).encode()).digest())
    assert [
        tuple(each[name] for name in ("poll", "insee", "bureau")) for each in found.document["plan"]["drawn"]
    ] == lots[:7]
    assert (
        run(night, "--plan", "--shift", "1500", "--seed", "4712").document["plan"]["drawn"]
        != found.document["plan"]["drawn"]
    )


def filled_in(path: Path, leaves: Iterable[Leaf]) -> str:
    """The table that the plan wrote, filled in from leaves."""
    by_place = {(leaf.insee, leaf.bureau): leaf for leaf in leaves}
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";")
    assert header == ["insee", "bureau", "scrutin", *HEADER[2:], *CHOICES]
    for row in rows:
        leaf = by_place[row[0], row[1]]
        assert row[3:] == [""] * 8
        row[9:] = [str(each.votes) for each in leaf.votes]
    return "\n".join(";".join(row) for row in [header, *rows]) + "\n"


def test_the_list_is_a_table_that_is_filled_in_and_handed_back(night: Path, tmp_path: Path, run: Run) -> None:
    asked = ("--shift", "1500", "--seed", "4711")
    listed = tmp_path / "drawn.csv"
    assert run(night, "--plan", *asked, "-o", listed).code == 0
    text = filled_in(listed, two_departments())
    found = run(night, "--sheets", wrote(tmp_path, text), *asked)
    assert found.code == 0
    assert "All 7 bureaux that the seed draws have a whole sheet that agrees" in found.said
    assert "would have been seen with a probability of 95.45 % at least" in found.said
    assert found.document["probability_holds"] is True
    # a drawn bureau whose sheet nobody has counts as one that may differ
    fewer = run(night, "--sheets", wrote(tmp_path, "".join(text.splitlines(keepends=True)[:-1])), *asked)
    assert fewer.code == 1
    assert "Of 7 bureaux that the seed draws, 1 has no whole sheet that agrees" in fewer.said
    assert fewer.document["probability_holds"] is False
    assert len(fewer.document["missing"]) == 1


def test_the_key_can_be_one_that_somebody_else_gave(night: Path, tmp_path: Path, run: Run) -> None:
    own = wrote(tmp_path, read_sealed(night / "sealed").keys[0].vkey + "\n", "own.vkey")
    sheets = wrote(tmp_path, sheet(town(3)))
    for asked in (("--plan", "--shift", "100"), ("--sheets", sheets)):
        found, vouched = run(night, *asked), run(night, *asked, "--key", own)
        assert (found.code, found.document["vouched"]) == (0, False)
        assert "Who published this is not known. Give the log's public key with --key" in found.said
        assert (vouched.code, vouched.document["vouched"]) == (0, True)
        assert "Who published this" not in vouched.said
    other = wrote(tmp_path, key().public.vkey + "\n", "other.vkey")
    found = run(night, "--plan", "--shift", "100", "--key", other)
    assert found.code == 2
    assert "it is not sealed with the key in" in found.said


def test_several_polls_need_a_name(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "night"
    seal(folder, [a_leaf("0001", poll="1"), a_leaf("0001", 500, poll="2")])
    assert "the log has the polls 1, 2: --poll says which" in run(folder, "--plan", "--shift", "9").said
    assert run(folder, "--plan", "--shift", "9", "--poll", "2").document["poll"] == "2"
    text = sheet([a_leaf("0001", 500)])
    assert run(folder, "--sheets", wrote(tmp_path, text), "--poll", "2").code == 0
    assert run(folder, "--sheets", wrote(tmp_path, text), "--poll", "1").code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--plan",), "--shift is needed"),
        (("--sheets", ".", "--seed", "1"), "--shift is needed"),
        (("--plan", "--shift", "5", "-o", "x.csv"), "-o writes the bureaux that --plan draws with --seed"),
    ],
)
def test_what_cannot_be_asked_is_refused(night: Path, run: Run, words: tuple[str, ...], said: str) -> None:
    found = run(night, *words)
    assert found.code == 2
    assert said in found.said


@pytest.mark.parametrize(
    ("option", "value"),
    [("--probability", "0 %"), ("--probability", "101 %"), ("--probability", "often"), ("--at-most", "0"),
     ("--at-most", "120 %"), ("--shift", "0")],
)  # fmt: skip
def test_values_that_are_none(night: Path, cli: CommandLine, option: str, value: str) -> None:
    cli("witness", night, "--plan", "--shift", "5", option, value, code=2)
    assert option in cli.err


@pytest.mark.parametrize("value", ["99,9 %", "99.9%", "0.999", "0,999"])
def test_a_probability_is_written_as_people_do(night: Path, run: Run, value: str) -> None:
    found = run(night, "--plan", "--shift", "1500", "--probability", value)
    assert found.document["plan"]["probability"]["fraction"] == "999/1000"


def test_a_night_without_a_seal_is_said(tmp_path: Path, run: Run) -> None:
    (tmp_path / "night").mkdir()
    found = run(tmp_path / "night", "--plan", "--shift", "5")
    assert found.code == 2
    assert "is not sealed: regard seal" in found.said


def test_in_french(night: Path, run: Run) -> None:
    found = run(night, "--plan", "--shift", "1500", language="fr")
    assert "Tirer au sort 7 bureaux." in found.said
    assert "95,45 %" in found.said.replace("\u00a0", " ").replace("\u202f", " ")


def test_one_bureau_is_one_in_french_as_well(night: Path, tmp_path: Path, run: Run) -> None:
    one = run(night, "--sheets", wrote(tmp_path, sheet(town(1))), language="fr")
    assert "couvrent 1 bureau sur 12 et 715 suffrages" in one.said
    assert "couvrent 3 bureaux sur 12" in run(night, "--sheets", wrote(tmp_path, sheet(town(3))), language="fr").said
    seal(tmp_path / "village", town(1))
    asked = ("--shift", "700", "--seed", "4711")
    said = run(tmp_path / "village", "--plan", *asked, language="fr").said.replace("\u00a0", " ")
    assert "scrutin 1 : 1 bureau, 715 suffrages exprimés." in said
    drawn = run(tmp_path / "village", "--sheets", wrote(tmp_path, sheet(town(1))), *asked)
    assert "The only bureau that the seed draws has a whole sheet that agrees" in drawn.said
    other = run(tmp_path / "village", "--sheets", wrote(tmp_path, sheet([a_leaf("0001", 399)])), *asked)
    assert "Of 1 bureau that the seed draws, 1 has no whole sheet that agrees" in other.said
