"""The documents of the line against the code: byte tables, examples, and the messages of the troubleshooting page."""

import ast
import re

import pytest

from protocol.line import messages
from protocol.line.frames import ENVELOPE, MAX_BODY, FrameScanner
from protocol.line.messages import MessageKind, Reason, Slot
from protocol.words import language
from regard.reference.link_document import MEANING, document, fields
from tests.sources import ROOT

TROUBLES = (ROOT / "docs" / "guide" / "troubleshooting.md").read_text("utf-8")
HEADINGS = re.findall(r"^### `(.*)`$", TROUBLES, re.MULTILINE)
HOLE = re.compile(r"\{[^}]*\}")
COMPOSED = (
    "cannot open the port …",
    "cannot listen on 127.0.0.1:…",
    "the two passes differ at byte …",
    "the two passes of this reading differ at byte …; --force starts anew",
    "Section … fails its check.",
    "… exists and holds something else; what was read is in …, --force replaces",
    "… was there already, identical, but … is not its record; --force replaces both",
    "… is being written by another process: wait for it, or name another file",
    "… is no trace of an earlier reading, and only such are written on: name another file",
    "…: expected the state of an unfinished reading, got …",
    "…: expected … bytes with SHA-256 …, got … with …",
    "…: expected a module image of 1 to … bytes, got …",
)
"""Headings that are a part of a message, or put together where it is shown."""
SOURCES = (
    "protocol/files.py",
    "protocol/line/link.py",
    "protocol/line/messages.py",
    "protocol/output_refusals.py",
    "protocol/line/serial_port.py",
    "protocol/line/unit_port.py",
    "regard/reading/partial_read.py",
    "regard/reading/trace.py",
    "regard/reading/unit.py",
    "regard/commands/lab/read.py",
    "regard/commands/lab/emulate.py",
)


def strings(path: str) -> list[str]:
    """The constant parts of all strings in a source file, docstrings left out."""
    found = []
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


def test_the_examples_are_frames() -> None:
    examples = re.findall(r"\| `(00 [0-9a-f ]+ 00)` \|", document())
    found = [FrameScanner().feed(bytes.fromhex(example)) for example in examples]
    assert [frame.kind for (frame,) in found] == [
        MessageKind.IDENTIFY,
        MessageKind.READ,
        MessageKind.READ | messages.ANSWER,
    ]
    assert found[2][0].body == bytes.fromhex("00002a00ff007f")


def test_the_frame_in_the_table_is_the_frame() -> None:
    table = document().partition("## The messages")[0]
    sizes = {name: int(size) for size, name in re.findall(r"^\| (\d) \| `(\w+)` \| ", table, re.MULTILINE)}
    assert sizes == {"kind": 1, "sequence": 1, "crc32": 4}
    assert sum(sizes.values()) == ENVELOPE


@pytest.mark.parametrize(
    "definition",
    [
        messages.NONCE_REQUEST,
        messages.READ_REQUEST,
        messages.STATUS,
        messages.REFUSAL,
    ],
)
def test_a_byte_table_covers_its_message(definition: messages.Definition) -> None:
    at = 0
    for offset, size, _, _ in fields(definition):
        assert int(offset) == at
        at += int(size)
    names = [name.strip("`") for _, _, name, _ in fields(definition)]
    assert at == len(definition.build(dict.fromkeys(names, 0))) <= MAX_BODY


def test_offsets_end_where_a_text_begins() -> None:
    table = list(fields(messages.IDENTITY))
    values = dict.fromkeys((name.strip("`") for _, _, name, _ in table), 0)
    texts = {"unit": "abc", "module_serial": "M", "machine_serial": ""}
    body = messages.IDENTITY.build(values | texts)
    unit = next(int(offset) for offset, _, name, _ in table if name == "`unit`")
    assert body[unit:] == b"\x03abc\x01M\x00"
    assert [size for _, size, _, _ in table[-3:]] == ["1 + length"] * 3


def test_every_meaning_is_used_and_every_value_explained() -> None:
    text = document()
    for name, meaning in MEANING.items():
        assert f"| `{name}` | {meaning} |" in text
    for reason in Reason:
        assert str(messages.REASON_TEXTS[reason]) in text
    values = text[text.index("`slot`:") : text.index("`reason`:")]
    assert re.findall(r"^\| (\d+) \| \w", values, re.MULTILINE) == [str(int(slot)) for slot in Slot]
    assert "a model" in text


@pytest.mark.parametrize("heading", HEADINGS)
def test_each_message_of_the_page_occurs_in_the_code(heading: str) -> None:
    code = [string for path in SOURCES for string in strings(path)]
    # What InputError puts around its texts is its own; 127.0.0.1 is a constant of the code.
    text = re.sub(r"^…: expected |, got …|127\.0\.0\.1:|(?=, for … seconds$)", "…", heading)
    parts = [part.strip() for part in text.split("…") if len(part.strip()) > 1]
    assert parts
    for part in parts:
        assert any(part in string for string in code), part


@pytest.mark.parametrize("path", SOURCES)
def test_each_message_of_the_code_is_on_the_page(path: str) -> None:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
            "LinkError",
            "PassesDifferError",
            "RegardError",
        ):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) > 12:
                    said = re.split(r";|: …", HOLE.sub("…", part.value).removeprefix("…: "))[0].strip(": ")
                    lowered = TROUBLES.replace("\n", " ").lower()
                    assert said.lower() in lowered or "reason that is not known" in said, said


def test_the_page_is_in_both_languages() -> None:
    sections = re.split(r"^### ", TROUBLES, flags=re.MULTILINE)[1:]
    assert len(sections) == len(HEADINGS)
    known = vars(language("fr").catalogue)["_catalog"]
    french = {HOLE.sub("…", text): HOLE.sub("…", known[text]) for text in known if isinstance(text, str)}
    for section in sections:
        heading, *_ = section.split("\n")
        found = re.search(r"^`(.+)`\n\*[^*]+\*$", section, re.MULTILINE)
        assert found, heading
        if (translated := french.get(heading.strip("`"))) is not None:
            assert found[1] == translated
        else:
            assert heading.strip("`") in COMPOSED
