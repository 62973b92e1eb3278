"""What a bulletin must agree with: itself, its envelope and the name of its file."""

from __future__ import annotations

from dataclasses import replace

from protocol.bu.bulletin import UrnaBulletin, UrnaEnvelope
from protocol.bu.checklist import AGREEMENT, INTEGRITY, Checklist
from protocol.bu.counts import OfficeCounts, lawful_choices, office_name
from protocol.bu.file_names import UrnaSection, section_of_name
from protocol.words import Text, msg

_ADDS_UP = msg("votes of each office against turnout times choices")
_NAMED = msg("phase, vote and section in the name of a file against its content")
_ENVELOPE = msg("phase, vote, section, place and time on the envelope of a bulletin against the bulletin")


def check_sums(
    checks: Checklist,
    offices: list[OfficeCounts],
    year: int,
    source: str,
    unit: str,
) -> None:
    """Votes of each office against its turnout, and turnout against the roll.

    Args:
        checks: where the outcome goes.
        offices: of one section.
        year: of the election.
        source: name of the file.
        unit: of the section.
    """
    good = 0
    for office in offices:
        if office.turnout is None:
            continue
        each = office.choices or lawful_choices(office.office, year)
        due = office.turnout * each
        if office.votes == due and (office.registered is None or office.turnout <= office.registered):
            good += 1
            continue
        name = office_name(office.office)
        if office.votes != due:
            checks.fails(
                "D104",
                AGREEMENT,
                msg("votes for {office} against turnout times {choices}", office=name, choices=each),
                source,
                unit,
                left=str(office.votes),
                right=str(due),
                left_source=msg("votes by choice, blank and null"),
                right_source=msg("turnout times choices"),
            )
        else:
            checks.fails(
                "D104",
                AGREEMENT,
                msg("turnout for {office} against the roll", office=name),
                source,
                unit,
                left=str(office.turnout),
                right=str(office.registered),
                left_source=msg("turnout"),
                right_source=msg("the roll"),
            )
    checks.holds("D104", AGREEMENT, _ADDS_UP, source, unit, good)


def check_name(checks: Checklist, name: str, section: UrnaSection) -> None:
    """The name of a file against its content; other names say nothing."""
    named = section_of_name(name)
    if named is None:
        return
    if named[0] == section:
        checks.holds("D109", AGREEMENT, _NAMED, name, section.unit)
        return
    checks.fails(
        "D109",
        AGREEMENT,
        _NAMED,
        name,
        section.unit,
        left=describe(named[0]),
        right=describe(section),
        left_source=msg("name"),
        right_source=msg("content"),
    )


def check_envelope(checks: Checklist, envelope: UrnaEnvelope, bulletin: UrnaBulletin, source: str) -> None:
    """An envelope against the bulletin in it, and whether both follow the format."""
    section = bulletin.section
    if not envelope.section.section:  # a spare machine's has no section, and no place
        envelope = replace(envelope, section=replace(envelope.section, section=section.section), place=bulletin.place)
    if (envelope.section, envelope.place, envelope.written) == (section, bulletin.place, bulletin.written):
        checks.holds("D109", AGREEMENT, _ENVELOPE, source, section.unit)
    else:
        checks.fails(
            "D109",
            AGREEMENT,
            _ENVELOPE,
            source,
            section.unit,
            left=_sides(envelope.section, envelope.place, envelope.written),
            right=_sides(section, bulletin.place, bulletin.written),
            left_source=msg("envelope"),
            right_source=msg("bulletin"),
        )
    check_format(checks, (*envelope.deviations, *bulletin.deviations), source, section.unit)


def check_format(checks: Checklist, deviations: tuple[Text, ...], source: str, unit: str) -> None:
    """Whether a file follows the format: decoded and encoded again it is the same."""
    if not deviations:
        checks.holds("D118", INTEGRITY, msg("decoded and encoded again, the bytes of the file"), source, unit)
    for text in deviations:
        checks.fails("D118", INTEGRITY, text, source, unit)


def _sides(section: UrnaSection, place: int, written: str) -> Text:
    return msg("{section}, place {place}, written {time}", section=describe(section), place=place, time=written)


def describe(section: UrnaSection) -> Text:
    """A section with phase and vote, for people."""
    return msg("phase {phase}, vote {vote}, section {unit}", phase=section.phase, vote=section.vote, unit=section.unit)
