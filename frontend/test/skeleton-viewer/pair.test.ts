// A pair of cells: its legend in exported pictures, its rings, and its box.
import { afterEach, describe, expect, test } from "vitest";
import { color } from "../../src/shared/palette";
import type { PairSynapses } from "../../src/skeleton-viewer/data/partner";
import { frameOf } from "../../src/skeleton-viewer/render/camera";
import { paint, sizeRange } from "../../src/skeleton-viewer/render/colors";
import { legendSections, pairSections } from "../../src/skeleton-viewer/view/legend-content";
import { OverlayView } from "../../src/skeleton-viewer/view/overlay-view";
import { PairView } from "../../src/skeleton-viewer/view/pair-view";
import { ringsOf } from "../../src/skeleton-viewer/view/rings";
import { load, state, until } from "./sample-cells";
import { type ShownViewer, savedFile, show } from "./shown-viewer";

const [pre, post] = await load();
const { world } = state();
const by = {
  theme: "light",
  colorBy: "cell",
  directions: "both",
  synapseColor: "direction",
  hidden: [] as string[],
  world,
  sizes: sizeRange([pre]),
} as const;
const outputs = [...pre.synapses.direction.codes.keys()].filter(
  (i) => pre.synapses.direction.labels[pre.synapses.direction.codes[i] as number] === "output",
);
const pair: PairSynapses = {
  pre,
  post,
  there: { n: 2, size: 300 },
  back: { n: 1, size: 7 },
  toSoma: { there: [], back: [] },
  autapses: { pre: 0, post: 0 },
  synapses: outputs.slice(0, 2).map((index) => ({ cell: pre, index })),
  thereAs: "output",
  others: 4,
};

test("its exported legend names A and B and counts each way, and nothing that is not drawn", () => {
  const cells = [pre, post];
  const cellColors: [number, number, number][] = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const input = { ...by, cells, shown: cells, cellColors, auto: true, pair };
  const [named, ways] = pairSections(pair, input);
  expect(named?.rows?.map(({ name, detail, color }) => [name, detail, color])).toEqual([
    [`A ${pre.about.type}`, pre.id, "#010203"],
    [`B ${post.about.type}`, post.id, "#040506"],
  ]);
  expect(ways?.rows?.map(({ name, swatch, color }) => [name, swatch, color])).toEqual([
    ["A → B: 2 synapses", "triangle", color("output")],
    ["B → A: 1 synapse", "dot", color("input")],
  ]);
  const titles = legendSections(input).map(({ title }) => title);
  for (const title of ["Cells", "Synapses", "Partner types"]) expect(titles).not.toContain(title);
});

test("its synapses are drawn over the rings around them, and within", () => {
  const camera = { view: "front", center: pre.soma?.um ?? [0, 0, 0], yaw: 0, pitch: 0 } as const;
  const frame = frameOf({ ...camera, height: 3000 }, 400, 400);
  const noted = { lit: [], marked: pair.synapses, pointed: null };
  const paints = [paint(pre, [0, 200, 0], by)];
  for (const scale of [1, 3]) {
    const overlay = new OverlayView();
    const rings = ringsOf(frame, [pre], paints, { scale, opacity: 1 }, noted);
    overlay.draw(frame, world, null, rings);
    const elements = [...overlay.el.children];
    const marks = elements.filter((one) => one.matches("polygon.skv-over"));
    const chosen = elements.filter((one) => one.matches(".skv-chosen"));
    expect([marks.length, chosen.length]).toEqual([2, 2]);
    expect(elements.indexOf(marks[0] as Element)).toBeGreaterThan(
      elements.indexOf(chosen[1] as Element),
    );
    const top = Number(marks[0]?.getAttribute("points")?.split(" ")[1]);
    const [y, r] = ["cy", "r"].map((name) => Number(chosen[0]?.getAttribute(name)));
    expect(top).toBeGreaterThan((y as number) - (r as number));
  }
});

describe("its box", () => {
  const said = (toSoma: PairSynapses["toSoma"]) => {
    const view = new PairView({ mark: () => {}, go: () => {} });
    const look = { cellColors: null, byDirection: true, missing: "", theme: "light" } as const;
    view.update({ ...pair, toSoma }, look);
    return view.el.textContent ?? "";
  };

  test("says that distances are straight lines only if there are distances", () => {
    expect(said({ there: [], back: [] })).not.toContain("Distances");
    const text = said({ there: [12.4, 7.8], back: [] });
    expect(text).toContain("Distances are straight lines.");
    expect(text).toContain(", 8 and 12 µm from the soma of B");
    expect(said({ there: [], back: [30] })).toContain("Distances are straight lines.");
  });

  test("sums up more than four distances", () => {
    expect(said({ there: [50, 10, 30, 20], back: [] })).toContain(", 10, 20, 30 and 50 µm from");
    expect(said({ there: [50, 10, 30, 20, 41], back: [] })).toContain(
      ", 10 to 50 µm from the soma of B, half of them within 30 µm",
    );
  });
});

describe("on the page", () => {
  let viewer: ShownViewer;
  afterEach(() => {
    viewer.end();
    delete document.documentElement.dataset.theme;
  });
  const shown = async (width = 900) => {
    viewer = await show({ cells: [pre.id, post.id], partner: post.id }, width);
    await until(() => expect(viewer.find("[aria-label=Pair]").hidden).toBe(false));
    await viewer.ready();
  };

  test("an exported picture says what the box says, not what both cells have in all", async () => {
    await shown();
    const file = await (await savedFile(viewer, "svg")).text();
    const page = new DOMParser().parseFromString(file, "image/svg+xml");
    const words = [...page.querySelectorAll("text")].map(({ textContent }) => textContent);
    expect(words).toContain(`A ${pre.about.type} ${pre.id}`);
    expect(words).toContain(`B ${post.about.type} ${post.id}`);
    expect(words).toContain("A → B: no synapses");
    expect(words).toContain("B → A: no synapses");
    for (const word of ["inputs", "outputs"]) expect(words).not.toContain(word);
    expect(viewer.text(".skv-legend")).not.toMatch(/inputs|outputs/);
  });

  test("its box can be folded, and in a low viewer its links stay in sight", async () => {
    await shown(420);
    viewer.el.style.setProperty("--mw-part-height", "460px");
    const [box, title] = [
      viewer.find("[aria-label=Pair]"),
      viewer.find("[aria-label=Pair] summary"),
    ];
    title.click();
    await until(() => expect(box.querySelector("details")?.open).toBe(true));
    const panel = viewer.find(".skv-beside").getBoundingClientRect();
    const links = [...box.querySelectorAll("button")].map((one) => one.getBoundingClientRect());
    expect(links).toHaveLength(3);
    for (const { top, bottom } of links) {
      expect(top).toBeGreaterThanOrEqual(panel.top);
      expect(bottom).toBeLessThanOrEqual(panel.bottom);
    }
    const before = box.offsetHeight;
    title.click();
    expect(title.tabIndex).toBe(0);
    expect(box.offsetHeight).toBeLessThan(40);
    // It stays folded while other things change.
    viewer.model.set("color_by", "depth");
    expect(box.offsetHeight).toBeLessThan(40);
    title.click();
    expect(box.offsetHeight).toBeGreaterThan(before - 40);
  });

  test("beside the picture, no text of the box looks out from under its links", async () => {
    await shown(860);
    viewer.el.style.setProperty("--mw-part-height", "540px");
    const side = viewer.find(".skv-side");
    await until(() => expect(side.scrollHeight).toBeGreaterThan(side.clientHeight));
    const links = viewer.find("[aria-label=Pair] .skv-all").getBoundingClientRect();
    expect(links.bottom).toBeCloseTo(side.getBoundingClientRect().bottom, 0);
  });

  test("over the picture, its box begins as one line, and beside it as a whole", async () => {
    await shown(331);
    const details = () => viewer.find<HTMLDetailsElement>("[aria-label=Pair] details");
    const line = () =>
      [...viewer.find("[aria-label=Pair] summary").children]
        .filter((part) => part.getClientRects().length > 0)
        .map(({ textContent }) => textContent.trim())
        .join(" ");
    const beside = viewer.find(".skv-beside").getBoundingClientRect();
    expect(details().open).toBe(false);
    expect(line()).toBe("A → B: no synapses");
    expect(beside.height).toBeLessThan(44);
    expect(beside.right).toBeLessThanOrEqual(viewer.stage.getBoundingClientRect().right);
    viewer.end();
    await shown(900);
    expect(details().open).toBe(true);
    expect(line()).toBe("Pair");
  });

  test("of a cell and itself says so, and counts its autapses", async () => {
    viewer = await show({ cells: [pre.id], partner: pre.id });
    await viewer.ready();
    expect(viewer.text(".skv-partner")).toContain(`${pre.about.type} onto itself: no autapses`);
    expect(viewer.text(".skv-partner")).not.toContain("no synapses");
  });

  test("the table has the colours of the theme, also after a change", async () => {
    viewer = await show({ cells: [pre.id] });
    await viewer.ready();
    await until(() => expect(viewer.find(".skp tbody tr circle")).toBeTruthy());
    const fills = () =>
      [...viewer.el.querySelectorAll(".skp tbody tr")]
        .slice(0, 40)
        .map((row) => [
          row.querySelector(".skp-type")?.textContent ?? "",
          row.querySelector("circle")?.getAttribute("fill"),
        ]);
    const of = (theme: "light" | "dark") =>
      fills().map(([type]) => [type, type === "fragment" ? "none" : color(type ?? "", theme)]);
    expect(fills()).toEqual(of("light"));
    document.documentElement.dataset.theme = "dark";
    await until(() => expect(fills()).toEqual(of("dark")));
  });

  test("the box has the colours of the theme for the directions", async () => {
    await shown();
    const fills = () =>
      [...viewer.find("[aria-label=Pair] ul:nth-of-type(2)").querySelectorAll("svg")].map((one) =>
        one.getAttribute("fill"),
      );
    expect(fills().sort()).toEqual([color("input"), color("output")].sort());
    const dark = [color("input", "dark"), color("output", "dark")];
    expect(dark).not.toEqual([color("input"), color("output")]);
    document.documentElement.dataset.theme = "dark";
    await until(() => expect(fills().sort()).toEqual(dark.sort()));
  });
});
