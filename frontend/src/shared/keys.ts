// Keeps keys that are pressed in a widget from the notebook, which would delete or change its cell.
import { listen } from "./dom";

// Editing commands belong to the widget: copy, undo, select all.
const OWN_COMMANDS = /^[acvxyz]$/i;

/**
 * Keeps all keys that are pressed inside an element from the page around it, except commands
 * with Ctrl or Cmd that the widget does not use, such as saving the notebook.
 */
export function keepKeys(root: HTMLElement): void {
  // Notebook 7 listens before any element does. It respects this attribute, but asks the focused
  // element first, which fits the selector of its commands, and only then the elements around it.
  const suppress = (element: EventTarget | null) => {
    if (element instanceof HTMLElement || element instanceof SVGElement)
      element.dataset.lmSuppressShortcuts = "true";
  };
  suppress(root);
  listen(root, "focusin", (event) => suppress(event.target));
  for (const type of ["keydown", "keypress", "keyup"] as const) {
    listen(root, type, (event) => {
      event.stopPropagation();
      const command = type === "keydown" && (event.ctrlKey || event.metaKey);
      if (!command || event.defaultPrevented || OWN_COMMANDS.test(event.key)) return;
      const copy = new KeyboardEvent(event.type, event);
      if (root.parentElement?.dispatchEvent(copy) === false) event.preventDefault();
    });
  }
}
