"""`regard changes`: two editions of a sealed night, whether the log only grew, and what explains what changed."""

import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from protocol.sealing.folder import CHECKPOINT, SealedInput, read_sealed
from protocol.sealing.keys import NoteKeyKind, PrivateKey, make_key, sign
from protocol.sealing.leaves import Leaf
from protocol.sealing.notes import Note, parse_note
from protocol.sealing.seal_error import decode64
from protocol.sealing.tree import is_continued
from tests.protocol.sealing.samples import a_leaf
from tests.regard.sealing.commands import Run, runner
from tests.regard.sealing.sealed_nights import seal, town, with_votes
from tests.sources import put_text

HEAD = "insee;bureau;exprimes;MACRON Emmanuel;LE PEN Marine\n"


@pytest.fixture
def night(tmp_path: Path) -> Path:
    return tmp_path / "night"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner("changes", tmp_path, capsys)


def given(folder: Path, name: str, text: str) -> SealedInput:
    """A file of the night, as it is sealed."""
    folder.mkdir(exist_ok=True)
    put_text(folder / name, text)
    return SealedInput(name, sha256(text.encode()).hexdigest())


def night_of_two(folder: Path, *documents: SealedInput, change: Leaf | None = None) -> PrivateKey:
    """A night and a provisional edition, in which bureau 0002 has 390 votes instead of 402."""
    table = SealedInput("publie.csv", "aa" * 32)
    signer = seal(folder, town(5), "night", [table])
    leaves = [change if change is not None else with_votes(town()[1], 390)]
    seal(folder, leaves, "provisional", [table, *documents], signer)
    return signer


def test_a_change_that_a_document_states(night: Path, run: Run) -> None:
    night_of_two(night, given(night, "rectification.csv", HEAD + "76351;0002;715;390;313\n"))
    found = run(night)
    assert found.code == 0
    assert "The log only grew: its first 5 leaves are those of the earlier edition." in found.said
    assert "votes for “MACRON Emmanuel”: 402 → 390; stated by rectification.csv" in found.said
    assert "votes for MACRON" not in found.said
    totals = {(each["figure"], each["choice"]): (each["before"], each["after"]) for each in found.document["totals"]}
    assert totals["votes", "MACRON Emmanuel"] == (2015, 2003)
    assert totals["registered", ""] == (5 * 958, 5 * 958)
    [changed] = found.document["changed"]
    assert (changed["bureau"], changed["leaf"], changed["unexplained"]) == ("0002", {"before": 1, "after": 5}, False)


@pytest.mark.parametrize(
    "row", ["76351;0002;715;391;313", "76351;0003;715;390;313", "76351;0002;715;;313", "76351;0002;715;313;390"]
)
def test_a_document_that_states_something_else_explains_nothing(night: Path, run: Run, row: str) -> None:
    night_of_two(night, given(night, "rectification.csv", HEAD + row + "\n"))
    found = run(night)
    assert found.code == 1
    assert "402 → 390; stated by no document" in found.said
    assert "The change of 1 bureau is stated by no document: ask for one." in found.said
    assert found.document["unexplained"] == 1


def test_a_table_that_took_the_place_of_one_of_its_name_explains_nothing(night: Path, run: Run) -> None:
    night_of_two(night, given(night, "publie.csv", HEAD + "76351;0002;715;390;313\n"))
    found = run(night)
    assert (found.code, found.document["documents"], found.document["unexplained"]) == (1, [], 1)


def test_a_table_of_the_edition_explains_nothing_under_a_new_name_either(night: Path, run: Run) -> None:
    rows = "76351;0002;715;390;313\n76351;0003;715;403;312\n"
    night_of_two(night, given(night, "publie-2.csv", HEAD + rows))
    assert run(night).code == 0  # as many that changed
    shutil.rmtree(night)
    night_of_two(night, given(night, "publie-2.csv", HEAD + rows + "76351;0004;715;404;311\n"))
    found = run(night)
    assert (found.code, found.document["unexplained"]) == (1, 1)
    assert "the figures of most of its bureaux did not change; it is a table of the edition" in found.said


def test_a_table_whose_name_is_in_every_leaf_explains_nothing(night: Path, run: Run) -> None:
    """A file that is sealed again under another name makes another election of it: all leaves differ, one figure."""
    leaves = town(5)
    leaves[1] = with_votes(leaves[1], 390)
    rows = "".join(f"76351;{leaf.bureau};715;{leaf.votes[0].votes};{leaf.votes[1].votes}\n" for leaf in leaves)
    signer = seal(night, town(5), "night", [SealedInput("soir.csv", "aa" * 32)])
    renamed = [replace(leaf, election=replace(leaf.election, id="soir-v2")) for leaf in leaves]
    seal(night, renamed, "provisional", [given(night, "soir-v2.csv", HEAD + rows)], signer)
    found = run(night)
    assert (found.code, found.document["unexplained"], found.document["documents"][0]["table"]) == (1, 1, True)
    assert "1 bureau changed." in found.said
    assert "402 → 390; stated by no document" in found.said
    assert "4 leaves differ in other fields only" in found.said


def test_a_document_must_be_the_file_that_was_sealed(night: Path, run: Run) -> None:
    night_of_two(night, given(night, "rectification.csv", HEAD + "76351;0002;715;390;313\n"))
    put_text(night / "rectification.csv", HEAD + "76351;0002;715;390;314\n")
    found = run(night)
    assert (found.code, found.document["unexplained"]) == (1, 1)
    assert "Document rectification.csv" in found.said
    assert "not there, another file, or without figures of bureaux" in found.said
    (night / "rectification.csv").unlink()
    assert run(night).code == 1


def test_a_document_outside_the_night_is_not_opened(tmp_path: Path, run: Run) -> None:
    night = tmp_path / "night"
    text = HEAD + "76351;0002;715;390;313\n"
    outside = given(tmp_path, "outside.csv", text)
    night_of_two(night, SealedInput("../outside.csv", outside.sha256))
    found = run(night)
    assert (found.code, found.document["documents"][0]["read"]) == (1, False)


def test_a_new_bureau_is_no_change_to_explain(night: Path, run: Run) -> None:
    signer = seal(night, town(3))
    seal(night, town(5), "provisional", signer=signer)
    found = run(night)
    assert found.code == 0
    assert "2 bureaux are new." in found.said
    assert found.document["unexplained"] == 0


def test_where_a_figure_was_taken_from_is_said_where_that_changed(night: Path, run: Run) -> None:
    leaf = town()[1]
    other = replace(leaf, figures={**leaf.figures, "blank": 11}, sources={**leaf.sources, "blank": "machine"})
    night_of_two(night, change=other)
    found = run(night)
    moved = "taken from nothing before and from the machine now"
    assert f"blank votes: 10 → 11, {moved}; stated by no document" in found.said


def test_digests_alone_can_change(night: Path, run: Run) -> None:
    night_of_two(night, change=replace(town()[1], digests={"pv": "0b" * 32}))
    found = run(night)
    assert (found.code, found.document["unexplained"]) == (0, 0)
    assert "1 leaf differs in other fields only (election, documents, sources): its figures are the same." in found.said
    assert "bureau changed" not in found.said


def test_editions_are_named_or_counted(night: Path, run: Run) -> None:
    signer = night_of_two(night)
    seal(night, [with_votes(town()[3], 380)], "definitive", signer=signer)

    def changed(*words: str) -> list[str]:
        return [each["bureau"] for each in run(night, *words).document["changed"]]

    assert changed() == ["0004"]
    assert changed("--from", "night") == ["0002", "0004"]
    assert changed("--from", "5", "--to", "provisional") == ["0002"]
    found = run(night, "--from", "definitive", "--to", "night")
    assert (found.code, "name them the other way round" in found.said) == (2, True)
    found = run(night, "--to", "tomorrow")
    assert found.code == 2
    assert (
        "no edition “tomorrow”; there is night (5 leaves), provisional (6 leaves), definitive (7 leaves)" in found.said
    )
    found = run(night, "--to", "night")
    assert (found.code, "no earlier edition" in found.said) == (2, True)


def test_an_earlier_copy_and_a_proof_that_others_check(tmp_path: Path, run: Run) -> None:
    night, copy = tmp_path / "night", tmp_path / "copy"
    signer = seal(night, town(5))
    shutil.copytree(night, copy)
    seal(night, [*town(7), a_leaf("0009")], "provisional", signer=signer)
    out = tmp_path / "grown.txt"
    found = run(copy, night, "-o", out)
    assert (found.code, found.document["history"]["state"]) == (0, "continued")
    head, _, note = out.read_bytes().partition(b"\n\n")
    old, *hashes = head.decode().splitlines()
    earlier, later = read_sealed(copy / "sealed").newest, read_sealed(night / "sealed").newest
    assert (old, note) == ("old 5", later.note.data)
    proof = [decode64(each) or b"" for each in hashes]
    assert is_continued(5, earlier.checkpoint.root, 8, later.checkpoint.root, proof)
    same = run(night, copy / "sealed", "--to", "night", "--from", "5")
    assert (same.code, same.document["history"]["state"]) == (0, "same")
    assert "No leaf changed." in same.said


def test_without_a_key_nobody_vouches_for_the_log(tmp_path: Path, run: Run) -> None:
    night, own = tmp_path / "night", tmp_path / "own.vkey"
    signer = seal(night, town(3))
    seal(night, town(5), "provisional", signer=signer)
    put_text(own, signer.public.vkey + "\n")
    found, vouched = run(night), run(night, "--key", own)
    assert (found.code, found.document["vouched"]) == (0, False)
    assert "Who published this is not known. Give the log's public key with --key" in found.said
    assert (vouched.code, vouched.document["vouched"]) == (0, True)
    assert "Who published this" not in vouched.said


def test_two_histories_are_shown_by_their_signed_notes(tmp_path: Path, run: Run) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    signer = seal(one, town(5))
    seal(other, [*town(4), with_votes(town(5)[4], 300)], signer=signer)
    seal(other, [a_leaf("0009")], "provisional", signer=signer)
    out = tmp_path / "evidence.txt"
    found = run(one, other, "-o", out)
    assert (found.code, found.document["history"]["state"]) == (1, "split")
    assert "two checkpoints of one size" in found.said
    notes = [parse_note(each.encode()) for each in found.document["history"]["evidence"]]
    assert [note.text.splitlines()[1] for note in notes] == ["5", "5"]
    assert notes[0].text != notes[1].text
    assert found.document["history"]["first_leaf_that_differs"] == 4
    assert out.read_bytes() == notes[0].data + b"\n" + notes[1].data


@pytest.mark.parametrize("bureaux", [4, 6])
def test_a_history_that_was_rewritten(tmp_path: Path, run: Run, bureaux: int) -> None:
    """The same key, no size in common, and other leaves; fewer or more of them."""
    one, other = tmp_path / "one", tmp_path / "other"
    signer = seal(one, town(5))
    seal(other, [with_votes(town()[0], 300), *town(bureaux)[1:]], signer=signer)
    found = run(one, other)
    assert (found.code, found.document["history"]["state"]) == (1, "rewritten")
    assert "The history was rewritten" in found.said
    assert found.document["history"]["first_leaf_that_differs"] == 0
    assert len(found.document["history"]["evidence"]) == 2
    if bureaux < 5:
        assert "1 bureau is no longer there." in found.said


def test_logs_of_two_keys_cannot_be_held_to_each_other(tmp_path: Path, run: Run) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    seal(one, town(5))
    seal(other, town(5))
    found = run(one, other)
    assert (found.code, found.document["history"]["state"]) == (1, "other-log")
    assert "signed by different keys" in found.said
    assert found.document["changed"] == []


def cosign(folder: Path, size: int, witness: PrivateKey, at: int) -> None:
    """Add a witness's line to a checkpoint."""
    path = folder / "sealed" / "checkpoints" / f"{size:08}.txt"
    note = parse_note(path.read_bytes())
    signed = Note(note.text, (*note.signatures, *sign(note.text, [witness], at).signatures))
    path.write_bytes(signed.data)
    if read_size(folder) == size:
        (folder / "sealed" / CHECKPOINT).write_bytes(signed.data)


def read_size(folder: Path) -> int:
    return int((folder / "sealed" / CHECKPOINT).read_text("utf-8").splitlines()[1])


@pytest.mark.parametrize("kind", [NoteKeyKind.ED25519_COSIGNATURE, NoteKeyKind.ML_DSA_44])
def test_a_witness_can_be_asked_for(tmp_path: Path, run: Run, kind: NoteKeyKind) -> None:
    night = tmp_path / "night"
    signer = seal(night, town(5))
    seal(night, [*town(5), a_leaf("0009")], "provisional", signer=signer)
    witness = make_key("witness.example/anne", kind)
    vkey = witness.public.vkey
    found = run(night, "--witness", vkey)
    assert found.code == 1
    assert "Witness witness.example/anne: earlier no, later no." in found.said
    cosign(night, 6, witness, 1_494_190_000)
    assert run(night, "--witness", vkey).code == 1
    cosign(night, 5, witness, 1_494_180_000)
    file = put_text(tmp_path / "anne.vkey", vkey + "\n")
    for each in (vkey, str(file)):
        found = run(night, "--witness", each)
        assert found.code == 0
        assert "earlier 2017-05-07 18:00:00 UTC, later 2017-05-07 20:46:40 UTC" in found.said
    # a line under the witness's name by another key is none of its signatures
    other = make_key("witness.example/anne", kind)
    assert run(night, "--witness", other.public.vkey).code == 1
    found = run(night, "--witness", "nonsense")
    assert found.code == 2


def test_in_french(night: Path, run: Run) -> None:
    night_of_two(night)
    found = run(night, language="fr")
    assert "Le journal n'a fait que grandir" in found.said
    assert "402 → 390 ; aucun document ne le dit" in found.said.replace("\u00a0", " ").replace("\u202f", " ")
