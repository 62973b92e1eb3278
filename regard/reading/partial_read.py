"""A module reading that may be cut short and go on later: the bytes so far, and what they belong to.

Beside ``FILE`` stand ``FILE.part``, the bytes, locked while they are read, and ``FILE.part.json``, their state.
``FILE`` itself appears in one step, when all is read and compared, with ``FILE.json``, the record of how it was read.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from protocol import files
from protocol.errors import InputError, LinkError, RegardError
from protocol.line.messages import MAX_IMAGE_LENGTH, Identity
from protocol.opening import open_evidence
from protocol.output_refusals import check_output
from protocol.own_files import STATE_FORMAT, part_path, state_path
from protocol.structured import parse_json
from protocol.words import Message, cited, msg

_KINDS: dict[tuple[type, ...], Message] = {
    (str,): msg("a text"),
    (int,): msg("a whole number"),
    (int, type(None)): msg("a whole number, or null"),
    (list,): msg("a list"),
}
MAX_STATE = 1 << 20
"""Bytes of the largest state file that is read."""


class PassesDifferError(RegardError):
    """The second pass brought other bytes than the first: the module or its contact is not stable."""


@dataclass(frozen=True, slots=True)
class ReadState:
    """Progress and subject of a reading.

    Attributes:
        unit, module_serial, machine_serial, image_length: what the unit said of itself and of the module.
        read: bytes of the first pass in the partial file.
        sha256: of these bytes.
        compared: bytes of the second pass that were found the same.
        differs_at: where the second pass was found different, or None.
        sessions: the record of each connection so far, for the final one.
    """

    unit: str
    module_serial: str
    machine_serial: str
    image_length: int
    read: int = 0
    sha256: str = hashlib.sha256().hexdigest()
    compared: int = 0
    differs_at: int | None = None
    sessions: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def repeated(self) -> int:
        """Blocks that were asked for again, on all connections."""
        return sum(int(session.get("repeated", 0)) for session in self.sessions)

    def check_same(self, identity: Identity) -> None:
        """Make sure that the unit still holds this module.

        Raises:
            LinkError: it holds another one.
        """
        begun = (self.module_serial, self.machine_serial, self.image_length)
        found = (identity.module_serial, identity.machine_serial, identity.image_length)
        if begun != found:
            names = [
                msg("module {urn}, machine {machine}, {size} bytes", urn=urn, machine=machine or "-", size=size)
                for urn, machine, size in (begun, found)
            ]
            raise LinkError(
                msg(
                    "another module is in the unit: reading began with {names}; now {names2}",
                    names=names[0],
                    names2=names[1],
                )
            )


class PartialRead:
    """The partial file of a reading and its state.

    Attributes:
        path: the partial file.
        state: how far it has come.
        image: the bytes of the first pass so far.
    """

    def __init__(self, output: Path, state: ReadState, file: BinaryIO, image: bytes) -> None:
        self.path = part_path(output)
        self.state = state
        self.image = bytearray(image)
        self._state_path = state_path(output)
        self._file = file
        self._digest = hashlib.sha256(image)

    @classmethod
    def begin(cls, output: Path, identity: Identity) -> PartialRead:
        """Start a reading of the module that a unit has named. What an earlier one left is replaced.

        Raises:
            OutputRefused: the partial file must not be written, or another process is writing it.
        """
        state = ReadState(identity.unit, identity.module_serial, identity.machine_serial, identity.image_length)
        file = files.open_growing(part_path(output), fresh=True)
        state_path(output).unlink(missing_ok=True)
        partial = cls(output, state, file, b"")
        partial.save()
        return partial

    @classmethod
    def resume(cls, output: Path) -> PartialRead | None:
        """Go on with an earlier reading, or return None where there is none with any bytes.

        Raises:
            InputError: the state or the partial file is damaged.
            OutputRefused: the partial file must not be written, or another process is writing it.
            PassesDifferError: the earlier reading came to that end.
        """
        path = part_path(output)
        if not os.path.lexists(path):
            return None
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(files.open_growing(path))
            if file.tell() == 0 and not os.path.lexists(state_path(output)):
                return None
            state = load_state(state_path(output))
            if state.differs_at is not None:
                raise PassesDifferError(
                    msg(
                        "{path}: the two passes of this reading differ at byte {differs_at}; --force starts anew",
                        path=path,
                        differs_at=state.differs_at,
                    )
                )
            file.seek(0)
            image = file.read(state.read)
            found = hashlib.sha256(image).hexdigest()
            if len(image) != state.read or found != state.sha256:
                expected = msg("{read} bytes with SHA-256 {sha256}", read=state.read, sha256=state.sha256)
                raise InputError(
                    str(path), None, None, expected, msg("{image} with {found}", image=len(image), found=found)
                )
            file.truncate()
            stack.pop_all()
        return cls(output, state, file, image)

    def append(self, data: bytes) -> None:
        """Take the next bytes of the first pass."""
        self._file.write(data)
        self._digest.update(data)
        self.image += data
        self.state = replace(self.state, read=len(self.image))

    def compare(self, data: bytes) -> None:
        """Take the next bytes of the second pass.

        Raises:
            PassesDifferError: they are not those of the first.
        """
        start = self.state.compared
        first = self.image[start : start + len(data)]
        if first != data:
            at = start + next(at for at, (one, two) in enumerate(zip(first, data, strict=True)) if one != two)
            self.state = replace(self.state, differs_at=at)
            raise PassesDifferError(
                msg(
                    "the two passes differ at byte {at}: {image:02x}, then {data:02x}; the module or its "
                    "contact is not stable",
                    at=at,
                    image=self.image[at],
                    data=data[at - start],
                )
            )
        self.state = replace(self.state, compared=start + len(data))

    def save(self) -> None:
        """Put on disk what has come so far: first the bytes, then the state that vouches for them."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self.state = replace(self.state, sha256=self._digest.hexdigest())
        content = {"format": STATE_FORMAT}
        content |= {name: getattr(self.state, name) for name in ReadState.__dataclass_fields__}
        files.write(self._state_path, json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n")

    def add_session(self, session: Mapping[str, Any]) -> None:
        """Note the record of a connection that has ended."""
        self.state = replace(self.state, sessions=(*self.state.sessions, session))

    def close(self) -> None:
        """Save, and let go of the file."""
        if not self._file.closed:
            try:
                self.save()
            finally:
                self.let_go()

    def let_go(self) -> None:
        """Close the file as it is."""
        with contextlib.suppress(OSError):  # on a full disk closing fails as well
            self._file.close()

    def discard(self) -> None:
        """Remove the partial file and its state: its bytes are elsewhere."""
        self._file.close()
        self.path.unlink(missing_ok=True)
        self._state_path.unlink(missing_ok=True)

    def publish(self, output: Path, record_path: Path, record: bytes) -> None:
        """Read the complete file back from the disk, give it its name, and put its record beside it.

        A record never stands beside an image that it is not of: an earlier one is taken away first.

        Raises:
            OSError: the disk gives back other bytes than were read, or is full; all stays as it is.
            OutputRefused: the file or its record must not be written there.
        """
        self.close()
        with files.Output(record_path) as beside, files.open_growing(self.path) as file:
            if files.hash_stored(file) != self.state.sha256:
                raise OSError(errno.EIO, files.OTHER_BYTES, str(self.path))
            beside.file.write(record)
            files.store(beside.file)
            check_output(output)
            record_path.unlink(missing_ok=True)
            files.publish_file(file, self.path, output)
            beside.publish(hashlib.sha256(record).hexdigest())
        self._state_path.unlink(missing_ok=True)


def load_state(path: Path) -> ReadState:
    """Read a state; it is a file like any other and may hold anything.

    Raises:
        InputError: it is not the state of an unfinished reading.
    """
    try:
        content = parse_json(open_evidence(path, MAX_STATE, path.parent).data, str(path))
    except InputError as error:
        raise InputError(str(path), None, None, msg("the state of an unfinished reading"), error.got) from error
    texts, numbers = ("unit", "module_serial", "machine_serial", "sha256"), ("image_length", "read", "compared")
    kinds: dict[str, tuple[type, ...]] = dict.fromkeys(texts, (str,)) | dict.fromkeys(numbers, (int,))
    kinds |= {"differs_at": (int, type(None)), "sessions": (list,)}
    if not isinstance(content, dict) or content.get("format") != STATE_FORMAT:
        raise InputError(
            str(path),
            None,
            None,
            msg("the format {state_format}", state_format=cited(STATE_FORMAT)),
            msg("something else"),
        )
    for name, kind in kinds.items():
        value = content.get(name)
        if not isinstance(value, kind) or isinstance(value, bool) or (kind == (str,) and not str(value).isprintable()):
            raise InputError(str(path), None, name, _KINDS[kind], cited(value))
    values: dict[str, Any] = {name: content.get(name) for name in kinds}
    for session in values["sessions"]:
        if not isinstance(session, dict) or not isinstance(session.get("repeated"), int):
            raise InputError(str(path), None, "sessions", msg("a record of each connection"), cited(session))
    state = ReadState(**values | {"sessions": tuple(values["sessions"])})
    if not 0 <= state.compared <= state.read <= state.image_length <= MAX_IMAGE_LENGTH:
        raise InputError(str(path), None, None, msg("compared <= read <= image_length"), msg("another order"))
    return state
