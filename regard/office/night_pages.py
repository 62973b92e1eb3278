"""The pages of a simulated night: `jour.html`, the day in its queues, and `verite.html`, its faults, for a training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from protocol.night import DAY_PAGE, TRUTH_PAGE
from protocol.words import Language, Message, Text, language, msg, nmsg, series
from regard.office.page_parts import LIMIT, PageTable, page_of, queue_part, wait_part
from regard.office.pictures.bureaux import (
    MINUTE,
    BureauDay,
    codes_of,
    duration,
    hour_name,
    minutes,
    names_of,
    places,
    time_name,
)
from regard.office.wording import some_of
from regard.terminal import clean
from sim.evidence import Truth
from sim.faults.catalogue import all_faults
from sim.faults.model import Fault
from sim.nights.summary import MakePages, NightTold
from sim.transmission.faults import way_faults
from sim.waits import Passage

_PLACES = 40
"""Bureaux that are named beside a fault; the table of all is in `verite.csv`."""


def truth_page(night: NightTold, words: Language) -> bytes:
    """The page; the same bytes for the same night and language."""
    bureaux = len({(line.insee, line.bureau) for line in night.truth})
    count = sum(not line.again for line in night.truth)
    found = nmsg("{count:n} fault in {places}.", "{count:n} faults in {places}.", count, places=_in(bureaux))
    further = msg("Each one, with what it changed, is a row of {file}.", file="verite.csv")
    return page_of(
        "verite.html.j2",
        words,
        "truth",
        kicker=words.show(msg("A simulated election night: the solution")),
        heading=clean(night.name),
        heading_code="fr",
        under=[words.show(msg("Not for those who are to find the faults."))],
        sentence=f"{words.show(found)} {words.show(further)}" if night.truth else words.show(msg("Nothing.")),
        faults=_faults(night, words),
    )


def _in(bureaux: int) -> Message:
    return nmsg("{count:n} bureau", "{count:n} bureaux", bureaux)


def _faults(night: NightTold, words: Language) -> PageTable:
    every: dict[str, Fault] = {**all_faults(), **way_faults()}
    groups: dict[str, list[Truth]] = {}
    for line in night.truth:
        groups.setdefault(line.fault, []).append(line)
    rows = [
        (
            words.show(every[name].effect),
            words.number(sum(not line.again for line in lines)),
            _places(lines, night, words),
            name,
        )
        for name, lines in sorted(groups.items())
    ]
    head = (msg("What it does"), msg("Count"), msg("Where"), msg("In verite.csv"))
    return PageTable(
        words.show(msg("What was done wrong on purpose")),
        tuple(map(words.show, head)),
        tuple(rows),
        frozenset((0, 2, 3)),
    )


def _places(lines: Sequence[Truth], night: NightTold, words: Language) -> str:
    communes = {bureau.insee: bureau.commune for bureau, _ in night.days}
    polls: dict[str, set[int]] = {}
    for line in lines:
        polls.setdefault(clean(f"{communes.get(line.insee, line.insee)} {line.bureau}".strip()), set()).add(line.poll)
    every = set(range(1, night.polls + 1))
    named = [
        called if of == every else words.show(msg("{place} (poll {polls})", place=called, polls=series(sorted(of))))
        for called, of in polls.items()
    ]
    shown = ", ".join(named[:_PLACES])
    if len(named) > _PLACES:
        return words.show(msg("{places} and {count:n} more", places=shown, count=len(named) - _PLACES))
    return shown


STEP = 200
"""Registered voters by which bureaux are grouped."""
WORST = 5
NAMED = 12
"""Bureaux in which a machine fails, that are named."""
_SAME = 2
"""Bureaux with the longest wait, that are named."""


def day_page(night: NightTold, words: Language) -> bytes:
    """The page; the same bytes for the same night and language."""
    bureaux = [_seen(night, at) for at in range(len(night.days))]
    passages = [passage for _, passage in night.days]
    queue = msg(
        "In each bureau the queue of an hour is the longest within it: people in the room, not yet at a machine."
    )
    return page_of(
        "jour.html.j2",
        words,
        "day",
        kicker=words.show(msg("A simulated election day")),
        heading=clean(night.name),
        heading_code="fr",
        under=[
            clean(words.show(places({each.commune for each in bureaux}, len(bureaux)))),
            *(clean(words.show(said)) for said in _day(night, bureaux)),
            words.show(msg("Nobody voted: this day was made up by regard, and the voting machines are a model.")),
        ],
        sentences=[words.show(said) for said in (_sentence(bureaux, passages, words), *_lost(passages))],
        waits=wait_part(bureaux, LIMIT, _sizes(bureaux, words), words),
        queues=queue_part(bureaux, _hours(passages, words), words, words.show(queue)),
        worst=_worst(bureaux, passages, words),
        footer=[words.show(msg("The figures of each bureau are in {file}, beside this page.", file="jour.csv"))],
    )


def _day(night: NightTold, bureaux: Sequence[BureauDay]) -> Iterator[Text]:
    """Which day of which plan it is, what holds on it, and where a machine fails."""
    day = night.day
    if day is None:
        return
    if day.changed:
        yield msg(
            "Day {day:n} of the plan with seed {seed}, with the same people and failures; faults that were put into "
            "the night can change it.",
            day=day.number,
            seed=day.seed,
        )
    else:
        yield msg(
            "Day {day:n} of the plan with seed {seed}, with the same people and failures.",
            day=day.number,
            seed=day.seed,
        )
    if day.told:
        yield msg("What holds on it: {settings}.", settings=series(day.told, msg("; ")))
    named = dict(zip(((each.insee, each.code) for each in bureaux), codes_of(bureaux), strict=True))
    if failing := [named[key] for key in day.failing]:
        yield nmsg(
            "A machine fails in {count:n} bureau: {bureaux}.",
            "A machine fails in {count:n} bureaux: {bureaux}.",
            len(failing),
            bureaux=some_of(failing, NAMED),
        )


def _seen(night: NightTold, at: int) -> BureauDay:
    bureau, passage = night.days[at]
    return BureauDay(
        insee=bureau.insee,
        commune=bureau.commune,
        code=bureau.code,
        registered=bureau.registered,
        machines=bureau.machines,
        wait=passage.longest,
        above=passage.longest > LIMIT * MINUTE,
        first_hour=passage.first_hour,
        queues=passage.queues,
    )


def _order(bureaux: Sequence[BureauDay]) -> list[int]:
    """The bureaux with the longest waits first."""
    return sorted(range(len(bureaux)), key=lambda at: (-bureaux[at].wait, bureaux[at].insee, bureaux[at].code))


def _sentence(bureaux: Sequence[BureauDay], passages: Sequence[Passage], words: Language) -> Message:
    voters = sum(passage.people - passage.lost for passage in passages)
    if not voters:
        return msg("Nobody voted on this day.")
    worst = _order(bureaux)[0]
    longest = duration(bureaux[worst].wait, words)
    named = names_of(bureaux, words)
    same = [named[at] for at in _order(bureaux) if duration(bureaux[at].wait, words) == longest]
    above = sum(each.above for each in bureaux)
    mean = duration(sum(sum(passage.waited) for passage in passages) // voters, words)
    said = {
        "mean": mean,
        "bureaux": words.number(len(bureaux)),
        "limit": LIMIT,
        "longest": longest,
        "where": some_of(same, _SAME),
    }
    if not above:
        return msg(
            "People waited {mean} on average, and nowhere more than {limit} minutes: the longest wait was "
            "{longest} ({where}).",
            **said,
        )
    return nmsg(
        "People waited {mean} on average; in {count:n} of {bureaux} bureaux there was a wait of more than "
        "{limit} minutes: {longest} ({where}).",
        "People waited {mean} on average; in {count:n} of {bureaux} bureaux there was a wait of more than "
        "{limit} minutes, the longest of {longest} ({where}).",
        above,
        **said,
    )


def _lost(passages: Sequence[Passage]) -> list[Message]:
    lost = sum(passage.lost for passage in passages)
    if not lost:
        return []
    return [
        nmsg(
            "{count:n} person left a queue before voting; no wait on this page is of that person.",
            "{count:n} people left a queue before voting; no wait on this page is of them.",
            lost,
        )
    ]


def _sizes(bureaux: Sequence[BureauDay], words: Language) -> PageTable:
    groups: dict[int, list[BureauDay]] = {}
    for each in bureaux:
        groups.setdefault(each.registered // STEP, []).append(each)
    head = (
        msg("Registered"),
        msg("Bureaux"),
        msg("Above {limit} min", limit=LIMIT),
        msg("Longest wait, mean (min)"),
        msg("Longest wait of all (min)"),
        msg("Longest queue"),
    )
    rows = [
        (
            f"{words.number(group * STEP)}–{words.number(group * STEP + STEP - 1)}",
            words.number(len(members)),
            words.number(sum(each.above for each in members)),
            minutes(sum(each.wait for each in members) // len(members), words),
            minutes(max(each.wait for each in members), words),
            words.number(max(max(each.queues, default=0) for each in members)),
        )
        for group, members in sorted(groups.items())
    ]
    return PageTable(words.show(msg("Waits by bureau size")), tuple(map(words.show, head)), tuple(rows))


def _hours(passages: Sequence[Passage], words: Language) -> PageTable:
    arrivals: Counter[int] = Counter()
    waited: Counter[int] = Counter()
    queues: dict[int, list[int]] = {}
    for passage in passages:
        for hour, people in enumerate(passage.arrivals, passage.first_hour):
            arrivals[hour] += people
            waited[hour] += passage.waited[hour - passage.first_hour]
            queues.setdefault(hour, []).append(passage.queues[hour - passage.first_hour])
    head = (
        msg("Hour"),
        msg("Arrivals"),
        msg("Mean wait (min)"),
        msg("Queue, mean of the bureaux"),
        msg("Longest queue of all"),
    )
    rows = [
        (
            hour_name(hour, words),
            words.number(arrivals[hour]),
            minutes(waited[hour] // max(arrivals[hour], 1), words),
            words.number((2 * sum(queues[hour]) + len(queues[hour])) // (2 * len(queues[hour]))),
            words.number(max(queues[hour])),
        )
        for hour in sorted(queues)
    ]
    return PageTable(words.show(msg("Arrivals, wait and queue by hour")), tuple(map(words.show, head)), tuple(rows))


def _worst(bureaux: Sequence[BureauDay], passages: Sequence[Passage], words: Language) -> PageTable:
    head = (
        msg("Bureau"),
        msg("Registered"),
        msg("Machines"),
        msg("Longest wait (min)"),
        msg("Mean wait (min)"),
        msg("Longest queue"),
        msg("Last one out"),
    )
    named = codes_of(bureaux)
    rows = [
        (
            named[at],
            words.number(bureaux[at].registered),
            words.number(bureaux[at].machines),
            minutes(bureaux[at].wait, words),
            minutes(passages[at].mean, words),
            words.number(passages[at].queue),
            time_name(passages[at].closing, words),
        )
        for at in _order(bureaux)[:WORST]
    ]
    return PageTable(words.show(msg("The bureaux with the longest waits")), tuple(map(words.show, head)), tuple(rows))


def night_pages(code: str) -> MakePages:
    """What makes the pages in a language; a replayed night has no day."""

    def pages(night: NightTold) -> Iterator[tuple[str, bytes]]:
        if night.days:
            yield DAY_PAGE, day_page(night, language(code))
        yield TRUTH_PAGE, truth_page(night, language(code))

    return pages
