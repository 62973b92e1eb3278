"""Proofs that are forged or damaged: every kind that a checker has to refuse, and a few that it has to pass over."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from protocol.sealing.keys import NoteKeyKind, PublicKey, sign
from protocol.sealing.notes import NoteSignature
from protocol.sealing.proofs import proof_bytes
from tests.fuzz._guided import Random
from tests.fuzz._proofs import Case, Made, draw, draw_key

ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group of Ed25519."""
PRIME = 2**255 - 19
SMALL = (
    bytes(32),
    (1).to_bytes(32, "little"),
    (PRIME - 1).to_bytes(32, "little"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    PRIME.to_bytes(32, "little"),
    (PRIME + 1).to_bytes(32, "little"),
    (1 + 2**255).to_bytes(32, "little"),
)
"""Points of small order, and other ways to write them, under which anybody signs."""
_BYTES = (
    b"\n",
    b"\r",
    b"\r\n",
    b" ",
    b"\t",
    b"\0",
    b"=",
    b"+",
    b"\xff",
    b"\xc2\xa0",
    b"\xef\xbb\xbf",
    b"\xe2\x80\x94",
    b"0",
)
_INDEXES = (
    "00",
    "01",
    "-1",
    "+1",
    "1.0",
    "1e3",
    " 1",
    "1 ",
    "٣",
    "²",
    str(2**63),
    str(2**63 - 1),
    str(2**64),
    "9" * 30,
    "",
    "0x1",
)
_NAMES = (
    "a b",
    "a\u00a0b",
    "a\u2028b",
    "a\u3000b",
    "a+b",
    "a\u200bb",
    "a\ufeffb",
    "a\u180eb",
    "a\x85b",
    "a\x7fb",
    "\u0378",
    "",
    "é",
)
_LEAVES: tuple[tuple[str, str], ...] = (
    ('"figures":{', '"figures":{ '),
    ('"poll":"', '"poll": "'),
    ('"bureau":"', '"bureau":"\\u0030'),
    ('"insee":"', '"insee":"\\/'),
    ('"insee":"', '"insee":"\\ud800'),
    ('"insee":"', '"insee":"\\ud834\\udd1e'),
    ('"format":"regard-leaf@v1"', '"format":"regard-leaf@v1","format":"regard-leaf@v1"'),
    ('"format":"regard-leaf@v1"', '"format":"regard-leaf@v2"'),
    ('"format":"regard-leaf@v1",', ""),
    ('"figures":{', '"figures":{"abstentions":-1,'),
    ('"figures":{', '"figures":{"abstentions":-0,'),
    ('"figures":{', '"figures":{"abstentions":1.5,'),
    ('"figures":{', '"figures":{"abstentions":1.0,'),
    ('"figures":{', '"figures":{"abstentions":1e3,'),
    ('"figures":{', '"figures":{"abstentions":true,'),
    ('"figures":{', '"figures":{"abstentions":null,'),
    ('"figures":{', '"figures":{"abstentions":NaN,'),
    ('"figures":{', '"figures":{"abstentions":Infinity,'),
    ('"figures":{', '"figures":{"abstentions":"1",'),
    ('"figures":{', '"figures":{"abstentions":9007199254740992,'),
    ('"figures":{', '"figures":{"abstentions":9007199254740993,'),
    ('"figures":{', '"figures":{"abstentions":1' + "0" * 30 + ","),
    ('"figures":{', '"figures":{"abstentions":1' + "0" * 5000 + ","),
    ('"figures":{', '"figures":{"votes":1,'),
    ('"figures":{', '"figures":{"__proto__":1,'),
    ('"figures":{', '"figures":{"toString":1,'),
    ('"digests":{', '"digests":{"":"' + "0" * 64 + '",'),
    ('"digests":{', '"digests":{"Pv":"' + "0" * 64 + '",'),
    ('"digests":{', '"digests":{"a_-9":"' + "0" * 64 + '",'),
    ('"digests":{', '"digests":{"a":"' + "0" * 63 + '",'),
    ('"digests":{', '"digests":{"a":"' + "A" * 64 + '",'),
    ('"sources":{', '"sources":{"abstentions":"PV",'),
    ('"sources":{', '"sources":{"constructor":"pv",'),
    ('"votes":[', '"votes":[[],'),
    ('"votes":[', '"votes":[null,'),
    ('"votes":[', '"votes":[{},'),
    ('"votes":[', '"votes":[{"name":"x"},'),
    ('"votes":[', '"votes":[{"name":7},'),
    ('"votes":[', '"votes":[{"choice":"1","name":"x"},'),
    ('"votes":[', '"votes":[' + "[" * 20000),
    ('"votes":[', '"votes":{"length":1,'),
    ('"election":{', '"election":{"date":"2017-02-29",'),
    ('"election":{', '"election":{"date":"2016-02-29",'),
    ('"election":{', '"election":{"date":"1900-02-29",'),
    ('"election":{', '"election":{"date":"0000-01-01",'),
    ('"election":{', '"election":{"date":"20170507",'),
    ('"election":{', '"election":{"date":"2017-W18-7",'),
    ('"election":{', '"election":{"date":"2017-13-01",'),
    ('"election":{', '"election":{"date":"2017-00-10",'),
    ('"election":{', '"election":{"date":"٢٠١٧-05-07",'),
    ('"election":{', '"election":{"date":"2017-05-07\\n",'),
    ('"id":"', '"key":1,"id":"'),
    ('"poll":"1"', '"poll":1'),
    ('"poll":', '"pol":'),
    ('"poll":', '"other":1,"poll":'),
    ('"sources":', '"replaces":-1,"sources":'),
    ('"sources":', '"replaces":9007199254740991,"sources":'),
    ('"sources":', '"replaces":9007199254740992,"sources":'),
    ('"sources":', '"replaces":1152921504606846976,"sources":'),
    ('"sources":', '"replaces":9223372036854775806,"sources":'),
)
"""Replacements in a leaf; both checkers decide if they refuse them."""

Forge = Callable[[Made, Random], Case]


def _pick(random: Random, length: int) -> int:
    return int(random.integers(length))


def bits(made: Made, random: Random) -> Case:
    """A bit anywhere, or several."""
    data = bytearray(made.case.data)
    for _ in range(_pick(random, 3) + 1):
        data[_pick(random, len(data))] ^= 1 << _pick(random, 8)
    return made.with_data(bytes(data))


def in_bytes(made: Made, random: Random) -> Case:
    """Bytes put in, left out, put in the place of others, doubled, cut off."""
    data, at = made.case.data, _pick(random, len(made.case.data))
    more, size = _BYTES[_pick(random, len(_BYTES))], _pick(random, 8)
    changed = [
        data[:at] + more + data[at:],
        data[:at] + data[at + 1 + size :],
        data[:at] + more + data[at + len(more) :],
        data[: at + size] + data[at:],
        data[:at],
        data + more,
        more + data,
        b"",
    ]
    return made.with_data(changed[_pick(random, len(changed))])


def in_lines(made: Made, random: Random) -> Case:
    """Lines exchanged, doubled, left out, added, with other ends."""
    lines = made.case.data.decode().split("\n")
    one, two = _pick(random, len(lines)), _pick(random, len(lines))
    kind = _pick(random, 7)
    if kind == 0:
        lines[one], lines[two] = lines[two], lines[one]
    elif kind == 1:
        lines.insert(two, lines[one])
    elif kind == 2:
        del lines[one]
    elif kind == 3:
        lines.insert(one, ["", "x", "extra AAAA", "index 0", "— x AAAAAAAA"][_pick(random, 5)])
    elif kind == 4:
        lines[one] += ["\r", " ", "\t", "=", "\u2028", "\x0b"][_pick(random, 6)]
    elif kind == 5:
        lines[one] = " " + lines[one]
    return made.with_data(("\r\n" if kind == 6 else "\n").join(lines).encode())


def in_base64(made: Made, random: Random) -> Case:
    """The same bytes in another base 64, or nearly the same."""
    lines = made.case.data.decode().split("\n")
    held = [at for at, line in enumerate(lines) if len(line) > 40]
    at = held[_pick(random, len(held))]
    head, blank, text = lines[at].rpartition(" ")
    bare = text.rstrip("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = alphabet[alphabet.index(bare[-1]) ^ 1] if bare and bare[-1] in alphabet else "A"
    middle = _pick(random, len(text))
    changed = [
        bare,
        text + "=",
        text + "====",
        bare[:-1] + last + text[len(bare) :],
        text.replace("+", "-").replace("/", "_"),
        text[:middle] + ["\t", "\r", "=", "AA=="][_pick(random, 4)] + text[middle:],
        text[: 4 * (middle // 4)],
        bare[:-1],
    ]
    lines[at] = head + blank + changed[_pick(random, len(changed))]
    return made.with_data("\n".join(lines).encode())


def in_path(made: Made, random: Random) -> Case:
    """Hashes exchanged, left out, added; another index or size, sealed or not."""
    path, index, note = list(made.path), made.index, made.note
    kind = _pick(random, 8)
    one, two = (_pick(random, len(path)), _pick(random, len(path))) if path else (0, 0)
    if kind == 0 and path:
        path[one], path[two] = path[two], path[one]
    elif kind == 1 and path:
        del path[one]
    elif kind == 2:
        path.insert(one, random.bytes(32))
    elif kind == 3:
        path += [random.bytes(32)] * (64 - len(path) + _pick(random, 2))
    elif kind == 4:
        index = max(0, index + [-1, 1, 2, made.head.size, 2**62][_pick(random, 5)])
    elif kind == 5:
        index = made.head.size
    else:
        size = max(
            0, [made.head.size + 1, made.head.size - 1, 2 * made.head.size, index, 0, 2**63 - 1][_pick(random, 6)]
        )
        note = replace(made, head=replace(made.head, size=size)).note if size < 2**63 else note
    return made.with_data(proof_bytes(made.extra, index, path, note))


def in_numbers(made: Made, random: Random) -> Case:
    """Numbers that are written in another way."""
    text, told = made.case.data.decode(), _INDEXES[_pick(random, len(_INDEXES))]
    if random.integers(2):
        return made.with_data(text.replace(f"index {made.index}\n", f"index {told}\n").encode())
    return made.with_data(text.replace(f"\n{made.head.size}\n", f"\n{told}\n").encode())


def in_leaf(made: Made, random: Random) -> Case:
    """A leaf that is another or is written in another way, and half of the time is really in the log."""
    text = made.extra.decode()
    old, new = _LEAVES[_pick(random, len(_LEAVES))]
    changed = text.replace(old, new, 1).replace(",}", "}").replace(",]", "]")
    if random.integers(3) == 0:
        digits = [at for at, each in enumerate(text) if each.isdecimal()]
        at = digits[_pick(random, len(digits))]
        changed = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
    elif random.integers(4) == 0:
        values = json.loads(text)
        forms = [
            json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":")),
            json.dumps(values, ensure_ascii=False),
            json.dumps(dict(reversed(values.items())), ensure_ascii=False, separators=(",", ":")),
            text + "\n",
            "\ufeff" + text,
            text[:-1],
            "[]",
            '""',
            "0",
            "[" * 30000,
            text.replace('"votes":[', '"votes":[' + '{"name":"' + "x" * 66000 + '"},').replace(",]", "]"),
        ]
        changed = forms[_pick(random, len(forms))]
    extra = changed.encode()
    if random.integers(8) == 0:
        extra = (
            made.extra[:9]
            + [b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80"][_pick(random, 4)]
            + made.extra[9:]
        )
    if random.integers(2):
        return made.sealing(extra).case
    return made.with_data(proof_bytes(extra, made.index, made.path, made.note))


def in_signature(made: Made, random: Random) -> Case:
    """A signature of another key or text, of other bytes, with S beyond the order of the group, of small points."""
    note = sign(made.head.text, made.signers, 1_500_000_000)
    at = _pick(random, len(note.signatures)) if random.integers(3) == 0 else 0
    told, start = note.signatures[at], 0 if len(note.signatures[at].signature) == 64 else 8
    raw = told.signature[start:]
    greater = (int.from_bytes(raw[32:64], "little") + ORDER * (1 + _pick(random, 6))).to_bytes(33, "little")[:32]
    changed = bytearray(raw)
    changed[_pick(random, len(raw))] ^= 1 << _pick(random, 8)
    raws = [
        raw[:32] + greater,
        bytes(changed),
        raw[:-1],
        raw + b"\0",
        b"",
        SMALL[_pick(random, len(SMALL))] + bytes(32),
        SMALL[_pick(random, len(SMALL))] + raw[32:],
        raw[32:] + raw[:32],
        random.bytes(len(raw)),
        sign(made.head.text.replace("\n", "x\n", 1), made.signers, 0).signatures[at].signature[start:],
    ]
    time = [told.signature[:start], b"\xff" * start, bytes(start)][_pick(random, 3) if random.integers(2) else 0]
    new = NoteSignature(told.name, told.id, time + raws[_pick(random, len(raws))])
    if not random.integers(4) and start:
        new = NoteSignature(told.name, told.id, time + raw)
    signatures = (*note.signatures[:at], new, *note.signatures[at + 1 :])
    return made.with_data(proof_bytes(made.extra, made.index, made.path, replace(note, signatures=signatures).data))


def in_note(made: Made, random: Random) -> Case:
    """Signatures doubled, left out, added, under other names; other lines in the checkpoint."""
    note = sign(made.head.text, made.signers, 1_500_000_000)
    odd = NoteSignature(_NAMES[_pick(random, len(_NAMES))], random.bytes(4), random.bytes(64))
    first = note.signatures[0]
    kinds: list[tuple[NoteSignature, ...]] = [
        (*note.signatures, odd),
        (odd, *note.signatures),
        note.signatures[1:],
        (*note.signatures, first),
        (*note.signatures, *([NoteSignature("other", b"1234", b"5")] * (31 + _pick(random, 3) - len(note.signatures)))),
        (replace(first, id=random.bytes(4)), *note.signatures[1:]),
        (replace(first, name="other"), *note.signatures[1:]),
        (*note.signatures, NoteSignature("other", b"1234", b"")),
        (*note.signatures, replace(first, signature=random.bytes(64))),
    ]
    text = made.head.text
    texts = [
        f"{text}more\n",
        f"{text}\nmore\n",
        text.replace("\n", " \n", 1),
        f"\n{text}",
        f"{text}\n",
        text[:-1],
        f"é{text}",
        f"\t{text}",
    ]
    data = replace(note, signatures=kinds[_pick(random, len(kinds))]).data
    if random.integers(3) == 0:
        data = (
            sign(texts[_pick(random, len(texts))], made.signers[:1], 0).data
            if made.signers[0].kind is NoteKeyKind.ED25519
            else data
        )
    elif random.integers(8) == 0:
        data = data.replace("—".encode(), [b"-", "–".encode(), b"", "— ".encode()][_pick(random, 4)])
    return made.with_data(proof_bytes(made.extra, made.index, made.path, data))


def in_key(made: Made, random: Random) -> Case:
    """Another key than the log's, the same under another name or kind, damaged, missing, or of small order."""
    case, public = made.case, made.signers[0].public
    line = bytearray(public.vkey.encode())
    line[_pick(random, len(line))] ^= 1 << _pick(random, 6)
    small = PublicKey(public.name, NoteKeyKind.ED25519, SMALL[_pick(random, len(SMALL))])
    point = PublicKey(public.name, NoteKeyKind.ED25519, random.bytes(32))
    keys = [
        (),
        (line.decode("latin-1"),),
        (draw_key(public.name, public.kind, random).public.vkey,),
        (draw_key(public.name, public.kind, random).public.vkey, public.vkey),
        (replace(public, name="other").vkey,),
        (public.vkey.upper(),),
        (public.vkey + "=",),
        (public.vkey.replace("+", "+0", 1),),
        (public.vkey, public.vkey),
        made.known or ("",),
        (f"{public.name}+{public.id.hex()}+{base64.b64encode(public.raw).decode()}",),
    ]
    if random.integers(3):
        return replace(case, keys=keys[_pick(random, len(keys))])
    key = small if random.integers(2) else point
    first = SMALL[_pick(random, len(SMALL))] if random.integers(2) else random.bytes(32)
    told = NoteSignature(key.name, key.id, first + bytes(32))
    note = replace(sign(made.head.text, made.signers, 0), signatures=(told,)).data
    return Case(proof_bytes(made.extra, made.index, made.path, note), (key.vkey,), case.figures)


def in_figures(made: Made, random: Random) -> Case:
    """Figures that are not the leaf's."""
    figures = dict(made.figures)
    names = [*figures, "registered", "votes", "votes:", "votes:None", "votes:3", "votes:nobody", "toString", "votes:1"]
    name = names[_pick(random, len(names))]
    figures[name] = max(0, figures.get(name, 0) + [-1, 0, 1, 10, 2**53][_pick(random, 5)])
    return replace(made.case, figures=figures)


def of_another(made: Made, random: Random) -> Case:
    """Parts of another proof, all of it right in itself."""
    other = draw(random)
    parts = [
        proof_bytes(other.extra, made.index, made.path, made.note),
        proof_bytes(made.extra, made.index, other.path, made.note),
        proof_bytes(made.extra, made.index, made.path, other.note),
        proof_bytes(b"", made.index, made.path, made.note),
        other.case.data,
    ]
    return made.with_data(parts[_pick(random, len(parts))])


KINDS: Mapping[str, Forge] = MappingProxyType(
    {
        each.__name__.removeprefix("in_"): each
        for each in (
            *(bits, in_bytes, in_lines, in_base64, in_path, in_numbers),
            *(in_leaf, in_signature, in_note, in_key, in_figures, of_another),
        )
    }
)
