"""Why no fault of the simulator sets off a rule, for the rules of which that is so: `docs/matrix.md` says it."""

from __future__ import annotations

_TWO_ROUNDS = (
    "il faut les deux tours ; une nuit simulée n'en a qu'un",
    "needs both rounds; a simulated night has one",
)
_OF_REGARD = (
    "dit que regard lui-même n'a pas pu contrôler un fichier ou appliquer une règle",
    "says that regard itself could not check a file or apply a rule",
)
_IN_LISTS = (
    "il faut une liste officielle fausse, ou des circonscriptions ; une nuit simulée a des listes justes et un scrutin",
    "needs an official list that is wrong, or constituencies; a simulated night's lists are right, and of one poll",
)
_SEVERAL_POLLS = (
    "il faut plusieurs scrutins le même jour ; l'élection simulée n'en a qu'un",
    "needs several polls on one day; the simulated election has one",
)
_BLANK = (
    "il faut un tableau rempli à moitié ; le simulateur remplit tous les siens",
    "needs a table that was filled in by half; the simulator fills in all of its own",
)
_OF_A_FEED = (
    "il faut le flux XML du ministère ; une nuit simulée n'en a pas",
    "needs the ministry's XML feed; a simulated night has none",
)

REASONS: dict[str, tuple[str, str]] = {
    "A108": (
        "il faut un choix retiré ou un second tour ; une nuit simulée est celle du premier, sans retrait",
        "needs a choice that is withdrawn, or a second round; a simulated night is of the first, without any",
    ),
    "A115": (
        "il faut une élection par circonscription ; l'élection simulée est celle de tout le pays",
        "needs an election by constituency; the simulated election is the whole country's",
    ),
    "C111": (
        "dit dans toute nuit combien de pièces il y a ; ce n'est pas un constat de faute",
        "says in every night how much evidence there is; it finds no fault",
    ),
    "C114": _IN_LISTS,
    "C115": _IN_LISTS,
    "C116": _SEVERAL_POLLS,
    "C117": _IN_LISTS,
    "C118": _BLANK,
    "C119": _BLANK,
    "C120": _BLANK,
    "C121": _BLANK,
    "C122": _IN_LISTS,
    "C123": _IN_LISTS,
    "C124": (
        "il faut l'export d'une machine copié pour une autre du même bureau ; le simulateur n'en copie pas",
        "needs the export of one machine copied for another of the same bureau; the simulator copies none",
    ),
    "R225": _BLANK,
    "I120": _OF_REGARD,
    "I121": _OF_REGARD,
    "R217": (
        "demande des PV sans liste d'émargements ni relevé, et se voit alors aussi dans une nuit sans faute",
        "needs PVs without sign-in lists and exports, and then shows in a night without a fault as well",
    ),
    "R221": _SEVERAL_POLLS,
    "T312": _SEVERAL_POLLS,
    "T313": (
        "il faut des résultats publiés avec les émargements ; ceux du ministère, que la simulation imite, n'en ont pas",
        "needs results published with the signatures; the ministry's, which the simulation follows, have none",
    ),
    "T305": (
        "il faut les résultats du pays entier ; une nuit simulée n'a que les communes à machines",
        "needs the results of the whole country; a simulated night has the communes with machines only",
    ),
    "T320": _OF_A_FEED,
    "T321": _OF_A_FEED,
    "T322": _OF_A_FEED,
    "P403": _TWO_ROUNDS,
    "P408": (
        "il faut une commune d'au moins dix bureaux à machine et dix autres ; ces petites nuits ont trois communes",
        "needs a commune of ten machine bureaux or more and ten other communes; these small nights have three communes",
    ),
    "P409": _TWO_ROUNDS,
    "P410": (
        "il faut au moins deux cents nombres d'une commune ; ces petites communes en ont moins",
        "needs two hundred figures of one commune or more; these small communes have fewer",
    ),
    "P411": _TWO_ROUNDS,
    "P413": _TWO_ROUNDS,
    "P414": _TWO_ROUNDS,
    "V501": (
        "ne cherche pas de faute : dit ce que d'autres constats pourraient changer au résultat",
        "looks for no fault: says what other findings could change about the result",
    ),
    "V502": (
        "ne cherche pas de faute : dit ce que d'autres constats pourraient changer au résultat",
        "looks for no fault: says what other findings could change about the result",
    ),
}
"""By code, in French and in English. A rule has a fault or stands here; `tests/regard/test_matrix.py` holds that."""
