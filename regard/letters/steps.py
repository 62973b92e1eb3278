"""The sections that say what can be done next: complaints, the prefect's delay, documents, and what was not read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from protocol.words import Message, Text, msg, pmsg, series
from regard.language import capitalise
from regard.letters.handout import HandoutBlock, HandoutSection, SectionMaker
from regard.letters.law import (
    ELECTIONS,
    KNOWN,
    SURE,
    UNTIL,
    From,
    LineOfLaw,
    Vote,
    closed_on,
    decisions_on,
    end_of,
    in_words,
    lines_of,
    time_allowed,
    working_day_before,
)
from verify.model.findings import Finding

ROUNDS: dict[int, Message] = {1: msg("first round"), 2: msg("second round")}
PARTS: tuple[tuple[str, Message], ...] = (
    ("complaint", msg("Complaints: until when, how, to whom")),
    ("prefect", msg("The prefect's own time limit")),
    ("document", msg("What may be seen, and until when")),
)
RULES = ("rule", msg("Rules that the letters rest on"))


def title_of(vote: Vote) -> Message:
    """Title of the document."""
    return msg("What comes next: {operations}", operations=operations(vote))


def operations(vote: Vote) -> Text:
    """The vote in words: kind, round, day."""
    name, day = ELECTIONS[vote.election], in_words(vote.date)
    if not vote.round:
        return msg("{name}, {day}", name=name, day=day)
    return msg("{name}, {round}, {day}", name=name, round=ROUNDS[vote.round], day=day)


def sections(vote: Vote, make: SectionMaker) -> list[HandoutSection]:
    """All that is known for a vote."""
    later = make.text(msg("It is later than this vote."))
    rules = [
        f"{make.text(line.how)} {capitalise(make.text(source(line)))}{f' {later}' if line.of_day > vote.date else ''}"
        for line in lines_of("rule", vote.election)
    ]
    silent = [series(filter(None, (line.how, line.source)), " ") for line in lines_of("silence", vote.election)]
    listed = ((RULES[1], rules), (msg("What was looked for and not found"), silent))
    return [
        *(make.section("plain", title, *_blocks(part, vote, make)) for part, title in PARTS),
        *(make.section("plain", title, make.entries(entries)) for title, entries in listed if entries),
        make.section("plain", "", make.paragraph(_CLOSING)),
    ]


_CLOSING = msg(
    "As far as these texts were read by November 2026; what changed since is not in here. regard counts days from the "
    "dates that it was given, and is no legal advice."
)


def _blocks(part: str, vote: Vote, make: SectionMaker) -> Iterator[HandoutBlock]:
    lines = lines_of(part, vote.election)
    if not lines:
        yield make.paragraph(msg("Nothing was read on it for this kind of election."))
    for line in lines:
        heading = line.title if part == "document" else line.who or msg("Complaint") if part == "complaint" else None
        if heading is not None:
            yield make.subheading(capitalise(make.text(heading)))
        yield make.rows("facts", facts(line, vote))


def facts(line: LineOfLaw, vote: Vote) -> list[tuple[Message, Text]]:
    """All that a line says, each with its name."""
    allowed = _time(line, vote)
    found: list[tuple[Message, Text | None]] = [
        *([] if allowed is None else [allowed]),
        (msg("Mind"), _end_of(line, vote)),
        (pmsg("of a document", "Who"), line.who if line.part == "document" else None),
        (msg("Where to see it"), line.where),
        (msg("How") if line.part == "complaint" else msg("What"), _how(line, vote)),
        (msg("Decides"), line.judge),
        (msg("Not known"), line.unsaid),
        (msg("Source"), source(line)),
    ]
    return [(name, said) for name, said in found if said is not None]


def _time(line: LineOfLaw, vote: Vote) -> tuple[Message, Text] | None:
    """The time of a line and its name; of one that lasts as long as that for complaints, with the end of this.

    None once that is over: anyone may then see the document.
    """
    allowed = time_allowed(line, vote)
    if allowed is None or line.since is not From.COMPLAINTS:
        return allowed
    if is_over(line, vote):
        return None
    name, said = allowed
    times = (time_allowed(each, vote) for each in lines_of("complaint", vote.election))
    known = next((each for each in times if each is not None), None)
    if known is None:
        return allowed
    if known[0] is UNTIL:
        return name, msg("{said}, that is until {end}", said=said, end=known[1])
    return name, msg("{said}, that is {long}", said=said, long=known[1])


def _how(line: LineOfLaw, vote: Vote) -> Text | None:
    """The ways to complain; a remark in the PV is named until that is closed, or where there is no other way."""
    if line.remark is None or (line.how is not None and pv_is_closed(vote)):
        return line.how
    return series(filter(None, (line.remark, line.how)), " ")


def pv_is_closed(vote: Vote) -> bool:
    """Check that the day of the vote is past, and with it the time for a remark in the PV of a bureau."""
    return vote.now is not None and vote.date < vote.now.date()


def is_over(line: LineOfLaw, vote: Vote) -> bool | None:
    """Check that the time of a line is over; None where its end, or the time of now, is not known.

    A time that begins when the préfecture has received the PV, or of which no beginning was read, begins at the
    earliest on the day of the vote.
    """
    end = _end(line, vote) or (end_of(line, vote, vote.date) if line.part == "prefect" else None)
    return None if end is None or vote.now is None else end < vote.now


def _end(line: LineOfLaw, vote: Vote) -> datetime.datetime | None:
    """The end of a line's own time, or of that for complaints where it is as long as this."""
    lines = lines_of("complaint", vote.election) if line.since is From.COMPLAINTS else [line]
    return next((end for each in lines if (end := end_of(each, vote)) is not None), None)


def _end_of(line: LineOfLaw, vote: Vote) -> Message | None:
    """That the time of a line is over, or ends on no working day; None where it does not, or its end is not known."""
    end = _end(line, vote)
    if is_over(line, vote):
        if line.since is From.COMPLAINTS:
            return msg("The time for complaints is over: anyone may ask for it now, under book III of the CRPA.")
        if end is None:
            return msg("If it began on the day of the vote, this time is over.")
        return msg("This time is over.")
    if line.remark is not None and line.how is None and pv_is_closed(vote):
        return msg("Only until the PV was closed.")
    why = None if end is None else closed_on(end.date())
    if end is None or why is None:
        return None
    return msg(
        "That last day is {why}, and nothing was read on whether the time then runs on: act by {before} at the latest.",
        why=why,
        before=in_words(working_day_before(end.date())),
    )


def time_of(line: LineOfLaw, vote: Vote) -> Text:
    """The time of a line as a sentence; that it is over, or ends on no working day, is told."""
    allowed = _time(line, vote)
    if allowed is None:
        return msg("No time limit was read.")
    name, said = allowed
    if name is UNTIL and _end(line, vote) is not None and is_over(line, vote):
        return msg("The time for it ended on {end}.", end=said)
    told = msg("Until {end}.", end=said) if name is UNTIL else msg("{name}: {said}.", name=name, said=said)
    end = _end_of(line, vote)
    if end is None:
        return told
    return series((end, told) if is_over(line, vote) else (told, end), " ")


def citations(found: Iterable[Finding]) -> list[Text]:
    """The decisions in which judges did a sum of the kinds that some findings call for, each a sentence or two."""
    sums = " ".join({_kinds_of_sums(each): None for each in found})
    return [cited(line) for line in decisions_on(sums)]


def cited(line: LineOfLaw) -> Text:
    """A decision, as it is said beside a sum or a case of its kind."""
    return msg("A judge did this sum: {how} {source}", how=line.how or "", source=source(line))


def _kinds_of_sums(found: Finding) -> str:
    """Those of a contest, or of a gap between signatures and votes: more votes are deducted, fewer are not."""
    left, right = found.left, found.right
    if not found.is_gap:
        return str(found.details.get("sums", ""))
    if not isinstance(left.value, int) or not isinstance(right.value, int):
        return ""
    return "A" if right.value > left.value else "K"


def source(line: LineOfLaw) -> Text:
    """Source of a line, with its origin and certainty."""
    if line.source is None:
        return msg("{known}.", known=KNOWN[line.known])
    values = {"source": line.source, "sure": SURE[line.sure], "known": KNOWN[line.known]}
    named = msg("{source} ({sure}; {known}).", **values)
    return named if line.note is None else series((named, line.note), " ")
