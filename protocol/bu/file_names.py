"""The names of the files: phase, vote, municipality, zone and section, in the form of 2022 and that of 2024."""

from __future__ import annotations

import re
from dataclasses import dataclass

PHASES = {"s": 1, "o": 2, "t": 3}
"""Letters of names and numbers of contents: rehearsal, official, training."""
_NAME = re.compile(
    r"(?P<phase>[ost])(?P<vote>\d{5})(?:-|[a-z]{2})(?P<town>\d{5})(?P<zone>\d{4})(?P<section>\d{4})"
    r"(?:\.|-)(?P<kind>[a-z]+(?:\.[a-z]+)?)",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class UrnaSection:
    """Section and vote that a file name states.

    Attributes:
        phase: as in `PHASES`; 0 where it is not said.
        vote: number of the ``pleito``, a voting day; 0 where it is not said.
        municipality, zone, section: numbers of the electoral court.
    """

    phase: int
    vote: int
    municipality: int
    zone: int
    section: int

    @property
    def unit_parts(self) -> tuple[str, str, str]:
        """Municipality, zone and section as in the names of files."""
        return f"{self.municipality:05}", f"{self.zone:04}", f"{self.section:04}"

    @property
    def unit(self) -> str:
        """The name of the unit."""
        return "/".join(self.unit_parts)


def section_of_name(name: str) -> tuple[UrnaSection, str] | None:
    """The section and the kind of file that a name is for, as ``bu`` or ``bu.dat``; None for other names."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    numbers = (int(found[key]) for key in ("vote", "town", "zone", "section"))
    return UrnaSection(PHASES[found["phase"].lower()], *numbers), found["kind"].lower()
