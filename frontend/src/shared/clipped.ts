// Names on the screen: a cell type may have any length and any signs.

const MOST_LETTERS = 60;
// Signs without a picture, and those that turn the text after them around.
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu;
const PICTURES: Record<string, string> = { "\t": "⇥", "\n": "↵", "\r": "↵" };

/** A name with a picture for each sign, as in Python's figures (plots/_text.py). */
export function visible(name: string): string {
  return name.replace(
    UNSEEN,
    (sign) => PICTURES[sign] ?? (/[\u2028\u2029]/.test(sign) ? "↵" : "�"),
  );
}

/** A visible name of at most 60 letters, cut in the middle; a title has the whole name. */
export function clipped(name: string, most = MOST_LETTERS): string {
  if (name.length <= most) return visible(name);
  const letters = [...name];
  if (letters.length <= most) return visible(name);
  const head = Math.floor((most - 1) / 2);
  return visible(`${letters.slice(0, head).join("")}…${letters.slice(head + 1 - most).join("")}`);
}
