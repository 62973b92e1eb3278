"""Published results in the layouts in which they are published: one reader a layout, behind one way in, `read`."""

from __future__ import annotations

from verify.published.model import Level, Published, UnknownLayout
from verify.published.registry import read, read_all

__all__ = ["Level", "Published", "UnknownLayout", "read", "read_all"]
