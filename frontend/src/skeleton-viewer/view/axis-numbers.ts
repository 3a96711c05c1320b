// Round numbers for scale bars and axes, and lengths as text.

/** The largest number up to `most` that is 1, 2 or 5 times a power of ten. */
export function roundDown(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((digit) => digit * power <= most) ?? 1;
  return step * power;
}

/** At most `most` evenly spaced round numbers from low to high. */
export function ticks(low: number, high: number, most: number): number[] {
  const width = (high - low) / Math.max(most, 1);
  const down = roundDown(width);
  const step = [1, 2, 2.5, 4, 5, 10].map((digit) => digit * down).find((s) => s >= width) ?? width;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** A length in um, as text with its unit. */
export function length(um: number): string {
  return um >= 1000
    ? `${Number((um / 1000).toPrecision(3))} mm`
    : `${Number(um.toPrecision(3))} µm`;
}
