"""`regard lab inspect`: every field of a dump with its offset, bytes and meaning, and all that is wrong with it."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from protocol.dumps.layouts import HEAD, unread_format
from protocol.dumps.packed import packed_dumps
from protocol.dumps.recognising import find_dumps, layout_of
from protocol.errors import RegardError, byte_count, wanted
from protocol.export import reading
from protocol.export import record as export
from protocol.export.record import RECORD_LENGTH, RecordVerdict
from protocol.export.scan import Problem
from protocol.opening import OpenedFile, open_evidence
from protocol.urn import image as urn
from protocol.urn.as_dump import recognise
from protocol.urn.inspect import InspectedLine, describe
from protocol.words import Message, Text, msg, nmsg, series, wrap
from regard.outputs import Outputs, check_ending
from regard.reports.dumps import show_dumps
from regard.reports.record_fields import SHORT, VERDICTS, in_hexadecimal, record_lines
from regard.reports.screen import Screen, ScreenLine
from regard.reports.urn_map import draw_urn_map
from regard.terminal import clean, console

_BYTES = 8
_NARROW = 60
"""Columns of a screen below which words stand under the bytes."""
_EXPORT_MODEL = msg("Result export, version 1: a model, not the vendor's format, which is not public.")
_IMAGE_MODEL = msg("Module image, version 1: a model, not the vendor's format, which is not public.")
_BAD, _FAINT = "bold red", "dim"


def run(args: argparse.Namespace) -> int:
    """Show one file. Returns 0, or 1 where something is wrong with it, 2 where a dump holds nothing.

    Raises:
        RegardError: the path cannot be shown, or options do not go together.
        InputError: it cannot be read.
    """
    path: Path = args.file
    if path.is_dir():
        raise _refusal(path, msg("is a folder: name one file"))
    if packed := packed_dumps(path):
        raise _refusal(path, packed)
    layout, _ = layout_of(path)
    foreign_layout = layout is not None and not layout.model
    if foreign_layout and args.record is not None:
        raise _refusal(path, msg("--record goes with batches of result exports only"))
    if args.svg is not None and (failed := _draw(path, args)):
        return failed
    screen = Screen(args.lang, console(), whole=args.verbose or args.record is not None)
    dumps = find_dumps([path])
    if args.record is None and (foreign_layout or dumps.exit_code() < 2):
        show_dumps(dumps, screen)
        if not (foreign_layout or args.verbose):
            screen.add(0, ScreenLine(msg("Every field with its bytes: --verbose."), "dim"))
        if foreign_layout or not args.verbose:
            screen.end()
            return dumps.exit_code()
    file = open_evidence(path, reading.MAX_FILE)
    if (named := unread_format(file.data[:HEAD])) is not None:
        raise _refusal(path, named)
    code = _show_bytes(Page(screen), path, file, args)
    screen.end()
    return code


def _show_bytes(page: Page, path: Path, file: OpenedFile, args: argparse.Namespace) -> int:
    """Show every field of a file with its bytes. Returns 0, or 1 where something is wrong."""
    if _is_image(path, file.data):
        return _show_image(page, path.name, file.data[: urn.IMAGE_SIZE + 1])
    found = reading.read((), opened=(file,))
    count = len(found.columns)
    if args.record is not None and args.record > count:
        raise _refusal(path, msg("record {record}: there are {count}", record=args.record, count=count))
    _head(page, found)
    if count == 0:
        _fragment(page, file.data)
        return 1
    if args.record is None and count > 1:
        _batch(page, found)
        return 1 if found.problems or found.verdict.any() else 0
    index = (args.record or 1) - 1
    offset = int(found.offset[index])
    data = file.data[offset : offset + RECORD_LENGTH]
    verdict = RecordVerdict(found.verdict[index])
    page.line()
    said = msg("record {index}, byte {offset}: {verdict}", index=index + 1, offset=offset, verdict=VERDICTS[verdict])
    page.line(said, _BAD if verdict else "")
    _record(page, data, offset)
    return 1 if verdict or (found.problems and args.record is None) else 0


def _is_image(path: Path, data: bytes) -> bool:
    """Tell a module image by its first bytes; where they are damaged, by its name or its size."""
    unknown = export.MAGIC not in data
    return data.startswith(urn.MAGIC) or (unknown and (len(data) == urn.IMAGE_SIZE or recognise(data, path.name)))


def _refusal(path: Path, reason: Text) -> RegardError:
    return RegardError(msg("{path}: {reason}", path=str(path), reason=reason))


def _draw(path: Path, args: argparse.Namespace) -> int:
    """Write the memory of an urn as a picture. Returns 0, or 2 where nothing was written."""
    check_ending("--svg", args.svg, ".svg")
    data = open_evidence(path, reading.MAX_FILE).data
    if not _is_image(path, data):
        raise _refusal(path, msg("--svg goes with module images only"))
    with Outputs({"--svg": args.svg}, [path]) as outputs:
        outputs.write("--svg", lambda: draw_urn_map(data, path.name, args.lang))
        return outputs.end(args, 0)


class Page:
    """Fields with their bytes on a screen; those that are wrong matter most."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.text = screen.text
        self._narrow = screen.width < _NARROW

    def line(self, text: Text = "", style: str = "") -> None:
        """A sentence on all that follows."""
        self._screen.add(0, ScreenLine(text, style))

    def raw(self, text: str, style: str = "", rank: int = 3) -> None:
        """A line of a table."""
        self._screen.add(0 if style == _BAD else rank, ScreenLine(text, style))

    def field(self, offset: int, raw: str, text: Text, bad: Sequence[Text], rank: int = 3) -> None:
        """A field: its offset, its bytes in rows of eight, its name, value and meaning; and what is wrong with it."""
        rows = textwrap.wrap(raw, 3 * _BYTES - 1)
        words = wrap(self.text(text), self._screen.width - (4 if self._narrow else 36))
        beside = zip_longest(rows, [] if self._narrow else words, fillvalue="")
        lines = [
            f"{'' if number else offset:>7}  {left:{3 * _BYTES - 1}}  {right}".rstrip()
            for number, (left, right) in enumerate(beside)
        ]
        if self._narrow:
            lines += [f"    {part}" for part in words]
        for line in lines:
            self.raw(line, _BAD if bad else "", rank)
        for fault in bad:
            self.fault(fault)

    def fault(self, text: Text) -> None:
        """Print a fault below its bytes."""
        for number, part in enumerate(wrap(self.text(text), max(self._screen.width - 9, 20))):
            self.raw(f"{'     ->' if number == 0 else '':9}{part}", _BAD)


def _head(page: Page, found: reading.ExportReading) -> None:
    file, count = found.files[0], len(found.columns)
    records = nmsg("{count:n} record", "{count:n} records", count)
    page.line(msg("{name}: {size}, {records}", name=file.path.name, size=byte_count(file.size), records=records))
    page.line(f"SHA-256 {file.sha256}", _FAINT)
    for problem in found.problems:
        page.line(_problem(problem), _BAD)


def _problem(problem: Problem) -> Message:
    place = [problem.kind.value, msg("at byte {offset}", offset=problem.offset), byte_count(problem.bytes)]
    if problem.times > 1:
        place.append(msg("{times} times", times=problem.times))
    return msg("{place}: {wanted}", place=series(place), wanted=wanted(problem.expected, problem.got))


_COLUMNS = (
    (msg("no"), 6),
    (msg("byte"), 11),
    ("insee", 8),
    ("bureau", 9),
    (msg("poll"), 9),
    (msg("part"), 8),
    (msg("cast"), 11),
)
"""The columns of the list of a batch, but for the last, and their widths."""


def _batch(page: Page, found: reading.ExportReading) -> None:
    page.line(_EXPORT_MODEL, _FAINT)
    page.line()
    head = "".join(f"{page.text(name):>{width}}" for name, width in _COLUMNS)
    page.raw(f"{head}  {page.text(msg('bytes'))}", _FAINT)
    for index, row in enumerate(found.columns):
        verdict = RecordVerdict(found.verdict[index])
        texts = (clean(row[name].decode("latin-1")) for name in ("insee", "bureau"))
        cells = (index + 1, found.offset[index], *texts, row["poll"], row["part"], row["cast"])
        line = "".join(f"{cell!s:>{width}}" for cell, (_, width) in zip(cells, _COLUMNS, strict=True))
        page.raw(f"{line}  {page.text(SHORT[verdict])}", _BAD if verdict else "")
    count, wrong = len(found.columns), int((found.verdict != RecordVerdict.OK).sum())
    page.line()
    page.line(
        msg("{count} records, {wrong} not right. --record N shows one, field by field.", count=count, wrong=wrong),
        _BAD if wrong else "",
    )


def _fragment(page: Page, data: bytes) -> None:
    """Show what can be read of a record that is not whole: from the first magic on, or one that lost its magic."""
    start = data.find(export.MAGIC)
    piece = data[max(start, 0) : max(start, 0) + RECORD_LENGTH]
    plausible = piece[8:12] == export.VERSION.to_bytes(2, "big") + RECORD_LENGTH.to_bytes(2, "big")
    if start >= 0 or plausible:
        _record(page, piece, max(start, 0))
    elif data:
        page.line()
        page.line(msg("No dump of any known format. Its first bytes:"))
        for at in range(0, min(len(data), 8 * _BYTES), _BYTES):
            row = data[at : at + _BYTES]
            text = "".join(chr(byte) if 0x20 < byte < 0x7F else "." for byte in row)
            page.raw(f"{at:7}  {row.hex(' ').upper():{3 * _BYTES - 1}}  {text}")


def _record(page: Page, data: bytes, start: int) -> None:
    page.line(_EXPORT_MODEL, _FAINT)
    page.line()
    offset_head, bytes_head, field_head = (page.text(each) for each in (msg("offset"), msg("bytes"), msg("field")))
    page.raw(f"{offset_head:>7}  {bytes_head:{3 * _BYTES - 1}}  {field_head}", _FAINT)
    for each in record_lines(data, start):
        page.field(each.offset, each.raw, each.said, each.wrong)


def _show_image(page: Page, name: str, image: bytes) -> int:
    """Show a module image, section by section. Returns 0, or 1 where something is wrong with it."""
    size = urn.IMAGE_SIZE
    length = msg("more than {size} bytes", size=size) if len(image) > size else byte_count(len(image))
    page.line(msg("{name}: {length}", name=name, length=length))
    page.line(_IMAGE_MODEL, _FAINT)
    wrong = len(image) != size
    if wrong:
        page.line(wanted(byte_count(size), length), _BAD)
    for each in describe(image):
        wrong = wrong or each.fails
        if not each.raw:
            page.line()
            page.line(_section_text(each), _BAD if each.fails else "bold")
            continue
        rank = 1 if ".tallies[" in str(each.field) else 3
        page.field(each.offset, in_hexadecimal(each.raw), _field_text(each), [each.check] if each.fails else [], rank)
    return 1 if wrong else 0


def _section_text(line: InspectedLine) -> Text:
    said = msg("{field} {value}: {meaning}", field=line.field, value=line.value, meaning=line.meaning)
    return msg("{said} [{check}]", said=said, check=line.check) if line.check else said


def _field_text(line: InspectedLine) -> Text:
    field: Text = line.field
    if isinstance(field, str):
        field = field.removeprefix(f"{line.section.name.lower()}.")
    if line.value != line.raw.hex(" ").upper():
        field = msg("{field}: {value}", field=field, value=line.value)
    if line.meaning not in ("", line.value):
        field = msg("{field} ({meaning})", field=field, meaning=line.meaning)
    return msg("{said} [{check}]", said=field, check=line.check) if line.check and not line.fails else field
