"""Published results in the layouts in which they are published: one reader a layout, behind one way in, `read`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify.published.model import Level, Published, UnknownLayout

if TYPE_CHECKING:
    from verify.published.registry import read, read_all

__all__ = ["Level", "Published", "UnknownLayout", "read", "read_all"]


def __getattr__(name: str) -> Any:
    """The readers are imported where a file is read, not where results are only handed on."""
    if name not in ("read", "read_all"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from verify.published import registry

    return getattr(registry, name)
