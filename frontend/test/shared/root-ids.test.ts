import { describe, expect, test } from "vitest";
import { compareRootIds, isRootId, parseRootIds } from "../../src/shared/root-ids";

describe("a root id", () => {
  test.each(["0", "864691135101289504", "9223372036854775807"])("is %s", (text) => {
    expect(isRootId(text)).toBe(true);
  });

  test.each(["", "-1", "007", "1.5", "8.6e17", "9223372036854775808", "86469113510128950a"])(
    "is not %j",
    (text) => {
      expect(isRootId(text)).toBe(false);
    },
  );
});

test("root ids are ordered as numbers, beyond the precision of JavaScript's", () => {
  const ids = ["864691135101289505", "99", "864691135101289504", "100"];
  expect(ids.sort(compareRootIds)).toEqual([
    "99",
    "100",
    "864691135101289504",
    "864691135101289505",
  ]);
});

test("ids pasted from Python, a table or a sentence are recognized, each once", () => {
  const text = "ids = [864691135101289504, '864691135101289505'];\n864691135101289504\tBC";
  expect(parseRootIds(text)).toEqual({
    ids: ["864691135101289504", "864691135101289505"],
    rejected: ["ids", "=", "BC"],
  });
});

test("an id that a spreadsheet has rounded is reported, not guessed", () => {
  expect(parseRootIds("8.64691E+17")).toEqual({ ids: [], rejected: ["8.64691E+17"] });
});
