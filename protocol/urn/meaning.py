"""Meaning of each field and section of a module image, for the document and for inspection."""

from __future__ import annotations

from protocol.urn.image import Section
from protocol.words import Message, msg

SECTION_MEANING: dict[Section, Message] = {
    Section.CONFIGURATION: msg("what the town hall programmed"),
    Section.ZERO_CHECKS: msg(
        "the public checks that all counters stand at zero, with both keys; the last whole one counts"
    ),
    Section.TEST_VOTES: msg("votes of the test mode, in a code of their own; they never count"),
    Section.LOG: msg("opening, closing, incidents and the hourly public counter; nothing for any one voter"),
    Section.MARKS: msg("counters as tally marks, in two copies; the second is filled from its end"),
    Section.CLOSING: msg("the result, and a seal on every other section"),
    Section.CHOICES: msg("the labels of the panel, 64 for each of five polls"),
    Section.BANK_A: msg("a vote in each slot that is used"),
    Section.BANK_B: msg("the complement of the same votes, in the same slots"),
}

_CRC = msg("CRC-32 of this section, bound to the module's serial")
_COMPLEMENT = msg("complement of the checksum before it")
_RESERVED = msg("not written")
_TIME = msg("seconds of local civil time since 2000-01-01 00:00")

MEANING: dict[str, Message] = {
    "configuration.magic": msg("mark of the format"),
    "configuration.format_version": msg("version of the format"),
    "configuration.reserved_1": _RESERVED,
    "configuration.image_size": msg("size of the image, in bytes"),
    "configuration.model": msg("model, hardware and firmware version"),
    "configuration.machine_serial": msg("serial number of the machine it was programmed for"),
    "configuration.module_serial": msg("serial number of the module"),
    "configuration.machine_seal": msg("number of the seal on the machine"),
    "configuration.module_seal": msg("number of the seal on the module"),
    "configuration.election": msg("id of the election"),
    "configuration.insee": msg("INSEE code of the commune"),
    "configuration.bureau": msg("code of the bureau de vote"),
    "configuration.date": msg("polling day, as the decimal number YYYYMMDD"),
    "configuration.round": msg("round of the election"),
    "configuration.part": msg("part of the bureau's day, as in the result export"),
    "configuration.reserved_2": _RESERVED,
    "configuration.registered": msg("registered voters of the bureau"),
    "configuration.choices_crc32": msg("seal of the choices section, as programmed"),
    "configuration.polls": msg("five entries, by poll number; erased where there is no such poll"),
    "configuration.polls.number": msg("number of the poll"),
    "configuration.polls.choices": msg("number of choices on the panel"),
    "configuration.polls.reserved": _RESERVED,
    "configuration.polls.constituency": msg("constituency, empty for none"),
    "configuration.polls.choices_digest": msg("SHA-256 of the whole choice list, as in the result export"),
    "configuration.reserved_3": _RESERVED,
    "configuration.crc32": _CRC,
    "configuration.complement": _COMPLEMENT,
    "zero_checks.at": _TIME,
    "zero_checks.president_key": msg("number of the president's key"),
    "zero_checks.assessor_key": msg("number of the assessor's key"),
    "zero_checks.counter_sum": msg("sum of all counters, as read"),
    "zero_checks.slots_written": msg("slots of the banks that were already written"),
    "zero_checks.test_votes": msg("test votes made before"),
    "zero_checks.test_crc32": msg("seal of the test votes at that time"),
    "zero_checks.reserved": _RESERVED,
    "zero_checks.crc32": _CRC,
    "zero_checks.complement": _COMPLEMENT,
    "test_votes.poll": msg("128 + number of the poll"),
    "test_votes.choice": msg("choice, 0 for blank"),
    "test_votes.check": msg("CRC-16 of the two bytes before"),
    "log.kind": msg("what happened, see below"),
    "log.poll": msg("poll number, 0 for the whole machine"),
    "log.sequence": msg("number of the entry, from 0"),
    "log.at": _TIME,
    "log.value": msg("a counter or a number, see below"),
    "log.crc32": msg("CRC-32 of the module's serial and the twelve bytes before"),
    "marks.enablings": msg("times the president enabled a voter"),
    "marks.voters": msg("the public counter of each poll"),
    "marks.cancellations": msg("enablings ended without a vote, by poll"),
    "closing.at": _TIME,
    "closing.enablings": msg("enablings, as counted at closing"),
    "closing.unreadable": msg("slots in which no vote could be read"),
    "closing.burnt": msg("slots given up after a power cut"),
    "closing.polls": msg("results by poll number"),
    "closing.polls.voters": msg("public counter"),
    "closing.polls.cancellations": msg("enablings ended without a vote"),
    "closing.polls.cast": msg("votes cast, blank ones included"),
    "closing.polls.blank": msg("blank votes"),
    "closing.polls.tallies": msg("votes of each choice, in panel order"),
    "closing.seals": msg("one for each section but this one, by its number"),
    "closing.seals.crc32": msg("CRC-32 of the module's serial, the section's number and the section"),
    "closing.seals.complement": _COMPLEMENT,
    "closing.reserved": _RESERVED,
    "closing.crc32": _CRC,
    "closing.complement": _COMPLEMENT,
    "choices": msg("labels of the panel, by poll and choice"),
    "bank_a": msg("4,096 slots of 4 bytes"),
    "bank_b": msg("4,096 slots of 4 bytes, complemented"),
}
"""By the path of a field in `protocol.urn.image.IMAGE`."""
