"""Document of the next steps in each language, in French `docs/guide/suites.md`: from the lines of the law."""

from __future__ import annotations

from collections.abc import Iterable

from protocol.words import Message, Text, language, msg, nmsg, series
from regard.language import capitalise, show
from regard.letters.law import ELECTIONS, KNOWN, READ, From, LineOfLaw, hour, law
from regard.letters.matters import MOST_CASES
from regard.letters.steps import PARTS, RULES, source
from regard.reference import markdown

_SINCE: dict[From, Message] = {
    From.VOTE: msg("{long} after the vote"),
    From.CLOSE: msg("{long} after the close of the vote"),
    From.PROCLAMATION: msg("{long} after the proclamation"),
    From.RECEIPT: msg("{long} from when the préfecture received the PV"),
    From.COMPLAINTS: msg("as long as there is time for complaints"),
}


def document(code: str) -> str:
    """The document in the language of that code."""
    lines = [line for line in law().values() if line.part != "silence"]
    return markdown.document(
        __file__,
        language(code),
        most=MOST_CASES,
        known=list(KNOWN.values()),
        head=[show(code, name) for name in (msg("about"), msg("time"), msg("what it says"), msg("source"))],
        parts=[(title, [_row(line, code) for line in lines if line.part == part]) for part, title in (*PARTS, RULES)],
        silent=[_joined((line.how, line.source)) for line in law().values() if line.part == "silence"],
    )


def _row(line: LineOfLaw, code: str) -> list[str]:
    elections = [ELECTIONS[name] for name in ELECTIONS if name in line.elections]
    about: list[Text | None] = [line.title] if line.title is not None else []
    about += [series(elections)] if line.elections != READ else []
    about += [line.who] if line.who is not None else []
    said = _joined(
        (line.remark, line.how, line.where, line.judge and msg("Decides: {judge}.", judge=line.judge), line.unsaid)
    )
    return [
        capitalise(show(code, series(filter(None, about), msg("; ")))) or "-",
        show(code, _time(line)) or "-",
        show(code, said),
        show(code, source(line)),
    ]


def _time(line: LineOfLaw) -> Text:
    """Time limit in words; empty without one."""
    if line.since is From.COMPLAINTS:
        return _SINCE[line.since]
    if not (line.days or line.hours):
        return ""
    long: Text = nmsg("{count} day", "{count} days", line.days) if line.days else msg("{hours} hours", hours=line.hours)
    said = long if line.since is From.UNSAID else Message(_SINCE[line.since].text, {"long": long})
    return msg("{said}, until {clock}", said=said, clock=hour(line.clock)) if line.clock else said


def _joined(texts: Iterable[Text | None]) -> Text:
    return series([text for text in texts if text], " ")
