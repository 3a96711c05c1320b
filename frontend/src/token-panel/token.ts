// The form of a token. microns_widgets/sources/cave/tokens.py checks the same.

const TOKEN = /^[0-9a-f]{32}$/;

/** A well-formed token as bytes, or how many characters stand there instead. */
export type Typed = { token: Uint8Array } | { length: number };

/** Takes white space away from what was typed or pasted, and looks at its form. */
export function readToken(text: string): Typed {
  const stripped = text.trim().toLowerCase();
  return TOKEN.test(stripped)
    ? { token: new TextEncoder().encode(stripped) }
    : { length: stripped.length };
}
