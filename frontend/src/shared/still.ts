// A displayed widget is followed by its still picture and a line that says how to move it
// (microns_widgets/widgets/_display.py). Both are hidden while the widget is on the page.
import { ALIVE, CHECK_TEXT, STILL_NOTE } from "./contract";

// Python draws the picture once it has displayed the widget, which takes some seconds at most.
const PATIENCE_MS = 20_000;

/** Hides picture and line of a widget until the signal; the returned function brings them back. */
export function replaceStill(el: HTMLElement, signal: AbortSignal): () => void {
  el.classList.add(ALIVE);
  let parts: HTMLElement[] = [];
  const search = () => {
    parts = stillOf(el);
    if (parts.length === 0) return;
    stop();
    for (const part of parts) part.style.setProperty("display", "none", "important");
  };
  const observer = new MutationObserver(search);
  const patience = setTimeout(() => stop(), PATIENCE_MS);
  const stop = () => {
    clearTimeout(patience);
    observer.disconnect();
  };
  const restore = () => {
    stop();
    signal.removeEventListener("abort", restore);
    el.classList.remove(ALIVE);
    // An explorer has several widgets, and one picture.
    if (parts[0]?.previousElementSibling?.querySelector(`.${ALIVE}`)) return;
    for (const part of parts) part.style.removeProperty("display");
  };
  observer.observe(document.documentElement, { childList: true, subtree: true });
  signal.addEventListener("abort", restore);
  search();
  return restore;
}

/**
 * The two outputs after a widget's own, or the text of a question, whatever elements the notebook
 * puts around each.
 */
function stillOf(el: HTMLElement): HTMLElement[] {
  for (let at: Element | null = el; at; at = at.parentElement) {
    const picture = at.nextElementSibling;
    const line = picture?.nextElementSibling;
    if (isAll(picture, CHECK_TEXT)) return [picture];
    if (isPicture(picture) && isAll(line, STILL_NOTE)) return [picture, line];
  }
  return [];
}

// Nothing else may be in them: they could be cells of the notebook, further down.
function isPicture(element: Element | null): element is HTMLElement {
  const picture = element?.matches("img") || element?.querySelector("img");
  return Boolean(picture) && element?.textContent?.trim() === "";
}

function isAll(element: Element | null | undefined, name: string): element is HTMLElement {
  const part = element?.matches(`.${name}`) ? element : element?.querySelector(`.${name}`);
  return Boolean(part) && element?.textContent?.trim() === part?.textContent?.trim();
}
