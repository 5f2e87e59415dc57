// One key does what an element with data-shortcut does: a field is focused, a link or button pressed. j and k walk
// along the links marked data-row. Never while something is being written, and a reader may switch them off.
const isWriting = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const SWITCH = "one-key-shortcuts";
const areOff = () => localStorage.getItem(SWITCH) === "off";

function walk(step) {
  const rows = [...document.querySelectorAll("a[data-row]")];
  const place = rows.indexOf(document.activeElement);
  rows[place < 0 ? 0 : Math.min(Math.max(place + step, 0), rows.length - 1)]?.focus();
}

function press(element) {
  if (element.matches("input")) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target) || areOff()) return;
  const element = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  const step = { j: 1, k: -1 }[event.key];
  if ((!element && !step) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  if (element) press(element);
  else walk(step);
});

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = !areOff();
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
}

// A button with data-opens shows the dialogue of that id.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens]");
  if (button) document.getElementById(button.dataset.opens).showModal();
});

// A button with data-print opens the browser's print dialogue.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A drawer closes when the reader goes elsewhere or presses Escape; without this script its word does it.
const openDrawer = () => document.querySelector(".top details[open], details.drawer[open]");

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
