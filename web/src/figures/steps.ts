/** A slider through the periods of a page. The server draws each; the part `#period` of its page takes the place of the one here.
 *
 * While one drags only the name of the period changes; where one stops its page is fetched, and the neighbours of it after that, so that the next
 * step is there at once. The address follows, without a new entry in the history for every step.
 */
import { documentAt, swap } from "../base/page.ts";
import { html } from "../base/svg.ts";

const KEPT = 80;
const PATIENCE = 120; // milliseconds without a move after which one has stopped

const pages = new Map<string, Promise<Document>>();

function pageOf(address: string): Promise<Document> {
  let found = pages.get(address);
  if (!found) {
    found = documentAt(address);
    pages.set(address, found);
    found.catch(() => pages.delete(address));
    if (pages.size > KEPT) pages.delete(pages.keys().next().value as string);
  }
  return found;
}

export default function steps(bar: HTMLElement): void {
  const links = [...bar.querySelectorAll<HTMLAnchorElement>("a[data-step]")];
  let now = links.findIndex((link) => link.hasAttribute("aria-current"));
  if (links.length < 2 || now < 0) return;
  const slider = html("input", { type: "range", min: "0", max: String(links.length - 1), value: String(now), "aria-label": "Period" });
  const told = html("output", {}, links[now]!.dataset.step);
  const arrow = (words: string, by: number, label: string): HTMLButtonElement => {
    const made = html("button", { type: "button", class: "quiet", "aria-label": label }, words);
    made.addEventListener("click", () => void go(now + by));
    return made;
  };
  const [before, after] = [arrow("◂", -1, "The period before"), arrow("▸", 1, "The period after")];
  bar.replaceChildren(before, slider, after, told);
  let timer = 0;

  function name(): void {
    told.textContent = links[now]!.dataset.step ?? "";
    slider.setAttribute("aria-valuetext", told.textContent);
    before.disabled = now === 0;
    after.disabled = now === links.length - 1;
  }

  async function go(number: number): Promise<void> {
    if (number < 0 || number >= links.length) return;
    now = number;
    slider.value = String(number);
    name();
    const link = links[number]!;
    const period = document.getElementById("period");
    period?.classList.add("waiting");
    try {
      const page = await pageOf(link.href);
      if (now !== number) return;
      const scrolled = document.querySelector(".scroll")?.scrollLeft ?? 0;
      swap(page, ["period"]);
      document.querySelector(".scroll")?.scrollTo({ left: scrolled });
      const lead = page.querySelector(".head .lead")?.textContent;
      const here = document.querySelector(".head .lead");
      if (lead && here) here.textContent = lead;
      history.replaceState(null, "", link.href);
      document.title = page.title;
      for (const step of [1, -1, 2, -2]) if (links[number + step]) pageOf(links[number + step]!.href).catch(() => undefined); // asked again where it is needed
    } catch {
      period?.classList.remove("waiting");
      told.textContent = `${link.dataset.step}: no answer, try again`;
    }
  }

  slider.addEventListener("input", () => {
    now = Number(slider.value);
    name();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void go(now), PATIENCE);
  });
  slider.addEventListener("keydown", (event) => {
    const by = { "[": -1, "]": 1 }[event.key];
    if (by) void go(now + by);
  });
  name();
}
