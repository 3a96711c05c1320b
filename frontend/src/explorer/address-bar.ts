// On a page without a kernel, the address contains the state, which is applied when the page opens, and
// can be copied as a link.
import type { AnyModel } from "@anywidget/types";
import { copyText } from "../shared/clipboard";
import { unfollowed } from "../shared/link";
import type { RootId } from "../shared/root-ids";
import { watchTraits } from "../shared/traits";
import { type Read, readAddress, writeAddress } from "./address";
import { has, type Models, shown } from "./parts";
import type { Shell } from "./shell";
import { changes, type Settings, startOf, stateOf } from "./state";

const REST_MS = 300;

// The address has room for one explorer: the first on the page. Each copy of this module sees it.
const OWNER = Symbol.for("microns-widgets.address");
const page = globalThis as { [OWNER]?: AnyModel | undefined };

export async function shareByAddress(
  model: AnyModel,
  models: Models,
  shell: Shell,
  signal: AbortSignal,
): Promise<void> {
  if (!isPage(model) || page[OWNER]) return;
  page[OWNER] = model;
  signal.addEventListener("abort", () => {
    page[OWNER] = undefined;
  });
  const first = model.get("start") as Settings;
  const parts = { ...models, layout: model };
  // What is not in the matrix or in the table is only known once they are there.
  await Promise.all([shown(shell.panes.picker, signal), shown(shell.panes.matrix, signal)]);
  if (signal.aborted) return;

  const address = () => {
    const now = stateOf(parts, first);
    const { value } = now.picker as { value: RootId | null };
    const start = startOf(first, value, now.matrix?.pair as RootId[] | null);
    const { picker, ...others } = changes(start, now);
    return writeAddress({ picker: { value, ...picker }, ...others });
  };
  const apply = () => {
    const read = readAddress(location.hash, first);
    if (!read) return;
    const known = withoutUnknown(read, shell);
    adopt(known.settings);
    if (known.ignored.length)
      shell.say(`Ignored in this address: ${known.ignored.slice(0, 3).join(", ")}.`);
  };
  const adopt = (settings: Settings) => {
    const value = (settings.picker?.value ?? first.picker?.value ?? null) as RootId | null;
    const start = startOf(first, value, (settings.matrix?.pair ?? null) as RootId[] | null);
    unfollowed(() => {
      for (const [part, values] of Object.entries(start)) {
        for (const [name, before] of Object.entries(values)) {
          parts[part as keyof typeof parts]?.set(name, settings[part]?.[name] ?? before);
        }
      }
      const inMatrix = value && has(shell.panes.matrix, value);
      models.matrix.set("cell", inMatrix ? value : null);
      models.matrix.set("outside", inMatrix ? null : value);
    });
  };

  apply();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    timer = undefined;
    try {
      history.replaceState(history.state, "", address().hash);
    } catch {
      // A page inside another one has no address of its own; its link cannot be shared either.
    }
  };
  for (const [part, names] of Object.entries(first)) {
    const of = parts[part as keyof typeof parts];
    watchTraits(of, Object.keys(names), () => (timer ??= setTimeout(write, REST_MS)), signal);
  }
  addEventListener("hashchange", apply, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  shell.offerLink(async () => {
    const { hash, leftOut } = address();
    const copied = await copyText(location.href.replace(/#.*|$/, hash));
    if (!copied)
      return "The browser does not allow this page to copy. Copy the link from the address bar.";
    return leftOut.length
      ? `Link copied without ${leftOut.join(", ")}, which would make it too long.`
      : "Link copied.";
  });
}

// The models of the course's site and of an exported file.
function isPage(model: AnyModel): boolean {
  return (model as { withoutPython?: boolean }).withoutPython === true;
}

/** Takes cells that the widgets do not have out of the settings of an address. */
function withoutUnknown({ settings, ignored }: Read, shell: Shell): Read {
  const { picker, matrix } = settings;
  const drop = (part: Record<string, unknown> | undefined, name: string, what: string) => {
    delete part?.[name];
    ignored.push(what);
  };
  const inTable = (id: RootId) => has(shell.panes.picker, id);
  if (picker?.value && !inTable(picker.value as RootId))
    drop(picker, "value", `cell ${picker.value}`);
  if (matrix?.pair) {
    const [pre, post] = matrix.pair as RootId[];
    const { matrix: pane } = shell.panes;
    if (!pre || !post || !has(pane, pre, "pre") || !has(pane, post, "post"))
      drop(matrix, "pair", "a pair that is not in the matrix");
  }
  const keep = (
    part: Record<string, unknown> | undefined,
    name: string,
    hasCell: (id: RootId) => boolean,
  ) => {
    const ids = part?.[name] as RootId[] | undefined;
    const unknown = ids?.find((id) => !hasCell(id));
    if (!part || !ids || !unknown) return;
    part[name] = ids.filter(hasCell);
    ignored.push(`cell ${unknown}`);
  };
  keep(picker, "selected", inTable);
  keep(matrix, "selected_pre", (id) => has(shell.panes.matrix, id, "pre"));
  keep(matrix, "selected_post", (id) => has(shell.panes.matrix, id, "post"));
  return { settings, ignored };
}
