"""Files that are packed, as gzip or as the members of a zip: unpacked within bounds, one at a time."""

from __future__ import annotations

import gzip
import io
import itertools
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from protocol.errors import InputError, cause, wrong_file
from protocol.words import msg
from verify.read.bounds import MAX_FEED, MAX_MEMBERS, MAX_PARTS, unpacked

UNDAMAGED = msg("an undamaged workbook")
_WORKBOOKS = (".xlsx", ".xlsm", ".ods")
_BLOCK = 2**16
"""Bytes that are taken from a gzip file at once."""
_GZIP = b"\x1f\x8b\x08"
"""Beginning of a gzip file; each takes time, however small it is."""
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OverflowError),
    *(NotImplementedError, RuntimeError, ValueError, OSError, EOFError),
)
"""Errors that the standard library raises at a damaged archive."""
METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))
"""Packings that members of an archive may have; 45 bytes of bzip2 can become 46 million."""
STEP = 2**12
"""Bytes of LZMA that are unpacked at once: they become 29 million at most."""
DICTIONARY_LIMIT = 2**26
"""Bytes of the dictionary that LZMA asks for: memory taken on the word of the file, as the largest preset has it."""


def gunzip(data: bytes, file: str) -> bytes:
    """Unpack one gzip file, or several one after another, with zeros between and behind them."""
    limit = unpacked(len(data))
    if data.count(_GZIP) > MAX_PARTS:
        wanted = msg("at most {max_parts} gzip files in one", max_parts=MAX_PARTS)
        raise wrong_file(file, wanted, msg("more"))
    out = io.BytesIO()
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            while out.tell() <= limit and (block := stream.read(_BLOCK)):  # memory as it comes, not for the limit
                out.write(block)
    except EOFError as error:
        raise wrong_file(file, msg("a whole gzip file"), msg("one that was cut short")) from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise wrong_file(file, msg("an undamaged gzip file"), cause(error)) from error
    if out.tell() > limit:
        raise _too_much(file, limit)
    return out.getvalue()


def _too_much(file: str, limit: int) -> InputError:
    return wrong_file(file, msg("at most {limit} MiB when decompressed", limit=limit >> 20), msg("more"))


def is_workbook(data: bytes) -> bool:
    """Test whether a zip is an .xlsx or an .ods; the reader of workbooks reports text documents in this form."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= set(names)
    except DAMAGE:
        return False


def is_encrypted(data: bytes) -> bool:
    """Test whether a workbook has a password: an .xlsx by [MS-OFFCRYPTO] 2.3.4.4, an .ods by what its manifest says."""
    if not data.startswith(b"PK"):
        return "EncryptedPackage".encode("utf-16-le") in data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo("META-INF/manifest.xml")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                return False
            with archive.open(info) as stream:
                return b"encryption-data" in stream.read(2**16)
    except (*DAMAGE, KeyError):
        return False


def is_other_archive(data: bytes) -> bool:
    """Test whether a zip is undamaged and no workbook."""
    return zipfile.is_zipfile(io.BytesIO(data)) and not is_workbook(data)


def members(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of an archive."""
    limit = left = unpacked(len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            every = archive.infolist()
            if (before := min((info.header_offset for info in every), default=0)) > 0:
                got = msg("{count:n} bytes before it, which are not read: another archive, or a program", count=before)
                raise wrong_file(file, msg("one zip file, from its first byte on"), got)
            infos = [info for info in every if not info.is_dir() and not _is_of_macos(info.filename)]
            _check_number([info.filename for info in infos], len(infos), file)
            for info in infos:
                _check_method(data, info, file)
                out = io.BytesIO()
                with archive.open(info) as stream:
                    while block := stream.read(STEP):
                        left -= out.write(block)
                        if left < 0:
                            raise _too_much(file, limit)
                yield info.filename, out.getvalue()
    except DAMAGE as error:
        if file.lower().endswith(_WORKBOOKS):
            raise wrong_file(file, UNDAMAGED, msg("one that is damaged, or was cut short")) from error
        raise wrong_file(file, msg("an undamaged zip file without password"), cause(error)) from error


def _check_number(names: Sequence[str], entries: int, file: str) -> None:
    """Refuse an archive without files, or of too many, among which those of a feed of XML may be more.

    Args:
        names: of its files.
        entries: how many it has, folders included.
        file: its name.

    Raises:
        InputError: there are none, or too many.
    """
    others = sum(not name.lower().endswith(".xml") for name in names)
    most = MAX_MEMBERS if others > MAX_MEMBERS else MAX_FEED
    if not names or entries > most:
        expected = msg("an archive of 1 to {max_members} files", max_members=most)
        raise wrong_file(file, expected, str(entries if names else 0))


def _is_of_macos(name: str) -> bool:
    """Test whether a member is what macOS notes of another one beside it."""
    return PurePosixPath(name).name.startswith("._")


def _check_method(data: bytes, info: zipfile.ZipInfo, file: str) -> None:
    """Refuse a member before memory is taken that only its header asks for, or one packed as none can be bounded.

    Raises:
        InputError: it is packed by another method than those of `METHODS`, or is LZMA with too large a dictionary.
    """
    if info.compress_type not in METHODS:
        wanted, got = msg("a zip file packed with deflate or LZMA"), msg("method {number}", number=info.compress_type)
        raise wrong_file(file, wanted, got)
    if info.compress_type == zipfile.ZIP_LZMA:
        at = info.header_offset
        at += 30 + int.from_bytes(data[at + 26 : at + 28], "little") + int.from_bytes(data[at + 28 : at + 30], "little")
        dictionary = int.from_bytes(data[at + 5 : at + 9], "little")  # after version, size of the properties, the first
        if dictionary > DICTIONARY_LIMIT:
            got = msg("one that needs {dictionary} MiB", dictionary=dictionary >> 20)
            raise wrong_file(
                file,
                msg(
                    "an archive that can be unpacked in {dictionary_limit} MiB", dictionary_limit=DICTIONARY_LIMIT >> 20
                ),
                got,
            )


def tar_members(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of a tar archive; folders are none.

    Raises:
        InputError: it is damaged, has none or too many, or something else than plain files and folders.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            every = list(itertools.islice(archive, MAX_FEED + 1))
            infos = [each for each in every if not (each.isdir() or _is_of_macos(each.name))]
            _check_number([info.name for info in infos], len(every), file)
            for info in infos:
                stream = archive.extractfile(info) if info.isfile() and not info.issparse() else None
                if stream is None:
                    raise wrong_file(file, msg("an archive of plain files"), msg("a link or a device"))
                yield info.name, stream.read()
    except (tarfile.TarError, *DAMAGE) as error:
        raise wrong_file(file, msg("an undamaged tar archive"), cause(error)) from error


_PARTS = msg("an e-mail with text, or with 1 to {max_members} files", max_members=MAX_MEMBERS)
_BODIES = {"text/plain": "message.txt", "text/html": "message.html"}
"""Names for the text of an e-mail by its type; of the two the page where it has a table, which the other has lost."""
_QUOTED = re.compile(rb"^>.*$", re.MULTILINE)
_DIGIT = re.compile(rb"[0-9]")
_DASHES = 1000
"""Lines of an e-mail that may separate parts of it: each is held against the marks of all parts that it is within."""


def _without_quoted(text: bytes) -> bytes:
    """The text of an e-mail without the one that it answers, line for line, unless most digits stand in that one."""
    own = _QUOTED.sub(b"", text)
    return own if 2 * len(_DIGIT.findall(own)) >= len(_DIGIT.findall(text)) else text


def mail_parts(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the text of an e-mail, and of each file attached to it.

    Raises:
        InputError: it cannot be taken apart, or has too many parts.
    """
    import email
    from email.policy import default

    found = []
    if data.count(b"\n--") > _DASHES or data.lower().count(b"boundary") > MAX_MEMBERS:
        raise wrong_file(file, _PARTS, msg("more"))
    try:
        for part in email.message_from_bytes(data, policy=default).walk():
            name = part.get_filename()
            body = _BODIES.get(part.get_content_type(), "")
            if not part.is_multipart() and (name or body):
                content = part.get_payload(decode=True)
                content = content if isinstance(content, bytes) else b""
                found.append((name, content) if name else (body, _without_quoted(content)))
    except Exception as error:  # whatever the standard library raises at a header that is none
        raise wrong_file(file, msg("an e-mail (.eml)"), cause(error)) from error
    plain, marked = _BODIES.values()
    as_page = any(name == marked and b"<table" in content for name, content in found)
    found = [each for each in found if each[0] != (plain if as_page else marked)]
    if not 0 < len(found) <= MAX_MEMBERS:
        raise wrong_file(file, _PARTS, str(len(found)))
    yield from found
