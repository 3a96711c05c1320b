// What the tables list: connections, cells, or pairs of types.
import { format, percent } from "../../shared/number-format";
import { compareRootIds, type RootId } from "../../shared/root-ids";
import { labelName } from "../state";
import type { Store } from "../store";
import { axisOf, degrees, ranks, type Side } from "./cell-order";
import { connectionSubset } from "./connection-subset";
import { type TypeSummary, typeValue } from "./type-summary";

export interface Column {
  title: string;
  /** A column of root ids, which are longer than anything else. */
  isId?: boolean;
  /** A column of numbers is first sorted with the largest on top. */
  numeric: boolean;
  text(row: number): string;
  /** What the rows are sorted by; NaN comes last. */
  key(row: number): number;
}

export interface TableRows {
  /** What the rows are, for captions: "connections in view". */
  name: string;
  n: number;
  columns: Column[];
  /** The cells of a row, for linked widgets. */
  ids(row: number): RootId[];
  isChosen(row: number): boolean;
  choose(row: number): void;
}

const IN = { selection: "among the selected cells", view: "in view", all: "in the matrix" };

/** The connections among the selected cells or, without a selection, in view. */
export function connectionRows(store: Store): TableRows {
  const { data, layout } = store;
  const { entries, of } = connectionSubset(store);
  const rowOf = rowsOfEntries(store);
  const pre = (row: number) => rowOf[entries[row] as number] as number;
  const post = (row: number) => data.places[entries[row] as number] as number;
  const back = (row: number) => {
    const place = layout.placeOfRow[data.rows.ids.rowOf(data.columns.ids.at(post(row)))];
    const column = layout.placeOfColumn[data.columns.ids.rowOf(data.rows.ids.at(pre(row)))];
    if (place === undefined || column === undefined) return Number.NaN;
    const entry = store.entryAt({ row: place, column });
    return entry < 0 ? 0 : (data.count[entry] as number);
  };
  const number = (title: string, key: (row: number) => number): Column => ({
    title,
    numeric: true,
    key,
    text: (row) => format(key(row)),
  });
  const ids = (row: number): [RootId, RootId] => [
    data.rows.ids.at(pre(row)),
    data.columns.ids.at(post(row)),
  ];
  const columns = [
    ...cellColumns(store, "pre", "presynaptic", pre),
    ...cellColumns(store, "post", "postsynaptic", post),
    number("synapses", (row) => data.count[entries[row] as number] as number),
  ];
  if (store.hasSizes) {
    columns.push(
      number("summed size (voxels)", (row) => data.total[entries[row] as number] as number),
    );
  }
  columns.push(number("synapses back", back));
  return {
    name: `connections ${IN[of]}`,
    n: entries.length,
    columns,
    ids,
    isChosen: (row) => store.get("pair")?.join() === ids(row).join(),
    choose: (row) => store.set({ pair: ids(row), outside: null }),
  };
}

/** All cells of the matrix, with the numbers of their partners and synapses in it. */
export function cellRows(store: Store): TableRows {
  const { rows, columns } = store.data;
  const own = Array.from({ length: rows.size }, (_, row) => rows.ids.at(row));
  const others = Array.from({ length: columns.size }, (_, column) => columns.ids.at(column));
  const ids = [...new Set([...own, ...others])];
  const count = (side: Side, title: string, values: Float64Array): Column => {
    const key = (row: number) =>
      values[axisOf(store.data, side).ids.rowOf(ids[row] as RootId)] ?? Number.NaN;
    return { title, numeric: true, key, text: (row) => format(key(row)) };
  };
  const synapses = store.derived.sums("count");
  const label = (row: number) => {
    const id = ids[row] as RootId;
    const side = rows.ids.rowOf(id) >= 0 ? "pre" : "post";
    const { ranks: all, labels } = store.ranks(side);
    const rank = all[axisOf(store.data, side).ids.rowOf(id)] as number;
    return labels[rank] ?? "";
  };
  const order = new Map(
    [...ids].sort(compareRootIds).map((id, place): [string, number] => [id, place]),
  );
  const labelOrder = new Map(
    ["pre", "post"].flatMap((side) =>
      store.ranks(side as Side).labels.map((name, rank): [string, number] => [name, rank]),
    ),
  );
  return {
    name: "cells in the matrix",
    n: ids.length,
    columns: [
      {
        title: "cell",
        isId: true,
        numeric: false,
        text: (row) => ids[row] as RootId,
        key: (row) => order.get(ids[row] as RootId) as number,
      },
      {
        title: "type",
        numeric: false,
        text: (row) => labelName(label(row)),
        key: (row) => labelOrder.get(label(row)) ?? Number.NaN,
      },
      count("pre", "postsynaptic partners", degrees(store.data, "pre")),
      count("pre", "output synapses", synapses.rows),
      count("post", "presynaptic partners", degrees(store.data, "post")),
      count("post", "input synapses", synapses.columns),
    ],
    ids: (row) => [ids[row] as RootId],
    isChosen: (row) => store.get("cell") === ids[row],
    choose: (row) => store.set({ cell: ids[row] as RootId, outside: null }),
  };
}

/** The pairs of types with all their numbers. */
export function typeRows(store: Store, summary: TypeSummary): TableRows {
  const { preLabels, postLabels } = summary;
  const pre = (row: number) => Math.floor(row / postLabels.length);
  const post = (row: number) => row % postLabels.length;
  const number = (title: string, key: (row: number) => number, text = format): Column => ({
    title,
    numeric: true,
    key,
    text: (row) => text(key(row)),
  });
  const columns: Column[] = [
    {
      title: "presynaptic type",
      numeric: false,
      text: (row) => labelName(preLabels[pre(row)] ?? ""),
      key: pre,
    },
    {
      title: "postsynaptic type",
      numeric: false,
      text: (row) => labelName(postLabels[post(row)] ?? ""),
      key: post,
    },
    number("connected pairs", (row) => summary.pairsConnected[row] as number),
    number("possible pairs", (row) => summary.pairsPossible[row] as number),
    number("probability", (row) => typeValue(summary, "probability", row), percent),
    number("synapses per connected pair", (row) => typeValue(summary, "mean_synapses", row)),
  ];
  if (store.hasSizes) {
    columns.push(number("mean size (voxels)", (row) => typeValue(summary, "mean_size", row)));
  }
  return {
    name: "pairs of types",
    n: preLabels.length * postLabels.length,
    columns,
    ids: () => [],
    isChosen: () => false,
    choose: (row) => store.lookAtTypes(preLabels[pre(row)] ?? "", postLabels[post(row)] ?? ""),
  };
}

function cellColumns(
  store: Store,
  side: Side,
  title: string,
  cell: (row: number) => number,
): Column[] {
  const axis = axisOf(store.data, side);
  const { ranks: rank, labels } = ranks(axis, store.get("by"));
  let order: Uint32Array | undefined;
  const idOrder = () => {
    const ids = Array.from({ length: axis.size }, (_, at) => axis.ids.at(at));
    const sorted = ids.map((_, at) => at);
    sorted.sort((a, b) => compareRootIds(ids[a] as RootId, ids[b] as RootId));
    const places = new Uint32Array(axis.size);
    sorted.forEach((at, place) => {
      places[at] = place;
    });
    return places;
  };
  return [
    {
      title,
      isId: true,
      numeric: false,
      text: (row) => axis.ids.at(cell(row)),
      key: (row) => {
        order ??= idOrder();
        return order[cell(row)] as number;
      },
    },
    {
      title: `${title === "presynaptic" ? "pre" : "post"} type`,
      numeric: false,
      text: (row) => labelName(labels[rank[cell(row)] as number] ?? ""),
      key: (row) => rank[cell(row)] as number,
    },
  ];
}

function rowsOfEntries({ data }: Store): Uint32Array {
  const rows = new Uint32Array(data.places.length);
  for (let row = 0; row < data.rows.size; row++)
    rows.fill(row, data.begin[row], data.begin[row + 1]);
  return rows;
}
