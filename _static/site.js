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
});
