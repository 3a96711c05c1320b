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
