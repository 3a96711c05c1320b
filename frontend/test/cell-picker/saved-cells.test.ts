// On a page without a kernel, cells that are not in the file are not offered as if they were.
import { expect, test, vi } from "vitest";
import { expectStatus, newModel, show } from "./mounted-picker";

const SAVED = ["864691135000000003", "864691135000000000"];
const firstRow = '.mw-row[aria-rowindex="2"]';

test("a chip says that the saved cells are listed; the others are grey", async () => {
  const picker = await show(newModel({ saved: SAVED, filters: { pt_root_id: [...SAVED] } }));
  expect(picker.status).toContain("2 of 400 shown");
  expect(picker.find(".mw-chip").textContent).toContain("saved in this file: 2");
  const rows = () => [...picker.el.querySelectorAll<HTMLElement>(".mw-row:not([hidden])")];
  expect(rows().map((row) => row.hasAttribute("data-not-saved"))).toEqual([false, false]);
  picker.find(".mw-chip button").click();
  await expectStatus(picker, "400 of 400 shown");
  await vi.waitFor(() => expect(rows().length).toBeGreaterThan(5));
  for (const row of rows()) {
    const saved = SAVED.includes(row.querySelector(".mw-ids")?.textContent ?? "");
    expect(row.hasAttribute("data-not-saved")).toBe(!saved);
    expect(row.getAttribute("aria-label")?.includes("not saved in this file")).toBe(!saved);
  }
});

test("other ids are only counted", async () => {
  const picker = await show(newModel({ saved: SAVED, filters: { pt_root_id: ["1", "2"] } }));
  expect(picker.find(".mw-chip").textContent).toContain("2 root ids");
});

test("with a kernel no row is grey", async () => {
  const picker = await show();
  expect(picker.find(firstRow).hasAttribute("data-not-saved")).toBe(false);
});
