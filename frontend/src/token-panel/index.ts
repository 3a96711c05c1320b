// The token panel. A token goes to Python once, as binary data, and stays nowhere in the page.
import type { RenderProps } from "@anywidget/types";
import { type AskOptions, ask, RequestError } from "../shared/request";
import { watchTheme } from "../shared/theme";
import "./panel.css";
import type { Act, Status } from "./status";
import { readToken } from "./token";
import { type Pages, View } from "./view";

interface Panel {
  status: Status;
  use_sample: boolean;
  pages: Pages;
}

// Before it is said that there is no kernel, one that is there has this long to answer.
const PATIENCE_MS = 700;
const LONGEST_CELL_MS = 24 * 60 * 60 * 1000;

const QUESTIONS: Record<Exclude<Act, "sample">, [name: string, content: boolean | null]> = {
  retry: ["retry", null],
  save: ["save", false],
  replace: ["save", true],
  forget: ["forget", false],
  remove: ["forget", true],
};

function render({ model, el }: RenderProps<Panel>): () => void {
  const gone = new AbortController();

  const tell = (name: string, content: unknown, options: AskOptions = {}) =>
    ask(model, name, content, { signal: gone.signal, ...options }).catch((error: unknown) => {
      if (error instanceof RequestError) view.showTrouble(error.message);
    });

  const view = new View({
    enter(text) {
      const typed = readToken(text);
      if ("token" in typed) tell("check", null, { buffers: [typed.token] });
      else tell("malformed", typed.length);
    },
    act(act) {
      if (act === "sample") {
        model.set("use_sample", true);
        model.save_changes();
      } else tell(...QUESTIONS[act]);
    },
  });
  const show = () => {
    const status = model.get("status");
    view.showStatus(status, model.get("pages"), model.get("use_sample"));
    if (status.state !== "ready") return;
    // The account's name is asked for: a trait would be saved in the notebook.
    ask<string | null>(model, "account", null, { signal: gone.signal }).then(
      ({ content }) => content && view.showAccount(content),
      () => {},
    );
  };

  // A saved state alone does not tell whether Python is there: only its answer does.
  const patience = setTimeout(() => view.showNoKernel(), PATIENCE_MS);
  ask(model, "hello", null, { timeout: LONGEST_CELL_MS, signal: gone.signal }).then(
    () => {
      clearTimeout(patience);
      model.on("change:status change:use_sample", show);
      show();
    },
    () => {
      clearTimeout(patience);
      if (!gone.signal.aborted) view.showNoKernel();
    },
  );
  const stopTheme = watchTheme(el, (theme) => view.root.setAttribute("data-theme", theme));
  el.append(view.root);
  return () => {
    gone.abort();
    clearTimeout(patience);
    stopTheme();
    model.off("change:status change:use_sample", show);
  };
}

export default { render };
