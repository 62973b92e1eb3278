"""What the document of the module image says of its checksums, of a reader's verdicts, and of an image's export."""

from __future__ import annotations

import zlib

from protocol.markdown import prose, table
from protocol.urn import image as urn
from protocol.urn.image import EVENT_SIZE, SPANS, TEST_POLL, ZERO_CHECK_SIZE, Section

Paragraphs = list[str]


def checks() -> Paragraphs:
    """What each checksum covers."""
    crc = (
        ("width, polynomial", "32, `04C11DB7`"),
        ("initial value, final XOR", "`FFFFFFFF`, `FFFFFFFF`"),
        ("input and output reflected", "yes, yes"),
        ("of the ASCII text `123456789`", f"`{zlib.crc32(b'123456789'):08X}`"),
    )
    serial = "the serial"
    size = ZERO_CHECK_SIZE - 8
    covers = (
        ("`configuration.crc32`", f"{serial}, `00`, bytes `0000` to `01F7`"),
        ("`configuration.choices_crc32`", f"{serial}, `05`, {_span(Section.CHOICES)}"),
        ("`zero_checks.crc32`", f"{serial}, `01`, the first {size} bytes of the entry"),
        ("`zero_checks.test_crc32`", f"{serial}, `02`, {_span(Section.TEST_VOTES)}"),
        ("`log.crc32`", f"{serial}, the first {EVENT_SIZE - 4} bytes of the entry"),
        ("`closing.crc32`", f"{serial}, `08`, bytes `2A00` to `2FF7`"),
        ("`closing.seals[n].crc32`", f"{serial}, the byte n, the whole section with the number n"),
    )
    return [
        "## Checks",
        prose("""All but the check of a vote are CRC-32/ISO-HDLC, as zlib, PNG and Ethernet use it:"""),
        table(("parameter", "value"), crc),
        prose(
            """Each covers these bytes one after another. The serial is `configuration.module_serial`, all twelve bytes
            of it with its zeros. A `complement` is the checksum before it with every bit inverted; both must fit."""
        ),
        table(("checksum", "covers"), covers),
        "With the serial `U-0815`, which is `55 2D 30 38 31 35` and six zeros:",
        table(("of", "checksum"), _check_values()),
        prose(
            """A section is *good* if every check of it that there is fits, and *fails* if one does not. The
            configuration has its own checksum, the choices have `choices_crc32`. Once anything is written in the
            closing entry, each section but that has its seal there too. A section without a check is *not sealed yet*.
            The closing entry has its own checksum, and is not sealed while it is erased."""
        ),
        prose(
            """A checksum finds faults; it proves nothing about who wrote the bytes, and whoever can write a whole
            image can also compute its checksums."""
        ),
    ]


def _check_values() -> list[tuple[str, str]]:
    """Checksums to try another writer with."""
    serial, head = b"U-0815".ljust(12, b"\0"), bytes.fromhex("01 00 00 00 29 F7 C0 00 00 00 00 00")
    erased = bytes([urn.ERASED]) * (SPANS[Section.TEST_VOTES][1] - SPANS[Section.TEST_VOTES][0])
    test_vote = urn.slot_bytes(TEST_POLL + 1, 2)
    return [
        (f"a log entry that begins `{head.hex(' ').upper()}`", f"`{urn.event_crc(serial, head):08X}`"),
        ("the section `test_votes`, erased", f"`{urn.seal(serial, Section.TEST_VOTES, erased):08X}`"),
        (f"a vote `{test_vote[:2].hex(' ').upper()}` of the test mode", f"`{test_vote[2:].hex().upper()}`"),
    ]


def _span(section: Section) -> str:
    start, end = SPANS[section]
    return f"bytes `{start:04X}` to `{end - 1:04X}`"


def verdicts() -> Paragraphs:
    """What a reader says of an image, by verdict and beside it."""
    size = f"{urn.IMAGE_SIZE:,}"
    rows = (
        ("-", "not an image", f"the file does not have {size} bytes", "nothing", "I103"),
        ("1", "MAGIC", "`magic` is not that of this format", "nothing", "I101"),
        ("2", "VERSION", "`format_version` is not 1", "nothing", "I102"),
        ("3", "LENGTH", f"`image_size` is not {urn.IMAGE_SIZE}", "nothing", "I103"),
        ("5", "VALUE", "a field of the configuration holds what its table does not allow, or its polls are not as said "
         "below it", "nothing", "I112"),
        ("0", "OK", "none of these", "all", "-"),
    )  # fmt: skip
    beside = (
        ("a section fails", "counted", "I106"),
        ("slots in the states 1 and 2", "counted", "I107, a warning"),
        ("slots in the states 3 and 4", "the slot is not counted", "I107"),
        ("slots in the state 5", "the slot is not counted", "I110"),
        ("slots in the state 6", "apart", "I108"),
        ("slots in the state 7", "the slot is not counted", "I118"),
        ("a counter is not consistent", "counted", "I109"),
        ("an entry of the log that is not allowed, or a gap in it", "counted; nothing is read from the entry", "I117"),
        (
            "anything else that a table or the text below it does not allow, in a section that does not fail",
            "counted",
            "I119",
        ),
        ("a byte that is not erased where `erased` stands", "counted", "I105, a warning"),
        ("test votes that are not those that the zero check sealed", "counted", "M104"),
    )
    return [
        "## What a reader says of an image",
        "The first of 1 to 5 that applies, in this order; 0 where none does. `regard verify` names the code.",
        table(("number", "verdict", "when", "what is used of it", "code"), rows),
        "Of an image with the verdict OK it also says, each by itself:",
        table(("what", "the votes are", "code"), beside),
    ]


def export_of_an_image() -> Paragraphs:
    """The export that a machine makes of an urn."""
    rows = (
        ("`model` to `bureau`, `date`, `round`, `part`, `registered`", "`configuration`, the fields of the same name"),
        ("`constituency`, `choices`, `choices_digest`", "`configuration.polls[poll - 1]`"),
        ("`poll`", "the poll asked for"),
        ("`zero_check`, `zero_sum`", "`at` and `counter_sum` of the zero check; `FFFFFFFF` and 0 where there is none"),
        ("`opening`", "`at` of the log's first OPENING; `FFFFFFFF` where there is none"),
        ("`closing`", "`closing.at`; `FFFFFFFF` in an urn that was never closed, or whose closing entry fails"),
        ("`export`", "the time at which it is made"),
        ("`enablings`", "`closing.enablings`; of an urn without a good closing entry, what the marks show"),
        ("`voters`, `cancellations`, `cast`, `blank`, `tallies`", "`closing.polls[poll - 1]`; of an urn without a good "
         "closing entry, the marks and the count of the slots"),
        ("`module_digest`", "SHA-256 of the image"),
        ("`reserved`", "zeros; `regard export` writes `from a damaged image` there where a section fails or holds what "
         "is not allowed, a counter is not consistent, or slots are in the states 3 to 7"),
    )  # fmt: skip
    return [
        "## The export of an image",
        prose(
            """One record of [format.md](format.md) for each poll; of a closed urn equal to the byte to what the
            machine exports."""
        ),
        table(("field of the export", "from"), rows),
    ]
