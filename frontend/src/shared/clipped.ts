// Names on the screen: the name of a cell type may be long and contain any characters.

const LONGEST_NAME = 60;
// Characters that are not drawn, and characters that reverse the direction of text.
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu;
const SYMBOLS: Record<string, string> = { "\t": "⇥", "\n": "↵", "\r": "↵" };

/** A name with a symbol for each invisible character, as in Python's figures (plots/_text.py). */
export function visible(name: string): string {
  return name.replace(
    UNSEEN,
    (character) => SYMBOLS[character] ?? (/[\u2028\u2029]/.test(character) ? "↵" : "�"),
  );
}

/** A visible name of at most 60 characters, shortened in the middle; a tooltip has it in full. */
export function clipped(name: string, most = LONGEST_NAME): string {
  if (name.length <= most) return visible(name);
  const letters = [...name];
  if (letters.length <= most) return visible(name);
  const head = Math.floor((most - 1) / 2);
  return visible(`${letters.slice(0, head).join("")}…${letters.slice(head + 1 - most).join("")}`);
}
