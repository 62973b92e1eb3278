"""Whether a file that is in the way is one that regard wrote: only such are replaced without being asked."""

from __future__ import annotations

import re
from pathlib import Path

from protocol.opening import read_ends
from protocol.output_refusals import OutputRefused
from protocol.words import msg

_START, _END = 1000, 2**20
_PARQUET = b"PAR1"
_ZIP, _WORKBOOK = b"PK", b"\x06\x00regard"
"""How a workbook begins, and the comment at its end."""
_TABLE = re.compile(rb"regard\.(?:version|inputs|run)")
"""Keys of the metadata, which stand at the end of a Parquet file."""
_STARTS = (
    rb'\{\s*"tool": "regard"',
    rb"(?:\xef\xbb\xbf)?(?:night[,;])?code[,;]severity[,;]level[,;]insee[,;]bureau",  # findings
    rb"(?:\xef\xbb\xbf)?(?:night[,;])?path[,;]kind[,;]used[,;]size[,;]sha256",  # inputs
    rb"(?:\xef\xbb\xbf)?(?:night[,;])?insee[,;]bureau[,;]scrutin[,;]commune[,;]departement",  # figures
    rb"fault,insee,bureau,outcome,",  # of `regard score`
    rb"fault,stage,evidence,seeds,",  # of `regard matrix`
    rb"(?s:#.{,200}`regard (?:calibrate|matrix) --)",
    rb"<svg [^>]*>\s*<title>regard matrix",
)
_START_OF_OURS = re.compile(b"|".join(_STARTS))


def check_replaceable(path: Path) -> None:
    """Make sure that what stands at the place of an output may be replaced.

    Raises:
        OutputRefused: it is a file with something in it that regard did not write, or that cannot be read.
    """
    try:
        start, end = read_ends(path, _START, _END)
    except FileNotFoundError:
        return
    except OSError:
        start, end = b"?", b""
    if not start or _START_OF_OURS.match(start):
        return
    if (start.startswith(_PARQUET) and _TABLE.search(end)) or (start.startswith(_ZIP) and end.endswith(_WORKBOOK)):
        return
    raise OutputRefused(
        msg("{path} is there already and is not regard's: name another file, or replace it with --force", path=path),
    )
