/** Finer shapes, for maps that are looked at closely: fetched once, drawn by the same views as the server's. */
import { geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";
import type { Feature, MultiPolygon, Polygon } from "geojson";
import type { GeometryCollection, Topology } from "topojson-specification";
import { projected } from "./projection.ts";

type World = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

const kept = new Map<string, Promise<World>>();

/** The topology at an address of this server. */
export function topology(address: string): Promise<World> {
  let found = kept.get(address);
  if (!found) {
    found = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return answer.json() as Promise<World>;
    });
    kept.set(address, found);
    found.catch(() => kept.delete(address));
  }
  return found;
}

export interface Paths {
  land: string;
  border: string;
  unsure: string;
  country(code: string): string;
  /** Middle of the largest part of each country and square pixels of all of it, in pixels of the view. */
  middles(): { code: string; x: number; y: number; size: number }[];
}

/** Paths in tenths of a pixel, as the server writes them. `contested`: pairs of codes in order, as "IND PAK". */
export function paths(world: World, view: string, contested: ReadonlySet<string>): Paths {
  const [kind, scale, x, y, ...centre] = view.split(" ");
  const tenths = [kind, ...[scale, x, y].map((part) => 10 * Number(part)), ...centre].join(" ");
  const draw = geoPath(projected(tenths)).digits(0);
  const { countries } = world.objects;
  const shown = { ...countries, geometries: countries.geometries.filter((one) => one.id !== "ATA") };
  const between = (wanted: boolean): string =>
    draw(mesh(world, countries, (a, b) => a !== b && contested.has([String(a.id), String(b.id)].sort().join(" ")) === wanted)) ?? "";
  return {
    land: draw(feature(world, shown)) ?? "",
    border: between(false),
    unsure: between(true),
    middles() {
      return countries.geometries.map((own) => {
        const whole = (feature(world, own) as Feature<Polygon | MultiPolygon>).geometry;
        const parts = whole.type === "MultiPolygon" ? whole.coordinates.map((coordinates) => ({ type: "Polygon" as const, coordinates })) : [whole];
        const [first] = parts.map((part) => ({ part, size: draw.area(part) })).sort((a, b) => b.size - a.size);
        const [x, y] = draw.centroid(first!.part);
        return { code: String(own.id), x: x / 10, y: y / 10, size: draw.area(whole) / 100 };
      });
    },
    country(code) {
      const own = countries.geometries.filter((one) => one.id === code);
      return own.length ? (draw(feature(world, { type: "GeometryCollection", geometries: own })) ?? "") : "";
    },
  };
}
