"""Commands: a machine or its reading unit on the bench: ``regard lab read`` and others."""

from __future__ import annotations

import os
from pathlib import Path

from protocol.words import msg
from regard.arguments import Argument, CommandOptions, flag, later, option, path, real, seed, whole
from regard.commands.options import FILE, VERBOSE

_PORT = "pty" if hasattr(os, "openpty") else "tcp:0"
"""A pseudo-terminal, or a TCP port where the system has none, as Windows."""
_BAUD = whole(1, 10_000_000)


OPTIONS: CommandOptions = {
    "read": (
        option("--port", "PORT", msg("a device, or a URL: socket://HOST:PORT, rfc2217://HOST:PORT, …"), required=True),
        Argument("-o", "--output", required=True, metavar=FILE, type=Path, help=msg("the module image to write")),
        option("--baud", "N", msg("speed of the line in baud, 8N1 (default 115200)"), type=_BAUD, default=115200),
        path("--trace", FILE, msg("append every byte sent and received to this log")),
        flag("--resume", msg("go on with an unfinished reading of the same module")),
        flag(
            "--once",
            msg("read once instead of twice; a part received over a broken connection is still read again"),
        ),
        flag("--force", msg("replace FILE, or an unfinished reading of it")),
    ),
    "emulate": (
        path("image", FILE, msg("the module image to serve; it is only read")),
        option(
            "--port",
            "PORT",
            msg("pty, or tcp:N on 127.0.0.1, 0 for any free one (default {port})", port=_PORT),
            default=_PORT,
        ),
        option("--baud", "N", msg("speed of the line in baud, 8N1 (default 115200)"), type=_BAUD, default=115200),
        option("--noise", msg("RATE"), msg("share of the bytes that are changed"), type=real(0, 1), default=0.0),
        option("--drop", msg("RATE"), msg("share of the bytes that are lost"), type=real(0, 1), default=0.0),
        option("--stall", "S", msg("seconds of silence before one answer in 100"), type=real(0, 86_400), default=0.0),
        option(
            "--disconnect-after",
            msg("BYTES"),
            msg("break the connection once, after so many bytes"),
            type=whole(1, 2**63 - 1),
        ),
        seed(msg("seed of the faults (default 1)")),
    ),
    "ports": (),
    "inspect": (
        path("file", FILE, msg("a result export (.esf), a batch, a module image (.urn), or a dump of another machine")),
        option("--record", "N", msg("the record of a batch to show, counted from 1"), type=whole(1, 999_999_999)),
        option("--svg", FILE, msg("draw the memory of a module image as a picture")),
        VERBOSE,
    ),
    "export": (
        path("image", FILE, msg("a module image (.urn)")),
        Argument("-o", "--output", metavar=FILE, type=Path, required=True, help=msg("the export to write (.esf)")),
        option("--poll", "N", msg("one poll only (default: all)"), type=whole(1, 5)),
        option(
            "--at",
            msg("TIME"),
            msg("time of the export, YYYY-MM-DDTHH:MM:SS (default: now)"),
            type=later("regard.commands.lab.export.moment"),
        ),
        flag("--force", msg("replace a file that is there")),
    ),
}
