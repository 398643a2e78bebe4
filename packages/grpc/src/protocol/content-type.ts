/** How messages are written: the name of a codec, "proto" and "json" among them. */
export type Format = string;

/** What stands around the messages. Connect has a form for unary calls, in which nothing does, and one for streams. */
export type Dialect = "grpc" | "grpc-web" | "grpc-web-text" | "connect" | "connect-unary";

const TYPE = "application/";
const GRPC = `${TYPE}grpc`;

/**
 * Reads a content type, with parameters or without: application/grpc, application/grpc+proto, application/connect+json,
 * application/json.
 *
 * @returns undefined if it is not of this dialect
 */
export function parseContentType(value: string | undefined, dialect: Dialect = "grpc"): Format | undefined {
  if (value === undefined) return undefined;
  // Nearly all that comes.
  if (value === GRPC) return dialect === "grpc" ? "proto" : undefined;
  const type = mediaType(value);
  const base = dialect === "connect-unary" ? TYPE : `${TYPE}${dialect}`;
  if (!type.startsWith(base)) return undefined;
  const rest = type.slice(base.length);
  if (dialect === "connect-unary") return /^(?!grpc)[^+]+$/.test(rest) ? rest : undefined;
  if (rest === "" && dialect !== "connect") return "proto";
  return rest.length > 1 && rest.startsWith("+") ? rest.slice(1) : undefined;
}

/** The content type of a format. gRPC's without a suffix is what every peer knows. */
export function contentTypeOf(format: Format, dialect: Dialect = "grpc"): string {
  if (dialect === "connect-unary") return TYPE + format;
  if (dialect === "grpc" && format === "proto") return GRPC;
  return `${TYPE}${dialect}+${format}`;
}

/** A content type without its parameters, in lower case. */
export function mediaType(value: string): string {
  const end = value.indexOf(";");
  return (end < 0 ? value : value.slice(0, end)).trimEnd().toLowerCase();
}
