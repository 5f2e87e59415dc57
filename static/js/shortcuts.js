// "/" goes to the search field, as its placeholder says; never while something is being written.
const isWriting = (element) => element.matches("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!field) return;
  event.preventDefault();
  field.focus();
});

// A button with data-print opens the browser's print dialogue.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A drawer of the menu closes when the reader goes elsewhere or presses Escape; without this script its word does it.
const openDrawer = () => document.querySelector(".top details[open]");

for (const away of ["click", "focusin"]) {
  document.addEventListener(away, (event) => {
    const drawer = openDrawer();
    if (drawer && !drawer.contains(event.target)) drawer.open = false;
  });
}

document.addEventListener("keydown", (event) => {
  const drawer = openDrawer();
  if (event.key !== "Escape" || !drawer) return;
  drawer.open = false;
  drawer.querySelector("summary").focus();
});
