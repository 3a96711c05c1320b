// The theme gives some buttons a name that differs from the text on them, and others none. People who
// use voice control say the text that they see, and screen readers read the name.
addEventListener("DOMContentLoaded", () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  for (const element of all(".search-button__button, summary")) {
    if (element.textContent.trim()) element.removeAttribute("aria-label");
    else element.setAttribute("aria-label", "Pages within");
  }
  for (const button of all(".theme-switch-button")) {
    button.setAttribute("aria-label", "Light, dark or as the system");
  }
  // The theme listens to the first of each kind, which is in the bar that this site hides. Without this,
  // no contents open on a phone.
  for (const kind of [".primary-toggle", ".secondary-toggle"]) {
    const [listens, ...others] = all(kind);
    for (const button of others) button.addEventListener("click", () => listens.click());
  }
  // What leads to a section of this page also closes the contents, which would lie above it. The theme
  // then focuses the button that opened them, and only after that may the page move.
  addEventListener("click", (event) => {
    const link = event.target.closest('dialog a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    const dialog = link.closest("dialog");
    dialog.addEventListener("close", () => setTimeout(() => (location.hash = link.hash)), { once: true });
    dialog.close();
  });
});
