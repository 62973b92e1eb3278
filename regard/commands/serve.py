"""`regard serve`: a page on this computer to work on a case; a case is a folder that `regard verify` reads."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import Message, msg
from regard.arguments import add_page_arguments
from regard.language import add_language, language_of, show

if TYPE_CHECKING:
    from regard.serve.app import PageServer
    from regard.serve.live_pages import LiveServer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "folder",
        metavar=text(msg("FOLDER")),
        type=Path,
        nargs="?",
        default=Path(),
        help=text(msg("the folder of the case; it is made where there is none (default: here)")),
    )
    parser.add_argument(
        "--live",
        metavar=text(msg("STORE")),
        type=Path,
        help=text(msg("show a night that comes in, from the store that `regard live` writes, in place of a case")),
    )
    parser.add_argument(
        "--unit",
        action="append",
        default=[],
        dest="units",
        metavar="PORT",
        help=text(
            msg(
                "a port from which the page may read urns, besides those of this computer: a device, or a URL as "
                "`regard read --port` takes it; may be repeated"
            )
        ),
    )
    add_page_arguments(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it. Returns 2 where that cannot be.

    Raises:
        RegardError: what serves pages is not installed, or the port is taken.
        OSError: the folder cannot be made.
    """
    from regard.terminal import complain

    folder: Path = args.folder
    if folder.exists() and not folder.is_dir():
        complain(args.lang, "serve", msg("{path}: is not a folder", path=str(folder)))
        return 2
    need_server()
    if args.live is not None:
        return _serve_live(args)
    from regard.serve.app import PageServer

    folder.mkdir(parents=True, exist_ok=True)
    server = PageServer(folder.resolve(), args.lang, args.port, args.units)
    if server.desk.closed:
        complain(
            args.lang,
            "serve",
            msg(
                "nothing can be saved in {folder} ({reason}): no file is taken in there, no PV and no remark is kept; "
                "to look, and to hand on, is possible",
                folder=folder.resolve(),
                reason=server.desk.closed,
            ),
        )
    said = msg(
        "The case in {folder} is at\n{address}\nThis address is the key to it; it works on this computer alone, until "
        "Ctrl-C ends it here.",
        folder=folder.resolve(),
        address=server.address,
    )
    return _show(args, server, said)


def _serve_live(args: argparse.Namespace) -> int:
    """Serve the page of a live night until a signal ends it.

    Raises:
        StoreRefused: there is no such store, or it is damaged.
        RegardError: the port is taken.
    """
    from regard.serve.live_pages import LiveServer

    server = LiveServer(args.live, args.lang, args.port)
    said = msg(
        "The night in {store} is at\n{address}\nThis address is the key to it; it works on this computer alone, until "
        "Ctrl-C ends it here.",
        store=args.live,
        address=server.address,
    )
    return _show(args, server, said)


def _show(args: argparse.Namespace, server: PageServer | LiveServer, said: Message) -> int:
    """Say where the page is, and serve it until a signal ends it."""
    from regard.terminal import clean

    print("\n".join(map(clean, show(args.lang, said).split("\n"))), flush=True)  # an address is never broken
    if args.browse:
        import webbrowser

        webbrowser.open(server.address)
    server.run()
    return 0


def need_server() -> None:
    """Make sure that the packages that serve pages are installed.

    Raises:
        RegardError: some are not; the sentence names all of them.
    """
    from importlib.util import find_spec

    from protocol.errors import RegardError, missing_packages

    needed = ("starlette", "uvicorn", "python_multipart")
    missing = [name.replace("_", "-") for name in needed if find_spec(name) is None]
    if missing:
        raise RegardError(missing_packages(missing, "serve"))
