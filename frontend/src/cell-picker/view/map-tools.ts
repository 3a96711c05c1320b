// The buttons below the map: what dragging does, and zoom.
import { h, listen } from "../../shared/dom";

/** What dragging on the map does. */
export type Tool = "select" | "filter" | "move";

const TOOLS: Record<Tool, [text: string, title: string]> = {
  select: ["Select", "Draw around cells to select them; with Shift, to add them"],
  filter: ["Filter area", "Draw around an area to show only the cells in it"],
  move: ["Move", "Drag the map"],
};

export interface ToolActions {
  choose(tool: Tool): void;
  /** 0 fits the whole map into the view. */
  zoom(by: number): void;
}

export function mapTools({ choose, zoom }: ToolActions): HTMLElement {
  const tools = Object.entries(TOOLS).map(([tool, [text, title]], i) => {
    const button = h("button", { title, "aria-pressed": String(i === 0) }, text);
    listen(button, "click", () => {
      for (const other of tools) other.setAttribute("aria-pressed", String(other === button));
      choose(tool as Tool);
    });
    return button;
  });
  const zoomButton = (text: string, label: string, by: number) => {
    const button = h("button", { "aria-label": label, title: label }, text);
    listen(button, "click", () => zoom(by));
    return button;
  };
  return h(
    "div",
    { class: "mw-map-buttons", role: "group", "aria-label": "Map" },
    ...tools,
    zoomButton("+", "Zoom in", 2),
    zoomButton("−", "Zoom out", 0.5),
    zoomButton("fit", "Fit the whole map into the view", 0),
  );
}
