// Listening to a model for as long as a view is on the page.
import type { AnyModel } from "@anywidget/types";

/** Calls back whenever one of these traits changes, until the signal is aborted. */
export function watchTraits<T extends Record<string, unknown>>(
  model: AnyModel<T>,
  names: readonly (keyof T & string)[],
  callback: () => void,
  signal: AbortSignal,
): void {
  for (const name of names) {
    model.on(`change:${name}`, callback);
    signal.addEventListener("abort", () => model.off(`change:${name}`, callback));
  }
}
