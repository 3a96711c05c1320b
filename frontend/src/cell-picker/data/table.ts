// Loads the table of cells, from the saved trait or from Python.
import { readTable, type Table } from "../../shared/columns";
import { gunzip } from "../../shared/gzip";
import type { Place } from "../../shared/mount";
import { loadData } from "../../shared/request";
import type { State } from "../store";

/** Loads the table; a RequestError says why that is not possible. */
export async function loadTable({ model, signal }: Place<State>): Promise<Table> {
  return readTable(await gunzip(await loadData(model, "cells", { signal })));
}
