import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StaticModel } from "../../src/shared/static-model";
import { TraitHistory } from "../../src/shared/trait-history";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function shown() {
  const model = new StaticModel<Record<string, unknown>>({ cells: ["1"], partner: null });
  const changed = vi.fn();
  const end = new AbortController();
  const history = new TraitHistory(model, ["cells", "partner"], changed, end.signal);
  const act = (values: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    vi.advanceTimersByTime(200);
  };
  return { model, history, act, changed, end };
}

test("one action is one step, even if it sets several traits", () => {
  const { model, history, act } = shown();
  act({ cells: ["2"], partner: "3" });
  expect(history.canGo(1)).toBe(false);
  history.go(-1);
  expect([model.get("cells"), model.get("partner")]).toEqual([["1"], null]);
  expect(history.canGo(-1)).toBe(false);
  history.go(1);
  expect([model.get("cells"), model.get("partner")]).toEqual([["2"], "3"]);
});

test("going back does not become a step, and a new action replaces the later ones", () => {
  const { model, history, act } = shown();
  act({ cells: ["2"] });
  act({ cells: ["3"] });
  history.go(-1);
  vi.advanceTimersByTime(200);
  expect(history.canGo(1)).toBe(true);
  act({ cells: ["4"] });
  expect(history.canGo(1)).toBe(false);
  history.go(-1);
  expect(model.get("cells")).toEqual(["2"]);
});

test("the last action counts although its time is not yet over", () => {
  const { model, history } = shown();
  model.set("cells", ["2"]);
  history.go(-1);
  expect(model.get("cells")).toEqual(["1"]);
  expect(history.canGo(1)).toBe(true);
});

test("there is nothing before the first and after the last entry", () => {
  const { model, history, changed } = shown();
  history.go(-1);
  history.go(1);
  expect(model.get("cells")).toEqual(["1"]);
  expect(changed).not.toHaveBeenCalled();
});

test("changes are announced, so that buttons can follow; not after the widget has left", () => {
  const { act, changed, end } = shown();
  act({ cells: ["2"] });
  expect(changed).toHaveBeenCalledTimes(1);
  end.abort();
  act({ cells: ["3"] });
  expect(changed).toHaveBeenCalledTimes(1);
});
