// Colour scales of depth and size, and when skeletons are grey.
import { expect, test } from "vitest";
import { contrast, toHex } from "../../src/shared/contrast";
import { depthColor, sizeColor } from "../../src/skeleton-viewer/render/color-scales";
import { grey, shownColorBy } from "../../src/skeleton-viewer/render/colors";

test.each(["light", "dark"] as const)(
  "depth has matplotlib's viridis and size its plasma, within six of 255 (%s)",
  (theme) => {
    // The ends that the ground would hide are left out.
    const ends = { light: { depth: 0.9, size: [0, 0.85] }, dark: { depth: 1, size: [0.42, 1] } };
    const maps = {
      viridis: { 0.9: [189, 223, 38], 1: [253, 231, 37] },
      plasma: { 0: [13, 8, 135], 0.42: [182, 48, 139], 0.85: [254, 186, 44], 1: [240, 249, 33] },
    };
    const near = (color: number[], wanted: number[]) =>
      color.forEach((part, k) => {
        expect(Math.abs(part - (wanted[k] as number))).toBeLessThanOrEqual(6);
      });
    const { depth, size } = ends[theme];
    near(depthColor(0, theme), maps.viridis[depth as 1]);
    near(sizeColor(0, theme), maps.plasma[size[0] as 0]);
    near(sizeColor(1, theme), maps.plasma[size[1] as 1]);
  },
);

test.each([
  ["light", "#ffffff", 1.4],
  ["dark", "#181a1f", 3],
] as const)("the whole of both scales stands out on a %s ground", (theme, ground, least) => {
  for (let place = 0; place <= 1; place += 0.05)
    for (const color of [depthColor(place, theme), sizeColor(place, theme), grey(theme)])
      expect(contrast(toHex(color), ground)).toBeGreaterThan(least);
});

test("skeletons are grey while synapses show types or sizes, unless the user chose a colour", () => {
  expect(shownColorBy("auto", "type", "both", 1)).toBe("grey");
  expect(shownColorBy("auto", "size", "inputs", 2)).toBe("grey");
  expect(shownColorBy("auto", "type", "none", 1)).toBe("compartment");
  expect(shownColorBy("auto", "direction", "both", 1)).toBe("compartment");
  expect(shownColorBy("auto", "direction", "both", 2)).toBe("cell");
  expect(shownColorBy("compartment", "type", "both", 1)).toBe("compartment");
});
