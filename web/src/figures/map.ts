/** The map of events. */
export default function map(element: HTMLElement): void {
  element.dataset.zoom = "1";
}
