import { expect, test } from "vitest";
import { clipped } from "../../src/shared/clipped";
import names from "../fixtures/awkward-names.json";

test("a name on the screen is short, and one line of visible signs", () => {
  for (const { name } of names) {
    const text = clipped(name);
    expect([...text].length).toBeLessThanOrEqual(60);
    expect(text).not.toMatch(/[\p{Cc}\u2028-\u202e\ud800-\udfff]/u);
  }
  expect(clipped("日本語🧠 $x$ <b>")).toBe("日本語🧠 $x$ <b>");
  expect(clipped("a\nb\t\u202ec")).toBe("a↵b⇥�c");
  expect(clipped(`${"🧠".repeat(100)}1`, 5)).toBe("🧠🧠…🧠1");
});
