// The activity player's module; microns_widgets/widgets/activity_player.py is its Python side.
import type { RenderProps } from "@anywidget/types";
import { linkedView } from "../shared/linked";
import { mountWhenLoaded, type Place } from "../shared/mount";
import { loadData } from "../shared/request";
import { type Networks, readNetworks } from "./data/networks";
import type { State } from "./state";
import { Store } from "./store";
import "./view/player.css";
import { PlayerView } from "./view/player-view";

const TIMEOUT_MS = 120_000;

function render(props: RenderProps<State>): () => void {
  return mountWhenLoaded(props, { name: "network", load }, (place, data) =>
    linkedView(place, (hover) => {
      const store = new Store(place, data);
      const view = new PlayerView(store, place, hover);
      return {
        element: view.element,
        setTheme: (theme) => view.setTheme(theme),
        light: (ids) => store.light(ids),
        linked: { kind: "player", has: (_side, id) => store.rowOf(id) >= 0 },
      };
    }),
  );
}

async function load({ model, signal }: Place<State>): Promise<Networks> {
  return readNetworks(await loadData(model, "networks", { signal, timeout: TIMEOUT_MS }));
}

export default { render };
