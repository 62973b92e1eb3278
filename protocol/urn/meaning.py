"""What each field and section of a module image means, in English and in French, for the document and inspection."""

from __future__ import annotations

from protocol.urn.image import Section

SECTION_MEANING: dict[Section, tuple[str, str]] = {
    Section.CONFIGURATION: ("what the town hall programmed", "ce que la mairie a programmé"),
    Section.ZERO_CHECKS: (
        "the public checks that all counters stand at zero, with both keys; the last whole one counts",
        "les vérifications publiques des compteurs à zéro, avec les deux clés ; la dernière complète compte",
    ),
    Section.TEST_VOTES: (
        "votes of the test mode, in a code of their own; they never count",
        "votes du mode essai, dans un code à eux ; ils ne comptent jamais",
    ),
    Section.LOG: (
        "opening, closing, incidents and the hourly public counter; nothing for any one voter",
        "ouverture, clôture, incidents et compteur public horaire ; rien sur un électeur en particulier",
    ),
    Section.MARKS: (
        "counters as tally marks, in two copies; the second is filled from its end",
        "compteurs en bâtons, en deux copies ; la seconde se remplit par la fin",
    ),
    Section.CLOSING: (
        "the result, and a seal on every other section",
        "le résultat, et un sceau sur chacune des autres parties",
    ),
    Section.CHOICES: (
        "the labels of the panel, 64 for each of five polls",
        "les libellés du panneau, 64 pour chacun des cinq scrutins",
    ),
    Section.BANK_A: ("a vote in each slot that is used", "un vote dans chaque case utilisée"),
    Section.BANK_B: (
        "the complement of the same votes, in the same slots",
        "le complément des mêmes votes, dans les mêmes cases",
    ),
}

_CRC = (
    "CRC-32 of this section, bound to the module's serial",
    "CRC-32 de cette partie, lié au numéro de série de l'urne",
)
_COMPLEMENT = ("complement of the checksum before it", "complément de la somme de contrôle qui précède")
_RESERVED = ("not written", "non écrit")
_TIME = (
    "seconds of local civil time since 2000-01-01 00:00",
    "secondes d'heure civile locale depuis le 2000-01-01 00:00",
)

MEANING: dict[str, tuple[str, str]] = {
    "configuration.magic": ("mark of the format", "marque du format"),
    "configuration.format_version": ("version of the format", "version du format"),
    "configuration.reserved_1": _RESERVED,
    "configuration.image_size": ("size of the image, in bytes", "taille de l'image, en octets"),
    "configuration.model": ("model, hardware and firmware version", "modèle, versions du matériel et du logiciel"),
    "configuration.machine_serial": (
        "serial number of the machine it was programmed for",
        "numéro de série de la machine pour laquelle elle fut programmée",
    ),
    "configuration.module_serial": ("serial number of the module", "numéro de série de l'urne électronique"),
    "configuration.machine_seal": ("number of the seal on the machine", "numéro du scellé de la machine"),
    "configuration.module_seal": ("number of the seal on the module", "numéro du scellé de l'urne"),
    "configuration.election": ("id of the election", "identifiant de l'élection"),
    "configuration.insee": ("INSEE code of the commune", "code INSEE de la commune"),
    "configuration.bureau": ("code of the bureau de vote", "code du bureau de vote"),
    "configuration.date": ("polling day, as the decimal number YYYYMMDD", "jour du scrutin, AAAAMMJJ"),
    "configuration.round": ("round of the election", "tour"),
    "configuration.part": (
        "part of the bureau's day, as in the result export",
        "partie de la journée du bureau, comme dans l'export",
    ),
    "configuration.reserved_2": _RESERVED,
    "configuration.registered": ("registered voters of the bureau", "électeurs inscrits du bureau"),
    "configuration.choices_crc32": (
        "seal of the choices section, as programmed",
        "sceau de la partie des libellés, tel que programmé",
    ),
    "configuration.polls": (
        "five entries, by poll number; erased for a poll that there is not",
        "cinq entrées, par numéro de scrutin ; vierges pour un scrutin absent",
    ),
    "configuration.polls.number": ("number of the poll", "numéro du scrutin"),
    "configuration.polls.choices": ("number of choices on the panel", "nombre de choix du panneau"),
    "configuration.polls.reserved": _RESERVED,
    "configuration.polls.constituency": ("constituency, empty for none", "circonscription, vide s'il n'y en a pas"),
    "configuration.polls.choices_digest": (
        "SHA-256 of the whole choice list, as in the result export",
        "SHA-256 de la liste entière des choix, comme dans l'export",
    ),
    "configuration.reserved_3": _RESERVED,
    "configuration.crc32": _CRC,
    "configuration.complement": _COMPLEMENT,
    "zero_checks.at": _TIME,
    "zero_checks.president_key": ("number of the president's key", "numéro de la clé du président"),
    "zero_checks.assessor_key": ("number of the assessor's key", "numéro de la clé de l'assesseur"),
    "zero_checks.counter_sum": ("sum of all counters, as read", "somme de tous les compteurs, telle que lue"),
    "zero_checks.slots_written": (
        "slots of the banks that were not blank",
        "cases des banques qui n'étaient pas vierges",
    ),
    "zero_checks.test_votes": ("test votes made before", "votes d'essai faits auparavant"),
    "zero_checks.test_crc32": ("seal of the test votes at that time", "sceau des votes d'essai à ce moment"),
    "zero_checks.reserved": _RESERVED,
    "zero_checks.crc32": _CRC,
    "zero_checks.complement": _COMPLEMENT,
    "test_votes.poll": ("128 + number of the poll", "128 + numéro du scrutin"),
    "test_votes.choice": ("choice, 0 for blank", "choix, 0 pour blanc"),
    "test_votes.check": ("CRC-16 of the two bytes before", "CRC-16 des deux octets qui précèdent"),
    "log.kind": ("what happened, see below", "ce qui s'est passé, voir plus bas"),
    "log.poll": ("poll number, 0 for the whole machine", "numéro du scrutin, 0 pour toute la machine"),
    "log.sequence": ("number of the entry, from 0", "numéro de l'entrée, à partir de 0"),
    "log.at": _TIME,
    "log.value": ("a counter or a number, see below", "un compteur ou un numéro, voir plus bas"),
    "log.crc32": (
        "CRC-32 of the module's serial and the twelve bytes before",
        "CRC-32 du numéro de série de l'urne et des douze octets qui précèdent",
    ),
    "marks.enablings": ("times the president enabled a voter", "fois où le président a autorisé un électeur"),
    "marks.voters": ("the public counter of each poll", "le compteur public de chaque scrutin"),
    "marks.cancellations": (
        "enablings ended without a vote, by poll",
        "autorisations terminées sans vote, par scrutin",
    ),
    "closing.at": _TIME,
    "closing.enablings": ("enablings, as counted at closing", "autorisations, comptées à la clôture"),
    "closing.unreadable": ("slots in which no vote could be read", "cases où aucun vote n'a pu être lu"),
    "closing.burnt": ("slots given up after a power cut", "cases abandonnées après une coupure de courant"),
    "closing.polls": ("results by poll number", "résultats par numéro de scrutin"),
    "closing.polls.voters": ("public counter", "compteur public"),
    "closing.polls.cancellations": ("enablings ended without a vote", "autorisations terminées sans vote"),
    "closing.polls.cast": ("votes cast, blank ones included", "votes émis, blancs compris"),
    "closing.polls.blank": ("blank votes", "votes blancs"),
    "closing.polls.tallies": ("votes of each choice, in panel order", "voix de chaque choix, dans l'ordre du panneau"),
    "closing.seals": (
        "one for each section but this one, by its number",
        "un pour chaque partie sauf celle-ci, par son numéro",
    ),
    "closing.seals.crc32": (
        "CRC-32 of the module's serial, the section's number and the section",
        "CRC-32 du numéro de série de l'urne, du numéro de la partie et de la partie",
    ),
    "closing.seals.complement": _COMPLEMENT,
    "closing.reserved": _RESERVED,
    "closing.crc32": _CRC,
    "closing.complement": _COMPLEMENT,
    "choices": ("labels of the panel, by poll and choice", "libellés du panneau, par scrutin et choix"),
    "bank_a": ("4,096 slots of 4 bytes", "4 096 cases de 4 octets"),
    "bank_b": ("4,096 slots of 4 bytes, complemented", "4 096 cases de 4 octets, complémentées"),
}
"""By the path of a field in `protocol.urn.image.IMAGE`: English, French."""
