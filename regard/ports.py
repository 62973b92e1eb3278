"""`regard ports`: the serial ports of this computer."""

from __future__ import annotations

import argparse

from regard.language import add_language, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """List the ports, one a line. Returns 0, also where there is none."""
    from protocol.serial_port import ports
    from regard.terminal import clean

    found = ports()
    for port in found:
        print(clean("  ".join(text for text in (port.device, port.description, port.hardware) if text)))
    if not found:
        print(say(args.lang, "Aucun port série sur cet ordinateur.", "No serial port on this computer."))
    return 0
