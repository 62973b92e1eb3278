"""Why nothing could be compared, in place of a report with nothing in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from protocol.words import Text, msg, nmsg, series
from regard.forecasts.checked import SHOWN
from regard.letters.law import in_words
from verify.forecasts.choosing import ForecastStanding
from verify.forecasts.model import ForecastFile
from verify.forecasts.study import ForecastStudy
from verify.model.use import Used


def why_no_forecast(files: Sequence[ForecastFile]) -> list[Text]:
    """What is said of files without any forecast: each with its reason, and its first problems."""
    said: list[Text] = []
    for file in files:
        said.append(msg("{name}: {value}", name=file.path, value=file.why))
        said += [problem.message for problem in file.problems[:SHOWN]]
        if len(file.problems) > SHOWN:
            left = len(file.problems) - SHOWN
            said.append(nmsg("… {count:n} more", "… {count:n} more", left))
    return said


def why_nothing_left(study: ForecastStudy) -> list[Text]:
    """What is said where no forecast is compared or measured: how many are left out for which reason, and the files."""
    counts = Counter(each.standing for each in study.main.placed)
    reasons = series(
        (
            msg("{name}: {value}", name=standing.text, value=counts[standing])
            for standing in ForecastStanding
            if counts[standing]
        ),
        msg("; "),
    )
    said: list[Text] = [
        nmsg(
            "the {count:n} forecast that was read cannot be compared with the vote of {day} ({reasons})",
            "none of the {count:n} forecasts that were read can be compared with the vote of {day} ({reasons})",
            len(study.main.placed),
            day=in_words(study.question.vote),
            reasons=reasons,
        )
    ]
    partly = [file for file in study.files if file.used is not Used.WHOLE]
    return said + why_no_forecast(partly)
