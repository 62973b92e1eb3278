"""Labels of the quantities in findings, kinds of evidence, severities and levels."""

from __future__ import annotations

import re
from collections.abc import Mapping

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.urn.terms import SECTION_LABELS
from protocol.words import Message, Text, msg, series
from verify.model.published import Level

BY_THE_OTHERS = "by the other figures"
"""Quantity of a figure that the others of its row give; the piece says that it is computed."""
_MADE: dict[str, Message] = {
    "share": msg("percentage"),
    "votes by choice and blank votes": msg("votes by choice and blank votes"),
    "enablings less cancellations": msg("enablings less cancellations"),
    "votes an hour": msg("votes an hour"),
    BY_THE_OTHERS: msg("by the other figures"),
    "gap": msg("votes found less signatures"),
    "rows": msg("rows"),
    "readings": msg("cases with other readings"),
    "number of choices": msg("number of choices"),
    "last digits": msg("last digits"),
    "votes found less blank and null": msg("votes found − blank − null"),
    "votes_in_all": msg("sum of the votes"),
    "valid in all": msg("valid votes in all"),
    "null in all": msg("null votes in all"),
    "votes_found in all": msg("votes found in all"),
}
"""Quantities made of several figures, which no cell has."""
FIELDS: dict[str, Message] = {
    **_MADE,
    **{each: each.label for each in EvidenceKind},
    **{each: each.label for each in Quantity},
    "-": msg("whole file"),
    "cell": msg("cell"),
    "before": msg("the figure before"),
    "after": msg("the figure after"),
    "cast": msg("votes cast"),
    "voters": msg("public counter"),
    "choix": msg("choices"),
    "panneau": msg("panel"),
    "insee": msg("INSEE code"),
    "commune": msg("commune"),
    "bureau": msg("bureau"),
    "comptage": msg("machine or paper"),
    "scrutin": msg("poll"),
    "statut": msg("status"),
    "constat": msg("finding"),
    "departement": msg("département"),
    "circonscription": msg("constituency"),
    "files": msg("files"),
    "places": msg("places in it"),
    "bureaux": msg("bureaux"),
    "index": msg("state in the index"),
    "seats": msg("seats filled"),
    # of an export or a module
    "record": msg("record"),
    "election": msg("election"),
    "day": msg("day of the poll"),
    "model": msg("model"),
    "machine_serial": msg("serial number of the machine"),
    "module_serial": msg("serial number of the module"),
    "machine": msg("serial number of the machine"),
    "module": msg("serial number of the module"),
    "scelle_machine": msg("seal on the machine"),
    "scelle_module": msg("seal on the module"),
    "module_digest": msg("digest of the module image"),
    "crc32": msg("checksum"),
    "reserved": msg("reserved bytes"),
    "zero_check": msg("zero check"),
    "zero_sum": msg("sum of the counters at the zero check"),
    "zero_slots": msg("slots written at the zero check"),
    "test_changed": msg("test votes changed after the zero check"),
    "opening": msg("opening"),
    "ouverture": msg("opening"),
    "cloture": msg("closing"),
    "enablings": msg("enablings"),
    "clock_sets": msg("clock set"),
    "clock_falls": msg("time of the log going back"),
    "hourly": msg("hourly counter"),
    "keys": msg("keys"),
    **SECTION_LABELS,
    "repaired": msg("repaired"),
    "unreadable": msg("unreadable"),
    "foreign": msg("foreign"),
    "not_blank": msg("not blank"),
    "tallies": msg("votes by choice"),
    "export": msg("export"),
    "cancellations": msg("cancellations"),
    "constituency": msg("constituency"),
    "choices_digest": msg("digest of the list of choices"),
    "machine_seal": msg("seal on the machine"),
    "module_seal": msg("seal on the module"),
    "burnt": msg("slots given up"),
    "openings": msg("openings"),
    "counter_at_opening": msg("public counter at the opening"),
    "counter_at_closing": msg("public counter at the closing"),
    "entries_after_closing": msg("entries after the closing"),
    "test_slots": msg("test votes"),
    # of a file of exports, as `protocol.export.scan.Kind` has them
    "cannot be read": msg("cannot be read"),
    "too large": msg("too large"),
    "not an export": msg("not an export"),
    "unknown version": msg("unknown version"),
    "cut short": msg("cut short"),
    "bytes after the end": msg("bytes after the end"),
    "lost step between two records": msg("lost step between two records"),
}


OF_LAYOUTS: dict[str, Message] = {
    "station": msg("polling place"),
    "commune_code": msg("code of the commune"),
    "canton": msg("canton"),
    "department": msg("département"),
    "region": msg("région"),
    "on_roll": msg("on the roll"),
    "additional_list": msg("on the additional list"),
    "special_list": msg("on the special list"),
    "with_certificate": msg("with a polling certificate"),
    "off_roll": msg("not on the roll"),
    "poll_cards": msg("poll cards"),
    "voter_passes": msg("voter passes"),
    "more": msg("more ballots than voters"),
    "fewer": msg("fewer ballots than voters"),
    "cards_given_here": msg("ballots given out at the polling place"),
    "ballots_received": msg("ballots received"),
    "ballots_unused": msg("unused ballots"),
    "cards_received": msg("ballots received"),
    "cards_unused": msg("unused ballots"),
    "valid_cards": msg("valid ballots"),
    "invalid_cards": msg("invalid ballots"),
    "two_or_more": msg("invalid: two or more marks"),
    "none_marked": msg("invalid: no mark"),
    "struck_out": msg("invalid: mark on a struck-out choice only"),
    "for_candidates": msg("votes for candidates"),
    "not_voted": msg("did not vote"),
    "stations_in": msg("polling places reported"),
    "stations_of_commune": msg("polling places"),
}
"""Names in layouts of published results, beside those of `FIELDS`."""


def is_made(quantity: str) -> bool:
    """Check for a computed figure, which no cell of any document has."""
    return quantity in _MADE


def quantity_of(field: Text) -> str:
    """Name the quantity of a finding's field: a name of ours, else the votes for the choice that it names."""
    name = str(field)
    return name if name in FIELDS or _HOUR.fullmatch(name) else Quantity.VOTES


_HOUR = re.compile(r"[0-9]{2}h")
"""The voters at a full hour."""
_AT_HOUR = re.compile(rf"(?:emargements_)?{_HOUR.pattern}")
"""The voters at a full hour, by the machine or by the sign-in list."""
_LABEL = re.compile(r"choices\[(\d{1,3})\]\[(\d{1,3})\]")
"""A label of the list of choices, as a fault of an urn's image names it."""


_LINE = re.compile(r"voix_(\d{1,2})")
"""The votes of one place on the panel, where nothing names its choice."""


def field_label(field: Text) -> Text:
    """A field's name for people, or those of a ratio; the name of a choice stays as it is."""
    if not isinstance(field, str):
        return field
    if label := _LABEL.fullmatch(field):
        poll, number = (int(part) + 1 for part in label.groups())
        return msg("label {number} of poll {poll}", number=number, poll=poll)
    if line := _LINE.fullmatch(field):
        return msg("votes on line {number} of the panel", number=int(line[1]))
    if _AT_HOUR.fullmatch(field):
        return msg("voters by {hour}:00", hour=field[-3:-1])
    choice, space, ratio = field.rpartition(" ")
    if ratio.isdecimal() and choice in FIELDS:  # one of several: `publie 2`
        return msg("{name} {number}", name=FIELDS[choice], number=ratio)
    if "/" not in ratio:
        return FIELDS.get(field, OF_LAYOUTS.get(field, field))
    names = [FIELDS.get(part) for part in ratio.split("/")]
    if not all(names):
        return field
    shown = series(names, "/")
    return series((choice, shown), space) if choice else shown


SEVERITIES: dict[str, Message] = {"error": msg("error"), "warning": msg("warning"), "info": msg("info")}
LEVELS: dict[str, Message] = {
    **{level.value: level.text for level in Level},
    "file": msg("file"),
    "contest": msg("contest"),
}
"""Subjects of a finding."""


def evidence_label(need: str) -> Text:
    """A need for people: any of several kinds with ``|`` between them, or a figure that is not in it, ``pv: blank``."""
    kinds, _, figure = need.partition(": ")
    named = series(map(_kind, kinds.split("|")), msg(" or "))
    return msg("{name}: {value}", name=named, value=field_label(figure)) if figure else named


def label_polls(kind: str, counts: Mapping[int, int]) -> Text:
    """Of how many bureaux there is evidence of a kind in each poll of the day; of results, which poll they are of.

    Empty where nothing is said.
    """
    there = [poll for poll, count in counts.items() if count]
    if kind.startswith(EvidenceKind.PUBLISHED) and len(there) == 1:
        return msg("poll {number}", number=there[0])
    return series(msg("poll {number}: {count:n}", number=poll, count=count) for poll, count in counts.items())


_MISSING: dict[str, Text] = {
    EvidenceKind.VOTES: msg("votes by choice of PVs"),
    EvidenceKind.SIGNATURES: msg("counts of the sign-in lists"),
    EvidenceKind.PUBLISHED: msg("results published by bureau"),
}
"""Kinds of which other pieces have figures as well."""


def missing_label(need: str) -> Text:
    """The same for what is missing: signatures are then those of the lists, as PVs have some too."""
    return _MISSING.get(need) or evidence_label(need)


def _kind(name: str) -> Text:
    """A kind of evidence, ``publie``, or one of several of its kind, ``publie 2``."""
    kind, _, number = name.partition(" ")
    label = EvidenceKind.named(kind).label
    return msg("{name} {number}", name=label, number=number) if number else label
