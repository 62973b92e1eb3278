"""Commands: the demonstration, the rules, the faults, the documents, the shell."""

from __future__ import annotations

from pathlib import Path

from protocol.words import msg
from regard.arguments import CommandOptions, option, path, seed

SHELLS = ("bash", "zsh", "fish", "powershell", "tcsh")


OPTIONS: CommandOptions = {
    "demo": (
        path("folder", msg("DIR"), msg("where to write (default: demo)"), nargs="?", default=Path("demo")),
        seed(msg("same number, same night (default 1)")),
    ),
    "rules": (option("code", "CODE", msg("a rule, such as R201"), nargs="?"),),
    "faults": (),
    "help": (option("topic", msg("TOPIC"), msg("a document or a command (default: the list)"), nargs="?"),),
    "completion": (
        option(
            "shell",
            msg("SHELL"),
            msg(
                "bash, zsh, fish, powershell or tcsh; for bash: "
                "regard completion bash > ~/.local/share/bash-completion/completions/regard"
            ),
            choices=SHELLS,
        ),
    ),
}
