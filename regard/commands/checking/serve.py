"""`regard serve`: a page on this computer to work on a case; a case is a folder that `regard verify` reads."""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.errors import RegardError
from protocol.extras import need
from protocol.words import Message, msg
from regard.language import show
from regard.terminal import clean, complain

if TYPE_CHECKING:
    from regard.serve.app import PageServer
    from regard.serve.live_pages import LiveServer


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it.

    Raises:
        RegardError: a file is given, what serves pages is not installed, or the port is taken.
        OSError: the folder cannot be made.
    """
    folder: Path = args.folder
    if folder.exists() and not folder.is_dir():
        raise RegardError(msg("{path}: is not a folder", path=str(folder)))
    need("serve")
    if args.live is not None:
        return _serve_live(args)
    from regard.serve.app import PageServer  # noqa: PLC0415 - what serves pages may not be installed

    folder.mkdir(parents=True, exist_ok=True)
    server = PageServer(folder.resolve(), args.lang, args.port)
    if server.desk.closed:
        complain(
            args,
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
    from regard.serve.live_pages import LiveServer  # noqa: PLC0415 - likewise

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
    print("\n".join(map(clean, show(args.lang, said).split("\n"))), flush=True)  # an address is never broken
    if args.browse:
        webbrowser.open(server.address)
    server.run()
    return 0
