// The theme gives some buttons a name that differs from the text on them; whoever speaks to a
// browser says what stands there. Without the name, the text is the name.
addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll(
    ".search-button__button[aria-label], summary[aria-label]",
  )) {
    element.removeAttribute("aria-label");
  }
  for (const button of document.querySelectorAll(".theme-switch-button")) {
    button.setAttribute("aria-label", "Light, dark or as the system");
  }
});
