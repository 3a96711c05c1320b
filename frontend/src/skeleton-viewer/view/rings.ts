// Places in the picture that have a ring around them.
import type { Cell } from "../data/cell";
import type { SynapseAt } from "../data/partner";
import type { Frame } from "../render/camera";
import type { Paint } from "../render/colors";
import type { Marks } from "../render/renderer";
import { synapseMark } from "../render/strokes";
import type { Ring } from "./overlay-view";
import { pointAt } from "./pointing";

/** Synapses that are told from the others. */
export interface Noted {
  /** Of partners that the pointer is on elsewhere. */
  lit: readonly SynapseAt[];
  /** Of the marked partner or pair. */
  marked: readonly SynapseAt[];
  /** Under the pointer. */
  pointed: SynapseAt | null;
}

/** Rings around somata and synapses of cells, the most important first. */
export function ringsOf(
  frame: Frame,
  cells: readonly Cell[],
  paints: readonly Paint[],
  style: Marks,
  { lit, marked, pointed }: Noted,
): Ring[] {
  const around = (kind: Ring["kind"], synapses: readonly SynapseAt[]): Ring[] =>
    synapses.flatMap(({ cell, index }) => {
      const paint = paints[cells.indexOf(cell)];
      if (!paint) return [];
      const mark = synapseMark(frame, cell, paint, style, index);
      return { kind, um: pointAt(cell.synapses.um, index), mark };
    });
  return [
    ...(pointed ? around("pointed", [pointed]) : []),
    ...cells.flatMap(({ soma }): Ring[] =>
      soma ? [{ kind: "soma", um: soma.um, radius: soma.radius }] : [],
    ),
    ...around("lit", lit),
    ...around("chosen", marked),
  ];
}
