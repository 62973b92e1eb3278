"""Make a night to simulate from a town's list and one planned day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.words import Text, cited, msg
from regard.office.assumptions import SECOND_VOTE, of_two_polls
from regard.office.contents import PlanInput, in_several_communes
from regard.office.hours import HOURS
from regard.office.scenarios import ELECTION, check_outages, describe, scenarios_of
from regard.office.settings import ScenarioRefused
from regard.office.town_list import read_town
from regard.office.wording import name_of
from sim.elections import SCENARIOS
from sim.planned import PlannedNight
from sim.queues.town import Circumstances, TownBureau
from sim.towns import town


@dataclass(frozen=True, slots=True)
class ListedNight:
    """Night of a list, with the statements on it.

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
        """The bureaux in which a machine fails on that day, as bare codes if there is one commune."""
        several = len({bureau.insee for _, bureau in self.planned.town.bureaux}) > 1
        days = self.planned.days(seed)
        failing = [listed for listed, bureau in self.planned.town.bureaux if days[bureau.key].failures]
        return [name_of(listed, several) if several else listed.code for listed in failing]


def listed_night(
    path: Path,
    election: str | None,
    day: int = 1,
    scenario: str | Mapping[str, object] | None = None,
    *,
    year: int | None = None,
    hours: tuple[int, int] = HOURS,
    sheets: Sequence[str] = (),
    insee: str | None = None,
) -> ListedNight:
    """Read a list, and plan one day of its bureaux.

    Args:
        path: of the list, as `read_town` takes it.
        election: gives turnout and arrivals unless the scenario does; None: the year's own.
        day: its number among those that are planned, from 1.
        scenario: ``key=value,…``, the path of a ``.toml`` file with one, or settings by key; None: as the list is.
        year: its election; fixes the number of polls; None: as many as the scenario says.
        hours: opening and closing where the list does not say them.
        sheets: of a workbook.
        insee: code of the commune of bureaux whose commune the list does not say.

    Raises:
        RegardError: the list cannot be read, the scenario cannot be, or no night can be made of them.
    """
    listed = read_town(path, hours, sheets, paper=True)
    scenarios = scenarios_of(_base(election, year), [] if scenario is None else [scenario])
    if len(scenarios) > 2:
        raise ScenarioRefused(msg("a night is of one scenario, got {count}", count=len(scenarios) - 1))
    asked = scenarios[-1]
    bureaux = [each.bureau for each in listed.bureaux]
    placed = town(bureaux, asked.circumstances, insee)
    told = describe({**scenarios[0].settings, **asked.settings})
    struck = None
    if asked.circumstances.outage is not None:
        at = _struck(bureaux, asked.settings.get("bureau"))
        check_outages([asked], [bureaux[at]])
        struck = placed.bureaux[at][1].key
        if "bureau" not in asked.settings:
            told = (*told, _chosen(bureaux[at], bureaux))
    about = {"liste": {"fichier": path.name, "sha256": listed.source.sha256, "heures": list(hours)}}
    return ListedNight(
        planned=PlannedNight(placed, asked.circumstances, day, about, struck),
        source=listed.source,
        assumptions=(*listed.assumptions, *placed.assumptions, *_assumed(asked.circumstances)),
        told=told,
    )


def _base(election: str | None, year: int | None) -> dict[str, str]:
    """Settings of the day that the scenario leaves out."""
    base = {"election": election or (ELECTION if year is None else SCENARIOS[year].profile)}
    polls = 1 if year is None else len(SCENARIOS[year].polls)
    return base if polls == 1 else {**base, "polls": str(polls)}


def _assumed(of: Circumstances) -> Iterator[Text]:
    """Assumptions of a night on two polls."""
    if of.polls > 1:
        yield of_two_polls(of.first_only)
        if of.second is None:
            yield SECOND_VOTE


def _struck(bureaux: Sequence[TownBureau], code: str | None) -> int:
    """Bureau of the failing machine: the one of that code, or with most registered voters for each machine.

    Raises:
        ScenarioRefused: there is no such bureau with a machine, or there are several.
    """
    with_machines = [at for at, each in enumerate(bureaux) if each.machines and code in (None, each.code)]
    if code is not None and len(with_machines) != 1:
        raise ScenarioRefused(
            msg("bureau: several bureaux are called {code}", code=cited(code))
            if with_machines
            else msg("bureau: no bureau with a machine is called {code}", code=cited(code))
        )
    if not with_machines:
        raise ScenarioRefused(msg("out: no bureau of the list has a machine"))
    return max(with_machines, key=lambda at: bureaux[at].registered / bureaux[at].machines)


def _chosen(struck: TownBureau, bureaux: Sequence[TownBureau]) -> Text:
    """Place of the failing machine that the scenario leaves open."""
    return msg(
        "it is out in {bureau}, which has most registered voters for each machine",
        bureau=name_of(struck, in_several_communes(bureaux)),
    )
