/** Finds what a page marks with `data-figure="NAME"` and hands it to `figures/NAME.ts`, whose default export takes the element.
 *
 * A page is whole without any of this. A figure is fetched when it comes near the view; with `data-now` at once (what is not seen, or must act
 * early). An element may name several, with spaces between. A figure that fails leaves the page as the server made it.
 */

export type Enhance = (element: HTMLElement) => void | Promise<void>;

async function enhance(element: HTMLElement): Promise<void> {
  for (const name of (element.dataset.figure ?? "").split(/\s+/).filter(Boolean)) {
    try {
      const found = (await import(`../figures/${name}.ts`)) as { default: Enhance };
      await found.default(element);
      element.dataset.live = `${element.dataset.live ?? ""} ${name}`.trim();
    } catch (error) {
      element.dataset.failed = name;
      console.error(`figure ${name}:`, error);
    }
  }
}

const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      void enhance(entry.target as HTMLElement);
    }
  },
  { rootMargin: "400px" },
);

/** Looks through a part of the page; whoever puts new parts in calls it for them. */
export function look(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-figure]:not([data-found])")) {
    element.dataset.found = "";
    if (element.hasAttribute("data-now")) void enhance(element);
    else near.observe(element);
  }
}
