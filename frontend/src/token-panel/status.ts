// What Python reports about the token, and what the panel offers in each state.
import type { TOKEN_SAVED, TOKEN_STATES } from "../shared/contract";

/** The trait `status`; microns_widgets/widgets/_token_status.py defines the states and texts. */
export interface Status {
  state: State;
  text: string;
  next_step: string;
  /** Page where the terms can be accepted. */
  url: string;
  saved: (typeof TOKEN_SAVED)[number];
  /** Where the token is, or would be, saved. */
  file: string;
}

export type State = (typeof TOKEN_STATES)[number];

export type Act = "retry" | "save" | "replace" | "forget" | "remove" | "sample";

export interface Offer {
  /** Whether a token can be entered; folded if the current token may still become valid. */
  entry: "open" | "folded" | "none";
  acts: Act[];
}

const OFFERS: Record<State, Offer> = {
  nothing_found: { entry: "open", acts: ["sample"] },
  badly_formed: { entry: "open", acts: ["sample"] },
  checking: { entry: "none", acts: ["forget"] },
  ready: { entry: "none", acts: ["forget"] },
  refused: { entry: "open", acts: ["sample"] },
  terms_not_accepted: { entry: "folded", acts: ["retry", "forget", "sample"] },
  no_permission: { entry: "folded", acts: ["retry", "forget", "sample"] },
  unreachable: { entry: "folded", acts: ["retry", "forget", "sample"] },
  not_saved: { entry: "none", acts: ["save", "forget"] },
};

const SAVING: Record<Status["saved"], Act[]> = { no: ["save"], other: ["replace"], yes: [] };

/** What the panel offers in a state. */
export function offerFor({ state, saved }: Status): Offer {
  const { entry, acts } = OFFERS[state];
  if (state === "ready") return { entry, acts: [...SAVING[saved], ...acts] };
  // A token that was forgotten or refused but is still in a file.
  if (entry === "open" && saved === "yes") return { entry, acts: ["remove", ...acts] };
  return { entry, acts };
}
