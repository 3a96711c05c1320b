// The whole player: time, stimulus, sliders, cells, and what it says.
import { expect, test, vi } from "vitest";
import {
  button,
  el,
  enter,
  find,
  fixture,
  mounted,
  settled,
  state,
  takeAway,
} from "./small-player";

const sliders = () => [...el.querySelectorAll<HTMLInputElement>(".ap-sliding input")];
const key = (target: Element, name: string, more: KeyboardEventInit = {}) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, ...more }));
const count = () => find(".ap-side .ap-soft").textContent;
const cells = (row: string) =>
  [...el.querySelectorAll(".ap-numbers tr")]
    .find((line) => line.textContent?.startsWith(row))
    ?.querySelectorAll("td");

/** A drag with the mouse on the first map, in parts of its size. */
function drag(points: [x: number, y: number][], more: PointerEventInit = {}): void {
  const map = find<HTMLCanvasElement>(".ap-map");
  map.setPointerCapture = () => {};
  map.hasPointerCapture = () => true;
  const box = map.getBoundingClientRect();
  const send = (type: string, [x, y]: [number, number]) => {
    const clientX = box.left + x * box.width;
    const clientY = box.top + y * box.height;
    const event = { clientX, clientY, bubbles: true, pointerId: 1, pointerType: "mouse", ...more };
    map.dispatchEvent(new PointerEvent(type, event));
  };
  send("pointerdown", points[0] as [number, number]);
  for (const point of points) send("pointermove", point);
  send("pointerup", points.at(-1) as [number, number]);
}

const AROUND_ALL: [number, number][] = [
  [0.01, 0.01],
  [0.99, 0.01],
  [0.99, 0.99],
  [0.01, 0.99],
];

test("it says of each network whether it is stable, and how long activity lasts", async () => {
  await mounted();
  const [given] = fixture.cases;
  for (const [k, result] of (given?.results ?? []).entries()) {
    expect(cells("stability")?.[k]?.textContent).toBe(result.stability);
    expect(cells("decays in")?.[k]?.textContent).toBe(`${result.decay} s`);
    expect(cells("spectral radius")?.[k]?.textContent).toBe(result.radius.toFixed(3));
  }
  expect(find(".ap-status").textContent).toContain("activity decays in 8.52 s");
});

test("it plays to the end, pauses, and says so", async () => {
  const model = await mounted({ speed: 100 });
  button("Play").click();
  expect(model.get("playing")).toBe(true);
  expect(button("Pause")).toBeTruthy();
  await settled("Played to the end");
  expect(model.get("playing")).toBe(false);
  expect(model.get("time")).toBeCloseTo(13.99, 6);
  // From the start again.
  button("Play").click();
  expect(model.get("time")).toBeLessThan(1);
});

test("the slider, its keys, the curves and Python go through time", async () => {
  const model = await mounted();
  const range = find<HTMLInputElement>(".ap-bar > input");
  enter(range, "2.5", "change");
  expect(model.get("time")).toBe(2.5);
  key(range, "ArrowRight");
  expect(model.get("time")).toBe(2.6);
  key(range, "ArrowLeft", { shiftKey: true });
  expect(model.get("time")).toBe(2.59);
  model.set("time", 4);
  await vi.waitFor(() => expect(find(".ap-time").textContent).toBe("4.00 s"));
  expect(range.getAttribute("aria-valuetext")).toBe("4.00 s");
});

test("the space bar plays and pauses, but not on a button of its own", async () => {
  const model = await mounted();
  key(find(".ap-rows"), " ");
  expect(model.get("playing")).toBe(true);
  key(find(".ap-rows"), " ");
  expect(model.get("playing")).toBe(false);
  key(button("Reset"), " ");
  expect(model.get("playing")).toBe(false);
});

test("the mean rate now is that of the time on view", async () => {
  const model = await mounted();
  model.set("time", 3);
  const rates = fixture.cases[0]?.results[0]?.rates?.[3] as number[];
  const mean = rates.slice(0, 34).reduce((sum, rate) => sum + rate, 0) / 34;
  await vi.waitFor(() => {
    expect(Number(cells("mean rate now")?.[0]?.textContent)).toBeCloseTo(mean, 0);
  });
});

test("types are stimulated that are ticked; without one, the default is back", async () => {
  const model = await mounted();
  expect(count()).toBe("34 cells of 40 (the default)");
  const [excitatory, inhibitory] = el.querySelectorAll<HTMLInputElement>(".ap-types input");
  expect([excitatory?.checked, inhibitory?.checked]).toEqual([true, false]);
  inhibitory?.click();
  expect(model.get("stimulus_types")).toEqual(["E", "I"]);
  expect(count()).toBe("40 cells of 40");
  excitatory?.click();
  inhibitory?.click();
  expect(model.get("stimulus_types")).toEqual([]);
  expect(count()).toBe("34 cells of 40 (the default)");
});

test("cells that are drawn around are stimulated in place of types", async () => {
  const model = await mounted({ stimulus_types: ["I"] });
  drag(AROUND_ALL);
  expect(new Set(model.get("stimulus_cells")).size).toBe(40);
  const [first] = model.get("stimulus_cells");
  model.set("stimulus_cells", [first as string]);
  expect(find<HTMLInputElement>(".ap-types input").indeterminate).toBe(true);
  // With Shift in addition: the right half is without the first cell of the grid.
  drag(
    [
      [0.5, 0.01],
      [0.99, 0.01],
      [0.99, 0.99],
      [0.5, 0.99],
    ],
    { shiftKey: true },
  );
  expect(model.get("stimulus_cells")).toContain(first);
  expect(model.get("stimulus_cells").length).toBeGreaterThan(5);
  find<HTMLInputElement>(".ap-types input").click();
  expect(model.get("stimulus_cells")).toEqual([]);
});

test("a finger draws around cells only after the button was pressed", async () => {
  await mounted();
  const map = find<HTMLCanvasElement>(".ap-map");
  expect(getComputedStyle(map).touchAction).toBe("pan-y");
  button("Draw around cells").click();
  expect(button("Draw around cells").getAttribute("aria-pressed")).toBe("true");
  expect(getComputedStyle(map).touchAction).toBe("none");
});

test("a click on the map and Enter on the rows choose a cell, and s stimulates it", async () => {
  const model = await mounted();
  drag([[0.04, 0.08]]);
  expect(model.get("cell")).toBe("0");
  const rows = find(".ap-rows");
  key(rows, "End");
  expect(rows.getAttribute("aria-valuetext")).toMatch(/^I cell 39, rate/);
  key(rows, "ArrowUp");
  key(rows, "Enter");
  expect(model.get("cell")).toBe("38");
  expect(cells("I cell 38")?.length).toBe(2);
  key(rows, "s");
  expect(model.get("stimulus_cells")).toEqual(["38"]);
});

test("the sliders change gain and inhibition, and one is as in the model again", async () => {
  const model = await mounted();
  const [gain, inhibition] = sliders();
  // The slider ends at a spectral radius of 1.5.
  expect(Number(gain?.max)).toBeCloseTo(1.5 / 0.85, 1);
  enter(gain as HTMLInputElement, "1.25");
  await settled("may grow");
  expect(find(".ap-status").className).toContain("ap-warning");
  expect(find(".ap-status").textContent).toContain("Lower the gain, or strengthen inhibition.");
  expect(cells("spectral radius")?.[0]?.textContent).toMatch(/^1.06/);
  enter(inhibition as HTMLInputElement, "0.5");
  expect(model.get("inhibition")).toBe(0.5);
  find<HTMLInputElement>(".ap-side input[type=checkbox]:not([data-type])").click();
  expect(model.get("inhibition")).toBe(null);
});

test("an inhibition that Python has not sent the numbers for is asked for", async () => {
  const spectrum = vi.fn(() => [
    [1000, 500, 900],
    [100, 50, 90],
  ]);
  await mounted({}, { spectrum });
  const gain = state().fixed.gains[0] as number;
  enter(sliders()[1] as HTMLInputElement, "0.7");
  await vi.waitFor(() =>
    expect(cells("spectral radius")?.[0]?.textContent).toBe((1000 * gain).toFixed(3)),
  );
  expect(spectrum).toHaveBeenCalledWith(0.7);
});

test("without Python, it simulates an inhibition of which stability is not known", async () => {
  await mounted();
  enter(sliders()[1] as HTMLInputElement, "0.7");
  await vi.waitFor(() =>
    expect(cells("stability")?.[0]?.textContent).toBe("not known without Python"),
  );
  expect(cells("decays in")?.[0]?.textContent).toMatch(/ s$/);
});

test("both networks have the same radius on request", async () => {
  await mounted();
  const same = find<HTMLSelectElement>(".ap-side select");
  same.value = "spectral_radius";
  same.dispatchEvent(new Event("change"));
  await vi.waitFor(() => expect(cells("spectral radius")?.[1]?.textContent).toBe("0.850"));
});

test("Undo takes back one setting, Reset all of them", async () => {
  const model = await mounted();
  expect(button("Undo").disabled).toBe(true);
  enter(sliders()[0] as HTMLInputElement, "0.5");
  await vi.waitFor(() => expect(button("Undo").disabled).toBe(false));
  button("Undo").click();
  expect(model.get("gain")).toBe(1);
  key(el.querySelector(".ap-bar") as Element, "z", { ctrlKey: true, shiftKey: true });
  expect(model.get("gain")).toBe(0.5);
  model.set("strength", 3);
  button("Reset").click();
  expect([model.get("gain"), model.get("strength")]).toEqual([1, 10]);
  expect(model.get("stimulus_times")).toEqual([1, 3]);
});

test("a stimulus that does not end before the simulation is refused", async () => {
  const model = await mounted();
  const [, start, end] = el.querySelectorAll<HTMLInputElement>(".ap-side input[type=number]");
  enter(end as HTMLInputElement, "20", "change");
  expect(model.get("stimulus_times")).toEqual([1, 3]);
  expect(end?.value).toBe("3");
  expect(find(".ap-status").textContent).toContain("ends before 14 s");
  enter(start as HTMLInputElement, "2", "change");
  expect(model.get("stimulus_times")).toEqual([2, 3]);
});

test("rates that grow beyond all bounds are reported with the time", async () => {
  await mounted({ gain: 20 });
  await settled("rates grow beyond all bounds at 13.0");
});

test("a step that is too long for the gain is reported", async () => {
  await mounted({ gain: 100 });
  await settled("too long for this gain");
});

test("a cell of a linked widget that is not in the network is named", async () => {
  const model = await mounted();
  model.set("outside", "864691135000000001");
  expect(find(".ap-outside").textContent).toContain("864691135000000001 is not in the network");
  model.set("selected_outside", 2);
  expect(count()).toContain("2 selected cells are not in the network");
});

test("it does not play by itself where the system asks for less motion", async () => {
  const asked = vi.spyOn(window, "matchMedia").mockImplementation(
    (query) =>
      ({
        matches: query.includes("reduce"),
        addEventListener() {},
        removeEventListener() {},
      }) as unknown as MediaQueryList,
  );
  const model = await mounted({ playing: true });
  expect(model.get("playing")).toBe(false);
  asked.mockRestore();
});

test("the picture has all networks side by side", async () => {
  await mounted();
  const made = vi.spyOn(URL, "createObjectURL");
  const link = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  button("Picture").click();
  await vi.waitFor(() => expect(link).toHaveBeenCalled());
  const picture = await createImageBitmap(made.mock.calls[0]?.[0] as Blob);
  const widths = [...el.querySelectorAll(".ap-map")].map(({ clientWidth }) => clientWidth);
  const ratio = Math.min(2, devicePixelRatio);
  expect(picture.width).toBeGreaterThan(ratio * widths.reduce((a, b) => a + b, 0));
  link.mockRestore();
  made.mockRestore();
});

test("it no longer simulates or plays once it has left the page", async () => {
  const model = await mounted();
  button("Play").click();
  takeAway();
  expect(el.innerHTML).toBe("");
  const { time } = { time: model.get("time") };
  model.set("gain", 0.5);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(model.get("time")).toBe(time);
});
