// Reads the matrix that Python sends; microns_widgets/widgets/_matrix_data.py describes the bytes.

import {
  getColumn,
  type IdColumn,
  type Numbers,
  type Table,
  type TextColumn,
} from "../../shared/columns";
import { beginsOf, placesOf, readTables } from "../../shared/tables-block";

/** The cells of one axis, in the order of the data. */
export interface Axis {
  size: number;
  ids: IdColumn;
  /** Depth of the soma in um, infinite if unknown; null if no depths were sent. */
  depth: Numbers | null;
  texts: ReadonlyMap<string, TextColumn>;
}

/** Compressed sparse rows of connected pairs. Sizes are in voxels. */
export interface MatrixData {
  rows: Axis;
  columns: Axis;
  begin: Uint32Array;
  places: Uint32Array;
  count: Numbers;
  total: Float64Array;
  largest: Numbers;
}

/** Decompresses and reads a matrix. */
export async function readMatrix(block: DataView): Promise<MatrixData> {
  const [rows, columns, connections] = await readTables(block);
  if (!rows || !columns || !connections) throw new Error("The matrix is incomplete.");
  const begin = beginsOf(getColumn(rows, "n_connections", "number").values);
  const largest = getColumn(connections, "largest", "number").values;
  return {
    rows: axis(rows),
    columns: axis(columns),
    begin,
    places: placesOf(begin, getColumn(connections, "gap", "number").values),
    count: getColumn(connections, "count", "number").values,
    total: sums(largest, getColumn(connections, "rest", "number").values),
    largest,
  };
}

function axis(table: Table): Axis {
  const depth = table.columns.get("depth");
  const texts = [...table.columns.values()].filter((column) => column.kind === "text");
  return {
    size: table.rows,
    ids: getColumn(table, "pt_root_id", "ids"),
    depth: depth?.kind === "number" ? depth.values : null,
    texts: new Map(texts.map((column) => [column.name, column])),
  };
}

function sums(largest: Numbers, rest: Numbers): Float64Array {
  const total = new Float64Array(largest.length);
  for (let entry = 0; entry < total.length; entry++) {
    total[entry] = (largest[entry] as number) + (rest[entry] as number);
  }
  return total;
}
