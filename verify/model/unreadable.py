"""Error raised if no given file can be read."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.errors import InputError, RegardError
from protocol.words import Text, msg, nmsg, series
from verify.model.use import Input, archive_of

_NAMED = 6
"""Files of which it is said why they are not read."""


class NothingReadable(RegardError):
    """None of what was given could be read; there is nothing to check.

    Attributes:
        problems: what is wrong with the files given, the first few.
        inputs: the files, and what became of each.
    """

    def __init__(self, said: Text, problems: Sequence[InputError] = (), inputs: Sequence[Input] = ()) -> None:
        self.problems, self.inputs = tuple(problems), list(inputs)
        named = {archive_of(problem.file) for problem in self.problems}
        files = [problem.message for problem in self.problems]
        files += [
            msg("{path}: {why}", path=each.path, why=each.why)
            for each in self.inputs
            if each.why and each.path not in named
        ]
        if len(files) > _NAMED:
            files = [*files[:_NAMED], nmsg("{count:n} more file", "{count:n} more files", len(files) - _NAMED)]
        super().__init__(msg("{said}: {files}", said=said, files=series(files, msg("; "))) if files else said)
