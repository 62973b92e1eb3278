"""A small night that comes in, and the stores of it."""

from pathlib import Path

from regard.cli import main


def come_in(night: Path, store: Path, *options: str) -> int:
    """Let a night come in as fast as can be."""
    return main(["live", str(night), "--store", str(store), "--speed", "0", "--lang", "en", *options])
