/**
 * Whether a page of this origin may open a WebSocket: browsers ask nobody else, unlike with fetch. Pages of the server's own host
 * may, and those that are allowed by name.
 *
 * @param origin the request's Origin field; undefined: it is no page's
 * @param host the request's Host field
 */
export function isAllowedOrigin(origin: string | undefined, host: string, allowed: readonly string[] | "*"): boolean {
  if (origin === undefined || allowed === "*" || allowed.includes(origin)) return true;
  // What is before the server may speak TLS for it, so the scheme says nothing.
  return URL.canParse(origin) && host !== "" && new URL(origin).host === host.toLowerCase();
}
