// Drawings and descriptions of skeletons without a soma, and of cells outside the volume.
import { describe, expect, test } from "vitest";
import {
  type Cell,
  distanceToSoma,
  isOutside,
  somaOf,
  type Tree,
} from "../../src/skeleton-viewer/data/cell";
import type { Entry } from "../../src/skeleton-viewer/data/cell-loader";
import { depthProfile } from "../../src/skeleton-viewer/data/synapse-counts";
import { toCsv } from "../../src/skeleton-viewer/export/synapses-csv";
import { paint, sizeRange } from "../../src/skeleton-viewer/render/colors";
import { cableLength, describeVertex, summary } from "../../src/skeleton-viewer/view/descriptions";
import { load, state } from "./sample-cells";

const [cell] = await load();
const { world } = state();
const paints = [
  paint(cell, [255, 0, 0], {
    theme: "light",
    colorBy: "compartment",
    directions: "both",
    synapseColor: "direction",
    hidden: [],
    world,
    sizes: sizeRange([cell]),
  }),
];

describe("a skeleton without a soma, or outside the volume", () => {
  test("has no soma, says so, and measures paths to its root", () => {
    const bare = withoutSoma(cell);
    expect(somaOf(bare.about, bare.tree, world)).toBeNull();
    expect(summary([entry(bare)], "both")).toContain("No soma in this skeleton.");
    expect(summary([entry(bare), entry(cell)], "both")).toContain("1 cell without a soma.");
    const names = describeVertex(bare, 0).map(([name]) => name);
    expect(names).toContain("path to root");
    expect(names).not.toContain("path to soma");
    expect(distanceToSoma(bare, 0)).toBeNaN();
    expect(toCsv([bare], paints).split("\n")[1]?.endsWith(",")).toBe(true);
  });

  test("says where the axon is missing, as in public files of cells that were not proofread", () => {
    const { tree } = cell as { tree: Tree };
    const without = (compartment: number) => ({
      ...cell,
      tree: { ...tree, compartment: new Uint8Array(tree.n).fill(compartment) },
    });
    expect(summary([entry(cell)], "both")).not.toContain("axon");
    expect(summary([entry(without(3))], "both")).toContain("No axon in this skeleton.");
    expect(summary([entry(without(4)), entry(cell)], "both")).toContain("1 cell without an axon.");
    // Without any labels, nothing is known about the axon.
    expect(summary([entry(without(0))], "both")).not.toContain("axon");
  });

  test("has no depth, no layers and no profile outside the volume", () => {
    const far = outside(cell);
    expect([isOutside(cell), isOutside(far)]).toEqual([false, true]);
    expect(summary([entry(far)], "both")).toContain("Outside the volume: no depth or layers.");
    expect(describeVertex(far, 0)).toContainEqual(["depth", "outside the volume"]);
    const depths = toCsv([far], paints)
      .trim()
      .split("\n")
      .map((line) => line.split(",").at(-2));
    expect(new Set(depths)).toEqual(new Set(["depth_um", ""]));
    const profile = depthProfile([far], [paints[0]?.synapses as Uint8Array], 900);
    expect(Math.max(...profile.cable, ...profile.input, ...profile.output)).toBe(0);
  });

  test("draws and counts vertices of other compartments", () => {
    const { tree } = cell as { tree: Tree };
    const other = { ...cell, tree: { ...tree, compartment: new Uint8Array(tree.n).fill(7) } };
    expect(describeVertex(other, 0)).toContainEqual(["compartment", "other"]);
    expect(cableLength(other)).toBeCloseTo(cableLength(cell));
  });
});

function withoutSoma(one: Cell): Cell {
  return { ...one, soma: null, tree: { ...(one.tree as Tree), soma: null } };
}

function outside(one: Cell): Cell {
  const [tree, { synapses }] = [one.tree as Tree, one];
  return {
    ...one,
    tree: { ...tree, inside: new Uint8Array(tree.n) },
    synapses: { ...synapses, inside: new Uint8Array(synapses.n) },
  };
}

function entry(one: Cell): Entry {
  return { id: one.id, status: "ready", message: "", cell: one };
}
