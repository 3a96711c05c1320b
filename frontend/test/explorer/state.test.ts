// The explorer's state as Python code and in an address.
import { describe, expect, test } from "vitest";
import { readAddress, writeAddress } from "../../src/explorer/address";
import { changes, mapSettings, type Settings, startOf, stateCode } from "../../src/explorer/state";
import { EXPLORER_DEFAULTS } from "../../src/shared/contract";

const A = "864691136650709360";
const B = "864691136585384338";
const CAMERA = { view: "perspective", center: null, height: null, yaw: -30, pitch: 15 };
const FIRST: Settings = {
  picker: { value: A, selected: [], filters: {} },
  viewer: {
    cells: [A],
    partner: null,
    color_by: "compartment",
    synapses: "both",
    synapse_color: "direction",
    synapse_scale: 1,
    synapse_opacity: 1,
    hidden_types: [],
    camera: CAMERA,
  },
  matrix: { ...EXPLORER_DEFAULTS, order_pre: "cell_type_auto", order_post: "cell_type_auto" },
  layout: { columns: [27, 40, 33], enlarged: "" },
};

function withChanges(settings: Settings): Settings {
  const start = startOf(FIRST, A, null);
  return mapSettings(start, (value, part, name) => settings[part]?.[name] ?? value);
}

const OTHER: Settings = {
  picker: { selected: [A, B], filters: { cell_type_auto: ["BC", "a, b&c=+"], search: "12" } },
  viewer: {
    synapses: "inputs",
    synapse_scale: 1.5,
    hidden_types: ["MC"],
    camera: { ...CAMERA, center: [1.5, -2, 3] },
  },
  matrix: { show: "types", order_pre: "depth", view: { rows: [0, 10], columns: [5, 20] } },
  layout: { columns: [30, 40.5, 29.5], enlarged: "viewer" },
};

describe("as Python", () => {
  test("a new explorer needs its cell only", () => {
    expect(stateCode("con", 600, FIRST, FIRST)).toBe(`mw.Explorer(con, value=${A})`);
  });

  test("a pair in the viewer follows from the pair of the matrix, and ids are numbers", () => {
    const pair = [A, B];
    const now = withChanges({ matrix: { pair }, viewer: { cells: pair, partner: B } });
    expect(stateCode("con, pre=pre", 700, FIRST, now)).toBe(
      `mw.Explorer(con, pre=pre, value=${A}, height=700, state={"matrix": {"pair": [${A}, ${B}]}})`,
    );
  });

  test("of the camera, what was turned is written", () => {
    const now = withChanges({ viewer: { camera: { ...CAMERA, yaw: 20 } } });
    expect(stateCode("con", 600, FIRST, now)).toContain(
      'state={"viewer": {"camera": {"yaw": 20}}}',
    );
  });
});

describe("in an address", () => {
  test("everything that differs comes back as it was", () => {
    const now = withChanges(OTHER);
    const { hash, leftOut } = writeAddress(changes(FIRST, now));
    expect(leftOut).toEqual([]);
    const read = readAddress(hash, FIRST);
    expect(read?.ignored).toEqual([]);
    expect(withChanges(read?.settings ?? {})).toEqual(now);
  });

  test("it can be read", () => {
    const state = {
      picker: { value: A },
      matrix: { pair: [A, B] },
      viewer: { camera: { view: "front" } },
    };
    expect(writeAddress(state).hash).toBe(`#explore?cell=${A}&pair=${A},${B}&camera.view=front`);
  });

  test("the anchor of a heading is none", () => {
    for (const hash of ["", "#section", "#explore", "#explorer?cell=1"])
      expect(readAddress(hash, FIRST)).toBeNull();
  });

  test("a selection that is too long is left out, and reported", () => {
    const selected = Array.from({ length: 60 }, (_, i) => String(i + 1));
    const { hash, leftOut } = writeAddress({ picker: { value: A, selected } });
    expect([hash, leftOut]).toEqual([`#explore?cell=${A}`, ["selected"]]);
  });

  test.each([
    ["cell=nobody"],
    ["cell=99999999999999999999"],
    ["cell=0"],
    [`pair=${A}`],
    ["pair=1,2,3"],
    ["show=everything"],
    ["camera=front"],
    ["camera.view=below"],
    ["camera.height=-3"],
    ["camera.center=1,2"],
    ["camera.yaw=left"],
    ["view.rows=5"],
    ["columns=1,2,97"],
    ["enlarged=everything"],
    ["filters.cell_type_auto=BC"],
    ["nonsense=1"],
    ["constructor=1"],
    ["__proto__.x=1"],
    ["cell.x=1"],
    ["synapses=<img>"],
    ["synapse_scale=50"],
    ["synapse_opacity=0"],
  ])("%s is ignored and reported", (field) => {
    const read = readAddress(`#explore?${field}&synapses=none`, FIRST);
    expect(read?.ignored).toEqual([field.split("=")[0]]);
    expect(read?.settings).toEqual({ viewer: { synapses: "none" } });
  });
});
