// What Python says of the token, and what the panel offers then.

/** The trait `status`; microns_widgets/widgets/_token_status.py has the states and their texts. */
export interface Status {
  state: State;
  text: string;
  next_step: string;
  /** Page on which the terms can be accepted. */
  url: string;
  saved: "no" | "yes" | "other";
  /** Where the token is saved, or would be. */
  file: string;
}

export type State =
  | "nothing_found"
  | "badly_formed"
  | "checking"
  | "ready"
  | "refused"
  | "terms_not_accepted"
  | "no_permission"
  | "unreachable"
  | "not_saved";

export type Act = "retry" | "save" | "replace" | "forget" | "remove" | "sample";

export interface Offer {
  /** Whether a token can be entered; folded where there is one that may come right. */
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

/** What can be done in a state. */
export function offer({ state, saved }: Status): Offer {
  const { entry, acts } = OFFERS[state];
  if (state === "ready") return { entry, acts: [...SAVING[saved], ...acts] };
  // A token that was forgotten or refused, and still stands in a file.
  if (entry === "open" && saved === "yes") return { entry, acts: ["remove", ...acts] };
  return { entry, acts };
}
