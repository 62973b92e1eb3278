"""`regard lab export`: the result export that an electronic urn's image stands for."""

from __future__ import annotations

import argparse
import datetime

from protocol import civil_time
from protocol.errors import FormatError, RegardError
from protocol.export.record import MAX_POLLS
from protocol.files import Output
from protocol.opening import holds, open_evidence
from protocol.urn.limits import parse
from protocol.urn.to_export import damage, export_from_image
from protocol.words import cited, msg, nmsg, series
from regard.arguments import Refused
from regard.language import show
from regard.terminal import complain, print_said
from verify.model.labels import field_label


def moment(text: str) -> datetime.datetime:
    """Parser of a moment of local time."""
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
    with Output(args.output, [args.image]) as output:
        image = open_evidence(args.image).data
        try:
            polls = parse(image)["configuration"]["polls"]
        except FormatError as error:
            raise RegardError(msg("{place}: {wanted}", place=str(args.image), wanted=error.message)) from error
        numbers = [int(poll["number"]) for poll in polls if 1 <= poll["number"] <= MAX_POLLS]
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
        print_said(args.lang, wrote)
    wrong = damage(image)
    if wrong:
        named = series(field_label(name) for name in wrong)
        warned = msg(
            "{path}: warning: this image is damaged ({named}). The export is marked as damaged: it is no "
            "result. `regard lab inspect` shows the image",
            path=str(args.image),
            named=named,
        )
        complain(args, warned)
    return 1 if wrong else 0
