"""`regard lab ports`: the serial ports of this computer."""

from __future__ import annotations

import argparse

from protocol.line.serial_port import ports
from protocol.words import msg
from regard.terminal import clean, print_said


def run(args: argparse.Namespace) -> int:
    """List the ports, one a line. Returns 0, also where there is none."""
    found = ports()
    for port in found:
        print(clean("  ".join(text for text in (port.device, port.description, port.hardware) if text)))
    if not found:
        print_said(args.lang, msg("No serial port on this computer."))
    return 0
