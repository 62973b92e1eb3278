"""`regard export`: the result export that an electronic urn's image stands for."""

from __future__ import annotations

import argparse
import datetime
from functools import partial
from pathlib import Path

from protocol.words import cited, msg, nmsg, series
from regard.arguments import Refused, integer
from regard.language import add_language, language_of, show
from regard.printing import print_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "image",
        metavar=text(msg("FILE")),
        type=Path,
        help=text(msg("a module image (.urn)")),
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar=text(msg("FILE")),
        type=Path,
        required=True,
        help=text(msg("the export to write (.esf)")),
    )
    parser.add_argument(
        "--poll",
        type=integer,
        choices=range(1, 6),
        metavar="N",
        help=text(msg("one poll only (default: all)")),
    )
    parser.add_argument(
        "--at",
        type=_moment,
        metavar=text(msg("TIME")),
        help=text(msg("time of the export, YYYY-MM-DDTHH:MM:SS (default: now)")),
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help=text(msg("replace a file that is there")),
    )
    add_language(parser)


def _moment(text: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise Refused(msg("expected a time as YYYY-MM-DDTHH:MM:SS, got {text}", text=cited(text))) from error


def run(args: argparse.Namespace) -> int:
    """Write one record for each poll of the image. Returns 0, or 1 where something is wrong in the image.

    The exports of a damaged image are written and marked: they are no result, and whoever reads them is told.

    Raises:
        RegardError: no module image, or it does not have that poll.
        OutputRefused: the output must not be written there.
        OSError: a file cannot be read or written.
    """
    from protocol import civil_time
    from protocol.errors import FormatError, RegardError
    from protocol.export.record import MAX_POLLS
    from protocol.files import Output
    from protocol.opening import holds, open_evidence
    from protocol.urn.parsing import parse
    from protocol.urn.to_export import damage, export_from_image
    from regard.terminal import clean, complain
    from verify.model.field_names import field_label

    with Output(args.output, [args.image]) as output:
        image = open_evidence(args.image).data
        try:
            polls = parse(image)["configuration"]["polls"]
        except FormatError as error:
            raise RegardError(msg("{place}: {wanted}", place=str(args.image), wanted=error.message)) from error
        numbers = [poll["number"] for poll in polls if 1 <= poll["number"] <= MAX_POLLS]
        moment = args.at or datetime.datetime.now()
        at = civil_time.seconds(moment.date(), moment.hour, moment.minute, moment.second)
        chosen = numbers if args.poll is None else [args.poll]
        records = b"".join(export_from_image(image, poll, at) for poll in chosen)
        if args.output.exists() and not args.force and not holds(args.output, records):
            there = show(args.lang, msg("is there already; --force replaces it"))
            raise FileExistsError(0, there, str(args.output))
        output.write(records)
        wrote = nmsg(
            "{count:n} export written to {path}",
            "{count:n} exports written to {path}",
            len(chosen),
            path=args.output,
        )
        print_text(clean(show(args.lang, wrote)))
    wrong = damage(image)
    if wrong:
        named = series(field_label(name) for name in wrong)
        warned = msg(
            "{path}: warning: this image is damaged ({named}); the export is marked as that and is no result. "
            "`regard inspect` shows the image",
            path=str(args.image),
            named=named,
        )
        complain(args.lang, "export", warned)
    return 1 if wrong else 0
