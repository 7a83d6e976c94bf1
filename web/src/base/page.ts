/** Pages of our own as documents: parts of them take the place of the same parts here.
 *
 * The policy of the pages forbids to make elements from text. A request whose answer is a document is parsed by the browser itself, with no script
 * of it run, so this way stays open; and the server draws each figure in one place only.
 */
import { look } from "./look.ts";

/** The document at an address of this server. Rejects with an Error where there is none. */
export function documentAt(address: string, signal?: AbortSignal): Promise<Document> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.addEventListener("load", () => {
      if (request.status === 200 && request.responseXML) done(request.responseXML);
      else failed(new Error(`${address}: ${request.status}`));
    });
    request.addEventListener("error", () => failed(new Error(`${address}: no answer`)));
    request.addEventListener("abort", () => failed(new DOMException("given up", "AbortError")));
    signal?.addEventListener("abort", () => request.abort());
    request.send();
  });
}

/** Puts the parts of a document in place of those here that have the same ids. Ids that either lacks are left alone. */
export function swap(from: Document, ids: readonly string[]): void {
  for (const id of ids) {
    const here = document.getElementById(id);
    const there = from.getElementById(id);
    if (!here || !there) continue;
    const fresh = document.importNode(there, true);
    here.replaceWith(fresh);
    look(fresh.parentNode ?? document);
  }
}
