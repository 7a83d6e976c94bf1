/** The time line moves: point and read, drag to come nearer, arrow keys from event to event. Every view is an address, and the server draws it. */
import { cardOf } from "../base/card.ts";
import { type Axis, axisOf, dayAt, moved, placeOf, zoomed } from "../base/days.ts";
import { after, between, counted, day, signed, span } from "../base/format.ts";
import { documentAt, swap } from "../base/page.ts";
import { html, svg } from "../base/svg.ts";
import { handles } from "../base/range.ts";

const REACH = 22; // pixels around a mark in which it is meant
const PULL = 6; // pixels from which on a press is a drag
const QUADS = ["material_cooperation", "verbal_cooperation", "verbal_conflict", "material_conflict"] as const;
const KINDS = ["deed of cooperation", "word of cooperation", "word of conflict", "deed of conflict"];
const MANY = ["deeds of cooperation", "words of cooperation", "words of conflict", "deeds of conflict"];
const KEYS = "Arrow keys go from event to event, + and − zoom, [ and ] move, 0 shows all, Enter opens.";
const HELP = matchMedia("(pointer: coarse)").matches ? "Touch to read, draw across to come nearer." : `Point to read, drag to come nearer. ${KEYS}`;

type Column = (number | null)[];
interface Pair extends Record<(typeof QUADS)[number] | "index" | "low" | "high" | "either" | "both", Column> {
  name: string;
  first: string | null;
}
interface Mark {
  link: SVGAElement;
  x: number;
  y: number;
  half: number; // how far it reaches to either side of x
  words: string;
  id: string;
  day: string | null;
}

let pending: AbortController | null = null;
let refocus = false; // whether the keyboard was in the picture that is being replaced

/** Goes to another view of this page: the server draws it, and its parts take the place of those here. */
async function go(figure: HTMLElement, address: string): Promise<void> {
  pending?.abort();
  pending = new AbortController();
  const dim = setTimeout(() => figure.classList.add("busy"), 300);
  try {
    const fresh = await documentAt(address, pending.signal);
    history.replaceState(history.state, "", address);
    document.title = fresh.title;
    swap(fresh, (figure.dataset.parts ?? "figure").split(" "));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    location.assign(address); // the page itself says what is wrong
  } finally {
    clearTimeout(dim);
    figure.classList.remove("busy");
  }
}

class Line {
  private readonly picture: SVGSVGElement;
  private readonly axis: Axis;
  private readonly whole: Axis;
  private readonly marks: Mark[];
  private readonly readout: HTMLElement;
  private readonly cursor: SVGPathElement;
  private readonly box: SVGRectElement;
  private data: Promise<Pair[]> | null = null;
  private current: Mark | null = null;
  private pressed: { x: number; id: number; drags: boolean } | null = null;
  private showing = 0;

  constructor(
    private readonly figure: HTMLElement,
    private readonly plot: HTMLElement,
    picture: SVGSVGElement,
    axis: Axis,
  ) {
    this.picture = picture;
    this.axis = axis;
    const past = figure.querySelector(".past svg");
    this.whole = (past && axisOf(past)) || axis;
    const [top = "0", bottom = "0"] = (picture.getAttribute("data-y") ?? "").split(" ");
    this.cursor = svg("path", { class: "cursor", d: "", "aria-hidden": "true" });
    this.box = svg("rect", { class: "chosen", y: top, height: Number(bottom) - Number(top), width: 0, "aria-hidden": "true" });
    picture.append(this.box, this.cursor);
    this.readout = figure.querySelector<HTMLElement>(".readout") ?? plot.appendChild(html("p", { class: "readout" }));
    this.readout.textContent = HELP;
    this.marks = [...picture.querySelectorAll<SVGAElement>('a[href^="/event/"]')].map((link) => this.markOf(link)).sort((a, b) => a.x - b.x || a.y - b.y);
    this.listen();
    this.buttons();
  }

  private markOf(link: SVGAElement): Mark {
    const { x, y, width, height } = link.getBBox();
    const title = link.querySelector("title");
    const words = title?.textContent ?? "";
    title?.remove(); // the readout tells it, in a place of its own
    link.setAttribute("aria-label", words);
    const id = decodeURIComponent(link.getAttribute("href")?.split("/")[2]?.split("?")[0] ?? "");
    return { link, x: x + width / 2, y: y + height / 2, half: Math.max(0, (width - height) / 2), words, id, day: link.getAttribute("data-day") };
  }

  private listen(): void {
    const { picture } = this;
    picture.addEventListener("pointermove", (event) => this.move(event));
    picture.addEventListener("pointerdown", (event) => this.press(event));
    picture.addEventListener("pointerup", (event) => this.release(event));
    picture.addEventListener("pointercancel", () => this.rest());
    picture.addEventListener("pointerleave", () => this.pressed || this.rest());
    picture.addEventListener("dragstart", (event) => event.preventDefault());
    picture.addEventListener("click", (event) => this.click(event), true);
    picture.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return; // the page scrolls otherwise
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 0.7 : 1.4, this.dayOf(event));
    }, { passive: false });
    this.plot.tabIndex = 0;
    this.plot.setAttribute("role", "group");
    this.plot.setAttribute("aria-label", `${this.figure.querySelector("h2")?.textContent ?? "Time line"}. ${KEYS}`);
    this.plot.addEventListener("keydown", (event) => this.key(event));
    this.figure.addEventListener("click", (event) => this.follow(event));
    this.figure.addEventListener("submit", (event) => this.submit(event));
    if (refocus) this.plot.focus({ preventScroll: true });
    refocus = false;
  }

  private buttons(): void {
    const bar = html("span", { class: "zoom", role: "group", "aria-label": "Zoom" });
    const add = (label: string, words: string, act: () => void): void => {
      const button = html("button", { type: "button", class: "quiet", "aria-label": words, title: words }, label);
      button.addEventListener("click", act);
      bar.append(button);
    };
    add("‹", "Earlier", () => this.shift(-0.5));
    add("›", "Later", () => this.shift(0.5));
    add("+", "Come nearer", () => this.zoom(0.5));
    add("−", "Go further off", () => this.zoom(2));
    this.readout.before(bar);
  }

  /** Where a pointer is, in the units of the picture. */
  private place(event: MouseEvent): { x: number; y: number; unit: number } {
    const edge = this.picture.getBoundingClientRect();
    const unit = this.picture.viewBox.baseVal.width / edge.width;
    return { x: (event.clientX - edge.left) * unit, y: (event.clientY - edge.top) * unit, unit };
  }

  private dayOf(event: MouseEvent): string {
    return dayAt(this.axis, this.place(event).x);
  }

  private near(event: MouseEvent): Mark | null {
    const { x, y, unit } = this.place(event);
    let best: Mark | null = null;
    let least = REACH * unit;
    for (const mark of this.marks) {
      const beside = Math.max(0, Math.abs(mark.x - x) - mark.half); // a bar is near along its whole length, a point on it goes first
      const far = Math.hypot(beside, mark.y - y) + (mark.half ? unit : 0);
      if (far < least) [best, least] = [mark, far];
    }
    return best;
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.pressed = { x: this.place(event).x, id: event.pointerId, drags: false };
  }

  private move(event: PointerEvent): void {
    const { x, unit } = this.place(event);
    if (this.pressed && !this.pressed.drags && Math.abs(x - this.pressed.x) > PULL * unit) {
      this.pressed.drags = true;
      this.picture.setPointerCapture(this.pressed.id);
    }
    if (this.pressed?.drags) {
      const [a, b] = this.dragged(x);
      this.box.setAttribute("x", String(placeOf(this.axis, a)));
      this.box.setAttribute("width", String(placeOf(this.axis, after(b, 1)) - placeOf(this.axis, a)));
      this.say(`${span(a, b)}: ${counted(between(a, b) + 1, "day")}. Let go to see only these.`);
      return;
    }
    const mark = this.near(event);
    this.mark(mark);
    this.line(mark ? mark.x : x);
    void this.read(mark?.day ?? dayAt(this.axis, mark ? mark.x : x), mark);
  }

  private dragged(x: number): [string, string] {
    const ends = [this.pressed?.x ?? x, x].sort((a, b) => a - b);
    return [dayAt(this.axis, ends[0] as number), dayAt(this.axis, ends[1] as number)];
  }

  private release(event: PointerEvent): void {
    const pressed = this.pressed;
    if (pressed?.drags) {
      const [a, b] = this.dragged(this.place(event).x);
      this.show(a, b);
      setTimeout(() => (this.pressed = null)); // the click that follows is none
    } else {
      this.pressed = null;
    }
  }

  private click(event: MouseEvent): void {
    if (this.pressed?.drags) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const mark = this.near(event);
    if (mark && !(event.target as Element).closest("a") && !event.ctrlKey && !event.metaKey) location.assign(mark.link.href.baseVal);
  }

  private rest(): void {
    this.pressed = null;
    this.box.setAttribute("width", "0");
    this.line(this.current?.x ?? null);
    if (!this.current) this.say(HELP);
  }

  private line(x: number | null): void {
    const box = (this.picture.getAttribute("data-y") ?? "0 0").split(" ");
    this.cursor.setAttribute("d", x === null ? "" : `M${x} ${box[0]}V${box[1]}`);
  }

  private mark(mark: Mark | null): void {
    if (mark === this.current) return;
    this.current?.link.classList.remove("near");
    this.current = mark;
    if (!mark) return;
    mark.link.classList.add("near");
    const turn = (this.showing += 1);
    setTimeout(() => void this.card(mark, turn), 120);
  }

  private async card(mark: Mark, turn: number): Promise<void> {
    const box = document.getElementById("picked");
    if (!box || turn !== this.showing || this.current !== mark) return;
    const words = mark.words.slice(mark.words.indexOf(": ") + 2);
    try {
      const parts = await cardOf(mark.id, words, mark.link.href.baseVal);
      if (turn !== this.showing) return;
      box.replaceChildren(...parts);
      box.hidden = false;
    } catch (error) {
      console.warn(error);
    }
  }

  /** The number of what is told next: what is still being fetched for an earlier one then stays away. */
  private turn(): string {
    return (this.figure.dataset.turn = String(Number(this.figure.dataset.turn ?? 0) + 1));
  }

  private say(words: string): void {
    this.turn();
    this.readout.textContent = words;
  }

  private async read(at: string, mark: Mark | null): Promise<void> {
    const turn = this.turn();
    this.data ??= this.fetched();
    const pairs = await this.data;
    if (turn !== this.figure.dataset.turn) return;
    this.readout.textContent = [day(at), ...pairs.map((pair) => told(pair, at, pairs.length > 1)), ...(mark ? [mark.words.slice(mark.words.indexOf(": ") + 2)] : [])].join(" · ");
  }

  private async fetched(): Promise<Pair[]> {
    const answer = await fetch(this.figure.dataset.source ?? "");
    return answer.ok ? ((await answer.json()) as { pairs: Pair[] }).pairs : [];
  }

  // -- other views -----------------------------------------------------------------------------------------------------

  private show(first: string, last: string): void {
    const address = new URL(location.href);
    address.searchParams.set("from", first);
    address.searchParams.set("to", last);
    address.hash = "";
    void go(this.figure, address.pathname + address.search);
  }

  private zoom(factor: number, around?: string): void {
    const middle = around ?? (this.current ? dayAt(this.axis, this.current.x) : after(this.axis.first, Math.floor(between(this.axis.first, this.axis.last) / 2)));
    this.show(...zoomed(this.axis, middle, factor, this.whole));
  }

  private shift(share: number): void {
    this.show(...moved(this.axis, share, this.whole));
  }

  private all(): void {
    const address = new URL(location.href);
    address.searchParams.delete("from");
    address.searchParams.delete("to");
    void go(this.figure, address.pathname + address.search);
  }

  private step(by: number): void {
    if (!this.marks.length) return;
    const place = this.current ? this.marks.indexOf(this.current) + by : by > 0 ? 0 : this.marks.length - 1;
    const mark = this.marks[Math.min(this.marks.length - 1, Math.max(0, place))] as Mark;
    this.mark(mark);
    this.line(mark.x);
    this.readout.setAttribute("aria-live", "polite");
    void this.read(mark.day ?? dayAt(this.axis, mark.x), mark);
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    const acts: Record<string, () => void> = {
      ArrowRight: () => this.step(far), ArrowLeft: () => this.step(-far), Home: () => this.step(-1e6), End: () => this.step(1e6),
      "+": () => this.view(() => this.zoom(0.5)), "=": () => this.view(() => this.zoom(0.5)), "-": () => this.view(() => this.zoom(2)),
      "[": () => this.view(() => this.shift(-0.5)), "]": () => this.view(() => this.shift(0.5)), "0": () => this.view(() => this.all()),
      Enter: () => this.current && location.assign(this.current.link.href.baseVal),
      Escape: () => { this.mark(null); this.rest(); },
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private view(act: () => void): void {
    refocus = true;
    act();
  }

  /** Links to other times of this very page are followed without leaving it. */
  private follow(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement | SVGAElement>(".times a, .past a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = new URL(link.getAttribute("href") ?? "", location.href);
    if (address.pathname !== location.pathname) return;
    event.preventDefault();
    void go(this.figure, address.pathname + address.search);
  }

  private submit(event: SubmitEvent): void {
    const form = (event.target as Element).closest<HTMLFormElement>(".times form");
    if (!form) return;
    event.preventDefault();
    const fields = new URLSearchParams([...new FormData(form)].map(([key, value]) => [key, String(value)]));
    void go(this.figure, `${location.pathname}?${fields.toString()}`);
  }

  /** The strip of the whole history gets two handles. */
  strip(): void {
    const past = this.figure.querySelector<HTMLElement>(".past");
    const picture = past?.querySelector("svg");
    if (past && picture) handles(past, picture, this.whole, [this.axis.first, this.axis.last], (first, last) => this.show(first, last), (words) => this.say(words));
  }
}

/** What a pair's day says, in words. */
function told(pair: Pair, at: string, named: boolean): string {
  const place = pair.first ? between(pair.first, at) : -1;
  const value = (column: Column): number | null => column[place] ?? null;
  const [index, low, high] = [value(pair.index), value(pair.low), value(pair.high)];
  const band = low === null || high === null || named ? "" : `, between ${signed(low)} and ${signed(high)}`;
  const state = index === null ? "not covered" : `index ${signed(index)}${band}`;
  if (named) return `${pair.name}: ${state}`;
  const events = QUADS.map((name, n) => [value(pair[name]) ?? 0, n] as const).filter(([n]) => n).map(([n, kind]) => `${n} ${n === 1 ? KINDS[kind] : MANY[kind]}`);
  const both = value(pair.both);
  return [state, ...events, ...(both ? [`${counted(both, "article")} naming both`] : [])].join(" · ");
}

export default function timeline(figure: HTMLElement): void {
  const plot = figure.querySelector<HTMLElement>(".plot");
  const shown = plot && [...plot.querySelectorAll("svg")].find((picture) => picture.getClientRects().length);
  const axis = shown && axisOf(shown);
  if (!plot || !shown || !axis) return;
  new Line(figure, plot, shown, axis).strip();
}
