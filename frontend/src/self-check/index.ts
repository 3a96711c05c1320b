// A question that the reader answers for themselves. It is judged on the page, without Python.
import type { RenderProps } from "@anywidget/types";
import { mount } from "../shared/mount";
import type { Question } from "./question";
import "../shared/card.css";
import "./self-check.css";
import { CheckView } from "./view";

const TRAITS = ["question", "options", "several", "number", "because", "name"] as const;

function render(props: RenderProps<Question>): () => void {
  return mount(props, ({ model, signal }) => {
    const question = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])) as Question;
    const { root } = new CheckView(question, signal);
    return {
      element: root,
      setTheme: (theme) => {
        root.dataset.theme = theme;
      },
    };
  });
}

export default { render };
