/** The forms that a route is read from. */
export const ROUTE_FORMATS = ["gpx", "csv", "ndjson"] as const;
export type RouteFormat = (typeof ROUTE_FORMATS)[number];
