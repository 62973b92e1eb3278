"""The tables of one file, whatever its kind: sheets of a workbook, records of JSON or Parquet, rows of a text."""

from __future__ import annotations

import codecs
from dataclasses import replace
from pathlib import PurePath

from protocol.errors import InputError, wrong_file
from protocol.words import msg
from verify.read.disguised import PARQUET, WORKBOOKS, ZIP, disguised_as, is_json, is_page
from verify.read.published.source import OpenedSource, SourceTable, text_table
from verify.read.rows import repair

TABLE = msg("a table")


class NoTable(InputError):
    """A file of a kind that holds no table."""


def tables_in(source: OpenedSource, encoding: str = "", delimiter: str = "") -> list[SourceTable]:
    """The tables of a file, or of a member of an archive. The reader of a kind of files is loaded where there is one.

    Args:
        source: its bytes.
        encoding: of a text, empty where it is found out.
        delimiter: between its cells, the same.

    Raises:
        NoTable: it is of a kind that holds none.
        InputError: it is damaged, larger than its bounds, or not in its encoding.
    """
    if is_page(source.data) or source.data.startswith(ZIP):
        from verify.read.spreadsheets.pages import page_table

        if (page := page_table(source)) is not None:
            return [page]
    what = disguised_as(source.data, PurePath(source.name).name)
    if what is None and source.data.startswith(ZIP):
        from verify.read.published.archives import is_other_archive

        if is_other_archive(source.data):  # of an archive that was given, the members come here
            what = msg("an archive in an archive, which is not opened: unpack it")
    if what is not None:
        raise NoTable(source.file, None, None, TABLE, what)
    if source.data.startswith(WORKBOOKS):
        from verify.read.spreadsheets.workbook import sheets

        return sheets(source)
    text = _text_of(source, encoding)
    if is_json(text.data):
        from verify.read.spreadsheets.json_tables import json_table

        if (records := json_table(text)) is not None:
            return [records]
        got = msg("JSON without a list of bureaux: an object for each, with names such as inscrits")
        raise NoTable(source.file, None, None, TABLE, got)
    return [text_table(text, delimiter)]


def _text_of(source: OpenedSource, encoding: str) -> OpenedSource:
    """A text with its accents repaired that were encoded twice, or that of a Parquet file.

    Raises:
        InputError: it is damaged, larger than its bounds, or not in its encoding.
    """
    if source.data.startswith(PARQUET):
        from verify.read.parquet.opened import in_text

        return in_text(source)
    data = source.data.removeprefix(codecs.BOM_UTF8) if encoding else source.data
    if encoding:
        try:
            data = data.decode("utf-8" if data is not source.data else encoding).encode()
        except UnicodeDecodeError as error:
            expected = msg("text in {encoding}", encoding=encoding)
            raise wrong_file(source.file, expected, f"{error.start}") from error
    return replace(source, data=repair(data))
