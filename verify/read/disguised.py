"""Kinds of files by their first bytes; those without a table that is read: scans, letters, other XML."""

from __future__ import annotations

import re

from protocol.dumps.layouts import HEAD, unread_format
from protocol.errors import wrong_file
from protocol.extras import lacks, say_missing
from protocol.words import Message, msg
from verify.model.use import MEMBER

_LOOKED_AT = 2**16
_PAGE = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<body", b"<div", b"<head")
_WANTED = msg("a workbook, or text with delimiters")


_BEFORE_ROOT = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<![^-][^>]*>)", re.DOTALL)
_ROOT = re.compile(rb"\s*<([A-Za-z_][A-Za-z0-9_.:-]{0,79})(?=[\s/>])")
FEED = "Election"
"""The root element of the ministry's feed."""


def root_of(data: bytes) -> str:
    """The name of the root element of XML or HTML in an encoding that has ASCII in it; empty for any other file."""
    start, at = data[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf"), 0
    while (before := _BEFORE_ROOT.match(start, at)) is not None:
        at = before.end()
    root = _ROOT.match(start, at)
    return "" if root is None else root[1].decode()


def is_xml(data: bytes) -> bool:
    """Test whether a file is XML, or a page of a web server in its place."""
    return _first_sign(data).startswith((b"<?xml", b"<!")) or root_of(data) != ""


def is_json(data: bytes) -> bool:
    """Test whether bytes begin as JSON with objects or lists does."""
    return _first_sign(data).startswith((b"[", b"{"))


def _first_sign(data: bytes) -> bytes:
    return data[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")


def other_xml(root: str) -> Message:
    """Describe XML that is not the ministry's."""
    return msg("XML of another form, with the root element « {root} »: no reader knows it", root=root)


def is_page(data: bytes) -> bool:
    """Test whether bytes are a web page, whatever its name."""
    return _first_sign(data).lower().startswith(_PAGE) or root_of(data).lower() == "html"


def disguised_as(data: bytes, name: str) -> Message | None:
    """Describe a file that holds no table which is read, with what to do about it; None for any other.

    Args:
        data: its bytes.
        name: of the file, without its folder.
    """
    root = root_of(data)
    if is_page(data):
        return None
    if root in ("Workbook", "ss:Workbook"):
        return msg("a workbook in the XML of 2003: open it in a spreadsheet and save it as .xlsx")
    if root and root != FEED:
        return unread_format(data[:LOOKED_AT]) or other_xml(root)
    return no_table(name, data[:LOOKED_AT])


def refuse_disguised(data: bytes, file: str) -> None:
    """Refuse a file of which `disguised_as` says what it is.

    Raises:
        InputError: it is one.
    """
    got = disguised_as(data, re.split(r"[/\\]|" + MEMBER, file)[-1])
    if got is not None:
        raise wrong_file(file, _WANTED, got)


LOOKED_AT = HEAD
"""Bytes at the start of a file that tell what it is."""

ZIP = b"PK\3\4"
PDF = b"%PDF-"
"""Beginning of a PDF, whose text is read where the library for it is installed."""
PARQUET = b"PAR1"
WORKBOOKS = (b"\xd0\xcf\x11\xe0", ZIP, PDF)
"""Beginnings of what is read sheet by sheet: of a plain zip, `source.unpack` has given the members already."""
_TYPED = msg("Or type its figures in.")
_IMAGE = msg("an image, which is not read: type its figures in")
_LETTER = msg("a text document, whose tables are not read: copy them into a spreadsheet")
_MAIL = msg("an e-mail of Outlook, which is not read: save it as .eml, or its attachments by themselves")
OPEN = msg("what a spreadsheet leaves beside a workbook that is open: save the workbook and close it")
SYSTEM = msg("a file that the operating system has made: no evidence")
_ARCHIVE = msg("an archive of a kind that is not opened: unpack it")
_DUMP = msg(
    "a dump of a machine, which is no table and not read out of an archive: give it in a folder, or with --exports"
)
_OTHER_WORKBOOK = msg("a workbook of a kind that is not read: save it as .xlsx")

_TEXT = re.compile(r".*\.(docx|docm|odt)", re.IGNORECASE | re.DOTALL)
_BY_NAME = (
    (re.compile(r"~\$.*|\.~lock\..*#", re.DOTALL), OPEN),
    (re.compile(r"thumbs\.db|desktop\.ini|ehthumbs\.db|\.ds_store", re.IGNORECASE), SYSTEM),
    (re.compile(r".*\.(docx?|docm|odt|pages|pptx?|odp)", re.IGNORECASE | re.DOTALL), _LETTER),
    (re.compile(r".*\.msg", re.IGNORECASE | re.DOTALL), _MAIL),
    (re.compile(r".*\.(xlsb|numbers)", re.IGNORECASE | re.DOTALL), _OTHER_WORKBOOK),
)
_BY_START = (
    (b"\xff\xd8\xff", _IMAGE),
    (b"\x89PNG\r\n", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"II*\0", _IMAGE),
    (b"MM\0*", _IMAGE),
    (b"{\\rtf", _LETTER),
    (b"Rar!\x1a", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x89ESF\r\n", _DUMP),
    (b"\x89URN\r\n", _DUMP),
)
_PICTURE = re.compile(rb"....ftyp(?:heic|heix|mif1|avif)|RIFF....WEBP", re.DOTALL)


def no_table(name: str, start: bytes) -> Message | None:
    """Describe a file of a kind that holds no table, with what to do about it; None for any other.

    Args:
        name: of the file, without its folder.
        start: its first bytes, at least `LOOKED_AT` if it has as many.
    """
    if _PICTURE.match(start):
        return _IMAGE
    if start.startswith(PDF):
        return msg("a PDF, {missing}", missing=say_missing("pdf", _TYPED)) if lacks("pdf") else None
    if is_page(start) or (start.startswith(ZIP) and _TEXT.fullmatch(name)):
        return None  # its tables are read
    by_start = next((what for magic, what in _BY_START if start.startswith(magic)), None)
    by_name = (what for pattern, what in _BY_NAME if pattern.fullmatch(name))
    return by_start or next(by_name, None) or unread_format(start)
