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
  /** Whether a token can be entered. */
  entry: boolean;
  acts: Act[];
}

const OFFERS: Record<State, Offer> = {
  nothing_found: { entry: true, acts: ["sample"] },
  badly_formed: { entry: true, acts: ["sample"] },
  checking: { entry: false, acts: ["forget"] },
  ready: { entry: false, acts: ["forget"] },
  refused: { entry: true, acts: ["sample"] },
  terms_not_accepted: { entry: true, acts: ["retry", "forget", "sample"] },
  no_permission: { entry: true, acts: ["retry", "forget", "sample"] },
  unreachable: { entry: true, acts: ["retry", "forget", "sample"] },
  not_saved: { entry: false, acts: ["forget"] },
};

/** What can be done in a state. */
export function offer({ state, saved }: Status): Offer {
  const { entry, acts } = OFFERS[state];
  if (state === "ready" && saved === "no") return { entry, acts: ["save", ...acts] };
  if (state === "ready" && saved === "other") return { entry, acts: ["replace", ...acts] };
  if (state === "not_saved") return { entry, acts: ["save", ...acts] };
  // A token that was forgotten, or refused, and still stands in a file.
  if (entry && saved === "yes" && !acts.includes("forget")) {
    return { entry, acts: ["remove", ...acts] };
  }
  return { entry, acts };
}
