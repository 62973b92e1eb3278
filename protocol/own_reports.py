"""Regard's own files, recognised by beginning and end: a report may replace them, and they are no evidence."""

from __future__ import annotations

import re

START, END = 1000, 2**20
"""How many bytes at the beginning and at the end of a file tell."""
_ZIP, _WORKBOOK = b"PK", b"\x06\x00regard"
"""How a workbook or a text document begins, and the comment at its end."""
_PDF, _KEYWORD = b"%PDF-", re.compile(rb"<pdf:Keywords>regard</pdf:Keywords>")
"""How a PDF begins, and what stands in its metadata."""
_STARTS = (
    rb'\{\s*"tool": "regard"',
    rb"(?:\xef\xbb\xbf)?(?:night[,;])?(?:case[,;])?code[,;]severity[,;]level[,;]insee[,;]bureau",  # findings
    rb"(?:\xef\xbb\xbf)?(?:night[,;])?case[,;]kind[,;]severity[,;]sure[,;]cause",  # cases
    rb"(?:\xef\xbb\xbf)?(?:night[,;])?path[,;]kind[,;]used[,;]size[,;]sha256",  # inputs
    rb"(?:\xef\xbb\xbf)?unit,contest,choice,kind,votes\n",  # of `regard totals`
    rb"c2sp\.org/tlog-proof@v1\n",  # of `regard prove`
    rb"code,place,rows,figures,difference\r?\n",  # of `regard results --compare`
    rb"fault,insee,bureau,outcome,",  # of `regard study score`
    rb"fault,stage,evidence,seeds,",  # of `regard study matrix`
    rb"(?s:#.{,200}`regard (?:study )?(?:calibrate|matrix) --)",
    rb'<!doctype html>\s*<html [^>]{0,40}id="regard-(?:report|next|sheet|checker|plan)"',  # pages, each by its command
    rb"<svg [^>]*(?:id=\"regard-matrix\"|>\s*<title>regard matrix)",
)
GUIDE = "(regard template)"
"""How the first line of the text ends that `regard template` puts beside its tables, in every language."""
_GUIDE = re.compile(rb"(?:\xef\xbb\xbf)?[^\r\n]{1,200}" + re.escape(GUIDE.encode()) + rb"\r?\n")
_START_OF_OURS = re.compile(b"|".join(_STARTS))


def is_own(start: bytes, end: bytes) -> bool:
    """Recognise a report of regard's own.

    Args:
        start: its first bytes, `START` of them.
        end: its last ones, `END` of them.
    """
    if _START_OF_OURS.match(start):
        return True
    if start.startswith(_PDF):
        return bool(_KEYWORD.search(end))
    return start.startswith(_ZIP) and end.endswith(_WORKBOOK)


def is_guide(start: bytes) -> bool:
    """Recognise by its first bytes the text that `regard template` puts beside its tables."""
    return bool(_GUIDE.match(start))
