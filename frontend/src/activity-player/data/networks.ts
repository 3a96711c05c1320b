// Reads the networks that Python sends; microns_widgets/widgets/_player_data.py describes the bytes.
import {
  getColumn,
  type IdColumn,
  type Numbers,
  type Table,
  type TextColumn,
} from "../../shared/columns";
import { typeOrder } from "../../shared/palette";
import { beginsOf, placesOf, readTables } from "../../shared/tables-block";

/** The cells of all networks, in the order of the data. */
export interface Cells {
  size: number;
  ids: IdColumn;
  types: TextColumn;
  /** 1 for an excitatory type, -1 for an inhibitory one, else 0. */
  sign: Numbers;
  /** Position in um, NaN if unknown. */
  x: Numbers;
  depth: Numbers;
  /** The cells by type and depth. */
  order: Uint32Array;
}

/** The inputs of each cell: compressed sparse rows of postsynaptic cells, at a gain of 1. */
export interface Network {
  begin: Uint32Array;
  from: Uint32Array;
  weight: Float64Array;
  /** Summed excitatory and inhibitory weights of each cell's inputs, both positive. */
  excitation: Float64Array;
  inhibition: Float64Array;
}

/** The numbers that decide stability, at a gain of 1. */
export interface Spectrum {
  radius: number;
  abscissa: number;
  /** Spectral radius of excitation alone. */
  excitation: number;
  /** Spectral radius of excitation that nothing holds back. */
  uninhibited: number;
}

export interface Networks {
  cells: Cells;
  networks: Network[];
  /** Spectra of all networks by ratio of inhibition; null is that of the models. */
  spectra: Map<number | null, Spectrum[]>;
}

/** Decompresses and reads the networks. */
export async function readNetworks(block: DataView): Promise<Networks> {
  const [cells, spectra, ...connections] = await readTables(block);
  if (!cells || !spectra) throw new Error("The networks are incomplete.");
  return {
    cells: cellsOf(cells),
    networks: connections.map((table, k) =>
      network(getColumn(cells, `n${k}`, "number").values, table),
    ),
    spectra: spectraOf(spectra, connections.length),
  };
}

function cellsOf(table: Table): Cells {
  const number = (name: string) => getColumn(table, name, "number").values;
  const types = getColumn(table, "type", "text");
  const depth = number("depth");
  const rank = new Map(typeOrder(types.labels).map((label, place) => [label, place]));
  const ranks = types.labels.map((label) => rank.get(label) ?? 0);
  const key = (cell: number) => ranks[types.codes[cell] as number] as number;
  const down = (cell: number) => (Number.isNaN(depth[cell]) ? 1e9 : (depth[cell] as number));
  const order = Uint32Array.from({ length: table.rows }, (_, cell) => cell);
  order.sort((a, b) => key(a) - key(b) || down(a) - down(b) || a - b);
  return {
    size: table.rows,
    ids: getColumn(table, "pt_root_id", "ids"),
    types,
    sign: number("sign"),
    x: number("x"),
    depth,
    order,
  };
}

/** The type of a cell; "" if it is unknown. */
export function typeOf({ types }: Cells, cell: number): string {
  return types.labels[types.codes[cell] as number] ?? "";
}

/** Adds to an element of an array. */
export function add(array: Float64Array | Uint32Array, at: number, value: number): void {
  array[at] = (array[at] as number) + value;
}

// Python sends the outputs of each cell; a simulation adds up its inputs.
function network(perRow: Numbers, table: Table): Network {
  const weights = getColumn(table, "weight", "number").values;
  const n = perRow.length;
  const to = placesOf(beginsOf(perRow), getColumn(table, "gap", "number").values);
  const begin = new Uint32Array(n + 1);
  for (const cell of to) add(begin, cell + 1, 1);
  for (let cell = 0; cell < n; cell++) add(begin, cell + 1, begin[cell] as number);
  const next = begin.slice();
  const from = new Uint32Array(to.length);
  const weight = new Float64Array(to.length);
  const excitation = new Float64Array(n);
  const inhibition = new Float64Array(n);
  for (let row = 0, entry = 0; row < n; row++) {
    for (let k = perRow[row] as number; k > 0; k--, entry++) {
      const cell = to[entry] as number;
      const place = next[cell] as number;
      add(next, cell, 1);
      const value = weights[entry] as number;
      from[place] = row;
      weight[place] = value;
      if (value > 0) add(excitation, cell, value);
      else add(inhibition, cell, -value);
    }
  }
  return { begin, from, weight, excitation, inhibition };
}

function spectraOf(table: Table, networks: number): Networks["spectra"] {
  const column = (name: string) => getColumn(table, name, "number").values;
  const ratios = column("ratio");
  const rows = Array.from(ratios, (ratio, row): [number | null, Spectrum[]] => [
    Number.isNaN(ratio) ? null : ratio,
    Array.from({ length: networks }, (_, k) => ({
      radius: column(`radius${k}`)[row] as number,
      abscissa: column(`abscissa${k}`)[row] as number,
      excitation: column(`excitation${k}`)[row] as number,
      uninhibited: column(`uninhibited${k}`)[row] as number,
    })),
  ]);
  return new Map(rows);
}
