// Contrast of colours, and lighter variants of colours that are too dark for a dark page.

type Triple = [number, number, number];

/** Contrast ratio of two colours "#rrggbb", 1 to 21 (WCAG 2). */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(parts(a)), luminance(parts(b))].sort((x, y) => x - y);
  return ((light as number) + 0.05) / ((dark as number) + 0.05);
}

/**
 * The colour itself if its contrast with a dark ground is sufficient, else the darkest variant
 * of the same hue whose contrast is.
 *
 * Only the lightness in OKLab changes (https://bottosson.github.io/posts/oklab, public domain; six
 * decimals are enough for colours of 255 steps), so that blue stays blue; a colour that no screen
 * can show at this lightness becomes paler.
 */
export function lightened(color: string, ground: string, ratio: number): string {
  if (contrast(color, ground) >= ratio) return color;
  const [lightness, a, b] = toOklab(color);
  for (let l = Math.ceil(100 * lightness); l < 100; l++) {
    const variant = toHex(inGamut(l / 100, a, b).map(gamma));
    if (contrast(variant, ground) >= ratio) return variant;
  }
  return "#ffffff";
}

/** How different two colours look: their distance in OKLab; 0.02 is just noticeable. */
export function difference(a: string, b: string): number {
  const [x, y] = [toOklab(a), toOklab(b)];
  return Math.hypot(...x.map((part, k) => part - (y[k] as number)));
}

function inGamut(lightness: number, a: number, b: number): Triple {
  for (let chroma = 1; chroma > 0; chroma -= 0.02) {
    const color = fromOklab([lightness, chroma * a, chroma * b]);
    if (color.every((part) => part >= -1e-4 && part <= 1 + 1e-4)) return color;
  }
  return fromOklab([lightness, 0, 0]);
}

/** Relative luminance, 0 to 1, of red, green and blue from 0 to 255. */
export function luminance(color: readonly number[]): number {
  const [red, green, blue] = color.map(linear) as Triple;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Red, green and blue, 0 to 255, of "#rrggbb". */
export function parts(color: string): Triple {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as Triple;
}

/** "#rrggbb" of red, green and blue from 0 to 255. */
export function toHex(color: readonly number[]): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** The inverse of `linear`; what no screen can show becomes 0 or 255. */
function gamma(value: number): number {
  const share = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
  return 255 * Math.max(0, Math.min(1, share));
}

function toOklab(color: string): Triple {
  const [r, g, b] = parts(color).map(linear) as Triple;
  const l = Math.cbrt(0.412221 * r + 0.536333 * g + 0.051446 * b);
  const m = Math.cbrt(0.211903 * r + 0.6807 * g + 0.107397 * b);
  const s = Math.cbrt(0.088302 * r + 0.281719 * g + 0.629979 * b);
  return [
    0.210454 * l + 0.793618 * m - 0.004072 * s,
    1.977998 * l - 2.428592 * m + 0.450594 * s,
    0.025904 * l + 0.782772 * m - 0.808676 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.396338 * a + 0.215804 * b) ** 3;
  const m = (lightness - 0.105561 * a - 0.063854 * b) ** 3;
  const s = (lightness - 0.089484 * a - 1.291486 * b) ** 3;
  return [
    4.076742 * l - 3.307712 * m + 0.23097 * s,
    -1.268438 * l + 2.609757 * m - 0.341319 * s,
    -0.004196 * l - 0.703419 * m + 1.707615 * s,
  ];
}
