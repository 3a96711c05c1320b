// A matrix of a dataset whose synapses have no size shows and exports only what needs none.
import { expect, test } from "vitest";
import { strengthOf } from "../../src/matrix-explorer/data/strength-distribution";
import { connectionsCsv } from "../../src/matrix-explorer/export/connections-csv";
import { describePlace } from "../../src/matrix-explorer/view/descriptions";
import { toolbar } from "../../src/matrix-explorer/view/toolbar";
import { TypeView } from "../../src/matrix-explorer/view/type-view";
import { NO_SIZES } from "../../src/shared/contract";
import { smallStore } from "./small-matrix";

const source = `CAVE octopus_public, version 12; ${NO_SIZES}`;
const store = () => smallStore({ source, value: "count" });

const more = () => ({ root: document.createElement("div"), draw() {} });

function choices(root: HTMLElement, label: string): string[] {
  const labels = [...root.querySelectorAll("label")];
  const matching = labels.filter((element) => element.textContent?.startsWith(label));
  return matching.map((element) =>
    [...element.querySelectorAll("option")].map(({ value }) => value).join(" "),
  );
}

test("the lists of values leave out those that need sizes", async () => {
  const without = toolbar(await store(), more()).root;
  expect(choices(without, "Value")).toEqual(["binary count", "probability mean_synapses"]);
  const usual = toolbar(await smallStore(), more()).root;
  expect(choices(usual, "Value")).toEqual([
    "binary count sum mean max log10_sum",
    "probability mean_synapses mean_size",
  ]);
});

test("descriptions and CSV have numbers of synapses only", async () => {
  const one = await store();
  expect(describePlace(one, { row: 0, column: 1 })).toMatch(/: 2 synapses$/);
  const lines = connectionsCsv(one).join("").trim().split("\n");
  expect(lines[0]).toBe("pre_pt_root_id,post_pt_root_id,pre_type,post_type,n_synapses");
  expect(lines[1]?.split(",")).toHaveLength(5);
  expect(new TypeView(one, () => {}, new AbortController().signal).describe(0)).not.toContain(
    "size",
  );
});

test("the distribution of strengths is that of the numbers of synapses", () => {
  expect([strengthOf("binary", false), strengthOf("count", false)]).toEqual(["count", "count"]);
});
