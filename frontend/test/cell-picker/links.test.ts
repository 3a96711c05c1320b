// Links from the chosen cell to other sites; Python writes them (tables/cell_links.py).
import { expect, test, vi } from "vitest";
import { newModel, show } from "./mounted-picker";

const [CHOSEN, OTHER] = ["864691135000000000", "864691135000000001"];
const TUTORIAL = "https://tutorial.microns-explorer.org/annotation-tables.html";
const LINKS = {
  links: [
    [
      "Neuroglancer ↗",
      "Neuroglancer: images of cell $id (new tab)",
      "https://em.example/$id/[$at]",
    ],
    ["Cell types ↗", "Cell types: described in the tutorial (new tab)", TUTORIAL],
  ] as [string, string, string][],
  at: { [CHOSEN]: [191_712, 136_928, 22_487] },
};

test("the chosen cell has links, and what Python has no position of has none", async () => {
  const model = newModel({ value: CHOSEN, links: LINKS });
  const picker = await show(model);
  const links = () => [...picker.el.querySelectorAll<HTMLAnchorElement>(".mw-links a")];
  expect(links().map(({ href }) => decodeURI(href))).toEqual([
    `https://em.example/${CHOSEN}/[191712,136928,22487]`,
    TUTORIAL,
  ]);
  expect(links()[0]?.getAttribute("aria-label")).toContain(`images of cell ${CHOSEN}`);
  expect(links().map(({ target, rel }) => `${target} ${rel}`)).toEqual(
    Array(2).fill("_blank noopener"),
  );
  model.set("value", OTHER);
  await vi.waitFor(() => expect(links()).toEqual([]));
  model.set("links", { ...LINKS, at: { [OTHER]: [1, 2, 3] } });
  await vi.waitFor(() => expect(links()[0]?.href).toContain(`${OTHER}/[1,2,3]`));
});

test("a link with the focus keeps it when cells are selected", async () => {
  const model = newModel({ value: CHOSEN, links: LINKS });
  const picker = await show(model);
  const link = picker.find(".mw-links a");
  link.focus();
  model.set("selected", [OTHER]);
  await vi.waitFor(() => expect(picker.status).toContain("1 selected"));
  expect(document.activeElement).toBe(link);
});

test("the sample's cells have no links", async () => {
  const picker = await show(newModel({ value: CHOSEN, links: {} }));
  expect(picker.el.querySelectorAll("a[target]")).toHaveLength(0);
});
