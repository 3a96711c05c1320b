// The export menu: a picture, the connections, a line of Python.
import { copyText } from "../../shared/clipboard";
import { h, listen } from "../../shared/dom";
import { download } from "../../shared/download";
import { ofTypes } from "../state";
import type { Store } from "../store";
import type { Toolbar } from "../view/toolbar";
import type { TypeView } from "../view/type-view";
import { connectionsCsv } from "./connections-csv";
import { matrixPng } from "./matrix-png";
import { toPython } from "./python-code";
import { typesSvg } from "./types-svg";

export function exportMenu(store: Store, types: TypeView): Toolbar {
  const item = (text: string, act: () => void | Promise<void>) => {
    const element = h("button", { type: "button" }, text);
    listen(element, "click", () => {
      Promise.resolve()
        .then(act)
        .then(
          () => {
            for (const details of [root, root.parentElement?.closest("details")]) {
              details?.removeAttribute("open");
            }
          },
          (error: Error) => store.setStatus(error.message),
        );
    });
    return element;
  };
  const png = item("Picture (PNG)", async () => download("matrix.png", await matrixPng(store)));
  const svg = item("View by type (SVG)", () => download("types.svg", typesSvg(store, types)));
  const csv = item("Connections in view (CSV)", () =>
    download("connections.csv", new Blob(connectionsCsv(store), { type: "text/csv" })),
  );
  const python = item("Copy as Python", async () => {
    const line = toPython((name) => store.get(name));
    await copyText(line);
    // Also shown, because some browsers do not allow the page to copy.
    store.setStatus(line);
  });
  const root = h(
    "details",
    { class: "mx-export" },
    h("summary", {}, "Export"),
    h("div", { class: "mx-items" }, png, svg, csv, python),
  );
  const draw = () => {
    svg.hidden = !ofTypes(store.get("show"));
    png.hidden = !svg.hidden;
  };
  return { root, draw };
}
