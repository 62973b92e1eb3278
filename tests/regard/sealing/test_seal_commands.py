"""`regard keys`, `seal`, `prove` and `check`, as a person uses them one after another."""

import stat
from pathlib import Path

import pytest

from protocol.sealing.folder import read_sealed
from protocol.sealing.proofs import HEAD, ProofFault
from regard.arguments import Refused
from regard.sealing.codes import code_texts
from regard.sealing.gathering import SOURCE_KINDS, SOURCES
from regard.sealing.places import key_path, read_private
from regard.sealing.words import ADVICE, stated_figure
from tests.regard.calling import CommandLine
from tests.regard.sealing.small_log import KEY, LISTS, leaf_of, proof_of
from tests.sources import put_text
from tests.verify.night_builder import CURIE, INSEE, PUBLISHED, loaded, published_bytes, small_night

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def night(tmp_path: Path) -> Path:
    small_night().write(tmp_path / "night")
    return Path("night")


@pytest.fixture
def sealed(night: Path, cli: CommandLine) -> Path:
    cli("seal", night)
    return night


@pytest.fixture
def proof(sealed: Path, cli: CommandLine) -> Path:
    """The proof of a bureau of the sealed night."""
    cli("prove", sealed, INSEE, "0001", "-o", "p.tlog-proof")
    return Path("p.tlog-proof")


def test_a_night_is_sealed_proved_and_checked(night: Path, cli: CommandLine) -> None:
    said = cli("seal", night)
    assert "5 leaves are sealed" in said
    assert "New: 5. Replacing an earlier leaf: 0. Unchanged: 0." in said
    assert "A key was made: night.key." in said
    assert "differ" not in said
    sealed = read_sealed(night / "sealed")
    assert sealed.editions[0].name == "night"
    assert not [each for each in night.rglob("*") if each.is_file() and b"PRIVATE" in each.read_bytes()]
    assert stat.S_IMODE(Path("night.key").stat().st_mode) == 0o600
    assert Path("night.key.vkey").read_bytes() == (night / "sealed" / "key.vkey").read_bytes()
    said = cli("prove", night, INSEE, "1", "-o", "p.tlog-proof")
    assert said == f"p.tlog-proof: bureau 0001 of {INSEE}, leaf 1 of 5 (edition: night)"
    figures = ["registered=900", "emargements=626", "Votants=626", "voix:2=202", f"votes:{CURIE}=202"]
    said = cli("check", "p.tlog-proof", "--key", "night.key.vkey", "--figures", *figures)
    assert "The proof holds: leaf 1 of 5 of the log regard/" in said
    assert "5 figures that you gave are those of the leaf." in said
    assert "does not say that they are true" in said
    assert "registered voters 900 PV signatures 626 sign-in " in said
    assert "2. CURIE Marie 202 PV" in said


def test_a_night_sealed_again(sealed: Path, cli: CommandLine) -> None:
    before = {each: each.read_bytes() for each in sealed.rglob("*") if each.is_file()}
    said = cli("seal", sealed)
    assert "Nothing has changed since the last seal: nothing was added." in said
    assert "key was made" not in said
    assert {each: each.read_bytes() for each in sealed.rglob("*") if each.is_file()} == before
    changed = small_night()
    changed.add("pv.csv", "0002", "blancs", 1)
    (sealed / "pv.csv").write_bytes(changed.files()["pv.csv"])
    said = cli("seal", sealed, "--edition", "provisional")
    assert "New: 0. Replacing an earlier leaf: 1. Unchanged: 4. Replaced: 77001 0002." in said
    log = read_sealed(sealed / "sealed")
    assert [(each.name, each.size) for each in log.editions] == [("night", 5), ("provisional", 6)]
    assert log.log.leaf(5).replaces == 1
    assert "leaf 6 of 6 (edition: provisional)" in cli("prove", sealed, INSEE, "0002", "-o", "p.tlog-proof")
    assert "It replaces leaf 2 of the same bureau." in cli(
        "check", "p.tlog-proof", "--key", "night.key.vkey", "--figures", "blancs=18"
    )


def test_an_edition_has_a_name_in_every_language(night: Path, cli: CommandLine) -> None:
    assert "Édition : soirée." in cli("seal", night, "--lang", "fr")
    assert "Edition: definitive." in cli("seal", night, "--edition", "Définitive")
    assert [each.name for each in read_sealed(night / "sealed").editions] == ["night", "definitive"]
    cli("seal", night, "--edition", "Tour d'essai")
    assert "édition : Tour d'essai" in cli("prove", night, INSEE, "1", "-o", "p", "--lang", "fr")


def test_figures_of_another_wall(proof: Path, cli: CommandLine) -> None:
    command = ["check", "p.tlog-proof", "--key", "night.key.vkey", "--figures", "registered=901", "voix:9=1"]
    said = cli(*command, code=1)
    assert "registered voters 900 PV you have 901" in said
    assert "The proof holds, but not for these figures." in said
    assert "votes of 9: not in the leaf, you have 1" in said
    found = cli.document("check", *command[1:], code=1)
    assert (found["holds"], found["fault"], found["differing"]) == (False, "figures", ["registered", "votes:9"])
    assert found["leaf"]["figures"]["registered"] == 900


@pytest.mark.parametrize(
    ("given", "near"),
    [("voix:marie", "“CURIE Marie”"), ("voix:curiemarie", "“CURIE Marie”"), ("voix:LOVLACE Ada", "“LOVELACE Ada”")],
)
def test_the_choice_that_was_probably_meant(proof: Path, cli: CommandLine, given: str, near: str) -> None:
    said = cli("check", "p.tlog-proof", "--figures", f"{given}=1", "voix:QQ=1", code=1)
    assert f"votes of {given[5:]}: not in the leaf, you have 1; did you mean {near}? votes of QQ" in said
    assert "votes of QQ: not in the leaf, you have 1 What" in said


def test_what_copying_does_to_a_proof_is_put_right(proof: Path, cli: CommandLine) -> None:
    whole = proof.read_bytes()
    copies = (
        whole[:-1],
        whole + b"\n",
        whole.replace(b"\n", b"\r\n"),
        whole.replace(b"\n", b"\r"),
        b"\xef\xbb\xbf " + whole,
    )
    for copied in copies:
        Path("copied").write_bytes(copied)
        assert cli.document("check", "copied", "--key", "night.key.vkey")["vouched"] is True
    for other in (b"", b" \n", b"%PDF-1.7\n", b"\0" * 9, whole[1:], HEAD.encode() + b"x\n"):
        Path("other").write_bytes(other)
        said = cli("check", "other", code=2)
        assert "other: expected “c2sp.org/tlog-proof@v1” as its first line, as proofs have" in said
        assert ("an empty file" in said) is (not other.strip())
    Path("other").write_bytes(HEAD.encode())
    assert cli.document("check", "other", code=1)["fault"] == "format"


def test_without_the_key_nothing_is_vouched_for(proof: Path, cli: CommandLine) -> None:
    cli("keys", "new", "-o", "other")
    other = ["--key", "other.vkey"]
    said = cli("check", "p.tlog-proof", *other, code=1)
    assert "but the log is not vouched for: " in said
    assert "registered voters 900" in said
    assert cli.document("check", "p.tlog-proof", *other, code=1)["fault"] == "key"
    said = cli("check", "p.tlog-proof")
    assert "Signatures were not checked, as no key was given. Who published this is not known." in said
    found = cli.document("check", "p.tlog-proof")
    assert (found["fault"], found["holds"], found["vouched"]) == (None, True, False)
    assert "not for these figures" in cli("check", "p.tlog-proof", "--figures", "registered=901", code=1)
    assert "this is a private key" in cli("check", "p.tlog-proof", "--key", "night.key", code=2)
    assert "not a key of a signed note" in cli("check", "p.tlog-proof", "--key", "p.tlog-proof", code=2)


def test_a_damaged_proof_shows_no_figures(proof: Path, cli: CommandLine) -> None:
    whole = proof.read_bytes()
    for damaged, why in ((whole[:-2], "a line of"), (whole.replace(b"index 0", b"index 1"), "the leaf")):
        proof.write_bytes(damaged)
        said = cli("check", "p.tlog-proof", "--key", "night.key.vkey", code=1)
        assert f"The proof does not hold: {why}" in said
        assert "registered" not in said
    found = cli.document("check", "p.tlog-proof", "--key", "night.key.vkey", code=1)
    assert (found["fault"], found["size"], found["signed"]) == ("path", 5, [])


def test_a_file_of_results_is_sealed_beside_it(cli: CommandLine) -> None:
    Path("publie.txt").write_bytes(published_bytes(small_night().published[PUBLISHED]))
    cli("seal", "publie.txt", "--edition", "definitive")
    assert read_sealed(Path("publie.txt.sealed")).editions[0].name == "definitive"
    assert Path("publie.txt.key").exists()
    for given in ("publie.txt", "publie.txt.sealed"):
        cli("prove", given, "92002", "0A11", "-o", "p.tlog-proof")
        assert cli.document("check", "p.tlog-proof", "--key", "publie.txt.key.vkey")["leaf"]["bureau"] == "0A11"


def test_what_needs_lining_up_is_loaded_as_a_night_is(cli: CommandLine) -> None:
    rows = small_night().published[PUBLISHED]
    Path("publie.txt").write_bytes(published_bytes([*rows, rows[0]]))
    cli("seal", "publie.txt")
    assert read_sealed(Path("publie.txt.sealed")).log.tree.size == 5


def test_another_folder_and_another_key(night: Path, cli: CommandLine) -> None:
    cli("keys", "new", "-o", "k", "--name", "seal.example/2022", "--kind", "ml-dsa-44")
    cli("seal", night, "-o", "published", "--key", "k")
    assert not (night / "sealed").exists()
    assert not Path("night.key").exists()
    assert read_sealed(Path("published")).newest.checkpoint.origin == "seal.example/2022"
    cli("prove", "published", INSEE, "1", "-o", "p.tlog-proof")
    assert cli.document("check", "p.tlog-proof", "--key", "k.vkey")["signed"][0]["name"] == "seal.example/2022"


def test_the_key_of_a_sealed_night_is_not_at_hand(sealed: Path, cli: CommandLine) -> None:
    Path("night.key").rename("elsewhere")
    assert "give it with --key" in cli("seal", sealed, code=2)
    cli("seal", sealed, "--key", "elsewhere")
    cli("keys", "new", "-o", "night.key2")
    assert "sealed with another key" in cli("seal", sealed, "--key", "night.key2", code=2)
    assert "not a private key" in cli("seal", sealed, "--key", "night.key2.vkey", code=2)


def test_a_key_is_never_replaced(cli: CommandLine) -> None:
    cli("keys", "new", "-o", "k")
    before = Path("k").read_bytes()
    assert "never replaced" in cli("keys", "new", "-o", "k", code=2)
    Path("k").unlink()
    assert "k.vkey is there already" in cli("keys", "new", "-o", "k", code=2)
    assert not Path("k").exists()
    assert before.startswith(b"PRIVATE+KEY+regard/")
    assert "cannot be the name of a key" in cli("keys", "new", "-o", "q", "--name", "a b", code=2)


@pytest.mark.parametrize(
    "key", ["PRIVATE+KEY+a+00000000+AA", "-----BEGIN OPENSSH PRIVATE KEY-----\nAA", "\ufeff-----BEGIN PRIVATE KEY-----"]
)
def test_no_output_replaces_a_private_key(night: Path, cli: CommandLine, key: str) -> None:
    put_text(Path("k"), key)
    cli("seal", night)
    for command in (
        ("verify", night, "--json", "k", "--force"),
        ("prove", night, INSEE, "1", "-o", "k", "--force"),
        ("live", night, "--store", "k", "--speed", "0"),
        ("keys", "new", "-o", "k"),
    ):
        assert "k is there already, and a key is never replaced" in cli(*command, code=2)
    assert Path("k").read_text("utf-8") == key


def test_a_folder_is_not_sealed_through_a_link(night: Path, cli: CommandLine) -> None:
    cli("seal", night, "-o", "elsewhere")
    before = {path: path.read_bytes() for path in Path("elsewhere").rglob("*") if path.is_file()}
    for target in ("elsewhere", "nowhere"):
        (night / "sealed").symlink_to(Path(target).absolute())
        assert "is a link, which is not followed" in cli("seal", night, "--edition", "definitive", code=2)
        (night / "sealed").unlink()
    assert {path: path.read_bytes() for path in Path("elsewhere").rglob("*") if path.is_file()} == before
    assert not Path("nowhere").exists()


def test_the_key_lies_beside_the_night(night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert key_path(Path("night")) == Path("night.key")
    assert key_path(tmp_path / "night") == tmp_path / "night.key"
    assert key_path(night / PUBLISHED) == tmp_path / "night.publie.txt.key"
    Path("alone.txt").write_text("x")
    assert key_path(Path("alone.txt")) == Path("alone.txt.key")
    monkeypatch.chdir(night)
    assert key_path(Path()) == tmp_path / "night.key"


def test_a_private_key_file_with_several_keys(night: Path, cli: CommandLine) -> None:
    for name, kind in (("one", "ed25519"), ("two", "ml-dsa-44")):
        cli("keys", "new", "-o", name, "--name", "seal.example", "--kind", kind)
    Path("both").write_bytes(Path("one").read_bytes() + Path("two").read_bytes())
    assert len(read_private(Path("both"))) == 2
    cli("seal", night, "--key", "both")
    cli("prove", night, INSEE, "1", "-o", "p.tlog-proof")
    for name in ("one", "two"):
        assert cli.document("check", "p.tlog-proof", "--key", f"{name}.vkey")["holds"]


def test_what_cannot_be_proved(night: Path, cli: CommandLine) -> None:
    assert "night is not sealed: regard seal night" in cli("prove", night, INSEE, "1", "-o", "p", code=2)
    cli("seal", night)
    assert "no bureau of this commune and poll" in cli("prove", night, "01001", "1", "-o", "p", code=2)
    said = cli("prove", night, INSEE, "9", "-o", "p", code=2)
    assert "commune 77001, bureau 9: this bureau is not in the log" in said
    assert "does not exist" in cli("prove", "nowhere", INSEE, "9", "-o", "p", code=2)
    assert not Path("p").exists()
    (night / "sealed" / "leaves.jsonl").write_bytes(b"")
    assert "it has 0 leaves, and the checkpoint says 5" in cli("prove", night, INSEE, "1", "-o", "p", code=2)


def test_several_polls(tmp_path: Path, cli: CommandLine) -> None:
    small_night(polls=2).write(tmp_path / "night")
    cli("seal", "night")
    assert "the log has the polls 1, 2: --poll says which" in cli("prove", "night", INSEE, "1", "-o", "p", code=2)
    cli("prove", "night", INSEE, "1", "--poll", "2", "-o", "p")
    assert cli.document("check", "p", "--key", "night.key.vkey")["leaf"]["poll"] == "2"
    assert "no bureau of this commune and poll" in cli("prove", "night", INSEE, "1", "--poll", "3", "-o", "p", code=2)


def test_a_proof_replaces_a_proof_and_nothing_else(sealed: Path, cli: CommandLine) -> None:
    cli("prove", sealed, INSEE, "1", "-o", "p")
    cli("prove", sealed, INSEE, "2", "-o", "p")
    Path("p").write_text("mine")
    assert "is not regard's" in cli("prove", sealed, INSEE, "2", "-o", "p", code=2)


@pytest.mark.parametrize(
    "figure", ["registered", "registered=", "registered=-1", "=1", "votes=1", "votes:=1", "x=1", "voix=1"]
)
def test_what_is_no_figure(figure: str, cli: CommandLine) -> None:
    cli("check", "p", "--figures", figure, code=2)
    assert "figure" in cli.err


@pytest.mark.parametrize(
    ("figure", "near"),
    [
        *(
            ("inscrit=1", "inscrits"),
            ("Vote trouvés=1", "votes_trouves"),
            ("Votant=1", "votants"),
        ),
        *(("registred=1", "registered"), ("voie:2=1", "voix:2"), ("vote:2=1", "votes:2"), ("zzz=1", "")),
    ],
)
def test_the_figure_that_was_probably_meant(figure: str, near: str) -> None:
    with pytest.raises(Refused) as refused:
        stated_figure(figure)
    assert str(refused.value).partition("; did you mean ")[2] == (near and f"“{near}”?")


def test_parts_of_a_proof_in_any_order(cli: CommandLine) -> None:
    proof = proof_of(leaf_of(LISTS))
    one, two, three, four = (text.strip().replace("\n", "\r\n") for text in code_texts(proof))
    other = code_texts(proof_of(leaf_of(LISTS), index=3))[1]
    Path("k").write_text(KEY.public.vkey + "\n")

    def given(*texts: str) -> list[str]:
        names = [f"{at}.txt" for at in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            Path(name).write_text(text, newline="")
        return names

    good: list[tuple[str, ...]] = [
        (four, two, one, three),
        (f"{two}\n\n{one}", f"{four}{three}"),
        (f"{three}\n{one}{four}{two}{one}",),
    ]
    for texts in good:
        found = cli.document("check", "--key", "k", *given(*texts))
        assert (found["vouched"], found["index"], len(found["leaf"]["votes"])) == (True, 711, len(LISTS))
    wrong: list[tuple[tuple[str, ...], str]] = [
        ((two,), "codes 1, 3, 4 of 4 are missing: read them as well, and give all texts together"),
        ((two, one, four), "code 3 of 4 is missing: read it as well"),
        ((one, other, three, four), "these are parts of different proofs"),
        ((one, two, three, four[:-1]), "a part of the proof was damaged: read the codes again"),
        ((one, two, three[:-2] + "\n", three, four), "a part of the proof was damaged"),
        ((one, two, three, four, four.replace(" 4/4 ", " 5/4 ")), "a part of the proof was damaged"),
        ((one, proof.decode()), "give one proof at a time"),
        ((proof.decode(), proof.decode()), "give one proof at a time"),
        ((one, "two"), "1.txt: expected “c2sp.org/tlog-proof@v1” as its first line"),
    ]
    for texts, why in wrong:
        assert why in cli("check", *given(*texts), code=2)


def test_verify_knows_what_seal_and_prove_wrote(sealed: Path, cli: CommandLine) -> None:
    cli("prove", sealed, INSEE, "1", "-o", sealed / "p.tlog-proof")
    inputs = {each.path: each for each in loaded(sealed).inputs}
    assert (inputs["sealed"].kind, inputs["p.tlog-proof"].kind) == ("ours", "ours")
    assert "no evidence" in str(inputs["sealed"].why)
    Path(sealed, "sealed").rename(sealed / "other")
    others = [each.kind for each in loaded(sealed).inputs if each.path.startswith("other/")]
    assert others
    assert "ours" not in others


def test_without_the_library_it_is_said_what_is_missing(
    night: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("protocol.extras.find_spec", lambda name: None)
    for command in (["seal", "night"], ["keys", "new", "-o", "k"], ["check", "p"]):
        assert "not installed here: cryptography, segno. To install: " in cli(*command, code=2)
    assert sorted(each.name for each in Path().iterdir()) == ["night"]


def test_everything_has_words() -> None:
    assert set(ADVICE) == set(ProofFault)
    assert set(SOURCE_KINDS) == set(SOURCES)


@pytest.mark.parametrize(
    "words",
    ["verify KEY --json -", "verify KEY", "seal KEY", "next KEY", "precision KEY", "replay KEY night", "totals KEY"],
)
def test_a_private_key_taken_for_evidence_is_not_shown(
    words: str, tmp_path: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cli("keys", "new", "--name", "essai", "-o", "KEY")
    secret = (tmp_path / "KEY").read_text("utf-8").strip().removeprefix("PRIVATE+KEY+")
    cli(*words.split(), code=2)
    assert secret[:24] not in cli.out + cli.err


def test_nothing_that_was_sealed_or_read_is_replaced(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    """Whatever force is asked for; a proof that regard wrote beside the evidence is."""
    Path("results.csv").write_bytes((night / "publie.txt").read_bytes())
    Path("witness.vkey").write_text(KEY.public.vkey + "\n")
    for path in (night, "results.csv"):
        cli("seal", path)
    table = night / "pv.csv"
    whole = table.read_text("utf-8")
    put_text(table, whole.replace("626", "627"))
    cli("seal", night)
    proof = night / "p.tlog-proof"
    for _ in range(2):
        cli("prove", night, INSEE, "1", "-o", proof)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != proof.name}
    note, of_results = night / "sealed" / "checkpoint", Path("results.csv.sealed", "checkpoint")
    commands: list[tuple[object, ...]] = [
        ("prove", night, INSEE, "1", "-o", table),
        ("prove", night / "sealed", INSEE, "1", "-o", table),
        ("prove", night, INSEE, "1", "-o", note),
        ("prove", "results.csv", INSEE, "1", "-o", "results.csv"),
        ("prove", "results.csv", INSEE, "1", "-o", of_results),
        ("changes", night, "--json", table),
        ("changes", night, "--witness", "witness.vkey", "-o", "witness.vkey"),
        ("changes", night / "sealed", "--json", table),
        ("changes", "results.csv", "-o", of_results),
        ("witness", "results.csv", "--plan", "--shift", "5", "--json", of_results),
        ("witness", night / "sealed", "--plan", "--shift", "5", "--json", table),
    ]
    for command in commands:
        said = cli(*command, "--force", code=2)
        assert "name another file" in said or "name a file elsewhere" in said, command
        assert {path: path.read_bytes() for path in before} == before, command


def test_a_key_that_is_longer_than_a_name_of_a_file_can_be(sealed: Path, cli: CommandLine) -> None:
    table = sealed / "pv.csv"
    put_text(table, table.read_text("utf-8").replace("626", "627"))
    cli("seal", sealed)
    said = cli("changes", sealed, "--witness", "a" * 300, code=2)
    assert said == "regard changes: not a key of a signed note"
