// The connections in view, as CSV.

import { quote } from "../../shared/csv";
import { axisOf, type Side } from "../data/cell-order";
import { firstFrom } from "../data/ordered-matrix";
import type { Store } from "../store";

const HEAD = "pre_pt_root_id,post_pt_root_id,pre_type,post_type,n_synapses";

/** One line per connection, row by row as shown; in parts, because there may be a million. */
export function connectionsCsv(store: Store): string[] {
  const { layout, data, visible } = store;
  const label = labels(store, "pre");
  const postLabel = labels(store, "post");
  const parts = [`${HEAD}${store.hasSizes ? ",size_sum,size_max" : ""}\n`];
  for (let row = visible.rows[0]; row < visible.rows[1]; row++) {
    const until = firstFrom(layout, row, visible.columns[1]);
    const begin = `${store.idOf("pre", row)},`;
    const type = label(layout.rowAt[row] as number);
    let lines = "";
    for (let at = firstFrom(layout, row, visible.columns[0]); at < until; at++) {
      const place = layout.places[at] as number;
      const entry = layout.entries[at] as number;
      const sizes = store.hasSizes ? [data.total[entry], data.largest[entry]] : [];
      const numbers = [data.count[entry], ...sizes].join(",");
      const postType = postLabel(layout.columnAt[place] as number);
      lines += `${begin}${store.idOf("post", place)},${type},${postType},${numbers}\n`;
    }
    if (lines) parts.push(lines);
  }
  return parts;
}

function labels(store: Store, side: Side): (cell: number) => string {
  const column = axisOf(store.data, side).texts.get(store.get("by"));
  const quoted = (column?.labels ?? []).map(quote);
  return (cell) => quoted[column?.codes[cell] as number] ?? "";
}
