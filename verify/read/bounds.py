"""Bounds of memory and work of one file, by the bytes that it has on the disk.

A file of 10 MB, whatever is in it, takes at most 1 GB and 20 seconds of a processor. What is larger than its bounds is
named, with what was read of it; a large file of real figures has large bounds.
"""

from __future__ import annotations

MAX_UNPACKED = 2**29
"""Bytes that come out of any compressed file. The largest known has some 300 MB."""
MAX_ROW = 2**18
"""Characters of a row, line ends within its cells included."""
MAX_COLUMNS = 1024
"""Cells that a row may have. The widest known layout, 38 lists of 7 cells, has fewer than 300."""
MAX_MEMBERS = 64
"""Files that are read from one archive."""
MAX_FEED = 50_000
"""XML files that are read from one archive or folder: a night's feed can have one for each commune."""
MAX_PARTS = 10_000
"""Gzip files one after another in one file: those that can be read from the middle have one for each 64 kB."""


def unpacked(size: int) -> int:
    """Bytes that may come out of a compressed file. Published results are packed to a third, to a twentieth at most."""
    return min(MAX_UNPACKED, 48 * 2**20 + 16 * size)


def cells(size: int) -> int:
    """Cells of a table that is held whole, the empty ones of short rows included; and rows that are looked at."""
    return 2**21 + size // 8


def memory(size: int) -> int:
    """Bytes that these cells may take; and those of all text columns that are made of them."""
    return 2**27 + 6 * size


def at_once(size: int) -> int:
    """Bytes that whole columns may take while they are read: `CELL` for each cell, and twice the text itself."""
    return 7 * 2**26 + 8 * size


CELL = 96
"""Bytes of a cell of a column that is read whole, if it differs from all others."""


def places(size: int) -> int:
    """Rows of published results with one for each place: a nation has 70,000 bureaux."""
    return 80_000 + size // 160


def bureaux(size: int) -> int:
    """Rows of a table with one for each bureau and poll: a nation of five polls has 350,000, in some 20 MB."""
    return 150_000 + size // 100


def rows(size: int) -> int:
    """Rows with one for each vote, of published results or of an auditor: the text of 2012 has 0.9 million a round."""
    return 2**20 + size // 16


def entries(size: int) -> int:
    """Votes of published results: a nation with 38 lists has 2.7 million."""
    return 2**21 + size // 16
