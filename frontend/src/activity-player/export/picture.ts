// The player's picture: what is on view, with the labels of the networks, the results, and the source.
import { INK } from "../render/ink";
import type { Store } from "../store";
import type { NetworkView } from "../view/network-view";
import { seconds } from "../view/words";

const GAP = 12;
const LINE = 18;

/** The pictures of all networks side by side, as PNG; null if the browser cannot draw it. */
export function playerPicture(
  store: Store,
  networks: readonly NetworkView[],
  results: string,
): Promise<Blob | null> {
  const columns = networks.map(({ map, raster, traces }) => [map, raster, traces]);
  const ratio = networks[0]?.map.ratio ?? 1;
  const width = columns.reduce((sum, [map]) => sum + (map?.size.width ?? 0) + GAP, GAP);
  const tall = Math.max(
    ...columns.map((sheets) => sheets.reduce((sum, { size }) => sum + size.height + GAP, 0)),
  );
  const canvas = document.createElement("canvas");
  const height = tall + 4 * LINE + GAP;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  context.scale(ratio, ratio);
  const ink = INK[store.theme];
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, width, height);
  context.fillStyle = ink.text;
  let x = GAP;
  columns.forEach((sheets, k) => {
    context.font = "600 13px system-ui, sans-serif";
    context.fillText(store.results[k]?.label ?? "", x, LINE, sheets[0]?.size.width);
    let y = LINE + GAP / 2;
    for (const { canvas: own, size } of sheets) {
      context.drawImage(own, x, y, size.width, size.height);
      y += size.height + GAP;
    }
    x += (sheets[0]?.size.width ?? 0) + GAP;
  });
  context.font = "12px system-ui, sans-serif";
  const lines = [`At ${seconds(store.time)}. ${results}`, store.get("source")];
  lines.forEach((line, k) => {
    context.fillText(line, GAP, tall + (k + 2) * LINE + GAP / 2, width - 2 * GAP);
  });
  return new Promise((resolve) => canvas.toBlob(resolve));
}
