import { describe, expect, it } from "vitest";
import { modelWithNulls, withNulls } from "../../src/shared/nulls";
import { StaticModel } from "../../src/shared/static-model";

describe("what Pyodide's kernel sends for None", () => {
  it("is null, wherever it stands", () => {
    expect(withNulls(undefined)).toBeNull();
    expect(withNulls({ view: "3d", target: undefined, list: [1, undefined] })).toEqual({
      view: "3d",
      target: null,
      list: [1, null],
    });
  });

  it("leaves everything else as it is: the same object, and bytes", () => {
    const camera = { view: "3d", zoom: [1, null, "2"] };
    const bytes = new DataView(new ArrayBuffer(8));
    const answer = { bytes, missing: undefined };
    expect(withNulls(camera)).toBe(camera);
    expect(withNulls(answer)).toBe(answer);
    expect(answer.bytes).toBe(bytes);
  });

  it("does not reach a view through its model", () => {
    const model = modelWithNulls(new StaticModel({ value: undefined, height: 300 }));
    expect(model.get("value")).toBeNull();
    expect(model.get("height")).toBe(300);
    const seen: unknown[] = [];
    model.on("change:height", () => seen.push(model.get("height")));
    model.set("height", 400);
    expect(seen).toEqual([400]);
  });
});
