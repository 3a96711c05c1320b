// The traits that Python and the browser share; skeleton_viewer.py documents them.
import type { VIEWER_CHOICES } from "../shared/contract";
import type { OutLink } from "../shared/out-link";
import type { RootId } from "../shared/root-ids";
import type { CameraState } from "./render/camera";

type Choices = typeof VIEWER_CHOICES;
export type ColorBy = Choices["color_by"][number];
export type Directions = Choices["synapses"][number];
export type SynapseColor = Choices["synapse_color"][number];

/** What all cells of a data set share; _viewer_data.py creates it. */
export interface World {
  source: string;
  /** Name and version of the package; missing in pages that an older version saved. */
  package?: string;
  synthetic: boolean;
  /** Rows of the affine matrix from nm in the volume to cortical um. */
  affine: number[];
  /** Lowest and highest corner of the volume in nm: positions elsewhere have no depth. */
  volume: [[number, number, number], [number, number, number]];
  /** Name, top and bottom in um. */
  layers: [string, number, number][];
  neuroglancer: { url: string; state: Record<string, unknown>; most: number } | null;
  /** Links to the descriptions of the tables; missing if the data are not from MICrONS. */
  tables?: OutLink[];
  /** False if the release was opened without its synapses; then an empty list does not mean none. */
  synapses_loaded?: boolean;
}

export interface About {
  type: string;
  region: string;
  /** In nm. */
  nucleus: [number, number, number] | null;
  /** Whether the cell table has it; missing in pages that an older version saved. */
  is_cell?: boolean;
}

export interface SkeletonHead {
  root: number;
  source: string;
}

/** A cell that is saved in the notebook or the page. */
export interface SavedCell {
  about: About;
  synapses: DataView;
  head?: SkeletonHead;
  skeleton?: DataView;
  nearest?: DataView;
  error?: { type: string; message: string };
}

export interface State extends Record<string, unknown> {
  cells: RootId[];
  partner: RootId | null;
  color_by: ColorBy;
  synapses: Directions;
  synapse_color: SynapseColor;
  synapse_scale: number;
  synapse_opacity: number;
  hidden_types: string[];
  camera: CameraState;
  world: World;
  data: Record<RootId, SavedCell>;
  /** Folder of public SWC files for cells that a page without Python does not have; "" for none. */
  skeleton_url: string;
}

/** Whether synapses of a direction are shown. */
export function includesDirection(directions: Directions, direction: string): boolean {
  return directions === "both" || directions === `${direction}s`;
}
