// Everything here is a convenience: each page is whole without it.
import htmx from "htmx.org";

// After a filter, the reader of a screen hears the new count, and the keyboard stays where the results begin.
document.addEventListener("htmx:after:swap", () => {
  document.getElementById("found-title")?.focus({ preventScroll: true });
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText.trim());
  document.getElementById(button.dataset.said).textContent = button.dataset.done;
});

// Buttons that only a script can serve are hidden until there is one.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
}

window.htmx = htmx;
