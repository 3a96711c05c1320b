import { afterEach, expect, test, vi } from "vitest";
import { forget, isKept, keep, progress, readKept, watchKept } from "../../src/self-check/kept";

const KEY = "microns-widgets/checks/demo";
const page = globalThis as { micronsChecks?: Record<string, string[]> | undefined };

afterEach(() => {
  vi.restoreAllMocks();
  for (const chapter of ["demo", "other"]) forget(chapter);
  delete page.micronsChecks;
});

test("an answer is kept by chapter and question, and forgotten by chapter", () => {
  keep("demo/a", { answer: ["No"], right: true });
  keep("demo/b", { answer: ["3"], right: false });
  keep("other/a", { answer: ["Yes"], right: true });
  expect(readKept("demo/a")).toEqual({ answer: ["No"], right: true });
  expect(progress("demo")).toEqual({ right: 1, tried: 2, of: undefined });
  expect(isKept()).toBe(true);
  forget("demo");
  expect(localStorage.getItem(KEY)).toBeNull();
  expect(readKept("demo/a")).toBeUndefined();
  expect(readKept("other/a")).toEqual({ answer: ["Yes"], right: true });
});

test("the site knows all questions of a chapter, and those that are gone do not count", () => {
  keep("demo/a", { answer: ["No"], right: true });
  keep("demo/gone", { answer: ["No"], right: true });
  page.micronsChecks = { demo: ["a", "b", "c"] };
  expect(progress("demo")).toEqual({ right: 1, tried: 1, of: 3 });
});

test.each([
  "",
  "null",
  "7",
  '"text"',
  "[1]",
  "{",
  '{"a":{"right":true}}',
  '{"a":{"answer":[1],"right":1}}',
])("%j in the storage is not an answer", (text) => {
  localStorage.setItem(KEY, text);
  expect(readKept("demo/a")).toBeUndefined();
  keep("demo/a", { answer: ["No"], right: true });
  expect(readKept("demo/a")).toEqual({ answer: ["No"], right: true });
});

test("where the browser refuses, an answer lasts as long as the page", () => {
  vi.spyOn(globalThis, "localStorage", "get").mockImplementation(() => {
    throw new DOMException("blocked", "SecurityError");
  });
  keep("demo/a", { answer: ["No"], right: true });
  expect(readKept("demo/a")).toEqual({ answer: ["No"], right: true });
  expect(isKept()).toBe(false);
  forget("demo");
  expect(readKept("demo/a")).toBeUndefined();
});

test("a full storage is noticed", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  keep("demo/a", { answer: ["No"], right: true });
  expect(readKept("demo/a")).toEqual({ answer: ["No"], right: true });
  expect(isKept()).toBe(false);
});

test("changes here and in another tab are heard until the widget leaves", () => {
  const leaving = new AbortController();
  const heard = vi.fn();
  watchKept(heard, leaving.signal);
  keep("demo/a", { answer: ["No"], right: true });
  dispatchEvent(new StorageEvent("storage", { key: KEY }));
  dispatchEvent(new StorageEvent("storage", { key: "something else" }));
  expect(heard).toHaveBeenCalledTimes(2);
  leaving.abort();
  keep("demo/a", { answer: ["No"], right: true });
  expect(heard).toHaveBeenCalledTimes(2);
});
