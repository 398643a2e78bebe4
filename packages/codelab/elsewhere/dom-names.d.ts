/** The declarations of `@connectrpc/connect` take this name from the DOM's library, which is not among ours. */
type HeadersInit = [string, string][] | Record<string, string> | Headers;
