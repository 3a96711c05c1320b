// The browser's simulation is Python's, for the same networks and settings.
import { expect, test } from "vitest";
import type { Network } from "../../src/activity-player/data/networks";
import { decaySteps, Run, scaledWeights, stepsOf } from "../../src/activity-player/data/simulation";
import { gainsOf, safeStep, stability } from "../../src/activity-player/data/stability";
import { toPython } from "../../src/activity-player/export/python-code";
import type { State } from "../../src/activity-player/state";
import { Store } from "../../src/activity-player/store";
import { StaticModel } from "../../src/shared/static-model";
import { fixture, networks, state } from "./small-player";

async function simulated(setting: Partial<State>): Promise<Store> {
  const model = new StaticModel(state(setting));
  const store = new Store({ model, signal: new AbortController().signal }, await networks());
  await store.simulate();
  return store;
}

for (const { name, setting, results, code } of fixture.cases) {
  test(`rates, decay and stability are Python's: ${name}`, async () => {
    const store = await simulated(setting as Partial<State>);
    results.forEach((expected, k) => {
      const { run, stability, radius, decay } = store.results[k] ?? expect.fail("no result");
      expect(stability).toBe(expected.stability);
      expect(radius).toBeCloseTo(expected.radius, 9);
      if ("diverged" in expected) {
        expect(run.diverged * 0.01).toBeCloseTo(Number(expected.diverged), 1);
        return;
      }
      expect(Number.isNaN(decay) ? -1 : decay).toBeCloseTo(expected.decay, 9);
      expected.rates.forEach((rates, place) => {
        const step = fixture.steps[place] as number;
        rates.forEach((rate, cell) => {
          // Rates are kept with 24 bits.
          const difference = Math.abs(run.rate(cell, step) - rate);
          expect(difference).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(rate)));
        });
      });
    });
  });

  test(`the line of Python is Python's: ${name}`, () => {
    const all = { ...state(), ...(setting as Partial<State>) };
    expect(toPython((key) => all[key])).toBe(code);
  });
}

/** Weights of two cells: 0 excites 1, 1 inhibits both. */
const pair: Network = {
  begin: Uint32Array.of(0, 1, 3),
  from: Uint32Array.of(1, 0, 1),
  weight: Float64Array.of(-1, 4, -1),
  excitation: Float64Array.of(0, 4),
  inhibition: Float64Array.of(1, 1),
};

test("a balance scales inhibition to excitation, cell by cell, and leaves the gain", () => {
  expect([...scaledWeights(pair, 1, null)]).toEqual([-1, 4, -1]);
  expect([...scaledWeights(pair, 1, 0.5)]).toEqual([-0, 4, -2]);
  expect([...scaledWeights(pair, 2, 0.5)]).toEqual([-0, 8, -4]);
});

test("a cell without inhibition stays as it is", () => {
  const excited = { ...pair, inhibition: Float64Array.of(0, 1) };
  expect(scaledWeights(excited, 1, 0.5)[0]).toBe(-1);
});

test("steps are counted as Python counts them", () => {
  expect(stepsOf([1, 3], 14, 0.01)).toEqual({ first: 100, last: 300, steps: 1400 });
  // 0.3 is below 3 * 0.1 as numbers of 64 bits.
  expect(stepsOf([0.3, 0.7], 0.9, 0.1)).toEqual({ first: 3, last: 6, steps: 9 });
});

test("a simulation by plain loops has the same rates", async () => {
  const { cells, networks: both } = await networks();
  const network = both[0] as Network;
  const n = cells.size;
  const level = Float64Array.from({ length: n }, (_, cell) => (cell < 5 ? 2 : 0));
  const drive = { gain: 1e-3, inhibition: null, level, first: 2, last: 20, steps: 60, step: 0.1 };
  const run = new Run(cells, network, { ...drive, rectified: false });
  while (!run.finished) run.advance(1);
  let rates = new Array<number>(n).fill(0);
  for (let step = 0; step < 60; step++) {
    expect(run.rate(7, step)).toBeCloseTo(rates[7] as number, 6);
    const mean = rates.reduce((sum, rate, cell) => sum + (cells.sign[cell] === 1 ? rate : 0), 0);
    expect(run.measured[step]).toBeCloseTo(mean / 34, 9);
    const next = rates.map((rate, cell) => {
      let input = step >= 2 && step <= 20 ? (level[cell] as number) : 0;
      for (let at = network.begin[cell] as number; at < (network.begin[cell + 1] as number); at++)
        input +=
          1e-3 * (network.weight[at] as number) * (rates[network.from[at] as number] as number);
      return rate + 0.1 * (input - rate);
    });
    rates = next;
  }
});

test("activity that stays above the limit does not decay", async () => {
  const { results } = await simulated({ gain: 1.8 });
  expect(decaySteps(results[0]?.run as Run, 10)).toBe(-1);
});

test("only activity above the rate before the stimulus counts", () => {
  const measured = Float64Array.of(0, 0.5, 2, 2, 0.7, 0.55, 0.5);
  const run = { measured, done: 7, drive: { first: 2, last: 3 } } as unknown as Run;
  expect(decaySteps(run, 10, 0.01)).toBe(2);
});

test.each([
  [{ radius: 3, abscissa: 2, excitation: 0.5, uninhibited: 0.5 }, true, "stable"],
  [{ radius: 3, abscissa: 0.5, excitation: 2, uninhibited: 0.5 }, true, "stable with inhibition"],
  [{ radius: 3, abscissa: 0.5, excitation: 2, uninhibited: 0.5 }, false, "stable"],
  [{ radius: 3, abscissa: 2, excitation: 2, uninhibited: 0 }, true, "may grow"],
  [{ radius: 3, abscissa: 1, excitation: 2, uninhibited: 0 }, false, "unstable"],
  [{ radius: 3, abscissa: 2, excitation: 3, uninhibited: 2 }, true, "unstable"],
  [{ radius: 1, abscissa: 1 - 1e-12, excitation: 1, uninhibited: 1 }, true, "unstable"],
] as const)("stability of %o, rectified %s: %s", (spectrum, rectified, expected) => {
  expect(stability(spectrum, 1, rectified)).toBe(expected);
});

test("the gain is common, or gives the first one's radius", () => {
  const spectra = [2, 4, 0].map((radius) => spectrum(radius, radius));
  expect(gainsOf(spectra, [0.1, 0.2, 0.3], 2, "gain")).toEqual([0.2, 0.4, 0.6]);
  expect(gainsOf(spectra, [0.1, 0.2, 0.3], 2, "spectral_radius")).toEqual([0.2, 0.1, 0.6]);
});

test("fast swings of a network need short steps", () => {
  expect(safeStep(spectrum(0.5, 0.5), 1)).toBeCloseTo(2 / 3);
  // Of an eigenvalue 7i, a step multiplies activity by |1 - h + 7ih|, which is 1 at h = 0.04.
  expect(safeStep(spectrum(7, 0), 1)).toBeCloseTo(0.04);
  expect(safeStep(spectrum(3.5, 0), 2)).toBeCloseTo(0.04);
  expect(safeStep(spectrum(7, 2), 1)).toBeCloseTo(1 / 8);
});

function spectrum(radius: number, abscissa: number) {
  return { radius, abscissa, excitation: radius, uninhibited: radius };
}
