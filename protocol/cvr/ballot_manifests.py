"""Ballot manifests of election offices (ballots of each batch), and SHA-256 digests of exports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.cvr.counting import Batch, unit_parts
from protocol.cvr.csv_rows import cells, decode, value
from protocol.dumps.checks import CheckTopic, CheckVerdict, DumpCheck
from protocol.dumps.layouts import HEAD
from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.words import Text, msg, nmsg

MAX_MANIFEST = 2**26
"""Bytes of a ballot manifest."""
MAX_DIGESTS = 2**22
"""Bytes of a file of digests."""
SHOWN = 200
"""Findings of one kind that are listed one by one."""
HEADERS = (
    ("scannerid", "batchid", "numballots"),
    ("tabulator", "batchname", "numberofballots"),
)
"""Colorado's columns, and those of Arlo, without spaces in lower case."""
_DIGEST_LINE = re.compile(r"([0-9A-Fa-f]{64})(?:[ \t]+\*?(\S.{0,300}))?")
_NAMED_LINE = re.compile(r"SHA2?-?256 ?\((.{1,300})\) ?= ?([0-9A-Fa-f]{64})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ManifestBatch:
    """A row of a ballot manifest."""

    tabulator: str
    batch: str
    ballots: int
    row: int


def _columns(header: Sequence[str]) -> tuple[int, int, int] | None:
    names = [re.sub(r"[^a-z]", "", value(cell).strip('"').casefold()) for cell in header]
    for wanted in HEADERS:
        if all(each in names for each in wanted):
            tabulator, batch, ballots = (names.index(each) for each in wanted)
            return tabulator, batch, ballots
    return None


def is_manifest(head: bytes) -> bool:
    """Recognise a ballot manifest by its first bytes."""
    first = decode(head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]).strip()
    return first.count(",") >= 2 and _columns(cells(first)) is not None


def read_manifest(opened: OpenedFile) -> tuple[list[ManifestBatch], list[InputError]]:
    """The batches of a ballot manifest, and the rows that cannot be read."""
    name = str(opened.path)
    lines = decode(opened.data.removeprefix(b"\xef\xbb\xbf")).splitlines()
    places = _columns(cells(lines[0])) if lines else None
    if places is None:
        expected = msg("columns of tabulator, batch and number of ballots")
        return [], [InputError(name, 1, None, expected, msg("others"))]
    found, problems = list[ManifestBatch](), list[InputError]()
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        row = [value(cell).strip('"') for cell in cells(line)]
        tabulator, batch, ballots = (row[at] if at < len(row) else "" for at in places)
        digits = ballots.replace(",", "")
        if not tabulator or not batch or not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            if len(problems) < SHOWN:
                expected = msg("a tabulator, a batch and a number of ballots")
                problems.append(InputError(name, number, None, expected, msg("something else")))
            continue
        tabulator, batch, _ = unit_parts(tabulator, batch, "")
        found.append(ManifestBatch(tabulator, batch, int(digits), number))
    return found, problems


@dataclass(frozen=True, slots=True)
class BatchComparison:
    """The batches of a ballot manifest and those of the exports beside it.

    Attributes:
        manifest: the rows of the manifest.
        cards: of the exports, by tabulator and batch.
        ballots: as well; where a ballot has several cards, the manifest may count the one or the other.
        manifest_file: where the manifest stands.
        export_file: where the cards stand.
    """

    manifest: Sequence[ManifestBatch]
    cards: Mapping[Batch, int]
    ballots: Mapping[Batch, int]
    manifest_file: str
    export_file: str

    def checks(self) -> Iterator[DumpCheck]:
        """D110 to D113."""
        rows = Counter((each.tabulator, each.batch) for each in self.manifest)
        listed: dict[Batch, int] = {}
        for each in self.manifest:
            listed.setdefault((each.tabulator, each.batch), each.ballots)
        if listed and listed.keys().isdisjoint(self.cards):
            yield self._of_others(list(listed))
            yield from self._twice(rows)
            return
        yield from self._missing(listed)
        yield from self._twice(rows)
        yield from self._foreign(listed)
        yield from self._unlike({batch: number for batch, number in listed.items() if rows[batch] == 1})

    def _of_others(self, listed: Sequence[Batch]) -> DumpCheck:
        """D110 once, for a manifest of other batches than those of the export: of another county, or election."""
        text = nmsg(
            "the ballot manifest is of other batches: its only one is not among the {there:n} of the export; "
            "nothing of them was compared",
            "the ballot manifest is of other batches: none of its {count:n} is among the {there:n} of the export; "
            "nothing of them was compared",
            len(listed),
            there=len(self.cards),
        )
        ours, theirs = ("/".join(min(each)) + (", …" if len(each) > 1 else "") for each in (listed, self.cards))
        places = self.manifest_file, self.export_file
        return DumpCheck(
            "D110", CheckTopic.COVERAGE, CheckVerdict.FAILS, text, places[0], "", "", ours, theirs, *places
        )

    def _missing(self, listed: Mapping[Batch, int]) -> Iterator[DumpCheck]:
        missing = [
            self._fails(
                "D110",
                batch,
                msg("batch {batch} of the ballot manifest is not in the export", batch="/".join(batch)),
                listed=number,
                cards=0,
            )
            for batch, number in listed.items()
            if batch not in self.cards
        ]
        there = len(listed) - len(missing)
        holds = msg("batches of the ballot manifest are in the export")
        yield from _shorten(missing, there, holds, self.manifest_file)

    def _twice(self, rows: Mapping[Batch, int]) -> Iterator[DumpCheck]:
        twice = [
            DumpCheck(
                "D111",
                CheckTopic.INTEGRITY,
                CheckVerdict.FAILS,
                msg("batch {batch} stands more than once in the ballot manifest", batch="/".join(batch)),
                self.manifest_file,
                unit="/".join(batch),
                left=f"{times}",
                left_source=self.manifest_file,
            )
            for batch, times in rows.items()
            if times > 1
        ]
        once = len(rows) - len(twice)
        holds = msg("batches stand once each in the ballot manifest")
        yield from _shorten(twice, once, holds, self.manifest_file, "D111", CheckTopic.INTEGRITY)

    def _foreign(self, listed: Mapping[Batch, int]) -> Iterator[DumpCheck]:
        foreign = [
            self._fails(
                "D112",
                batch,
                msg("batch {batch} of the export is not in the ballot manifest", batch="/".join(batch)),
                listed=0,
                cards=number,
            )
            for batch, number in sorted(self.cards.items())
            if batch not in listed
        ]
        known = len(self.cards) - len(foreign)
        holds = msg("batches of the export are in the ballot manifest")
        yield from _shorten(foreign, known, holds, self.export_file, "D112")

    def _unlike(self, listed: Mapping[Batch, int]) -> Iterator[DumpCheck]:
        both = [batch for batch in listed if batch in self.cards]
        unlike = [
            self._fails(
                "D113",
                batch,
                msg(
                    "batch {batch} has {cards:n} cards in the export and {listed:n} in the ballot manifest",
                    batch="/".join(batch),
                    cards=self.cards[batch],
                    listed=listed[batch],
                ),
                listed=listed[batch],
                cards=self.cards[batch],
            )
            for batch in both
            if listed[batch] not in (self.cards[batch], self.ballots.get(batch))
        ]
        alike = len(both) - len(unlike)
        holds = msg("batches have as many cards as the ballot manifest says")
        yield from _shorten(unlike, alike, holds, self.export_file, "D113", CheckTopic.AGREEMENT)

    def _fails(self, code: str, batch: Batch, text: Text, listed: int, cards: int) -> DumpCheck:
        return DumpCheck(
            code,
            CheckTopic.AGREEMENT if code == "D113" else CheckTopic.COVERAGE,
            CheckVerdict.FAILS,
            text,
            self.manifest_file if code == "D110" else self.export_file,
            unit="/".join(batch),
            left=f"{listed}",
            right=f"{cards}",
            left_source=self.manifest_file,
            right_source=self.export_file,
        )


def _shorten(
    failing: Sequence[DumpCheck],
    holding: int,
    holds: Text,
    source: str,
    code: str = "D110",
    topic: CheckTopic = CheckTopic.COVERAGE,
) -> Iterator[DumpCheck]:
    """The first failing ones, one for those beyond `SHOWN`, and one for all that hold."""
    yield from failing[:SHOWN]
    if (more := len(failing) - SHOWN) > 0:
        text = nmsg("the same of {count:n} more batch", "the same of {count:n} more batches", more)
        yield DumpCheck(code, topic, CheckVerdict.FAILS, text, source, times=more)
    if holding:
        yield DumpCheck(code, topic, CheckVerdict.HOLDS, holds, source, times=holding)


@dataclass(frozen=True, slots=True)
class ListedDigest:
    """A SHA-256 of a text file, and the name that it is said to be of; empty where the file names none."""

    sha256: str
    name: str


def digests(data: bytes) -> list[ListedDigest]:
    """The digests that a text file holds, or none where it holds anything else."""
    if len(data) > MAX_DIGESTS:
        return []
    found = []
    for line in decode(data.removeprefix(b"\xef\xbb\xbf")).split("\n"):
        if not (text := line.strip()):
            continue
        if plain := _DIGEST_LINE.fullmatch(text):
            found.append(ListedDigest(plain[1].lower(), Path((plain[2] or "").replace("\\", "/")).name))
        elif named := _NAMED_LINE.fullmatch(text):
            found.append(ListedDigest(named[2].lower(), Path(named[1].replace("\\", "/")).name))
        else:
            return []
    return found


def are_digests(head: bytes, name: str) -> bool:
    """Recognise digests of exports: the file names an export, or is named after one.

    A list of digests is no layout of a maker; that of other files is left to others.
    """
    if len(head) >= HEAD:  # its last line may be cut
        head = head[: head.rfind(b"\n") + 1]
    found = digests(head)
    if not found:
        return False
    named = [each.name for each in found if each.name]
    return any(_is_table(each) for each in named) or (not named and len(found) == 1 and _is_table(name, ".txt"))


def _is_table(name: str, other: str = ".csv") -> bool:
    lower = name.casefold().removesuffix(".txt").removesuffix(".sha256").removesuffix(".sha256sum")
    return lower.endswith((".csv", ".json")) or ("cvr" in lower and name.casefold().endswith((other, ".sha256")))


def check_digest(listed: ListedDigest, source: str, files: Mapping[str, tuple[str, str]]) -> DumpCheck | None:
    """D101: whether the file beside a digest has it; None where no file is meant.

    Args:
        listed: the digest.
        source: the file that it stands in.
        files: path and SHA-256 of the files beside it, by name.
    """
    stem = Path(source).name
    for suffix in (".txt", ".sha256", ".sha256sum"):
        stem = stem.removesuffix(suffix)
    wanted = (
        [listed.name] if listed.name else [stem, f"{stem}.csv", f"{stem}.json", *([*files] if len(files) == 1 else [])]
    )
    name = next((each for each in wanted if each in files), None)
    if name is None:
        return None
    path, sha256 = files[name]
    if not sha256:
        text = msg("the SHA-256 of {name} was not taken: the file could not be read to its end", name=name)
        return DumpCheck("D101", CheckTopic.INTEGRITY, CheckVerdict.NOT_CHECKED, text, path)
    if sha256 == listed.sha256:
        text = msg("{name} has the SHA-256 that is listed for it", name=name)
        return DumpCheck("D101", CheckTopic.INTEGRITY, CheckVerdict.HOLDS, text, path)
    text = msg("{name} does not have the SHA-256 that is listed for it", name=name)
    return DumpCheck(
        "D101",
        CheckTopic.INTEGRITY,
        CheckVerdict.FAILS,
        text,
        path,
        left=sha256,
        right=listed.sha256,
        left_source=path,
        right_source=source,
    )
