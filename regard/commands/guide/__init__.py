"""Commands: the demonstration, the rules, the faults, the documents, the shell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from protocol.words import msg
from regard.arguments import SEED, Argument, Either

SHELLS = ("bash", "zsh", "fish", "powershell", "tcsh")


OPTIONS: Mapping[str, tuple[Argument | Either, ...]] = {
    "demo": (
        Argument(
            "folder",
            metavar=msg("DIR"),
            type=Path,
            nargs="?",
            default=Path("demo"),
            help=msg("where to write (default: demo)"),
        ),
        Argument("--seed", type=SEED, default=1, metavar="N", help=msg("same number, same night (default 1)")),
    ),
    "rules": (Argument("code", metavar="CODE", nargs="?", help=msg("a rule, such as R201")),),
    "faults": (),
    "help": (
        Argument("topic", metavar=msg("TOPIC"), nargs="?", help=msg("a document or a command (default: the list)")),
    ),
    "completion": (
        Argument(
            "shell",
            choices=SHELLS,
            metavar=msg("SHELL"),
            help=msg(
                "bash, zsh, fish, powershell or tcsh; for bash: "
                "regard completion bash > ~/.local/share/bash-completion/completions/regard"
            ),
        ),
    ),
}
