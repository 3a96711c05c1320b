// The export menu: a picture, the view by type, the connections, a line of Python.
import { copyText } from "../../shared/clipboard";
import { h, listen } from "../../shared/dom";
import { download } from "../../shared/download";
import { colorAt, css } from "../render/color-scales";
import type { Store } from "../store";
import type { Scale } from "../view/legend";
import type { MatrixView } from "../view/matrix-view";
import type { TypeView } from "../view/type-view";
import { connectionsCsv } from "./connections-csv";
import { toPython } from "./python-code";

const PNG_RATIO = 2;
const CAPTION = 44;

interface Parts {
  store: Store;
  matrix: MatrixView;
  types: TypeView;
  caption(): string;
  scale(): Scale;
}

export function exportMenu(parts: Parts): { root: HTMLElement; draw(): void } {
  const { store, types } = parts;
  const item = (text: string, act: () => void | Promise<void>) => {
    const element = h("button", { type: "button" }, text);
    listen(element, "click", () => {
      Promise.resolve()
        .then(act)
        .then(
          () => root.removeAttribute("open"),
          (error: Error) => store.setStatus(error.message),
        );
    });
    return element;
  };
  const png = item("Picture (PNG)", async () => download("matrix.png", await matrixPng(parts)));
  const svg = item("View by type (SVG)", () => {
    if (types.picture) download("types.svg", typesSvg(types.picture, parts));
  });
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
    h("div", { class: "mx-menu" }, png, svg, csv, python),
  );
  const draw = () => {
    png.hidden = store.get("show") === "types";
    svg.hidden = !png.hidden;
  };
  return { root, draw };
}

/** The matrix in view, with its colour scale and source below. */
export async function matrixPng({ store, matrix, caption, scale }: Parts): Promise<Blob> {
  const { frame, style, picture } = matrix;
  const canvas = h("canvas", {
    width: frame.width * PNG_RATIO,
    height: (frame.height + CAPTION) * PNG_RATIO,
  });
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser does not provide a canvas to draw on.");
  context.fillStyle = style.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  picture.draw(context, frame, PNG_RATIO, style);
  const { title, low, high } = scale();
  const colormap = store.get("colormap");
  for (let x = 0; x < 120; x++) {
    context.fillStyle = css(colorAt(colormap, x / 119));
    context.fillRect(frame.left + x, frame.height + 4, 1, 10);
  }
  context.fillStyle = style.ink;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(`${low} – ${high} ${title}`, frame.left + 126, frame.height + 3);
  context.fillText(caption(), frame.left, frame.height + 22, frame.width - frame.left - 4);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error("The picture could not be created.")),
    );
  });
}

/** The view by type as a stand-alone file, with background, text colour and source. */
export function typesSvg(
  picture: SVGSVGElement,
  { scale, caption }: Pick<Parts, "scale" | "caption">,
): Blob {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("style", "background: #fff; color: #222");
  for (const element of copy.querySelectorAll("[tabindex]")) element.removeAttribute("tabindex");
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = `${scale().title}. ${caption()}`;
  copy.prepend(title);
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
}
