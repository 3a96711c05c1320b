import { describe, expect, test } from "vitest";
import { ask } from "../../src/shared/request";
import { renderStatic, StaticModel } from "../../src/shared/static-model";

describe("a model without a kernel", () => {
  test("calls back at once when a value changes, and not when it stays the same", () => {
    const model = new StaticModel({ value: 1, ids: ["1"] });
    const calls: string[] = [];
    model.on("change:value", () => calls.push(`value ${model.get("value")}`));
    model.on("change:ids", () => calls.push("ids"));
    model.on("change", () => calls.push("any"));
    model.set("value", 2);
    model.set("value", 2);
    model.set("ids", ["1"]);
    model.save_changes();
    expect(calls).toEqual(["value 2", "any"]);
  });

  test("removes one callback, all of an event, or all", () => {
    const model = new StaticModel({ a: 0, b: 0 });
    const calls: string[] = [];
    const first = () => calls.push("first");
    model.on("change:a", first);
    model.on("change:a", () => calls.push("second"));
    model.on("change:b", () => calls.push("third"));
    model.off("change:a", first);
    model.set("a", 1);
    expect(calls).toEqual(["second"]);
    model.off("change:a");
    model.set("a", 2);
    model.set("b", 1);
    expect(calls).toEqual(["second", "third"]);
    model.off();
    model.set("b", 2);
    expect(calls).toEqual(["second", "third"]);
  });

  test("lets a callback remove itself while it is called", () => {
    const model = new StaticModel({ a: 0 });
    const calls: string[] = [];
    const once = () => {
      calls.push("once");
      model.off("change:a", once);
    };
    model.on("change:a", once);
    model.on("change:a", () => calls.push("always"));
    model.set("a", 1);
    model.set("a", 2);
    expect(calls).toEqual(["once", "always", "always"]);
  });

  test("answers requests from the page's data", async () => {
    const buffer = new DataView(new ArrayBuffer(1));
    const model = new StaticModel(
      {},
      {
        double: (content) => 2 * (content as number),
        data: async () => ({ content: null, buffers: [buffer] }),
      },
    );
    expect(await ask(model, "double", 21)).toEqual({ content: 42, buffers: [] });
    expect((await ask(model, "data")).buffers).toEqual([buffer]);
  });

  test("reports a missing kernel for other requests", async () => {
    const reply = ask(new StaticModel({}), "check");
    await expect(reply).rejects.toMatchObject({ type: "NoKernel" });
  });

  test("renders a widget and removes it again", async () => {
    const el = document.createElement("div");
    const ended: string[] = [];
    const widget = {
      render({
        model,
        el,
        signal,
      }: {
        model: { get(key: "word"): string };
        el: HTMLElement;
        signal: AbortSignal;
      }) {
        el.append(model.get("word"));
        signal.addEventListener("abort", () => ended.push("signal"));
        return () => void ended.push("cleanup");
      },
    };
    const unmount = await renderStatic(widget as never, new StaticModel({ word: "soma" }), el);
    expect(el.textContent).toBe("soma");
    unmount();
    expect(el.textContent).toBe("");
    expect(ended).toEqual(["signal", "cleanup"]);
  });
});
