// Reads several tables from one block; microns_widgets/widgets/_tables_block.py describes the bytes.
import { type Numbers, readTable, type Table } from "./columns";
import { gunzip } from "./gzip";

/** Decompresses a block and reads its tables. */
export async function readTables(compressed: DataView): Promise<Table[]> {
  const block = await gunzip(compressed);
  const lengths: number[] = [];
  let at = 0;
  for (let length = -1; length !== 0; at += 4) {
    length = block.getUint32(at, true);
    if (length > 0) lengths.push(length);
  }
  return lengths.map((length) => {
    at += length;
    return readTable(new DataView(block.buffer, block.byteOffset + at - length, length));
  });
}

/** The column of each connection, from the gaps between those of a row. */
export function placesOf(begin: Uint32Array, gaps: Numbers): Uint32Array {
  const places = new Uint32Array(gaps.length);
  for (let row = 0; row + 1 < begin.length; row++) {
    const end = begin[row + 1] as number;
    let place = 0;
    for (let entry = begin[row] as number; entry < end; entry++) {
      place += gaps[entry] as number;
      places[entry] = place;
    }
  }
  return places;
}

/** Where the connections of each row begin, and the last ones end. */
export function beginsOf(perRow: Numbers): Uint32Array {
  const begin = new Uint32Array(perRow.length + 1);
  for (let row = 0; row < perRow.length; row++) {
    begin[row + 1] = (begin[row] as number) + (perRow[row] as number);
  }
  return begin;
}
