"""The words of `regard inspect` in both languages: what fields mean and what can be wrong with bytes.

What a reader expected and found is in `protocol.phrases`.
"""

from __future__ import annotations

from protocol.export import Verdict


def _both(french: str, english: str) -> dict[str, str]:
    return {"fr": french, "en": english}


MEANING = {
    "magic": _both("marque du format", "mark of the format"),
    "format_version": _both("version du format", "version of the format"),
    "record_length": _both("longueur, en octets", "length, in bytes"),
    "model": _both("modèle, matériel et logiciel", "model, hardware and firmware"),
    "machine_serial": _both("numéro de la machine", "serial number of the machine"),
    "module_serial": _both("numéro de l'urne électronique", "serial number of the module"),
    "machine_seal": _both("scellé de la machine", "seal on the machine"),
    "module_seal": _both("scellé de l'urne", "seal on the module"),
    "election": _both("identifiant de l'élection", "id of the election"),
    "constituency": _both("circonscription ou canton", "constituency"),
    "insee": _both("code INSEE de la commune", "INSEE code of the commune"),
    "bureau": _both("code du bureau de vote", "code of the bureau de vote"),
    "date": _both("jour du scrutin, AAAAMMJJ", "polling day, YYYYMMDD"),
    "round": _both("tour", "round"),
    "poll": _both("numéro du scrutin ce jour-là", "number of the poll of that day"),
    "part": _both("partie de la journée du bureau", "part of the bureau's day"),
    "choices": _both("nombre de choix", "number of choices"),
    "registered": _both("électeurs inscrits", "registered voters"),
    "zero_check": _both("vérification des compteurs à zéro", "zero check"),
    "opening": _both("ouverture du scrutin", "opening of the poll"),
    "closing": _both("clôture du scrutin", "closing of the poll"),
    "export": _both("heure de cet export", "time of this export"),
    "zero_sum": _both("somme des compteurs à la vérification", "sum of all counters at the zero check"),
    "voters": _both("compteur public des votants", "public counter of voters"),
    "enablings": _both("autorisations données par le président", "enablings by the president"),
    "cancellations": _both("autorisations sans vote", "enablings ended without a vote"),
    "cast": _both("votes émis, blancs compris", "votes cast, blank ones included"),
    "blank": _both("votes blancs", "blank votes"),
    "choices_digest": _both("SHA-256 de la liste des choix", "SHA-256 of the choice list"),
    "module_digest": _both("SHA-256 de l'image de l'urne", "SHA-256 of the module image"),
    "reserved": _both("réservé", "reserved"),
    "crc32": _both("somme de contrôle des octets précédents", "checksum of all bytes before it"),
}
VERDICTS = {
    Verdict.OK: _both("rien à redire aux octets", "nothing wrong with its bytes"),
    Verdict.MAGIC: _both("n'est pas un export (marque du format)", "not an export (mark of the format)"),
    Verdict.VERSION: _both("version du format inconnue", "unknown version of the format"),
    Verdict.LENGTH: _both("longueur fausse", "wrong length"),
    Verdict.CHECKSUM: _both("somme de contrôle fausse", "checksum differs"),
    Verdict.VALUE: _both("une valeur que le format n'admet pas", "a value that the format does not allow"),
}
SHORT = {
    Verdict.OK: _both("bons", "good"),
    Verdict.MAGIC: _both("marque", "magic"),
    Verdict.VERSION: _both("version", "version"),
    Verdict.LENGTH: _both("longueur", "length"),
    Verdict.CHECKSUM: _both("somme", "checksum"),
    Verdict.VALUE: _both("valeur", "value"),
}


def zeros(raw: bytes) -> str:
    """``00 x 60`` for a long run of nothing but zeros, else an empty text."""
    return f"00 x {len(raw)}" if len(raw) > 16 and not any(raw) else ""
