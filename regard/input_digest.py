"""One SHA-256 for all evidence that a document was made from: it stands on every page of what is printed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest_of(inputs: Iterable[tuple[str, str]]) -> str:
    """The digest of a list of inputs.

    Args:
        inputs: name and SHA-256 of each, in the order of the reports.

    Returns:
        SHA-256, in hexadecimal digits, of the lines that ``sha256sum`` writes of them: the digest of a file, two
        spaces, its name, a line feed.
    """
    found = hashlib.sha256()
    for name, sha256 in inputs:
        found.update(f"{sha256}  {name}\n".encode("utf-8", "backslashreplace"))
    return found.hexdigest()
