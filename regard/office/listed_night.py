"""A town's list, and one day of its plan, as what a night is simulated from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.words import Text, msg
from regard.office.contents import PlanInput
from regard.office.hours import HOURS
from regard.office.scenarios import scenarios_of
from regard.office.settings import ScenarioRefused
from regard.office.town_list import read_town
from regard.office.wording import name_of
from sim.planned import PlannedNight
from sim.towns import town


@dataclass(frozen=True, slots=True)
class ListedNight:
    """What a night of a list is, and what is to be told of it.

    Attributes:
        planned: the night.
        source: the list, with what of it is not used.
        assumptions: what it does not say, and what is taken in its place.
        told: what the day is like.
    """

    planned: PlannedNight
    source: PlanInput
    assumptions: tuple[Text, ...]
    told: tuple[Text, ...]

    def failing(self, seed: int) -> list[Text]:
        """The bureaux in which a machine fails on that day, by their codes where one commune has them all."""
        several = len({bureau.insee for _, bureau in self.planned.town.bureaux}) > 1
        days = self.planned.days(seed)
        failing = [listed for listed, bureau in self.planned.town.bureaux if days[bureau.key].failures]
        return [name_of(listed, several) if several else listed.code for listed in failing]


def listed_night(
    path: Path,
    election: str,
    day: int = 1,
    scenario: str | Mapping[str, object] | None = None,
    *,
    hours: tuple[int, int] = HOURS,
    sheets: Sequence[str] = (),
    insee: str | None = None,
) -> ListedNight:
    """Read a list, and plan one day of its bureaux.

    Args:
        path: of the list, as `read_town` takes it.
        election: whose turnout and arrivals the day has, where the scenario does not say it.
        day: its number among those that are planned, from 1.
        scenario: ``key=value,…``, the path of a ``.toml`` file with one, or settings by key; None: as the list is.
        hours: opening and closing where the list does not say them.
        sheets: of a workbook.
        insee: code of the commune of bureaux whose commune the list does not say.

    Raises:
        RegardError: the list cannot be read, the scenario cannot be, or no night can be made of them.
    """
    listed = read_town(path, hours, sheets, paper=True)
    scenarios = scenarios_of({"election": election}, [] if scenario is None else [scenario])
    if len(scenarios) > 2:
        raise ScenarioRefused(msg("a night is of one scenario, got {count}", count=len(scenarios) - 1))
    of = scenarios[-1]
    placed = town([each.bureau for each in listed.bureaux], of.circumstances, insee)
    about = {"liste": {"fichier": path.name, "sha256": listed.source.sha256, "heures": list(hours)}}
    return ListedNight(
        planned=PlannedNight(placed, of.circumstances, day, about),
        source=listed.source,
        assumptions=(*listed.assumptions, *placed.assumptions),
        told=(*scenarios[0].told, *(of.told if of is not scenarios[0] else ())),
    )
