"""Ballot manifests of election offices (ballots of each batch), and SHA-256 digests of exports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.cvr.counting import Batch, unit_parts
from protocol.cvr.csv_rows import cells, decode, value
from protocol.dumps.checks import Checklist
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
            else:
                problems[-1].count += 1
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
        ballots: the same in ballots; where a ballot has several cards, the manifest may count the one or the other.
        manifest_file: where the manifest stands.
        export_file: where the cards stand.
    """

    manifest: Sequence[ManifestBatch]
    cards: Mapping[Batch, int]
    ballots: Mapping[Batch, int]
    manifest_file: str
    export_file: str

    def check(self, checks: Checklist) -> None:
        """D110 to D113."""
        rows = Counter((each.tabulator, each.batch) for each in self.manifest)
        listed: dict[Batch, int] = {}
        for each in self.manifest:
            listed.setdefault((each.tabulator, each.batch), each.ballots)
        others = bool(listed) and listed.keys().isdisjoint(self.cards)
        sides = {
            batch: {
                "left": f"{listed.get(batch, 0)}",
                "right": f"{self.cards.get(batch, 0)}",
                "left_source": self.manifest_file,
                "right_source": self.export_file,
            }
            for batch in {**listed, **self.cards}
        }
        if others:
            self._refuse_others(checks, list(listed))
        else:
            missing = {
                batch: msg("batch {batch} of the ballot manifest is not in the export", batch="/".join(batch))
                for batch in listed
                if batch not in self.cards
            }
            there = len(listed) - len(missing)
            holds = msg("batches of the ballot manifest are in the export")
            _list_batches(checks, "D110", missing, sides, self.manifest_file, (there, holds))
        twice = {
            batch: msg("batch {batch} stands more than once in the ballot manifest", batch="/".join(batch))
            for batch, times in rows.items()
            if times > 1
        }
        times_of = {batch: {"left": f"{rows[batch]}", "left_source": self.manifest_file} for batch in twice}
        once = len(rows) - len(twice), msg("batches stand once each in the ballot manifest")
        _list_batches(checks, "D111", twice, times_of, self.manifest_file, once)
        if others:
            return
        foreign = {
            batch: msg("batch {batch} of the export is not in the ballot manifest", batch="/".join(batch))
            for batch in sorted(self.cards)
            if batch not in listed
        }
        known = len(self.cards) - len(foreign), msg("batches of the export are in the ballot manifest")
        _list_batches(checks, "D112", foreign, sides, self.export_file, known)
        both = [batch for batch in listed if rows[batch] == 1 and batch in self.cards]
        unlike = {
            batch: msg(
                "batch {batch} has {cards:n} cards in the export and {listed:n} in the ballot manifest",
                batch="/".join(batch),
                cards=self.cards[batch],
                listed=listed[batch],
            )
            for batch in both
            if listed[batch] not in (self.cards[batch], self.ballots.get(batch))
        }
        alike = len(both) - len(unlike), msg("batches have as many cards as the ballot manifest says")
        _list_batches(checks, "D113", unlike, sides, self.export_file, alike)

    def _refuse_others(self, checks: Checklist, listed: Sequence[Batch]) -> None:
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
        checks.of(self.manifest_file).differ("D110", text, (ours, theirs), places)


def _list_batches(
    checks: Checklist,
    code: str,
    failing: Mapping[Batch, Text],
    sides: Mapping[Batch, Mapping[str, str]],
    source: str,
    holding: tuple[int, Text],
) -> None:
    """List the first failures, a count of the rest, and a count of what holds."""
    for batch, text in list(failing.items())[:SHOWN]:
        checks.of(source, "/".join(batch)).fails(code, text, **sides[batch])
    more = max(len(failing) - SHOWN, 0)
    text = nmsg("the same of {count:n} more batch", "the same of {count:n} more batches", more)
    checks.of(source).fails(code, text, times=more)
    times, holds = holding
    checks.of(source).holds(code, holds, times=times)


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

    A list of digests is no layout of a maker; lists of digests of other files are not ours.
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


def check_digests(
    checks: Checklist, listed: Sequence[ListedDigest], source: str, files: Mapping[str, tuple[str, str]]
) -> None:
    """D101: whether the files beside some digests have them; a digest for which no file is meant says nothing.

    Args:
        checks: where the outcome goes.
        listed: the digests.
        source: the file that they stand in.
        files: path and SHA-256 of the files beside it, by name.
    """
    stem = Path(source).name
    for suffix in (".txt", ".sha256", ".sha256sum"):
        stem = stem.removesuffix(suffix)
    unnamed = [stem, f"{stem}.csv", f"{stem}.json", *([*files] if len(files) == 1 else [])]
    held: list[tuple[str, str]] = []
    for each in listed:
        name = next((name for name in ([each.name] if each.name else unnamed) if name in files), None)
        if name is None:
            continue
        path, sha256 = files[name]
        if not sha256:
            text = msg("the SHA-256 of {name} was not taken: the file could not be read to its end", name=name)
            checks.of(path).not_checked("D101", text)
        elif sha256 == each.sha256:
            held.append((name, path))
        else:
            text = msg("{name} does not have the SHA-256 that is listed for it", name=name)
            checks.of(path).differ("D101", text, (sha256, each.sha256), (path, source))
    if len(held) > 1:
        checks.of(source).holds("D101", msg("exports have the SHA-256 that is listed for them"), times=len(held))
    for name, path in held if len(held) == 1 else ():
        checks.of(path).holds("D101", msg("{name} has the SHA-256 that is listed for it", name=name))
