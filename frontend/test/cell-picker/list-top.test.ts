// After a search, a filter or a new order the list begins at its top.
import { expect, test, vi } from "vitest";
import { type MountedPicker, show } from "./mounted-picker";

// It comes late in the list.
const FAR = "864691135000000399";

async function scrolledDown(): Promise<MountedPicker> {
  const picker = await show();
  picker.key("End");
  await vi.waitFor(() => expect(picker.find(".mw-grid").scrollTop).toBeGreaterThan(500));
  return picker;
}

const asks: [string, (picker: MountedPicker) => void][] = [
  ["a search", (picker) => picker.type("v1")],
  ["a filter", (picker) => picker.box("region", "V1").click()],
  ["a heading", (picker) => picker.button("depth").click()],
  ["filters that Python sets", ({ model }) => model.set("filters", { depth: [1, null] })],
  [
    "the menu of orders",
    (picker) => {
      const menu = picker.find<HTMLSelectElement>(".mw-sort select");
      menu.value = "descending depth";
      menu.dispatchEvent(new Event("change"));
    },
  ],
];

test.each(asks)("after %s", async (_name, ask) => {
  const picker = await scrolledDown();
  ask(picker);
  await vi.waitFor(() => expect(picker.find(".mw-grid").scrollTop).toBe(0));
  await vi.waitFor(() => expect(picker.active.getAttribute("aria-rowindex")).toBe("2"));
});

test("but the list follows a cell that is chosen together with the filters", async () => {
  const picker = await show();
  picker.model.set("filters", { depth: [1, null] });
  picker.model.set("value", FAR);
  await vi.waitFor(() => expect(picker.find(".mw-grid").scrollTop).toBeGreaterThan(500));
  expect(picker.find(".mw-row[data-value]").textContent).toContain(FAR);
});

test("and stays where it is if equal filters come back with another value", async () => {
  const picker = await scrolledDown();
  const place = picker.find(".mw-grid").scrollTop;
  picker.model.set("filters", {});
  picker.model.set("selected", [FAR]);
  await vi.waitFor(() => expect(picker.status).toContain("1 selected"));
  expect(picker.find(".mw-grid").scrollTop).toBe(place);
});
