"""The files of a tar archive, as mirrors pack a night's feed: .tar, and .tar.gz once that is unpacked."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from protocol.errors import InputError, cause
from protocol.words import msg
from verify.read.bounds import MAX_FEED, MAX_MEMBERS
from verify.read.published.archives import DAMAGE

_APPLE = "._"
"""What names of files begin with in which macOS keeps what another file's folder says of it."""


def tar_members(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of a tar archive; folders are none.

    Raises:
        InputError: it is damaged, has none or too many, or something else than plain files and folders.
    """
    seen = others = given = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for info in archive:
                seen += 1
                name = info.name
                others += info.isfile() and not name.lower().endswith(".xml")
                if seen > MAX_FEED or others > MAX_MEMBERS:
                    most = MAX_MEMBERS if others > MAX_MEMBERS else MAX_FEED
                    expected = msg("an archive of 1 to {max_members} files", max_members=most)
                    raise InputError(file, None, None, expected, msg("more"))
                if info.isdir() or PurePosixPath(name).name.startswith(_APPLE):
                    continue
                stream = archive.extractfile(info) if info.isfile() and not info.issparse() else None
                if stream is None:
                    raise InputError(file, None, None, msg("an archive of plain files"), msg("a link or a device"))
                given += 1
                yield name, stream.read()
    except (tarfile.TarError, *DAMAGE) as error:
        raise InputError(file, None, None, msg("an undamaged tar archive"), cause(error)) from error
    if not given:
        raise InputError(file, None, None, msg("an archive of 1 to {max_members} files", max_members=MAX_FEED), "0")
