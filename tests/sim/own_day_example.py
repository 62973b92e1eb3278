from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

import regard


def arrive(random: np.random.Generator) -> np.ndarray:
    return np.concatenate([random.uniform(8, 19, 400), random.normal(12.5, 0.4, 200)])


def pause(day: regard.PollingDay) -> Generator[simpy.Event, Any, None]:
    yield day.env.timeout(day.at(12) - day.env.now)
    place = yield day.places.get()
    yield day.env.timeout(20 * 60_000)
    day.places.put(place)


day = regard.PollingDay(arrive, vote=lambda random, people: random.gamma(4, 10, people), sign=8, seed=7)
day.env.process(pause(day))
held = day.run()
print(held.votes, held.signatures, f"longest wait: {held.waited.max() / 60_000:.0f} minutes")
print(regard.read_exports(held.exports).to_arrow()["cast"].to_pylist())
