// The whole viewer on a page, operated by simulated mouse, touch and keyboard.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { OutLink } from "../../src/shared/out-link";
import { StaticModel } from "../../src/shared/static-model";
import { Loader } from "../../src/skeleton-viewer/data/cell-loader";
import type { State } from "../../src/skeleton-viewer/state";
import { expected, state, until } from "./sample-cells";
import { type ShownViewer, savedFile, show } from "./shown-viewer";

const [ID, MISSING] = state().cells as [string, string];
let viewer: ShownViewer;

beforeEach(async () => {
  viewer = await show({ cells: [ID] });
  await viewer.ready();
});
afterEach(() => viewer.end());

const camera = () => viewer.model.get("camera") as State["camera"];

describe("the content", () => {
  test("is described in words, and the sample is labelled synthetic", () => {
    expect(viewer.text(".skv-summary")).toContain(ID);
    expect(viewer.text(".skv-summary")).toContain(`${expected.directions.input} inputs`);
    expect(viewer.text(".skv-source")).toBe("synthetic sample");
    const described = viewer.stage.getAttribute("aria-describedby") ?? "";
    expect(document.getElementById(described)?.textContent).toContain(ID);
  });

  test("follows the cells that are set, and reports a missing skeleton", async () => {
    viewer.model.set("cells", [MISSING]);
    await until(() =>
      expect(viewer.text(".skv-notes")).toContain(`${MISSING} has no skeleton in this dataset`),
    );
    expect(viewer.text(".skv-notes")).toContain("only its soma and synapses are shown");
    // The page has all that there is of the sample.
    expect(viewer.find(".skv-retry")).toBeNull();
  });

  test("is empty without a cell, and says so", async () => {
    viewer.model.set("cells", []);
    await until(() => expect(viewer.text(".skv-notes")).toBe("No cell is chosen."));
  });
});

describe("the legend", () => {
  const box = (selector: string) => viewer.find<HTMLInputElement>(`.skv-legend ${selector}`);

  test("counts synapses by type as Python does", () => {
    for (const [type, count] of Object.entries(expected.types)) {
      const label = box(`[data-type="${type}"]`).closest("label")?.textContent;
      expect(label).toBe(`${type || "unknown"}${count}`);
    }
  });

  test("hides a type, and follows what is hidden from Python", () => {
    const type = Object.keys(expected.types)[1] as string;
    box(`[data-type="${type}"]`).click();
    expect(viewer.model.get("hidden_types")).toEqual([type]);
    viewer.model.set("hidden_types", []);
    expect(box(`[data-type="${type}"]`).checked).toBe(true);
    viewer.find<HTMLButtonElement>("[data-all=hide]").click();
    expect([...(viewer.model.get("hidden_types") as string[])].sort()).toEqual(
      Object.keys(expected.types).sort(),
    );
    viewer.find<HTMLButtonElement>("[data-all=show]").click();
    expect(viewer.model.get("hidden_types")).toEqual([]);
  });

  test("hides a direction", () => {
    box("[data-direction=input]").click();
    expect(viewer.model.get("synapses")).toBe("outputs");
    box("[data-direction=output]").click();
    expect(viewer.model.get("synapses")).toBe("none");
  });

  test("keeps the focus on the box that was clicked", () => {
    const first = box("[data-type]");
    first.focus();
    first.click();
    expect(document.activeElement).toBe(first);
    // Without outputs there are fewer types, so the legend is built again.
    box("[data-direction=output]").focus();
    box("[data-direction=output]").click();
    expect(document.activeElement).toBe(box("[data-direction=output]"));
  });
});

test("the numbers by layer keep the focus when colours change", () => {
  const summary = viewer.find(".skv-by-layer > summary");
  summary.click();
  summary.focus();
  viewer.model.set("color_by", "depth");
  expect(document.activeElement).toBe(summary);
  expect(viewer.find<HTMLDetailsElement>(".skv-by-layer").open).toBe(true);
  expect(viewer.el.querySelectorAll(".skv-by-layer tbody tr").length).toBeGreaterThan(3);
});

describe("the camera", () => {
  test("rotates by dragging, pans with Shift, and is sent to Python after a pause", async () => {
    viewer.pointer("pointerdown", 200, 200);
    viewer.pointer("pointermove", 260, 200);
    viewer.pointer("pointermove", 300, 200);
    viewer.pointer("pointerup", 300, 200);
    await until(() => expect(camera().yaw).not.toBe(-30));
    expect(camera().center).not.toBeNull();
    const { yaw } = camera();
    viewer.press("ArrowLeft", { shiftKey: true });
    await new Promise((done) => setTimeout(done, 300));
    expect(camera().yaw).toBe(yaw);
  });

  test("zooms by wheel and key, and a key fits the cells again", async () => {
    const { left, top } = viewer.stage.getBoundingClientRect();
    const wheel = { deltaY: -200, clientX: left + 50, clientY: top + 50, cancelable: true };
    viewer.pointer("pointerdown", 2, 2, { button: 0 });
    viewer.pointer("pointerup", 2, 2, { button: 0 });
    viewer.stage.dispatchEvent(new WheelEvent("wheel", { ...wheel, bubbles: true }));
    await until(() => expect(camera().height).not.toBeNull());
    const before = camera().height as number;
    viewer.press("+");
    await until(() => expect(camera().height).toBeCloseTo(before / 1.25, 1));
    viewer.press("0");
    expect(camera()).toMatchObject({ center: null, height: null });
  });

  test("zooms with two fingers", async () => {
    viewer.pointer("pointerdown", 200, 200);
    viewer.pointer("pointerdown", 300, 200, { pointerId: 2 });
    viewer.pointer("pointermove", 400, 200, { pointerId: 2 });
    await until(() => expect(camera().height).not.toBeNull());
    const far = camera().height as number;
    viewer.pointer("pointermove", 500, 200, { pointerId: 2 });
    await until(() => expect(camera().height as number).toBeLessThan(far));
    viewer.pointer("pointerup", 200, 200);
    viewer.pointer("pointerup", 500, 200, { pointerId: 2 });
  });

  test("changes its view by button and by key, and shares the rest of its state", () => {
    viewer.model.set("camera", { ...camera(), center: [1, 2, 3], height: 77 });
    viewer.find<HTMLButtonElement>("[data-view=side]").click();
    expect(camera()).toEqual({ ...camera(), view: "side", center: [1, 2, 3], height: 77 });
    viewer.press("4");
    expect(camera().view).toBe("top");
    expect(viewer.find("[data-view=top]").getAttribute("aria-pressed")).toBe("true");
  });

  test("centres on a double click", () => {
    const { left, top } = viewer.stage.getBoundingClientRect();
    const at = { clientX: left + 100, clientY: top + 100, bubbles: true };
    viewer.stage.dispatchEvent(new MouseEvent("dblclick", at));
    expect(camera().center).not.toBeNull();
  });

  test("stays for other cells whose soma is in view, and otherwise fits them", async () => {
    viewer.model.set("camera", { ...camera(), view: "front", center: [0, 0, 0], height: 5 });
    viewer.model.set("cells", [MISSING]);
    await until(() => expect(camera().center).toBeNull());
    viewer.model.set("camera", { ...camera(), center: [400, 400, 400], height: 5000 });
    viewer.model.set("cells", [ID]);
    await viewer.ready();
    expect(camera().height).toBe(5000);
  });
});

describe("a synapse", () => {
  test("is reached by key, described with partner, type, size and distance, and chosen by Enter", () => {
    viewer.press("n");
    const tip = viewer.text(".mw-tip");
    expect(tip).toContain(expected.partners[0]);
    expect(tip).toMatch(/type .*size .*voxels.*path to soma .*µm/);
    expect(viewer.text(".mw-aloud")).toContain(expected.partners[0]);
    viewer.press("Enter");
    expect(viewer.model.get("partner")).toBe(expected.partners[0]);
    expect(viewer.text(".skv-partner")).toContain(expected.partners[0]);
    expect(viewer.el.querySelectorAll(".skv-chosen").length).toBe(
      expected.partners.filter((id) => id === expected.partners[0]).length,
    );
    viewer.press("Escape");
    expect(viewer.model.get("partner")).toBeNull();
    expect(viewer.find(".skv-partner").hidden).toBe(true);
  });

  test("is chosen by a click, and a click elsewhere clears the choice", async () => {
    viewer.press("n");
    await until(() => expect(viewer.find(".skv-pointed")).toBeTruthy());
    const ring = viewer.find(".skv-pointed");
    const [x, y] = ["cx", "cy"].map((name) => Number(ring.getAttribute(name))) as [number, number];
    for (const type of ["pointerdown", "pointerup"]) viewer.pointer(type, x, y, { button: 0 });
    expect(expected.partners).toContain(viewer.model.get("partner"));
    for (const type of ["pointerdown", "pointerup"]) viewer.pointer(type, 2, 2, { button: 0 });
    expect(viewer.model.get("partner")).toBeNull();
  });

  test("of a partner set from Python is marked by a ring", () => {
    viewer.model.set("partner", expected.partners[3] as string);
    expect(viewer.el.querySelectorAll(".skv-chosen").length).toBeGreaterThan(0);
  });
});

describe("loading", () => {
  const empty = () => ({ ...state({ cells: [ID] }), data: {} });

  test("shows progress, then why it failed, and can be tried again", async () => {
    let fail: (error: Error) => void = () => {};
    const saved = state().data[ID];
    const synapses = () => ({ content: saved?.about, buffers: [saved?.synapses] });
    const answers = {
      synapses,
      skeleton: () => new Promise((_, reject) => (fail = reject)),
    };
    const model = new StaticModel(empty(), answers as never);
    const statuses: string[] = [];
    const loader = new Loader(
      model,
      state().world,
      () => statuses.push(loader?.entries[0]?.status ?? ""),
      new AbortController().signal,
    );
    loader.show([ID]);
    await until(() => expect(statuses.at(-1)).toBe("skeleton"));
    expect(loader.entries[0]?.cell?.synapses.n).toBe(expected.partners.length);
    fail(new Error("The service is down."));
    await until(() => expect(loader.entries[0]?.status).toBe("failed"));
    expect(loader.entries[0]?.message).toBe("The service is down.");
    const skeleton = () => ({ content: saved?.head, buffers: [saved?.skeleton, saved?.nearest] });
    answers.skeleton = skeleton as never;
    loader.retry(ID);
    await until(() => expect(loader.entries[0]?.status).toBe("ready"));
  });

  test("says that the synapses of a release are not loaded, instead of none", async () => {
    viewer.end();
    const world = { ...state().world, synapses_loaded: false };
    viewer = await show({ cells: [ID], world });
    await until(() =>
      expect(viewer.text(".skv-notes")).toContain("of this release are not loaded"),
    );
    expect(viewer.text(".skv-summary")).toContain("synapses not loaded");
    expect(viewer.text(".skv-summary")).not.toMatch(/\binputs?\b/);
  });

  test("without Python or saved data explains what to do", async () => {
    viewer.end();
    viewer = await show({ cells: [ID], data: {} });
    await until(() => expect(viewer.text(".skv-notes")).toContain("not connected to Python"));
  });

  test("without Python uses a cell of the course's site, if it is of the same data set", async () => {
    const { world, data } = state();
    const asked: string[][] = [];
    vi.stubGlobal("micronsCells", async (source: string, id: string) => {
      asked.push([source, id]);
      return data[id] ?? null;
    });
    viewer.end();
    viewer = await show({ cells: [ID], data: {} });
    await until(() => expect(viewer.text(".skv-summary")).toContain(`${ID}: `));
    expect(asked).toContainEqual([world.source, ID]);
    vi.unstubAllGlobals();
  });
});

describe("exports", () => {
  const saved = (name: string) => savedFile(viewer, name);

  test("PNG has the scale that was chosen, and the legend beside the picture", async () => {
    const scale = viewer.find<HTMLSelectElement>("[aria-label='PNG scale']");
    scale.value = "2";
    const image = await createImageBitmap(await saved("png"));
    expect(image.width).toBeGreaterThan(2 * (viewer.stage.clientWidth + 200));
    expect(image.height).toBeGreaterThan(2 * viewer.stage.clientHeight);
    const inkRight = (from: number) => {
      const width = image.width - from;
      const copy = new OffscreenCanvas(width, image.height);
      const context = copy.getContext("2d") as OffscreenCanvasRenderingContext2D;
      context.drawImage(image, -from, 0);
      const { data } = context.getImageData(0, 0, width, image.height);
      return new Uint32Array(data.buffer).filter((pixel) => pixel !== 0xffffffff).length;
    };
    expect(inkRight(2 * viewer.stage.clientWidth + 4)).toBeGreaterThan(1000);
  });

  test("SVG names what it shows, its scale, and where the data are from", async () => {
    viewer.model.set("hidden_types", [""]);
    expect(viewer.text(".skv-legend")).toContain("Compartments");
    const file = await (await saved("svg")).text();
    const texts = [
      ...new DOMParser().parseFromString(file, "image/svg+xml").querySelectorAll("text"),
    ];
    const words = texts.map(({ textContent }) => textContent);
    expect(words.join("\n")).toContain(ID);
    for (const word of ["Compartments", "soma", "Synapses", "inputs", "hidden: unknown"])
      expect(words).toContain(word);
    expect(words).toContain(String(expected.directions.input));
    expect(words).toContain("data: synthetic sample · microns-widgets 0");
    expect(words.some((word) => /^\d+ µm$/.test(word ?? ""))).toBe(true);
    viewer.model.set("synapse_color", "type");
    const colored = await (await saved("svg")).text();
    expect(colored).toContain("grey, so that the colours");
    expect(colored).toContain("Partner types");
  });

  test("SVG has the cell, its synapses, the scale bar and a title", async () => {
    const file = await (await saved("svg")).text();
    const svg = new DOMParser().parseFromString(file, "image/svg+xml");
    expect(svg.querySelector("parsererror")).toBeNull();
    expect(svg.querySelector("title")?.textContent).toContain(ID);
    expect(file).toContain("synthetic sample");
    expect(svg.querySelectorAll("circle, polygon").length).toBeGreaterThan(
      expected.partners.length,
    );
    expect(file).toMatch(/>\d+ µm</);
  });

  test("SWC is the same as Python's", async () => {
    expect(await (await saved("swc")).text()).toBe(expected.swc);
  });

  test("there is no Neuroglancer link for the sample, and the menu explains why", async () => {
    viewer.find<HTMLDetailsElement>(".skv-export").open = true;
    await until(() => expect(viewer.text(".skv-menu .skv-why")).toContain("synthetic"));
    expect(viewer.find("[data-export=neuroglancer]").hidden).toBe(true);
    expect(viewer.el.querySelectorAll(".skv-export a:not([hidden])")).toHaveLength(0);
  });

  test("the menu leads to the descriptions of the tables, if there are any", async () => {
    const tables: OutLink[] = [
      ["Synapses ↗", "Synapses: in the tutorial (new tab)", "https://a.b/"],
    ];
    viewer.model.set("world", { ...viewer.model.get("world"), tables });
    viewer.find<HTMLDetailsElement>(".skv-export").open = true;
    await until(() => expect(viewer.text(".skv-export")).toContain("Synapses ↗"));
    const link = viewer.find<HTMLAnchorElement>(".skv-export a[href='https://a.b/']");
    expect([link.target, link.rel]).toEqual(["_blank", "noopener"]);
    expect(link.getAttribute("aria-label")).toContain("in the tutorial");
  });
});

test("trying again is offered only where more than the sample or a saved page can answer", () => {
  const { signal } = new AbortController();
  const live = { get: () => undefined } as never;
  const can = (model: never, synthetic: boolean, status: "missing" | "failed") =>
    new Loader(model, { ...state().world, synthetic }, () => {}, signal).canRetry({
      ...{ id: ID, message: "", cell: null },
      status,
    });
  expect([can(live, true, "missing"), can(live, true, "failed")]).toEqual([false, true]);
  expect(can(live, false, "missing")).toBe(true);
  const page = new StaticModel(state({ skeleton_url: "" })) as never;
  expect([can(page, false, "missing"), can(page, false, "failed")]).toEqual([false, false]);
});
