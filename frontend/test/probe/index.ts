// The widget of the live tests: uses every channel between the browser and Python, in each host.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { getColumn, readTable } from "../../src/shared/columns";
import { h, listen } from "../../src/shared/dom";
import { ask } from "../../src/shared/request";
import type { RootId } from "../../src/shared/root-ids";
import { replaceStill } from "../../src/shared/still";
import { watchTheme } from "../../src/shared/theme";
import "./probe.css";

interface State {
  clicks: number;
  typed: string;
  ids: RootId[];
  ids_by_trait: RootId[];
}

function render({ model, el }: RenderProps<State>): () => void {
  const count = h("button", { class: "probe-count" });
  const text = h("input", { class: "probe-text", "aria-label": "Text" });
  const status = h("output", { class: "probe-status" });
  const show = () => {
    count.textContent = `clicked ${model.get("clicks")}`;
    text.value = model.get("typed");
  };
  const button = (name: string, act: () => Promise<string>) => {
    const element = h("button", { class: `probe-${name}` }, name);
    listen(element, "click", () => {
      status.textContent = "asking";
      act().then(
        (done) => {
          status.textContent = done;
        },
        (error: Error) => {
          status.textContent = `error: ${error.message}`;
        },
      );
    });
    return element;
  };
  listen(count, "click", () => {
    model.set("clicks", model.get("clicks") + 1);
    model.save_changes();
  });
  listen(text, "input", () => {
    model.set("typed", text.value);
    model.save_changes();
  });
  const root = h(
    "div",
    { class: "probe" },
    count,
    text,
    button("ids", () => sendIdsBack(model)),
    button("slow", async () => (await ask<string>(model, "slow")).content),
    button("fail", async () => (await ask<string>(model, "fail")).content),
    status,
  );
  el.append(root);
  const leaving = new AbortController();
  replaceStill(el, leaving.signal);
  model.on("change:clicks", show);
  model.on("change:typed", show);
  show();
  const stopTheme = watchTheme(el, (theme) => root.setAttribute("data-theme", theme));
  return () => {
    model.off("change:clicks", show);
    model.off("change:typed", show);
    stopTheme();
    leaving.abort();
  };
}

/** Sends root ids back to Python in a trait, in a message's JSON, and as CSV in a buffer. */
async function sendIdsBack(model: AnyModel<State>): Promise<string> {
  model.set("ids_by_trait", [...model.get("ids")]);
  model.save_changes();
  const { buffers } = await ask(model, "table");
  const [block] = buffers;
  if (!block) throw new Error("Python sent no table.");
  const table = readTable(block);
  const column = getColumn(table, "pt_root_id", "ids");
  const ids = Array.from({ length: table.rows }, (_, row) => column.at(row));
  await ask(model, "ids_by_message", ids);
  const csv = new TextEncoder().encode(`pt_root_id\n${ids.join("\n")}\n`);
  await ask(model, "ids_by_csv", null, { buffers: [csv] });
  return `${table.rows} ids sent`;
}

export default { render };
