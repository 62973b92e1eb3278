"""Files given as tables that are none which is read: web pages under the name .xls, XML of other programs."""

from __future__ import annotations

import re

from protocol.errors import InputError
from protocol.words import Message, msg
from verify.model.use import MEMBER
from verify.read.no_tables import LOOKED_AT, no_table

_LOOKED_AT = 2**16
_PAGE = (b"<!doctype html", b"<html", b"<table", b"<meta")
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


def other_xml(root: str) -> Message:
    """What is said of XML that is not the ministry's."""
    return msg("XML of another form, with the root element « {root} »: no reader knows it", root=root)


def disguised_as(data: bytes, name: str) -> Message | None:
    """What a file is that holds no table which is read, and what to do about it; None for any other.

    Args:
        data: its bytes.
        name: of the file, without its folder.
    """
    start = data[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    root = root_of(data)
    if start.startswith(_PAGE) and b"<table" in start:
        return msg("a web page with a table, whatever its name: open it in a spreadsheet and save it as .xlsx or .csv")
    if root in ("Workbook", "ss:Workbook"):
        return msg("a workbook in the XML of 2003: open it in a spreadsheet and save it as .xlsx")
    if root and root != FEED:
        return msg("a web page without a table") if root.lower() == "html" else other_xml(root)
    return no_table(name, data[:LOOKED_AT])


def refuse_disguised(data: bytes, file: str) -> None:
    """Refuse a file of which `disguised_as` says what it is.

    Raises:
        InputError: it is one.
    """
    got = disguised_as(data, re.split(r"[/\\]|" + MEMBER, file)[-1])
    if got is not None:
        raise InputError(file, None, None, _WANTED, got)
