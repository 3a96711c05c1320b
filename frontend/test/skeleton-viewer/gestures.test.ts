// The wheel and fingers on the picture, and the controls of its marks.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { state } from "./sample-cells";
import { type ShownViewer, show } from "./shown-viewer";

const [ID] = state().cells as [string, string];
let viewer: ShownViewer;

beforeEach(async () => {
  viewer = await show({ cells: [ID] });
  await viewer.ready();
});
afterEach(() => viewer.end());

describe("the wheel", () => {
  const turn = (more: WheelEventInit = {}) => {
    const { left, top } = viewer.stage.getBoundingClientRect();
    const at = { clientX: left + 50, clientY: top + 50, deltaY: -100 };
    const event = new WheelEvent("wheel", { ...at, bubbles: true, cancelable: true, ...more });
    viewer.stage.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const click = () => {
    viewer.pointer("pointerdown", 2, 2, { button: 0 });
    viewer.pointer("pointerup", 2, 2, { button: 0 });
  };

  test("scrolls the page until the picture is clicked, and a hint says so", () => {
    expect(turn()).toBe(false);
    expect(viewer.find(".skv-hint").hidden).toBe(false);
    expect(viewer.text(".skv-hint")).toContain("Click the picture");
    click();
    expect(viewer.find(".skv-hint").hidden).toBe(true);
    expect(turn()).toBe(true);
  });

  test("scrolls the page again once the pointer has left, or after Escape", () => {
    click();
    viewer.pointer("pointerleave", -5, 50, { buttons: 0, bubbles: false });
    expect(turn()).toBe(false);
    click();
    viewer.press("Escape");
    expect(turn()).toBe(false);
  });

  test("zooms with Ctrl at any time", () => {
    expect(turn({ ctrlKey: true })).toBe(true);
  });
});

describe("a finger", () => {
  const touch = (type: string, x: number, y: number) =>
    viewer.pointer(type, x, y, { pointerType: "touch", button: 0 });

  test("scrolls the page by swipes up and down until it has tapped the picture", () => {
    expect(getComputedStyle(viewer.stage).touchAction).toBe("pan-y");
    touch("pointerdown", 50, 50);
    touch("pointercancel", 50, 70);
    expect(viewer.text(".skv-hint")).toContain("Tap the picture");
    expect(getComputedStyle(viewer.stage).touchAction).toBe("pan-y");
    touch("pointerdown", 50, 50);
    touch("pointerup", 50, 50);
    expect(getComputedStyle(viewer.stage).touchAction).toBe("none");
    document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    expect(getComputedStyle(viewer.stage).touchAction).toBe("pan-y");
  });
});

describe("a finger that has not tapped", () => {
  /** Swipes through these points, and waits until the camera would have been sent. */
  const swipe = async (...points: [number, number][]) => {
    const touch = (type: string, [x, y]: [number, number]) =>
      viewer.pointer(type, x, y, { pointerType: "touch", button: 0 });
    const [first, last] = [points[0], points.at(-1)] as [[number, number], [number, number]];
    touch("pointerdown", first);
    for (const point of points.slice(1)) touch("pointermove", point);
    touch("pointerup", last);
    await new Promise((done) => setTimeout(done, 400));
    return viewer.model.get("camera");
  };

  test("leaves the camera by a swipe that begins upright, whatever follows", async () => {
    const before = viewer.model.get("camera");
    expect(await swipe([50, 50], [51, 60], [90, 64], [140, 66])).toEqual(before);
  });

  test("turns the camera by a swipe that begins sideways, also steeply", async () => {
    const { yaw, pitch } = viewer.model.get("camera");
    const after = await swipe([50, 50], [60, 51], [63, 90], [64, 120]);
    expect(after.yaw).not.toBe(yaw);
    expect(Math.abs(after.pitch - pitch)).toBeGreaterThan(5);
  });
});

describe("the size and opacity of synapses", () => {
  const slider = (trait: string) => viewer.find<HTMLInputElement>(`input[data-trait=${trait}]`);

  test("are set by sliders, and follow Python", () => {
    const size = slider("synapse_scale");
    size.value = "2";
    size.dispatchEvent(new Event("input", { bubbles: true }));
    expect(viewer.model.get("synapse_scale")).toBe(1);
    size.dispatchEvent(new Event("change", { bubbles: true }));
    expect(viewer.model.get("synapse_scale")).toBe(2);
    viewer.model.set("synapse_opacity", 0.5);
    expect(slider("synapse_opacity").value).toBe("0.5");
    expect(slider("synapse_opacity").getAttribute("aria-valuetext")).toBe("50 %");
  });
});
