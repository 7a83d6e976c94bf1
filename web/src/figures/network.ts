/** The signed network: an actor lights its ties, a tie says what it is, a triad of the list shows as a triangle. The drawing itself is the server's. */
import { among, neighbours, next } from "../base/links.ts";
import { html } from "../base/svg.ts";

interface Tie {
  element: SVGAElement;
  one: string;
  other: string;
}

export default function network(figure: HTMLElement): void {
  const drawings = [...figure.querySelectorAll<SVGSVGElement>("svg.network")];
  const readout = figure.querySelector<HTMLElement>(".readout");
  if (!drawings.length) return;
  const ties: Tie[] = [...figure.querySelectorAll<SVGAElement>("a.tie")].map((element) => ({ element, one: element.dataset.one ?? "", other: element.dataset.other ?? "" }));
  const nodes = [...figure.querySelectorAll<SVGAElement>("a.node-of")];
  const told = new Map<Element, string>();
  for (const mark of [...ties.map(({ element }) => element), ...nodes]) {
    const title = mark.querySelector(":scope > title");
    told.set(mark, title?.textContent ?? "");
    const [words, shown] = [title?.textContent ?? "", mark.querySelector("text")?.textContent?.trim() ?? ""];
    mark.setAttribute("aria-label", words.includes(shown) ? words : `${shown}, ${words}`); // a name that is spoken holds the words that are seen
    title?.remove();
  }
  let stepped = -1;
  let held: string | null = null; // what was stepped to by keys stays until Escape

  function light(actors: ReadonlySet<string> | null, shows: (tie: Tie) => boolean): void {
    for (const tie of ties) {
      const on = actors !== null && shows(tie);
      tie.element.classList.toggle("on", on);
      tie.element.classList.toggle("dim", actors !== null && !on);
    }
    for (const node of nodes) {
      const on = actors?.has(node.dataset.actor ?? "") ?? false;
      node.classList.toggle("dim", actors !== null && !on);
    }
  }

  function say(words: string): void {
    if (readout) readout.textContent = words;
  }

  function actor(ident: string): void {
    const own = ties.filter(({ one, other }) => one === ident || other === ident);
    light(neighbours(ties, ident), (tie) => tie.one === ident || tie.other === ident);
    for (const node of nodes) node.classList.toggle("on", node.dataset.actor === ident);
    const node = nodes.find((one) => one.dataset.actor === ident);
    const count = new Set(own.map(({ one, other }) => (one === ident ? other : one))).size;
    say(`${node ? told.get(node) : ident}; ${count === 1 ? "one tie" : `${count} ties`} here`);
  }

  function clear(): void {
    light(null, () => false);
    for (const node of nodes) node.classList.remove("on");
    say("");
  }

  function back(): void {
    if (held === null) clear();
    else actor(held);
  }

  for (const drawing of drawings) {
    drawing.addEventListener("pointerover", (event) => {
      const mark = (event.target as Element).closest<SVGAElement>("a");
      if (!mark) return back();
      if (mark.dataset.actor) return actor(mark.dataset.actor);
      const { one = "", other = "" } = mark.dataset;
      light(new Set([one, other]), (tie) => tie.one === one && tie.other === other);
      say(told.get(mark) ?? "");
    });
    drawing.addEventListener("pointerleave", back);
  }

  // Keys: the figure is one stop of the tabulator; arrows go through actors, the most told of first.
  figure.tabIndex = 0;
  figure.setAttribute("aria-label", "Network. Arrow keys step through actors, Enter opens one, Escape ends. The matrix and the list below hold the same ties.");
  figure.addEventListener("keydown", (event) => {
    if (event.target !== figure || event.ctrlKey || event.metaKey || event.altKey) return;
    const shown = nodes.filter((node) => node.getClientRects().length && !node.classList.contains("away"));
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      stepped = next(stepped, by, shown.length);
      held = shown[stepped]?.dataset.actor ?? null;
      back();
    } else if (event.key === "Enter" && held !== null) {
      nodes.find((node) => node.dataset.actor === held)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    } else if (event.key === "Escape") {
      held = null;
      stepped = -1;
      clear();
    }
  });

  // The list of triads beside the figure: each gets a button that shows it.
  const part = figure.closest("#period") ?? document;
  for (const item of part.querySelectorAll<HTMLElement>("[data-triad]")) {
    const three = new Set((item.dataset.triad ?? "").split("|"));
    const show = (): void => {
      light(three, (tie) => among(tie, three));
      say(item.querySelector("strong")?.textContent ?? "");
    };
    if (!item.querySelector("button")) {
      const button = html("button", { type: "button", class: "quiet small" }, "Show");
      button.addEventListener("click", () => {
        held = null;
        show();
        figure.scrollIntoView({ block: "nearest" });
      });
      item.append(" ", button);
    }
    item.addEventListener("pointerenter", show);
    item.addEventListener("pointerleave", back);
  }
}
