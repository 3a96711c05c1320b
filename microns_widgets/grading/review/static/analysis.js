// What the analysis of the class says; the button is there only if there is one.

import { byId } from "./dom.js";

export async function showAnalysis(server) {
  const found = await server.ask("/analysis").catch(() => ({}));
  byId("show-analysis").hidden = !found.questions;
}
