// How an exported page reads its saved state.
import { expect, test } from "vitest";
import { readState } from "../../src/page/saved";

test("binary data are restored byte by byte, however deep they are nested", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const base64 = btoa(String.fromCharCode(...bytes));
  const json = JSON.stringify([
    { id: "1", module: "m", label: "l", state: { data: { a: { block: { base64 } } }, none: null } },
  ]);
  const [saved] = readState(json);
  const state = saved?.state as { data: { a: { block: DataView } }; none: null };
  expect(new Uint8Array(state.data.a.block.buffer)).toEqual(bytes);
  expect(state.none).toBeNull();
});

test("text that looks like a script stays text", () => {
  const text = "</script><!-- \u2028 <img src=x onerror=alert(1)>";
  const json = JSON.stringify([{ id: "1", module: "m", label: "l", state: { text } }]);
  expect(readState(json)[0]?.state.text).toBe(text);
});
