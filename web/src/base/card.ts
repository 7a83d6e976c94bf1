/** An event as a card: what, when, by how many, in which words; asked of the server once. */
import { counted, day, range } from "./format.ts";
import { html } from "./svg.ts";

interface Told {
  event: {
    id: string;
    date: string | null;
    date_precision: string | null;
    articles: number;
    origins_low: number;
    origins_high: number;
    headline: string | null;
    headline_claim: string | null;
    quad: string | null;
  };
  claims: { claim: string; article: string; said: { publisher: string | null; title: string | null; published: string | null } | null }[];
}

const known = new Map<string, Promise<Told>>();

async function fetched(id: string): Promise<Told> {
  const asOf = new URLSearchParams(location.search).get("as_of");
  const answer = await fetch(`/api/events/${encodeURIComponent(id)}${asOf ? `?as_of=${encodeURIComponent(asOf)}` : ""}`);
  if (!answer.ok) throw new Error(`event ${id}: ${answer.status}`);
  return (await answer.json()) as Told;
}

/** The parts of the card of an event. `words`: what it is called; `link`: its page. Rejects where the server does not tell it. */
export async function cardOf(id: string, words: string, link: string): Promise<HTMLElement[]> {
  if (!known.has(id)) known.set(id, fetched(id));
  const { event, claims } = await (known.get(id) as Promise<Told>).catch((error: unknown) => {
    known.delete(id);
    throw error;
  });
  const title = html("h2");
  title.append(html("a", { href: link }, words));
  const alone = range(event.origins_low, event.origins_high);
  const parts = [
    html("p", { class: "kicker" }, day(event.date, event.date_precision)),
    title,
    html("p", { class: "small muted" }, `${counted(event.articles, "article")}, ${alone} independent`),
  ];
  const best = claims.find((one) => one.claim === event.headline_claim);
  if (event.headline) {
    const quote = html("p", { class: "quote" });
    const sentence = event.headline.split(/\s+/).join(" ");
    if (best) {
      const where = `/article/${encodeURIComponent(best.article)}?claim=${encodeURIComponent(best.claim)}#at`;
      quote.append(html("a", { href: where }, sentence));
      const source = best.said?.publisher ?? best.said?.title;
      parts.push(quote, html("p", { class: "small muted" }, [source, best.said?.published ? day(best.said.published) : ""].filter(Boolean).join(", ")));
    } else {
      quote.textContent = sentence;
      parts.push(quote);
    }
  }
  return parts;
}
