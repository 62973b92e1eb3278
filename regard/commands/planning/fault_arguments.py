"""Arguments for the faults of a night: those of the way up, and rates by name."""

from __future__ import annotations

from collections.abc import Mapping

from sim.faults.catalogue import Rates, parse_rates
from sim.transmission.faults import way_faults


def way_up_rates(which: str | Mapping[str, float] | None) -> Rates | None:
    """The rates of the faults of the way up, as ``--faults`` has those of others; None for no way up.

    Raises:
        UnknownFault: a name that no fault of the way has, or a rate outside of 0 to 1.
    """
    return None if which is None else parse_rates(as_text(which), way_faults())


def as_text(faults: str | Mapping[str, float]) -> str:
    """Rates by name as ``--faults`` takes them."""
    return (
        faults if isinstance(faults, str) else ",".join(f"{name}={rate!r}" for name, rate in faults.items()) or "none"
    )
