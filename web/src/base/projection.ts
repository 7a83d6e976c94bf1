/** The projections of the maps. A view is told in words, as the server writes it: "equal-earth 184.7 500 228" (scale, then where 0° 0° stands) or
 * "azimuthal 900 160 120 35.1 38.4" (scale, where its centre stands, then longitude and latitude of that). Areas are true in both. */
import { geoAzimuthalEqualArea, geoEqualEarth, type GeoProjection } from "d3-geo";

/** The projection of a view. Throws for words that are none. */
export function projected(view: string): GeoProjection {
  const [kind, ...words] = view.split(" ");
  const [scale, x, y, lon = 0, lat = 0] = words.map(Number);
  if (scale === undefined || x === undefined || y === undefined || !Number.isFinite(scale + x + y + lon + lat)) throw new Error(`no view: ${view}`);
  const raw = kind === "equal-earth" ? geoEqualEarth() : kind === "azimuthal" ? geoAzimuthalEqualArea().rotate([-lon, -lat]) : null;
  if (!raw) throw new Error(`no view: ${view}`);
  return raw.scale(scale).translate([x, y]).precision(0.1);
}
