"""Filters and the cells that match them, in one file for the tests of Python and the front end.

To renew the files after a change: ``python tests/picker_cases.py`` from the root.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets.widgets._filters import filter_mask, filters_code, normal_filters
from microns_widgets.widgets._search import absent_labels, corrections
from microns_widgets.widgets.columns import pack

FIXTURES = Path(__file__).parents[1] / "frontend" / "test" / "fixtures"
N = 400

CASES: tuple[dict[str, Any], ...] = (
    {},
    {"cell_type_auto": ["BC"]},
    {"cell_type_auto": ["BC", "<img src=x onerror=alert(1)>"], "region": ["V1"]},
    {"region": ["RL", "V1"], "cell_type_manual": [""]},
    {"proofreading_strategy": ["axon_fully_extended", "axon_interareal"]},
    {"proofreading_strategy": ["axon_interareal", ""], "coarse_cell_type_auto": ["E"]},
    {"proofreading_strategy": [""]},
    {"coarse_cell_type_manual": ["I"]},
    # The float32 nearest to 0.1 is larger than 0.1: which of them is compared decides.
    {"depth": [0.1, 200]},
    {"depth": [None, 0.1]},
    {"depth": [100.25, None], "volume": [None, 250.5]},
    {"n_outputs": [3, 3]},
    {"search": "bc v1"},
    {"search": "8646911350000001"},
    {"search": "  4  "},
    {"search": "ÄXON"},
    {"search": 'no "such" thing'},
    {"search": "basket"},
    {"search": "Baskt rl"},
    {"search": "inhibtiory pyrmaidl"},
    {"search": "layer 4 excitatory"},
    {"search": "layers 2/3"},
    {"search": "l4"},
    {"search": "axon proofread"},
    {"search": "0399"},
    {"search": "399"},
    {"search": "primary visual cortex"},
    {"search": "bsaket zzzz"},
    {"search": "basket layer 5"},
    {"search": "basket, layer 5"},
    {"search": "L5 basket,v1"},
    {"search": "layer 4"},
    {"search": "layer 1, bc"},
    {"search": "wm"},
    {"search": "layer 7"},
    {"search": "chandelier v1"},
    {"search": "ChC"},
    {"search": "astrocytes"},
    # A whole label of two letters is known; the beginning of a name is not.
    {"search": "mc"},
    {"search": "lm"},
    {"search": "pt"},
    # "L6 IT", a label of one's own, names its layer, whatever the depth of the soma.
    {"search": "layer 5"},
    {"search": "layer 6"},
    {"has_skeleton": True},
    {"has_skeleton": False, "search": "martinotti"},
    {"in the matrix": True, "region": ["RL"], "n_outputs": [4, None]},
    {"pt_root_id": ["864691135000000003", "864691135000000399", "864691135999999999"]},
    {"area": [[0, 0], [500, 20.5], [300, 400], [10, 390]], "region": ["V1"]},
    {"area": [[0, 0], [900, 800], [900, 0], [0, 800]]},
    {"area": [[0, 200], [1000, 200], [1000, 100]], "search": "p", "n_outputs": [1, None]},
)


def case_table() -> pd.DataFrame:
    """Return a table as the picker has it, with awkward labels and missing numbers."""
    rng = np.random.default_rng(1300)
    ids = 864691135000000000 + np.arange(N)
    ids[7] = 0
    depth = rng.uniform(0, 800, N).astype(np.float32)
    depth[:3] = 0.1, np.nan, 200
    labels = {
        "cell_type_auto": ["23P", "4P", "BC", "<img src=x onerror=alert(1)>"],
        "coarse_cell_type_auto": ["E", "I"],
        "cell_type_manual": ["", "BC", "Unsure E"],
        "coarse_cell_type_manual": ["", "I"],
        "region": ["V1", "RL"],
        "proofreading_strategy": ["", "axon_fully_extended", "axon_interareal"],
        "lab": ["Äxon", 'quoted "so"', ""],
    }
    drawn = {name: rng.choice(values, N) for name, values in labels.items()}
    drawn["lab"][20:60] = "L6 IT"
    return pd.DataFrame(
        {
            "pt_root_id": ids,
            **{name: pd.Categorical(values) for name, values in drawn.items()},
            "depth": depth,
            "x": rng.uniform(0, 1000, N).astype(np.float32),
            "volume": rng.normal(250, 50, N).astype(np.float32),
            "n_outputs": rng.poisson(2, N),
            "has_skeleton": rng.random(N) < 0.4,
            "in the matrix": rng.random(N) < 0.2,
        }
    )


def answers(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return for each case the matching rows and the line of Python."""
    cases = []
    for case in CASES:
        filters = normal_filters(case, table)
        rows = np.flatnonzero(filter_mask(filters, table)).tolist()
        search = filters.get("search", "")
        words = {"meant": corrections(search, table), "absent": absent_labels(search, table)}
        code = filters_code(filters, table)
        cases.append({"filters": filters, "rows": rows, "code": code, **words})
    return cases


def files() -> tuple[bytes, str]:
    """Return the packed table, and the cases with their answers as JSON."""
    table = case_table()
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in answers(table))
    return pack(table, ids=["pt_root_id"]), f"[\n{lines}\n]\n"


if __name__ == "__main__":
    block, text = files()
    (FIXTURES / "picker.bin").write_bytes(block)
    (FIXTURES / "picker.json").write_text(text, encoding="utf-8")
