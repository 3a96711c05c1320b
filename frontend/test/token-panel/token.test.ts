import { expect, test } from "vitest";
import { readToken } from "../../src/token-panel/token";

const TOKEN = "0123456789abcdef0123456789abcdef";

test.each([TOKEN, ` ${TOKEN}\n`, TOKEN.toUpperCase()])("%j is a token", (text) => {
  expect(readToken(text)).toEqual({ token: new TextEncoder().encode(TOKEN) });
});

test.each([
  ["", 0],
  ["  my password ", 11],
  [`${TOKEN}0`, 33],
  ["g".repeat(32), 32],
])("of %j only the length is reported", (text, length) => {
  expect(readToken(text)).toEqual({ length });
});
