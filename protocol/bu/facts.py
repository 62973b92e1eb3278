"""What bulletins say of themselves: of one alone its machine and times, of many what programs wrote them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from protocol.bu.bulletin import UrnaBulletin
from protocol.words import Text, msg, nmsg, series

OFFICIAL = 2
_PHASES: dict[int, Text] = {1: msg("rehearsal (simulado)"), 3: msg("training (treinamento)")}
_TIME_LENGTH = len("20221002T180722")


class BulletinFacts:
    """Gathers what the counted bulletins say."""

    def __init__(self) -> None:
        self._first: UrnaBulletin | None = None
        self._software: Counter[str] = Counter()
        self._phases: Counter[int] = Counter()

    def add(self, bulletin: UrnaBulletin) -> None:
        """Take in a bulletin."""
        self._first = bulletin if not self._software else None
        self._software[bulletin.software] += 1
        self._phases[bulletin.section.phase] += 1

    def __iter__(self) -> Iterator[tuple[Text, Text]]:
        for phase, count in sorted(self._phases.items()):
            if phase != OFFICIAL:
                name = _PHASES.get(phase, str(phase))
                text = nmsg("{count:n} bulletin of a {phase}", "{count:n} bulletins of a {phase}", count, phase=name)
                yield msg("no official result"), text
        if self._first is not None:
            yield from _facts_of(self._first)
        elif self._software:
            programs = (
                msg("{name} ({count})", name=name, count=count) for name, count in sorted(self._software.items())
            )
            yield msg("programs"), series(programs)


def _facts_of(bulletin: UrnaBulletin) -> Iterator[tuple[Text, Text]]:
    yield msg("vote (pleito)"), str(bulletin.section.vote)
    yield msg("machine"), str(bulletin.machine)
    yield msg("program"), bulletin.software
    yield msg("load code"), bulletin.load_code
    if bulletin.opened:
        yield msg("voting opened (local time)"), _show_time(bulletin.opened)
        yield msg("voting closed (local time)"), _show_time(bulletin.closed)
    else:
        yield msg("counted by"), msg("the counting program, not by a voting machine")
    yield msg("file written (local time)"), _show_time(bulletin.written)
    if bulletin.by_finger is not None:
        yield msg("let in by finger"), str(bulletin.by_finger)
    if bulletin.by_hand is not None:
        yield msg("let in by hand"), str(bulletin.by_hand)


def _show_time(time: str) -> str:
    """A time of the format, as ``2022-10-02 18:07:22``; other texts as they are."""
    if len(time) != _TIME_LENGTH:
        return time
    return f"{time[:4]}-{time[4:6]}-{time[6:8]} {time[9:11]}:{time[11:13]}:{time[13:]}"


def year_of(time: str) -> int:
    """The year of a time of the format; 0 of any other text."""
    return int(time[:4]) if time[:4].isascii() and time[:4].isdigit() else 0
