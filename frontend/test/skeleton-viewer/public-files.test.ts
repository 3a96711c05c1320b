// Skeletons that a page without Python loads from public files, if its author allows it.
import { afterEach, describe, expect, test, vi } from "vitest";
import { readSwc } from "../../src/skeleton-viewer/data/swc-text";
import { toSwc } from "../../src/skeleton-viewer/export/swc";
import { expected, load, state, until } from "./sample-cells";
import { show } from "./shown-viewer";

const ID = state().cells[0] as string;
const BASE = "https://files.example.org/swc";
const [complete] = await load();
const FILE = toSwc(complete);

afterEach(() => vi.unstubAllGlobals());

/** Serves files by the end of their address; everything else is 404. */
function serve(files: Record<string, string | number>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    const [, content = 404] = Object.entries(files).find(([end]) => url.endsWith(end)) ?? [];
    return typeof content === "number"
      ? new Response("", { status: content })
      : new Response(content);
  });
  return asked;
}

describe("a public file", () => {
  test("gives the same skeleton as Python's table", () => {
    const tree = complete.tree;
    if (!tree) throw new Error("The first cell of the fixture has a skeleton.");
    const read = readSwc(FILE, ID);
    expect(read.x.length).toBe(tree.n);
    const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
    for (const axis of ["x", "y", "z", "radius"] as const) {
      expect(Math.abs(sum(read[axis]) / sum(tree.nm[axis]) - 1)).toBeLessThan(1e-5);
    }
    const longest = (values: ArrayLike<number>) => Math.max(...Array.from(values));
    expect(longest(read.distance)).toBeCloseTo(longest(tree.distance), 0);
    expect(read.parent[read.root]).toBe(-1);
  });

  test.each([
    ["# root id 864691135000000009\n1 1 0 0 0 1 -1", /skeleton of cell 864691135000000009/],
    ["# nm\n1 1 0 0 0 1 -1", /in nm/],
    ["<html>log in</html>", /not SWC/],
    ["1 1 0 0 0 1 -1\n2 2 0 0", /not SWC/],
    ["1 1 0 0 0 1 -1\n2 2 0 0 1 1 7", /parent 7, which is not in the file/],
    ["1 1 0 0 0 1 -1\n1 2 0 0 1 1 -1", /twice/],
    ["1 1 0 0 0 1 -1\n2 2 0 0 1 1 -1", /2 trees/],
    ["1 1 0 0 0 1 -1\n2 2 0 0 1 1 3\n3 2 0 0 1 1 2", /loop/],
    ["# only a comment\n", /no vertices/],
  ])("that cannot be this skeleton is refused: %s", (text, reason) => {
    expect(() => readSwc(text, ID)).toThrow(reason);
  });

  test("may have its vertices in any order", () => {
    const read = readSwc("3 2 0 0 3 1 2\n1 1 0 0 0 5 -1\n2 3 0 0 2 1 1\n", ID);
    expect([...read.parent]).toEqual([2, -1, 1]);
    expect([...read.distance]).toEqual([3, 0, 2]);
  });
});

describe("a page without Python", () => {
  const notes = (el: HTMLElement) => el.querySelector(".skv-notes")?.textContent ?? "";

  test("loads nothing from elsewhere unless its author gave an address", async () => {
    const asked = serve({ [`proofread/${ID}.swc`]: FILE });
    const viewer = await show({ cells: [ID], data: {} });
    await until(() => expect(notes(viewer.el)).toContain("not connected to Python"));
    expect(asked).toEqual([]);
    viewer.end();
  });

  test("shows the skeleton of a cell that it was not saved with, and says what it lacks", async () => {
    const asked = serve({ [`dendrite/${ID}.swc`]: FILE });
    const viewer = await show({ cells: [ID], data: {}, skeleton_url: BASE });
    await until(() => expect(notes(viewer.el)).toContain("without the synapses of this cell"));
    expect(asked).toEqual([`${BASE}/proofread/${ID}.swc`, `${BASE}/dendrite/${ID}.swc`]);
    expect(viewer.find(".skv-summary").textContent).toMatch(/of cable, synapses not loaded/);
    (viewer.find(".skv-hide") as HTMLButtonElement).click();
    expect(notes(viewer.el)).toBe("");
    viewer.end();
  });

  test("counts the synapses of the cells that it was saved with, and the other cells", async () => {
    const [, other] = state().cells as [string, string];
    serve({ ".swc": FILE.replaceAll(ID, other) });
    const { data } = state();
    const viewer = await show({
      cells: [ID, other],
      data: { [ID]: data[ID] as never },
      skeleton_url: BASE,
    });
    await until(() =>
      expect(viewer.find(".skv-summary").textContent).toMatch(
        /\d inputs?, .*synapses of 1 cell not loaded/,
      ),
    );
    viewer.end();
  });

  test("prefers what it was saved with", async () => {
    const asked = serve({ [`proofread/${ID}.swc`]: FILE });
    const viewer = await show({ cells: [ID], skeleton_url: BASE });
    await until(() => expect(viewer.find(".skv-summary").textContent).toContain("of cable"));
    const text = viewer.find(".skv-summary").textContent ?? "";
    const [, inputs, outputs] = text.match(/cable, (\d+) inputs, (\d+) outputs/) ?? [];
    expect(Number(inputs) + Number(outputs)).toBe(expected.partners.length);
    expect(asked).toEqual([]);
    viewer.end();
  });

  test.each([
    [{}, "has no skeleton in this dataset, and its synapses are not loaded"],
    [{ ".swc": 500 }, "answered with status 500"],
    [{ ".swc": "1 1 9000000 0 0 1 -1" }, "not a skeleton in this volume"],
  ])("says why there is none: %s", async (files, reason) => {
    serve(files);
    const viewer = await show({ cells: [ID], data: {}, skeleton_url: BASE });
    await until(() => expect(notes(viewer.el)).toContain(reason));
    viewer.end();
  });

  test("says that the storage cannot be reached", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    const viewer = await show({ cells: [ID], data: {}, skeleton_url: BASE });
    await until(() => expect(notes(viewer.el)).toContain("files.example.org cannot be reached"));
    viewer.end();
  });
});
