"""`regard calibrate`: what the simulator's parameters come to, beside what was observed."""

from __future__ import annotations

import argparse
import textwrap
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import msg
from regard.arguments import add_force_argument, integer
from regard.language import add_language, decimal, number, say, show, spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.calibration import Gaps, Observed, Queue
    from sim.elections import Scenario
    from sim.spread import Spread

NIGHTS = 3
REPLICATIONS = 500
SHARE_NIGHTS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    language = spoken(parser)
    parser.add_argument(
        "--nights",
        type=integer,
        choices=range(1, 51),
        default=NIGHTS,
        metavar="N",
        help=show(language, msg("simulated nights, 1 to 50 (default 3)")),
    )
    parser.add_argument(
        "--write",
        type=Path,
        metavar=show(language, msg("FILE")),
        help=show(language, msg("write the document there")),
    )
    add_force_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Simulate, and print or write the document. Returns 0, or 2 where it cannot be written.

    Raises:
        OutputRefused: it must not be written where it is to be.
    """
    from regard.commands.simulate import progress
    from regard.outputs import Outputs
    from regard.terminal import clean

    what, unit = show(args.lang, msg("simulating")), show(args.lang, msg("nights"))
    with Outputs({"--write": args.write}, force=args.force) as outputs:
        with progress(what, unit, args.lang) as report:
            text = document(args.nights, args.lang, report)
        outputs.write("--write", text.encode)
        if not outputs.wants("--write"):
            print(text, end="")  # it has taken minutes
        elif not outputs.on_screen:
            print(clean(show(args.lang, msg("Written to {write}.", write=args.write))))
        return outputs.end("calibrate", args.lang, 0)


def document(
    nights: int = NIGHTS, language: str = "en", progress: Callable[[int, int], None] = lambda done, total: None
) -> str:
    """`docs/calibration.md`, the same text for the same number of nights; ``progress`` takes nights done, and all."""
    from sim import spread
    from sim.calibration import OBSERVED, gaps, queues

    shares = [
        (scenario, observed, spread.simulated(scenario, SHARE_NIGHTS))
        for scenario, observed in zip(spread.ROUNDS, spread.OBSERVED, strict=True)
    ]
    found = []
    for at, observed in enumerate(OBSERVED):
        found.append((observed, gaps(observed, nights)))
        progress((at + 1) * nights, len(OBSERVED) * nights)
    lines = [
        say(language, _HEAD_FR, _HEAD_EN),
        *_gap_lines(found, nights, language),
        *_clustering(found, language),
        *_share_lines(shares, language),
        *_queue_lines(queues(REPLICATIONS), language),
        *_parameter_lines(language),
        "",
    ]
    return "\n".join(lines)


_HEAD_EN = """# Calibration of the simulated day

Made by `regard calibrate --write docs/calibration.md`. It holds what the simulator's parameters come to beside what
was observed, how they were found, and what is only assumed. Every parameter stands with its unit and source in
`sim/parameters.py`, every rate in `sim/faults/`.
"""
_HEAD_FR = """# Calage de la journée simulée

Fait par `regard calibrate --lang fr`. On y voit ce que donnent les paramètres de la simulation à côté de ce qui a été
observé, comment ils ont été trouvés, et ce qui est seulement supposé. Chaque paramètre a son unité et sa source dans
`sim/parameters.py`, chaque taux dans `sim/faults/`.
"""


def _gap_lines(found: list[tuple[Observed, Gaps]], nights: int, language: str) -> list[str]:
    bureaux = number(language, found[0][1].bureaux // nights)
    lines = [
        show(language, msg("## Gaps between votes and signatures")),
        "",
        *_wrapped(
            language,
            f"Nuits simulées : {nights}, de {bureaux} bureaux sur machines, ou sur bulletins papier avec les mêmes "
            "personnes. Les parts simulées ont leur intervalle à 95 % (Wilson ; comme si les bureaux étaient "
            "indépendants, ce que des écarts groupés ne sont pas).",
            f"{nights} simulated nights of {bureaux} bureaux, on machines or with the same people on paper. "
            "Simulated shares have their 95 % interval (Wilson; as if bureaux were independent, which clustered "
            "gaps are not).",
        ),
        "",
        show(language, msg("| bureaux | share with | observed | simulated |")),
        "|---|---|---|---|",
    ]
    for observed, gaps in found:
        sizes = observed.by_size or (None, None, None)
        for french, english, share, hits, of in (
            ("un écart", "a gap", observed.some, gaps.some, gaps.bureaux),
            (
                "un écart de plus de 3 ‰ des votes",
                "a gap above 3 ‰ of the votes",
                observed.above_3,
                gaps.above_3,
                gaps.bureaux,
            ),
            ("un écart de plus de 4 ‰", "a gap above 4 ‰", observed.above_4, gaps.above_4, gaps.bureaux),
            ("un écart de plus de 10 ‰", "a gap above 10 ‰", None, gaps.above_10, gaps.bureaux),
            ("un écart de 1", "a gap of 1", sizes[0], gaps.by_size[0], gaps.bureaux),
            ("un écart de 2", "a gap of 2", sizes[1], gaps.by_size[1], gaps.bureaux),
            ("un écart de 3 ou plus", "a gap of 3 or more", sizes[2], gaps.by_size[2], gaps.bureaux),
            (
                "plus de votes que d'émargements, parmi les bureaux avec écart",
                "more votes than signatures, of those with a gap",
                observed.more,
                gaps.more,
                gaps.some,
            ),
        ):
            label, seen = say(language, french, english), _percent(share, language)
            lines.append(f"| {_name(observed, language)} | {label} | {seen} | {_with_interval(hits, of, language)} |")
    colon = show(language, msg(": "))
    sources = "; ".join(f"{observed.name}: {observed.source}" for observed, _ in found)
    french_sources = " ; ".join(f"{observed.french}{colon}{observed.french_source}" for observed, _ in found)
    return [*lines, "", *_wrapped(language, f"Observé : {french_sources}.", f"Observed: {sources}."), ""]


def _clustering(found: list[tuple[Observed, Gaps]], language: str) -> list[str]:
    return [
        *_wrapped(
            language,
            "**Groupement.** Observé à Paris : de 13,7 à 35,2 % selon l'arrondissement, et un bureau avec un écart à "
            "un tour en a 1,7 à 2,7 fois plus souvent un à l'autre. Simulé, dans les communes de 40 bureaux et plus, "
            "et le même rapport entre les deux tours :",
            "**Clustering.** Observed in Paris: arrondissements range from 13.7 to 35.2 %, and a bureau with a gap in "
            "one round is 1.7 to 2.7 times as likely to have one in the other. Simulated, communes of 40 bureaux and "
            "more, and the same ratio between the two rounds:",
        ),
        "",
        show(language, msg("| bureaux | lowest commune | highest commune | a gap again |")),
        "|---|---|---|---|",
        *(
            f"| {_name(observed, language)} | {_percent(gaps.communes[0], language)} "
            f"| {_percent(gaps.communes[1], language)} | x {decimal(language, gaps.again)} |"
            for observed, gaps in found
        ),
        "",
        *_wrapped(
            language,
            "**Comment les taux ont été trouvés.** Deux nombres ont été ajustés à la main pour chaque sorte de bureau, "
            "sur la part avec un écart et la part au-dessus de 3 ‰ : la somme des taux de la journée, et la forme de "
            "la loi gamma selon laquelle les bureaux diffèrent. La répartition de cette somme entre les causes est "
            "supposée ; les études citent les votes « multiples » et « impossibles » comme les plus fréquents. Ce que "
            "l'ajustement n'atteint pas : à Paris les écarts de 2 et de 3 ou plus sont plus fréquents que simulés ; "
            "les études disent qu'aucun écart d'un bureau à machine ne dépassait 1 %, et quelques-uns des simulés le "
            "dépassent. Un taux trouvé quelque part vaut pour cet endroit : Paris et Toulouse, toutes deux sur "
            "papier, diffèrent d'un facteur de deux et demi.",
            "**How the rates were found.** Two numbers were fitted for each kind of bureau by hand, on the share with "
            "a gap and the share above 3 ‰: the sum of the rates of the day, and the shape of the gamma law by which "
            "bureaux differ. How that sum is divided among causes is assumed; the studies name « multiple » and "
            "« impossible » votes as the frequent ones. What the fit does not reach: in Paris gaps of 2 and of 3 or "
            "more are more frequent than simulated; the studies say that no gap of a machine bureau was above 1 %, "
            "and a few simulated ones are. A rate found in one place holds for that place: Paris and Toulouse, both "
            "on paper, differ by a factor of two and a half.",
        ),
        "",
    ]


def _share_lines(table: list[tuple[Scenario, Spread, Spread]], language: str) -> list[str]:
    from sim import parameters

    commune, bureau = (decimal(language, each, 2) for each in (parameters.SHARES_COMMUNE, parameters.SHARES_BUREAU))
    lines = [
        show(language, msg("## Shares of the choices")),
        "",
        *_wrapped(
            language,
            "De combien la part d'un choix diffère d'une commune à l'autre, et d'un bureau à l'autre dans une "
            "commune : écart-type de son logarithme, sans ce que le hasard y ajoute. Observé : l'élection "
            "présidentielle de 2017 dans les 62 communes, et leurs 1 377 bureaux, où tous votent sur machines "
            "(résultats du ministère). "
            f"Simulé : les mêmes communes, {SHARE_NIGHTS} nuits.",
            "How much the share of a choice differs from one commune to another, and from one bureau of a commune to "
            "another: standard deviation of its logarithm, without what chance adds. Observed: the presidential "
            "election of 2017 in the 62 communes, with 1,377 bureaux, where all vote by machine (results of the "
            f"ministry). Simulated: the same communes, {SHARE_NIGHTS} nights.",
        ),
        "",
        show(
            language,
            msg("| round | choice | national share | communes, observed | simulated | bureaux, observed | simulated |"),
        ),
        "|---|---|---|---|---|---|---|",
    ]
    for scenario, observed, simulated in table:
        columns = (observed.commune, simulated.commune, observed.bureau, simulated.bureau)
        total = sum(candidate.votes for candidate in scenario.candidates)
        rows = [
            (candidate.surname, _percent(candidate.votes / total, language), figures)
            for candidate, *figures in zip(scenario.candidates, *columns, strict=True)
        ]
        means = [sum(column) / len(column) for column in columns]
        for name, share, figures in (*rows, (show(language, msg("mean")), "", means)):
            cells = " | ".join(decimal(language, figure, 2) for figure in figures)
            lines.append(f"| {scenario.round} | {name} | {share} | {cells} |")
    return [
        *lines,
        "",
        *_wrapped(
            language,
            f"**Comment cela a été trouvé.** Les logarithmes des parts s'écartent de ceux du pays de {commune} par "
            f"commune et de {bureau} par bureau (écarts-types de lois normales), puis les parts sont ramenées à un. "
            "Ces deux nombres, les mêmes pour tous les choix, ont été ajustés à la main sur les moyennes des deux "
            "tours. L'écart observé ne dépend pas de la taille du choix ; ce que l'ajustement n'atteint pas, c'est "
            "ce qui distingue un choix d'un autre : les votes pour Fillon diffèrent davantage selon le quartier, "
            "ceux pour Le Pen selon la ville, ceux pour Macron moins selon l'un et l'autre. Le hasard est ôté en "
            "comparant des paires de votes : deux votes d'un bureau vont plus souvent au même choix que deux votes "
            "de deux bureaux de sa commune, et ceux-ci plus souvent que deux votes de deux communes. Les choix les "
            "plus rares, un à trois votes par bureau, restent incertains.",
            f"**How it was found.** The logarithms of the shares lie around the national ones with {commune} by "
            f"commune and {bureau} by bureau (standard deviations of normal laws), and the shares are then scaled to "
            "one. These two numbers, the same for every choice, were fitted by hand to the means of both rounds. "
            "The spread observed does not depend on the size of a choice; what the fit does not reach is what tells "
            "one choice from another: votes for Fillon differ more by quarter, those for Le Pen by town, those for "
            "Macron less by both. Chance is taken out by comparing pairs of votes: two votes of one bureau are for "
            "one choice more often than two votes of two bureaux of its commune, and these more often than two "
            "votes of two communes. The rarest choices, of one to three votes a bureau, remain uncertain.",
        ),
        "",
    ]


def _queue_lines(table: list[Queue], language: str) -> list[str]:
    lines = [
        show(language, msg("## Queues")),
        "",
        *_wrapped(
            language,
            f"Une machine, ouverte de 8h à 20h, {REPLICATIONS} journées simulées chaque fois. L'attente est ce qu'un "
            "électeur attend devant la table et devant la machine, ensemble.",
            f"One machine, open from 8h to 20h, {REPLICATIONS} simulated days each. The wait is what a voter waits "
            "before the table and before the machine, together.",
        ),
        "",
        show(
            language,
            msg(
                "| registered | s a vote | turnout of | seen | day's longest wait, mean | worst day | "
                "last one out, mean |"
            ),
        ),
        "|---|---|---|---|---|---|---|",
    ]
    for queue in table:
        minutes = round(queue.closing * 60)
        seen = say(language, queue.french_seen, queue.seen)
        lines.append(
            f"| {number(language, queue.registered)} | {queue.service} | {queue.election} | {seen} "
            f"| {queue.longest:.0f} min | {queue.worst:.0f} min | {minutes // 60}h{minutes % 60:02} |"
        )
    return [
        *lines,
        "",
        *_wrapped(
            language,
            "Rien n'a été ajusté ici : 40 s (une enquête auprès de communes, 2007), 45 s (vu dans un bureau) et la "
            "participation officielle à 12h, à 17h et à la fin donnent ces attentes d'elles-mêmes. Entre ces heures "
            "les arrivées sont régulières, faute de chiffre officiel plus fin.",
            "Nothing was fitted here: 40 s (a survey of communes, 2007) and 45 s (seen in one bureau) and the official "
            "turnout at 12h, 17h and the end give these waits by themselves. Inside those blocks arrivals are even, "
            "because no finer official figure was found.",
        ),
        "",
    ]


def _parameter_lines(language: str) -> list[str]:
    from sim import parameters

    text = partial(show, language)

    def percent(share: float, digits: int) -> str:
        return f"{decimal(language, share * 100, digits)} %"

    def plain(value: float) -> str:
        return f"{value:g}".replace(".", text(msg(".")))

    lines = [
        text(msg("## Assumed")),
        "",
        text(msg("| what | value |")),
        "|---|---|",
    ]
    for what, service in (
        (text(msg("identification at the table")), parameters.IDENTIFY),
        (text(msg("one vote on the machine")), parameters.VOTE),
        (text(msg("booth and urn on paper")), parameters.BOOTH),
        (text(msg("one signature")), parameters.SIGN),
    ):
        law = say(language, "moyenne {} s, variation {}", "mean {} s, variation {}").format(
            plain(service.mean), plain(service.variation)
        )
        if service.slow_share:
            slow = say(
                language, ", {} des personnes mettent {} fois plus de temps", ", {} of people take {} times as long"
            ).format(percent(service.slow_share, 0), plain(service.slow_factor))
            law += slow
        lines.append(f"| {what}{text(msg(': lognormal'))} | {law} |")
    two = number(language, parameters.TWO_MACHINES_FROM)
    return [
        *lines,
        say(language, "| votes par procuration | {} des votes |", "| votes by proxy | {} of votes |").format(
            percent(parameters.PROXY_SHARE, 1)
        ),
        say(
            language,
            "| personnes qui partent sans voter ni signer | {} |",
            "| people who leave without voting or signing | {} |",
        ).format(percent(parameters.LEAVES_SHARE, 2)),
        text(msg("| bureaux with two machines | from {two} registered |", two=two)),
        say(
            language,
            "| dispersion des tailles des bureaux dans une commune | {} |",
            "| spread of bureau sizes within a commune | {} |",
        ).format(percent(parameters.SIZE_SPREAD, 0)),
        say(
            language,
            "| départements dont les bureaux ferment à 20h | {} |",
            "| départements whose bureaux close at 20h | {} |",
        ).format(", ".join(parameters.LATE_CITIES)),
        text(msg("| which bureaux of a mixed commune have machines | the first ones of its list |")),
        text(msg("| rates of everything that is no error of the day | some tenths of a per cent of the bureaux |")),
    ]


def _name(observed: Observed, language: str) -> str:
    return say(language, observed.french, observed.name)


def _wrapped(language: str, french: str, english: str) -> list[str]:
    return textwrap.wrap(say(language, french, english), 110)


def _percent(share: float | None, language: str) -> str:
    return show(language, msg("not known")) if share is None else f"{decimal(language, share * 100)} %"


def _with_interval(hits: int, of: int, language: str) -> str:
    from sim.calibration import interval

    low, high = (decimal(language, bound * 100) for bound in interval(hits, of))
    share = decimal(language, hits / of * 100 if of else 0.0)
    return f"{share} % ({low}{show(language, msg(' to '))}{high})"
