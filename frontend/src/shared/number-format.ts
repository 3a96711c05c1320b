// Numbers as text, the same in every browser.

/** With separators and at most three significant digits, such as 12,345 or 0.0123. */
export function format(value: number): string {
  if (Number.isNaN(value)) return "–";
  const small = Math.abs(value) < 100 && !Number.isInteger(value);
  return value.toLocaleString("en", small ? { maximumSignificantDigits: 3 } : WHOLE);
}

/** For narrow spaces: 12K, 3.4M; numbers up to `writtenOut` are written in full. */
export function short(value: number, writtenOut = 9_999): string {
  if (Math.abs(value) <= writtenOut) return format(value);
  return value.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 3 });
}

/** A whole number with separators, such as 12,345. */
export function grouped(count: number): string {
  return INTEGERS.format(count);
}

export function percent(part: number): string {
  if (Number.isNaN(part)) return "–";
  return `${(100 * part).toLocaleString("en", { maximumSignificantDigits: 2 })} %`;
}

/** A number with its noun: 1 synapse, 2 synapses. */
export function counted(n: number, noun: string): string {
  return `${format(n)} ${noun}${n === 1 ? "" : /(s|x)$/.test(noun) ? "es" : "s"}`;
}

// One formatter for all calls: creating one takes longer than using it.
const INTEGERS = /* @__PURE__ */ new Intl.NumberFormat("en");
const WHOLE = { maximumFractionDigits: 0 };
