"""Makes what the front end's tests of the activity player read: networks, and Python's own rates.

``python -m tests.player_fixture`` writes it; a test compares the file with what is made now.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import microns_widgets as mw
from microns_widgets.errors import RatesDiverged
from microns_widgets.widgets._player_data import player_block

FILE = Path(__file__).parents[1] / "frontend" / "test" / "fixtures" / "player.json"
#: Of these steps, the fixture has the rates of all cells.
STEPS = (0, 60, 100, 300, 305, 420)
RATIOS = (0.0, 0.5, 1.0)
TRAITS = (
    *("gain", "inhibition", "same", "stimulus_types", "stimulus_cells", "strength"),
    *("stimulus_times", "time", "playing", "speed", "cell", "outside", "selected_outside"),
    *("labels", "fixed", "layers", "code_arguments", "source"),
)
SETTINGS: dict[str, dict[str, Any]] = {
    "as given": {},
    "gain": {"gain": 1.25},
    "inhibition": {"inhibition": 0.5, "strength": 2.5},
    "silent inhibition": {"inhibition": 0.0, "gain": 0.5},
    "the same radius": {"same": "spectral_radius", "inhibition": 1.0},
    "inhibitory cells": {"stimulus_types": ["I"], "stimulus_times": (0.5, 3.5)},
    "some cells": {"stimulus_cells": [3, 17, 38]},
    "unstable": {"gain": 1.8},
    "beyond all bounds": {"gain": 20.0},
}


def networks() -> tuple[mw.RateModel, mw.RateModel]:
    """Return a recurrent and a feed-forward network of 40 cells."""
    recurrent = mw.lognormal_network(40, probability=0.3, balance=None, seed=3)
    feedforward = mw.feedforward_network(40, probability=0.3, balance=None, seed=3)
    model = mw.RateModel(recurrent, spectral_radius=0.85, tau=0.2)
    return model, mw.RateModel(feedforward, gain=model.gain, tau=0.2)


def player(**settings: Any) -> mw.ActivityPlayer:
    """Return a player of both networks."""
    model, other = networks()
    return mw.ActivityPlayer(model, {"feed-forward": other}, duration=14, dt=0.01, **settings)


def content() -> dict[str, Any]:
    """Return what the file holds."""
    given = player(stimulus_times=(1.0, 3.0))
    block = player_block(given._networks, [None, *RATIOS])
    state = given.get_state()
    return {
        "state": {name: state[name] for name in TRAITS},
        "data": {"$base64": base64.b64encode(block).decode("ascii")},
        "steps": STEPS,
        "cases": [_case(name, setting) for name, setting in SETTINGS.items()],
    }


def _case(name: str, setting: dict[str, Any]) -> dict[str, Any]:
    chosen = player(**{"stimulus_times": (1.0, 3.0), **setting})
    state = chosen.get_state([*setting])
    results = []
    for model in chosen.models.values():
        own = {"stability": model.stability, "radius": model.spectral_radius}
        try:
            response = chosen._run(model)
        except RatesDiverged as error:
            results.append({**own, "diverged": str(error).split("bounds ")[1].split(" s")[0]})
            continue
        decay = response.decay_time(if_never=-1.0)
        rates = response.rates[:, list(STEPS)].T.tolist()
        results.append({**own, "decay": decay, "rates": rates})
    return {"name": name, "setting": state, "results": results, "code": chosen.to_code()}


if __name__ == "__main__":
    FILE.write_text(json.dumps(content()) + "\n", encoding="utf-8")
