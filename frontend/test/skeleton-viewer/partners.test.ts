// Partners and pairs: the same numbers as Connectome's own, and the lines of Python that are copied.
import { beforeAll, describe, expect, test } from "vitest";
import type { Cell } from "../../src/skeleton-viewer/data/cell";
import { pairSynapses, partnerOf } from "../../src/skeleton-viewer/data/partner";
import {
  FRAGMENTS,
  filterRows,
  partnerRows,
  sortRows,
  typeRows,
} from "../../src/skeleton-viewer/data/partner-table";
import { partnerCode, type TableContent } from "../../src/skeleton-viewer/export/partner-code";
import { partnersCsv } from "../../src/skeleton-viewer/export/partners-csv";
import { onlyPair } from "../../src/skeleton-viewer/render/colors";
import { spokenPair } from "../../src/skeleton-viewer/view/pair-view";
import { headingText } from "../../src/skeleton-viewer/view/partner-text";
import code from "../fixtures/partner-code.json";
import { expected, load } from "./sample-cells";

let cells: [Cell, Cell];
beforeAll(async () => {
  cells = await load();
});

describe("the partner table", () => {
  const plain = (rows: ReturnType<typeof partnerRows>) =>
    new Map(
      rows.map(({ id, isCell, inputs, outputs, sizeIn, sizeOut, distance }) => [
        id,
        [isCell, inputs, outputs, sizeIn, sizeOut, Number.isNaN(distance) ? null : distance],
      ]),
    );

  for (const which of ["one", "both"] as const) {
    test(`of ${which} of the cells has Connectome's numbers and distances`, () => {
      const rows = plain(partnerRows(which === "one" ? [cells[0]] : cells, "both"));
      const python = expected.partner_rows[which] as unknown as [string, ...unknown[]][];
      expect(rows.size).toBe(python.length);
      for (const [id, ...numbers] of python) {
        const found = rows.get(id) as unknown[];
        expect(found.slice(0, 5)).toEqual(numbers.slice(0, 5));
        const [distance, theirs] = [found[5], numbers[5]] as [number | null, number | null];
        if (theirs === null) expect(distance).toBeNull();
        else expect(distance).toBeCloseTo(theirs, 1);
      }
    });
  }

  test("has one row for each type, and fragments apart from cells", () => {
    const rows = partnerRows([cells[0]], "both");
    const types = typeRows(rows);
    const sum = (key: "partners" | "inputs" | "outputs" | "sizeIn") =>
      types.reduce((total, row) => total + row[key], 0);
    expect(sum("partners")).toBe(rows.length);
    expect(sum("inputs")).toBe(expected.directions.input);
    expect(sum("outputs")).toBe(expected.directions.output);
    const fragments = types.find(({ group }) => group === FRAGMENTS);
    expect(fragments?.partners).toBe(rows.filter(({ isCell }) => !isCell).length);
    expect(headingText(rows)).toMatch(/^\d+ inputs from \d+ cells? and \d+ fragments?; \d+ output/);
  });

  test("is filtered by direction, type and threshold", () => {
    const inputs = partnerRows([cells[0]], "inputs");
    expect(inputs.every(({ outputs, inputs: n }) => outputs === 0 && n > 0)).toBe(true);
    const all = partnerRows([cells[0]], "both");
    const filter = { directions: "both", group: FRAGMENTS, least: 1 } as const;
    expect(filterRows(all, filter).every(({ isCell }) => !isCell)).toBe(true);
    const strong = filterRows(all, { ...filter, group: "", least: 2 });
    expect(strong.every((row) => row.inputs + row.outputs >= 2)).toBe(true);
    expect(strong.length).toBe(all.filter((row) => row.inputs + row.outputs >= 2).length);
  });

  test("is sorted by any column, with what is not known at the end both ways", () => {
    const rows = partnerRows(cells, "both");
    const unknown = rows.filter(({ distance }) => Number.isNaN(distance)).length;
    expect(unknown).toBeGreaterThan(0);
    for (const descending of [true, false]) {
      const sorted = sortRows(rows, "distance", descending).map(({ distance }) => distance);
      expect(sorted.slice(-unknown).every(Number.isNaN)).toBe(true);
      const known = sorted.slice(0, -unknown);
      expect(known).toEqual([...known].sort((a, b) => (descending ? b - a : a - b)));
    }
    const ids = sortRows(rows, "id", false).map(({ id }) => BigInt(id as string));
    expect(ids.every((id, i) => i === 0 || id > (ids[i - 1] as bigint))).toBe(true);
    const strongest = sortRows(rows, null, true).map((row) => row.inputs + row.outputs);
    expect(strongest).toEqual([...strongest].sort((a, b) => b - a));
  });

  test("is saved as CSV with whole ids", () => {
    const rows = partnerRows([cells[0]], "both");
    const lines = partnersCsv(rows, false).trim().split("\n");
    expect(lines.length).toBe(rows.length + 1);
    expect(lines[1]).toMatch(/^\d{18},[^,]*,(True|False),\d+,\d+,\d+,\d+,\d+\.\d\d$/);
  });
});

describe("the line of Python", () => {
  for (const [name, one] of Object.entries(code.cases)) {
    test(`for ${name} is the one that Python's test runs`, () => {
      expect(partnerCode(one.content as TableContent)).toBe(one.code);
    });
  }
});

describe("a pair", () => {
  const [A, B, OTHER] = ["864691135000000001", "864691135000000002", "864691135000000003"] as const;

  /** A cell with the listed synapses: direction, partner, size. */
  function cellOf(id: string, list: ["input" | "output", string, number][]): Cell {
    const labels = ["input", "output"];
    const synapses = {
      ...cells[0].synapses,
      n: list.length,
      direction: {
        kind: "text" as const,
        name: "direction",
        codes: Int8Array.from(list, ([side]) => labels.indexOf(side)),
        labels,
      },
      partner: {
        kind: "ids" as const,
        name: "partner_root_id",
        at: (row: number) => list[row]?.[1] ?? "",
        rowOf: (partner: string) => list.findIndex(([, other]) => other === partner),
      },
      type: {
        kind: "text" as const,
        name: "partner_type",
        codes: new Int8Array(list.length),
        labels: ["BC"],
      },
      size: Float64Array.from(list, ([, , size]) => size),
      isCell: () => true,
    };
    return { ...cells[0], id, synapses };
  }

  const pre = () =>
    cellOf(A, [
      ["output", B, 100],
      ["output", B, 50],
      ["input", B, 7],
      ["output", OTHER, 1],
      ["input", A, 3],
      ["output", A, 3],
    ]);
  const post = () =>
    cellOf(B, [
      ["input", A, 100],
      ["input", A, 50],
      ["output", A, 7],
      ["input", B, 9],
      ["output", B, 9],
      ["input", OTHER, 2],
    ]);

  test("has the synapses of each direction apart, and names autapses and others", () => {
    const pair = pairSynapses([pre(), post()], [A, B]);
    expect(pair).toMatchObject({
      there: { n: 2, size: 150 },
      back: { n: 1, size: 7 },
      autapses: { pre: 1, post: 1 },
      thereAs: "output",
      // One with another cell and one autapse of each.
      others: 4,
    });
    expect(pair?.synapses.length).toBe(3);
  });

  test("has the distances of its synapses to the soma that receives them", () => {
    const at = (cell: Cell, x: number) => ({
      ...cell,
      soma: { um: [x, 0, 0] as [number, number, number], radius: 5, inside: true },
      synapses: { ...cell.synapses, um: new Float32Array(3 * cell.synapses.n) },
    });
    const pair = pairSynapses([at(pre(), 30), at(post(), 40)], [A, B]);
    expect(pair?.toSoma).toEqual({ there: [40, 40], back: [30] });
    expect(spokenPair(pair as NonNullable<typeof pair>)).toMatch(
      /^Pair, .+ onto .+: 2 synapses, 150 voxels, 40 and 40 µm from the target's soma; back: 1 synapse, 7 voxels, 30 µm from the target's soma\.$/,
    );
  });

  test("is null until both cells are loaded", () => {
    expect(pairSynapses([pre()], [A, B])).toBeNull();
  });

  test("draws each of its synapses once and no other", () => {
    const both = [pre(), post()];
    const pair = pairSynapses(both, [A, B]);
    const paint = (n: number) => ({
      tree: new Uint8Array(),
      soma: [0, 0, 0] as never,
      synapses: new Uint8Array(4 * n).fill(128),
    });
    const paints = onlyPair([paint(6), paint(6)], both, pair as NonNullable<typeof pair>);
    const drawn = paints.map(({ synapses }) =>
      Array.from({ length: 6 }, (_, i) => i).filter((i) => synapses[4 * i + 3]),
    );
    expect(drawn).toEqual([[0, 1, 2], []]);
  });

  test("of which one is marked counts only the synapses with the other cell", () => {
    const partner = partnerOf([pre(), post()], B);
    expect(partner).toMatchObject({ input: { n: 1, size: 7 }, output: { n: 2, size: 150 } });
    expect(partner.synapses.length).toBe(3);
    expect(partner.autapses).toBe(0);
  });

  test("is not made by the autapses of a single cell, which are named", () => {
    expect(partnerOf([post()], B)).toMatchObject({
      autapses: 1,
      input: { n: 0 },
      output: { n: 0 },
    });
  });
});
