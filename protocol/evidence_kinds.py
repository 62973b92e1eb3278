"""The one vocabulary of evidence: what there can be of a bureau, under one name in every file, finding and text.

Two chains leave a bureau: the count (machine, export, PV, centralising record, steps of the way up, publication) and
the sign-in list. Along a chain each piece is a copy of the one before it; the sign-in list stands apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from protocol.words import Message, msg, pmsg


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of evidence for people.

    Attributes:
        one: one piece of it.
        there: where a figure of it stands; by default ``one``.
        label: all that is given of it, as in a list of evidence; by default ``one``.
        heading: the same, short enough for columns side by side; by default its label.
        document: what a letter calls it; by default ``one``.
        allows: what could be checked with it.
    """

    one: Message
    there: Message | None = None
    label: Message | None = None
    heading: Message | None = None
    document: Message | None = None
    allows: Message | None = None


class EvidenceKind(StrEnum):
    """A kind of evidence. Its value is its name in rules, findings, JSON and `election.toml`.

    Attributes:
        file: its file or folder in a night.
        option: the option of commands that gives it by itself; empty for none.
        copied_from: name of the kind that it copies; empty for the first of a chain and for official lists.
        part_of: name of the piece that it belongs to; empty where it is a piece by itself.
    """

    file: str
    option: str
    copied_from: str
    part_of: str
    label: Message
    one: Message
    there: Message
    heading: Message
    document: Message
    allows: Message | None

    def __new__(
        cls, name: str, file: str, option: str, copied_from: str, words: KindWords, part_of: str = ""
    ) -> EvidenceKind:
        """A member with its place in a night, its origin and its words."""
        member = str.__new__(cls, name)
        member._value_, member.file, member.option = name, file, option
        member.copied_from, member.part_of = copied_from, part_of
        member.one, member.there, member.label = words.one, words.there or words.one, words.label or words.one
        member.heading, member.allows = words.heading or member.label, words.allows
        member.document = words.document or words.one
        return member

    UNIVERSE = (
        "univers",
        "univers.csv",
        "",
        "",
        KindWords(
            label=pmsg("evidence", "list of bureaux"),
            one=pmsg("a piece of evidence", "the list of bureaux"),
            there=pmsg("where a figure stands", "on the list of bureaux"),
            heading=pmsg("heading of a piece", "list"),
            allows=msg("see which bureaux nothing was given of"),
        ),
    )
    CHOICES = (
        "choix",
        "choix.csv",
        "",
        "",
        KindWords(
            label=pmsg("evidence", "list of choices"),
            one=pmsg("a piece of evidence", "the list of choices"),
            there=pmsg("where a figure stands", "on the list of choices"),
            allows=msg("see whether candidates are missing, too many or in another order"),
        ),
    )
    EXPORTS = (
        "exports",
        "exports/",
        "--exports",
        "",
        KindWords(
            label=pmsg("evidence", "exports"),
            one=pmsg("a piece of evidence", "the machine"),
            there=pmsg("where a figure stands", "on the machine"),
            heading=pmsg("heading of a piece", "machine"),
            document=msg("ticket of the machine"),
            allows=msg("compare each PV with its machine"),
        ),
    )
    URNS = (
        "modules",
        "modules/",
        "--modules",
        "",
        KindWords(
            label=pmsg("evidence", "images of urns"),
            one=pmsg("a piece of evidence", "the urn"),
            there=pmsg("where a figure stands", "in the urn"),
            heading=pmsg("heading of a piece", "urn"),
            document=msg("electronic urn of the machine"),
            allows=msg("count the stored votes of each machine again"),
        ),
    )
    """The urn beside the machine: an export is derived from the same memory."""
    SIGNATURES = (
        "emargements",
        "emargements.csv",
        "--emargements",
        "",
        KindWords(
            label=pmsg("evidence", "sign-in counts"),
            one=pmsg("a piece of evidence", "the sign-in list"),
            there=pmsg("where a figure stands", "on the sign-in list"),
            heading=pmsg("heading of a piece", "sign-in"),
            document=msg("sign-in list"),
            allows=msg("compare votes and signatures"),
        ),
    )
    RECORDS = (
        "pv",
        "pv.csv",
        "--pv",
        "exports",
        KindWords(
            label=pmsg("evidence", "PVs"),
            one=pmsg("a piece of evidence", "the PV"),
            there=pmsg("where a figure stands", "in the PV"),
            heading=pmsg("heading of a piece", "PV"),
            document=msg("PV of the bureau"),
            allows=msg("compare what was counted with what the bureau wrote down"),
        ),
    )
    VOTES = (
        "voix",
        "voix.csv",
        "--voix",
        "exports",
        KindWords(
            label=pmsg("evidence", "votes by choice"),
            one=pmsg("a piece of evidence", "the PV"),
            there=pmsg("where a figure stands", "in the PV"),
            document=msg("PV of the bureau"),
            allows=msg("compare the votes of each choice"),
        ),
        "pv",
    )
    TABULATION = (
        "recap",
        "recap.csv",
        "",
        "pv",
        KindWords(
            label=pmsg("evidence", "centralising record"),
            one=pmsg("a piece of evidence", "the centralising record"),
            there=pmsg("where a figure stands", "in the centralising record"),
            heading=pmsg("heading of a piece", "central. record"),
            document=msg("PV of the centralising bureau"),
            allows=msg("see whether figures were changed where they were centralised"),
        ),
    )
    WAY_UP = (
        "montee",
        "montee/",
        "",
        "recap",
        KindWords(
            one=pmsg("evidence", "documents of the way up"),
            allows=msg("see at which step between the bureau and the ministry a figure changed"),
        ),
    )
    """All steps between the centralising bureau and the ministry; each is a piece by itself."""
    ENTRY = (
        "saisie",
        "montee/saisie.csv",
        "",
        "recap",
        KindWords(
            one=pmsg("a piece of evidence", "the préfecture's entry"),
            there=pmsg("where a figure stands", "in the préfecture's entry"),
        ),
    )
    NIGHT = (
        "nuit",
        "montee/nuit.csv",
        "",
        "saisie",
        KindWords(
            one=pmsg("a piece of evidence", "the ministry's night edition"),
            there=pmsg("where a figure stands", "in the ministry's night edition"),
        ),
    )
    CALL_BACK = (
        "rappel",
        "montee/rappel.csv",
        "",
        "saisie",
        KindWords(
            one=pmsg("a piece of evidence", "the préfecture's figures after the call back"),
            there=pmsg("where a figure stands", "in the préfecture's figures after the call back"),
        ),
    )
    PROVISIONAL = (
        "provisoire",
        "montee/provisoire.csv",
        "",
        "rappel",
        KindWords(
            one=pmsg("a piece of evidence", "the ministry's provisional edition"),
            there=pmsg("where a figure stands", "in the ministry's provisional edition"),
        ),
    )
    COMMISSION = (
        "commission",
        "montee/commission.csv",
        "",
        "rappel",
        KindWords(
            one=pmsg("a piece of evidence", "the record of the commission de recensement"),
            there=pmsg("where a figure stands", "in the record of the commission de recensement"),
        ),
    )
    DEFINITIVE = (
        "definitif",
        "montee/definitif.csv",
        "",
        "commission",
        KindWords(
            one=pmsg("a piece of evidence", "the ministry's definitive edition"),
            there=pmsg("where a figure stands", "in the ministry's definitive edition"),
        ),
    )
    PUBLISHED = (
        "publie",
        "publie.*",
        "--published",
        "recap",
        KindWords(
            label=pmsg("evidence", "published results"),
            one=pmsg("a piece of evidence", "the published result"),
            there=pmsg("where a figure stands", "in the published result"),
            heading=pmsg("heading of a piece", "published"),
            document=msg("published result"),
            allows=msg("see whether what was published is what the PVs say"),
        ),
    )
    PUBLISHED_SIGNATURES = (
        "publie_emargements",
        "publie.*",
        "--published",
        "emargements",
        KindWords(
            label=pmsg("evidence", "published signatures"),
            one=pmsg("a piece of evidence", "the published result"),
            there=pmsg("where a figure stands", "in the published result"),
            document=msg("published result"),
            allows=msg("compare the signatures that were published"),
        ),
        "publie",
    )
    OTHER_ROUND = (
        "autre_tour",
        "",
        "--other-round",
        "",
        KindWords(
            label=pmsg("evidence", "the other round"),
            one=pmsg("a piece of evidence", "the other round"),
            there=pmsg("where a figure stands", "in the other round"),
            allows=msg("compare turnout and rolls of the two rounds"),
        ),
    )
    DAY = (
        "jour",
        "",
        "",
        "",
        KindWords(
            one=pmsg("a piece of evidence", "polling day"),
        ),
    )
    """The day itself, which every first piece records: no evidence, and blamed where no piece is."""

    @staticmethod
    def named(name: str) -> EvidenceKind:
        """The kind of a name.

        Raises:
            KeyError: none has it.
        """
        return _NAMED[name]

    @classmethod
    def of_file(cls, file: str) -> EvidenceKind:
        """The evidence that a file of a night is, by its name."""
        return next(each for each in cls if each.file == file)

    @property
    def piece(self) -> EvidenceKind:
        """The piece of evidence that it is, or belongs to."""
        return EvidenceKind.named(self.part_of) if self.part_of else self


_NAMED: dict[str, EvidenceKind] = {each.value: each for each in EvidenceKind}
DUMPS = (EvidenceKind.EXPORTS, EvidenceKind.URNS)
"""Kinds of evidence that are read from a machine."""
