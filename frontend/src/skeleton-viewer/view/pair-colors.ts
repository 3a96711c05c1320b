// Two cells of a pair have a colour each, unless the user chose that colours show something else.
import type { AnyModel } from "@anywidget/types";
import { COLOR_OF_SEVERAL, VIEWER_CHOICES } from "../../shared/contract";
import { pairIn } from "../../shared/link";
import { watchTraits } from "../../shared/traits";
import type { State } from "../state";

const OF_ONE = VIEWER_CHOICES.color_by[0];

/** Colours cells by cell when a pair appears, and as before when one cell follows it. */
export function colorPairs(model: AnyModel<State>, signal: AbortSignal): void {
  const isPair = () => pairIn(model.get("cells"), model.get("partner")) !== null;
  let wasPair = isPair();
  let changed = false;
  let chosen = false;
  let setting = false;
  const set = (word: State["color_by"]) => {
    setting = true;
    model.set("color_by", word);
    model.save_changes();
    setting = false;
  };
  const follow = () => {
    const pair = isPair();
    if (pair && !wasPair && !chosen && model.get("color_by") === OF_ONE) {
      changed = true;
      set(COLOR_OF_SEVERAL);
    }
    if (!pair && changed && model.get("cells").length === 1) {
      changed = false;
      if (!chosen) set(OF_ONE);
    }
    wasPair = pair;
  };
  watchTraits(model, ["cells", "partner"], follow, signal);
  watchTraits(model, ["color_by"], () => (chosen ||= !setting && isPair()), signal);
}
