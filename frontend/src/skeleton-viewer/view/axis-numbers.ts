// Round numbers for a scale bar and an axis, and how lengths are written.

/** The largest of 1, 2 and 5 times a power of ten that is not above `most`. */
export function roundDown(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((digit) => digit * power <= most) ?? 1;
  return step * power;
}

/** Round numbers from low to high, at most `most` of them. */
export function ticks(low: number, high: number, most: number): number[] {
  const width = (high - low) / Math.max(most, 1);
  const down = roundDown(width);
  const step = [1, 2, 2.5, 4, 5, 10].map((digit) => digit * down).find((s) => s >= width) ?? width;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** A length in um with its unit. */
export function length(um: number): string {
  return um >= 1000
    ? `${Number((um / 1000).toPrecision(3))} mm`
    : `${Number(um.toPrecision(3))} µm`;
}
