"""What the figures of a finding are of, in words."""

from __future__ import annotations

_FIELDS = {
    "registered": ("inscrits", "registered voters"),
    "inscrits": ("inscrits", "registered voters"),
    "emargements": ("émargements", "signatures"),
    "signatures": ("émargements", "signatures"),
    "votes_trouves": ("votes trouvés", "votes found"),
    "votes_found": ("votants", "votes found"),
    "cast": ("votes", "votes cast"),
    "blank": ("blancs", "blank votes"),
    "blancs": ("blancs", "blank votes"),
    "null": ("nuls", "null votes"),
    "nuls": ("nuls", "null votes"),
    "valid": ("exprimés", "valid votes"),
    "exprimes": ("exprimés", "valid votes"),
    "abstentions": ("abstentions", "abstentions"),
    "procurations": ("procurations", "proxies"),
    "proxies": ("procurations", "proxies"),
    "voters": ("compteur public", "public counter"),
    "voix": ("voix", "votes by choice"),
    "choix": ("choix", "choices"),
    "panneau": ("panneau", "panel"),
    "scrutin": ("scrutin", "poll"),
    "circonscription": ("circonscription", "constituency"),
    # what there is of a bureau
    "modules": ("images d'urne", "module images"),
    "publie": ("résultats publiés", "published results"),
    "files": ("fichiers", "files"),
    # of an export or a module
    "record": ("enregistrement", "record"),
    "election": ("élection", "election"),
    "model": ("modèle", "model"),
    "machine_serial": ("numéro de la machine", "serial number of the machine"),
    "module_serial": ("numéro de l'urne", "serial number of the module"),
    "machine": ("numéro de la machine", "serial number of the machine"),
    "module": ("numéro de l'urne", "serial number of the module"),
    "scelle_machine": ("scellé de la machine", "seal on the machine"),
    "scelle_module": ("scellé de l'urne", "seal on the module"),
    "module_digest": ("empreinte de l'image d'urne", "digest of the module image"),
    "crc32": ("somme de contrôle", "checksum"),
    "reserved": ("octets réservés", "reserved bytes"),
    "zero_check": ("vérification à zéro", "zero check"),
    "zero_sum": ("somme des compteurs à la vérification à zéro", "sum of the counters at the zero check"),
    "zero_slots": ("cases écrites à la vérification à zéro", "slots written at the zero check"),
    "test_changed": ("votes d'essai changés après la vérification à zéro", "test votes changed after the zero check"),
    "opening": ("ouverture", "opening"),
    "ouverture": ("ouverture", "opening"),
    "closing": ("clôture", "closing"),
    "cloture": ("clôture", "closing"),
    "enablings": ("autorisations", "enablings"),
    "clock_sets": ("horloge réglée", "clock set"),
    "clock_falls": ("heure du journal en recul", "time of the log going back"),
    "hourly": ("relevé horaire", "hourly counter"),
    "keys": ("clés", "keys"),
    "configuration": ("configuration", "configuration"),
    "zero_checks": ("vérifications à zéro", "zero checks"),
    "test_votes": ("votes d'essai", "test votes"),
    "log": ("journal", "log"),
    "marks": ("compteurs", "counters"),
    "choices": ("liste des choix", "list of choices"),
    "bank_a": ("première copie des votes", "first copy of the votes"),
    "bank_b": ("seconde copie des votes", "second copy of the votes"),
    "repaired": ("réparés", "repaired"),
    "unreadable": ("illisibles", "unreadable"),
    "foreign": ("étrangers", "foreign"),
    "not_blank": ("non vierges", "not blank"),
    # of a file of exports, as `protocol.reading.Kind` has them
    "cannot be read": ("illisible", "cannot be read"),
    "too large": ("trop grand", "too large"),
    "not an export": ("n'est pas un export", "not an export"),
    "unknown version": ("version inconnue", "unknown version"),
    "cut short": ("coupé", "cut short"),
    "bytes after the end": ("octets après la fin", "bytes after the end"),
    "lost step between two records": ("pas perdu entre deux enregistrements", "lost step between two records"),
}


def field_name(field: str, language: str) -> str:
    """A field's name for people, or those of a ratio; the name of a choice stays as it is."""
    choice, space, ratio = field.rpartition(" ")
    names = [_FIELDS.get(part) for part in (ratio.split("/") if "/" in ratio else [field])]
    if not all(names):
        return field
    shown = "/".join(pair[0 if language == "fr" else 1] for pair in names if pair)
    return choice + space + shown if "/" in ratio else shown
