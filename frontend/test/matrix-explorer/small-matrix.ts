// The matrix of tests/small_world.py, packed by tests/unit/test_matrix_explorer_data.py:
//
//         X  B (BC)  A (23P)  E (astrocyte)
// A 23P   50  100+300    -       -
// B BC    -   20        700      -
// C MC    -   -          1       -
// D 23P   -   -          -       -

import { type MatrixData, readMatrix } from "../../src/matrix-explorer/data/matrix-data";
import type { State } from "../../src/matrix-explorer/state";
import { Store } from "../../src/matrix-explorer/store";
import { EXPLORER_DEFAULTS } from "../../src/shared/contract";
import { type Answers, StaticModel } from "../../src/shared/static-model";

const id = (n: bigint) => String(864691135000000001n + n);
export const [A, B, C, D, E, X] = [id(0n), id(1n), id(2n), id(3n), id(4n), id(5n)] as const;

export async function packed(): Promise<DataView> {
  const response = await fetch(new URL("../fixtures/matrix.bin", import.meta.url));
  return new DataView(await response.arrayBuffer());
}

export async function smallMatrix(): Promise<MatrixData> {
  return readMatrix(await packed());
}

export function initialState(): State {
  return {
    ...EXPLORER_DEFAULTS,
    selected_pre: [],
    selected_post: [],
    selected_outside: 0,
    cell: null,
    outside: null,
    data: null,
    chance: null,
    code_arguments: "con",
    lists_synapses: false,
    source: "a small world",
    own_pre: null,
    own_post: null,
  };
}

export function smallModel(state: Partial<State> = {}, answers: Answers = {}): StaticModel<State> {
  return new StaticModel({ ...initialState(), ...state }, answers);
}

/** A store of the small matrix; it listens until the end of the test. */
export async function smallStore(
  state: Partial<State> = {},
  answers: Answers = {},
): Promise<Store> {
  return new Store(smallModel(state, answers), await smallMatrix(), new AbortController().signal);
}
