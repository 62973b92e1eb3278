"""`regard faults`: every fault that a simulated night can have, and what its rate is a share of."""

from __future__ import annotations

import argparse

from protocol.words import Message, msg
from regard.language import show
from regard.printing import print_beside, print_text
from sim.faults.catalogue import faults
from sim.faults.model import Fault, Unit
from sim.transmission.faults import way_faults


def run(args: argparse.Namespace) -> int:
    """Print the list. Returns 0."""
    language = args.lang
    for option, named in (("--faults", faults()), ("--way-up", way_faults())):
        every: list[Fault] = [*named.values()]
        width = max(len(fault.name) for fault in every)
        for unit in Unit:
            if members := [fault for fault in every if fault.unit is unit]:
                print_text(f"\n{option}   {show(language, msg('rate'))} {show(language, unit.label)}")
            for fault in members:
                rate = f"{fault.rate:.5f}".rstrip("0").rstrip(".")
                print_beside(f"  {rate:<8}{fault.name:<{width}}  ", show(language, fault.effect))
    print()
    for line in _READING:
        print_text(show(language, line))
    return 0


_READING: tuple[Message, ...] = (
    msg("dump = export, roll = sign-in list, module = image of the urn."),
    msg("The number before each name is its rate in an ordinary night (default); 0: only where it is asked for."),
    msg(
        "NAME=0.05 strikes each of what the heading names with a probability of 5 in 100: of 100 bureaux 5 on average, "
        "of 3 bureaux most often none. Another --seed strikes others. A fault that finds nothing to change in its "
        "place does not happen."
    ),
    msg(
        "NAME@0003 strikes bureau 0003 for certain, NAME@77513:0003/signatures its signatures, NAME@0003=2 two of "
        "its people. What happened is in verite.csv."
    ),
)
