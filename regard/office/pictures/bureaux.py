"""Data of a picture of a bureau's day, simulated once or the mean of many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from protocol.words import Language, Message, msg, nmsg, pmsg
from regard.terminal import clean

MINUTE = 60_000
"""Milliseconds."""


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
        above: whether that is above the limit.
        first_hour: the hour at which it opens.
        queues: people in the longest queue of each hour from then on.
    """

    insee: str
    commune: str
    code: str
    registered: int
    machines: int
    wait: int
    above: bool
    first_hour: int
    queues: tuple[int, ...]


def codes_of(bureaux: Sequence[BureauDay], letters: int = 0) -> list[str]:
    """Short names of bureaux in a list: by code, with the commune if there are several.

    Args:
        bureaux: all that there are.
        letters: how long a name may be; a longer one loses letters of the commune. 0: as long as it is.
    """
    if len({(each.insee, each.commune) for each in bureaux}) == 1:
        return [clean(_cut(each.code, letters) if letters else each.code) for each in bureaux]
    return [clean(_in_commune(each, letters)) for each in bureaux]


def names_of(bureaux: Sequence[BureauDay], words: Language, letters: int = 0) -> list[str]:
    """Names of bureaux in a sentence; ``letters`` as there."""
    named = codes_of(bureaux, letters)
    if len({(each.insee, each.commune) for each in bureaux}) > 1:
        return named
    return [words.show(msg("bureau {code}", code=code)) for code in named]


def _in_commune(each: BureauDay, letters: int) -> str:
    code = _cut(each.code, letters // 2) if letters else each.code
    commune = each.commune or each.insee
    return f"{_cut(commune, letters - len(code) - 1) if letters else commune} {code}"


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def places(communes: Collection[str], bureaux: int) -> Message:
    """Number of bureaux, and the town if there is one alone."""
    count = nmsg("{count:n} bureau", "{count:n} bureaux", bureaux)
    town = next(iter(communes)) if len(communes) == 1 else ""
    return msg("{town}: {bureaux}", town=town, bureaux=count) if town else count


def minutes(milliseconds: int, words: Language) -> str:
    """Minutes with one decimal, rounded half up, by whole numbers."""
    return words.decimal((milliseconds + 3000) // 6000 / 10)


def duration(milliseconds: int, words: Language) -> str:
    """Minutes and seconds in a sentence, rounded half up."""
    minute, second = divmod((milliseconds + 500) // 1000, 60)
    if not minute:
        return words.show(msg("{seconds} s", seconds=second))
    said = {"minutes": words.number(minute), "seconds": f"{second:02}"}
    return words.show(msg("{minutes} min {seconds} s", **said) if second else msg("{minutes} min", **said))


def hour_name(hour: int, words: Language) -> str:
    """An hour of the day as people of the language write it."""
    return words.show(pmsg("an hour of the day", "{hour}:00", hour=hour))


def time_name(milliseconds: int, words: Language) -> str:
    """A time of the day, since midnight, as people of the language write it."""
    hour, minute = divmod(milliseconds // MINUTE, 60)
    said = pmsg("an hour of the day", "{hour}:{minute}", hour=hour % 24, minute=f"{minute:02}")
    return words.show(said if hour < 24 else msg("{time} the next day", time=said))


def limit_name(limit: float, words: Language) -> str:
    """A limit in minutes, with as many decimals as it has."""
    return f"{limit:g}".replace(".", words.point)
