"""A second reader of module images, made of the tables of ``docs/reference/urn.md`` and written by its words alone.

It shares nothing with `protocol` but the numbers of the verdicts and of the sections. Where the document does not say
enough to write it, the document is to be mended.
"""

import functools
import hashlib
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.protocol.document_tables import Struct, is_allowed, struct, table
from tests.sources import DOCS

FAILS, UNSEALED, GOOD = 0, -1, 1


@dataclass(frozen=True, slots=True)
class Place:
    """A section: where it is, its number, its entries."""

    start: int
    size: int
    number: int
    entries: int
    struct: Struct


@dataclass(frozen=True, slots=True)
class Document:
    """Tables of the document."""

    sections: dict[str, Place]
    kinds: dict[int, str]
    states: dict[str, int]
    verdicts: dict[str, int]
    covers: dict[str, str]
    vote: Struct
    start: int
    polynomial: int

    def holds_vote(self, slot: bytes, more: int = 0) -> bool:
        """Check that four bytes hold a vote; ``more`` is added to the number of the poll in the test area."""
        values = self.vote.read(slot, 0)
        poll, choice = self.vote.fields["poll"], self.vote.fields["choice"]
        fits = is_allowed(poll.allowed, values["poll"] - more) and is_allowed(choice.allowed, values["choice"])
        return fits and values["check"] == self.crc16(slot[:2])

    def crc16(self, data: bytes) -> int:
        register = self.start
        for byte in data:
            register ^= byte << 8
            for _ in range(8):
                register = (register << 1 ^ (self.polynomial if register & 0x8000 else 0)) & 0xFFFF
        return register


@functools.cache
def document() -> Document:
    """The tables of the committed document."""
    text = (DOCS / "reference" / "urn.md").read_text("utf-8")
    sections = {}
    for offset, size, name, number, entries, _ in table(text, "## The map"):
        count = int(entries.partition(" × ")[0])
        fields = struct(table(text, f"## `{name}`"))
        assert fields.start == int(offset, 16)
        assert entries == "1" or count * int(entries.partition(" × ")[2]) == int(size)
        sections[name] = Place(int(offset, 16), int(size), int(number), count, fields)
    vote = table(text, "## A vote")
    check = re.search(r"polynomial (\w+), start (\w+), not reflected, no final XOR", vote[2][5])
    assert check is not None
    return Document(
        sections=sections,
        kinds={int(number): name for number, name, *_ in table(text, "## `log`", 1)},
        states={name: int(number) for number, name, *_ in table(text, "## A vote", 1)},
        verdicts={name: int(number) for number, name, *_ in table(text, "## What a reader says of an image")[1:]},
        covers=dict(table(text, "## Checks", 1)),
        vote=struct(vote),
        start=int(check[2], 16),
        polynomial=int(check[1], 16),
    )


@dataclass(slots=True)
class Image:
    """Reading of one image.

    Attributes:
        verdict: its number.
        values: of each section: the fields of its struct, or of each of its entries.
        sections: good, fails or unsealed, by the number of the section.
        refused: names of the sections in which something is not allowed.
        reserved: whether something stands where ``erased`` is allowed.
        votes: by poll and choice, foreign ones too.
        states: of slots that are not blank, given up or a vote in both banks, by position.
        counters: count and whether it is consistent, of the eleven counters.
        choices: number of choices of each poll that the module has.
        fit: by poll: whether the labels have the digest of their list, None where that cannot be told.
        events: the entries of the log that count.
        zero_check: the one that counts; ``test_changed``: whether the test votes are not those that it sealed.
    """

    verdict: int
    values: dict[str, Any] = field(default_factory=dict)
    sections: dict[int, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    reserved: bool = False
    votes: Counter[tuple[int, int]] = field(default_factory=Counter)
    burnt: int = 0
    states: dict[int, int] = field(default_factory=dict)
    counters: list[tuple[int, bool]] = field(default_factory=list)
    choices: dict[int, int] = field(default_factory=dict)
    fit: dict[int, bool | None] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    zero_check: dict[str, Any] | None = None
    test_changed: bool = False

    def recount(self, poll: int) -> tuple[int, int, list[int]]:
        """Cast, blank and tallies of a poll that the module has."""
        blank, *tallies = (self.votes[poll, choice] for choice in range(self.choices[poll] + 1))
        return blank + sum(tallies), blank, tallies

    def moment(self, kind: int, *, first: bool) -> int:
        """The time of the first or the last entry of a kind, -1 for none."""
        times = [values["at"] for values in self.events if values["kind"] == kind]
        return times[0 if first else -1] if times else -1

    def closed(self) -> bool:
        """Check the closing entry."""
        return self.sections[document().sections["closing"].number] == GOOD

    def exported(self, poll: int) -> dict[str, Any]:
        """The fields of the export of a poll, but for its time, as the table of the document has them."""
        head, closing = self.values["configuration"], self.values["closing"]
        of_poll, result = head["polls"][poll - 1], closing["polls"][poll - 1]
        texts = (
            "model",
            "machine_serial",
            "module_serial",
            "machine_seal",
            "module_seal",
            "election",
            "insee",
            "bureau",
        )
        found = {name: head[name] for name in (*texts, "date", "round", "part", "registered")}
        found |= {name: of_poll[name] for name in ("constituency", "choices", "choices_digest")} | {"poll": poll}
        never = 0xFFFF_FFFF
        zero = self.zero_check or {"at": never, "counter_sum": 0}
        found |= {"zero_check": zero["at"], "zero_sum": zero["counter_sum"]}
        opening = self.moment(1, first=True)
        found |= {"opening": never if opening < 0 else opening, "closing": closing["at"] if self.closed() else never}
        if self.closed():
            found |= {name: result[name] for name in ("voters", "cancellations", "cast", "blank", "tallies")}
            return found | {"enablings": closing["enablings"]}
        cast, blank, tallies = self.recount(poll)
        found |= {"cast": cast, "blank": blank, "tallies": tallies + [0] * (64 - len(tallies))}
        enablings, voters, cancellations = (self.counters[at][0] for at in (0, poll, 5 + poll))
        return found | {"enablings": enablings, "voters": voters, "cancellations": cancellations}

    @property
    def foreign(self) -> int:
        return self.votes.total() - sum(self.recount(poll)[0] for poll in self.choices)


def read(image: bytes) -> Image:
    """Read an image of the size that the document gives."""
    return _Reader(image).image()


class _Reader:
    def __init__(self, image: bytes) -> None:
        self.raw = image
        self.document = document()
        self.values: dict[str, Any] = {}
        for name, place in self.document.sections.items():
            size = place.size // place.entries
            entries = [place.struct.read(image, place.start + index * size) for index in range(place.entries)]
            self.values[name] = entries if place.entries > 1 else entries[0]
        self.serial = self.values["configuration"]["module_serial"]

    def image(self) -> Image:
        verdicts, head = self.document.verdicts, self.values["configuration"]
        found = Image(verdicts["OK"], self.values)
        fields = self.document.sections["configuration"].struct.fields
        for name, verdict in (("magic", "MAGIC"), ("format_version", "VERSION"), ("image_size", "LENGTH")):
            if not is_allowed(fields[name].allowed, head[name]):
                found.verdict = verdicts[verdict]
                return found
        found.choices = self._polls()
        if not self._configuration_allowed():
            found.verdict = verdicts["VALUE"]
            found.refused.add("configuration")
        found.sections = self._sections()
        for name in ("zero_checks", "test_votes", "log", "marks", "closing", "choices"):
            if not getattr(self, f"_{name}_allowed")(found):
                found.refused.add(name)
        found.reserved = any(self._reserved())
        found.zero_check = self._zero_check()
        if found.zero_check is not None:
            found.test_changed = found.zero_check["test_crc32"] != self._crc("zero_checks.test_crc32")
        self._count(found)
        found.counters = list(self._counters())
        found.fit = {poll: self._labels_fit(poll, choices) for poll, choices in found.choices.items()}
        return found

    def part(self, name: str) -> bytes:
        place = self.document.sections[name]
        return self.raw[place.start : place.start + place.size]

    def entry(self, name: str, index: int) -> bytes:
        place = self.document.sections[name]
        size = place.size // place.entries
        return self.raw[place.start + index * size : place.start + (index + 1) * size]

    def within(self, name: str, values: dict[str, Any], inner: str = "") -> bool:
        """Check that the fields of a struct are within its table."""
        fields = self.document.sections[name].struct
        found = fields.inner[inner].fields if inner else fields.fields
        return all(
            is_allowed(found[field].allowed, value) for field, value in values.items() if not isinstance(value, list)
        )

    # The configuration

    def _polls(self) -> dict[int, int]:
        most = self.document.sections["configuration"].struct.inner["polls"].fields["choices"].allowed
        polls = enumerate(self.values["configuration"]["polls"], start=1)
        return {n: poll["choices"] for n, poll in polls if poll["number"] == n and is_allowed(most, poll["choices"])}

    def _configuration_allowed(self) -> bool:
        head = self.values["configuration"]
        for number, poll in enumerate(head["polls"], start=1):
            if poll["number"] == 0xFF:
                if poll["choices"] != 0xFF or any(
                    set(poll[name]) != {0xFF} for name in ("constituency", "choices_digest")
                ):
                    return False
            elif poll["number"] != number or not self.within("configuration", poll, "polls"):
                return False
        return any(poll["number"] != 0xFF for poll in head["polls"]) and self.within("configuration", head)

    # Checks

    def _crc(self, name: str, entry: bytes = b"", section: int = 0) -> int:
        """The checksum of that name in the table of what each covers."""
        covered = b""
        for words in self.document.covers[name].split(", "):
            if words == "the serial":
                covered += self.serial
            elif re.fullmatch("[0-9A-F]{2}", words):
                covered += bytes.fromhex(words)
            elif span := re.fullmatch(r"bytes (\w{4}) to (\w{4})", words):
                covered += self.raw[int(span[1], 16) : int(span[2], 16) + 1]
            elif first := re.fullmatch(r"the first (\d+) bytes of the entry", words):
                covered += entry[: int(first[1])]
            elif words == "the byte n":
                covered += bytes((section,))
            else:
                assert words == "the whole section with the number n", words
                covered += self.part(next(n for n, place in self.document.sections.items() if place.number == section))
        return zlib.crc32(covered)

    def _checked(self, values: dict[str, Any], name: str, entry: bytes = b"", section: int = 0) -> bool:
        crc = self._crc(name, entry, section)
        return bool(values["crc32"] == crc and values["complement"] == crc ^ 0xFFFF_FFFF)

    def _sections(self) -> dict[int, int]:
        sections, head, closing = self.document.sections, self.values["configuration"], self.values["closing"]
        closed = self.part("closing")
        verdicts = {place.number: UNSEALED for place in sections.values()}
        checks = {name: [] for name in sections}  # type: dict[str, list[bool]]
        checks["configuration"].append(self._checked(head, "configuration.crc32"))
        checks["choices"].append(head["choices_crc32"] == self._crc("configuration.choices_crc32"))
        if set(closed) != {0xFF}:
            checks["closing"].append(self._checked(closing, "closing.crc32"))
            for name, place in sections.items():
                if name != "closing":
                    seal = closing["seals"][place.number]
                    checks[name].append(self._checked(seal, "closing.seals[n].crc32", section=place.number))
        for name, place in sections.items():
            if checks[name]:
                verdicts[place.number] = GOOD if all(checks[name]) else FAILS
        return verdicts

    # What is allowed

    def _zero_checks_allowed(self, _: Image) -> bool:
        for index, values in enumerate(self.values["zero_checks"]):
            raw = self.entry("zero_checks", index)
            if set(raw) == {0xFF}:
                continue
            if self._checked(values, "zero_checks.crc32", raw):
                if not self.within("zero_checks", values):
                    return False
            elif raw[-1] != 0xFF:
                return False
        return True

    def _zero_check(self) -> dict[str, Any] | None:
        """The last one with a right checksum."""
        good = [
            values
            for index, values in enumerate(self.values["zero_checks"])
            if self._checked(values, "zero_checks.crc32", self.entry("zero_checks", index))
        ]
        return good[-1] if good else None

    def _test_votes_allowed(self, found: Image) -> bool:
        whole = []
        for poll, most in found.choices.items():
            for choice in range(most + 1):
                head = bytes((128 + poll, choice))
                whole.append(head + self.document.crc16(head).to_bytes(2, "big"))
        cut = {vote[:kept] + b"\xff" * (4 - kept) for vote in whole for kept in (1, 2, 3)}
        entries = {self.entry("test_votes", index) for index in range(self.document.sections["test_votes"].entries)}
        return entries <= {b"\xff" * 4, *whole, *cut}

    def _log_allowed(self, found: Image) -> bool:
        entries = [self.entry("log", index) for index in range(self.document.sections["log"].entries)]
        written = [index for index, raw in enumerate(entries) if set(raw) != {0xFF}]
        never_closed = set(self.part("closing")) == {0xFF}
        allowed = written == list(range(len(written)))
        for index in written:
            raw, values = entries[index], self.values["log"][index]
            sound = values["crc32"] == self._crc("log.crc32", raw)
            if set(raw) == {0}:
                continue
            if never_closed and index == written[-1] and raw[-1] == 0xFF and not sound:
                continue
            right_poll = values["poll"] in found.choices if values["kind"] == 3 else values["poll"] == 0
            good = sound and values["sequence"] == index and values["kind"] in self.document.kinds
            if good and right_poll and self.within("log", values):
                found.events.append(values)
            else:
                allowed = False
        return allowed

    def _marks_allowed(self, found: Image) -> bool:
        marks = self.values["marks"]
        absent = [index for index in range(5) if index + 1 not in found.choices]
        copies = [copy for name in ("voters", "cancellations") for index in absent for copy in marks[name][index]]
        return all(set(copy) == {0xFF} for copy in copies)

    def _closing_allowed(self, found: Image) -> bool:
        if found.sections[self.document.sections["closing"].number] != GOOD:
            return True
        place, closing = self.document.sections["closing"], self.values["closing"]
        polls = place.struct.fields["polls"]
        size = polls.size // polls.shape[0]
        for index, result in enumerate(closing["polls"]):
            at = place.start + polls.offset + index * size
            if index + 1 not in found.choices:
                if set(self.raw[at : at + size]) != {0xFF}:
                    return False
                continue
            choices = found.choices[index + 1]
            most = place.struct.inner["polls"].fields["tallies"].allowed
            if not self.within("closing", result, "polls") or any(result["tallies"][choices:]):
                return False
            if not all(is_allowed(most, tally) for tally in result["tallies"]):
                return False
        return self.within("closing", closing)

    def _choices_allowed(self, found: Image) -> bool:
        for index, labels in enumerate(self.values["choices"]["choices"]):
            used = found.choices.get(index + 1, 0)
            texts = [label.rstrip(b"\0") for label in labels[:used]]
            if len(set(texts)) != len(texts) or any(set(label) != {0xFF} for label in labels[used:]):
                return False
            for text in texts:
                try:
                    if not text or any(unicodedata.category(sign) == "Cc" for sign in text.decode()):
                        return False
                except UnicodeDecodeError:
                    return False
        return True

    def _reserved(self) -> Iterator[bool]:
        for name, place in self.document.sections.items():
            entries = self.values[name] if place.entries > 1 else [self.values[name]]
            for values in entries:
                yield from self._written(place.struct, values)

    def _written(self, of: Struct, values: dict[str, Any]) -> Iterator[bool]:
        for name, each in of.fields.items():
            if each.allowed == "erased":
                yield set(values[name]) != {0xFF}
        for name, inner in of.inner.items():
            for entry in values[name]:
                yield from self._written(inner, entry)

    # Votes and counters

    def _count(self, found: Image) -> None:
        states = self.document.states
        for position in range(4096):
            a, bank_b = (self.part(bank)[4 * position : 4 * position + 4] for bank in ("bank_a", "bank_b"))
            b = bytes(byte ^ 0xFF for byte in bank_b)
            if a == bank_b == b"\xff" * 4:
                continue
            if a == bank_b == bytes(4):
                found.burnt += 1
                continue
            in_a, in_b = self.document.holds_vote(a), self.document.holds_vote(b)
            if in_a and in_b and a != b:
                found.states[position] = states["CONFLICT"]
            elif in_a or in_b:
                vote = a if in_a else b
                found.votes[vote[0], vote[1]] += 1
                if not in_b:
                    found.states[position] = states["REPAIRED_FROM_A"]
                if not in_a:
                    found.states[position] = states["REPAIRED_FROM_B"]
            elif a == b and self.document.holds_vote(a, 128):
                found.states[position] = states["TEST"]
            else:
                blank = b"\xff" * 4 in (a, bank_b)
                found.states[position] = states["NOT_BLANK" if blank else "UNREADABLE"]

    def _counters(self) -> Iterator[tuple[int, bool]]:
        marks = self.values["marks"]
        for first, second in (marks["enablings"], *marks["voters"], *marks["cancellations"]):
            bits = [f"{int.from_bytes(copy, 'big'):0{8 * len(copy)}b}" for copy in (first, second)]
            bits[1] = bits[1][::-1]
            counts = [each.count("0") for each in bits]
            sound = [each == "0" * count + "1" * (len(each) - count) for each, count in zip(bits, counts, strict=True)]
            if all(sound) and counts[0] == counts[1]:
                yield counts[0], True
            elif all(sound):
                yield (counts[0] if counts[0] == counts[1] + 1 else min(counts)), False
            elif any(sound):
                yield counts[sound.index(True)], False
            else:
                yield min(counts), False

    def _labels_fit(self, poll: int, choices: int) -> bool | None:
        labels = [label.rstrip(b"\0") for label in self.values["choices"]["choices"][poll - 1][:choices]]
        if "choices" in self._label_faults(labels) or any(len(label) >= 61 for label in labels):
            return None
        text = "".join(unicodedata.normalize("NFC", label.decode()) + "\n" for label in labels)
        digest = self.values["configuration"]["polls"][poll - 1]["choices_digest"]
        return bool(hashlib.sha256(text.encode()).digest() == digest)

    def _label_faults(self, labels: list[bytes]) -> set[str]:
        try:
            texts = [label.decode() for label in labels]
        except UnicodeDecodeError:
            return {"choices"}
        wrong = any(not text or any(unicodedata.category(sign) == "Cc" for sign in text) for text in texts)
        return {"choices"} if wrong or len(set(texts)) != len(texts) else set()
