/** The bar that moves while somebody speaks. Drawn outside of the views: ten times a second is not their pace. */
export class LevelBar {
  #fill = document.createElement("span");
  #told = 0;

  constructor() {
    this.element = document.createElement("div");
    this.element.className = "level";
    this.element.setAttribute("role", "meter");
    this.element.setAttribute("aria-valuemin", "0");
    this.element.setAttribute("aria-valuemax", "100");
    this.element.append(this.#fill);
    this.set(0);
  }

  /** @param {string} name */
  label(name) {
    this.element.setAttribute("aria-label", name);
    return this.element;
  }

  /** @param {number} level 0 to 1 */
  set(level) {
    this.#fill.style.setProperty("transform", `scaleX(${level.toFixed(3)})`);
    const now = Date.now();
    if (now - this.#told < 1000) return;
    this.#told = now;
    this.element.setAttribute("aria-valuenow", String(Math.round(level * 100)));
  }
}
