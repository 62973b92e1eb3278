"""`regard live`: a nation's night as it comes in, simulated or from the ministry's feed, kept and sealed."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path

from protocol.errors import RegardError
from protocol.night import ELECTION, EXPORTS, TABLES, URNS
from protocol.opening import has
from protocol.output_refusals import check_new
from protocol.sealing.keys import PrivateKey
from protocol.words import Text, msg, nmsg, wrap
from regard.language import show
from regard.live.feed_files import look_for_feed
from regard.live.feed_series import FeedSeries, FeedStep
from regard.live.night import EveningClock, NightToCome, feed, night_to_come
from regard.live.points import awaited_said, clock, write_awaited
from regard.live.sealing import key_of, signing, write_sealed
from regard.live.store import LiveStore, check_store
from regard.live.totals import FEED, NIGHT
from regard.paths import existing
from regard.printing import print_text
from regard.terminal import clean, complain_as_it_is, print_said, step_line

_LINE = 80
"""Characters of the lines that name the awaited bureaux."""
_PAUSE = 1.0
"""Seconds between two looks at a feed."""


def run(args: argparse.Namespace) -> int:
    """Take in, seal, show. Returns 0.

    Raises:
        RegardError: options that do not go together, nothing can be read, the store cannot be used, or the key cannot.
    """
    source = existing(args.source)
    if args.watch and (not source.is_dir() or is_night(source)):
        raise RegardError(msg("{option} goes with the folder of a feed", option="--watch"))
    feed = source.is_dir() and not is_night(source) and any(each.suffix.lower() == ".xml" for each in source.rglob("*"))
    if args.sealed is not None:
        if feed or args.watch:
            raise RegardError(msg("{option} goes with a night only", option="--sealed"))
        check_new(args.sealed)
    check_store(args.store, [source])
    (_feed if feed or args.watch else _night)(args, source)
    return 0


def _key(args: argparse.Namespace) -> PrivateKey:
    """The key of the store; a new one is made, and said, once it is known what it is to seal."""
    key, path, made = key_of(args.store, args.key)
    if made:
        _say(args, msg("The key that signs the editions is new: {path}", path=path))
    return key


def is_night(folder: Path) -> bool:
    """Recognise the folder of a night by its file names."""
    return any(has(folder, name) for name in (ELECTION, EXPORTS, URNS, *(table.file for table in TABLES)))


def _night(args: argparse.Namespace, source: Path) -> None:
    """Let a night come in."""
    with step_line(args.lang) as step:
        night = night_to_come(source, args.every * 60, args.seed, step)
    key = _key(args)
    due = len(night.evening.returns)
    about = {
        "awaited": write_awaited(night.communes),
        "due": str(due),
        "evening": night.evening.digest(),
        "format": "1",
        "key": key.public.vkey,
        "kind": NIGHT,
        "title": night.title,
    }
    with LiveStore(args.store, about, [source]) as store:
        _begun(args, store)
        screen = _Screen(args, store, night)
        feed(
            store,
            night.evening,
            lambda start: EveningClock(start, args.speed, time.monotonic, time.sleep),
            signing(key),
            screen.acknowledge,
        )
        said = nmsg("{count:n} return is in. Checkpoint:", "All {count:n} returns are in. Checkpoint:", due)
        _say(args, said)
        if store.last_seal is not None:
            print(store.last_seal.note, end="", flush=True)
        if args.sealed is not None:
            write_sealed(store, key.public, args.sealed)
            _say(args, msg("The sealed folder is {path}.", path=args.sealed))


def _feed(args: argparse.Namespace, source: Path) -> None:
    """Take a feed's files."""
    none = None if args.store.exists() else look_for_feed(source)
    if none is not None and not args.watch:  # before a key and a store are made for it
        for line in none:
            _say(args, line)
        raise RegardError(msg("{path}: {why}", path=source, why=msg("no XML of the ministry's feed")))
    key = _key(args)
    if none is not None:
        waiting = msg(
            "{path}: nothing of the ministry's feed is there yet. Its XML files (an index, and results by département "
            "or circonscription) are waited for; Ctrl-C ends it.",
            path=source,
        )
        _say(args, waiting)
    about = {"format": "1", "key": key.public.vkey, "kind": FEED, "title": source.resolve().name}
    with LiveStore(args.store, about, [source]) as store:
        _begun(args, store)
        series = FeedSeries(store, source, signing(key))
        after = store.found_count()  # what an earlier run said
        while True:
            step = series.look(at_once=not args.watch)
            if step is not None:
                after = _say_step(args, store, step, after)
            if not args.watch:
                break
            time.sleep(_PAUSE)
        if store.last_seal is None:
            raise RegardError(msg("{path}: {why}", path=source, why=msg("no XML of the ministry's feed")))


class _Screen:
    """Says of each sealed edition how the night stands."""

    def __init__(self, args: argparse.Namespace, store: LiveStore, night: NightToCome) -> None:
        self._args, self._store, self._night = args, store, night
        self._sealed = store.last_seal

    def acknowledge(self, size: int) -> None:
        """A commit is on the disk."""
        seal = self._store.last_seal
        if seal is None or seal is self._sealed:
            return
        self._sealed = seal
        returns = self._night.evening.returns
        found = nmsg("{count:n} finding", "{count:n} findings", self._store.found_count())
        said = nmsg(
            "{clock}  {count:n} of {due:n} returns, {found}; sealed: {root}…",
            "{clock}  {count:n} of {due:n} returns, {found}; sealed: {root}…",
            size,
            clock=clock(seal.second),
            due=len(returns),
            found=found,
            root=seal.root.hex()[:16],
        )
        print_said(self._args.lang, said)
        _say_awaited(self._args, {each.key: self._night.communes[each.key] for each in returns[size:]})


def _say_awaited(args: argparse.Namespace, awaited: Mapping[str, str]) -> None:
    if awaited:
        indent = " " * 7
        print_text("\n".join(wrap(indent + show(args.lang, awaited_said(awaited)), _LINE, indent)))


def _begun(args: argparse.Namespace, store: LiveStore) -> None:
    if store.count():
        said = nmsg("{count:n} return was in the store", "{count:n} returns were in the store", store.count())
        _say(args, msg("{said}: it is gone on with.", said=said))


def _say_step(args: argparse.Namespace, store: LiveStore, step: FeedStep, after: int) -> int:
    """Say what came of a look at a feed, and what is new among what was found; the number of the last of it."""
    seal = store.last_seal
    compared = nmsg(
        "{count:n} figure compared with the edition before",
        "{count:n} figures compared with the edition before",
        step.cells,
    )
    said = msg(
        "{taken}; {compared}, {changed}",
        taken=nmsg("{count:n} new edition of a file", "{count:n} new editions of files", step.taken),
        compared=compared,
        changed=nmsg("{count:n} changed", "{count:n} changed", step.changed),
    )
    if seal is not None:
        said = msg("{said}; sealed: {size:n} {root}…", said=said, size=store.count(), root=seal.root.hex()[:16])
    print_said(args.lang, said)
    _say_awaited(args, step.awaited)
    for number, each in store.found(after):
        after = number
        line = msg("{path}: {why}", path=each.place.get(args.lang, ""), why=each.said.get(args.lang, ""))
        print_text(clean("  " + show(args.lang, line)))
    return after


def _say(args: argparse.Namespace, said: Text) -> None:
    complain_as_it_is(clean(show(args.lang, said)))
