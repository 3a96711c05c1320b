// Contrast of colours, and lighter variants of colours that are too dark for a dark page.

type Triple = [number, number, number];

/** Contrast ratio of two colours "#rrggbb", 1 to 21 (WCAG 2). */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y);
  return ((light as number) + 0.05) / ((dark as number) + 0.05);
}

/**
 * The colour itself if its contrast with a dark ground is sufficient, else the darkest variant
 * of the same hue whose contrast is.
 *
 * Only the lightness in OKLab changes (https://bottosson.github.io/posts/oklab, public domain),
 * so that blue stays blue; a colour that no screen can show at this lightness becomes paler.
 */
export function lightened(color: string, ground: string, ratio: number): string {
  if (contrast(color, ground) >= ratio) return color;
  const [lightness, a, b] = toOklab(linear(color));
  for (let l = Math.ceil(100 * lightness); l < 100; l++) {
    const variant = toHex(inGamut(l / 100, a, b));
    if (contrast(variant, ground) >= ratio) return variant;
  }
  return "#ffffff";
}

/** How different two colours look: their distance in OKLab; 0.02 is just noticeable. */
export function difference(a: string, b: string): number {
  const [x, y] = [toOklab(linear(a)), toOklab(linear(b))];
  return Math.hypot(...x.map((part, k) => part - (y[k] as number)));
}

function inGamut(lightness: number, a: number, b: number): Triple {
  for (let chroma = 1; chroma > 0; chroma -= 0.02) {
    const color = fromOklab([lightness, chroma * a, chroma * b]);
    if (color.every((part) => part >= -1e-4 && part <= 1 + 1e-4)) return color;
  }
  return fromOklab([lightness, 0, 0]);
}

function luminance([red, green, blue]: Triple): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Linear red, green and blue, 0 to 1. */
function linear(color: string): Triple {
  return [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

function toHex(color: Triple): string {
  const parts = color.map((value) => {
    const part = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
    const byte = Math.round(255 * Math.max(0, Math.min(1, part)));
    return byte.toString(16).padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

function toOklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}
