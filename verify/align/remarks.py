"""What the remarks of a PV are about: whether one of them mentions a gap between signatures and votes.

Bureaux write freely, and most remarks are about something else. A remark counts as a mention where it has a word that
people use for a gap or its causes, in French or English; the words were chosen by hand and err on the side of the
bureau: a remark that refers to another paper counts as one.
"""

from __future__ import annotations

import re

import numpy as np

from protocol.accents import without_accents
from verify.model.figures import Bools
from verify.model.text_columns import Coded

_WORDS = re.compile(
    r"emarg|ecart|differen|signat|\bsign[ea]|discrepan|\bgaps?\b|\b(en|de) (plus|moins|trop)\b|manqu|surplus|exced"
    r"|defici|deux fois|double|sans (avoir )?(vot|valid|sign)|(pas|point|jamais) (vot|valid|sign|emarg)|oubli|omis"
    r"|erreur|anomal|incident|quitt|parti\b"
    r"|(electeur|electrice|votant|personne|sont|etaient)s? (sont )?parti[es]+\b|depart\b"
    r"|abandon|\bannexe|ci-joint|not? (vot|sign)|without (vot|sign|valid)|twice|missing|left the"
)


def mentions_gap(remark: str) -> bool:
    """Whether a remark has a word that stands for a gap between signatures and votes, or for what causes one."""
    return _WORDS.search(without_accents(remark)) is not None


def mentioned(remarks: Coded) -> Bools:
    """`mentions_gap` for a column of remarks, shape ``(n,)``; each text is looked at once."""
    said = np.array([mentions_gap(remark) for remark in remarks.labels], np.bool_)
    return np.asarray(said[remarks.codes], np.bool_)
