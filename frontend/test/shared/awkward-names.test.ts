import { expect, test } from "vitest";
import { quote } from "../../src/shared/csv";
import { pythonCode } from "../../src/shared/python-code";
// Written by Python: python -m tests.awkward_names
import names from "../fixtures/awkward-names.json";

test("code for a name is the same as Python's", () => {
  for (const { name, code } of names) expect(pythonCode(name)).toBe(code);
  const all = names.map(({ name }) => name);
  expect(pythonCode({ key: all })).toBe(`{"key": [${names.map(({ code }) => code).join(", ")}]}`);
});

test("a cell of a CSV file is the same as Python's", () => {
  for (const { name, cell } of names) {
    const field = quote(name);
    const content = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
    expect(content).toBe(cell);
    expect(/[",\n\r]/.test(cell)).toBe(field.startsWith('"'));
  }
});
