"""Commands: a machine or its reading unit on the bench: ``regard lab read`` and others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from protocol.words import msg
from regard.arguments import SEED, Argument, Either, integer, later, real, whole
from regard.commands.options import FILE, VERBOSE

_PORT = "pty" if hasattr(os, "openpty") else "tcp:0"
"""A pseudo-terminal, or a TCP port where the system has none, as Windows."""
_BAUD = whole(1, 10_000_000)


OPTIONS: Mapping[str, tuple[Argument | Either, ...]] = {
    "read": (
        Argument(
            "--port",
            required=True,
            metavar="PORT",
            help=msg("a device, or a URL: socket://HOST:PORT, rfc2217://HOST:PORT, …"),
        ),
        Argument("-o", "--output", required=True, metavar=FILE, type=Path, help=msg("the module image to write")),
        Argument("--baud", type=_BAUD, default=115200, metavar="N", help=msg("of the line, 8N1 (default 115200)")),
        Argument("--trace", metavar=FILE, type=Path, help=msg("log every byte sent and received; appended to")),
        Argument("--resume", action="store_true", help=msg("go on with an unfinished reading of the same module")),
        Argument(
            "--once",
            action="store_true",
            help=msg(
                "read once, instead of twice with a comparison; what came over a connection that broke is read again"
            ),
        ),
        Argument("--force", action="store_true", help=msg("replace FILE, or an unfinished reading of it")),
    ),
    "emulate": (
        Argument("image", metavar=FILE, type=Path, help=msg("the module image to serve; it is only read")),
        Argument(
            "--port",
            default=_PORT,
            metavar="PORT",
            help=msg("pty, or tcp:N on 127.0.0.1, 0 for any free one (default {port})", port=_PORT),
        ),
        Argument("--baud", type=_BAUD, default=115200, metavar="N", help=msg("pace of the line, 8N1 (default 115200)")),
        Argument(
            "--noise",
            type=real(0, 1),
            default=0.0,
            metavar=msg("RATE"),
            help=msg("share of the bytes that are changed"),
        ),
        Argument(
            "--drop", type=real(0, 1), default=0.0, metavar=msg("RATE"), help=msg("share of the bytes that are lost")
        ),
        Argument(
            "--stall",
            type=real(0, 86_400),
            default=0.0,
            metavar="S",
            help=msg("seconds of silence before one answer in 100"),
        ),
        Argument(
            "--disconnect-after",
            type=whole(1, 2**63 - 1),
            metavar=msg("BYTES"),
            help=msg("break the connection once, after so many bytes"),
        ),
        Argument("--seed", type=SEED, default=1, metavar="N", help=msg("of the faults (default 1)")),
    ),
    "ports": (),
    "inspect": (
        Argument(
            "file",
            metavar=FILE,
            type=Path,
            help=msg("a result export (.esf), a batch, a module image (.urn), or a dump of another machine"),
        ),
        Argument("--record", metavar="N", type=integer, help=msg("the record of a batch to show, counted from 1")),
        Argument("--svg", metavar=FILE, help=msg("the memory of a module image as a picture")),
        VERBOSE,
    ),
    "export": (
        Argument("image", metavar=FILE, type=Path, help=msg("a module image (.urn)")),
        Argument("-o", "--output", metavar=FILE, type=Path, required=True, help=msg("the export to write (.esf)")),
        Argument("--poll", type=integer, choices=range(1, 6), metavar="N", help=msg("one poll only (default: all)")),
        Argument(
            "--at",
            type=later("regard.commands.lab.export.moment"),
            metavar=msg("TIME"),
            help=msg("time of the export, YYYY-MM-DDTHH:MM:SS (default: now)"),
        ),
        Argument("--force", action="store_true", help=msg("replace a file that is there")),
    ),
}
