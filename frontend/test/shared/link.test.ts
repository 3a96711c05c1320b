// The rules of linked widgets, with the same cases as for Python (tests/unit/test_link.py).
import { expect, test, vi } from "vitest";
import { follow, type Has, type Kind } from "../../src/shared/link";
import { StaticModel } from "../../src/shared/static-model";
import fixture from "../fixtures/link.json";

type Traits = Record<string, unknown>;
type States = Record<Kind, Traits>;
type Change = Partial<States>;

const KINDS = ["picker", "viewer", "matrix", "player"] as const;
const HAS: Record<Kind, Has> = {
  picker: (_side, id) => fixture.cells.includes(id),
  viewer: () => true,
  matrix: (side, id) =>
    (side !== "post" && fixture.rows.includes(id)) ||
    (side !== "pre" && fixture.columns.includes(id)),
  player: (_side, id) => fixture.player.includes(id),
};

/** Models of a page without a kernel, one of each kind, which follow each other. */
async function linked(before: Change, signal = new AbortController().signal) {
  const page = new Map<string, StaticModel>();
  for (const kind of KINDS) {
    const others = KINDS.filter((other) => other !== kind).map((other) => [other, other]);
    const state = { ...fixture.empty[kind], ...before[kind], linked: Object.fromEntries(others) };
    page.set(kind, new StaticModel(state, {}, page));
  }
  const model = (kind: Kind) => page.get(kind) as StaticModel;
  for (const kind of KINDS) follow(model(kind), kind, HAS[kind], signal);
  // Linked models are looked up asynchronously.
  await new Promise((resolve) => setTimeout(resolve));
  const states = () =>
    Object.fromEntries(
      KINDS.map((kind) => [
        kind,
        Object.fromEntries(
          Object.keys(fixture.empty[kind]).map((name) => [name, model(kind).get(name)]),
        ),
      ]),
    ) as States;
  return { model, states };
}

for (const { name, before, widget, change, after } of fixture.cases) {
  test(name, async () => {
    const { model, states } = await linked(before as Change);
    const expected = states();
    const source = widget as Kind;
    for (const [trait, value] of Object.entries(change)) model(source).set(trait, value);
    Object.assign(expected[source], change);
    for (const kind of KINDS) Object.assign(expected[kind], (after as Change)[kind]);
    expect(states()).toEqual(expected);
  });
}

test("a choice reaches each widget once and does not come back", async () => {
  const { model } = await linked({});
  const events: string[] = [];
  for (const kind of KINDS) {
    for (const name of Object.keys(fixture.empty[kind])) {
      model(kind).on(`change:${name}`, () => events.push(`${kind}.${name}`));
    }
  }
  model("matrix").set("pair", [fixture.rows[0], fixture.rows[1]]);
  expect(events.sort()).toEqual([
    "matrix.pair",
    "picker.value",
    "player.cell",
    "viewer.cells",
    "viewer.partner",
  ]);
});

test("a kernel links the widgets itself, so the page does not", async () => {
  const { model, states } = await linked({});
  Object.assign(model("picker"), { comm_live: true });
  model("picker").set("value", fixture.rows[0]);
  expect(states().viewer.cells).toEqual([]);
});

test("a widget that has left the page no longer follows", async () => {
  const leaving = new AbortController();
  const { model, states } = await linked({}, leaving.signal);
  leaving.abort();
  model("picker").set("value", fixture.rows[0]);
  expect(states().viewer.cells).toEqual([]);
});

test("a linked widget that was not saved is ignored", async () => {
  const model = new StaticModel<Traits>({ linked: { gone: "picker" }, cells: [], partner: null });
  const get = vi.spyOn(model, "get");
  follow(model, "viewer", HAS.viewer, new AbortController().signal);
  await new Promise((resolve) => setTimeout(resolve));
  expect(get).toHaveBeenCalledWith("linked");
  expect(model.get("cells")).toEqual([]);
});
