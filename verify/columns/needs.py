"""Everything that a rule can ask for, by the name that its parameters are annotated with.

Each name is a type, and says how the column or table is had and which kinds of evidence it comes from. A rule is
applied only where all that it asks for is there, so that it never looks whether something is.
"""

from __future__ import annotations

from typing import Annotated

from verify.columns import clocks
from verify.model import evidence, exports, modules, thresholds, universe
from verify.model.checks import Need
from verify.model.figures import Bools, Figures, Ints

Universe = Annotated[universe.Universe, Need("", lambda given: given.universe)]
"""The bureaux, by the official list or whatever stands in for it."""
Polls = Annotated[tuple[int, ...], Need("", lambda given: given.polls)]
"""The numbers of the day's polls."""
Limits = Annotated[thresholds.Thresholds, Need("", lambda given: given.thresholds)]
"""The thresholds, as the user may have changed them."""

Exports = Annotated[exports.Exports, Need("exports", lambda given: given.exports)]
"""The exports of the machines, record by record."""
Modules = Annotated[modules.Modules, Need("modules", lambda given: given.modules)]
"""The images of the urns."""
Records = Annotated[evidence.Counted, Need("pv", lambda given: given.records)]
"""The counts of the PVs."""
HourlySignatures = Annotated[dict[int, Figures], Need("emargements", lambda given: given.hourly or None)]
"""Signatures by the full hour at which they were counted."""

ClocksOff = Annotated[dict[str, Ints], Need("exports", clocks.clocks_off)]
"""The exports whose clock leaves the hours of the PVs."""
ComparableHours = Annotated[Bools, Need("", clocks.comparable_hours)]
"""Where a machine's hours can be held against the bureau's."""
