// The form of a token. microns_widgets/sources/cave/tokens.py checks the same.
import { TOKEN_DIGITS } from "../shared/contract";

const TOKEN = RegExp(`^[0-9a-f]{${TOKEN_DIGITS}}$`);

/** A well-formed token as bytes, or the number of characters of anything else. */
export type TokenInput = { token: Uint8Array } | { length: number };

/** Strips white space from what was typed or pasted, and checks its form. */
export function readToken(text: string): TokenInput {
  const stripped = text.trim().toLowerCase();
  return TOKEN.test(stripped)
    ? { token: new TextEncoder().encode(stripped) }
    : { length: stripped.length };
}
