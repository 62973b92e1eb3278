"""`regard inspect`: every field of a dump with its offset, its bytes and its meaning, and all that is wrong with it."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.text import Text

from protocol import civil_time
from protocol.errors import FormatError, wanted
from protocol.export import reading
from protocol.export import record as export
from protocol.export.record import RECORD_LENGTH, Verdict
from protocol.opening import open_evidence
from protocol.urn import image as module
from protocol.urn.inspect import describe
from protocol.words import msg
from regard.arguments import integer
from regard.commands.inspect_words import MEANING, SHORT, VERDICTS, zeros
from regard.language import add_language, colon, show, spoken
from regard.terminal import clean, console

_MOST_ROWS = 40
"""Rows of a batch that are listed, beside those that are not right."""
_BYTES = 8
_MODEL = {
    "fr": "Export de résultats, version 1 : un modèle, non le format du constructeur, qui n'est pas public.",
    "en": "Result export, version 1: a model, not the vendor's format, which is not public.",
}
_BAD, _FAINT = "bold red", "dim"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, spoken(parser))
    parser.add_argument(
        "file",
        metavar=text(msg("FILE")),
        type=Path,
        help=text(msg("a result export (.esf), a batch, a module image (.urn)")),
    )
    parser.add_argument(
        "--record",
        metavar="N",
        type=integer,
        help=text(msg("the record of a batch to show, counted from 1")),
    )
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Show one file. Returns 0, or 1 where something is wrong with it, 2 where there is nothing to show.

    Raises:
        InputError: it cannot be read.
    """
    path: Path = args.file
    if path.is_dir():
        return _refuse(path, show(args.lang, msg("is a folder: name one file")), args.lang)
    page = Page(console(), args.lang)
    file = open_evidence(path, reading.MAX_FILE)
    if file.data.startswith(module.MAGIC):
        return inspect_image(page, path.name, file.data[: module.IMAGE_SIZE + 1])
    found = reading.parse(file)
    count = len(found.columns)
    if args.record is not None and not 1 <= args.record <= count:
        here = show(args.lang, msg("record {record}: there are {count}", record=args.record, count=count))
        return _refuse(path, here, args.lang)
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
    verdict = Verdict(found.verdict[index])
    page.line()
    page.line(
        show(args.lang, msg("record {index}, byte {offset}: ", index=index + 1, offset=offset))
        + show(args.lang, VERDICTS[verdict]),
        _BAD if verdict else "",
    )
    _record(page, data, offset)
    return 1 if verdict or (found.problems and args.record is None) else 0


def _refuse(path: Path, reason: str, language: str) -> int:
    print(f"regard inspect: {clean(str(path))}{colon(language)} {reason}", file=sys.stderr)
    return 2


class Page:
    """Lines for a terminal of any width, or for a pipe."""

    def __init__(self, out: Console, language: str) -> None:
        self.out = out
        self.language = language

    def line(self, text: str = "", style: str = "", indent: str = "") -> None:
        """One line, wrapped where the window is too narrow."""
        width = max(self.out.width, 20)
        for part in textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False) or [""]:
            self.raw(part, style)

    def raw(self, text: str, style: str = "") -> None:
        """One line as it is."""
        self.out.print(Text(text, style), soft_wrap=True)

    def field(self, offset: int, raw: bytes, text: str, bad: list[str]) -> None:
        """A field: its offset, its bytes in rows of eight, its name, value and meaning; and what is wrong with it."""
        shown = zeros(raw) or raw.hex(" ").upper()
        rows = textwrap.wrap(shown, 3 * _BYTES - 1)
        words = textwrap.wrap(text, max(self.out.width - 36, 20), break_on_hyphens=False)
        for number in range(max(len(rows), len(words))):
            place = f"{offset:7}" if number == 0 else ""
            left, right = (column[number] if number < len(column) else "" for column in (rows, words))
            self.raw(f"{place:7}  {left:{3 * _BYTES - 1}}  {right}".rstrip(), _BAD if bad else "")
        for fault in bad:
            self.line(f"     ->  {fault}", _BAD, " " * 9)


def _head(page: Page, found: reading.Reading) -> None:
    file, count, language = found.files[0], len(found.columns), page.language
    size = show(language, msg("{size} bytes", size=file.size))
    several = count > 1 or (count == 0 and language == "en")
    records = show(language, msg("record")) + ("s" if several else "")
    page.line(f"{clean(file.path.name)}{show(language, msg(':'))} {size}, {count} {records}")
    page.line(f"SHA-256 {file.sha256}", _FAINT)
    for problem in found.problems:
        page.line(_problem_text(problem, language), _BAD)


def _problem_text(problem: reading.Problem, language: str) -> str:
    name = show(language, problem.kind.text)
    place = show(language, msg("at byte {offset}", offset=problem.offset))
    seen = show(language, msg(", {times} times", times=problem.times)) if problem.times > 1 else ""
    count = show(language, msg("{bytes} bytes", bytes=problem.bytes))
    return f"{name}, {place}, {count}{seen}" + show(
        language, msg(": expected {wanted}, got {got}", wanted=problem.expected, got=problem.got)
    )


def _batch(page: Page, found: reading.Reading) -> None:
    language = page.language
    page.line(_MODEL[language], _FAINT)
    names = show(language, msg("no byte insee bureau poll part cast")).split()
    widths = (6, 11, 8, 9, 9, 8, 11)
    page.line()
    page.raw(
        "".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True))
        + "  "
        + show(language, msg("bytes")),
        _FAINT,
    )
    rows = [index for index, verdict in enumerate(found.verdict.tolist()) if index < _MOST_ROWS or verdict]
    shown = rows[: 3 * _MOST_ROWS]
    for index in shown:
        row, verdict = found.columns[index], Verdict(found.verdict[index])
        texts = (clean(row[name].decode("latin-1")) for name in ("insee", "bureau"))
        cells = (index + 1, found.offset[index], *texts, row["poll"], row["part"], row["cast"])
        line = "".join(f"{cell!s:>{width}}" for cell, width in zip(cells, widths, strict=True))
        page.raw(f"{line}  {show(language, SHORT[verdict])}", _BAD if verdict else "")
    count, wrong = len(found.columns), int((found.verdict != Verdict.OK).sum())
    page.line()
    if len(shown) < count:
        left = count - len(shown)
        page.line(show(language, msg("and {left} more that are not shown.", left=left)))
    page.line(
        show(
            language,
            msg("{count} records, {wrong} not right. --record N shows one, field by field.", count=count, wrong=wrong),
        ),
        _BAD if wrong else "",
    )


def _fragment(page: Page, data: bytes) -> None:
    """What can be read where there is no whole record: from the first magic on, or a record that lost its magic."""
    start = data.find(export.MAGIC)
    piece = data[max(start, 0) : max(start, 0) + RECORD_LENGTH]
    plausible = piece[8:12] == export.VERSION.to_bytes(2, "big") + RECORD_LENGTH.to_bytes(2, "big")
    if start >= 0 or plausible:
        _record(page, piece, max(start, 0))
    elif data:
        page.line()
        page.line(show(page.language, msg("The first bytes:")))
        for at in range(0, min(len(data), 8 * _BYTES), _BYTES):
            row = data[at : at + _BYTES]
            text = "".join(chr(byte) if 0x20 < byte < 0x7F else "." for byte in row)
            page.raw(f"{at:7}  {row.hex(' ').upper():{3 * _BYTES - 1}}  {text}")


def _record(page: Page, data: bytes, start: int) -> None:
    language = page.language
    page.line(_MODEL[language], _FAINT)
    faults: dict[tuple[str, int], list[str]] = {}
    for error in export.faults(data):
        faults.setdefault((error.field, error.offset), []).append(_fault_text(error, language))
    page.line()
    head = show(language, msg("bytes"))
    page.raw(f"{show(language, msg('offset')):>7}  {head:{3 * _BYTES - 1}}  {show(language, msg('field'))}", _FAINT)
    for name, offset, size, text in _fields(data, language):
        raw = data[offset : offset + size]
        if not raw:
            page.line(show(language, msg("     ->  nothing from {name} on", name=name)), _BAD)
            break
        bad = faults.get((name.partition("[")[0], offset), [])
        if len(raw) < size:
            bad = [show(language, msg("cut: {raw} of {size} bytes", raw=len(raw), size=size))]
        page.field(start + offset, raw, text, bad)


def inspect_image(page: Page, name: str, image: bytes) -> int:
    """Show a module image, section by section. Returns 0, or 1 where something is wrong with it."""
    language, size = page.language, module.IMAGE_SIZE
    more = show(language, msg("more than {size} bytes", size=size))
    count = more if len(image) > size else show(language, msg("{image} bytes", image=len(image)))
    page.line(f"{clean(name)}{show(language, msg(':'))} {count}")
    page.line(
        show(language, msg("Module image, version 1: a model, not the vendor's format, which is not public.")),
        _FAINT,
    )
    wrong = len(image) != size
    if wrong:
        page.line(show(language, msg("expected {size} bytes, got {count}", size=size, count=count)), _BAD)
    for each in describe(image, language):
        wrong = wrong or each.fails
        check = f" [{each.check}]" if each.check else ""
        if not each.raw:
            page.line()
            page.line(clean(f"{each.field} {each.value}: {each.meaning}{check}"), _BAD if each.fails else "bold")
            continue
        field = each.field.removeprefix(f"{each.section.name.lower()}.")
        value = "" if each.value == each.raw.hex(" ").upper() else f": {each.value}"
        meaning = f" ({each.meaning})" if each.meaning not in ("", each.value) else ""
        bad = [each.check] if each.fails else []
        page.field(each.offset, each.raw, clean(field + value + meaning + ("" if bad else check)), bad)
    return 1 if wrong else 0


def _fault_text(error: FormatError, language: str) -> str:
    return show(language, wanted(error.expected, error.got))


def _fields(data: bytes, language: str) -> Iterator[tuple[str, int, int, str]]:
    """Name, offset, size and text of every field; the tallies one by one, those beyond the choices together."""
    for name, (offset, size) in export.field_places().items():
        if name != "tallies":
            value = _value(name, data[offset : offset + size], language)
            yield name, offset, size, f"{name}{': ' if value else ''}{value} ({show(language, MEANING[name])})"
            continue
        choices = min(data[147], export.MAX_CHOICES) if len(data) > 147 else 0
        used = data[offset : offset + size].rstrip(b"\0")
        last = max(choices, -(-len(used) // 4))
        for number in range(last):
            place = offset + 4 * number
            votes = int.from_bytes(data[place : place + 4], "big")
            label = show(language, msg("votes of choice {number}", number=number + 1))
            label = label if number < choices else show(language, msg("beyond the choices"))
            yield f"tallies[{number}]", place, 4, f"tallies[{number}]: {votes} ({label})"
        if last < export.MAX_CHOICES:
            rest = 4 * (export.MAX_CHOICES - last)
            label = show(language, msg("beyond the choices: zeros"))
            yield "tallies", offset + size - rest, rest, f"tallies ({label})"


def _value(name: str, raw: bytes, language: str) -> str:
    if name in export.TEXTS:
        return clean(raw.rstrip(b"\0").decode("latin-1")) or show(language, msg("empty"))
    if name in ("magic", "choices_digest", "module_digest", "reserved"):
        return ""
    number = int.from_bytes(raw, "big")
    if name in export.TIMES:
        never = number == civil_time.NEVER
        return show(language, msg("never")) if never else civil_time.text(number).replace("(out of range)", "").strip()
    return f"{number:08X}" if name == "crc32" else str(number)
