// The keyboard in the search.
import { expect, test } from "vitest";
import { expectStatus, show } from "./mounted-picker";

test("Enter in the search chooses the only match, and goes to the list if there are more", async () => {
  const picker = await show();
  const field = picker.find<HTMLInputElement>("input[type=search]");
  const enter = () =>
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  field.focus();
  picker.type("zzzz");
  await expectStatus(picker, "0 of 400 shown");
  enter();
  expect([document.activeElement, picker.model.get("value")]).toEqual([field, null]);
  picker.type("basket");
  enter();
  expect(document.activeElement).toBe(picker.find("[role=grid]"));
  expect(picker.model.get("value")).toBeNull();
  const id = picker.active.textContent?.match(/\d{18}/)?.[0] ?? "";
  picker.type(id);
  await expectStatus(picker, "1 of 400 shown");
  field.focus();
  enter();
  expect(picker.model.get("value")).toBe(id);
  expect(document.activeElement).toBe(field);
});
