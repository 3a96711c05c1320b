// Cells are read, painted, counted and exported, and compared with Python's results.
import { describe, expect, test } from "vitest";
import { rgb } from "../../src/shared/palette";
import { distanceToSoma } from "../../src/skeleton-viewer/data/cell";
import {
  depthProfile,
  directionCounts,
  layerCounts,
  typeCounts,
} from "../../src/skeleton-viewer/data/synapse-counts";
import { neuroglancerUrl } from "../../src/skeleton-viewer/export/neuroglancer";
import { toPython } from "../../src/skeleton-viewer/export/python-code";
import { toSwc } from "../../src/skeleton-viewer/export/swc";
import { toCsv } from "../../src/skeleton-viewer/export/synapses-csv";
import { frameOf } from "../../src/skeleton-viewer/render/camera";
import { cellColors, paint, sizePlace, sizeRange } from "../../src/skeleton-viewer/render/colors";
import { nearestPoint } from "../../src/skeleton-viewer/render/nearest-point";
import { allSegments, fewerSegments } from "../../src/skeleton-viewer/render/segments";
import { marks, strokes } from "../../src/skeleton-viewer/render/strokes";
import type { State, World } from "../../src/skeleton-viewer/state";
import { length, roundDown, ticks } from "../../src/skeleton-viewer/view/axis-numbers";
import {
  cableLength,
  describeSynapse,
  describeVertex,
} from "../../src/skeleton-viewer/view/descriptions";
import { expected, load, state } from "./sample-cells";

const [cell, bare] = await load();
const { world } = state();
const tree = cell.tree as NonNullable<typeof cell.tree>;
const defaults = {
  theme: "light",
  colorBy: "compartment",
  directions: "both",
  synapseColor: "direction",
  hidden: [] as string[],
  world,
  sizes: sizeRange([cell]),
} as const;
const RED: [number, number, number] = [255, 0, 0];

describe("a cell", () => {
  test("has Python's vertices, in cortical um", () => {
    const every50th = expected.vertices_um.flatMap((_, i) => [
      ...tree.um.subarray(150 * i, 150 * i + 3),
    ]);
    const wanted = expected.vertices_um.flat();
    expect(every50th.length).toBe(wanted.length);
    every50th.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] as number, 2);
    });
  });

  test("has Python's compartments", () => {
    expect([...tree.compartment]).toEqual(expected.compartments);
  });

  test("has Python's cable", () => {
    expect(cableLength(cell)).toBeCloseTo(expected.cable_um, 0);
  });

  test("has Python's synapses, at the same positions and with the same partners", () => {
    const { synapses } = cell;
    expect(Array.from({ length: synapses.n }, (_, i) => synapses.partner.at(i))).toEqual(
      expected.partners,
    );
    expected.synapses_um.flat().forEach((value, i) => {
      expect(synapses.um[i]).toBeCloseTo(value, 2);
    });
  });

  test("has the path length of each synapse to the soma", () => {
    expected.distances_um.forEach((value, i) => {
      expect(distanceToSoma(cell, i)).toBeCloseTo(value, 1);
    });
  });

  test("without a skeleton has its soma at the nucleus, and no distances", () => {
    expect(bare.tree).toBeNull();
    expect(bare.soma?.radius).toBe(5);
    expect(distanceToSoma(bare, 0)).toBeNaN();
  });

  test("has descriptions of its synapses and vertices", () => {
    const lines = new Map(describeSynapse(cell, 0));
    expect(lines.get("input from") ?? lines.get("output onto")).toBe(expected.partners[0]);
    expect(lines.get("size")).toMatch(/^[\d,]+ voxels$/);
    expect(lines.get("path to soma")).toMatch(/µm$/);
    expect(new Map(describeVertex(cell, tree.root)).get("compartment")).toBe("soma");
  });
});

describe("segments", () => {
  test("are all edges of the tree", () => {
    expect(allSegments(tree).length).toBe(2 * (tree.n - 1));
  });

  test.each([0.5, 2, 8])("are simplified by at most %d um", (tolerance) => {
    const segments = fewerSegments(tree, tolerance);
    expect(segments.length).toBeLessThan(2 * (tree.n - 1));
    let worst = 0;
    for (let i = 0; i < segments.length; i += 2) {
      const [from, to] = [segments[i] as number, segments[i + 1] as number];
      for (let at = from; at !== to; at = tree.parent[at] as number) {
        worst = Math.max(worst, fromChord(at, from, to));
      }
    }
    expect(worst).toBeLessThanOrEqual(tolerance * 1.001);
  });

  test("reach every tip from the root after simplification", () => {
    const segments = fewerSegments(tree, 5);
    const parents = new Map<number, number>();
    for (let i = 0; i < segments.length; i += 2) {
      parents.set(segments[i] as number, segments[i + 1] as number);
    }
    const isParent = new Set(tree.parent);
    const tips = Array.from({ length: tree.n }, (_, i) => i).filter((i) => !isParent.has(i));
    for (const tip of tips) {
      let at = tip;
      while (parents.has(at)) at = parents.get(at) as number;
      expect(at).toBe(tree.root);
    }
  });

  function fromChord(vertex: number, from: number, to: number): number {
    const p = (i: number) => [...tree.um.subarray(3 * i, 3 * i + 3)] as [number, number, number];
    const [v, a, b] = [p(vertex), p(from), p(to)];
    const d = b.map((value, k) => value - (a[k] as number));
    const squared = d.reduce((sum, value) => sum + value * value, 0) || 1;
    const along = v.reduce(
      (sum, value, k) => sum + (value - (a[k] as number)) * (d[k] as number),
      0,
    );
    const t = Math.max(0, Math.min(1, along / squared));
    return Math.hypot(...v.map((value, k) => value - (a[k] as number) - t * (d[k] as number)));
  }
});

describe("colours", () => {
  test("cells have their types' colours if each type occurs once", () => {
    expect(cellColors(["BC", "MC"], "light")).toEqual([rgb("BC"), rgb("MC")]);
  });

  test("other cells have those of the still picture", () => {
    expect(cellColors(["BC", "BC"], "light")).toEqual([rgb("23P"), rgb("5P-ET")]);
  });

  test("hide synapses of a direction and of types, and nothing else", () => {
    const visibleCount = (by: object) =>
      paint(cell, RED, { ...defaults, ...by }).synapses.filter((size, i) => i % 4 === 3 && size > 0)
        .length;
    expect(visibleCount({})).toBe(cell.synapses.n);
    expect(visibleCount({ directions: "inputs" })).toBe(expected.directions.input);
    expect(visibleCount({ directions: "none" })).toBe(0);
    const [type, count] = Object.entries(expected.types)[0] as [string, number];
    expect(visibleCount({ hidden: [type] })).toBe(cell.synapses.n - count);
  });

  test("are those of the cell, or follow compartment or depth", () => {
    const of = (colorBy: "cell" | "depth" | "compartment") =>
      paint(cell, RED, { ...defaults, colorBy }).tree;
    expect([...of("cell").subarray(0, 4)]).toEqual([255, 0, 0, 255]);
    const distinct = (colors: Uint8Array) => new Set(new Uint32Array(colors.buffer)).size;
    expect(distinct(of("compartment"))).toBe(new Set(expected.compartments).size);
    expect(distinct(of("depth"))).toBeGreaterThan(20);
  });

  test("of sizes are between the ends of the scale", () => {
    const sizes = sizeRange([cell]);
    expect(sizePlace(sizes[0], sizes)).toBe(0);
    expect(sizePlace(sizes[1], sizes)).toBe(1);
    expect(sizePlace(0, sizes)).toBe(0);
    expect(sizeRange([])).toEqual([1, 2]);
  });
});

describe("counts", () => {
  test("by type are Python's", () => {
    const counts = Object.fromEntries([...typeCounts([cell], "both")].sort());
    expect(counts).toEqual(expected.types);
  });

  test("by direction are Python's", () => {
    expect(directionCounts([cell])).toEqual(expected.directions);
  });

  test("over depth add up to the whole cable and the visible synapses", () => {
    const visible = paint(cell, RED, { ...defaults, directions: "inputs" }).synapses;
    const { cable, input, output } = depthProfile([cell], [visible], 900);
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    expect(sum(cable)).toBeCloseTo(expected.cable_um, 0);
    expect(sum(input)).toBe(expected.directions.input);
    expect(sum(output)).toBe(0);
  });

  test("by layer add up to the same, and say what is above the soma", () => {
    const visible = paint(cell, RED, { ...defaults, directions: "inputs" }).synapses;
    const parts = layerCounts([cell], [visible], world.layers);
    const above = parts.pop();
    expect(above?.name).toBe("above soma");
    const sum = (key: "cable" | "input" | "output") => parts.reduce((a, one) => a + one[key], 0);
    expect(sum("cable")).toBeCloseTo(expected.cable_um, 0);
    expect(sum("input")).toBe(expected.directions.input);
    expect(sum("output")).toBe(0);
    const soma = cell.soma?.um[1] ?? Number.NaN;
    const depths = Array.from({ length: cell.synapses.n }, (_, i) => cell.synapses.um[3 * i + 1]);
    const higher = depths.filter((depth, i) => visible[4 * i + 3] && (depth as number) < soma);
    expect(above?.input).toBe(higher.length);
    expect(layerCounts([cell, cell], [visible, visible], world.layers).at(-1)?.name).not.toBe(
      "above soma",
    );
  });
});

describe("exports", () => {
  const paints = [paint(cell, RED, defaults)];

  test("SWC is the same as Python's", () => {
    expect(toSwc(cell)).toBe(expected.swc);
  });

  test("SWC of a cell without a skeleton is an error", () => {
    expect(() => toSwc(bare)).toThrow(`Cell ${bare.id} has no skeleton`);
  });

  test("CSV has the visible synapses, with all digits of the ids", () => {
    const rows = toCsv([cell], paints).trim().split("\n");
    expect(rows.length).toBe(1 + cell.synapses.n);
    expect(rows.slice(1).map((row) => row.split(",")[3])).toEqual(expected.partners);
    const few = toCsv([cell], [paint(cell, RED, { ...defaults, directions: "outputs" })]);
    expect(few.trim().split("\n").length).toBe(1 + expected.directions.output);
  });

  test("CSV quotes a type that would break its row", () => {
    const type = { ...cell.synapses.type, labels: cell.synapses.type.labels.map(() => 'a,"b"') };
    const odd = { ...cell, synapses: { ...cell.synapses, type } };
    expect(toCsv([odd], paints).split("\n")[1]).toContain(',"a,""b""",');
  });

  test("the line of Python is the same as Python's", () => {
    const get = <K extends keyof State>(name: K) => state()[name];
    expect(toPython(get)).toBe(expected.code);
    const changed = state({
      cells: ["1"],
      color_by: "depth",
      hidden_types: ["it's"],
      partner: "5",
      camera: { view: "top", center: [1, 2.5, 3], height: 40, yaw: 0, pitch: 15 },
    });
    expect(toPython((name) => changed[name])).toBe(
      'mw.SkeletonViewer(con, cells=[1], color_by="depth", hidden_types=["it\'s"], ' +
        'camera={"view": "top", "center": [1.0, 2.5, 3.0], "height": 40.0, "yaw": 0.0, ' +
        '"pitch": 15.0}, partner=5)',
    );
  });

  test("the sample has no link to Neuroglancer", () => {
    expect(neuroglancerUrl(world, [cell], paints)).toBeNull();
  });

  test("a link has cells and the largest synapses, ids as strings", () => {
    const layer = (name: string) => ({ name, annotations: [] });
    const dimensions = { x: [4e-9, "m"], y: [4e-9, "m"], z: [4e-8, "m"] };
    const layers = [
      { name: "imagery" },
      { name: "s", segments: [] },
      layer("inputs"),
      layer("outputs"),
    ];
    const known: World = {
      ...world,
      neuroglancer: { url: "https://example.org/", state: { dimensions, layers }, most: 7 },
    };
    const url = neuroglancerUrl(known, [cell], paints) as string;
    const link = JSON.parse(decodeURI(url.slice(url.indexOf("#!") + 2)));
    expect(link.layers[1].segments).toEqual([cell.id]);
    const points = [...link.layers[2].annotations, ...link.layers[3].annotations];
    const sizes = [...cell.synapses.size].sort((a, b) => b - a);
    const visibleCount = points.map(
      ({ id }) => cell.synapses.size[cell.synapses.id.indexOf(Number(id))],
    );
    expect(visibleCount.sort((a, b) => (b as number) - (a as number))).toEqual(sizes.slice(0, 7));
    expect(points.every(({ segments: [[id]] }) => expected.partners.includes(id))).toBe(true);
    const [x] = cell.about.nucleus as [number, number, number];
    expect(link.position[0]).toBeCloseTo(x / 4, 3);
  });
});

describe("a 2D picture", () => {
  const frame = frameOf(
    { view: "front", center: cell.soma?.um ?? [0, 0, 0], height: 200, yaw: 0, pitch: 0 },
    400,
    400,
  );
  const painted = paint(cell, RED, defaults);
  const NORMAL = { scale: 1, opacity: 1 };

  test("has every segment once, and the soma at its position", () => {
    const visibleCount = strokes(frame, cell, painted, 0);
    expect(visibleCount.reduce((sum, { ends }) => sum + ends.length / 4, 0)).toBe(tree.n - 1);
    expect(marks(frame, cell, painted, NORMAL)[0]).toMatchObject({ x: 200, y: 200, shape: "soma" });
  });

  test("has the size that was chosen", () => {
    const [one, large] = [1, 2].map((scale) => marks(frame, cell, painted, { scale, opacity: 1 }));
    expect(large?.[1]?.radius).toBeCloseTo(2 * (one?.[1]?.radius ?? 0), 5);
  });

  test("finds the synapse under the pointer, but not a hidden one", () => {
    const lists = [{ um: cell.synapses.um, colors: painted.synapses }];
    const at = marks(frame, cell, painted, NORMAL)[1] as { x: number; y: number };
    expect(nearestPoint(frame, lists, at.x + 1, at.y, 6)?.list).toBe(0);
    const none = paint(cell, RED, { ...defaults, directions: "none" }).synapses;
    expect(nearestPoint(frame, [{ um: cell.synapses.um, colors: none }], at.x, at.y, 6)).toBeNull();
  });
});

test("lengths and ticks are round", () => {
  expect([9, 10, 49, 0.07].map(roundDown)).toEqual([5, 10, 20, 0.05]);
  expect(ticks(3, 97, 5)).toEqual([20, 40, 60, 80]);
  expect(length(1234)).toBe("1.23 mm");
  expect(length(12.34)).toBe("12.3 µm");
});
