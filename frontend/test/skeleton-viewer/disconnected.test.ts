// An old view whose Python object is gone, as after a restart of the kernel.
import { expect, test } from "vitest";
import { StaticModel } from "../../src/shared/static-model";
import { Loader } from "../../src/skeleton-viewer/data/cell-loader";
import { LoadingView } from "../../src/skeleton-viewer/view/loading-view";
import { state, until } from "./sample-cells";

test("a cell that cannot be asked for says what to do, and offers no button that cannot help", async () => {
  const saved = new StaticModel(state());
  const model = {
    get: (key: string) => saved.get(key as "world"),
    on: () => {},
    off: () => {},
    send: () => {
      throw new Error("Cannot send");
    },
  };
  const view = new LoadingView(() => {});
  const { signal } = new AbortController();
  const loader: Loader = new Loader(
    model,
    state().world,
    () => loader && view.update(loader.entries, (entry) => loader.canRetry(entry)),
    signal,
  );
  loader.show(["864691135000000007"]);
  await until(() => expect(view.el.textContent).toContain("Run this notebook cell again."));
  expect(view.el.textContent).not.toContain("Cannot send");
  expect(view.el.querySelector(".skv-retry")).toBeNull();
});
