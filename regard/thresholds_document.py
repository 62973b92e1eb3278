"""The thresholds of the rules as a section of `docs/rules.md` and `docs/regles.md`: names, values, meaning."""

from __future__ import annotations

import inspect
import re

from protocol.markdown import table
from verify.thresholds import Thresholds

_FRENCH = {
    "votes_per_hour": "M111 : plus de votes que cela en une heure de scrutin, pour une machine.",
    "hourly_margin": (
        "M112 : le compteur horaire de la machine s'écarte des émargements de l'heure de plus d'autant d'électeurs."
    ),
    "clock_margin": "M107 : l'horloge d'une machine s'écarte des heures du PV de plus d'autant de minutes.",
    "one_hand_bureaux": (
        "R217 : une commune d'au moins autant de bureaux, tous avec deux comptes égaux d'un même fichier."
    ),
    "registered_jump_percent": "P411 : la liste a changé de plus de tant pour cent entre les tours …",
    "registered_jump": (
        "P411 : … et d'autant d'électeurs au moins ; P413 : deux listes échangées diffèrent d'au moins autant."
    ),
    "gap_permille": "P401 : un écart de plus de tant de ‰ des votes trouvés, comme dans les études françaises …",
    "gap_permille_large": "P401 : … et de plus de tant.",
    "gap_percent": "P401 : un écart d'au moins tant pour cent des votes trouvés, la règle néerlandaise …",
    "gap_votes": "P401 : … ou d'au moins autant de votes.",
    "screen_one_in": (
        "P402, P403, P404, P408, P410 : chacune ne désigne quoi que ce soit que dans une nuit sans faute sur "
        "tant, quel que soit le nombre de bureaux et de choix examinés (correction de Holm)."
    ),
    "screen_bureaux": "P402, P403, P404 : dans les communes d'au moins autant de bureaux comparables.",
    "screen_votes": (
        "P402 à P405, P407, P412, P414 : les bureaux de moins de votes (P403, P407, P414 : de moins "
        "d'inscrits) sont laissés de côté."
    ),
    "screen_spread_percent": (
        "P402, P403, P404 : aucune commune n'est tenue pour plus homogène que tant pour cent de la commune médiane."
    ),
    "too_good_bureaux": "P408 : une commune d'au moins autant de bureaux à machine dont les deux comptes sont connus.",
    "gap_rate_permille": (
        "P408 : part attendue des bureaux à machine en écart, en ‰ des bureaux ; 0 : celle des autres communes données."
    ),
    "gap_correlation_permille": (
        "P408 : ressemblance de deux bureaux d'une commune, en ‰ (0 : indépendants, 1000 : tous ou aucun) ; "
        "sert avec `gap_rate_permille`, et de minimum à ce que montrent les pièces."
    ),
    "too_good_communes": "P408 : sans `gap_rate_permille`, au moins autant d'autres communes d'où tirer cette part.",
    "no_null_votes": "P409 : une commune d'au moins autant de votes aux deux tours réunis, sans un seul nul.",
    "digit_figures": "P410 : au moins autant de chiffres …",
    "digit_least": (
        "P410 : … d'au moins autant de votes chacun, car les derniers chiffres des petits nombres sont inégaux."
    ),
    "null_percent": "P412 : plus de tant pour cent des votes trouvés sont nuls.",
}


def thresholds(language: str) -> list[str]:
    """The section, in ``fr`` or ``en``; the English words are those of the definition."""
    _, _, listed = (inspect.getdoc(Thresholds) or "").partition("Attributes:\n")
    entries = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", listed, re.MULTILINE)
    english = {name: " ".join(text.split()).replace("``", "`") for name, text in entries}
    meanings, own = _FRENCH if language == "fr" else english, Thresholds()
    rows = [(f"`{name}`", str(getattr(own, name)), meanings[name]) for name in english]
    if language == "fr":
        text = "Des nombres entiers ; `regard verify --thresholds FICHIER` en lit d'autres dans un TOML, par lignes :"
        return ["## Seuils", f"{text} `votes_per_hour = 150`.", table(("nom", "valeur", "sens"), rows)]
    text = "Whole numbers; `regard verify --thresholds FILE` reads others from a TOML file, a line for each:"
    return ["## Thresholds", f"{text} `votes_per_hour = 150`.", table(("name", "value", "meaning"), rows)]
