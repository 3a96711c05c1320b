// The token panel. A token is sent to Python once, as binary data, and is not stored in the page.
import type { RenderProps } from "@anywidget/types";
import { mount } from "../shared/mount";
import { type AskOptions, ask, RequestError } from "../shared/request";
import { watchTraits } from "../shared/traits";
import "../shared/card.css";
import "./panel.css";
import type { Act, Status } from "./status";
import { readToken } from "./token";
import { type Pages, PanelView } from "./view";

interface Panel extends Record<string, unknown> {
  status: Status;
  use_sample: boolean;
  pages: Pages;
}

// A kernel has this long to answer before the panel says that there is none.
const PATIENCE_MS = 700;
const LONGEST_CELL_MS = 24 * 60 * 60 * 1000;

const QUESTIONS: Record<Exclude<Act, "sample">, [name: string, content: boolean | null]> = {
  retry: ["retry", null],
  save: ["save", false],
  replace: ["save", true],
  forget: ["forget", false],
  remove: ["forget", true],
};

function render(props: RenderProps<Panel>): () => void {
  return mount(props, ({ model, signal }) => {
    const send = (name: string, content: unknown, options: AskOptions = {}) =>
      ask(model, name, content, { signal, ...options }).catch((error: unknown) => {
        if (error instanceof RequestError) view.showTrouble(error.message);
      });
    const view = new PanelView({
      enter(text) {
        const typed = readToken(text);
        if ("token" in typed) send("check", null, { buffers: [typed.token] });
        else send("malformed", typed.length);
      },
      act(act) {
        if (act === "sample") {
          model.set("use_sample", true);
          model.save_changes();
        } else send(...QUESTIONS[act]);
      },
    });
    const show = () => {
      const status = model.get("status");
      view.showStatus(status, model.get("pages"), model.get("use_sample"));
      if (status.state !== "ready") return;
      // The account's name is asked for: a trait would be saved in the notebook.
      ask<string | null>(model, "account", null, { signal }).then(
        ({ content }) => content && view.showAccount(content),
        () => {},
      );
    };

    // A saved state does not show whether Python is there: only an answer does.
    const patience = setTimeout(() => view.showNoKernel(), PATIENCE_MS);
    ask(model, "hello", null, { timeout: LONGEST_CELL_MS, signal }).then(
      () => {
        clearTimeout(patience);
        watchTraits(model, ["status", "use_sample"], show, signal);
        show();
      },
      () => {
        clearTimeout(patience);
        if (!signal.aborted) view.showNoKernel();
      },
    );
    return {
      element: view.root,
      setTheme: (theme) => {
        view.root.dataset.theme = theme;
      },
    };
  });
}

export default { render };
