"""Files given as tables that are none which is read, as web pages that some programs save under the name .xls."""

from __future__ import annotations

import re

from protocol.errors import InputError
from protocol.words import Message, msg
from verify.model.use import MEMBER
from verify.read.no_tables import LOOKED_AT, no_table

_LOOKED_AT = 2**16
_PAGE = (b"<!doctype html", b"<html", b"<table", b"<meta")
_WANTED = msg("a workbook, or text with delimiters")


def refuse_disguised(data: bytes, file: str) -> None:
    """Refuse a web page with a table, a workbook in the XML of 2003 and what holds no table, with what to do about it.

    Raises:
        InputError: it is one.
    """
    start = data[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    got: Message | None = None
    if start.startswith(_PAGE) and b"<table" in start:
        got = msg("a web page with a table, whatever its name: open it in a spreadsheet and save it as .xlsx or .csv")
    elif start.startswith(b"<?xml") and (b"<workbook" in start or b"<ss:workbook" in start):
        got = msg("a workbook in the XML of 2003: open it in a spreadsheet and save it as .xlsx")
    else:
        got = no_table(re.split(r"[/\\]|" + MEMBER, file)[-1], data[:LOOKED_AT])
    if got is not None:
        raise InputError(file, None, None, _WANTED, got)
