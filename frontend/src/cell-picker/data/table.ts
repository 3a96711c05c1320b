// The table of cells, from the saved trait or from Python, packed and compressed.
import type { AnyModel } from "@anywidget/types";
import { readTable, type Table } from "../../shared/columns";
import { gunzip } from "../../shared/gzip";
import { ask } from "../../shared/request";
import type { State } from "../store";

/** Loads the table; a RequestError says why it cannot be had. */
export async function loadTable(model: AnyModel<State>, signal: AbortSignal): Promise<Table> {
  const packed = model.get("data") ?? (await ask(model, "cells", null, { signal })).buffers[0];
  if (!packed) throw new Error("Python sent no table of cells.");
  return readTable(await gunzip(packed));
}
