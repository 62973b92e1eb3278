"""CRC-32 as in zlib: from isal where it is installed (the extra `fast`), else from the standard library."""

from __future__ import annotations

try:
    from isal.isal_zlib import crc32
except ImportError:
    from zlib import crc32

__all__ = ["crc32"]
