"""Start of the command: regard's packages are loaded only after the check that they are its own."""

import os
import sys

from regard.own_packages import ForeignPackage, check

_THREADS = "OPENBLAS_NUM_THREADS"
"""Threads of numpy's linear algebra. Nothing of ours is large enough for a second one, which as soon as numpy
is imported waits for work by turning round on a core: a sixth of the processor time of a `regard verify`."""

_INTERRUPTED = 130
"""The exit code after Ctrl-C, as a shell has it."""


def main() -> int:
    """Run the command; the exit code, 2 where a package of regard's is not its own, 130 after Ctrl-C."""
    os.environ.setdefault(_THREADS, "1")
    try:
        check()
    except ForeignPackage as error:
        # the language of the environment; --lang belongs to packages that are not there
        names = ("REGARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
        language = next(filter(None, map(os.environ.get, names)), "")[:2].lower()
        print(f"regard{' ' if language == 'fr' else ''}: {error.sentence(language)}", file=sys.stderr)
        return 2
    try:
        from regard.cli import main as command  # noqa: PLC0415 - start-up

        return command()
    except KeyboardInterrupt:  # before a command has begun: what it does then is its own affair
        return _INTERRUPTED
