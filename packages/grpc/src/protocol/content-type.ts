/** How messages are written: the part of the content type behind the "+". */
export type Format = "proto" | "json";

const GRPC = "application/grpc";

/**
 * Reads gRPC's content type: application/grpc, application/grpc+proto or application/grpc+json, with parameters or without.
 *
 * @returns undefined if it is another one
 */
export function parseContentType(value: string | undefined): Format | undefined {
  if (value === GRPC) return "proto";
  if (value === undefined || !value.toLowerCase().startsWith(GRPC)) return undefined;
  const end = value.indexOf(";");
  switch ((end < 0 ? value : value.slice(0, end)).trim().toLowerCase()) {
    case GRPC:
    case `${GRPC}+proto`:
      return "proto";
    case `${GRPC}+json`:
      return "json";
    default:
      return undefined;
  }
}

/** The content type of a format. The one without a suffix is what every peer knows. */
export const contentTypeOf = (format: Format) => (format === "proto" ? GRPC : `${GRPC}+json`);
