"""The machine's errors keep what they say where they are made anew: between processes, and out of a simulation."""

import pickle

from machine.errors import IllegalOperation, ZeroCheckError


def test_made_anew_from_its_arguments() -> None:
    for error in (
        IllegalOperation("open", "enable", ["close"]),
        IllegalOperation("open", "enable", ["close"], "the electronic urn is full"),
        ZeroCheckError(3, 1),
    ):
        for again in (type(error)(*error.args), pickle.loads(pickle.dumps(error))):  # noqa: S301 - our own bytes
            assert (str(again), vars(again)) == (str(error), vars(error))
