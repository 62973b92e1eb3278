"""The list of bureaux whose papers can be audited: CSV with ``insee``, and ``bureau`` where not all of a commune."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np

from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.words import msg
from verify.model.figures import Bools, Texts

MOST = 2**24
"""Bytes of such a list."""


def on_paper(file: OpenedFile, insee: Texts, bureau: Texts) -> Bools:
    """Tell which bureaux a list names, shape ``(bureaux,)``; zeros before a code do not matter.

    Args:
        file: the list.
        insee: INSEE codes of the communes of bureaux.
        bureau: codes of the bureaux.

    Raises:
        InputError: it is no CSV in UTF-8, or a row has no code in a column ``insee``.
    """
    listed = set()
    try:
        text = file.data.decode("utf-8-sig")
        rows = csv.DictReader(StringIO(text), delimiter=max(",;\t", key=text.partition("\n")[0].count), strict=True)
        for row in rows:
            code = (row.get("insee") or "").strip()
            if not code:
                wanted = msg("the INSEE code of a commune")
                raise InputError(str(file.path), rows.line_num, "insee", wanted, msg("nothing"))
            listed.add((code, _bare((row.get("bureau") or "").strip())))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(file.path), None, None, msg("a CSV file in UTF-8"), str(error)) from error
    places = zip(insee.tolist(), bureau.tolist(), strict=True)
    return np.array([(code, "") in listed or (code, _bare(each)) in listed for code, each in places], np.bool_)


def _bare(code: str) -> str:
    return code.lstrip("0") or code[:1]
