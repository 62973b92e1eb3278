"""Result export of one poll, from a closed machine."""

from __future__ import annotations

from machine.configuration import Configuration
from machine.urn import Urn
from protocol.export.record import TEXTS, Export, build

_PROGRAMMED = (*(name for name in TEXTS if name != "constituency"), "date", "round", "part", "registered")


def result_export(
    configuration: Configuration, urn: Urn, poll: int, at: int, choices_digest: bytes, module_digest: bytes
) -> bytes:
    """The 576 bytes of `protocol.export.record` for one poll of a closed urn.

    Args:
        configuration: of the module.
        urn: closed.
        poll: number of the poll, from 1.
        at: time of the export, in seconds of local civil time.
        choices_digest: of the whole choice list, as programmed.
        module_digest: SHA-256 of the module image.

    Raises:
        ConfigurationError: this module has no such poll.
    """
    of = configuration.poll(poll)
    result, evidence = urn.results[poll], urn.zero_check
    return build(
        Export(
            **{name: getattr(configuration, name) for name in _PROGRAMMED},
            constituency=of.constituency,
            poll=poll,
            zero_check=evidence.at if evidence else None,
            opening=urn.opening,
            closing=urn.closing,
            export=at,
            zero_sum=evidence.counter_sum if evidence else 0,
            voters=result.voters,
            enablings=urn.enablings.count,
            cancellations=result.cancellations,
            cast=result.cast,
            blank=result.blank,
            choices_digest=choices_digest,
            module_digest=module_digest,
            tallies=result.tallies,
        )
    )
