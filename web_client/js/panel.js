/** The panels beside the pictures: the focus goes in when one opens and back to its button when it closes; Escape closes it. */

/** @type {string | null} */
let open = null;

/** Called after each drawing. @param {string | null} panel the one that is open */
export function followPanel(panel) {
  if (panel === open) return;
  const before = open;
  open = panel;
  if (panel !== null) document.getElementById(`panel-${panel}`)?.querySelector("h2")?.focus();
  else document.getElementById(`opens-${before}`)?.focus();
}

/** @param {() => void} close */
export function onEscape(close) {
  addEventListener("keydown", (event) => {
    // A dialog above it takes the key for itself.
    if (event.key === "Escape" && document.querySelector("dialog[open]") === null) close();
  });
}
