/** The menu at a figure that saves it: as a picture (PNG, SVG), its data, its address. For every figure, whoever drew it. */
import { pictureOf, pixelsOf, textOf, titleOf } from "../base/picture.ts";
import { html } from "../base/svg.ts";

function save(blob: Blob, name: string): void {
  const link = html("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A name for a file from a title. */
function named(title: string, ending: string): string {
  const words = title.normalize("NFKD").replace(/[^\p{Letter}\p{Number}]+/gu, "-").replace(/^-+|-+$/g, "").toLowerCase();
  return `detente-${words.slice(0, 80) || "figure"}.${ending}`;
}

/** The data of a table of the figure as CSV, for figures that have no file of their own. */
function tableOf(figure: Element): string | null {
  const table = figure.querySelector("table");
  if (!table) return null;
  const cell = (words: string): string => {
    const plain = words.replace(/\s+/g, " ").trim();
    const safe = /^[=+\-@]/.test(plain) && Number.isNaN(Number(plain.replace("−", "-"))) ? `'${plain}` : plain;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [...table.rows].map((row) => [...row.cells].map((one) => cell(one.textContent ?? "")).join(",")).join("\r\n");
}

export default function exporting(figure: HTMLElement): void {
  const list = figure.querySelector(".save > ul") ?? made(figure);
  const menu = list.closest("details");
  const has = (words: string): boolean => [...list.children].some((one) => one.textContent?.includes(words));
  const add = (words: string, act: () => void | Promise<void>, first = false): void => {
    const button = html("button", { type: "button" }, words);
    const row = html("li");
    row.append(button);
    button.addEventListener("click", () => {
      void Promise.resolve(act()).then(
        () => menu?.removeAttribute("open"),
        (error: unknown) => {
          console.error(error);
          button.textContent = `${words}: this browser cannot do it`;
        },
      );
    });
    if (first) list.prepend(row);
    else list.append(row);
  };

  if (!has("SVG")) add("Picture (SVG)", () => {
    const picture = pictureOf(figure);
    if (picture) save(new Blob([textOf(picture)], { type: "image/svg+xml" }), named(titleOf(figure), "svg"));
  }, true);
  add("Picture (PNG)", async () => {
    const picture = pictureOf(figure);
    if (picture) save(await pixelsOf(picture), named(titleOf(figure), "png"));
  }, true);
  if (!has("CSV") && figure.querySelector("table")) add("Data (CSV)", () => save(new Blob([tableOf(figure) ?? ""], { type: "text/csv" }), named(titleOf(figure), "csv")));

  for (const link of list.querySelectorAll("a")) {
    if (!link.textContent?.includes("Address")) continue;
    link.addEventListener("click", (event) => {
      if (!navigator.clipboard) return;
      event.preventDefault();
      const before = link.textContent;
      void navigator.clipboard.writeText(location.href).then(() => {
        link.textContent = "The address is copied";
        setTimeout(() => (link.textContent = before), 2000);
      });
    });
  }
  menu?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu?.open && !menu.contains(event.target as Node)) menu.open = false;
  });
}

/** A menu for a figure whose page has none. */
function made(figure: HTMLElement): Element {
  const menu = html("details", { class: "save noprint" });
  const list = html("ul", { class: "plain" });
  menu.append(html("summary", {}, "Save this figure"), list);
  figure.append(menu);
  return list;
}
