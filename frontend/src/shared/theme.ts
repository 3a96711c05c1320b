// Whether the page around a widget is light or dark, in every host that shows notebooks.
import { luminance } from "./contrast";

export type Theme = "light" | "dark";

// Where hosts store their theme: an attribute of <body> or <html>, and its values.
const HOSTS = [
  // JupyterLab and Notebook 7
  { attribute: "data-jp-theme-light", dark: "false", light: "true" },
  // Jupyter Book. In the mode "auto" this is the browser's preference.
  { attribute: "data-theme", dark: "dark", light: "light" },
  // Colab
  { attribute: "theme", dark: "dark", light: "light" },
];
// VS Code has an attribute too, but draws widgets on white whatever its theme: its attribute
// counts only where there is no background.
const VSCODE = "data-vscode-theme-kind";

/** The theme of the page around an element. */
export function theme(el: Element): Theme {
  for (const { attribute, dark, light } of HOSTS) {
    const value = hostValue(attribute);
    if (value === dark) return "dark";
    if (value === light) return "light";
  }
  const behind = backgroundLuminance(el);
  if (behind !== null) return behind < 0.4 ? "dark" : "light";
  const vscode = hostValue(VSCODE);
  if (vscode) return /light$/.test(vscode) ? "light" : "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Calls back at once and whenever the theme changes; the returned function stops this. */
export function watchTheme(el: Element, callback: (theme: Theme) => void): () => void {
  let last: Theme | undefined;
  const update = () => {
    const current = theme(el);
    if (current !== last) callback(current);
    last = current;
  };
  const observer = new MutationObserver(update);
  const options = { attributeFilter: [...WATCHED, "class", "style"] };
  observer.observe(document.documentElement, options);
  observer.observe(document.body, options);
  const preference = matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", update);
  update();
  // Some hosts make a view before they add it to the page: only there it has a background.
  const added = new ResizeObserver(() => {
    if (el.isConnected) added.disconnect();
    update();
  });
  if (!el.isConnected) added.observe(el);
  return () => {
    observer.disconnect();
    added.disconnect();
    preference.removeEventListener("change", update);
  };
}

const WATCHED = [...HOSTS.map((host) => host.attribute), VSCODE];

function hostValue(name: string): string | null {
  return document.body.getAttribute(name) ?? document.documentElement.getAttribute(name);
}

/** Relative luminance, 0 to 1, of the first opaque background behind an element. */
export function backgroundLuminance(el: Element): number | null {
  for (let at: Element | null = el; at; at = at.parentElement) {
    const parts =
      getComputedStyle(at)
        .backgroundColor.match(/[\d.]+/g)
        ?.map(Number) ?? [];
    if (parts.length >= 3 && (parts[3] ?? 1) > 0.5) return luminance(parts);
  }
  return null;
}
