/** The map of events: brought nearer by buttons, keys, fingers or Ctrl and the wheel; a mark tells what it is where one points or steps to it.
 *
 * The server's drawing stays: its marks are moved, never redrawn, so that both tell the same. Symbols keep their size, regions grow with the ground.
 * Finer shapes are fetched where one looks closely. Rows of tables in the page ring the place that they tell of.
 */
import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from "d3-zoom";
import { placed, type Mark } from "../base/labels.ts";
import { paths, topology } from "../base/shapes.ts";
import { html, svg } from "../base/svg.ts";

const CLOSEST = 60;
const FINE = 2.2; // from here on finer shapes are fetched
const SOFT = 9; // least radius of a region, in pixels of the drawing
const STEP = 1.6;
const NAMES = 26;

interface Spot {
  element: SVGAElement;
  key: string;
  name: string;
  told: string;
  x: number;
  y: number;
  radius: number;
  reach: number | null;
  first: number; // radius that the server drew a region with
}

/** Words of a mark, taken out of its title, since browsers show titles late and where they like. */
function worded(element: Element): string {
  const title = element.querySelector(":scope > title");
  const words = title?.textContent ?? "";
  title?.remove();
  element.setAttribute("aria-label", words);
  return words;
}

function pointOf(element: Element): [number, number] {
  const found = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(element.getAttribute("transform") ?? "");
  return found ? [Number(found[1]), Number(found[2])] : [0, 0];
}

/** One drawing of the map: what moves in it, and how. */
class Sheet {
  readonly size: readonly [number, number];
  readonly spots: Spot[] = [];
  readonly zooming: ZoomBehavior<SVGSVGElement, unknown>;
  private readonly ground: SVGGElement;
  private readonly words: SVGGElement;
  private readonly fixed: { element: SVGElement; x: number; y: number }[] = [];
  private readonly served: SVGElement[];

  constructor(
    readonly root: SVGSVGElement,
    moved: (sheet: Sheet, at: ZoomTransform, ended: boolean) => void,
  ) {
    const box = root.viewBox.baseVal;
    this.size = [box.width, box.height];
    this.ground = svg("g");
    const first = root.querySelector(":scope > g[id], :scope > use");
    if (first) {
      first.replaceWith(this.ground);
      this.ground.append(first);
    }
    for (const element of root.querySelectorAll<SVGAElement>("a.spot")) {
      const [x, y] = pointOf(element);
      const told = worded(element);
      const radius = Math.max(4, ...[...element.querySelectorAll<SVGGraphicsElement>("path, circle")].map((one) => one.getBBox().width / 2));
      const reach = element.dataset.reach === undefined ? null : Number(element.dataset.reach);
      const name = told.split(":")[0]?.replace(/ and \d+ places? near it$/, "") ?? "";
      const key = element.dataset.key ?? element.dataset.land ?? "";
      this.spots.push({ element, key, name, told, x, y, radius, reach, first: Math.max(SOFT, reach ?? 0) });
    }
    for (const element of root.querySelectorAll<SVGElement>("g.count, g.country")) {
      const text = element.querySelector("text");
      this.fixed.push({ element, x: Number(text?.getAttribute("x")), y: Number(text?.getAttribute("y")) });
    }
    this.served = [...root.querySelectorAll<SVGElement>("g.label")];
    this.words = svg("g");
    root.append(this.words);
    this.zooming = zoom<SVGSVGElement, unknown>()
      .scaleExtent([1, CLOSEST])
      .extent([[0, 0], [box.width, box.height]])
      .translateExtent([[0, 0], [box.width, box.height]])
      .wheelDelta((event: WheelEvent) => Math.max(-0.4, Math.min(0.4, -event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.008))))
      .filter((event: Event) => {
        if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
        if (window.TouchEvent && event instanceof TouchEvent) return event.touches.length > 1; // one finger scrolls the page
        return !(event instanceof MouseEvent && event.button !== 0);
      })
      .on("zoom", (event: D3ZoomEvent<SVGSVGElement, unknown>) => moved(this, event.transform, false))
      .on("end", (event: D3ZoomEvent<SVGSVGElement, unknown>) => moved(this, event.transform, true));
    select(root).call(this.zooming).on("dblclick.zoom", null);
  }

  get isShown(): boolean {
    return this.root.getClientRects().length > 0;
  }

  /** Moves everything to where it belongs. */
  apply(at: ZoomTransform): void {
    this.ground.setAttribute("transform", `translate(${at.x} ${at.y}) scale(${at.k})`);
    for (const spot of this.spots) {
      const [x, y] = [at.applyX(spot.x), at.applyY(spot.y)];
      const grown = spot.reach === null ? 1 : Math.max(SOFT, spot.reach * at.k) / spot.first;
      spot.element.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})${grown === 1 ? "" : ` scale(${grown.toFixed(3)})`}`);
      for (const text of spot.element.querySelectorAll("text")) text.setAttribute("transform", `scale(${(1 / grown).toFixed(3)})`);
    }
    for (const { element, x, y } of this.fixed) element.setAttribute("transform", `translate(${at.applyX(x) - x} ${at.applyY(y) - y})`);
    const whole = at.k < 1.05;
    for (const label of this.served) label.toggleAttribute("hidden", !whole);
    this.words.replaceChildren();
  }

  /** Names for what is in view now; the server's own stand where all is. */
  name(at: ZoomTransform): void {
    this.words.replaceChildren();
    if (at.k < 1.05) return;
    const taken: [number, number][] = [];
    for (const { name, x: x0, y: y0, size } of this.countries) {
      const [x, y] = [at.applyX(x0), at.applyY(y0)];
      if (size * at.k ** 2 < 4000 || x < 30 || y < 12 || x > this.size[0] - 30 || y > this.size[1] - 8) continue;
      if (taken.some(([left, top]) => Math.abs(left - x) < 70 && Math.abs(top - y) < 16)) continue;
      taken.push([x, y]);
      const word = svg("g", { class: "country" });
      word.append(svg("text", { x: x.toFixed(1), y: (y - 8).toFixed(1), "text-anchor": "middle" }, name));
      this.words.append(word);
    }
    const marks: Mark[] = [];
    for (const spot of this.spots) {
      const [x, y] = [at.applyX(spot.x), at.applyY(spot.y)];
      if (spot.reach !== null || !spot.element.dataset.key || x < 0 || y < 0 || x > this.size[0] || y > this.size[1]) continue;
      marks.push({ key: spot.key, words: spot.name, x, y, radius: spot.radius });
    }
    marks.sort((a, b) => b.radius - a.radius || (a.key < b.key ? -1 : 1));
    for (const label of placed(marks, this.size[0], NAMES)) {
      this.words.append(svg("text", { x: label.x.toFixed(1), y: label.y.toFixed(1), "text-anchor": label.anchor, class: "strong" }, label.words));
    }
  }

  /** Countries by the names that this server has for them, the largest first. */
  countries: { name: string; x: number; y: number; size: number }[] = [];

  /** Puts finer shapes in place of those that the server drew; other drawings of the figure show the same ones. */
  async refine(near: string, contested: ReadonlySet<string>): Promise<void> {
    const shapes = this.root.querySelector(".shapes");
    const view = this.root.dataset.view ?? "";
    if (!shapes || !near || !view.startsWith("equal-earth")) return;
    const found = paths(await topology(near), view, contested);
    for (const name of ["land", "border", "unsure"] as const) shapes.querySelector(`:scope > .${name}`)?.setAttribute("d", found[name]);
    for (const tint of shapes.querySelectorAll<SVGAElement>("a[data-land]")) {
      const shape = found.country(tint.dataset.land ?? "");
      if (shape) tint.querySelector("path")?.setAttribute("d", shape);
    }
    const names = await stateNames();
    this.countries = found
      .middles()
      .flatMap(({ code, ...rest }) => (names.has(code) ? [{ name: names.get(code)!, ...rest }] : []))
      .sort((a, b) => b.size - a.size);
  }
}

/** Names of states by their codes. */
async function stateNames(): Promise<Map<string, string>> {
  const answer = await fetch("/api/actors?kind=state&limit=1000");
  if (!answer.ok) return new Map();
  const { items } = (await answer.json()) as { items: { id: string; name: string }[] };
  return new Map(items.map(({ id, name }) => [id, name]));
}

export default function map(figure: HTMLElement): void {
  const box = figure.querySelector<HTMLElement>(".map-box");
  const drawings = [...figure.querySelectorAll<SVGSVGElement>(".map-box > svg")];
  const readout = figure.querySelector<HTMLElement>(".readout");
  if (!box || !drawings.length) return;

  const contested = new Set((figure.dataset.contested ?? "").split(","));
  const tip = html("div", { class: "tip", hidden: "" });
  let now: ZoomTransform = zoomIdentity;
  let fine = false;
  let stepped = -1;
  let busy = false;

  const sheets = drawings.map((root) => new Sheet(root, moved));
  const shown = (): Sheet => sheets.find((sheet) => sheet.isShown) ?? sheets[0]!;
  for (const tint of figure.querySelectorAll("a[data-land]:not(.spot)")) worded(tint);

  function moved(sheet: Sheet, at: ZoomTransform, ended: boolean): void {
    if (busy) return;
    now = at;
    sheet.apply(at);
    hide();
    whole.disabled = at.k <= 1.001;
    less.disabled = at.k <= 1.001;
    more.disabled = at.k >= CLOSEST - 0.01;
    if (!ended) return;
    sheet.name(at);
    if (at.k >= FINE && !fine) {
      fine = true;
      void finer();
    }
  }

  async function finer(): Promise<void> {
    try {
      const [first, ...others] = sheets as [Sheet, ...Sheet[]];
      await first.refine(figure.dataset.near ?? "", contested);
      for (const sheet of others) {
        const ratio = sheet.size[0] / first.size[0];
        sheet.countries = first.countries.map(({ name, x, y, size }) => ({ name, x: x * ratio, y: y * ratio, size: size * ratio ** 2 }));
      }
      shown().name(now);
    } catch {
      fine = false; // coarse shapes stay, and are tried again
    }
  }

  const by = (factor: number): void => void select(shown().root).call(shown().zooming.scaleBy, factor);
  const reset = (): void => void select(shown().root).call(shown().zooming.transform, zoomIdentity);
  const button = (words: string, told: string, act: () => void): HTMLButtonElement => {
    const made = html("button", { type: "button", class: "quiet", "aria-label": told, title: told }, words);
    made.addEventListener("click", act);
    return made;
  };
  const more = button("+", "Nearer", () => by(STEP));
  const less = button("−", "Further away", () => by(1 / STEP));
  const whole = button("All", "All of the map", reset);
  const tools = html("div", { class: "map-tools noprint", role: "group", "aria-label": "Map" });
  tools.append(more, less, whole);
  whole.disabled = less.disabled = true;
  box.append(tools, tip);

  // -- what is under the pointer ----------------------------------------------------------------------------------------
  function hide(): void {
    tip.hidden = true;
  }

  function tell(words: string, x: number, y: number, link: string): void {
    const [head = "", ...rest] = words.split(": ");
    tip.replaceChildren(html("strong", {}, head), html("span", {}, rest.join(": ")), html("span", { class: "muted" }, link));
    tip.hidden = false;
    const [wide, tall] = [tip.offsetWidth, tip.offsetHeight];
    tip.style.left = `${Math.max(4, Math.min(box!.clientWidth - wide - 4, x - wide / 2))}px`;
    tip.style.top = `${y - tall - 14 < 0 ? y + 18 : y - tall - 14}px`;
  }

  function pointed(event: Event): void {
    const mark = (event.target as Element).closest<SVGAElement>("a[aria-label]");
    if (!mark) return hide();
    const frame = box!.getBoundingClientRect();
    const own = mark.classList.contains("spot") ? mark.getBoundingClientRect() : null;
    const pointer = event instanceof MouseEvent ? event : null;
    const [x, y] = own ? [own.left + own.width / 2, own.top] : [pointer?.clientX ?? frame.left, pointer?.clientY ?? frame.top];
    const one = mark.getAttribute("href")?.startsWith("/event/");
    tell(mark.getAttribute("aria-label") ?? "", x - frame.left, y - frame.top, mark.getAttribute("href")?.startsWith("#") ? "" : one ? "Open the event" : "List its events");
  }
  box.addEventListener("pointermove", pointed);
  box.addEventListener("pointerleave", hide);

  // -- keys -------------------------------------------------------------------------------------------------------------
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Map. Arrows move it, plus and minus bring it nearer or further away, 0 shows all, N and P step through places, Enter opens one.");

  function ring(key: string, steady = false): void {
    for (const sheet of sheets) {
      for (const spot of sheet.spots) spot.element.classList.toggle("ringed", key !== "" && spot.key === key);
    }
    for (const tint of figure.querySelectorAll<SVGAElement>("a[data-land]:not(.spot)")) tint.classList.toggle("ringed", key !== "" && tint.dataset.land === key);
    if (!steady) stepped = -1;
  }

  function step(by_: number): void {
    const sheet = shown();
    const order = sheet.spots.filter((spot) => {
      const [x, y] = [now.applyX(spot.x), now.applyY(spot.y)];
      return x >= 0 && y >= 0 && x <= sheet.size[0] && y <= sheet.size[1];
    });
    order.sort((a, b) => b.radius - a.radius || (a.key < b.key ? -1 : 1));
    if (!order.length) return;
    stepped = (stepped + by_ + order.length) % order.length;
    const spot = order[stepped]!;
    ring(spot.key, true);
    const [frame, own] = [box!.getBoundingClientRect(), spot.element.getBoundingClientRect()];
    tell(spot.told, own.left + own.width / 2 - frame.left, own.top - frame.top, "Enter opens it");
    if (readout) readout.textContent = `${stepped + 1} of ${order.length}: ${spot.told}`;
  }

  const keys: Record<string, () => void> = {
    ArrowLeft: () => void select(shown().root).call(shown().zooming.translateBy, 60 / now.k, 0),
    ArrowRight: () => void select(shown().root).call(shown().zooming.translateBy, -60 / now.k, 0),
    ArrowUp: () => void select(shown().root).call(shown().zooming.translateBy, 0, 60 / now.k),
    ArrowDown: () => void select(shown().root).call(shown().zooming.translateBy, 0, -60 / now.k),
    "+": () => by(STEP), "=": () => by(STEP), "-": () => by(1 / STEP), "0": reset,
    n: () => step(1), p: () => step(-1),
    Enter: () => figure.querySelector<SVGAElement>("svg a.ringed")?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })),
    Escape: () => (hide(), ring(""), readout && (readout.textContent = "")),
  };
  box.addEventListener("keydown", (event) => {
    const act = event.target === box && !event.ctrlKey && !event.metaKey && !event.altKey ? keys[event.key] : undefined;
    if (!act) return;
    if (event.key.startsWith("Arrow") && now.k <= 1.001) return; // nothing to move: the page scrolls
    event.preventDefault();
    act();
  });

  // -- rows of the page and marks of the map ----------------------------------------------------------------------------
  const rowOf = (event: Event): string => (event.target as Element).closest<HTMLElement>("tr[data-spot]")?.dataset.spot ?? "";
  for (const name of ["pointerover", "focusin"] as const) document.addEventListener(name, (event) => !box.contains(event.target as Node) && ring(rowOf(event)));

  // A drawing that comes into view when the window changes shows what the one before it did.
  new ResizeObserver(() => {
    hide();
    const sheet = shown();
    const wide = sheets.find((one) => one.root === last) ?? sheet;
    if (sheet.root === last) return;
    const ratio = sheet.size[0] / wide.size[0];
    last = sheet.root;
    busy = true;
    const same = zoomIdentity.translate(now.x * ratio, now.y * ratio).scale(now.k);
    select(sheet.root).call(sheet.zooming.transform, same);
    busy = false;
    moved(sheet, same, true);
  }).observe(box);
  let last: SVGSVGElement = shown().root;
}
