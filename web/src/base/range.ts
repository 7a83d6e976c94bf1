/** Two handles over a strip of the whole history: native range inputs, so that keys, fingers and screen readers have them too. */
import { type Axis, length, placeOf } from "./days.ts";
import { after, between, counted, span } from "./format.ts";
import { html } from "./svg.ts";

/** Puts the handles in. `shown`: first and last day in view; `show`: is told new ones when a handle is let go; `tell`: is told the days meanwhile. */
export function handles(
  strip: HTMLElement, picture: SVGSVGElement, whole: Axis, shown: readonly [string, string], show: (first: string, last: string) => void, tell: (words: string) => void,
): void {
  const wide = picture.viewBox.baseVal.width || 960;
  const rail = html("div", { class: "rail" });
  rail.style.left = `${(100 * whole.left) / wide}%`;
  rail.style.width = `${(100 * (whole.right - whole.left)) / wide}%`;
  const most = length(whole) - 1;
  const [first, last] = [shown[0] < whole.first ? 0 : between(whole.first, shown[0]), shown[1] > whole.last ? most : between(whole.first, shown[1])];
  const make = (value: number, words: string): HTMLInputElement => {
    const input = html("input", { type: "range", min: "0", max: String(most), step: "1", "aria-label": words });
    input.value = String(value);
    return input;
  };
  const begin = make(first, "First day shown");
  const end = make(last, "Last day shown");
  const frame = picture.querySelector<SVGRectElement>(".window");
  const days = (): [string, string] => {
    const ends = [Number(begin.value), Number(end.value)].sort((a, b) => a - b);
    return [after(whole.first, ends[0] as number), after(whole.first, ends[1] as number)];
  };
  const say = (): void => {
    const [a, b] = days();
    begin.setAttribute("aria-valuetext", span(a, a));
    end.setAttribute("aria-valuetext", span(b, b));
    frame?.setAttribute("x", String(placeOf(whole, a)));
    frame?.setAttribute("width", String(Math.max(3, placeOf(whole, after(b, 1)) - placeOf(whole, a))));
  };
  for (const input of [begin, end]) {
    input.addEventListener("input", () => {
      say();
      const [a, b] = days();
      tell(`${span(a, b)}: ${counted(between(a, b) + 1, "day")}`);
    });
    input.addEventListener("change", () => show(...days()));
  }
  say();
  rail.append(begin, end);
  strip.append(rail);
}
