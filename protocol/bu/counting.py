"""From the counts of a section to tallies: contests by election and office, choices by the number that voters type."""

from __future__ import annotations

from protocol.bu.counts import OfficeCounts, lawful_choices, office_name
from protocol.bu.file_names import UrnaSection
from protocol.dumps.tallies import NOT_GIVEN, ChoiceKind, DumpChoice, DumpContest, Tallies, TallyBuilder, TallyKind

UNIT_PARTS = ("municipio", "zona", "secao")


def contest_id(election: int, office: int) -> str:
    """Identifier of a contest: election and office by their numbers."""
    return f"{election}/{office}"


def add_section(builder: TallyBuilder, section: UrnaSection, offices: list[OfficeCounts], year: int) -> None:
    """Add the counts of one section.

    A line that is not there means no votes: blank and null votes are always said.
    """
    unit = builder.unit(*section.unit_parts)
    for office in offices:
        vote_for = office.choices or lawful_choices(office.office, year)
        contest = builder.contest(
            DumpContest(contest_id(office.election, office.office), office_name(office.office), vote_for)
        )
        builder.count(
            unit,
            contest,
            NOT_GIVEN if office.registered is None else office.registered,
            NOT_GIVEN if office.turnout is None else office.turnout,
        )
        builder.add(unit, contest, TallyKind.BLANK, office.blank)
        builder.add(unit, contest, TallyKind.NULL, office.null)
        for number, votes in office.nominal.items():
            party = office.parties.get(number)
            choice = builder.choice(DumpChoice(contest, f"{number}", f"{number}", "" if party is None else f"{party}"))
            builder.add(unit, contest, TallyKind.CHOICE, votes, choice)
        for party, votes in office.party.items():
            name = f"legenda {party}"
            choice = builder.choice(DumpChoice(contest, name, name, f"{party}", ChoiceKind.PARTY))
            builder.add(unit, contest, TallyKind.CHOICE, votes, choice)


def counts_of(tallies: Tallies) -> dict[tuple[str, str], OfficeCounts]:
    """Tallies as counts again, by the names of units and the identifiers of contests.

    Raises:
        ValueError: an identifier of a contest or a choice that has no numbers.
    """
    found: dict[tuple[str, str], OfficeCounts] = {}
    for unit, contest, registered, ballots in tallies.counts.tolist():
        each = tallies.contests[contest]
        election, _, office = each.id.partition("/")
        counts = OfficeCounts(int(election), int(office), choices=each.vote_for)
        counts.registered = None if registered == NOT_GIVEN else registered
        counts.turnout = None if ballots == NOT_GIVEN else ballots
        found[tallies.units[unit], each.id] = counts
    for unit, contest, choice, kind, votes in tallies.rows.tolist():
        counts = found[tallies.units[unit], tallies.contests[contest].id]
        if kind == TallyKind.BLANK:
            counts.blank = votes
        elif kind == TallyKind.NULL:
            counts.null = votes
        elif tallies.choices[choice].kind is ChoiceKind.PARTY:
            counts.party[int(tallies.choices[choice].party)] = votes
        else:
            number, party = tallies.choices[choice].id, tallies.choices[choice].party
            counts.nominal[int(number)] = votes
            counts.parties[int(number)] = int(party or number[:2])
    return found
