"""The list of bureaux whose papers can be audited: CSV with ``insee``, and ``bureau`` where not all of a commune."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO

import numpy as np

from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.words import cited, msg
from verify.model.figures import Bools, Texts

MOST = 2**24
"""Bytes of such a list."""


def read_paper_list(file: OpenedFile) -> Mapping[str, frozenset[str] | None]:
    """The bureaux on paper of each commune by its INSEE code, without leading zeros; None for all of them.

    Raises:
        InputError: it is no UTF-8 text, has no column ``insee``, or a row without a code.
    """
    name = str(file.path)
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(name, None, None, msg("a CSV file in UTF-8"), msg("other bytes")) from error
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: dict[str, frozenset[str] | None] = {}
    try:
        fields = [*(rows.fieldnames or ())]
        if "insee" not in fields:
            raise InputError(name, 1, None, msg("a column « insee »"), cited(head[:80]))
        for row in rows:
            insee, bureau = (row["insee"] or "").strip(), (row.get("bureau") or "").strip()
            if row.get("comptage", "machine") != "machine":
                continue
            if not insee:
                raise InputError(name, rows.line_num, "insee", msg("the INSEE code of a commune"), msg("nothing"))
            before = found.get(insee, frozenset())
            whole = before is None or not bureau
            found[insee] = None if whole else frozenset((*(before or ()), _bare(bureau)))
    except csv.Error as error:
        raise InputError(name, rows.line_num, None, msg("a CSV file"), str(error)) from error
    return found


def on_paper(insee: Texts, bureau: Texts, listed: Mapping[str, frozenset[str] | None]) -> Bools:
    """Where the papers of bureaux can be audited, from their INSEE codes and codes; shape ``(bureaux,)``."""
    nothing: frozenset[str] = frozenset()
    kept = []
    for commune, code in zip(insee.tolist(), bureau.tolist(), strict=True):
        bureaux = listed.get(commune, nothing)
        kept.append(bureaux is None or _bare(code) in bureaux)
    return np.array(kept, np.bool_)


def _bare(code: str) -> str:
    return code.lstrip("0") or code
