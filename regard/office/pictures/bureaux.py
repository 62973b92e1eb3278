"""What a picture is told of a bureau's day, simulated once or the mean of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.words import Language, msg, pmsg


@dataclass(frozen=True, slots=True)
class BureauDay:
    """One bureau.

    Attributes:
        insee: code of its commune, empty where it is not known.
        commune: its name.
        code: the bureau's.
        registered: voters on its list.
        machines: how many it has, 0 where it votes on paper.
        wait: the longest wait of the day, in milliseconds.
        first_hour: the hour at which it opens.
        queues: people in the longest queue of each hour from then on.
    """

    insee: str
    commune: str
    code: str
    registered: int
    machines: int
    wait: int
    first_hour: int
    queues: tuple[int, ...]


def names_of(bureaux: Sequence[BureauDay], words: Language) -> list[str]:
    """What each is called: by its code alone where all are of one commune."""
    if len({(each.insee, each.commune) for each in bureaux}) == 1:
        return [words.show(msg("bureau {code}", code=each.code)) for each in bureaux]
    return [f"{each.commune or each.insee} {each.code}" for each in bureaux]


def minutes(milliseconds: int, words: Language) -> str:
    """Minutes with one decimal, rounded half up, by whole numbers."""
    return words.decimal((milliseconds + 3000) // 6000 / 10)


def hour_name(hour: int, words: Language) -> str:
    """An hour of the day as people of the language write it."""
    return words.show(pmsg("an hour of the day", "{hour}:00", hour=hour))


def time_name(milliseconds: int, words: Language) -> str:
    """A time of the day, since midnight, as people of the language write it."""
    hour, minute = divmod(milliseconds // 60_000, 60)
    return words.show(pmsg("an hour of the day", "{hour}:{minute}", hour=hour, minute=f"{minute:02}"))
