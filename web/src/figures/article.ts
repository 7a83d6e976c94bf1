/** Words and cards of an article find each other: hover or focus one, see the other. The style sheet does so for the first cards without this. */

export default function article(root: HTMLElement): void {
  const list = root.querySelector<HTMLElement>(".sticky");
  const cards = new Map([...root.querySelectorAll<HTMLElement>(".card[data-n]")].map((card) => [card.dataset.n ?? "", card]));
  const words = (number: string): NodeListOf<HTMLElement> => root.querySelectorAll<HTMLElement>(`.s[data-c~="${CSS.escape(number)}"]`);
  const apart = (): boolean => list !== null && getComputedStyle(list).position === "sticky";
  let lit: Element[] = [];

  const light = (numbers: readonly string[]): void => {
    for (const element of lit) element.classList.remove("on");
    lit = numbers.flatMap((number) => [...words(number), ...(cards.has(number) ? [cards.get(number) as Element] : [])]);
    for (const element of lit) element.classList.add("on");
  };

  /** Brings a card into the view of its list, without moving the page. */
  const bring = (number: string): void => {
    const card = cards.get(number);
    if (!card || !list || !apart()) return;
    const edge = list.getBoundingClientRect();
    const own = card.getBoundingClientRect();
    if (own.top < edge.top || own.bottom > edge.bottom) list.scrollTo({ top: list.scrollTop + own.top - edge.top - 12, behavior: calm() ? "auto" : "smooth" });
  };

  /** The claims that words belong to, their own act first. */
  const numbersOf = (element: Element): string[] => {
    const own = element.getAttribute("href")?.slice(1);
    const first = own ? [...cards.values()].find((card) => card.id === own)?.dataset.n : undefined;
    const all = (element.getAttribute("data-c") ?? "").split(" ").filter(Boolean);
    return [...new Set([...(first ? [first] : []), ...all])];
  };

  const meet = (event: Event): void => {
    const target = event.target as Element;
    const card = target.closest<HTMLElement>(".card[data-n]");
    const piece = target.closest(".s[data-c]");
    if (card) light([card.dataset.n ?? ""]);
    else if (piece) {
      const numbers = numbersOf(piece);
      light(numbers);
      if (numbers[0]) bring(numbers[0]);
    }
  };
  const leave = (event: Event): void => {
    if ((event.target as Element).closest(".card[data-n], .s[data-c]")) light([]);
  };
  for (const name of ["pointerover", "focusin"]) root.addEventListener(name, meet);
  for (const name of ["pointerout", "focusout"]) root.addEventListener(name, leave);

  root.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a.s[href^='#']");
    const card = link && document.getElementById(link.hash.slice(1));
    if (!card || !apart() || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the list scrolls, the text stays where it is read
    for (const other of root.querySelectorAll(".card.lit")) other.classList.remove("lit");
    card.classList.add("lit");
    history.replaceState(history.state, "", link.hash);
    bring(card.dataset.n ?? "");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest("input, textarea, select")) return;
    const links = [...root.querySelectorAll<HTMLAnchorElement>("a.s[href^='#']")].filter((link, n, all) => all[n - 1]?.hash !== link.hash);
    const place = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === "n") links[Math.min(links.length - 1, place + 1)]?.focus();
    else if (event.key === "p") links[Math.max(0, place - 1)]?.focus();
    else return;
    event.preventDefault();
  });
}

function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
