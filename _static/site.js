// The theme gives some buttons a name that differs from their text, and others no name. Users of voice
// control say the text, and users of screen readers hear the name.
addEventListener("DOMContentLoaded", () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  for (const element of all(".search-button__button, summary")) {
    if (element.textContent.trim()) element.removeAttribute("aria-label");
    else element.setAttribute("aria-label", "Pages within");
  }
  for (const button of all(".theme-switch-button")) {
    button.setAttribute("aria-label", "Light, dark or as the system");
  }
});
