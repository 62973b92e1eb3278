"""Signed notes, keys and checkpoints, against published examples and as C2SP describes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.sealing.keys import (
    NoteKeyKind,
    PrivateKey,
    PublicKey,
    make_key,
    parse_skey,
    parse_vkey,
    parse_vkeys,
    sign,
    verify,
)
from protocol.sealing.notes import (
    MAX_NOTE,
    MAX_SIGNATURES,
    Checkpoint,
    NoteSignature,
    checkpoint_of,
    is_key_name,
    parse_checkpoint,
    parse_note,
)
from protocol.sealing.seal_error import SealError
from tests.protocol.sealing.samples import ORIGIN

# The example of golang.org/x/mod/sumdb/note, where the format comes from.
SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
SUM_GOLANG_ORG = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
ROOT = bytes(range(32))
HEAD = Checkpoint(ORIGIN, 69242, ROOT)
NOTE = f"{HEAD.text}\n— {ORIGIN} AAAAAAA=\n"


def test_the_published_example_of_a_note() -> None:
    key = parse_skey(SKEY)
    assert (key.skey, key.public.vkey) == (SKEY, VKEY)
    note = sign(TEXT, [key], 0)
    assert note.data.decode() == f"{TEXT}\n{SIGNED}\n"
    assert parse_note(note.data) == note
    assert verify(TEXT, parse_vkey(VKEY), note.signatures[0]) == 0
    assert verify(TEXT + "!", parse_vkey(VKEY), note.signatures[0]) is None


def test_the_published_key_of_a_log() -> None:
    key = parse_vkey(SUM_GOLANG_ORG)
    assert (key.name, key.kind, key.id.hex()) == ("sum.golang.org", NoteKeyKind.ED25519, "033de0ae")
    assert key.vkey == SUM_GOLANG_ORG


def test_a_checkpoint_that_a_log_published_and_signed() -> None:
    """The tree of sum.golang.org on a day of January 2023, as the documentation of a witness shows it."""
    signed = parse_checkpoint(
        (
            "go.sum database tree\n15067302\ngJyioq6dwR9n+NjEWORfYmH+ubeYm3kH42BBQ0bTpYI=\n\n"
            "— sum.golang.org Az3grp1rvWOs5NKlr/xR4GLN/CDyzzakmt1o61uSxYKpK1SerqOP2ClbX/pe"
            "KUZjYnyomH5Xz7GZG3TpB7OeKn4E2ww=\n"
            "— test.example.com qTGhC/xIPQ0AXKHK6Y+9ypRfuvMZWPjRXM8NiOg5M1WREn07VQXyuIXM3NR"
            "Nav3ieVFLUqDRK77PWDmL6w8w84UqeAw=\n"
        ).encode()
    )
    assert (signed.checkpoint.origin, signed.checkpoint.size) == ("go.sum database tree", 15067302)
    assert signed.checkpoint.text == signed.note.text
    assert verify(signed.note.text, parse_vkey(SUM_GOLANG_ORG), signed.note.signatures[0]) == 0


def test_what_is_signed_with_a_time() -> None:
    """C2SP tlog-cosignature, put together by hand."""
    import protocol.sealing.keys as keys

    at = 1679315147
    head = Checkpoint("example.com/behind-the-sofa", 20852163, ROOT)
    ed = keys._message(NoteKeyKind.ED25519_COSIGNATURE, "witness.example.com/w1", head.text, at)
    assert ed == b"cosignature/v1\ntime 1679315147\n" + head.text.encode()
    assert keys._message(NoteKeyKind.ML_DSA_44, "witness.example.com/w1", head.text, at) == (
        b"subtree/v1\n\0"
        + b"\x16witness.example.com/w1"
        + b"\0\0\0\0\x64\x18\x50\xcb"
        + b"\x1bexample.com/behind-the-sofa"
        + bytes(8)
        + b"\0\0\0\0\x01\x3e\x2d\xc3"
        + ROOT
    )


@pytest.mark.parametrize("kind", NoteKeyKind)
def test_each_kind_of_key_signs_and_verifies(kind: NoteKeyKind) -> None:
    key, other = make_key(ORIGIN, kind), make_key(ORIGIN, kind)
    public = parse_vkey(key.public.vkey)
    assert parse_skey(key.skey) == key
    at = 0 if kind is NoteKeyKind.ED25519 else 1_494_192_600
    [signature] = sign(HEAD.text, [key], 1_494_192_600).signatures
    assert public.signed(signature)
    assert not other.public.signed(signature)
    assert verify(HEAD.text, public, signature) == at
    assert verify(HEAD.text, other.public, signature) is None
    assert verify(Checkpoint(ORIGIN, 69243, ROOT).text, public, signature) is None
    raw = signature.signature
    for place in (0, 7, 8, len(raw) - 1):
        damaged = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert verify(HEAD.text, public, type(signature)(signature.name, signature.id, damaged)) is None
    assert verify(HEAD.text, public, type(signature)(signature.name, signature.id, b"")) is None


def test_a_key_with_a_time_signs_checkpoints_only() -> None:
    with pytest.raises(SealError, match="checkpoint"):
        sign(TEXT, [make_key(ORIGIN, NoteKeyKind.ML_DSA_44)], 0)


def test_a_name_means_the_same_to_every_version_of_unicode() -> None:
    assert is_key_name("a\u0378b")  # no character yet


@pytest.mark.parametrize("kind", [NoteKeyKind.ED25519, NoteKeyKind.ED25519_COSIGNATURE])
@pytest.mark.parametrize(
    "point",
    [
        bytes(32),
        b"\1" + bytes(31),
        b"\1" + bytes(30) + b"\x80",
        (2**255 - 20).to_bytes(32, "little"),
        (2**255 - 18).to_bytes(32, "little"),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ],
)
def test_a_key_under_which_anybody_signs_is_none(kind: NoteKeyKind, point: bytes) -> None:
    """Of small order, or not in its one form: the library takes some of these signatures for good."""
    text, key = Checkpoint(ORIGIN, 1, bytes(32)).text, PublicKey(ORIGIN, kind, point)
    for first in (point, b"\1" + bytes(31)):
        for at in range(16):
            time = b"" if kind is NoteKeyKind.ED25519 else at.to_bytes(8, "big")
            assert verify(text, key, NoteSignature(ORIGIN, key.id, time + first + bytes(32))) is None


def test_a_private_key_does_not_show_its_secret() -> None:
    key = make_key(ORIGIN)
    assert repr(key.seed) not in repr(key)
    with pytest.raises(SealError) as error:
        parse_skey(key.skey[:-1])
    assert key.skey[40:-1] not in str(error.value)


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "a\tb", "a\u200bb", "a\u202eb", "a\ufeffb", "x" * 256]
)
def test_a_name_that_no_key_has(name: str) -> None:
    with pytest.raises(SealError, match="name of a key"):
        make_key(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        VKEY + "\n",
        VKEY.replace("c74f20a3", "C74F20A3"),
        VKEY.replace("c74f20a3", "c74f20a4"),
        VKEY.replace("Peter", "Petra"),
        VKEY.replace("+ARpc", "+AhpC"),
        VKEY.replace("10TW", "10TX"),
        VKEY[:-4],
        SKEY,
        SKEY.removeprefix("PRIVATE+KEY+"),
    ],
)
def test_what_is_no_public_key(text: str) -> None:
    with pytest.raises(SealError):
        parse_vkey(text)


@pytest.mark.parametrize("text", ["", VKEY, SKEY[:-4], SKEY.replace("c74f", "c75f"), SKEY.replace("AYEK", "AYFK"), "é"])
def test_what_is_no_private_key(text: str) -> None:
    with pytest.raises(SealError):
        parse_skey(text)


def test_public_keys_of_a_file() -> None:
    assert parse_vkeys(f"{VKEY}\n{SUM_GOLANG_ORG}\n".encode()) == (parse_vkey(VKEY), parse_vkey(SUM_GOLANG_ORG))
    for data in (b"", b"\n", b"\xff", f"{VKEY}\n\n".encode()):
        with pytest.raises(SealError):
            parse_vkeys(data)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n\n— name AAAAAAA=",
        "text\n\n— name AAAAAA==\n",
        "text\n\n— name AAAAAAB=\n",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n—  AAAAAAA=\n",
        "text\n\n— name  AAAAAAA=\n",
        "te\txt\n\n— name AAAAAAA=\n",
        "text\n\n— name AAAAAAA=\r\n",
        "text\n\n" + "— name AAAAAAA=\n" * (MAX_SIGNATURES + 1),
        "x" * MAX_NOTE + "\n\n— name AAAAAAA=\n",
    ],
)
def test_what_is_no_signed_note(note: str) -> None:
    with pytest.raises(SealError):
        parse_note(note.encode())


def test_a_note_that_is_not_utf8() -> None:
    with pytest.raises(SealError, match="UTF-8"):
        parse_note(b"\xff\n\n\xe2\x80\x94 name AAAAAAA=\n")


def test_empty_lines_belong_to_the_text_but_the_last() -> None:
    note = parse_note("Ognuno sta\n\ned è subito sera.\n\n— quasimodo.example/salvatore AAAAAAA=\n".encode())
    assert note.text == "Ognuno sta\n\ned è subito sera.\n"
    assert len(parse_note(("text\n\n" + "— name AAAAAAA=\n" * MAX_SIGNATURES).encode()).signatures) == MAX_SIGNATURES


def test_a_checkpoint_with_further_lines() -> None:
    head = checkpoint_of(HEAD.text + "more\n")
    assert (head.size, head.root, head.extensions) == (69242, ROOT, ("more",))
    assert head.text == HEAD.text + "more\n"
    assert checkpoint_of(Checkpoint("a b", 0, ROOT).text).size == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("69242", "069242"),
        ("69242", "-1"),
        ("69242", "+69242"),
        ("69242", "٦"),
        ("69242", "9" * 19),
        ("69242", ""),
        ("69242\n", ""),
        (ORIGIN, ""),
        ("Hh8=", "Hh9="),
        ("=\n", "=\n\nx\n"),
        ("=\n", "\n"),
        ("AAEC", "AAECAAEC"),
    ],
)
def test_what_is_no_checkpoint(old: str, new: str) -> None:
    changed = HEAD.text.replace(old, new)
    with pytest.raises(SealError):
        checkpoint_of(changed if changed != HEAD.text else HEAD.text + old)


@given(st.text(max_size=40), st.integers(0, 2**62), st.binary(min_size=32, max_size=32))
def test_checkpoints_are_read_as_they_are_written(origin: str, size: int, root: bytes) -> None:
    head = Checkpoint(origin.replace("\n", "") or "x", size, root)
    assert checkpoint_of(head.text) == head


@given(st.binary(max_size=200) | st.text().map(str.encode) | st.text().map(lambda text: f"{NOTE}{text}".encode()))
def test_any_bytes_are_a_checkpoint_or_refused(data: bytes) -> None:
    try:
        signed = parse_checkpoint(data)
    except SealError:
        return
    assert signed.note.data == data
    assert signed.checkpoint.text == signed.note.text


def test_a_key_made_of_a_seed_is_the_same_everywhere() -> None:
    assert (
        PrivateKey(ORIGIN, NoteKeyKind.ED25519, bytes(32))
        .public.raw.hex()
        .startswith("3b6a27bcceb6a42d62a3a8d02a6f0d73")
    )
