"""What became of findings, in words: beside its case on every report, and counted at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from protocol.words import Message, Text, msg, nmsg, series
from verify.audit import Audit
from verify.model.follow_ups import Followed, FollowStatus, FollowUp, Today

_NAMED = 5
_LONGEST = 300
"""Characters of a remark on a screen and in a cell."""


def by_case(result: Audit) -> dict[int, list[Followed]]:
    """The follow-ups of each case that has any, by its number."""
    found: dict[int, list[Followed]] = {}
    for each in result.followed:
        for number in each.cases:
            found.setdefault(number, []).append(each)
    return found


def followed_text(each: Followed) -> Text:
    """One follow-up in a sentence: what became of it, the remark, whose and from when it is, and what it rests on."""
    row = each.follow_up
    what: list[Text] = [row.status.label]
    if row.number is not None:
        what.append(nmsg("{count:n} vote", "{count:n} votes", row.number))
    said: Text = series(what)
    if row.remark:
        remark = row.remark if len(row.remark) <= _LONGEST else f"{row.remark[:_LONGEST]}…"
        said = msg("{status}: {remark}", status=said, remark=remark)
    about: list[Text] = [*filter(None, (row.author, row.date))]
    if row.piece:
        about.append(msg("piece: {piece}", piece=row.piece))
    if each.state is Today.CHANGED:
        about.append(msg("figures then {then}, now {now}", then=row.figures, now=each.now))
    return msg("{text} ({about})", text=said, about=series(about, msg("; "))) if about else said


def all_in_words(several: list[Followed]) -> Text:
    """Several follow-ups of one case, in a cell."""
    return series(map(followed_text, several), msg("; "))


def counted_follow_ups(result: Audit) -> Iterator[Message]:
    """How many follow-ups there are and of which state; those of what is not found any more, one by one."""
    if not result.followed:
        return
    counts = Counter(each.follow_up.status for each in result.followed)
    states = series(
        msg("{count:n} {status}", count=counts[each], status=each.label) for each in FollowStatus if counts[each]
    )
    yield nmsg("{count:n} follow-up: {states}", "{count:n} follow-ups: {states}", len(result.followed), states=states)
    gone = [each.follow_up for each in result.followed if each.state is Today.GONE]
    for row in gone[:_NAMED]:
        yield msg("  {source} ({status}): {gone}", source=row.source, status=row.status.label, gone=_gone(row))
    if len(gone) > _NAMED:
        yield nmsg("  … and {count:n} more: --json", "  … and {count:n} more: --json", len(gone) - _NAMED)


def _gone(row: FollowUp) -> Message:
    """That what a follow-up is about is not found any more."""
    place = " ".join(filter(None, (row.insee, row.bureau)))
    if row.about and place:
        return msg("{code} is not found in {place} any more", code=row.about, place=place)
    if row.about:
        return msg("{code} is not found any more", code=row.about)
    return msg("nothing is found in {place} any more", place=place) if place else msg("nothing is found any more")
