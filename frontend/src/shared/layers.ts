// The cortical layers, as Python sends them: for drawings and descriptions.

/** Name, top and bottom in um below the pia; depth.py cites the source. */
export type Layer = readonly [name: string, top: number, bottom: number];

/** The name on the screen: L1, L2/3 ..., WM. */
export function layerName(name: string): string {
  return name === "WM" ? name : `L${name}`;
}

/** The layer at a depth: what is above the pia or below the volume belongs to the nearest one. */
export function layerAt(layers: readonly Layer[], depth: number): number {
  const place = layers.findIndex(([, , bottom]) => depth < bottom);
  return place < 0 ? layers.length - 1 : place;
}
