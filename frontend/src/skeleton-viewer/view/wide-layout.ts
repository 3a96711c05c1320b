// In a wide viewer of given height, such as an enlarged part of the explorer, the table is beside the
// picture: one above the other, neither would become higher than in a narrow viewer.

/** From this width in pixels the picture, the profile and the table have room side by side. */
const WIDE = 760;

/** Follows the size of a viewer; its style sheet does the rest. Returns what ends it. */
export function watchWidth(viewer: HTMLElement): () => void {
  const observer = new ResizeObserver(() => {
    const given = getComputedStyle(viewer).getPropertyValue("--mw-part-height") !== "";
    viewer.classList.toggle("skv-wide", given && viewer.offsetWidth >= WIDE);
  });
  observer.observe(viewer);
  return () => observer.disconnect();
}
